// Proofs and writes: what the brackets ask of Ardour. An address is ssid, number of plugin or send,
// and parameter: all of them shift, so each proof asks for the names behind them.
#include "connectors/ardour/engine.h"

#include <algorithm>
#include <array>

namespace prefade::ardour {
namespace {

struct Place {
    Ssid ssid{0};
    std::int32_t number{0}; ///< of the plugin or send, from 1; 0 for the strip's own controls
    std::uint16_t parameter{0};
};

Address packed(Place place) noexcept {
    return static_cast<Address>(place.ssid) << 32 | static_cast<Address>(place.number) << 16
           | place.parameter;
}

Place unpacked(Address address) noexcept {
    return {static_cast<Ssid>(address >> 32), static_cast<std::int32_t>(address >> 16 & 0xFFFF),
            static_cast<std::uint16_t>(address & 0xFFFF)};
}

/// Position of the thing `is` tells of, when no other there has its name.
template <class Thing, class IdType, class Name>
std::optional<std::size_t> single(const std::vector<Thing>& things, IdType id, Name name) {
    const auto found =
        std::find_if(things.begin(), things.end(), [&](const Thing& t) { return t.id == id; });
    if (found == things.end()) return std::nullopt;
    if (std::count_if(things.begin(), things.end(),
                      [&](const Thing& t) { return t.*name == (*found).*name; })
        != 1)
        return std::nullopt;
    return static_cast<std::size_t>(found - things.begin());
}

std::optional<std::size_t> single_insert(const KnownStrip& strip, InsertId id) {
    return single(strip.inserts, id, &KnownInsert::plugin);
}
std::optional<std::size_t> single_send(const KnownStrip& strip, SendId id) {
    return single(strip.sends, id, &KnownSend::destination);
}

bool is_on_insert(Control control) noexcept {
    return control == Control::parameter || control == Control::bypass;
}
bool is_on_send(Control control) noexcept {
    return control == Control::send || control == Control::send_enabled;
}

bool has_control(const KnownStrip& strip, Control control) noexcept {
    const StripKind kind = kind_of(strip.line.type);
    if (kind == StripKind::vca)
        return control == Control::fader || control == Control::mute || control == Control::solo;
    if (kind == StripKind::master) return control != Control::solo;
    return true;
}

const Parameter* parameter_of(const KnownStrip& strip, std::size_t slot, std::uint16_t number) {
    const auto& parameters = strip.inserts[slot].parameters;
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& p) { return p.number == number; });
    return found == parameters.end() ? nullptr : &*found;
}

} // namespace

std::string Dialect::Engine::impossible(const ControlPath& path) const {
    const KnownStrip* strip = mixer_.find(path.strip);
    if (!strip) return "strip " + std::to_string(path.strip.value) + " does not exist (any more)";
    const std::string of = " of \"" + strip->line.name + '"';
    if (mixer_.is_double(*strip))
        return "two strips are called \"" + strip->line.name + "\" and cannot be told apart";
    const StripKind kind = kind_of(strip->line.type);
    if (kind == StripKind::monitor || kind == StripKind::foldback || kind == StripKind::other)
        return '"' + strip->line.name + "\" is not mixed here: monitor and foldback are left alone";
    if (!has_control(*strip, path.control))
        return '"' + strip->line.name + "\" has no "
               + std::string(name_in(control_names, path.control));
    if (is_on_insert(path.control)) {
        const auto slot = single_insert(*strip, path.insert());
        if (!slot)
            return "that insert" + of
                   + " is gone, or another there has the same name and the two cannot be told "
                     "apart";
        if (path.control == Control::bypass) return {};
        const Parameter* parameter = parameter_of(*strip, *slot, path.parameter);
        if (!parameter)
            return "parameter " + std::to_string(path.parameter) + of
                   + " has not been read yet, or does not exist";
        if (parameter->output)
            return parameter->name + of + " is a reading of the plugin, not a control";
    }
    if (is_on_send(path.control) && !single_send(*strip, path.send()))
        return "that send" + of
               + " is gone, or another there has the same name and the two cannot be told apart";
    return {};
}

