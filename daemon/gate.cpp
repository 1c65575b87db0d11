#include "daemon/gate.h"

#include <algorithm>
#include <cmath>

namespace prefade {
namespace {

constexpr Milliseconds longest_glide{3'600'000.0}; // as rule files and JSON have it

std::optional<Capability> needed_for(Control control) {
    switch (control) {
    case Control::trim: return Capability::write_trim;
    case Control::fader: return Capability::write_fader;
    case Control::pan: return Capability::write_pan;
    case Control::mute: return Capability::write_mute;
    case Control::solo: return Capability::write_solo;
    case Control::send:
    case Control::send_enabled: return Capability::write_send;
    case Control::parameter: return Capability::write_parameter;
    case Control::bypass: return Capability::write_bypass;
    }
    return std::nullopt;
}

/// A control has one path: pending moves and the rate limit are looked up by it.
bool is_canonical(const ControlPath& path) {
    switch (path.control) {
    case Control::parameter: return static_cast<bool>(path.insert());
    case Control::bypass: return path.insert() && path.parameter == 0;
    case Control::send:
    case Control::send_enabled: return path.send() && path.parameter == 0;
    default: return std::holds_alternative<std::monostate>(path.on) && path.parameter == 0;
    }
}

std::string seconds_text(Duration d) {
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

/// Empty when the parameter can take `part`. What the host itself said before (undo) goes back as it was.
std::string out_of_range(const Parameter* parameter, Normalized part, Source source,
                         const std::string& name) {
    if (!(part.value() >= 0.0 && part.value() <= 1.0))
        return name + ": outside the parameter's range";
    if (parameter && parameter->output) return name + " is a reading of the plugin, not a control";
    if (parameter && !parameter->value.is_known() && parameter->displayed.is_known())
        return name + ": its range is not known, only what its display shows";
    if (parameter && parameter->toggle && part.value() != 0.0 && part.value() != 1.0
        && source != Source::undo)
        return name + " is a switch: on or off";
    return {};
}

/// Empty when the parameter can be brought to what its display is to show: a number, where no range is known. What it then
/// shows is read back.
std::string not_displayed(const Parameter* parameter, Displayed number, const std::string& name) {
    if (!std::isfinite(number.value())) return name + ": not a number";
    if (parameter && parameter->output) return name + " is a reading of the plugin, not a control";
    if (parameter && parameter->value.is_known())
        return name + " has a range: it is set within that, not by what a display shows";
    return {};
}

/// Empty when the target lies in the range of its control.
std::string out_of_range(const Move& move, const GateView& view) {
    const std::string name = view.session.describe(move.path);
    if (!fits(move.path.control, move.target))
        return name + " does not take " + to_text(move.target);
    if (!(move.glide >= Milliseconds{0.0} && move.glide <= longest_glide))
        return name + ": a glide takes 0 s to 60 min";
    if (const auto* level = std::get_if<Decibel>(&move.target)) {
        if (std::isnan(level->value()) || level->value() > 1000.0) return name + ": not a level";
        const Decibel top = move.path.control == Control::trim ? view.capabilities.trim_top
                                                               : view.capabilities.fader_top;
        if (*level > top + Decibel{0.05})
            return name + ": " + to_text(*level) + " is above the host's top " + to_text(top)
                   + "; ask for that or less";
        if (move.path.control == Control::trim && *level < -top - Decibel{0.05})
            return name + ": " + to_text(*level) + " is below the host's lowest trim "
                   + to_text(-top);
    }
    if (const auto* pan = std::get_if<Pan>(&move.target); pan && !(std::abs(pan->value()) <= 1.0))
        return name + ": a pan lies between -1 (left) and +1 (right)";
    if (const auto* part = std::get_if<Normalized>(&move.target))
        return out_of_range(view.session.parameter(move.path), *part, move.source, name);
    if (const auto* displayed = std::get_if<Displayed>(&move.target))
        return not_displayed(view.session.parameter(move.path), *displayed, name);
    return {};
}

bool above_ceiling(const Move& move, const GateView& view) {
    const auto* level = std::get_if<Decibel>(&move.target);
    return level && move.source != Source::undo && move.path.control != Control::trim
           && *level > view.policy.ceiling;
}

Decibel change(const ControlValue& from, const ControlValue& to) {
    const auto *a = std::get_if<Decibel>(&from), *b = std::get_if<Decibel>(&to);
    return a && b ? distance(*a, *b) : Decibel{0.0};
}

Verdict refused(std::string reason) { return {Verdict::Kind::refused, std::move(reason)}; }

/// What nobody clicked on: allowed in mode auto for what the policy names, else asked.
Verdict judge_automatic(const Move& move, const GateView& view) {
    const Strip& strip = *view.session.find(move.path.strip);
    if (view.mode != Mode::automatic || move.source == Source::api)
        return {Verdict::Kind::needs_approval, "mode " + std::string(name_in(mode_names, view.mode))
                                                   + ": a person approves each move"};
    if (!std::holds_alternative<Decibel>(move.target))
        return {Verdict::Kind::needs_approval,
                view.session.describe(move.path) + " is not set in dB: no step limit binds it"};
    if (!covers(view.policy, strip, move.path.control))
        return {Verdict::Kind::needs_approval,
                view.session.describe(move.path) + " is not among what the policy lets auto move"};
    if (move.path.control == Control::fader && strip.automation.value == AutomationMode::read)
        return {Verdict::Kind::needs_approval,
                "the fader of \"" + strip.name
                    + "\" follows its automation and would take the value back; "
                      "trim moves the whole line"};
    return {Verdict::Kind::allowed, {}};
}

/// Step and rate limits bind what no person chose.
std::string over_limit(const Move& move, const GateView& view, const ControlValue& current) {
    const Decibel step = change(current, move.target);
    if (!(step <= view.policy.step + Decibel{0.005}))
        return "a step of " + to_text(step) + " is above the limit of " + to_text(view.policy.step)
               + " a move";
    if (!(view.moved_last_minute + step <= view.policy.per_minute + Decibel{0.005}))
        return "with " + to_text(view.moved_last_minute)
               + " in the last minute this passes the limit of " + to_text(view.policy.per_minute)
               + " a minute";
    return {};
}

/// Everything that binds every source; empty when nothing speaks against the move.
std::string objection(const Move& move, const GateView& view, TimePoint now) {
    const Session& session = view.session;
    const Strip* strip = session.find(move.path.strip);
    if (session.host.state != HostState::connected) return "no DAW is connected";
    if (!strip)
        return "strip " + std::to_string(move.path.strip.value) + " does not exist (any more)";
    if (!is_canonical(move.path)) return "no control is named by this path";
    const auto since = session.identity_since(move.path);
    if (!since) return session.describe(move.path) + " does not exist (any more)";
    if (*since > move.epoch || move.epoch > session.epoch)
        return session.describe(move.path)
               + " was renamed, exchanged or moved since this was thought up";
    if (const auto need = needed_for(move.path.control); need && !view.capabilities.has(*need))
        return "this host cannot: " + std::string(name_in(capability_names, *need));
    if (auto reason = out_of_range(move, view); !reason.empty()) return reason;
    const auto current = session.value(move.path);
    if (!current) return "the present value of " + session.describe(move.path) + " is not known";
    if (!view.capabilities.has(Capability::sees_all_strips)
        && !current->is_fresh(now, view.policy.value_age.span()))
        return "the value of " + session.describe(move.path) + " was last seen "
               + seconds_text(current->age(now)) + " ago";
    if (strip->touched) return "a hand is on \"" + strip->name + '"';
    if (strip->hand_at != TimePoint{} && now - strip->hand_at < view.policy.hand_pause.span())
        return "a hand moved \"" + strip->name + "\" " + seconds_text(now - strip->hand_at)
               + " ago; nothing is written for " + seconds_text(view.policy.hand_pause.span())
               + " after that";
    if (view.pending) return "another move of " + session.describe(move.path) + " is under way";
    if (session.transport.recording.value.value_or(false)) return "the DAW is recording";
    return {};
}

/// In touch too: Ardour 7.3 writes a plain set into the lane there (measured).
std::string automation_objection(const Move& move, const GateView& view) {
    const Strip& strip = *view.session.find(move.path.strip);
    if (move.path.control != Control::fader || !strip.automation.value) return {};
    const AutomationMode mode = *strip.automation.value;
    if (mode == AutomationMode::write || mode == AutomationMode::latch
        || mode == AutomationMode::touch)
        return "the fader of \"" + strip.name + "\" is in automation "
               + std::string(name_in(automation_mode_names, mode)) + ": a move would be recorded";
    return {};
}

} // namespace

Verdict Gate::judge(const Move& move, const GateView& view, bool approved_by_user, TimePoint now) {
    if (auto reason = objection(move, view, now); !reason.empty())
        return refused(std::move(reason));
    if (auto reason = automation_objection(move, view); !reason.empty())
        return refused(std::move(reason));
    if (above_ceiling(move, view))
        return refused(view.session.describe(move.path) + ": " + to_text(move.target)
                       + " is above the policy's ceiling " + to_text(view.policy.ceiling));
    const ControlValue current = *view.session.value(move.path)->value;
    if (view.mode == Mode::watch && move.source != Source::undo)
        return refused("mode watch: nothing is moved; `prefade mode ask` allows it");
    const bool nobody_chose =
        view.mode == Mode::automatic && !approved_by_user && move.source != Source::undo;
    if (nobody_chose || move.source == Source::model || move.source == Source::api)
        if (auto reason = over_limit(move, view, current); !reason.empty())
            return refused(std::move(reason));
    if (approved_by_user) return {Verdict::Kind::allowed, {}};
    return judge_automatic(move, view);
}

std::optional<ApprovedMove> Gate::approve(const Move& move, const GateView& view,
                                          bool approved_by_user, TimePoint now, Verdict& verdict) {
    verdict = judge(move, view, approved_by_user, now);
    if (verdict.kind != Verdict::Kind::allowed) return std::nullopt;
    return ApprovedMove{move, *view.session.value(move.path)->value,
                        approved_by_user ? "user" : "mode auto", now};
}

} // namespace prefade
