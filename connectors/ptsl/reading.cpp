#include "connectors/ptsl/reading.h"

#include <charconv>
#include <cmath>

namespace prefade::ptsl {

Error broken(const std::string& why) {
    return {ErrorCode::io, "Pro Tools answered what makes no sense: " + why, {}};
}

Result<Json> object_in(std::string_view body) {
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json::object();
    auto json = parse_json(body);
    if (!json) return broken(json.error().message);
    if (!json->is_object()) return broken("no JSON object");
    return json;
}

const Json& at(const Json& json, const char* member) {
    static const Json nothing;
    const auto found = json.find(member); // end() of what is no object
    return found == json.end() ? nothing : *found;
}

Result<const Json*> list_in(const Json& json, const char* member) {
    static const Json none = Json::array();
    const Json& list = at(json, member);
    if (list.is_array()) return &list;
    if (list.is_null() || (list.is_object() && list.empty())) return &none;
    return broken(std::string(member) + " is no list");
}

std::optional<std::int64_t> integer_of(const Json& value) {
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<double> number_of(const Json& value) {
    double number = 0.0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
            return std::nullopt;
    } else {
        return std::nullopt;
    }
    if (!std::isfinite(number)) return std::nullopt; // protobuf's JSON has "NaN" and "Infinity"
    return number;
}

std::optional<bool> flag_of(const Json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (const auto number = integer_of(value); number && (*number == 0 || *number == 1))
        return *number == 1;
    const std::string_view name = bare_name(value);
    if (name == "true" || name == "True") return true;
    if (name == "false" || name == "False") return false;
    return std::nullopt;
}

std::string string_of(const Json& json, const char* member) {
    const Json& value = at(json, member);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

std::string_view bare_name(const Json& value) {
    if (!value.is_string()) return {};
    const std::string_view text = value.get_ref<const std::string&>();
    return text.substr(text.rfind('_') + 1);
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace prefade::ptsl
