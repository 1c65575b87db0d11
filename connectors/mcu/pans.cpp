#include "connectors/mcu/pans.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace prefade::mcu {
namespace {

constexpr double ring_step = 0.2, range = 2.0;
constexpr double rounding = 1e-9;
constexpr std::size_t most_steps = 64; ///< of a strip's history

double step_of(PanText form) {
    switch (form) {
    case PanText::percent: return 0.02;
    case PanText::fifty: return 0.02;
    case PanText::signed_64: return 1.0 / 64.0;
    case PanText::none: break;
    }
    return ring_step;
}

/// A number of `digits` at most at the front, which is taken off.
std::optional<int> number(std::string_view& text, std::size_t digits) {
    int value = 0;
    const auto [end, failed] =
        std::from_chars(text.data(), text.data() + std::min(text.size(), digits), value);
    if (failed != std::errc{} || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// "L63R37": the two make 100.
std::optional<Pan> percent_in(std::string_view text) {
    if (!text.starts_with('L')) return std::nullopt;
    text.remove_prefix(1);
    const auto left = number(text, 3);
    if (!left || !text.starts_with('R')) return std::nullopt;
    text.remove_prefix(1);
    const auto right = number(text, 3);
    if (!right || !text.empty() || *left + *right != 100) return std::nullopt;
    return Pan{(*right - *left) / 100.0};
}

/// "12L", "C", "50R".
std::optional<Pan> fifty_in(std::string_view text) {
    if (text == "C") return Pan{0.0};
    const auto of_50 = number(text, 2);
    if (!of_50 || *of_50 > 50 || (text != "L" && text != "R")) return std::nullopt;
    return Pan{(text == "L" ? -*of_50 : *of_50) / 50.0};
}

/// "-64" .. "+63", "0".
std::optional<Pan> signed_in(std::string_view text) {
    const bool left = text.starts_with('-');
    if (left || text.starts_with('+')) text.remove_prefix(1);
    const auto of_64 = number(text, 2);
    if (!of_64 || !text.empty() || *of_64 > (left ? 64 : 63)) return std::nullopt;
    return Pan{left ? -*of_64 / 64.0 : *of_64 / 63.0};
}

} // namespace

std::optional<Pan> pan_in(std::string_view text, PanText form) {
    switch (form) {
    case PanText::percent: return percent_in(text);
    case PanText::fifty: return fifty_in(text);
    case PanText::signed_64: return signed_in(text);
    case PanText::none: break;
    }
    return std::nullopt;
}

std::optional<Pan> pan_of(const std::optional<Ring>& ring) {
    // Position 1 .. 11, 6 in the middle; the other modes show no pan.
    if (!ring || ring->position < 1 || ring->position > 11) return std::nullopt;
    if (ring->mode != RingMode::dot && ring->mode != RingMode::boost_cut) return std::nullopt;
    return Pan{(ring->position - 6) / 5.0};
}

Pans::Pans(const SurfaceTraits& traits)
    : ticks_(traits.pan_ticks),
      form_(traits.pan_text),
      widest_tick_(can_turn() ? range / ticks_ : 0.0) {}

double Pans::step() const noexcept { return std::max(widest_tick_, step_of(form_)); }

// ---- reading --------------------------------------------------------------------------------

bool Pans::told(const Surface& surface, const Surface::Change& change, TimePoint now) {
    if (change.cell >= surface.size()) return false;
    const bool is_ring = change.part == Surface::Part::ring;
    if (!is_ring && change.part != Surface::Part::lower) return false;
    // The text of what else the cell can show, a fader's level, is no pan.
    const auto text = is_ring ? std::nullopt : pan_in(surface.lower(change.cell), form_);
    if (!is_ring && !text) return false;
    const auto value = form_ == PanText::none ? pan_of(surface.at(change.cell).ring) : text;
    for (auto& [strip, turn] : turns_) {
        if (turn.cell != change.cell || turn.dial.is_over()) continue;
        if (value)
            turn.dial.shown(value->value(), now);
        else
            turn.dial.painted(now);
    }
    return text.has_value();
}

/// Text and ring of one pan say the same. A text of what was there before is believed where it could be this one's too.
std::optional<Pan> Pans::text_in(const Surface& surface, std::size_t cell) const {
    const auto text = pan_in(surface.lower(cell), form_), ring = pan_of(surface.at(cell).ring);
    const bool agree =
        text && ring
        && std::abs(text->value() - ring->value()) <= (ring_step + step_of(form_)) / 2.0 + rounding;
    return agree ? text : std::nullopt;
}

void Pans::take(const Surface& surface, std::size_t cell, StripId strip) {
    const auto& ring = surface.at(cell).ring;
    if (!pan_of(ring) || is_turning(strip)) return;
    const auto text = text_in(surface, cell);
    const auto old = passed_over_.find(strip);
    if (old != passed_over_.end() && text && *text != old->second) passed_over_.erase(strip);
    if (text && !passed_over_.contains(strip))
        exact_.insert_or_assign(strip, Exact{*text, ring->position});
    // Moved by somebody else since: the ticks that we turned it by lead nowhere.
    const auto history = histories_.find(strip);
    if (history != histories_.end() && value(strip, ring) != history->second.left)
        histories_.erase(history);
}

void Pans::forget_window() {
    for (auto& [strip, turn] : turns_) turn.dial.give_up();
}

void Pans::clear() {
    forget_window();
    exact_.clear();
    told_by_ring_.clear();
    known_by_ring_.clear();
    passed_over_.clear();
    histories_.clear();
    turns_.clear();
}

bool Pans::is_coarse(StripId strip, const std::optional<Ring>& ring) const {
    const auto exact = exact_.find(strip);
    const bool holds = ring && exact != exact_.end() && exact->second.ring == ring->position;
    return form_ == PanText::none || !holds;
}

std::optional<Pan> Pans::value(StripId strip, const std::optional<Ring>& ring) const {
    const auto shown = pan_of(ring);
    return shown && !is_coarse(strip, ring) ? std::optional(exact_.at(strip).value) : shown;
}

bool Pans::is_finer(StripId strip, const std::optional<Ring>& ring, Pan value) const {
    return known_by_ring_.contains(strip) && !is_coarse(strip, ring)
           && same_reading(strip, told_by_ring_.at(strip), value);
}

void Pans::note_told(StripId strip, const std::optional<Ring>& ring, Pan value) {
    if (form_ == PanText::none || !is_coarse(strip, ring)) {
        known_by_ring_.erase(strip);
        return;
    }
    told_by_ring_.insert_or_assign(strip, value);
    known_by_ring_.insert(strip);
}

bool Pans::same_reading(StripId strip, Pan former, Pan found) const {
    const auto told = told_by_ring_.find(strip);
    return told != told_by_ring_.end() && told->second == former
           && std::abs(found.value() - former.value())
                  <= (ring_step + step_of(form_)) / 2.0 + rounding;
}

// ---- turning --------------------------------------------------------------------------------

void Pans::begin(StripId strip, std::size_t cell, Pan target, const std::optional<Ring>& ring,
                 bool is_undo, TimePoint now) {
    const auto from = value(strip, ring);
    if (!from) return;
    const bool from_is_coarse = is_coarse(strip, ring);
    std::optional<std::size_t> back_to;
    const auto history = histories_.find(strip);
    if (is_undo && history != histories_.end() && history->second.left == from) {
        const auto& steps = history->second.steps;
        for (std::size_t i = steps.size(); i-- > 0 && !back_to;)
            if (steps[i].from == target) back_to = i;
    }
    // Undo of a move from where the ring alone told: as near as that.
    const bool target_is_coarse =
        form_ == PanText::none || (back_to && history->second.steps[*back_to].is_coarse);
    Dial::Scale scale{range / ticks_, target_is_coarse ? ring_step : step_of(form_), {}};
    if (target_is_coarse)
        scale.slack = form_ == PanText::none ? ring_step / 2.0 : (ring_step + step_of(form_)) / 2.0;
    const bool start_is_known = form_ == PanText::none || !from_is_coarse;
    Dial dial(target.value(), scale, start_is_known ? std::optional(from->value()) : std::nullopt,
              target.value() - from->value(), now);
    if (back_to) {
        int ticks = 0;
        for (std::size_t i = *back_to; i < history->second.steps.size(); ++i)
            ticks += history->second.steps[i].ticks;
        if (ticks != 0) dial.turn_back(ticks);
    }
    turns_.erase(strip);
    turns_.emplace(strip, Turn{cell, std::move(dial), *from, target, from_is_coarse,
                               target_is_coarse, back_to});
}

std::vector<Pans::Turned> Pans::tick(const Surface& surface, TimePoint now) {
    std::vector<Turned> turned;
    for (auto& [strip, turn] : turns_) {
        if (const int ticks = turn.dial.tick(now); ticks != 0) turned.push_back({turn.cell, ticks});
        if (turn.dial.is_over() && !turn.is_noted) note(strip, turn, surface);
    }
    return turned;
}

void Pans::rest(StripId strip) {
    if (const auto turn = turns_.find(strip); turn != turns_.end()) turn->second.dial.give_up();
}

/// What the turn has left, and how to undo it.
void Pans::note(StripId strip, Turn& turn, const Surface& surface) {
    turn.is_noted = true;
    const auto& ring = surface.at(turn.cell).ring;
    widest_tick_ = std::max(widest_tick_, turn.dial.tick());
    if (turn.dial.state() != Dial::State::arrived || !ring) {
        histories_.erase(strip);
        return;
    }
    const auto text = text_in(surface, turn.cell);
    passed_over_.erase(strip);
    History& history = histories_[strip];
    if (turn.back_to) {
        history.steps.resize(*turn.back_to);
        // It stands where the ring alone told that it was, and is told as it was told then.
        if (turn.target_is_coarse) exact_.erase(strip);
        if (turn.target_is_coarse && text) passed_over_.emplace(strip, *text);
    } else if (const auto ticks = turn.dial.turned()) {
        history.steps.push_back({turn.from, turn.from_is_coarse, *ticks});
        if (history.steps.size() > most_steps) history.steps.erase(history.steps.begin());
    } else {
        history.steps.clear();
    }
    if (text && !passed_over_.contains(strip))
        exact_.insert_or_assign(strip, Exact{*text, ring->position});
    history.left = value(strip, ring);
}

TimePoint Pans::due() const {
    TimePoint due = TimePoint::max();
    for (const auto& [strip, turn] : turns_) due = std::min(due, turn.dial.due());
    return due;
}

bool Pans::is_busy() const {
    return std::any_of(turns_.begin(), turns_.end(),
                       [](const auto& each) { return !each.second.is_noted; });
}

bool Pans::is_turning(StripId strip) const {
    const auto turn = turns_.find(strip);
    return turn != turns_.end() && !turn->second.is_noted;
}

bool Pans::is_on_its_way(StripId strip) const {
    const auto turn = turns_.find(strip);
    return turn != turns_.end()
           && (!turn->second.is_noted || turn->second.dial.state() == Dial::State::given_up);
}

bool Pans::arrived(StripId strip, const std::optional<Ring>& ring, Pan value, Pan target) const {
    const auto turn = turns_.find(strip);
    const bool is_ours = turn != turns_.end() && turn->second.target == target
                         && turn->second.dial.state() == Dial::State::arrived;
    // Of where the ring alone tells it is, nobody knows whether that is near enough.
    if (!is_ours && form_ != PanText::none && is_coarse(strip, ring)) return false;
    const double tolerance = is_ours                  ? turn->second.dial.tolerance()
                             : form_ == PanText::none ? ring_step / 2.0
                                                      : (range / ticks_ + step_of(form_)) / 2.0;
    return std::abs(value.value() - target.value()) <= tolerance + rounding;
}

std::optional<TimePoint> Pans::turned_at(StripId strip) const {
    const auto turn = turns_.find(strip);
    return turn == turns_.end() ? std::nullopt : std::optional(turn->second.dial.turned_at());
}

} // namespace prefade::mcu
