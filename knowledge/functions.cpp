#include "knowledge/functions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

using types::boolean, types::number, types::text;

/// Below this a strip counts as silent: the absolute gate of ITU-R BS.1770-4.
constexpr double silence_threshold = -70.0;

// ---- values ----------------------------------------------------------------------------------

Value known(double value, TimePoint at = TimePoint::max()) { return {value, Missing::none, at}; }
Value known(bool value, TimePoint at = TimePoint::max()) { return {value, Missing::none, at}; }
Value known(const char* value) = delete; // would become a bool
Value known(std::string_view value) { return {value, Missing::none, TimePoint::max()}; }
Value known(Duration span, TimePoint at = TimePoint::max()) {
    return known(std::chrono::duration<double>(span).count(), at);
}

Value of(const Known<bool>& control) {
    return control.value ? known(*control.value, control.at) : Value::unknown(Missing::not_told);
}
Value of(const Known<Decibel>& control) {
    return control.value ? known(control.value->value(), control.at)
                         : Value::unknown(Missing::not_told);
}
Value of(const Known<double>& told) {
    return told.value ? known(*told.value, told.at) : Value::unknown(Missing::not_told);
}

Duration span_of(double seconds) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

// ---- meters ----------------------------------------------------------------------------------

bool is_meant(const Reading& reading, const ReadingNeed& need) noexcept {
    return reading.kind == need.kind && reading.tap == need.tap;
}

/// All channels of the meter a rule needs that are fine enough, as one: the loudest of them.
struct Listening {
    const Strip& strip;
    const ReadingNeed& need;

    template <class Ask> std::optional<double> loudest(Ask ask) const {
        std::optional<double> found;
        for (const Meter& meter : strip.meters) {
            if (!is_meant(meter.latest, need) || meter.latest.resolution > need.coarsest) continue;
            const std::optional<double> value = ask(meter);
            if (value) found = found ? std::max(*found, *value) : *value;
        }
        return found;
    }
    TimePoint at() const {
        TimePoint newest{};
        for (const Meter& meter : strip.meters)
            if (is_meant(meter.latest, need)) newest = std::max(newest, meter.latest.at);
        return newest;
    }
};

/// `span`, but not back to before the transport last started: what was metered then is another take.
Duration since_roll(const Frame& frame, Duration span) {
    return frame.rolling_since ? std::min(span, frame.now - *frame.rolling_since) : span;
}

/// This long after a move a meter may still show the level before it: a message on its way, or the slow fall of the
/// meter itself, 12 to 20 dB a second on most (working practice: enough for a move of 6 to 10 dB).
constexpr Duration meter_settles = std::chrono::milliseconds(500);

/// Readings before this are of another level than the strip has now. Epoch: none is. A fader that automation rides is
/// part of the song: its motion makes no reading old, or a ridden strip would never be judged.
TimePoint level_since(const Strip& strip, Tap tap) noexcept {
    TimePoint moved{};
    if (tap == Tap::pre_fader || tap == Tap::post_fader) moved = strip.trim_moved_at;
    const bool is_ridden =
        strip.automation.value.value_or(AutomationMode::off) != AutomationMode::off;
    if (tap == Tap::post_fader && !is_ridden) moved = std::max(moved, strip.fader_moved_at);
    return moved == TimePoint{} ? moved : moved + meter_settles;
}

/// As since_roll, and not back to before the last move of what sets this level.
Duration since_move(const Asked& asked, Duration span) {
    return std::min(since_roll(asked.frame, span),
                    asked.frame.now - level_since(*asked.strip, asked.measure.need.tap));
}

Value over_span(const Asked& asked,
                std::optional<double> (*ask)(const PeakRing&, TimePoint, Duration),
                Duration (*limited)(const Asked&, Duration) = since_move) {
    const Frame& frame = asked.frame;
    const Listening listening{*asked.strip, asked.measure.need};
    if (const Missing why = missing_reading(*asked.strip, listening.need, frame.now);
        why != Missing::none)
        return Value::unknown(why);
    const Duration span = limited(asked, span_of(asked.measure.arguments[0]));
    if (span < Duration{}) return Value::unknown(Missing::too_few);
    const auto value =
        listening.loudest([&](const Meter& meter) { return ask(meter.recent, frame.now, span); });
    return value ? known(*value, listening.at()) : Value::unknown(Missing::too_few);
}

bool half_filled(const PeakRing& ring, TimePoint now, Duration span) {
    return 2 * static_cast<Duration::rep>(ring.filled(now, span)) * PeakRing::step >= span;
}

