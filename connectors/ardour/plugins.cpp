// Inserts, sends and parameters: Ardour tells nothing of them by itself, so they are read, a strip at a
// time, round and round; the parameters of an insert once and then only while someone watches.
#include "connectors/ardour/engine.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace prefade::ardour {
namespace {

using namespace std::chrono_literals;

constexpr Duration watch_pause = 500ms;
constexpr Duration unreadable_pause =
    10s; ///< until a descriptor that did not come is asked for again
constexpr std::size_t parameter_limit = 4096;

// Flags of a descriptor (Ardour 7.3; PBD::Controllable and Plugin::ParameterDescriptor).
constexpr std::int32_t enumeration = 1, integer = 2, logarithmic = 4, toggle = 64,
                       input_control = 128;

/// Reads the arguments of one message in order; once something does not fit, nothing does.
class Reader {
public:
    explicit Reader(const OscMessage& message) : message_(message) {}
    template <class T> T take() {
        const T* value =
            at_ < message_.arguments.size() ? std::get_if<T>(&message_.arguments[at_]) : nullptr;
        ++at_;
        fits_ = fits_ && value;
        return value ? *value : T{};
    }
    bool fits() const noexcept { return fits_; }
    bool at_end() const noexcept { return at_ == message_.arguments.size(); }

private:
    const OscMessage& message_;
    std::size_t at_{0};
    bool fits_{true};
};

using Plugins = std::vector<std::pair<std::string, bool>>;

/// "/strip/plugin/list": ssid, then number, name, active of each.
std::optional<Plugins> plugins_from(const OscMessage& message, Ssid ssid) {
    Reader reader(message);
    if (reader.take<std::int32_t>() != ssid) return std::nullopt;
    Plugins plugins;
    while (reader.fits() && !reader.at_end()) {
        const auto number = reader.take<std::int32_t>();
        auto name = reader.take<std::string>();
        const bool active = reader.take<std::int32_t>() != 0;
        plugins.emplace_back(std::move(name), active);
        if (number != static_cast<std::int32_t>(plugins.size())) return std::nullopt;
    }
    if (!reader.fits()) return std::nullopt;
    return plugins;
}

/// "/strip/sends": ssid, then target, name, number, fader position, enabled of each.
std::optional<std::vector<Send>> sends_from(const OscMessage& message, Ssid ssid, TimePoint now) {
    Reader reader(message);
    if (reader.take<std::int32_t>() != ssid) return std::nullopt;
    std::vector<Send> sends;
    while (reader.fits() && !reader.at_end()) {
        Send send;
        reader.take<std::int32_t>();
        send.destination = reader.take<std::string>();
        const auto number = reader.take<std::int32_t>();
        send.level.learn(level_of_position(static_cast<double>(reader.take<float>())), now);
        send.enabled.learn(reader.take<std::int32_t>() != 0, now);
        sends.push_back(std::move(send));
        if (number != static_cast<std::int32_t>(sends.size())) return std::nullopt;
    }
    if (!reader.fits()) return std::nullopt;
    return sends;
}

/// "/strip/plugin/descriptor": ssid, plugin, number, label, flags, type, minimum, maximum, print
/// format, count of scale points, these as value and label, present value.
std::optional<Parameter> parameter_from(const OscMessage& message, Ssid ssid, std::int32_t plugin,
                                        TimePoint now) {
    Reader reader(message);
    if (reader.take<std::int32_t>() != ssid || reader.take<std::int32_t>() != plugin)
        return std::nullopt;
    Parameter p;
    const auto number = reader.take<std::int32_t>();
    p.name = reader.take<std::string>();
    const auto flags = reader.take<std::int32_t>();
    reader.take<std::string>();
    p.minimum = static_cast<double>(reader.take<float>());
    p.maximum = static_cast<double>(reader.take<float>());
    const auto format = reader.take<std::string>();
    const auto count = reader.take<std::int32_t>();
    std::vector<ScalePoint> points;
    for (std::int32_t i = 0; i < count && reader.fits(); ++i) {
        const auto at = static_cast<double>(reader.take<float>());
        points.emplace_back(at, reader.take<std::string>());
    }
    p.plain = reader.take<double>();
    const bool finite =
        std::isfinite(p.minimum) && std::isfinite(p.maximum) && std::isfinite(p.plain);
    if (!reader.fits() || !reader.at_end() || number < 1
        || number > static_cast<std::int32_t>(parameter_limit) || !finite)
        return std::nullopt;
    p.number = static_cast<std::uint16_t>(number);
    p.logarithmic = (flags & logarithmic) != 0;
    p.stepped = (flags & (enumeration | integer)) != 0;
    p.toggle = (flags & toggle) != 0;
    p.output = (flags & input_control) == 0;
    p.unit = unit_in(format);
    p.text = text_of(p, p.plain, format, points);
    p.value.learn(normalized_of(p, p.plain), now);
    return p;
}

/// Names, ranges and kinds of the parameters agree: a plugin goes on being itself. Another version or
/// format of it, put in its place under the same name, numbers its parameters otherwise.
bool same_make(const std::vector<Parameter>& a, const std::vector<Parameter>& b) {
    const auto make = [](const Parameter& p) {
        return std::tie(p.number, p.name, p.minimum, p.maximum, p.logarithmic, p.stepped, p.toggle,
                        p.output);
    };
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [&](const Parameter& one, const Parameter& other) { return make(one) == make(other); });
}

} // namespace

