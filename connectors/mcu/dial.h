// Brings a control that has nothing but a pot to a value: turns it some ticks, waits until the host has shown what came
// of that, looks, and corrects. How far a tick goes is learnt on the way: hosts differ, and accelerate. Knows no host and
// no strip. Pure; desk thread.
#pragma once

#include "core/units.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace prefade::mcu {

class Dial {
public:
    /// A host has shown what a turn did once it has been silent for so long (Ardour 7.3: the ring in 1 to 21 ms, its text
    /// up to 35 ms after it, measured).
    static constexpr Duration calm = std::chrono::milliseconds(60);
    /// Nothing came for so long: the turn did nothing, or is not shown. Live paints within 200 ms, by its script.
    static constexpr Duration patience = std::chrono::milliseconds(350);
    /// All of it; a write waits 2 s for its echo.
    static constexpr Duration longest = std::chrono::milliseconds(1200);
    static constexpr int most_turns = 8;
    /// The same where what a tick does has to be found out first.
    static constexpr Duration longest_learning = std::chrono::milliseconds(1700);
    static constexpr int most_learning_turns = 16;

    struct Scale {
        /// How far one tick goes, near enough; above 0. 0: nobody knows, and it may be another everywhere (a frequency): it
        /// is learnt, beginning with one tick. Such a scale may end anywhere: who wants to go beyond goes back to `start`.
        double tick{0.0};
        double step{0.0}; ///< between two values that the host can show
        /// So near to the target is near enough; nothing: as near as ticks and display allow.
        std::optional<double> slack{};
    };
    /// `start`: where it stands, where that is known as exactly as it is shown while it turns; `side`: else on which
    /// side of it the target is likely to be, above 0 or below.
    Dial(double target, Scale scale, std::optional<double> start, double side, TimePoint now);
    /// First so many ticks, that were turned the other way before.
    void turn_back(int ticks) { back_ = ticks; }

    void painted(TimePoint now) { heard_ = now; } ///< something of the control, its value or not
    void shown(double value, TimePoint now);
    /// Ticks to turn now, clockwise above 0; 0: none, now or any more.
    int tick(TimePoint now);
    TimePoint due() const; ///< when `tick` may have more to say

    enum class State {
        turning,
        arrived,  ///< as near as ticks and display allow
        given_up, ///< the host showed nothing, or it would not come there
        in_hand,  ///< it went the other way: somebody else has it
    };
    State state() const noexcept { return state_; }
    bool is_over() const noexcept { return state_ != State::turning; }
    /// What the last turn has come to is not known then.
    void give_up() {
        if (is_over()) return;
        state_ = State::given_up;
        if (learns() && sent_ != 0) is_certain_ = false;
    }
    int last_turn() const noexcept { return sent_; } ///< in ticks; 0 before the first
    /// No turn of a tick that was learnt came to much more or less than those before it: nobody else had it.
    bool is_undisturbed() const noexcept { return !was_surprised_; }
    /// Nearer than this no tick brings it, and no display shows it.
    double tolerance() const noexcept {
        return std::max(scale_.slack.value_or((tick_ + scale_.step) / 2.0), nearest_.value_or(0.0));
    }
    double tick() const noexcept { return tick_; } ///< as far as a tick goes, learnt on the way
    /// Ticks in sum, when the host has answered each turn: so many back, and it stands where it stood.
    std::optional<int> turned() const noexcept {
        return is_certain_ ? std::optional(turned_) : std::nullopt;
    }
    TimePoint turned_at() const noexcept { return sent_at_; }

private:
    /// What a turn has come to.
    struct Went {
        double from, to;
        int ticks;
        double linear(double at, int turned) const; ///< where so many ticks lead from there
        double geometric(double at, int turned) const;
        bool has_ratio() const { return from * to > 0.0; }
    };
    void look();
    int turn(int ticks, TimePoint now);
    bool learns() const noexcept { return scale_.tick == 0.0; }
    // ---- dial_learning.cpp
    void learn(double went);
    void compare(const Went& is);
    void go_back();
    int ticks_to(double target) const;
    bool is_sure(double away) const;
    int learnt_tick(TimePoint now);

    double target_;
    const Scale scale_;
    const std::optional<double> start_;
    double side_, tick_;
    const TimePoint begun_;
    State state_{State::turning};
    std::optional<double> value_, before_; ///< shown last; before the last turn
    std::optional<int> back_;
    std::optional<TimePoint> heard_, shown_; ///< since the last turn
    TimePoint sent_at_{};
    int sent_{0}; ///< ticks of the last turn; 0 before the first
    int turns_{0}, turned_{0};
    int in_vain_{0}; ///< turns in a row that should have shown, and have not
    bool is_certain_{true};
    // Of a tick that is learnt:
    std::optional<Went> went_; ///< the last turn that was shown
    std::optional<bool>
        is_geometric_;         ///< turns have shown that equal ticks are equal ratios, or are not
    double expected_{0.0};     ///< where the last turn was to lead
    bool is_trusted_{false};   ///< it did
    bool is_second_{false};    ///< `went_` was compared with one before it
    bool is_cut_short_{false}; ///< it came to much less than any law let expect
    bool is_surprised_{false}, was_surprised_{false}; ///< now; ever
    bool is_returning_{false};
    std::optional<double> nearest_; ///< how far that is which cannot come nearer
    Duration slowest_{};            ///< from a turn to what it has shown
};

} // namespace prefade::mcu
