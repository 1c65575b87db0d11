// A pot of which nobody knows what a tick does. The first turn is one tick, and none is much longer than the last: what a
// parameter passes on its way is heard.
#include "connectors/mcu/dial.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr double digits_off = 1e-9;
/// Until something shows. A parameter of few values may not move by less.
constexpr int probes[] = {1, 4, 15};
/// A turn that came as near to what was expected of it as this part of its way is trusted.
constexpr double trust = 0.1;
/// So many times longer than the last the next may be, after one that is trusted, and after others; these go but a part of
/// the way. Who passes an end of the scale does not come back to where it stood by ticks.
constexpr double bold = 4.0, careful = 2.0, part_of_the_way = 0.6;
/// Equal steps and equal ratios must lead so much further apart than the last digit blurs them, before what is shown decides.
constexpr double decisive = 2.0;
/// So many times further, or less far, than either law leads: an end, or somebody else.
constexpr double surprise = 3.0;

} // namespace

double Dial::Went::linear(double at, int turned) const { return at + (to - from) / ticks * turned; }

double Dial::Went::geometric(double at, int turned) const {
    return at * std::exp(std::log(to / from) / ticks * turned);
}

/// Equal ticks may be equal steps (dB) or equal ratios (Hz): which of them, further turns show.
void Dial::learn(double went) {
    if (went == 0.0) {
        const bool is_at_end = went_ && std::abs(sent_) * tick_ > 2.0 * scale_.step
                               && std::abs(went_->to - went_->from) >= 2.0 * scale_.step;
        if (++in_vain_ == std::ssize(probes) || is_at_end) go_back();
        return;
    }
    in_vain_ = 0;
    slowest_ = std::max<Duration>(slowest_, *shown_ - sent_at_);
    const Went is{*before_, *value_, sent_};
    if (went_) compare(is);
    if (is_over()) return;
    is_second_ = went_.has_value();
    went_ = is;
    const bool by_ratio = is_geometric_.value_or(false) && is.has_ratio();
    tick_ = std::abs((by_ratio ? is.geometric(is.to, 1) : is.linear(is.to, 1)) - is.to);
}

/// With what the turn before it let expect.
void Dial::compare(const Went& is) {
    const double went = is.to - is.from, per_tick = went / is.ticks,
                 before = (went_->to - went_->from) / went_->ticks;
    // The last digit of what both were shown as.
    const double blur = scale_.step * (1.0 + std::abs(1.0 * is.ticks / went_->ticks));
    if (per_tick * before < 0.0 && std::abs(went) > 1.5 * scale_.step) {
        state_ = State::in_hand;
        return;
    }
    const double by_step = went_->linear(is.from, is.ticks) - is.from;
    double by_ratio = by_step;
    if (went_->has_ratio() && is.has_ratio()) {
        by_ratio = went_->geometric(is.from, is.ticks) - is.from;
        if (std::abs(by_ratio - by_step) > decisive * blur)
            is_geometric_ = std::abs(by_ratio - went) < std::abs(by_step - went);
    } else {
        is_geometric_ = false;
    }
    const double least = std::min(std::abs(by_step), std::abs(by_ratio)),
                 most = std::max(std::abs(by_step), std::abs(by_ratio));
    is_cut_short_ = std::abs(went) < 0.5 * least - blur;
    if (is_cut_short_) is_certain_ = false; // an end may have swallowed some ticks
    is_surprised_ =
        std::abs(went) > surprise * most + blur || std::abs(went) < least / surprise - blur;
    was_surprised_ = was_surprised_ || is_surprised_;
    is_trusted_ = std::abs(expected_ - is.to) <= trust * std::abs(went) + blur;
}

/// It does not come there: it goes back to where it stood, as nothing of it was wanted.
void Dial::go_back() {
    if (is_returning_ || (!went_ && turned_ == 0)) { // at an end nothing was heard of
        state_ = State::given_up;
        return;
    }
    is_returning_ = true;
    target_ = *start_;
    in_vain_ = 0;
    is_cut_short_ = false;
    if (!went_) back_ = turned_; // its ring moved, its text did not
}

/// From where it stands; at least one.
int Dial::ticks_to(double target) const {
    const double away = target - *value_, last = std::abs(went_->ticks);
    double ticks = away / (went_->to - went_->from) * went_->ticks;
    if (is_cut_short_) return ticks < 0.0 ? -1 : 1;
    if (went_->has_ratio() && target * *value_ > 0.0) {
        const double by_ratio =
            std::log(target / *value_) / std::log(went_->to / went_->from) * went_->ticks;
        if (is_geometric_.value_or(std::abs(by_ratio) < std::abs(ticks))) ticks = by_ratio;
    }
    if (!is_trusted_ && std::abs(ticks) > std::max(3.0, last)) ticks *= part_of_the_way;
    const double longest_turn = (is_trusted_ ? bold : careful) * last;
    ticks = std::clamp(ticks, -longest_turn, longest_turn);
    // Of few values the next may begin further on: so many ticks did show.
    if (in_vain_ > 0) ticks = std::copysign(std::max(std::abs(ticks), last), ticks);
    const auto whole = static_cast<int>(std::lround(ticks));
    return whole != 0 ? whole : ticks > 0.0 ? 1 : -1;
}

/// As long as no turn has shown what a tick is here: near the target only where the text itself says so. A long turn does
/// not tell; one alone may have been somebody else's.
bool Dial::is_sure(double away) const {
    if (std::abs(away) <= scale_.step / 2.0 + digits_off) return true;
    return is_second_ && !is_surprised_ && (nearest_ || std::abs(went_->ticks) <= 2);
}

int Dial::learnt_tick(TimePoint now) {
    const double away = target_ - *value_;
    if (is_sure(away) && std::abs(away) <= tolerance() + digits_off) {
        state_ = is_returning_ ? State::given_up : State::arrived;
        return 0;
    }
    nearest_.reset();
    if (!went_) {
        const auto at = std::min<std::ptrdiff_t>(in_vain_, std::ssize(probes) - 1);
        return turn((side_ < 0.0 ? -1 : 1) * probes[at], now);
    }
    const int ticks = ticks_to(target_);
    // Two neighbours on either side of the target: the nearer is as near as it comes.
    const double other = before_ ? target_ - *before_ : 0.0;
    if (std::abs(ticks) == 1 && sent_ == -ticks && away * other < 0.0 && is_second_
        && !is_surprised_) {
        nearest_ = std::min(std::abs(away), std::abs(other) + scale_.step);
        if (std::abs(away) <= std::abs(other)) {
            state_ = is_returning_ ? State::given_up : State::arrived;
            return 0;
        }
    }
    const bool by_ratio = is_geometric_.value_or(false) && went_->has_ratio();
    expected_ = by_ratio ? went_->geometric(*value_, ticks) : went_->linear(*value_, ticks);
    return turn(ticks, now);
}

} // namespace prefade::mcu
