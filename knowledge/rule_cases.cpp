#include "knowledge/rule_cases.h"

#include "core/observation.h"
#include "knowledge/evaluator.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace prefade {

namespace {

using std::chrono::milliseconds;

constexpr Duration step = milliseconds(100);
/// Any time well after the clock's zero, which stands for "never".
constexpr TimePoint start{std::chrono::seconds(1000)};

const CaseStep* at(const CaseSeries& series, Duration now) {
    const CaseStep* held = nullptr;
    for (const CaseStep& entry : series)
        if (entry.from <= now) held = &entry;
    return held;
}

/// The step that begins at `now`: hosts tell changes, not states.
const CaseStep* begins(const CaseSeries& series, Duration now) {
    const CaseStep* held = at(series, now);
    return held && held->from > now - step ? held : nullptr;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) (text += text.empty() ? "" : ", ") += name;
    return text.empty() ? "nothing" : text;
}

class Playing {
public:
    Playing(const RuleBook& book, const Rule& rule, const RuleCase& played)
        : rule_(rule),
          case_(played),
          catalog_(book.plugins()),
          evaluator_(book.only(rule)) {
        tell(HostFound{case_.host, "", ""}, start);
        StripsListed listed;
        for (const CaseStrip& strip : case_.strips) {
            StripsListed::Entry entry;
            entry.id = id_of(strip);
            entry.name = strip.name;
            entry.kind = strip.kind;
            listed.strips.push_back(entry);
        }
        tell(listed, start);
        for (std::size_t i = 0; i < case_.strips.size(); ++i) {
            session_.strips[i].role = case_.strips[i].role;
            list_sends(case_.strips[i]);
            list_inserts(case_.strips[i]);
        }
    }

    std::optional<CaseFailure> run(const CaseWatch& watch) {
        for (Duration now{}; now <= case_.length + step; now += step) {
            now_ = now;
            play(now);
            (void)evaluator_.evaluate(session_, case_.brief, start + now);
            if (watch) watch(session_, evaluator_.firing());
            for (const CaseExpectation& expect : case_.expects)
                if (expect.at <= now && now < expect.at + step)
                    if (auto failure = compare(expect)) return failure;
        }
        return std::nullopt;
    }

private:
    static SendId send_id(const CaseStrip& strip, const CaseSend& send) {
        return {static_cast<std::uint32_t>(&send - strip.sends.data()) + 1};
    }
    StripId id_of(const CaseStrip& strip) const {
        return {static_cast<std::uint32_t>(&strip - case_.strips.data()) + 1};
    }
    void tell(Happening what, TimePoint when) { apply(session_, {when, std::move(what)}); }

    void list_sends(const CaseStrip& strip) {
        SendsListed listed{id_of(strip), {}, false};
        for (const CaseSend& send : strip.sends) {
            Send made;
            made.id = send_id(strip, send);
            made.destination = send.destination;
            listed.sends.push_back(std::move(made));
        }
        tell(listed, start);
    }

    static InsertId insert_id(const CaseStrip& strip, const CaseInsert& insert) {
        return {static_cast<std::uint32_t>(&insert - strip.inserts.data()) + 1};
    }

    void list_inserts(const CaseStrip& strip) {
        InsertsListed listed{id_of(strip), {}, false};
        for (const CaseInsert& insert : strip.inserts) {
            Insert made;
            made.id = insert_id(strip, insert);
            made.plugin = insert.plugin;
            made.slot = static_cast<std::uint16_t>(listed.inserts.size());
            listed.inserts.push_back(std::move(made));
        }
        tell(listed, start);
    }

    /// The parameters that the settings stand for, as a host without units tells them: 0 to 1 where the control has
    /// a law, else as text.
    void play_inserts(const CaseStrip& strip, Duration now) {
        for (const CaseInsert& insert : strip.inserts) {
            const InsertId id = insert_id(strip, insert);
            if (const CaseStep* s = begins(insert.bypassed, now); s && s->control)
                tell(ControlChanged{{id_of(strip), Control::bypass, id}, *s->control}, start + now);
            const bool is_news = std::any_of(
                insert.settings.begin(), insert.settings.end(),
                [&](const auto& setting) { return begins(setting.second, now) != nullptr; });
            if (!is_news || !catalog_) continue;
            const auto plugin = catalog_->reported(insert.plugin, case_.host);
            if (!plugin) continue;
            ParametersListed listed{id_of(strip), id, {}};
            for (const auto& [key, series] : insert.settings)
                if (const CaseStep* s = at(series, now))
                    listed.parameters.push_back(parameter(**plugin, key, s->word, now));
            tell(listed, start + now);
            numbers_[{id_of(strip), id}] = *plugin;
        }
    }

