#include "connectors/hui/protocol.h"

#include "connectors/hui/codec.h"

#include <algorithm>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace prefade::hui {
namespace {

using namespace std::chrono_literals;

/// A host may show a fader's level in place of its name while it is held, and a little longer.
constexpr Duration level_lingers = 500ms;
constexpr Duration shortest_hold = 20ms; ///< a step of a glide comes each 50 ms
/// A cell of Mackie's display, and where its lower row begins.
constexpr std::uint8_t cell_width = 7, lower_row = 56;

/// As a host writes a level into four letters: a sign, a point or "inf" tells it from a track that is called 12.
bool looks_like_level(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return false;
    text = text.substr(first, text.find_last_not_of(' ') - first + 1);
    const bool is_signed = text.front() == '+' || text.front() == '-';
    if (is_signed) text.remove_prefix(1);
    if (text == "inf" || text == "INF") return is_signed;
    const auto points = std::count(text.begin(), text.end(), '.');
    const auto digits =
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits > 0 && points <= 1 && digits + points == static_cast<std::ptrdiff_t>(text.size())
           && (is_signed || points == 1);
}

/// A switch that both surfaces have. Those of a strip are the first of eight.
struct Shared {
    std::uint8_t note;
    Switch of;
};
constexpr Shared common[] = {
    {mcu::bank_left, bank_left},
    {mcu::bank_right, bank_right},
    {mcu::channel_left, channel_left},
    {mcu::channel_right, channel_right},
    {mcu::assign_pan, assign_pan},
    {mcu::rewind, rewind},
    {mcu::fast_forward, fast_forward},
    {mcu::stop, stop},
    {mcu::play, play},
    {mcu::record, record},
};
constexpr std::pair<std::uint8_t, StripPort> of_strip[] = {
    {mcu::rec_of_strip, rec_ready},   {mcu::solo_of_strip, solo},
    {mcu::mute_of_strip, mute},       {mcu::select_of_strip, select},
    {mcu::vpot_of_strip, vpot_press}, {mcu::touch_of_strip, fader_touch},
};

std::optional<std::uint8_t> note_of(const Switch& of) {
    if (of.zone < strips_of_unit) {
        for (const auto& [first, port] : of_strip)
            if (port == of.port && port != fader_touch && port != vpot_press)
                return static_cast<std::uint8_t>(first + of.zone);
        return std::nullopt;
    }
    for (const Shared& both : common)
        if (both.of == of) return both.note;
    return std::nullopt;
}

std::optional<Switch> switch_of(std::uint8_t note) {
    for (const auto& [first, port] : of_strip)
        if (note >= first && note < first + strips_of_unit)
            return Switch{static_cast<std::uint8_t>(note - first), port};
    for (const Shared& both : common)
        if (both.note == note) return both.of;
    return std::nullopt;
}

class Hui final : public mcu::Protocol {
public:
    explicit Hui(std::size_t units) : units_(units) {}

    std::string_view name() const override { return "HUI"; }
    /// There is one row, of four letters: a level in it has lost its sign or its tenths.
    bool shows_levels() const override { return false; }
    bool tells_held() const override { return false; }
    Duration hold() const override { return shortest_hold; }

    Result<mcu::Heard> read(const MidiMessage& message, TimePoint now) override {
        Unit& unit = units_.at(message.port);
        for (Touch& touch : unit.touches)
            if (touch.let_go && !touch.over) touch.over = now + level_lingers;
        std::vector<FromHost> told;
        if (const auto taken = unit.reader.take(message.bytes, told); !taken) return taken.error();
        mcu::Heard heard;
        heard.alive = false;
        for (const FromHost& one : told)
            std::visit([&](const auto& m) { hear(m, unit, message.port, now, heard); }, one);
        return heard;
    }

