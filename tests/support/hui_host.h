// Pro Tools as a HUI sees it, by what is published: a mixer, a window of its strips, pings. Speaks bytes; what it says
// arrives after its latency, in order. Not a DAW: no audio. Test's thread.
#pragma once

#include "connectors/hui/codec.h"
#include "connectors/message.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace prefade::test {

struct HuiStrip {
    std::string name;
    std::uint32_t id{0}; ///< for a test's books; the host tells it to nobody
    std::uint16_t fader{0};
    bool mute{false}, solo{false}, arm{false};
    std::uint8_t ring{6};
    int left{-1}, right{-1}; ///< steps of its meter; -1: none is told
    bool obeys{true};        ///< else its automation puts the fader back when it is let go
    friend bool operator==(const HuiStrip&, const HuiStrip&) = default;
};

struct HuiHabits {
    enum class LastBank { partial, shifted };
    std::string name{"Pro Tools"};
    LastBank last_bank{LastBank::shifted};
    bool squeezes_names{false}; ///< takes vowels out, else cuts behind the fourth letter
    bool shows_level{false};    ///< in place of the name while a fader is held, and a little longer
    bool packs_names{false};    ///< several in one message
    bool latches_zone{false};   ///< says a zone once for all its ports
    bool pings_as_note_off{false}; ///< something on the way makes note-offs of them
    bool hints_automation{false};  ///< ports with an upper half of 2, of no meaning
    bool falls_silent{true};       ///< no word but pings to a surface that does not answer them
    Duration latency{std::chrono::milliseconds(20)};
};

class HuiHost {
public:
    HuiHost(HuiHabits habits, std::size_t units, std::vector<HuiStrip> strips);

    const HuiHabits habits;
    std::vector<HuiStrip> strips;
    bool rolling{false};
    bool pings{true};
    /// The surface has set this strip's fader, or else turned its mute.
    std::function<void(const HuiStrip& strip, bool is_fader)> on_write;

    /// Time goes by: pings, and what is due after a fader was let go. Call at `next_deadline`, or more often.
    void tick(TimePoint now);
    TimePoint next_deadline() const;
    void hear(const MidiMessage& message, TimePoint now);
    /// What has arrived at the surface by `now`.
    std::vector<MidiMessage> tell(TimePoint now);
    TimePoint next_arrival() const;

    /// A hand at the host changed `strips` or `rolling`: tells what the surface should show now.
    void changed(TimePoint now) { paint(now, false); }
    void restart(TimePoint now);      ///< it knows no surface, and its window is the first again
    void bank(int by, TimePoint now); ///< another surface's hand
    /// Says something, whatever it shows.
    void say(const hui::FromHost& message, std::size_t unit, TimePoint now);
    std::size_t first() const noexcept { return first_; }
    std::string cut(const std::string& name) const;
    std::size_t presses() const noexcept { return presses_; }
    std::size_t faders_heard() const noexcept { return faders_heard_; }
    bool is_held(std::size_t cell) const { return cells_.at(cell).held; }

private:
    struct CellState {
        std::string name;
        int fader{-1}, mute{-1}, solo{-1}, arm{-1}, ring{-1}, left{-1}, right{-1};
        bool held{false};
        std::uint16_t before{0};              ///< the fader, as it was touched
        TimePoint named_at{TimePoint::max()}; ///< then the name stands there again
    };
    void send(hui::Bytes bytes, std::size_t unit, TimePoint now);
    void light(const hui::Switch& of, bool on, std::size_t unit, TimePoint now);
    void paint(TimePoint now, bool all);
    void paint_values(std::size_t cell, TimePoint now, bool all);
    void paint_names(std::size_t unit, TimePoint now, bool all);
    void press(const hui::Press& press, std::size_t unit, TimePoint now);
    void touch(std::size_t cell, bool down, TimePoint now);
    void move(std::size_t cell, std::uint16_t position, TimePoint now);
    bool is_online(TimePoint now) const;

    struct OnItsWay {
        TimePoint due;
        MidiMessage message;
    };
    std::deque<OnItsWay> on_its_way_;
    std::vector<CellState> cells_;
    std::vector<hui::SurfaceReader> readers_;
    std::vector<int> zones_; ///< told last, by unit
    int shown_play_{-1};
    std::size_t first_{0}, presses_{0}, faders_heard_{0};
    TimePoint next_ping_{}, answered_at_{};
    bool answered_{false};
};

} // namespace prefade::test
