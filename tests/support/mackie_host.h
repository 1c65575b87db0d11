// A DAW as a Mackie Control sees it: a mixer, a window of its strips, and the habits of one of the real hosts. Speaks
// bytes; what it says arrives after its latency, in order. Not a DAW: no audio. Test's thread.
#pragma once

#include "connectors/host_profile.h"
#include "connectors/mcu/messages.h"
#include "connectors/message.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

/// What SEND shows of a strip: one a column.
struct MackieSend {
    std::string name;
    double position{0.0}; ///< 0 .. 16383, by `mackie_law`
    friend bool operator==(const MackieSend&, const MackieSend&) = default;
};

/// PLUG-IN lists them, and shows the parameters of one.
struct MackieInsert {
    struct Parameter {
        std::string name, text; ///< text: of one that has no number, which no pot moves
        int ring{6};            ///< 1 .. 11
        enum class Scale { none, linear, logarithmic, whole };
        Scale scale{Scale::none};
        double low{0.0}, high{1.0};
        double part{0.0}; ///< 0 .. 1, of the way from `low` to `high`
        int decimals{1};
        std::string unit{};
        std::string foot{}; ///< shown at the lower end, where it is no number
        double number() const;
        std::string shown() const; ///< cut to six letters
        int lights() const;        ///< of its ring
        void turn(double by);      ///< of 1
        friend bool operator==(const Parameter&, const Parameter&) = default;
    };
    std::string name;
    std::vector<Parameter> parameters;
    friend bool operator==(const MackieInsert&, const MackieInsert&) = default;
};

struct MackieStrip {
    std::string name;
    std::uint32_t id{0}; ///< for a test's books; the host tells it to nobody
    std::uint16_t fader{0};
    bool mute{false}, solo{false}, arm{false};
    double pan{0.0}; ///< -1 .. +1; its ring shows eleven steps of it
    int meter{-1};   ///< step; -1: none is told
    bool selected{false};
    std::vector<MackieSend> sends{};
    std::vector<MackieInsert> inserts{};
    std::uint8_t ring() const; ///< 1 .. 11
    friend bool operator==(const MackieStrip&, const MackieStrip&) = default;
};

/// Ardour's, near enough: of faders and sends.
FaderLaw mackie_law();

struct MackieHabits {
    enum class Greeting { none, waits }; ///< none: it paints once its user chose the ports
    enum class LastBank { partial, shifted };
    std::string name;
    Greeting greeting{Greeting::waits};
    bool asks{false};            ///< who we are, when it hears a hello
    bool paints_on_hello{false}; ///< anew, whenever it hears one
    LastBank last_bank{LastBank::partial};
    std::size_t letters{6};
    bool whole_rows{false}; ///< a row is sent whole when anything in it changed
    bool paints_lights{
        false};             ///< a step of the bank paints all lights, whether they changed or not
    bool echoes{true};      ///< a fader that the surface moves is told back
    bool end_blinks{false}; ///< a press at the end lights its button
    bool master{true};
    double pan_tick{0.0};            ///< a tick of a pot moves a pan by this, of -1 .. +1
    PanText pan_text{PanText::none}; ///< how it prints a pan that moves
    bool pan_text_stays{false};      ///< else for a second; then the row says what the pots are
    /// SEND shows the sends of the selected strip, bound when it is pressed; a tick is so many positions. 0: no such mode.
    double send_tick{0.0};
    bool shows_plugins{
        false}; ///< PLUG-IN lists those of the selected strip, a press of a pot opens one
    double parameter_tick{1.0 / 63.0}; ///< of a parameter's way
    Duration latency{std::chrono::milliseconds(20)};
};
MackieHabits ardour_habits();
MackieHabits live_habits();
MackieHabits reaper_habits();
MackieHabits logic_habits();
inline std::vector<MackieHabits> all_habits() {
    return {ardour_habits(), live_habits(), reaper_habits(), logic_habits()};
}

/// What a host answers to a surface's challenge, all of it in 7 bits.
mcu::Challenge response_to(const mcu::Challenge& challenge);

class MackieHost {
public:
    MackieHost(MackieHabits habits, std::size_t units, std::vector<MackieStrip> strips);

