#include "core/values.h"

#include "core/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace prefade {
namespace {

template <class... Values> std::string printed(const char* form, Values... values) {
    char text[64];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

const Json nothing;
const Json no_elements = Json::array();

} // namespace

const Json& member(const Json& object, std::string_view name) {
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& object, std::string_view name) {
    const Json& value = member(object, name);
    return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string{};
}

double number_of(const Json& object, std::string_view name, double otherwise) {
    const Json& value = member(object, name);
    return value.is_number() ? value.get<double>() : otherwise;
}

std::string host_name(const Json& host) {
    return flag_of(host, "demo") ? "DEMO" : text_of(host, "name");
}

bool flag_of(const Json& object, std::string_view name) {
    const Json& value = member(object, name);
    return value.is_boolean() && value.get<bool>();
}

const Json& list_of(const Json& object, std::string_view name) {
    const Json& value = member(object, name);
    return value.is_array() ? value : no_elements;
}

std::string joined(const Json& list, std::string_view between) {
    std::string text;
    for (const Json& one : list) {
        if (!one.is_string()) continue;
        if (!text.empty()) text += between;
        text += printable(one.get_ref<const std::string&>());
    }
    return text;
}

std::string level_text(const Json& level, int decimals, bool sign) {
    if (level.is_string()) return printable(level.get_ref<const std::string&>()); // "-inf"
    return level.is_number() ? level_text(level.get<double>(), decimals, sign) : "-";
}

std::string level_text(double level, int decimals, bool sign) {
    if (std::isinf(level)) return level < 0.0 ? "-inf" : "inf";
    const double parts = std::pow(10.0, decimals);
    double shown = std::round(level * parts) / parts;
    if (shown == 0.0) shown = 0.0; // no -0.0
    return printed(sign && shown != 0.0 ? "%+.*f" : "%.*f", decimals, shown);
}

std::string pan_text(const Json& pan) {
    if (!pan.is_number()) return "-";
    const double percent = std::round(pan.get<double>() * 100.0);
    if (percent == 0.0) return "C";
    return printed(percent < 0.0 ? "L%.0f" : "R%.0f", std::abs(percent));
}

std::string whole_text(const Json& number) {
    return number.is_number() ? printed("%.0f", number.get<double>()) : "-";
}

std::string age_text(const Json& age_ms) {
    if (!age_ms.is_number()) return "-";
    const double seconds = std::max(0.0, age_ms.get<double>()) / 1000.0;
    if (seconds < 9.95) return printed("%.1f s", seconds);
    if (seconds < 120.0) return printed("%.0f s", seconds);
    if (seconds < 7200.0) return printed("%.0f min", seconds / 60.0);
    return printed("%.0f h", seconds / 3600.0);
}

std::string clock_text(const Json& seconds) {
    if (!seconds.is_number()) return "-";
    const double tenths = std::floor(std::max(0.0, seconds.get<double>()) * 10.0);
    const double minutes = std::floor(tenths / 600.0);
    return printed("%.0f:%04.1f", minutes, (tenths - minutes * 600.0) / 10.0);
}

std::string time_text(WallTime at, bool date) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm local{};
#ifdef _WIN32
    localtime_s(&local, &seconds);
#else
    localtime_r(&seconds, &local);
#endif
    char text[32];
    std::strftime(text, sizeof text, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &local);
    return text;
}

std::string time_text(const Json& iso8601, bool date) {
    if (!iso8601.is_string()) return "-";
    const auto at = from_iso8601(iso8601.get_ref<const std::string&>());
    return at ? time_text(*at, date) : "-";
}

} // namespace prefade
