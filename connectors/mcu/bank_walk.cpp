#include "connectors/mcu/bank_walk.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr const char* interrupted = "the mixer or its banks were changed while they were read";
constexpr int most_presses = 400; ///< of one walk: 100 banks there and back
constexpr int most_refusals = 3;  ///< in a row, of windows that seem to have been there before

std::optional<bool> is_lit(const std::optional<LedState>& lamp) {
    if (!lamp) return std::nullopt;
    return *lamp != LedState::off; // REAPER blinks what is soloed
}

std::vector<std::string> names_of(const std::vector<Seen>& strips) {
    std::vector<std::string> names;
    for (const Seen& strip : strips) names.push_back(strip.name);
    return names;
}

/// Without the blank cells at its end.
std::vector<Seen> filled(std::vector<Seen> window) {
    while (!window.empty() && window.back().name.empty()) window.pop_back();
    return window;
}

} // namespace

Seen seen_in(const Surface& surface, std::size_t cell) {
    const Cell& shown = surface.at(cell);
    Seen seen{surface.upper(cell), shown.fader,       is_lit(shown.mute),
              is_lit(shown.solo),  is_lit(shown.arm), shown.ring};
    if (seen.ring) seen.ring->strip = 0; // the same strip elsewhere is the same
    return seen;
}

std::vector<Seen> window_of(const Surface& surface) {
    std::vector<Seen> window;
    for (std::size_t cell = 0; cell < surface.size(); ++cell)
        window.push_back(seen_in(surface, cell));
    return window;
}

std::vector<std::size_t> places_of(const std::vector<std::string>& window,
                                   const std::vector<std::string>& strips) {
    std::vector<std::size_t> places;
    for (std::size_t first = 0; first < std::max<std::size_t>(strips.size(), 1); ++first) {
        bool same = true;
        for (std::size_t cell = 0; same && cell < window.size(); ++cell)
            same = first + cell < strips.size() ? window[cell] == strips[first + cell]
                                                : window[cell].empty();
        if (same) places.push_back(first);
    }
    return places;
}

// ---- one press ------------------------------------------------------------------------------

void Settling::begin(TimePoint now) {
    begun_ = last_ = now;
    named_ = false;
    cells_.clear();
}

void Settling::told(const Surface::Change& change, TimePoint now) {
    if (change.part == Surface::Part::lower || change.part == Surface::Part::meter) return;
    named_ = named_ || (change.part == Surface::Part::upper && change.differs);
    cells_.insert(change.cell);
    last_ = now;
}

Settling::State Settling::state(TimePoint now) const {
    if (!painted()) return now - begun_ < patience ? State::waiting : State::nothing;
    return now - last_ < calm && now - begun_ < longest ? State::waiting : State::moved;
}

TimePoint Settling::due() const {
    return painted() ? std::min(last_ + calm, begun_ + longest) : begun_ + patience;
}

// ---- the walk -------------------------------------------------------------------------------

void BankWalk::begin(const Surface& surface, TimePoint now) {
    state_ = State::walking;
    leg_ = Leg::to_left;
    pressed_ = false;
    presses_ = ends_ = 0;
    origin_ = names_of(window_of(surface));
    windows_.clear();
    strips_.clear();
    first_ = home_ = 0;
    why_.clear();
    settling_.begin(now);
}

TimePoint BankWalk::due() const {
    if (state_ != State::walking) return TimePoint::max();
    return pressed_ ? settling_.due() : TimePoint{};
}

/// A press that was lost on the way looks like the end of the banks, so the end must answer twice.
bool BankWalk::is_end_again() { return ++ends_ % 2 == 0; }

std::optional<Note> BankWalk::press(Note button, TimePoint now) {
    if (++presses_ > most_presses) return fail("the banks have no end");
    pressed_ = true;
    settling_.begin(now);
    return button;
}

std::optional<Note> BankWalk::fail(std::string why) {
    state_ = State::failed;
    why_ = std::move(why);
    return std::nullopt;
}

