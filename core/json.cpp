// Values to JSON. The way back is in json_read.cpp.
#include "core/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace prefade {
namespace {

constexpr Names<ErrorCode, 8> error_code_names{{{ErrorCode::invalid, "invalid"},
                                                {ErrorCode::not_found, "not_found"},
                                                {ErrorCode::ambiguous, "ambiguous"},
                                                {ErrorCode::refused, "refused"},
                                                {ErrorCode::unsupported, "unsupported"},
                                                {ErrorCode::unavailable, "unavailable"},
                                                {ErrorCode::io, "io"},
                                                {ErrorCode::internal, "internal"}}};

/// JSON has no infinities: silence is a word, and so is what should never be.
Json number(double value) {
    if (std::isfinite(value)) return value;
    if (std::isnan(value)) return nullptr;
    return value < 0.0 ? "-inf" : "inf";
}

/// To 1/`parts`: what is measured or shown, never what is written back.
Json rounded(double value, double parts) {
    if (!std::isfinite(value)) return number(value);
    const double whole = std::round(value * parts) / parts;
    return whole == 0.0 ? 0.0 : whole; // no -0.0
}

Json age_ms(TimePoint at, TimePoint now) {
    return std::llround(Milliseconds::of(now - at).value());
}

/// One member of an object under construction; the value is moved out of it.
struct Member {
    std::string_view key;
    mutable Json value;
};
/// What Json({{...}}) makes, without a list of lists on the way: a snapshot is made 20 times a second.
Json object(std::initializer_list<Member> members) {
    Json::object_t made;
    for (const Member& member : members)
        made.emplace(std::string(member.key), std::move(member.value));
    return made;
}

Json plain(double value) { return number(value); }
Json plain(bool value) { return value; }
Json plain(Decibel level) { return rounded(level.value(), 1e4); }
Json plain(Pan pan) { return rounded(pan.value(), 1e4); }
Json plain(AutomationMode mode) { return name_in(automation_mode_names, mode); }

/// The value alone; null when it is not known.
template <class T> Json known(const Known<T>& value) {
    return value.value ? plain(*value.value) : Json(nullptr);
}

template <class T> Json id_or_null(Id<T> id) { return id ? Json(id.value) : Json(nullptr); }

Json time_or_null(WallTime at) { return at == WallTime{} ? Json(nullptr) : Json(to_iso8601(at)); }

/// The text of an object under construction: a view is told every strip 20 times a second.
class Text {
public:
    explicit Text(std::string& into) : into_(into) { into_ += '{'; }
    /// A number, true, false, null or a short word.
    void put(std::string_view key, const Json& value) {
        name(key);
        char digits[32];
        const auto number = [&](auto held) {
            into_.append(digits, std::to_chars(digits, digits + sizeof digits, held).ptr);
        };
        if (value.is_number_unsigned())
            number(value.get<std::uint64_t>());
        else if (value.is_number_integer())
            number(value.get<std::int64_t>());
        else if (value.is_number_float())
            number(value.get<double>());
        else
            into_ += to_line(value);
    }
    void word(std::string_view key, std::string_view text) {
        name(key);
        const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
            return c >= ' ' && c <= '~' && c != '"' && c != '\\';
        });
        if (is_plain)
            ((into_ += '"') += text) += '"';
        else
            into_ += to_line(text);
    }
    template <class Items, class Describe>
    void list(std::string_view key, const Items& items, Describe describe) {
        name(key);
        into_ += '[';
        bool is_first = true;
        for (const auto& item : items) {
            if (!is_first) into_ += ',';
            is_first = false;
            Text one(into_);
            describe(one, item);
            one.end();
        }
        into_ += ']';
    }
    void end() { into_ += '}'; }

private:
    void name(std::string_view key) {
        if (!is_first_) into_ += ',';
        is_first_ = false;
        ((into_ += '"') += key) += "\":";
    }

    std::string& into_;
    bool is_first_{true};
};

Json maximum_10s(const Meter& meter, TimePoint now) {
    const auto maximum = meter.recent.maximum(now, PeakRing::step * PeakRing::steps);
    return maximum ? rounded(*maximum, 100.0) : Json(nullptr);
}