/// Where names do not tell strips apart, the type does.
Question Dialect::Engine::framed(Question::About about, const KnownStrip& strip,
                                 std::vector<OscMessage> asks) const {
    const Ssid ssid = mixer_.ssid_of(strip.id);
    if (mixer_.shares_name(strip)) asks.push_back({"/strip", {ssid}});
    return {about, ssid, std::move(asks), {}, {}, strip.id, {}, 0};
}

Question Dialect::Engine::parts_question(const KnownStrip& strip) const {
    const Ssid ssid = mixer_.ssid_of(strip.id);
    return framed(Question::About::parts, strip,
                  {OscMessage{"/strip/plugin/list", {ssid}}, OscMessage{"/strip/sends", {ssid}}});
}

/// And the levels and the pan, whose feedback may have been lost; the strip list has the switches.
Question Dialect::Engine::poll_question(const KnownStrip& strip) const {
    Question question = parts_question(strip);
    for (const Control each : {Control::fader, Control::trim, Control::pan})
        question.asks.push_back({own_control(each)->question, {}});
    return question;
}

Question Dialect::Engine::descriptor_question(const KnownStrip& strip, std::size_t slot) const {
    const Ssid ssid = mixer_.ssid_of(strip.id);
    const auto plugin = static_cast<std::int32_t>(slot) + 1;
    Question question = framed(Question::About::descriptor, strip,
                               {OscMessage{"/strip/plugin/list", {ssid}},
                                OscMessage{"/strip/plugin/descriptor", {ssid, plugin}}});
    question.insert = strip.inserts[slot].id;
    return question;
}

/// Takes whatever plugin and send lists the answer holds, and says which.
Dialect::Engine::Parts Dialect::Engine::take_parts(const Answer& answer, KnownStrip& strip,
                                                   TimePoint now, DialectOutput& out) {
    Parts told;
    if (kind_of(strip.line.type) == StripKind::vca) { // has none, and Ardour says nothing of it
        take_update(mixer_.list_inserts(strip, {}, now), now, out);
        take_update(mixer_.list_sends(strip, {}, now), now, out);
        told = {true, true};
    }
    for (const OscMessage& message : answer.heard) {
        if (message.address == "/strip/plugin/list") {
            const auto plugins = plugins_from(message, answer.question.ssid);
            if (!plugins) {
                complain("the plugin list of \"" + strip.line.name + "\" makes no sense", now, out);
                continue;
            }
            told.inserts = true;
            take_update(mixer_.list_inserts(strip, *plugins, now), now, out);
            for (const KnownInsert& insert : strip.inserts)
                brackets_.observe({strip.id, Control::bypass, insert.id, 0}, !insert.active, now,
                                  out);
        } else if (message.address == "/strip/sends") {
            const auto sends = sends_from(message, answer.question.ssid, now);
            if (!sends) {
                complain("the sends of \"" + strip.line.name + "\" make no sense", now, out);
                continue;
            }
            told.sends = true;
            take_update(mixer_.list_sends(strip, *sends, now), now, out);
            for (const KnownSend& send : strip.sends) {
                brackets_.observe({strip.id, Control::send, send.id, 0}, send.level, now, out);
                brackets_.observe({strip.id, Control::send_enabled, send.id, 0}, send.enabled, now,
                                  out);
            }
        }
    }
    if (told.inserts && told.sends) strip.parts_listed = true;
    return told;
}

void Dialect::Engine::take_polled(const Answer& answer, KnownStrip& strip, TimePoint now,
                                  DialectOutput& out) {
    for (const OwnControl& own : own_controls)
        if (const auto value = value_in(answer.heard, own))
            tell_polled(strip, own.control, *value, now, out);
}

/// What an answer rounds is no news: the value told last goes on, fresh.
void Dialect::Engine::tell_polled(KnownStrip& strip, Control control, const ControlValue& value,
                                  TimePoint now, DialectOutput& out) {
    const auto [told, is_new] = strip.told.try_emplace(control, value);
    if (!nearly_equal(told->second, value)) told->second = value;
    tell({strip.id, control, {}, 0}, told->second, now, out);
}

