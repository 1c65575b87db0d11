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
/// Of a tick that is not known: turned until something shows. A parameter of few values may not move by less.
constexpr int probes[] = {1, 4, 15};
/// A turn that came as near to what was expected of it as this part of its way is trusted; after others the next goes but a
/// part of the way: who passes an end of the scale does not come back to where it stood by ticks.
constexpr double trust = 0.1, part_of_the_way = 0.6;
/// Equal steps and equal ratios must lead so much further apart than the text's last digit blurs them, before what it shows
/// decides.
constexpr double decisive = 2.0;
/// So many times further than the last turn the next may go, while one turn alone has shown what a tick does.
constexpr int boldest = 6;

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

double Dial::Went::linear(double at, int turned) const { return at + (to - from) / ticks * turned; }

double Dial::Went::geometric(double at, int turned) const {
    return at * std::exp(std::log(to / from) / ticks * turned);
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
    sent_ = std::clamp(ticks, -most_ticks, most_ticks);
    return sent_;
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

/// Equal ticks may be equal steps (dB) or equal ratios (Hz): which of them, the second turn shows.
void Dial::learn(double went) {
    if (went == 0.0) {
        const bool is_at_end = went_ && std::abs(sent_) * tick_ > scale_.step;
        if (++in_vain_ == std::ssize(probes) || is_at_end) go_back();
        return;
    }
    in_vain_ = 0;
    const Went is{*before_, *value_, sent_};
    const bool is_against =
        went_ && went / sent_ * ((went_->to - went_->from) / went_->ticks) < 0.0;
    if (is_against && std::abs(went) > 1.5 * scale_.step) {
        state_ = State::in_hand;
        return;
    }
    if (went_ && went_->has_ratio() && is.has_ratio()) {
        const double by_ratio = went_->geometric(is.from, sent_),
                     by_step = went_->linear(is.from, sent_);
        const double blur =
            scale_.step * std::max(1.0, std::abs(1.0 * sent_ / went_->ticks)); // of its last digit
        if (std::abs(by_ratio - by_step) > decisive * blur)
            is_geometric_ = std::abs(by_ratio - is.to) < std::abs(by_step - is.to);
    } else if (went_) {
        is_geometric_ = false;
    }
    is_trusted_ = went_ && std::abs(expected_ - is.to) <= trust * std::abs(went);
    went_ = is;
    const bool by_ratio = is_geometric_.value_or(false);
    tick_ = std::abs((by_ratio ? is.geometric(is.to, 1) : is.linear(is.to, 1)) - is.to);
}

/// It does not come there: it goes back to where it stood, as nothing of it was wanted.
void Dial::go_back() {
    if (!went_ || is_returning_) {
        state_ = State::given_up;
        return;
    }
    is_returning_ = true;
    target_ = *start_;
    in_vain_ = 0;
}

int Dial::probe() const {
    return (side_ < 0.0 ? -1 : 1)
           * probes[std::min<std::ptrdiff_t>(in_vain_, std::ssize(probes) - 1)];
}

/// From where it stands; at least one where it is not there yet.
int Dial::ticks_to(double target) const {
    const double away = target - *value_;
    double ticks = away / tick_;
    if (learns()) {
        ticks = away / (went_->to - went_->from) * went_->ticks;
        if (went_->has_ratio() && target * *value_ > 0.0) {
            const double by_ratio =
                std::log(target / *value_) / std::log(went_->to / went_->from) * went_->ticks;
            if (is_geometric_.value_or(std::abs(by_ratio) < std::abs(ticks))) ticks = by_ratio;
        }
        const double bold = boldest * std::abs(went_->ticks);
        if (!is_geometric_) ticks = std::clamp(ticks, -bold, bold);
        const double last = std::abs(went_->ticks);
        if (!is_trusted_ && std::abs(ticks) > std::max(3.0, last)) ticks *= part_of_the_way;
        // Of few values the next may begin further on: so many ticks did show.
        if (in_vain_ > 0) ticks = std::copysign(std::max(std::abs(ticks), last), ticks);
    }
    const auto whole =
        static_cast<int>(std::lround(std::clamp(ticks, -1.0 * most_ticks, 1.0 * most_ticks)));
    return whole != 0 ? whole : ticks > 0.0 ? 1 : -1;
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
    const double away = target_ - *value_;
    if (nearest_) nearest_ = std::abs(away);
    // A long turn does not tell what a tick is here: a short one does.
    const bool is_sure = !went_ || std::abs(went_->ticks) <= 2 || nearest_
                         || std::abs(away) <= scale_.step / 2.0 + rounding;
    if (is_sure && std::abs(away) <= tolerance() + rounding) {
        state_ = is_returning_ ? State::given_up : State::arrived;
        return 0;
    }
    if (learns() && !went_) return turn(probe(), now);
    const int ticks = ticks_to(target_);
    // Two neighbours on either side of the target: the nearer is as near as it comes.
    const bool is_between = before_ && (target_ - *value_) * (target_ - *before_) < 0.0;
    if (learns() && std::abs(ticks) == 1 && sent_ == -ticks && is_between) {
        nearest_ = std::abs(away);
        if (std::abs(away) <= std::abs(target_ - *before_)) return tick(now);
    }
    if (learns())
        expected_ = is_geometric_.value_or(false) && went_->has_ratio()
                        ? went_->geometric(*value_, ticks)
                        : went_->linear(*value_, ticks);
    return turn(ticks, now);
}

TimePoint Dial::due() const {
    if (is_over()) return TimePoint::max();
    if (sent_ == 0) return TimePoint{};
    // A text may come some time after the ring: while only that has come, it is waited for.
    return shown_ ? *heard_ + calm : sent_at_ + patience;
}

} // namespace prefade::mcu
