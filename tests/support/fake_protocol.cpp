#include "tests/support/fake_protocol.h"

#include <cmath>

namespace prefade::test {
namespace {

/// Takes arguments one by one; anything missing or of another type makes the whole message bad.
class Reader {
public:
    explicit Reader(const OscMessage& message) : arguments_(message.arguments) {}

    int integer() {
        const auto* held = next<std::int32_t>();
        return held ? *held : 0;
    }
    std::uint32_t id() { return static_cast<std::uint32_t>(integer()); }
    float real() {
        const auto* held = next<float>();
        if (held && !std::isfinite(*held)) ok_ = false;
        return held ? *held : 0.0F;
    }
    std::string text() {
        const auto* held = next<std::string>();
        return held ? *held : std::string{};
    }
    std::size_t count(int limit) {
        const int n = integer();
        if (n < 0 || n > limit) ok_ = false;
        return ok_ ? static_cast<std::size_t>(n) : 0;
    }
    bool whole() const { return ok_ && at_ == arguments_.size(); }

private:
    template <class T> const T* next() {
        const T* held = at_ < arguments_.size() ? std::get_if<T>(&arguments_[at_]) : nullptr;
        ++at_;
        ok_ = ok_ && held;
        return held;
    }
    const std::vector<OscArgument>& arguments_;
    std::size_t at_{0};
    bool ok_{true};
};

void add(std::vector<OscArgument>& to, int value) {
    to.emplace_back(static_cast<std::int32_t>(value));
}
void add(std::vector<OscArgument>& to, std::uint32_t value) { add(to, static_cast<int>(value)); }
void add(std::vector<OscArgument>& to, std::size_t value) { add(to, static_cast<int>(value)); }
void add(std::vector<OscArgument>& to, bool value) { add(to, value ? 1 : 0); }
void add(std::vector<OscArgument>& to, float value) { to.emplace_back(value); }
void add(std::vector<OscArgument>& to, const std::string& value) { to.emplace_back(value); }

template <class... Parts> void add_all(std::vector<OscArgument>& to, const Parts&... parts) {
    (add(to, parts), ...);
}

FakeStrip strip_from(Reader& read) {
    FakeStrip strip;
    strip.id = read.id();
    strip.name = read.text();
    strip.fader = read.real();
    strip.pan = read.real();
    strip.mute = read.integer() != 0;
    strip.sends.resize(read.count(16));
    for (FakeSend& send : strip.sends) {
        send.id = read.id();
        send.destination = read.text();
        send.level = read.real();
        send.enabled = read.integer() != 0;
    }
    strip.inserts.resize(read.count(16));
    for (FakeInsert& insert : strip.inserts) {
        insert.id = read.id();
        insert.plugin = read.text();
        insert.bypassed = read.integer() != 0;
        for (float& parameter : insert.parameters) parameter = read.real();
    }
    return strip;
}

} // namespace

OscMessage to_message(const Picture& p) {
    OscMessage message{"/picture", {}};
    auto& to = message.arguments;
    to.reserve(7 + p.strips.size() * 26);
    add_all(to, p.nonce, p.number, p.revision, p.layout, p.first, p.total, p.strips.size());
    for (const FakeStrip& s : p.strips) {
        add_all(to, s.id, s.name, s.fader, s.pan, s.mute, s.sends.size());
        for (const FakeSend& send : s.sends)
            add_all(to, send.id, send.destination, send.level, send.enabled);
        add(to, s.inserts.size());
        for (const FakeInsert& insert : s.inserts) {
            add_all(to, insert.id, insert.plugin, insert.bypassed);
            for (const float parameter : insert.parameters) add(to, parameter);
        }
    }
    return message;
}

std::optional<Picture> picture_from(const OscMessage& message) {
    if (message.address != "/picture") return std::nullopt;
    Reader read{message};
    Picture p;
    p.nonce = read.integer();
    p.number = read.integer();
    p.revision = read.integer();
    p.layout = read.integer();
    p.first = read.integer();
    p.total = read.integer();
    p.strips.resize(read.count(256));
    for (FakeStrip& strip : p.strips) strip = strip_from(read);
    if (!read.whole() || p.first < 0 || p.total < p.first + static_cast<int>(p.strips.size()))
        return std::nullopt;
    return p;
}

OscMessage to_message(const char* address, const Setting& s) {
    OscMessage message{address, {}};
    add_all(message.arguments, s.number, s.revision, s.layout, s.key, static_cast<int>(s.control),
            s.part, s.parameter, s.value, s.witness_strip, s.witness_part);
    return message;
}

std::optional<Setting> setting_from(const OscMessage& message) {
    Reader read{message};
    Setting s;
    s.number = read.integer();
    s.revision = read.integer();
    s.layout = read.integer();
    s.key = read.integer();
    const int control = read.integer();
    s.part = read.integer();
    s.parameter = read.integer();
    s.value = read.real();
    s.witness_strip = read.id();
    s.witness_part = read.id();
    if (!read.whole() || control < 0 || control > static_cast<int>(Control::bypass))
        return std::nullopt;
    s.control = static_cast<Control>(control);
    return s;
}

float to_float(const ControlValue& value) {
    if (const auto* level = std::get_if<Decibel>(&value)) return static_cast<float>(level->value());
    if (const auto* pan = std::get_if<Pan>(&value)) return static_cast<float>(pan->value());
    if (const auto* on = std::get_if<bool>(&value)) return *on ? 1.0F : 0.0F;
    return static_cast<float>(std::get<Normalized>(value).value());
}

ControlValue from_float(Control control, float value) {
    const auto number = static_cast<double>(value);
    switch (control) {
    case Control::trim:
    case Control::fader:
    case Control::send: return Decibel{number};
    case Control::pan: return Pan{number};
    case Control::parameter: return Normalized{number};
    default: return value != 0.0F;
    }
}

} // namespace prefade::test