    const MackieHabits habits;
    std::vector<MackieStrip> strips;
    std::uint16_t master{12'000};
    /// The surface has set this strip's fader, or else turned its mute.
    std::function<void(const MackieStrip& strip, bool is_fader)> on_write;
    bool rolling{false};

    /// A pot is dead, as with a track that has no pan.
    bool pots_are_dead{false};
    double speed{1.0}; ///< of its pots, against what its habits say

    void hear(const MidiMessage& message, TimePoint now);
    /// What has arrived at the surface by `now`.
    std::vector<MidiMessage> tell(TimePoint now);
    TimePoint next_arrival() const;

    /// A hand at the host changed `strips`, `master` or `rolling`: tells what the surface should show now.
    void changed(TimePoint now) { paint(now, false); }
    /// Where the user chose the surface's ports, hosts that ask nothing begin to paint.
    void wake(TimePoint now);
    void restart(TimePoint now);      ///< it knows no surface, and its window is the first again
    void beat(TimePoint now);         ///< what a host says all the time: its clock
    void bank(int by, TimePoint now); ///< another surface's hand, or a script
    void goodbye(TimePoint now);
    std::size_t first() const noexcept { return first_; }
    std::string cut(const std::string& name) const;
    std::size_t presses() const noexcept { return presses_; }
    std::size_t faders_heard() const noexcept { return faders_heard_; }
    std::size_t turns_heard() const noexcept { return turns_heard_; }
    /// Buttons of assignments and SELECTs, of any strip.
    std::size_t choices_heard() const noexcept { return choices_heard_; }
    /// Windows of plug-ins that were opened on the host's screen.
    std::size_t windows() const noexcept { return windows_; }
    /// A pot of an empty column was pressed: Ardour 7.3 ends in that.
    bool has_crashed() const noexcept { return crashed_; }
    bool is_in_pan() const noexcept { return assignment_ == mcu::assign_pan; }
    /// A message over the names ends by itself.
    TimePoint next_deadline() const { return message_until_.value_or(TimePoint::max()); }
    void tick(TimePoint now);

private:
    struct Shown {
        std::string upper, lower;
        int fader{-1}, mute{-1}, solo{-1}, arm{-1}, select{-1}, ring{-1};
        double pan{0.0};
        std::size_t strip{0};  ///< whose
        TimePoint pan_until{}; ///< so long its text is there
    };
    void say(const mcu::FromHost& message, std::size_t unit, TimePoint now);
    void paint(TimePoint now, bool all);
    void paint_cell(std::size_t cell, TimePoint now, bool all, bool lights);
    void paint_rows(TimePoint now, bool all);
    void paint_row(std::size_t unit, bool is_lower, TimePoint now, bool all);
    void press(std::uint8_t note, std::size_t unit, TimePoint now);
    void move(std::size_t unit, const mcu::Fader& fader, TimePoint now);
    void turn(std::size_t unit, const mcu::Turn& turn, TimePoint now);
    std::string upper_of(std::size_t cell) const;
    std::string lower_of(std::size_t cell, TimePoint now) const;
    void select(MackieStrip& strip);
    void assign(std::uint8_t note, TimePoint now);
    MackieStrip* bound(); ///< whose sends the columns show
    const MackieStrip* bound() const;
    const MackieSend* send_in(std::size_t cell) const;
    const MackieInsert* insert_in(std::size_t cell) const; ///< of the list
    const MackieInsert::Parameter*
    parameter_in(std::size_t cell) const; ///< of the one that is open
    MackieInsert::Parameter* parameter_in(std::size_t cell);
    void open(std::size_t column, TimePoint now);
    void turn_page(int by, TimePoint now);
    int column_ring(std::size_t cell) const;
    std::string column_text(std::size_t cell, bool is_lower) const;
    void step_to(std::size_t first, TimePoint now);
    std::size_t width() const { return shown_.size(); }
    bool awake() const { return awake_; }

    struct OnItsWay {
        TimePoint due;
        MidiMessage message;
    };
    std::deque<OnItsWay> on_its_way_;
    std::vector<Shown> shown_;
    int shown_master_{-1}, shown_play_{-1};
    std::size_t first_{0}, presses_{0}, faders_heard_{0}, turns_heard_{0};
    bool awake_{false}, painted_lights_{false};
    std::uint8_t assignment_{mcu::assign_pan}, shown_assignment_{0};
    std::string bound_;  ///< its name
    std::string opened_; ///< the insert's; empty: the list
    std::size_t page_{0}, windows_{0};
    bool crashed_{false};
    std::string message_;
    std::optional<TimePoint> message_until_;
    std::size_t choices_heard_{0};
};

} // namespace prefade::test