Value peak(const Asked& asked) {
    const Listening listening{*asked.strip, asked.measure.need};
    if (const Missing why = missing_reading(*asked.strip, listening.need, asked.frame.now);
        why != Missing::none)
        return Value::unknown(why);
    const auto value = listening.loudest([&](const Meter& meter) -> std::optional<double> {
        if (asked.frame.now - meter.latest.at > listening.need.max_age) return std::nullopt;
        if (meter.latest.at < level_since(*asked.strip, listening.need.tap)) return std::nullopt;
        return meter.latest.value;
    });
    return value ? known(*value, listening.at()) : Value::unknown(Missing::too_few);
}

Value peak_hold(const Asked& asked) {
    return over_span(asked, [](const PeakRing& ring, TimePoint now, Duration span) {
        return ring.maximum(now, span);
    });
}

Value mean_peak(const Asked& asked) {
    return over_span(asked, [](const PeakRing& ring, TimePoint now, Duration span) {
        return half_filled(ring, now, span) ? ring.mean(now, span) : std::nullopt;
    });
}

Value headroom(const Asked& asked) {
    Value held = peak_hold(asked);
    if (held.is_known()) held.held = -held.number();
    return held;
}

/// One reading in two seconds: hosts that tell changes only repeat a standing silence that rarely.
bool told_throughout(const PeakRing& ring, TimePoint now, Duration span) {
    return static_cast<Duration::rep>(ring.filled(now, span)) * std::chrono::seconds(2) >= span;
}

bool rolled_for(const Frame& frame, Duration span) {
    return frame.rolling_since && frame.now - *frame.rolling_since >= span;
}

Value is_silent(const Asked& asked) {
    const Duration span = span_of(asked.measure.arguments[0]);
    if (!rolled_for(asked.frame, span)) return Value::unknown(Missing::not_rolling);
    Value loudest = over_span(
        asked,
        [](const PeakRing& ring, TimePoint now, Duration s) {
            return told_throughout(ring, now, s) ? ring.maximum(now, s) : std::nullopt;
        },
        [](const Asked& a, Duration s) { return since_roll(a.frame, s); });
    if (loudest.is_known()) loudest.held = loudest.number() <= silence_threshold;
    return loudest;
}

Value level_jump(const Asked& asked) {
    const Frame& frame = asked.frame;
    const Duration now_span = span_of(asked.measure.arguments[0]);
    const Duration before_span = span_of(asked.measure.arguments[1]);
    if (!rolled_for(frame, now_span + before_span)) return Value::unknown(Missing::not_rolling);
    if (frame.now - level_since(*asked.strip, asked.measure.need.tap) < now_span + before_span)
        return Value::unknown(Missing::too_few);
    Value loudest = peak_hold(asked);
    if (!loudest.is_known()) return loudest;
    const Listening listening{*asked.strip, asked.measure.need};
    const TimePoint then = frame.now - now_span - PeakRing::step; // the steps before those
    const auto before = listening.loudest(
        [&](const Meter& meter) { return meter.recent.maximum(then, before_span); });
    if (!before) return Value::unknown(Missing::too_few);
    if (*before <= silence_threshold) return Value::unknown(Missing::undefined);
    loudest.held = loudest.number() - *before;
    return loudest;
}

Value age(const Asked& asked) {
    const Listening listening{*asked.strip, asked.measure.need};
    if (listening.at() == TimePoint{}) return Value::unknown(Missing::no_meter);
    return known(asked.frame.now - listening.at(), listening.at());
}

// ---- strip -----------------------------------------------------------------------------------

Value pan(const Asked& asked) {
    const Known<Pan>& told = asked.strip->pan;
    return told.value ? known(told.value->value() * 100.0, told.at)
                      : Value::unknown(Missing::not_told);
}

Value side(const Asked& asked) {
    if (!asked.strip->pan.value) return Value::unknown(Missing::not_told);
    const double position = asked.strip->pan.value->value();
    const std::string_view name = position < -0.005  ? "left"
                                  : position > 0.005 ? "right"
                                                     : "centre";
    return {name, Missing::none, asked.strip->pan.at};
}

Value automation(const Asked& asked) {
    const auto& told = asked.strip->automation;
    if (!told.value) return Value::unknown(Missing::not_told);
    return {name_in(automation_mode_names, *told.value), Missing::none, told.at};
}

Value fader_age(const Asked& asked) {
    if (!asked.strip->fader.value) return Value::unknown(Missing::not_told);
    return known(asked.strip->fader.age(asked.frame.now), asked.strip->fader.at);
}