/// What a view shows of a strip; each member is to_json's. A switch is told when it is on: most are not, and a view
/// reads this many times a second.
void describe_in_brief(Text& out, const Strip& strip, TimePoint now) {
    out.put("id", strip.id.value);
    out.word("name", strip.name);
    out.word("kind", name_in(strip_kind_names, strip.kind));
    out.word("role", strip.role);
    out.put("fader_db", known(strip.fader));
    out.put("pan", known(strip.pan));
    if (strip.automation.value)
        out.word("automation", name_in(automation_mode_names, *strip.automation.value));
    const std::pair<std::string_view, bool> switches[] = {{"hidden", strip.hidden},
                                                          {"mute", strip.mute.value == true},
                                                          {"solo", strip.solo.value == true},
                                                          {"arm", strip.arm.value == true},
                                                          {"touched", strip.touched}};
    for (const auto& [name, is_on] : switches)
        if (is_on) out.put(name, true);
    out.list("readings", strip.meters, [&](Text& one, const Meter& meter) {
        const Reading& reading = meter.latest;
        one.word("kind", name_in(meter_kind_names, reading.kind));
        one.put("value", rounded(reading.value, 100.0));
        one.word("unit", unit_of(reading.kind));
        one.put("resolution_db", number(reading.resolution.value()));
        one.put("age_ms", age_ms(reading.at, now));
        one.put("maximum_10s", maximum_10s(meter, now));
    });
}

Json traffic_json(const WireTraffic& traffic) {
    return object({{"received_per_second", rounded(traffic.received_per_second, 10.0)},
                   {"sent_per_second", rounded(traffic.sent_per_second, 10.0)},
                   {"received", traffic.received},
                   {"sent", traffic.sent},
                   {"malformed", traffic.malformed},
                   {"dropped", traffic.dropped}});
}

void merge(Json& into, Json from) {
    for (auto& [key, value] : from.items()) into[key] = std::move(value);
}

} // namespace

Json to_json(Decibel level) { return number(level.value()); }

Json to_json(const ControlValue& value) {
    if (const auto* level = std::get_if<Decibel>(&value))
        return object({{"db", number(level->value())}});
    if (const auto* pan = std::get_if<Pan>(&value)) return object({{"pan", number(pan->value())}});
    if (const auto* on = std::get_if<bool>(&value)) return object({{"on", *on}});
    if (const auto* shown = std::get_if<Displayed>(&value))
        return object({{"displayed", number(shown->value())}});
    return object({{"normalized", number(std::get<Normalized>(value).value())}});
}

Json to_json(const ControlPath& path) {
    Json json = {{"strip", path.strip.value}, {"control", name_in(control_names, path.control)}};
    if (const auto* insert = std::get_if<InsertId>(&path.on)) json["insert"] = insert->value;
    if (const auto* send = std::get_if<SendId>(&path.on)) json["send"] = send->value;
    if (path.control == Control::parameter) json["parameter"] = path.parameter;
    return json;
}

Json to_json(const Reading& reading, TimePoint now) {
    return object({{"kind", name_in(meter_kind_names, reading.kind)},
                   {"value", rounded(reading.value, 100.0)},
                   {"unit", unit_of(reading.kind)},
                   {"channel", name_in(channel_names, reading.channel)},
                   {"tap", name_in(tap_names, reading.tap)},
                   {"resolution_db", number(reading.resolution.value())},
                   {"age_ms", age_ms(reading.at, now)}});
}

Json to_json(const Parameter& parameter, TimePoint now) {
    const bool read = parameter.value.is_known(), shown = parameter.displayed.is_known();
    const auto range = [&](double end) { return read ? number(end) : Json(nullptr); };
    const auto age = read    ? age_ms(parameter.value.at, now)
                     : shown ? age_ms(parameter.displayed.at, now)
                             : Json(nullptr);
    return object({{"number", parameter.number},
                   {"name", parameter.name},
                   {"value", read    ? number(parameter.plain)
                             : shown ? number(parameter.displayed.value->value())
                                     : Json(nullptr)},
                   {"unit", parameter.unit},
                   {"text", parameter.text},
                   {"normalized", read ? number(parameter.value.value->value()) : Json(nullptr)},
                   {"minimum", range(parameter.minimum)},
                   {"maximum", range(parameter.maximum)},
                   {"logarithmic", parameter.logarithmic},
                   {"stepped", parameter.stepped},
                   {"toggle", parameter.toggle},
                   {"output", parameter.output},
                   {"age_ms", age}});
}