    static Parameter parameter(const Plugin& plugin, const std::string& key,
                               const std::string& word, Duration now) {
        Parameter made;
        made.name = "no parameter of " + plugin.name + " is called " + key;
        const std::size_t dash = key.find_last_not_of("0123456789");
        const PluginControl* control = plugin.find(key);
        const bool has_band = !control && dash + 1 < key.size() && key[dash] == '-';
        if (has_band) control = plugin.find(key.substr(0, dash));
        made.text = word;
        made.value = {Normalized{0.0}, start + now};
        if (!control || control->reported.empty()) return made;
        made.name = reported_name(*control, has_band ? std::stoul(key.substr(dash + 1)) : 0);
        made.number = static_cast<std::uint16_t>(control - plugin.controls.data());
        const auto amount = parse_amount(word);
        const auto in = amount ? in_unit(*amount, control->unit) : std::nullopt;
        const auto normalized = control->is_choice() ? control->from_choice(word)
                                : in                 ? control->from_unit(in->from)
                                                     : Result<Normalized>(Error{});
        if (!normalized) return made;
        made.value.value = *normalized;
        made.text.clear();
        return made;
    }

    static std::string reported_name(const PluginControl& control, std::size_t band) {
        if (control.reported.size() == control.bands && band > 0) return control.reported[band - 1];
        std::string name = control.reported.front();
        if (const std::size_t n = name.find("{n}"); n != std::string::npos)
            name.replace(n, 3, std::to_string(band));
        return name;
    }

    void play(Duration now) {
        const TimePoint when = start + now;
        if (case_.rolling.empty() && now == Duration{})
            tell(TransportChanged{true, false, {}}, when);
        if (const CaseStep* rolling = begins(case_.rolling, now); rolling && rolling->control)
            tell(TransportChanged{std::get<bool>(*rolling->control), false, {}}, when);
        play_sound(now);
        for (const CaseStrip& strip : case_.strips) {
            play_controls(strip, now);
            play_loudness(strip, now);
            play_inserts(strip, now);
            const CaseStep* reading = at(strip.meter, now);
            if (!reading || !reading->number) continue;
            const ReadingNeed& need = *rule_.needs.reading;
            tell(Metered{id_of(strip),
                         {need.kind, Channel::sum, need.tap, *reading->number, Decibel{0.1}, when}},
                 when);
        }
    }

    void play_loudness(const CaseStrip& strip, Duration now) {
        const TimePoint when = start + now;
        for (const auto& [series, kind] : {std::pair(&strip.short_term, MeterKind::lufs_short_term),
                                           std::pair(&strip.integrated, MeterKind::lufs_integrated),
                                           std::pair(&strip.true_peak, MeterKind::true_peak)})
            if (const CaseStep* reading = at(*series, now); reading && reading->number)
                tell(Metered{id_of(strip),
                             {kind, Channel::sum, Tap::post_fader, *reading->number, Decibel{0.1},
                              when}},
                     when);
    }

    /// Tones and who hides whom: as a source brings them, all at once.
    void play_sound(Duration now) {
        SpectraHeard heard{{}, Tap::post_fader, std::chrono::duration<double>(step).count()};
        for (const CaseStrip& strip : case_.strips)
            if (strip.tone) heard.strips.push_back({id_of(strip), *strip.tone});
        if (heard.strips.empty()) return;
        tell(heard, start + now);
        const auto id = [&](const std::string& name) {
            for (const CaseStrip& strip : case_.strips)
                if (strip.name == name) return id_of(strip);
            return StripId{};
        };
        MaskingHeard masking;
        for (const CaseMasking& each : case_.masking) {
            Masking conflict;
            conflict.masker = id(each.masker);
            conflict.target = id(each.target);
            conflict.low = conflict.centre = conflict.high = each.centre;
            conflict.together = 1.0;
            conflict.share = each.share;
            conflict.mover = id(each.mover);
            conflict.gain = Decibel{-3.0};
            conflict.q = 1.0;
            conflict.share_after = each.share / 2.0;
            masking.conflicts.push_back(conflict);
        }
        tell(masking, start + now);
    }