Value hand_age(const Asked& asked) {
    const TimePoint at = asked.strip->hand_at;
    return at == TimePoint{} ? Value::unknown(Missing::not_told) : known(asked.frame.now - at, at);
}

bool is_track(StripKind kind) {
    return kind == StripKind::audio_track || kind == StripKind::midi_track;
}

/// What a solo leaves open is certain where no routing comes between: the soloed strips themselves and
/// what everything goes through are heard, and beside soloed tracks the other tracks are not. Else it
/// depends on who feeds whom, which hosts do not tell. (Ardour 7.3 tells a VCA's mute as one of its
/// members, and a solo as one of the busses that its sound goes through: measured.)
Value heard_beside_solo(const Strip& strip, bool only_tracks_soloed) {
    if (!strip.solo.value) return Value::unknown(Missing::not_told);
    if (*strip.solo.value || strip.kind == StripKind::master || strip.kind == StripKind::monitor)
        return known(true);
    if (is_track(strip.kind) && only_tracks_soloed) return known(false);
    return Value::unknown(Missing::behind_solo);
}

Value audible(const Asked& asked) {
    const Strip& strip = *asked.strip;
    if (!strip.mute.value) return Value::unknown(Missing::not_told);
    if (*strip.mute.value) return known(false);
    bool told = false, some_soloed = false, only_tracks = true;
    for (const Strip& one : asked.frame.session.strips) {
        told = told || one.solo.value.has_value();
        if (!one.solo.value || !*one.solo.value) continue;
        some_soloed = true;
        only_tracks = only_tracks && is_track(one.kind);
    }
    if (some_soloed) return heard_beside_solo(strip, only_tracks);
    return told ? known(true) : Value::unknown(Missing::not_told);
}

// ---- session, transport, brief ---------------------------------------------------------------

Value soloed(const Asked& asked) {
    bool told = false;
    for (const Strip& strip : asked.frame.session.strips) {
        if (strip.solo.value && *strip.solo.value) return known(true, strip.solo.at);
        told = told || strip.solo.value.has_value();
    }
    return told ? known(false) : Value::unknown(Missing::not_told);
}

Value rolling_for(const Asked& asked) {
    if (!asked.frame.session.transport.rolling.value) return Value::unknown(Missing::not_told);
    const auto& since = asked.frame.rolling_since;
    return known(since ? asked.frame.now - *since : Duration{});
}

constexpr auto itself = Function::Of::itself;
constexpr auto reading = Function::Of::reading;
constexpr auto difference = Function::Of::reading_difference;

