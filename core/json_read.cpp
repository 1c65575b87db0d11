// JSON to values, and what comes in as text. The way out is in json.cpp.
#include "core/json.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

namespace prefade {
namespace {

constexpr int deepest = 64;

Error invalid(std::string message) { return {ErrorCode::invalid, std::move(message), {}}; }

/// What stands at `key`; null when nothing does.
const Json& at(const Json& object, const char* key) {
    static const Json nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

Result<double> finite(const Json& json, const char* name) {
    if (!json.is_number())
        return invalid(std::string(name) + " is a number, not " + json.type_name());
    const double value = json.get<double>();
    if (!std::isfinite(value)) return invalid(std::string(name) + " is not a finite number");
    return value;
}

Result<double> within(const Json& json, const char* name, double lowest, double highest) {
    const auto value = finite(json, name);
    if (value && (*value < lowest || *value > highest)) {
        char limits[64];
        std::snprintf(limits, sizeof limits, "%g is outside %g .. %g", *value, lowest, highest);
        return invalid(std::string(name) + ' ' + limits);
    }
    return value;
}

template <class Integer> Result<Integer> whole(const Json& json, const char* name) {
    constexpr auto most = std::numeric_limits<Integer>::max();
    const bool negative =
        !json.is_number_unsigned() && json.is_number_integer() && json.get<std::int64_t>() < 0;
    if (!json.is_number_integer() || negative || json.get<std::uint64_t>() > most)
        return invalid(std::string(name) + " is a whole number from 0 to " + std::to_string(most));
    return static_cast<Integer>(json.get<std::uint64_t>());
}

/// An id that may be missing or null: 0.
template <class T> Result<T> id_or_none(const Json& json, const char* name) {
    if (json.is_null()) return T{};
    const auto value = whole<std::uint32_t>(json, name);
    if (!value) return value.error();
    return T{*value};
}

/// Text that may be missing or null: empty.
Result<std::string> text(const Json& json, const char* name) {
    if (json.is_null()) return std::string{};
    if (!json.is_string()) return invalid(std::string(name) + " is text, not " + json.type_name());
    return json.get<std::string>();
}

template <class E, std::size_t N>
Result<E> named(const Json& json, const char* name, const Names<E, N>& table) {
    const auto* word = json.get_ptr<const std::string*>();
    const auto value = word ? value_in(table, *word) : std::nullopt;
    if (!value) return invalid(std::string(name) + " is one of: " + all_names(table));
    return *value;
}

/// Puts the value of `read` into `into`; true when there was one, else `failed` holds why.
template <class T, class Into> bool take(Result<T> read, Into& into, Error& failed) {
    if (!read) {
        failed = read.error();
        return false;
    }
    into = std::move(*read);
    return true;
}

Result<WallTime> time_or_none(const Json& json, const char* name) {
    if (json.is_null()) return WallTime{};
    if (!json.is_string()) return invalid(std::string(name) + " is a time or null");
    return from_iso8601(json.get_ref<const std::string&>());
}

Result<std::optional<ControlValue>> value_or_none(const Json& json) {
    if (json.is_null()) return std::optional<ControlValue>{};
    const auto value = control_value_from_json(json);
    if (!value) return value.error();
    return std::optional<ControlValue>{*value};
}

Result<void> fill(MoveRecord& record, const Json& json) {
    Error failed;
    const auto stage = named(at(json, "stage"), "stage", move_stage_names);
    if (!take(stage, record.stage, failed)
        || !take(control_value_from_json(at(json, "before")), record.before, failed)
        || !take(text(at(json, "session"), "session"), record.session_key, failed)
        || !take(text(at(json, "strip"), "strip"), record.strip_name, failed)
        || !take(text(at(json, "on"), "on"), record.on_name, failed)
        || !take(text(at(json, "parameter"), "parameter"), record.parameter_name, failed)
        || !take(text(at(json, "before_text"), "before_text"), record.before_text, failed)
        || !take(text(at(json, "target_text"), "target_text"), record.target_text, failed)
        || !take(text(at(json, "read_back_text"), "read_back_text"), record.read_back_text, failed)
        || !take(text(at(json, "approved_by"), "approved_by"), record.approved_by, failed)
        || !take(text(at(json, "proof"), "proof"), record.proof, failed)
        || !take(time_or_none(at(json, "when"), "when"), record.begun_at, failed)
        || !take(time_or_none(at(json, "ended"), "ended"), record.ended_at, failed))
        return failed;
    const Json& undone = at(json, "undone");
    if (!undone.is_null() && !undone.is_boolean()) return invalid("undone is true or false");
    record.undone = undone.is_boolean() && undone.get<bool>();
    return {};
}

} // namespace

Result<ControlValue> control_value_from_json(const Json& json) {
    if (!json.is_object() || json.size() != 1)
        return invalid(
            R"(a value is one of {"db":-4.5}, {"pan":-0.3}, {"on":true}, {"normalized":0.43}, {"displayed":-18})");
    const std::string& kind = json.begin().key();
    const Json& held = json.begin().value();
    if (kind == "db") {
        if (held == "-inf") return ControlValue{Decibel::silence()};
        const auto level = finite(held, "db");
        if (!level) return level.error();
        return ControlValue{Decibel{*level}};
    }
    if (kind == "pan") {
        const auto position = within(held, "pan", -1.0, 1.0);
        if (!position) return position.error();
        return ControlValue{Pan{*position}};
    }
    if (kind == "on") {
        if (!held.is_boolean()) return invalid("on is true or false");
        return ControlValue{held.get<bool>()};
    }
    if (kind == "normalized") {
        const auto part = within(held, "normalized", 0.0, 1.0);
        if (!part) return part.error();
        return ControlValue{Normalized{*part}};
    }
    if (kind == "displayed") {
        const auto shown = finite(held, "displayed");
        if (!shown) return shown.error();
        return ControlValue{Displayed{*shown}};
    }
    return invalid("a value is of kind db, pan, on, normalized or displayed, not \"" + kind + '"');
}

Result<ControlPath> control_path_from_json(const Json& json) {
    if (!json.is_object()) return invalid("a path is an object with strip and control");
    const auto strip = whole<std::uint32_t>(at(json, "strip"), "strip");
    if (!strip) return strip.error();
    const auto control = named(at(json, "control"), "control", control_names);
    if (!control) return control.error();
    ControlPath path{StripId{*strip}, *control, {}, 0};
    const bool on_insert = path.control == Control::parameter || path.control == Control::bypass;
    const bool on_send = path.control == Control::send || path.control == Control::send_enabled;
    const std::string name(name_in(control_names, path.control));
    if (json.contains("insert") != on_insert)
        return invalid(name + (on_insert ? " needs an insert" : " belongs to no insert"));
    if (json.contains("send") != on_send)
        return invalid(name + (on_send ? " needs a send" : " belongs to no send"));
    if (on_insert || on_send) {
        const char* what = on_insert ? "insert" : "send";
        const auto id = whole<std::uint32_t>(at(json, what), what);
        if (!id) return id.error();
        if (on_insert)
            path.on = InsertId{*id};
        else
            path.on = SendId{*id};
    }
    if (path.control == Control::parameter) {
        const auto number = whole<std::uint16_t>(at(json, "parameter"), "parameter");
        if (!number) return number.error();
        path.parameter = *number;
    }
    return path;
}

Result<Move> move_from_json(const Json& json) {
    if (!json.is_object()) return invalid("a move is an object with path and target");
    Move move;
    Error failed;
    double glide = 0.0;
    if (!take(id_or_none<MoveId>(at(json, "id"), "id"), move.id, failed)
        || !take(control_path_from_json(at(json, "path")), move.path, failed)
        || !take(control_value_from_json(at(json, "target")), move.target, failed)
        || !take(within(json.value("glide_ms", Json(0.0)), "glide_ms", 0.0, 3'600'000.0), glide,
                 failed)
        || !take(named(at(json, "source"), "source", source_names), move.source, failed)
        || !take(text(at(json, "why"), "why"), move.why, failed)
        || !take(whole<std::uint64_t>(at(json, "epoch"), "epoch"), move.epoch, failed)
        || !take(id_or_none<AdviceId>(at(json, "advice"), "advice"), move.advice, failed)
        || !take(id_or_none<MoveId>(at(json, "undoes"), "undoes"), move.undoes, failed))
        return failed;
    if (!fits(move.path.control, move.target))
        return invalid("the target of a move is of the kind its control takes");
    move.glide = Milliseconds{glide};
    return move;
}

Result<Outcome> outcome_from_json(const Json& json) {
    if (!json.is_object()) return invalid("an outcome is an object");
    Outcome outcome;
    Error failed;
    if (!take(named(at(json, "outcome"), "outcome", outcome_names), outcome.kind, failed)
        || !take(value_or_none(at(json, "read_back")), outcome.read_back, failed)
        || !take(text(at(json, "reason"), "reason"), outcome.reason, failed))
        return failed;
    return outcome;
}

Result<MoveRecord> move_record_from_json(const Json& json) {
    auto move = move_from_json(json);
    if (!move) return move.error();
    MoveRecord record;
    record.move = std::move(*move);
    if (!at(json, "outcome").is_null()) {
        auto outcome = outcome_from_json(json);
        if (!outcome) return outcome.error();
        record.outcome = std::move(*outcome);
    }
    if (const auto filled = fill(record, json); !filled) return filled.error();
    return record;
}

// ---- text -----------------------------------------------------------------------------------

namespace {

struct Place {
    std::size_t line{1}, column{1};
};

Place place_of(std::string_view text, std::size_t offset) {
    Place place;
    for (const char c : text.substr(0, offset)) {
        ++place.column;
        if (c == '\n') place = {place.line + 1, 1};
    }
    return place;
}

Error not_json(std::string_view text, std::size_t offset, const std::string& why) {
    const auto [line, column] = place_of(text, offset);
    return {ErrorCode::invalid,
            "no JSON at line " + std::to_string(line) + ", column " + std::to_string(column) + ": "
                + why,
            std::to_string(line) + ':' + std::to_string(column)};
}

/// Offset of the bracket that opens one level too many; npos when none does.
std::size_t too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > deepest)
            return i;
        else if (!quoted && (c == ']' || c == '}'))
            --depth;
    }
    return std::string_view::npos;
}