/// Takes a whole descriptor; false when it is torn, when no list names the plugin at that place, or when
/// it is another plugin of the same name.
bool Dialect::Engine::take_descriptor(const Answer& answer, KnownStrip& strip, std::size_t slot,
                                      TimePoint now, DialectOutput& out) {
    const Ssid ssid = answer.question.ssid;
    const auto plugin = static_cast<std::int32_t>(slot) + 1;
    const InsertId id = strip.inserts[slot].id;
    read_at_[{strip.id, id}] = now; // even if it is torn
    std::vector<Parameter> parameters;
    bool listed = false, ended = false;
    for (const OscMessage& message : answer.heard) {
        if (message.address == "/strip/plugin/list") {
            const auto plugins = plugins_from(message, ssid);
            if (!plugins) return false;
            take_update(mixer_.list_inserts(strip, *plugins, now), now, out);
            if (slot >= strip.inserts.size() || strip.inserts[slot].id != id) return false;
            listed = true;
        } else if (message.address == "/strip/plugin/descriptor") {
            auto parameter = parameter_from(message, ssid, plugin, now);
            if (!parameter || parameter->number != parameters.size() + 1) {
                complain("the descriptor of \"" + strip.line.name + "\" "
                             + strip.inserts[slot].plugin + " makes no sense",
                         now, out);
                return false;
            }
            parameters.push_back(std::move(*parameter));
        } else if (message.address == "/strip/plugin/descriptor_end") {
            ended = true;
        }
    }
    if (!listed || !ended) return false;
    const auto& before = strip.inserts[slot].parameters;
    const bool same = before.empty() || same_make(before, parameters);
    if (!same) take_update(mixer_.exchange_insert(strip, slot, now), now, out);
    keep_parameters(strip, slot, std::move(parameters), now, out);
    return same;
}

void Dialect::Engine::keep_parameters(KnownStrip& strip, std::size_t slot,
                                      std::vector<Parameter> parameters, TimePoint now,
                                      DialectOutput& out) {
    KnownInsert& insert = strip.inserts[slot];
    read_at_[{strip.id, insert.id}] = now;
    for (const Parameter& p : parameters)
        brackets_.observe({strip.id, Control::parameter, insert.id, p.number}, *p.value.value, now,
                          out);
    insert.parameters = parameters;
    observe(ParametersListed{strip.id, insert.id, std::move(parameters)}, now, out);
}

/// Watched inserts first, then inserts never read, then the next strip's plugins and sends.
std::optional<Question> Dialect::Engine::next_to_read(TimePoint now) {
    std::erase_if(watched_,
                  [&](const auto& w) { return w.second < now || !mixer_.find(w.first.first); });
    const auto due = [&](StripId strip, InsertId insert, Duration pause) {
        const auto read = read_at_.find({strip, insert});
        return read == read_at_.end() || now - read->second >= pause;
    };
    const auto ask = [&](KnownStrip& strip, std::size_t slot) {
        read_at_[{strip.id, strip.inserts[slot].id}] = now; // even if no answer comes
        return descriptor_question(strip, slot);
    };
    for (const auto& [which, until] : watched_) {
        KnownStrip& strip = *mixer_.find(which.first);
        for (std::size_t slot = 0; slot < strip.inserts.size(); ++slot)
            if (strip.inserts[slot].id == which.second && due(strip.id, which.second, watch_pause))
                return ask(strip, slot);
    }
    if (crawl_ < mixer_.size()) { // the first round: lists before descriptors
        const auto ssid = static_cast<Ssid>(++crawl_);
        return parts_question(*mixer_.at(ssid));
    }
    for (Ssid ssid = 1; KnownStrip* strip = mixer_.at(ssid); ++ssid)
        for (std::size_t slot = 0; slot < strip->inserts.size(); ++slot)
            if (strip->inserts[slot].parameters.empty()
                && due(strip->id, strip->inserts[slot].id, unreadable_pause))
                return ask(*strip, slot);
    if (mixer_.size() == 0) return std::nullopt;
    const auto ssid = static_cast<Ssid>(crawl_++ % mixer_.size()) + 1; // and round and round
    return poll_question(*mixer_.at(ssid));
}

Result<void> Dialect::Engine::watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                                    DialectOutput& out) {
    if (state_ != State::connected)
        return Error{ErrorCode::unavailable, "Ardour is not connected", {}};
    const KnownStrip* known = mixer_.find(strip);
    if (!known)
        return Error{ErrorCode::not_found,
                     "strip " + std::to_string(strip.value) + " does not exist (any more)",
                     {}};
    const auto found = std::find_if(known->inserts.begin(), known->inserts.end(),
                                    [&](const KnownInsert& i) { return i.id == insert; });
    if (found == known->inserts.end()) {
        std::string names;
        for (const KnownInsert& i : known->inserts) names += (names.empty() ? "" : ", ") + i.plugin;
        return Error{ErrorCode::not_found,
                     "\"" + known->line.name + "\" has no such insert; it has "
                         + (names.empty() ? "none" : names),
                     {}};
    }
    TimePoint& watched = watched_[{strip, insert}];
    watched = std::max(watched, until);
    next_read_ = now;
    carry_on(now, out);
    return {};
}

} // namespace prefade::ardour