constexpr std::array strip_functions{
    Function{Function::Owner::strip, "name", 0, text, itself,
             [](const Asked& a) { return known(std::string_view(a.strip->name)); },
             "its name in the host"},
    Function{Function::Owner::strip, "kind", 0, text, itself,
             [](const Asked& a) { return known(name_in(strip_kind_names, a.strip->kind)); },
             "\"audio track\", \"audio bus\", \"master\" ..."},
    Function{Function::Owner::strip, "role", 0, text, itself,
             [](const Asked& a) { return known(std::string_view(a.strip->role)); },
             "\"lead vocal\", \"kick\" ...; \"\" when there is none"},
    Function{Function::Owner::strip, "fader", 0, number(Unit::db), itself,
             [](const Asked& a) { return of(a.strip->fader); }, "level of the fader"},
    Function{Function::Owner::strip, "trim", 0, number(Unit::db), itself,
             [](const Asked& a) { return of(a.strip->trim); }, "gain before everything else"},
    Function{Function::Owner::strip, "pan", 0, number(Unit::percent), itself, pan,
             "-100 % is hard left, 100 % hard right"},
    Function{Function::Owner::strip, "side", 0, text, itself, side,
             "\"left\", \"right\" or \"centre\""},
    Function{Function::Owner::strip, "mute", 0, boolean, itself,
             [](const Asked& a) { return of(a.strip->mute); }, "is muted"},
    Function{Function::Owner::strip, "solo", 0, boolean, itself,
             [](const Asked& a) { return of(a.strip->solo); }, "is soloed"},
    Function{
        Function::Owner::strip, "audible", 0, boolean, itself, audible,
        "is part of what is heard: not muted, and not silenced by the solo of another; unknown "
        "where that takes the routing to tell",
        false, true},
    Function{Function::Owner::strip, "arm", 0, boolean, itself,
             [](const Asked& a) { return of(a.strip->arm); }, "is armed for recording"},
    Function{Function::Owner::strip, "automation", 0, text, itself, automation,
             "of the fader: \"off\", \"read\", \"touch\", \"latch\", \"write\""},
    Function{Function::Owner::strip, "automated", 0, boolean, itself,
             [](const Asked& a) {
                 return known(a.strip->automation.value
                              && *a.strip->automation.value != AutomationMode::off);
             },
             "the host says that its fader is under automation"},
    Function{Function::Owner::strip, "position", 0, number(Unit::none), itself,
             [](const Asked& a) { return known(static_cast<double>(a.strip->position)); },
             "in mixer order, from 0"},
    Function{Function::Owner::strip, "touched", 0, boolean, itself,
             [](const Asked& a) { return known(a.strip->touched); },
             "a hand is on a control of it now"},
    Function{Function::Owner::strip, "hidden", 0, boolean, itself,
             [](const Asked& a) { return known(a.strip->hidden); },
             "is hidden in the host's mixer"},
    Function{Function::Owner::strip, "sends", 0, number(Unit::none), itself,
             [](const Asked& a) { return known(static_cast<double>(a.strip->sends.size())); },
             "how many sends it has"},
    Function{Function::Owner::strip, "fader_age", 0, number(Unit::seconds), itself, fader_age,
             "time since the host last told the fader"},
    Function{Function::Owner::strip, "hand_age", 0, number(Unit::seconds), itself, hand_age,
             "time since a hand moved a control of it"},
    Function{Function::Owner::strip, "age", 0, number(Unit::seconds), itself, age,
             "time since the last reading", true},
    Function{Function::Owner::strip, "peak", 0, number(Unit::none), reading, peak,
             "the latest reading", true},
    Function{Function::Owner::strip, "peak_hold", 1, number(Unit::none), reading, peak_hold,
             "highest reading of the last time, at most since the transport started or its fader "
             "or trim was moved (automation riding the fader does not count)",
             true},
    Function{Function::Owner::strip, "mean_peak", 1, number(Unit::none), reading, mean_peak,
             "mean of the highest readings of each 100 ms", true},
    Function{Function::Owner::strip, "headroom", 1, number(Unit::none), difference, headroom,
             "from the highest reading of the last time up to full scale", true},
    Function{Function::Owner::strip, "is_silent", 1, boolean, itself, is_silent,
             "no reading above -70 for that long while rolling", true},
    Function{
        Function::Owner::strip, "level_jump", 2, number(Unit::none), difference, level_jump,
        "highest reading of the last time over the highest of the time before that; unknown after "
        "silence",
        true},
    Function{Function::Owner::strip, "low_cut", 0, number(Unit::hertz), itself, low_cut,
             "highest corner of the low cuts that work on it, 0 Hz when there is certainly none; "
             "unknown when a plugin on it is not known",
             false, true},
    Function{Function::Owner::strip, "inserts", 0, number(Unit::none), itself, inserts_of_kind,
             "how many plugins of a kind work on it; unknown when a plugin on it is not known",
             false, true, false, true},
};

constexpr std::array other_functions{
    Function{Function::Owner::send, "level", 0, number(Unit::db), itself,
             [](const Asked& a) { return of(a.frame.send->level); }, "level of the send"},
    Function{Function::Owner::send, "enabled", 0, boolean, itself,
             [](const Asked& a) { return of(a.frame.send->enabled); }, "is switched on"},
    Function{Function::Owner::send, "to", 0, text, itself,
             [](const Asked& a) { return known(std::string_view(a.frame.send->destination)); },
             "name of where it goes"},
    Function{Function::Owner::session, "soloed", 0, boolean, itself, soloed,
             "some strip is soloed"},
    Function{
        Function::Owner::session, "name", 0, text, itself,
        [](const Asked& a) { return known(std::string_view(a.frame.session.host.session_name)); },
        "name of the session; may be \"\""},
    Function{Function::Owner::transport, "rolling", 0, boolean, itself,
             [](const Asked& a) { return of(a.frame.session.transport.rolling); },
             "the song plays"},
    Function{Function::Owner::transport, "recording", 0, boolean, itself,
             [](const Asked& a) { return of(a.frame.session.transport.recording); }, "it records"},
    Function{Function::Owner::transport, "rolling_for", 0, number(Unit::seconds), itself,
             rolling_for, "time since it started; 0 s while stopped"},
    Function{Function::Owner::transport, "position", 0, number(Unit::seconds), itself,
             [](const Asked& a) { return of(a.frame.session.transport.seconds); },
             "of the playhead"},
    Function{Function::Owner::brief, "genre", 0, text, itself,
             [](const Asked& a) { return known(std::string_view(a.frame.brief.genre)); },
             "as the user said; \"\" when not"},
    Function{Function::Owner::brief, "platform", 0, text, itself,
             [](const Asked& a) { return known(std::string_view(a.frame.brief.platform)); },
             "as the user said; \"\" when not"},
    Function{Function::Owner::brief, "target", 0, number(Unit::lufs), itself,
             [](const Asked& a) {
                 const auto& target = a.frame.brief.target;
                 return target ? known(target->value()) : Value::unknown(Missing::not_set);
             },
             "loudness the master shall have"},
    Function{Function::Owner::brief, "tempo", 0, number(Unit::bpm), itself,
             [](const Asked& a) {
                 const auto& tempo = a.frame.brief.tempo;
                 return tempo ? known(*tempo) : Value::unknown(Missing::not_set);
             },
             "of the song"},
};

} // namespace