std::string Dialect::Engine::out_of_range(const Move& move) const {
    const auto* level = std::get_if<Decibel>(&move.target);
    if (!level) return {};
    const bool is_trim = move.path.control == Control::trim;
    const Decibel top = is_trim ? profile_.trim_top : profile_.fader_top;
    if (*level > top)
        return to_text(*level) + " is above Ardour's top of " + to_text(top)
               + ", where it would be clamped";
    if (is_trim && *level < -top)
        return to_text(*level) + " is below the lowest trim of " + to_text(-top);
    return {};
}

/// A lane that plays takes every value back, one that records would keep it: in touch and latch too
/// Ardour writes a plain set into it (7.3, measured).
std::string Dialect::Engine::automated(const ControlPath& path) const {
    constexpr std::array told{
        std::pair{Control::fader, Automated::fader}, std::pair{Control::trim, Automated::trim},
        std::pair{Control::pan, Automated::pan}, std::pair{Control::mute, Automated::mute}};
    const KnownStrip& strip = *mixer_.find(path.strip);
    for (const auto& [control, which] : told) {
        if (control != path.control) continue;
        const AutomationMode mode = strip.automation[static_cast<std::size_t>(which)];
        const std::string name = "the " + std::string(name_in(control_names, control)) + " of \""
                                 + strip.line.name + '"';
        if (mode == AutomationMode::read)
            return name + " plays its automation: Ardour ignores every other value"
                   + (control == Control::fader ? "; trim moves the whole line" : "");
        if (mode != AutomationMode::off)
            return name + " is in automation " + std::string(name_in(automation_mode_names, mode))
                   + ": a move would be recorded";
    }
    return {};
}

Result<void> Dialect::Engine::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    const Move& m = move.move();
    const auto refused = [](std::string why) {
        return Error{ErrorCode::refused, std::move(why), {}};
    };
    if (state_ != State::connected)
        return Error{ErrorCode::unavailable, "Ardour is not connected", {}};
    if (!fits(m.path.control, m.target))
        return Error{ErrorCode::internal, "a move whose value does not fit its control", {}};
    if (auto why = impossible(m.path); !why.empty()) return refused(std::move(why));
    if (auto why = out_of_range(m); !why.empty()) return refused(std::move(why));
    if (auto why = automated(m.path); !why.empty()) return refused(std::move(why));
    auto begun = brackets_.begin(move, now, out);
    carry_on(now, out);
    return begun;
}

// ---- proofs ---------------------------------------------------------------------------------

void Dialect::Engine::request_proof(Token token, const ControlPath& path, TimePoint,
                                    DialectOutput&) {
    ask_proof({{token}, path, 0});
}

/// Asks now, or once the list has been read again.
void Dialect::Engine::ask_proof(Wanted wanted) {
    if (held_ || list_wanted_ || inquiry_.has(Question::About::listing)) {
        unproved_.push_back(std::move(wanted));
        return;
    }
    const ControlPath& path = wanted.path;
    if (auto why = impossible(path); !why.empty()) {
        ready(wanted.tokens, {false, std::move(why), 0, {}});
        return;
    }
    const KnownStrip& strip = *mixer_.find(path.strip);
    Question question;
    if (path.control == Control::parameter)
        question = descriptor_question(strip, *single_insert(strip, path.insert()));
    else if (const OwnControl* own = own_control(path.control))
        question = framed(Question::About::proof, strip, {OscMessage{own->question, {}}});
    else
        question = parts_question(strip);
    question.about = Question::About::proof;
    question.tokens = std::move(wanted.tokens);
    question.path = path;
    question.tries = wanted.tries;
    inquiry_.ask(std::move(question));
}

