#include "connectors/mcu/dial.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr double rounding = 1e-9;
constexpr int most_ticks =
    126; ///< of one turn: from one side to the other on every host we know, and back
/// A learnt tick beyond this part or multiple of the expected is no tick: somebody else has turned.
constexpr double widest = 10.0;

} // namespace

Dial::Dial(double target, Scale scale, std::optional<double> start, double side, TimePoint now)
    : target_(target),
      scale_(scale),
      start_(start),
      side_(side),
      tick_(scale.tick),
      begun_(now),
      value_(start) {}

void Dial::shown(double value, TimePoint now) {
    value_ = value;
    heard_ = shown_ = now;
}

int Dial::turn(int ticks, TimePoint now) {
    if (++turns_ > (learns() ? most_learning_turns : most_turns)
        || now - begun_ >= (learns() ? longest_learning : longest)) {
        state_ = State::given_up;
        return 0;
    }
    before_ = value_;
    heard_.reset();
    shown_.reset();
    sent_at_ = now;
    return sent_ = std::clamp(ticks, -most_ticks, most_ticks);
}

/// What the last turn has come to. A host that paints only what is new says nothing of a turn that was less than a step
/// of its text; at an end of its way a pot does nothing, and says nothing.
void Dial::look() {
    if (heard_) turned_ += sent_;
    is_certain_ = is_certain_ && heard_;
    const double went = shown_ && before_ ? *value_ - *before_ : 0.0;
    if (learns()) return learn(went);
    const bool should_show = !before_ || std::abs(sent_) * tick_ > scale_.step;
    in_vain_ = (shown_ && (!before_ || went != 0.0)) || !should_show ? 0 : in_vain_ + 1;
    if (in_vain_ > 1) {
        state_ = State::given_up;
        return;
    }
    if (!heard_) side_ = -sent_;
    if (went == 0.0) return;
    const double tick = went / sent_;
    if (tick < 0.0 && std::abs(went) > 1.5 * scale_.step) {
        state_ = State::in_hand;
        return;
    }
    // Of a few ticks, shown in coarse steps, less is learnt than is known.
    if (std::abs(went) > 3.0 * scale_.step && tick > scale_.tick / widest
        && tick < scale_.tick * widest)
        tick_ = tick;
}

int Dial::tick(TimePoint now) {
    if (is_over()) return 0;
    if (sent_ != 0) {
        if (now < due()) return 0;
        look();
        if (is_over()) return 0;
    }
    if (back_) return turn(-*std::exchange(back_, std::nullopt), now);
    if (!value_) return turn((side_ < 0.0 ? -1 : 1) * (1 + in_vain_), now);
    if (learns()) return learnt_tick(now);
    const double away = target_ - *value_;
    if (std::abs(away) <= tolerance() + rounding) {
        state_ = State::arrived;
        return 0;
    }
    const auto ticks = static_cast<int>(std::lround(away / tick_));
    return turn(ticks != 0 ? ticks : away > 0.0 ? 1 : -1, now);
}

TimePoint Dial::due() const {
    if (is_over()) return TimePoint::max();
    if (sent_ == 0) return TimePoint{};
    // A text may come some time after the ring: while only that has come, it is waited for.
    if (shown_) return *heard_ + calm;
    return sent_at_
           + (slowest_ > Duration::zero() ? std::clamp<Duration>(3 * slowest_, 2 * calm, patience)
                                          : patience);
}

} // namespace prefade::mcu
