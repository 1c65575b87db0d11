// What the pots of an assignment hold: sends, parameters of plug-ins. Each is proved, turned and read back by the text under
// its name, in the column where the visit has found it.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Duration proof_time =
    250ms; ///< as for every proof: what was said before it may be older than the question
constexpr double position_rounding = 1e-6;
constexpr std::size_t most_pot_steps = 64; ///< of one pot, that can be taken back

} // namespace

bool Dialect::Engine::is_visited(Control control) {
    return control == Control::send || control == Control::parameter;
}

/// The column in which it stands now; nothing while it is not in sight.
std::optional<std::size_t> Dialect::Engine::column_of(const ControlPath& path) const {
    if (path.control == Control::parameter) return column_of_parameter(path);
    const KnownSend* send = find_send(path);
    return send && shows_sends_of(path.strip) && is_taken_ ? std::optional(send->column)
                                                           : std::nullopt;
}

/// Nothing where its column shows no value, or stands under another name.
std::optional<ControlValue> Dialect::Engine::shown_value(const ControlPath& path) const {
    if (!column_of(path)) return std::nullopt;
    if (path.control == Control::parameter) {
        const auto number = shown_number(path);
        return number ? std::optional<ControlValue>(Displayed{number->value}) : std::nullopt;
    }
    const auto level = shown_level(*find_send(path));
    return level ? std::optional<ControlValue>(*level) : std::nullopt;
}

/// A level as a position of a fader; a number as it is.
double Dialect::Engine::on_dial(const ControlValue& value) const {
    if (const auto* number = std::get_if<Displayed>(&value)) return number->value();
    return profile_.surface.law.position_of(std::get<Decibel>(value));
}

void Dialect::Engine::note_shown(const ControlPath& path, const ControlValue& value) {
    if (path.control == Control::parameter) {
        if (KnownParameter* parameter = find_parameter(path))
            parameter->number->value = std::get<Displayed>(value).value();
        return;
    }
    const KnownSend* send = find_send(path);
    if (!send) return;
    for (KnownSend& each : *parts_.at(path.strip).sends)
        if (each.id == send->id) each.level = std::get<Decibel>(value);
}

/// Nothing while it is not in sight.
std::optional<Proof> Dialect::Engine::prove_pot(const Asked& asked, TimePoint now) const {
    const bool is_send = asked.path.control == Control::send;
    if (is_send ? !find_send(asked.path) : !find_parameter(asked.path))
        return Proof{false,
                     is_send ? "the send is gone, or cannot be told from others"
                             : "the plug-in is gone, or its parameters are others now: they are to "
                               "be read anew",
                     0,
                     {}};
    const auto column = column_of(asked.path);
    if (!column || now - std::max(asked.at, visit_->since()) < proof_time) return std::nullopt;
    const auto turn = pot_turns_.find(asked.path);
    if (turn != pot_turns_.end()
        && (!turn->second.is_told || asked.at <= turn->second.dial.turned_at()))
        return std::nullopt;
    const auto value = shown_value(asked.path);
    if (!value) return Proof{false, is_send ? "it shows no level" : "it shows no number", 0, {}};
    return Proof{true, {}, static_cast<Address>(*column), *value};
}

void Dialect::Engine::write_pot(const ControlPath& path, const ControlValue& target,
                                TimePoint now) {
    const auto column = column_of(path);
    if (!column) return;
    const auto shown = shown_value(path);
    const auto from = shown ? std::optional(on_dial(*shown)) : std::nullopt;
    const double to = on_dial(target);
    Dial::Scale scale;
    if (const auto* level = std::get_if<Decibel>(&target)) {
        const FaderLaw& law = profile_.surface.law;
        // A tenth of a dB is what its text shows.
        const double step = static_cast<double>(law.position_of(*level + Decibel{0.05}))
                            - static_cast<double>(law.position_of(*level - Decibel{0.05}));
        scale = {highest_position / profile_.surface.send_ticks, std::max(step, 1.0), {}};
        if (to <= 0.0) scale.slack = 0.5; // all the way down is a place that ticks do reach
    } else {
        const auto number = shown_number(path);
        if (!number) return;
        scale.step = number->step;
    }
    if (!shown) return;
    Dial dial(to, scale, from, to - from.value_or(0.0), now);
    if (const auto back = ticks_back(path, *shown, target)) dial.turn_back(*back);
    pot_turns_.erase(path);
    pot_turns_.emplace(path, PotTurn{*column, dial, *shown, target});
}