Proof Dialect::Engine::proof_from(const Answer& answer, KnownStrip& strip, TimePoint now,
                                  DialectOutput& out) {
    const ControlPath& path = answer.question.path;
    const Ssid ssid = answer.question.ssid;
    Proof proof;
    if (const OwnControl* own = own_control(path.control)) {
        proof.value = value_in(answer.heard, *own);
        proof.same = proof.value.has_value();
        proof.mismatch = proof.same ? ""
                                    : '"' + strip.line.name + "\" tells no "
                                          + std::string(name_in(control_names, path.control));
        proof.address = packed({ssid, 0, 0});
        if (proof.value) tell(path, *proof.value, now, out);
        return proof;
    }
    proof.mismatch = "the inserts or sends of \"" + strip.line.name + "\" changed meanwhile";
    if (path.control == Control::parameter) {
        const auto slot = single_insert(strip, path.insert());
        if (!slot || !take_descriptor(answer, strip, *slot, now, out)) return proof;
        const Parameter* parameter = parameter_of(strip, *slot, path.parameter);
        if (!parameter) return proof;
        return {true,
                {},
                packed({ssid, static_cast<std::int32_t>(*slot) + 1, path.parameter}),
                *parameter->value.value};
    }
    const Parts told = take_parts(answer, strip, now, out);
    if (is_on_send(path.control)) {
        const auto slot = told.sends ? single_send(strip, path.send()) : std::nullopt;
        if (!slot) return proof;
        const KnownSend& send = strip.sends[*slot];
        proof.value =
            path.control == Control::send ? ControlValue{send.level} : ControlValue{send.enabled};
        proof.address = packed({ssid, static_cast<std::int32_t>(*slot) + 1, 0});
    } else {
        const auto slot = told.inserts ? single_insert(strip, path.insert()) : std::nullopt;
        if (!slot) return proof;
        proof.value = !strip.inserts[*slot].active;
        proof.address = packed({ssid, static_cast<std::int32_t>(*slot) + 1, 0});
    }
    proof.same = true;
    proof.mismatch.clear();
    return proof;
}

void Dialect::Engine::take_proof(const Answer& answer, TimePoint now, DialectOutput& out) {
    const Question& question = answer.question;
    if (!answer.complete) { // silence: perhaps the number is nobody's any more
        want_list();
        return;
    }
    KnownStrip* strip = mixer_.find(question.path.strip);
    Proof proof{false, "the strip is gone", 0, {}};
    if (strip) {
        const std::string& name = strip->line.name;
        const bool same = is_about(answer, *strip);
        if (same && !held_ && !list_wanted_)
            proof = proof_from(answer, *strip, now, out);
        else if (same)
            proof.mismatch = "the strips changed meanwhile";
        else
            proof.mismatch = "number " + std::to_string(question.ssid) + " is \""
                             + answer.name_after + "\", not \"" + name + '"';
        if (!same) want_list();
    }
    constexpr int most_tries = 3;
    if (!proof.same && question.tries < most_tries) { // things moved: once more, where they are now
        if (strip && !is_on_insert(question.path.control) && !is_on_send(question.path.control))
            want_list();
        unproved_.push_back({question.tokens, question.path, question.tries + 1});
    } else {
        ready(question.tokens, proof);
    }
}

void Dialect::Engine::ready(const std::vector<Token>& tokens, const Proof& proof) {
    for (const Token token : tokens) proofs_ready_.emplace_back(token, proof);
}

void Dialect::Engine::deliver_proofs(TimePoint now, DialectOutput& out) {
    if (!held_ && !list_wanted_ && !inquiry_.has(Question::About::listing))
        for (Wanted& wanted : std::exchange(unproved_, {})) ask_proof(std::move(wanted));
    while (!proofs_ready_.empty()) {
        auto ready = std::exchange(proofs_ready_, {});
        for (const auto& [token, proof] : ready) brackets_.proof(token, proof, now, out);
    }
}

// ---- writes ---------------------------------------------------------------------------------