/// The library's message without its own name and place.
std::string bare(const char* message) {
    const std::string_view whole_message(message);
    const auto place = whole_message.find("column ");
    const auto colon = whole_message.find(": ", place == std::string_view::npos ? 0 : place);
    if (colon != std::string_view::npos) return std::string(whole_message.substr(colon + 2));
    const auto name = whole_message.find("] ");
    return std::string(name == std::string_view::npos ? whole_message
                                                      : whole_message.substr(name + 2));
}

} // namespace

Result<Json> parse_json(std::string_view text) {
    if (const auto offset = too_deep(text); offset != std::string_view::npos)
        return not_json(text, offset, "nested deeper than " + std::to_string(deepest));
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        return not_json(text, error.byte == 0 ? 0 : error.byte - 1, bare(error.what()));
    } catch (const Json::exception&
                 error) { // a number beyond every double; the library does not say where
        return invalid("no JSON: " + bare(error.what()));
    }
}

std::string to_iso8601(WallTime when) {
    using namespace std::chrono;
    const auto ms = floor<milliseconds>(when);
    const auto day = floor<days>(ms);
    const year_month_day date{day};
    const hh_mm_ss time{ms - day};
    char text[40];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

Result<WallTime> from_iso8601(std::string_view text) {
    using namespace std::chrono;
    constexpr std::string_view form = "0000-00-00T00:00:00.000Z";
    const Error wrong =
        invalid("not a time: \"" + std::string(text) + "\"; the form is 2026-01-31T18:04:05.123Z");
    if (text.size() != form.size()) return wrong;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i]) return wrong;
    }
    const auto number = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
        return value;
    };
    const int y = number(0, 4), h = number(11, 2), m = number(14, 2), s = number(17, 2);
    const year_month_day date{year{y}, month{static_cast<unsigned>(number(5, 2))},
                              day{static_cast<unsigned>(number(8, 2))}};
    // The clock counts nanoseconds in 64 bits: years 1678 to 2261 are sure to fit.
    if (!date.ok() || y < 1678 || y > 2261 || h > 23 || m > 59 || s > 59) return wrong;
    return WallTime{sys_days{date} + hours{h} + minutes{m} + seconds{s}
                    + milliseconds{number(20, 3)}};
}

} // namespace prefade