/// Of the step that has left it here, coming from there. Where somebody else has turned it since, no tick leads back.
std::optional<int> Dialect::Engine::ticks_back(const ControlPath& path, const ControlValue& from,
                                               const ControlValue& to) {
    auto& steps = pot_steps_[path];
    if (steps.empty() || !nearly_equal(steps.back().left, from)) {
        steps.clear();
        return std::nullopt;
    }
    if (!nearly_equal(steps.back().from, to)) return std::nullopt;
    const int ticks = steps.back().ticks;
    steps.pop_back();
    return ticks;
}

void Dialect::Engine::note_step(const ControlPath& path, const PotTurn& turn,
                                const ControlValue& left) {
    auto& steps = pot_steps_[path];
    const auto ticks = turn.dial.turned();
    if (!ticks || turn.dial.state() == Dial::State::in_hand) return steps.clear();
    if (!steps.empty() && nearly_equal(steps.back().left, left)) return; // it went back to there
    steps.push_back({turn.from, left, *ticks});
    if (steps.size() > most_pot_steps) steps.erase(steps.begin());
}

/// Its column is in sight, but shows "-inf", a word, or another unit: the turn that led there is taken back, once. True: what
/// that comes to is not shown yet.
bool Dialect::Engine::is_lost(const ControlPath& path, PotTurn& turn, TimePoint now,
                              DialectOutput& out) {
    const auto column = column_of(path);
    if (!column || shown_value(path)) return false;
    const KnownSend* send = path.control == Control::send ? find_send(path) : nullptr;
    if (send && surface_.upper(*column) != send->name) return false; // another stands there
    if (!turn.left_at && turn.dial.last_turn() != 0 && !turn.dial.is_over()) {
        turn.left_at = now;
        twist(turn.column, -turn.dial.last_turn(), out);
        turn.dial.give_up();
    }
    return turn.left_at && now - *turn.left_at < Dial::patience;
}

/// Each turn goes out only while the column is known to be the control's.
void Dialect::Engine::turn_columns(TimePoint now, DialectOutput& out) {
    struct News {
        ControlPath path;
        ControlValue value;
        ControlChanged::By by;
    };
    std::vector<News> news;
    for (auto& [path, turn] : pot_turns_) {
        if (turn.is_told || is_lost(path, turn, now, out)) continue;
        const auto shown = shown_value(path);
        if (!shown) turn.dial.give_up();
        if (const int ticks = turn.dial.tick(now); ticks != 0) twist(turn.column, ticks, out);
        if (!turn.dial.is_over()) continue;
        turn.is_told = true;
        if (!shown) {
            pot_steps_.erase(path);
            continue;
        }
        note_step(path, turn, *shown);
        const bool is_ours =
            turn.dial.state() != Dial::State::in_hand && turn.dial.is_undisturbed();
        news.push_back(
            {path, *shown, is_ours ? ControlChanged::By::us : ControlChanged::By::anybody});
    }
    for (const News& each : news) {
        note_shown(each.path, each.value);
        tell(each.path, each.value, now, out, each.by);
    }
}

/// As near as ticks and text allow; before a write of ours, where it would not be turned.
bool Dialect::Engine::pot_arrived(const ControlPath& path, const ControlValue& value,
                                  const ControlValue& target) const {
    const double away = std::abs(on_dial(value) - on_dial(target));
    const auto turn = pot_turns_.find(path);
    const bool is_ours = turn != pot_turns_.end() && turn->second.target == target
                         && turn->second.dial.state() == Dial::State::arrived;
    if (is_ours) return away <= turn->second.dial.tolerance() + position_rounding;
    if (path.control == Control::parameter) return nearly_equal(value, target);
    const double tick = highest_position / profile_.surface.send_ticks;
    const double tolerance = on_dial(target) <= 0.0 ? 0.5 : tick / 2.0;
    return away <= tolerance + position_rounding;
}

} // namespace prefade::mcu