    void play_controls(const CaseStrip& strip, Duration now) {
        const TimePoint when = start + now;
        const StripId id = id_of(strip);
        const auto control = [&](const CaseSeries& series, ControlPath path) {
            if (const CaseStep* s = begins(series, now); s && s->control)
                tell(ControlChanged{path, *s->control}, when);
        };
        control(strip.trim, {id, Control::trim});
        control(strip.fader, {id, Control::fader});
        control(strip.pan, {id, Control::pan});
        control(strip.mute, {id, Control::mute});
        control(strip.solo, {id, Control::solo});
        for (const CaseSend& send : strip.sends) {
            control(send.level, {id, Control::send, send_id(strip, send)});
            control(send.enabled, {id, Control::send_enabled, send_id(strip, send)});
        }
        if (const CaseStep* s = begins(strip.arm, now); s && s->control)
            tell(ArmChanged{id, std::get<bool>(*s->control)}, when);
        if (const CaseStep* s = begins(strip.automation, now); s && !s->word.empty())
            tell(AutomationChanged{id, *value_in(automation_mode_names, s->word)}, when);
    }

    std::string name_of(const Advice& advice) const {
        if (rule_.scope == Scope::session || advice.about.empty()) return "session";
        const Strip* strip = session_.find(advice.about.front().strip);
        return strip ? strip->name : "session";
    }

    std::optional<CaseFailure> compare(const CaseExpectation& expect) const {
        const std::string when =
            " at "
            + to_text(Quantity{std::chrono::duration<double>(expect.at).count(), Unit::seconds});
        std::vector<std::string> firing;
        for (const Advice& advice : evaluator_.firing()) firing.push_back(name_of(advice));
        std::sort(firing.begin(), firing.end());
        firing.erase(std::unique(firing.begin(), firing.end()), firing.end());
        if (firing != expect.fires)
            return CaseFailure{expect.line, "fires" + when + ": " + listed(expect.fires),
                               listed(firing) + why_not(when)};
        for (const Advice& advice : evaluator_.firing())
            if (advice.says.find(expect.says) == std::string::npos)
                return CaseFailure{expect.line, "says" + when + ": ..." + expect.says + "...",
                                   advice.says};
        if (expect.checks_moves && !evaluator_.firing().empty()) {
            const std::vector<std::string> moves = moves_of(evaluator_.firing().front());
            if (moves != expect.moves)
                return CaseFailure{expect.line, "suggests" + when + ": " + listed(expect.moves),
                                   listed(moves)};
        }
        return std::nullopt;
    }

    std::vector<std::string> moves_of(const Advice& advice) const {
        std::vector<std::string> moves;
        for (const Move& move : advice.suggests)
            moves.push_back(move.path.control == Control::parameter
                                ? setting_of(move)
                                : std::string(name_in(control_names, move.path.control)) + ' '
                                      + to_text(move.target));
        return moves;
    }

    /// "threshold -20 dB": in the unit of the control, whose number is its place in the entry.
    std::string setting_of(const Move& move) const {
        const auto plugin = numbers_.find({move.path.strip, move.path.insert()});
        if (plugin == numbers_.end()) return "a plugin that is not known";
        const PluginControl& control = plugin->second->controls.at(move.path.parameter);
        const Normalized target = std::get<Normalized>(move.target);
        const auto choice = control.choice_at(target);
        if (choice) return control.id + ' ' + *choice;
        const auto value = control.to_unit(target);
        return value ? control.id + ' ' + to_text(std::round(*value * 100.0) / 100.0, control.unit)
                     : control.id + " that cannot be told";
    }

    /// What it could not say just then, for the one who wrote the case.
    std::string why_not(const std::string& when) const {
        std::string text;
        for (const CannotSay& cannot : evaluator_.cannot_say(session_, case_.brief, start + now_)) {
            const Strip* strip = session_.find(cannot.strip);
            text += "; cannot say for " + (strip ? strip->name : "the session") + when + ": "
                    + cannot.reason;
        }
        return text;
    }

    const Rule& rule_;
    const RuleCase& case_;
    std::shared_ptr<const PluginCatalog> catalog_;
    std::map<std::pair<StripId, InsertId>, const Plugin*>
        numbers_; ///< of what has told its parameters
    Session session_;
    Evaluator evaluator_;
    Duration now_{};
};

} // namespace

std::optional<CaseFailure> run_case(const RuleBook& book, const Rule& rule, const RuleCase& played,
                                    const CaseWatch& watch) {
    return Playing(book, rule, played).run(watch);
}

} // namespace prefade