std::optional<Note> BankWalk::tick(const Surface& surface, TimePoint now) {
    if (state_ != State::walking) return std::nullopt;
    if (!pressed_) return press(bank_left, now);
    const Settling::State state = settling_.state(now);
    if (state == Settling::State::waiting) return std::nullopt;
    const bool moved = state == Settling::State::moved;
    if (moved) ends_ = 0;
    const auto window = window_of(surface);
    switch (leg_) {
    case Leg::to_left:
        if (moved || !is_end_again()) return press(bank_left, now);
        leg_ = Leg::to_right;
        return next_window(window, now);
    case Leg::to_right:
        // Something was painted, but the window is the one before: a value changed, not the bank.
        if (!moved || window == windows_.back()) {
            if (names_of(window) != names_of(windows_.back())) return fail(interrupted);
            return is_end_again() ? assemble(now) : press(bank_right, now);
        }
        return next_window(window, now);
    case Leg::home_left:
        if (moved) {
            const bool was_shifted = last_ != LastBank::partial && first_ % width_ != 0;
            first_ = was_shifted ? first_ / width_ * width_ : first_ - std::min(first_, width_);
            if (!shows(window, first_)) return fail(interrupted);
            return press(bank_left, now);
        }
        if (!shows(window, 0)) return fail(interrupted);
        first_ = 0;
        leg_ = Leg::home_right;
        break;
    case Leg::home_right:
        if (moved && home_ - first_ >= width_)
            first_ = std::min(first_ + width_, last_ == LastBank::shifted ? strips_.size() - width_
                                                                          : strips_.size());
        else if (moved)
            ++first_;
        else
            home_ = first_; // it goes no further: here it stays
        break;
    }
    if (!shows(window, first_)) return fail(interrupted);
    return home(now);
}

/// On the way back every window must be the one that the list so far has there: a hand on the banks, or on the mixer,
/// while they were read would have left a list with a hole.
bool BankWalk::shows(const std::vector<Seen>& window, std::size_t first) const {
    const auto places = places_of(names_of(window), names_of(strips_));
    return std::find(places.begin(), places.end(), first) != places.end();
}

/// Half of its names stood in windows before: another hand has turned the banks. Only the last bank may repeat the end of the
/// one before. Of few names that repeat, "Audio" and "MIDI", it may be another bank; and where that is found again and again,
/// these are the names.
bool BankWalk::was_here(const std::vector<Seen>& window) const {
    constexpr std::size_t telling = 3;
    const auto names = names_of(filled(window));
    const std::set<std::string> shown(names.begin(), names.end());
    if (windows_.empty() || shown.size() < telling || refusals_ >= most_refusals) return false;
    std::set<std::string> before;
    for (const auto& each : windows_)
        for (const Seen& strip : each) before.insert(strip.name);
    if (last_ != LastBank::partial) {
        const auto back = names_of(windows_.back());
        std::size_t same = std::min(names.size(), back.size());
        while (same > 0
               && !std::equal(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(same),
                              back.end() - static_cast<std::ptrdiff_t>(same)))
            --same;
        if (same > 0 && same < names.size()) return false;
    }
    const auto known = std::count_if(
        shown.begin(), shown.end(), [&](const std::string& name) { return before.contains(name); });
    return 2 * static_cast<std::size_t>(known) >= shown.size();
}

std::optional<Note> BankWalk::next_window(const std::vector<Seen>& window, TimePoint now) {
    if (was_here(window)) {
        ++refusals_;
        return fail(interrupted);
    }
    windows_.push_back(window);
    if (window.back().name.empty()) return assemble(now);
    return press(bank_right, now);
}

/// How many strips of the list so far the window begins with.
std::size_t BankWalk::overlap(const std::vector<Seen>& window) const {
    if (last_ == LastBank::partial) return 0;
    for (std::size_t same = std::min(window.size() - 1, strips_.size()); same > 0; --same)
        if (std::equal(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(same),
                       strips_.end() - static_cast<std::ptrdiff_t>(same)))
            return same;
    return 0;
}

std::optional<Note> BankWalk::assemble(TimePoint now) {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        const auto strips = filled(windows_[i]);
        const bool may_overlap = i > 0 && i + 1 == windows_.size() && strips.size() == width_;
        const std::size_t known = may_overlap ? overlap(strips) : 0;
        strips_.insert(strips_.end(), strips.begin() + static_cast<std::ptrdiff_t>(known),
                       strips.end());
    }
    const auto places = places_of(origin_, names_of(strips_));
    home_ = places.empty() ? 0 : places.front();
    first_ = strips_.size() - filled(windows_.back()).size();
    if (windows_.size() == 1) { // it never left
        state_ = State::over;
        return std::nullopt;
    }
    leg_ = Leg::home_left;
    return press(bank_left, now);
}

std::optional<Note> BankWalk::home(TimePoint now) {
    if (first_ >= home_) {
        state_ = State::over;
        const auto names = names_of(strips_);
        if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) refusals_ = 0;
        return std::nullopt;
    }
    return press(home_ - first_ >= width_ ? bank_right : channel_right, now);
}

} // namespace prefade::mcu
