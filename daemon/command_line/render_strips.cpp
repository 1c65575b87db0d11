// Strips and parameters, for people.
#include "core/values.h"
#include "daemon/command_line/render.h"

namespace prefade::command_line {
namespace {

std::string flags_text(const Json& strip) {
    std::string flags;
    const std::pair<const char*, const char*> letters[] = {
        {"mute", "M"}, {"solo", "S"}, {"arm", "R"}, {"touched", "T"}, {"hidden", "H"}};
    for (const auto& [name, letter] : letters) flags += flag_of(strip, name) ? letter : "";
    const std::string automation = text_of(strip, "automation");
    if (!automation.empty() && automation != "off")
        flags += (flags.empty() ? "" : " ") + automation;
    return flags;
}

std::string inserts_text(const Json& strip) {
    std::string text;
    for (const Json& insert : list_of(strip, "inserts"))
        text += (text.empty() ? "" : ", ") + text_of(insert, "plugin")
                + (flag_of(insert, "bypassed") ? " (off)" : "");
    return text;
}

std::string sends_text(const Json& strip) {
    std::string text;
    for (const Json& send : list_of(strip, "sends")) {
        text += (text.empty() ? "" : ", ") + text_of(send, "destination") + ' '
                + level_text(member(send, "level_db"));
        const Json& enabled = member(send, "enabled");
        if (enabled.is_boolean() && !enabled.get<bool>()) text += " (off)";
    }
    return text;
}

Tone tone_of_peak(const Json& level, const Json& age_ms) {
    if (is_stale(age_ms)) return Tone::faint;
    const double db = level.is_number() ? level.get<double>() : -200.0;
    return db > 0.0 ? Tone::bad : db > -3.0 ? Tone::warn : Tone::plain;
}

std::string value_of_parameter(const Json& parameter) {
    const Json& value = member(parameter, "value");
    if (!value.is_number()) return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value.get<double>());
    return text;
}

std::string range_of_parameter(const Json& parameter) {
    char text[80];
    if (!member(parameter, "minimum").is_number()) return "-"; // over a control surface
    std::snprintf(text, sizeof text, "%.6g .. %.6g", number_of(parameter, "minimum", 0.0),
                  number_of(parameter, "maximum", 0.0));
    std::string range = flag_of(parameter, "toggle") ? "on, off" : text;
    if (flag_of(parameter, "logarithmic")) range += " log";
    if (flag_of(parameter, "stepped") && !flag_of(parameter, "toggle")) range += " steps";
    return range;
}

std::string parameter_table(const Json& insert, const Look& look) {
    Table table({{"  PARAMETER", false, 0, 14},
                 {"VALUE", true},
                 {"UNIT"},
                 {"SHOWN", false, 1, 8},
                 {"RANGE", false, 2},
                 {"AGE", true, 3},
                 {"", false, 1}});
    for (const Json& p : list_of(insert, "parameters")) {
        const Json& age = member(p, "age_ms");
        const Tone tone = flag_of(p, "output") ? Tone::faint : Tone::plain;
        table.add({{"  " + text_of(p, "name"), tone},
                   {value_of_parameter(p), tone},
                   text_of(p, "unit"),
                   {text_of(p, "text"), tone},
                   {range_of_parameter(p), Tone::faint},
                   {age_text(age), Tone::faint},
                   flag_of(p, "output") ? "meter" : ""});
    }
    return table.empty() ? "  no parameters read\n" : table.text(look);
}

std::string insert_text(const Json& insert, const Look& look) {
    std::string head = text_of(insert, "plugin");
    if (flag_of(insert, "bypassed")) head += " (off)";
    return toned(head, Tone::strong, look) + ", slot "
           + std::to_string(static_cast<int>(number_of(insert, "slot", -1)) + 1) + '\n'
           + parameter_table(insert, look);
}

/// The cells of a strip, in the order of the columns of render_strips.
std::vector<Table::Cell> strip_row(const Json& s) {
    const Json& meter = level_meter(s);
    const Json& age = member(meter, "age_ms");
    const Json& peak = member(meter, "value");
    const Json& most = member(meter, "maximum_10s");
    std::string unit = text_of(meter, "unit");
    if (unit == "dBFS") unit.clear();
    const std::string role = text_of(s, "role");
    return {
        {whole_text(member(s, "id")), Tone::faint},
        {text_of(s, "name"), Tone::strong},
        text_of(s, "kind"),
        role.empty() ? "-" : role,
        level_text(member(s, "fader_db"), 1, true),
        level_text(member(s, "trim_db"), 1, true),
        pan_text(member(s, "pan")),
        flags_text(s),
        {reading_text(peak, age, true) + (unit.empty() ? "" : ' ' + unit), tone_of_peak(peak, age)},
        {level_text(most, 1, true), tone_of_peak(most, most.is_null() ? Json() : Json(0))},
        {age_text(age), is_stale(age) ? Tone::faint : Tone::plain},
        inserts_text(s),
        sends_text(s)};
}

} // namespace

std::string render_strips(const Json& answer, const Look& look) {
    Table table({{"#", true},
                 {"STRIP", false, 0, 12},
                 {"KIND", false, 4},
                 {"ROLE", false, 3, 6},
                 {"FADER", true},
                 {"TRIM", true, 6},
                 {"PAN", true},
                 {"FLAGS"},
                 {"PEAK", true},
                 {"10 s", true, 5},
                 {"AGE", true},
                 {"INSERTS", false, 7, 10},
                 {"SENDS", false, 8, 10}});
    std::string details;
    for (const Json& s : list_of(answer, "strips")) {
        table.add(strip_row(s));
        for (const Json& insert : list_of(s, "inserts"))
            if (insert.contains("parameters"))
                details += '\n' + toned('"' + text_of(s, "name") + "\" ", Tone::strong, look)
                           + insert_text(insert, look);
    }
    if (table.empty()) return "no strips: no DAW is connected, or its session is empty\n";
    return table.text(look) + details;
}

std::string render_parameters(const Json& answer, const Look& look) {
    std::string out;
    for (const Json& insert : list_of(answer, "inserts"))
        out += (out.empty() ? "" : "\n") + insert_text(insert, look);
    if (out.empty()) return '"' + text_of(answer, "strip") + "\" has no inserts\n";
    const Json& complete = member(answer, "complete");
    if (complete.is_boolean() && !complete.get<bool>())
        out += toned("not all could be read now: the DAW did not answer in time", Tone::warn, look)
               + '\n';
    return '"' + text_of(answer, "strip") + "\"\n" + out;
}

} // namespace prefade::command_line