std::span<const Function> all_functions() {
    static const std::vector<Function> table = [] {
        std::vector<Function> all;
        for (const std::span<const Function> part :
             {std::span<const Function>(strip_functions), hearing_functions(), insert_functions(),
              std::span<const Function>(other_functions)})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const Function* find_function(Function::Owner owner, std::string_view name) {
    for (const Function& function : all_functions())
        if (function.owner == owner && function.name == name) return &function;
    return nullptr;
}

std::vector<std::string_view> function_names(Function::Owner owner) {
    std::vector<std::string_view> names;
    for (const Function& function : all_functions())
        if (function.owner == owner) names.push_back(function.name);
    return names;
}

Function::Owner owner_of(Subject subject) noexcept {
    switch (subject) {
    case Subject::send: return Function::Owner::send;
    case Subject::insert: return Function::Owner::insert;
    case Subject::session: return Function::Owner::session;
    case Subject::transport: return Function::Owner::transport;
    case Subject::brief: return Function::Owner::brief;
    default: return Function::Owner::strip;
    }
}

std::string_view described(Function::Owner owner) noexcept {
    switch (owner) {
    case Function::Owner::strip: return "a strip";
    case Function::Owner::send: return "a send";
    case Function::Owner::insert: return "an insert";
    case Function::Owner::session: return "the session";
    case Function::Owner::transport: return "the transport";
    case Function::Owner::brief: return "the brief";
    }
    return "?";
}

Unit unit_of_reading(MeterKind kind) noexcept {
    const std::string_view name = unit_of(kind);
    for (const Unit unit : {Unit::dbfs, Unit::dbtp, Unit::lufs})
        if (symbol(unit) == name) return unit;
    return Unit::db;
}

Type result_type(const Function& function, const std::optional<ReadingNeed>& need) {
    if (function.of == Function::Of::itself || !need) return function.result;
    const Unit unit = unit_of_reading(need->kind);
    return number(function.of == Function::Of::reading ? unit : difference_of(unit));
}

Missing missing_reading(const Strip& strip, const ReadingNeed& need, TimePoint now) noexcept {
    Missing why = Missing::no_meter;
    for (const Meter& meter : strip.meters) {
        const Reading& r = meter.latest;
        if (!is_meant(r, need)) continue;
        if (r.resolution > need.coarsest) {
            why = Missing::coarse;
            continue;
        }
        if (now - r.at <= need.max_age) return Missing::none;
        why = Missing::stale;
    }
    return why;
}

std::optional<Channel> only_side(const Strip& strip, const ReadingNeed& need) noexcept {
    std::optional<Channel> side;
    for (const Meter& meter : strip.meters) {
        if (!is_meant(meter.latest, need)) continue;
        if (side && *side != meter.latest.channel) return std::nullopt;
        side = meter.latest.channel;
    }
    return side == Channel::sum ? std::nullopt : side;
}

std::string signature(const Function& function) {
    std::string written(function.name);
    if (function.of_band) return written + "(from, to)";
    std::string words;
    for (const auto& [takes, what] :
         {std::pair{function.names_kind, "kind"}, std::pair{function.names_control, "control"},
          std::pair{function.names_unit, "unit"}})
        if (takes) (words += words.empty() ? "" : ", ") += what;
    if (!words.empty()) written += '(' + words + ')';
    if (function.arguments == 1) written += "(time)";
    if (function.arguments == 2) written += "(time, time before)";
    return written;
}

} // namespace prefade