Json to_json(const Strip& strip, TimePoint now, bool with_parameters) {
    Json sends = Json::array(), inserts = Json::array(), readings = Json::array();
    for (const Send& send : strip.sends)
        sends.push_back(object({{"id", send.id.value},
                                {"destination", send.destination},
                                {"slot", send.slot},
                                {"level_db", known(send.level)},
                                {"enabled", known(send.enabled)}}));
    for (const Insert& insert : strip.inserts) {
        inserts.push_back(object({{"id", insert.id.value},
                                  {"plugin", insert.plugin},
                                  {"slot", insert.slot},
                                  {"bypassed", known(insert.bypassed)}}));
        if (!with_parameters) continue;
        Json& parameters = inserts.back()["parameters"] = Json::array();
        for (const Parameter& parameter : insert.parameters)
            parameters.push_back(to_json(parameter, now));
    }
    for (const Meter& meter : strip.meters) {
        readings.push_back(to_json(meter.latest, now));
        readings.back()["maximum_10s"] = maximum_10s(meter, now);
    }
    return object(
        {{"id", strip.id.value},
         {"name", strip.name},
         {"name_is_short", strip.name_is_short},
         {"kind", name_in(strip_kind_names, strip.kind)},
         {"role", strip.role},
         {"role_set_by_user", strip.role_set_by_user},
         {"position", strip.position},
         {"hidden", strip.hidden},
         {"trim_db", known(strip.trim)},
         {"fader_db", known(strip.fader)},
         {"fader_age_ms", strip.fader.is_known() ? age_ms(strip.fader.at, now) : Json(nullptr)},
         {"pan", known(strip.pan)},
         {"automation", known(strip.automation)},
         {"mute", known(strip.mute)},
         {"solo", known(strip.solo)},
         {"arm", known(strip.arm)},
         {"touched", strip.touched},
         {"sends", std::move(sends)},
         {"inserts", std::move(inserts)},
         {"readings", std::move(readings)}});
}

Json to_json(const Host& host, TimePoint now) {
    return object(
        {{"name", host.name},
         {"version", host.version},
         {"address", host.address},
         {"session", host.session_name},
         {"demo", host.demo},
         {"progress", host.progress},
         {"state", name_in(host_state_names, host.state)},
         {"state_age_ms", host.since == TimePoint{} ? Json(nullptr) : age_ms(host.since, now)}});
}

Json to_json(const Transport& transport, TimePoint now) {
    return object({{"rolling", known(transport.rolling)},
                   {"recording", known(transport.recording)},
                   {"seconds", known(transport.seconds)},
                   {"age_ms", transport.rolling.is_known() ? age_ms(transport.rolling.at, now)
                                                           : Json(nullptr)}});
}

Json to_json(const Capabilities& capabilities) {
    Json can = Json::array();
    for (const auto& [capability, name] : capability_names)
        if (capabilities.has(capability)) can.push_back(name);
    return object({{"can", std::move(can)},
                   {"bank_width", capabilities.bank_width},
                   {"meter_interval_ms", number(capabilities.meter_interval.value())},
                   {"fader_top_db", number(capabilities.fader_top.value())},
                   {"trim_top_db", number(capabilities.trim_top.value())},
                   {"fader_step_db", number(capabilities.fader_step.value())},
                   {"pan_step", number(capabilities.pan_step)}});
}

Json to_json(const Evidence& evidence, TimePoint now) {
    return object({{"strip", id_or_null(evidence.strip)},
                   {"measure", evidence.measure},
                   {"value", evidence.is_switch ? Json(evidence.value != 0.0)
                                                : Json(rounded(evidence.value, 100.0))},
                   {"unit", evidence.unit},
                   {"age_ms", age_ms(evidence.at, now)}});
}

Json to_json(const Move& move) {
    return object({{"id", id_or_null(move.id)},
                   {"path", to_json(move.path)},
                   {"target", to_json(move.target)},
                   {"glide_ms", number(move.glide.value())},
                   {"source", name_in(source_names, move.source)},
                   {"why", move.why},
                   {"epoch", move.epoch},
                   {"advice", id_or_null(move.advice)},
                   {"undoes", id_or_null(move.undoes)}});
}

Json to_json(const Outcome& outcome) {
    return object({{"outcome", name_in(outcome_names, outcome.kind)},
                   {"read_back", outcome.read_back ? to_json(*outcome.read_back) : Json(nullptr)},
                   {"reason", outcome.reason}});
}

Json to_json(const MoveRecord& record) {
    Json json = to_json(record.move);
    merge(json, record.outcome
                    ? to_json(*record.outcome)
                    : Json{{"outcome", nullptr}, {"read_back", nullptr}, {"reason", ""}});
    merge(json, object({{"when", time_or_null(record.begun_at)},
                        {"ended", time_or_null(record.ended_at)},
                        {"session", record.session_key},
                        {"strip", record.strip_name},
                        {"control", name_in(control_names, record.move.path.control)},
                        {"on", record.on_name},
                        {"parameter", record.parameter_name},
                        {"before", to_json(record.before)},
                        {"before_text", record.before_text},
                        {"target_text", record.target_text},
                        {"read_back_text", record.read_back_text},
                        {"approved_by", record.approved_by},
                        {"stage", name_in(move_stage_names, record.stage)},
                        {"proof", record.proof},
                        {"undone", record.undone}}));
    return json;
}

namespace {

Json name_or_null(const Session& session, StripId id) {
    const Strip* strip = session.find(id);
    return strip ? Json(strip->name) : Json(nullptr);
}

} // namespace