void Dialect::Engine::write(const ControlPath& path, Address address, const ControlValue& value,
                            TimePoint, DialectOutput& out) {
    const Place place = unpacked(address);
    const auto send = [&](const char* to, std::vector<OscArgument> arguments) {
        out.to_send.emplace_back(OscMessage{to, std::move(arguments)});
    };
    const auto level = [&] { return told_of(std::get<Decibel>(value)); };
    const auto on = [&] { return std::get<bool>(value); };
    switch (path.control) {
    case Control::fader: return send("/strip/gain", {place.ssid, level()});
    case Control::trim: return send("/strip/trimdB", {place.ssid, level()});
    case Control::pan:
        return send("/strip/pan_stereo_position", {place.ssid, position_of(std::get<Pan>(value))});
    case Control::mute: return send("/strip/mute", {place.ssid, std::int32_t{on()}});
    case Control::solo: return send("/strip/solo", {place.ssid, std::int32_t{on()}});
    case Control::send: return send("/strip/send/gain", {place.ssid, place.number, level()});
    case Control::send_enabled:
        return send("/strip/send/enable", {place.ssid, place.number, on() ? 1.0F : 0.0F});
    case Control::bypass:
        return send(on() ? "/strip/plugin/deactivate" : "/strip/plugin/activate",
                    {place.ssid, place.number});
    case Control::parameter: {
        const KnownStrip* strip = mixer_.find(path.strip);
        const auto slot = strip ? single_insert(*strip, path.insert()) : std::nullopt;
        const Parameter* parameter = slot ? parameter_of(*strip, *slot, place.parameter) : nullptr;
        if (!parameter)
            return; // gone since it was proved: nothing is sent, and the bracket ends unproved
        const auto plain = static_cast<float>(plain_of(*parameter, std::get<Normalized>(value)));
        return send("/strip/plugin/parameter",
                    {place.ssid, place.number, std::int32_t{place.parameter}, plain});
    }
    }
}

/// A parameter takes the plain number of another in its own range, and leaves one outside of it (measured).
std::optional<ControlValue> Dialect::Engine::taken_by(const ControlPath& path,
                                                      const ControlPath& target,
                                                      const ControlValue& value) const {
    const auto* part = std::get_if<Normalized>(&value);
    const Parameter *meant = known_parameter(target), *hit = known_parameter(path);
    if (!part || !meant || !hit) return value;
    const auto plain = static_cast<double>(static_cast<float>(plain_of(*meant, *part)));
    if (!(plain >= hit->minimum && plain <= hit->maximum)) return std::nullopt;
    return normalized_of(*hit, hit->toggle ? (plain > hit->minimum ? hit->maximum : hit->minimum)
                                           : plain);
}

const Parameter* Dialect::Engine::known_parameter(const ControlPath& path) const {
    const KnownStrip* strip = mixer_.find(path.strip);
    if (!strip || path.control != Control::parameter) return nullptr;
    for (std::size_t slot = 0; slot < strip->inserts.size(); ++slot)
        if (strip->inserts[slot].id == path.insert())
            return parameter_of(*strip, slot, path.parameter);
    return nullptr;
}

bool Dialect::Engine::can_glide(const ControlPath& path) const {
    const KnownStrip* strip = mixer_.find(path.strip);
    const auto slot = strip && path.control == Control::parameter
                          ? single_insert(*strip, path.insert())
                          : std::nullopt;
    const Parameter* parameter = slot ? parameter_of(*strip, *slot, path.parameter) : nullptr;
    return !parameter || !(parameter->stepped || parameter->toggle);
}

std::vector<ControlPath> Dialect::Engine::bearers(const ControlPath& target, Address address,
                                                  TimePoint since) const {
    const Place place = unpacked(address);
    const std::size_t position = place.number < 1 ? 0 : static_cast<std::size_t>(place.number) - 1;
    std::vector<ControlPath> found;
    const auto add = [&](StripId strip, std::variant<std::monostate, InsertId, SendId> on) {
        const ControlPath path{strip, target.control, on, target.parameter};
        if (path != target) found.push_back(path);
    };
    for (const StripId id : mixer_.bearers(place.ssid, since)) {
        const KnownStrip* strip = mixer_.find(id);
        if (!strip || !has_control(*strip, target.control)) continue;
        if (is_on_insert(target.control)) {
            for (const auto insert : strip->inserts_past.of(position, since))
                add(id, InsertId{insert});
        } else if (is_on_send(target.control)) {
            for (const auto send : strip->sends_past.of(position, since)) add(id, SendId{send});
        } else {
            add(id, {});
        }
    }
    return found;
}

} // namespace prefade::ardour