    std::vector<MidiMessage> write(std::size_t unit, const mcu::FromSurface& message) override {
        if (const auto* press = std::get_if<mcu::Press>(&message)) {
            const auto of = switch_of(press->note);
            PREFADE_ASSERT(of, "a button that no HUI has");
            if (of->zone < strips_of_unit && of->port == fader_touch)
                units_.at(unit).touches[of->zone] = {press->down, !press->down, {}};
            return said(unit, Press{*of, press->down});
        }
        const auto* fader = std::get_if<mcu::Fader>(&message);
        PREFADE_ASSERT(fader && fader->strip < strips_of_unit, "a message that no HUI can send");
        return said(unit, Fader{fader->strip, fader->position});
    }

    void forget() override {
        for (Unit& unit : units_) unit.touches = {};
    }

private:
    struct Touch {
        bool down{false}, let_go{false};
        std::optional<TimePoint> over; ///< from then on a text is a name again
    };
    struct Unit {
        HostReader reader;
        std::array<Touch, strips_of_unit> touches;
        std::bitset<8> sends; ///< lights of SEND A .. E, by port
    };

    static std::vector<MidiMessage> said(std::size_t unit, const FromSurface& message) {
        auto all = to_bytes(message);
        PREFADE_ASSERT(all, "a message that no HUI can send");
        std::vector<MidiMessage> messages;
        for (Bytes& bytes : *all)
            messages.push_back({std::move(bytes), static_cast<std::uint8_t>(unit)});
        return messages;
    }

    static void hear(const Ping&, Unit&, std::size_t port, TimePoint, mcu::Heard& heard) {
        heard.answers = said(port, PingReply{});
        heard.alive = true;
    }
    static void hear(const Led& led, Unit& unit, std::size_t, TimePoint, mcu::Heard& heard) {
        if (led.light == Light::unexplained) return;
        const bool lit = led.light == Light::on;
        auto note = note_of(led.of);
        bool shown = lit;
        if (led.of.zone == assign_pan.zone && led.of.port >= assign_send_e.port) {
            unit.sends[led.of.port] = lit; // five lights here, one there
            note = mcu::assign_send;
            shown = unit.sends.any();
        }
        if (note)
            heard.told.emplace_back(
                mcu::Led{*note, shown ? mcu::LedState::on : mcu::LedState::off});
    }
    static void hear(const Fader& fader, Unit&, std::size_t, TimePoint, mcu::Heard& heard) {
        heard.told.emplace_back(mcu::Fader{fader.strip, fader.position});
    }
    static void hear(const Ring& shown, Unit&, std::size_t, TimePoint, mcu::Heard& heard) {
        if (shown.pot >= strips_of_unit) return; // of plug-in parameters
        heard.told.emplace_back(mcu::Ring{shown.pot, static_cast<mcu::RingMode>(shown.mode),
                                          shown.position, shown.lamp});
    }
    static void hear(const MeterLevel& level, Unit&, std::size_t, TimePoint, mcu::Heard& heard) {
        heard.levels.push_back(
            {level.strip, level.side == Side::left ? Channel::left : Channel::right, level.step});
    }
    static void hear(const ScribbleText& text, Unit& unit, std::size_t, TimePoint now,
                     mcu::Heard& heard) {
        if (text.display >= strips_of_unit) return;
        const Touch& touch = unit.touches[text.display];
        std::string shown(text.text.begin(), text.text.end());
        const bool is_held = touch.down || (touch.let_go && (!touch.over || now < *touch.over));
        const bool is_level = is_held && looks_like_level(shown);
        shown.resize(cell_width, ' ');
        heard.told.emplace_back(mcu::DisplayText{
            mcu::Device::main,
            static_cast<std::uint8_t>(text.display * cell_width + (is_level ? lower_row : 0)),
            std::move(shown)});
    }
    // Plug-ins and the clock: nothing of them is read.
    static void hear(const MainText&, Unit&, std::size_t, TimePoint, mcu::Heard&) {}
    static void hear(const TimeText&, Unit&, std::size_t, TimePoint, mcu::Heard&) {}

    std::vector<Unit> units_;
};

} // namespace

std::unique_ptr<mcu::Protocol> protocol(std::size_t units) { return std::make_unique<Hui>(units); }

} // namespace prefade::hui