Json to_json(const Masking& masking, const Session& session, TimePoint now) {
    return object({{"masker", masking.masker.value},
                   {"masker_name", name_or_null(session, masking.masker)},
                   {"target", masking.target.value},
                   {"target_name", name_or_null(session, masking.target)},
                   {"low_hz", rounded(masking.low.value(), 10.0)},
                   {"centre_hz", rounded(masking.centre.value(), 10.0)},
                   {"high_hz", rounded(masking.high.value(), 10.0)},
                   {"together", rounded(masking.together, 100.0)},
                   {"share", rounded(masking.share, 100.0)},
                   {"depth_db", rounded(masking.depth.value(), 10.0)},
                   {"mover", masking.mover.value},
                   {"mover_name", name_or_null(session, masking.mover)},
                   {"gain_db", rounded(masking.gain.value(), 10.0)},
                   {"q", rounded(masking.q, 100.0)},
                   {"share_after", rounded(masking.share_after, 100.0)},
                   {"since_ms", age_ms(masking.since, now)},
                   {"age_ms", age_ms(masking.at, now)}});
}

Json to_json(const Advice& advice, const Session& session, TimePoint now) {
    const auto name_of = [&](StripId id) { return name_or_null(session, id); };
    Json strips = Json::array(), about = Json::array(), evidence = Json::array(),
         suggests = Json::array();
    for (const ControlPath& path : advice.about) {
        about.push_back(to_json(path));
        Json name = name_of(path.strip);
        if (!name.is_null() && std::find(strips.begin(), strips.end(), name) == strips.end())
            strips.push_back(std::move(name));
    }
    for (const Evidence& one : advice.evidence) {
        evidence.push_back(to_json(one, now));
        evidence.back()["strip_name"] = name_of(one.strip);
    }
    for (const Move& move : advice.suggests) {
        suggests.push_back(to_json(move));
        const auto before = session.value(move.path);
        suggests.back()["says"] =
            session.describe(move.path) + ' '
            + (before ? session.describe(move.path, *before->value) + " -> " : "to ")
            + session.describe(move.path, move.target);
    }
    return object({{"id", advice.id.value},
                   {"rule", advice.rule},
                   {"severity", name_in(severity_names, advice.severity)},
                   {"state", name_in(advice_state_names, advice.state)},
                   {"strips", std::move(strips)},
                   {"about", std::move(about)},
                   {"says", advice.says},
                   {"evidence", std::move(evidence)},
                   {"suggests", std::move(suggests)},
                   {"age_ms", age_ms(advice.since, now)},
                   {"source", advice.source}});
}

Json to_json(const HeldBack& held, std::size_t standing) {
    return object({{"folded", standing > 0 ? standing - 1 : 0},
                   {"dismissed", held.dismissed},
                   {"later", held.later},
                   {"hand", held.hand}});
}

std::string to_line(const Snapshot& snapshot, TimePoint now) {
    const Session& session = snapshot.session;
    Json markers = Json::array(), masking = Json::array(), advice = Json::array(),
         moves = Json::array();
    for (const Marker& marker : session.markers)
        markers.push_back({{"name", marker.name}, {"seconds", number(marker.seconds)}});
    for (const Masking& one : session.masking) masking.push_back(to_json(one, session, now));
    for (const Advice& one : snapshot.advice) advice.push_back(to_json(one, session, now));
    for (const MoveRecord& record : snapshot.moves) moves.push_back(to_json(record));
    std::string line =
        to_line(object({{"host", to_json(session.host, now)},
                        {"epoch", session.epoch},
                        {"transport", to_json(session.transport, now)},
                        {"markers", std::move(markers)},
                        {"masking", std::move(masking)},
                        {"sequence", snapshot.sequence},
                        {"age_ms", age_ms(snapshot.taken, now)},
                        {"mode", name_in(mode_names, snapshot.mode)},
                        {"capabilities", to_json(snapshot.capabilities)},
                        {"traffic", traffic_json(snapshot.traffic)},
                        {"last_error", snapshot.last_error},
                        {"advice", std::move(advice)},
                        {"held_back", to_json(snapshot.held_back, snapshot.advice.size())},
                        {"moves", std::move(moves)}}));
    line.pop_back();
    line += R"(,"strips":[)";
    for (const Strip& strip : session.strips) {
        if (&strip != &session.strips.front()) line += ',';
        Text text(line);
        describe_in_brief(text, strip, now);
        text.end();
    }
    return line += "]}";
}

Json to_json(const Error& error) {
    return object({{"code", name_in(error_code_names, error.code)},
                   {"message", error.message},
                   {"where", error.where}});
}

std::string to_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace prefade
