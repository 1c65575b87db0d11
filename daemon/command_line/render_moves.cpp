// Advice, moves and how they ended, for people.
#include "daemon/command_line/render.h"
#include "daemon/command_line/values.h"

#include <algorithm>

namespace prefade::command_line {
namespace {

/// A value of a record as the record tells it for people, else as its kind is written.
std::string value_text(const Json& record, std::string_view name) {
    if (const std::string told = text_of(record, std::string(name) + "_text"); !told.empty())
        return told;
    const Json& value = member(record, name);
    if (value.contains("db")) return level_text(member(value, "db"), 2) + " dB";
    if (value.contains("pan")) return pan_text(member(value, "pan"));
    if (value.contains("on")) return flag_of(value, "on") ? "on" : "off";
    if (value.contains("normalized"))
        return level_text(number_of(value, "normalized", 0.0) * 100.0) + " % of its range";
    return "-";
}

std::string stage_or_outcome(const Json& record) {
    const std::string outcome = text_of(record, "outcome");
    return outcome.empty() ? text_of(record, "stage") : outcome;
}

bool is_proposed(const Json& record) {
    return member(record, "outcome").is_null() && member(record, "stage") == "proposed";
}

bool is_good(const Json& record) {
    return member(record, "outcome") == "confirmed" || is_proposed(record);
}

void add_advice(std::string& out, const Json& advice, const Look& look) {
    constexpr std::size_t indent = 5;
    const std::string margin(indent, ' ');
    const std::size_t room = look.width > indent + 20 ? look.width - indent : 0;
    const auto paragraph = [&](std::string_view text, Tone tone) {
        for (const std::string& line : wrapped(text, room))
            out += margin + toned(line, tone, look) + '\n';
    };
    const std::string severity = severity_text(advice), strips = joined(list_of(advice, "strips"));
    out += padded(whole_text(member(advice, "id")), indent - 2, true) + "  "
           + toned(padded(severity, 7), tone_of_severity(text_of(advice, "severity")), look) + "  "
           + toned(strips.empty() ? "session" : strips, Tone::strong, look) + "  "
           + toned(text_of(advice, "rule") + ", for " + age_text(member(advice, "age_ms")),
                   Tone::faint, look)
           + '\n';
    paragraph(text_of(advice, "says"), Tone::plain);
    for (const Json& one : list_of(advice, "evidence")) {
        const std::string strip = text_of(one, "strip_name");
        paragraph("- " + (strip.empty() ? "" : strip + ": ") + evidence_text(one) + " ("
                      + age_text(member(one, "age_ms")) + " ago)",
                  Tone::faint);
    }
    std::size_t choice = 0;
    for (const Json& move : list_of(advice, "suggests")) {
        const std::string number = ++choice > 1 ? ' ' + std::to_string(choice) : "";
        paragraph("`prefade apply " + whole_text(member(advice, "id")) + number
                      + "`: " + text_of(move, "says"),
                  Tone::good);
    }
}

} // namespace

Tone tone_of_outcome(std::string_view outcome) {
    if (outcome == "confirmed") return Tone::good;
    return outcome == "failed" || outcome == "unknown" ? Tone::bad : Tone::warn;
}

Tone tone_of_severity(std::string_view severity) {
    if (severity == "fault") return Tone::bad;
    return severity == "caution" ? Tone::warn : Tone::plain;
}

std::string severity_text(const Json& advice) {
    std::string text = text_of(advice, "severity");
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text.empty() ? "ADVICE" : text;
}

std::string evidence_text(const Json& evidence) {
    const std::string unit = text_of(evidence, "unit");
    return text_of(evidence, "measure") + ": "
           + level_text(member(evidence, "value"), 2, unit == "dBFS" || unit == "dBTP")
           + (unit.empty() ? "" : ' ' + unit);
}

std::string control_text(const Json& record) {
    const std::string control = text_of(record, "control"), on = text_of(record, "on"),
                      parameter = text_of(record, "parameter");
    const std::string strip = '"' + text_of(record, "strip") + "\" ";
    if (control == "send") return strip + "send to \"" + on + '"';
    if (control == "send_enabled") return strip + "send switch to \"" + on + '"';
    if (control == "parameter") return strip + on + " / " + parameter;
    return strip + (on.empty() ? "" : on + ' ') + control;
}

std::string move_line(const Json& record) {
    const std::string id = whole_text(member(record, "id")), reason = text_of(record, "reason"),
                      control = control_text(record);
    const std::string head =
        "move " + id + ' ' + (is_proposed(record) ? "waits for your yes" : stage_or_outcome(record))
        + ": ";
    if (reason.starts_with(control)) return head + reason;
    std::string line =
        head + control + ' ' + value_text(record, "before") + " -> " + value_text(record, "target");
    if (member(record, "outcome") != "confirmed" && !member(record, "read_back").is_null())
        line += ", the DAW has " + value_text(record, "read_back");
    if (!reason.empty()) line += ": " + reason;
    if (is_proposed(record))
        line += "; `prefade approve " + id + "` or `prefade reject " + id + '`';
    return line;
}

std::string render_advice(const Json& answer, const Look& look) {
    std::string out;
    for (const Json& one : list_of(answer, "advice")) {
        if (!out.empty()) out += '\n';
        add_advice(out, one, look);
    }
    if (out.empty()) return "nothing fires now; `prefade status` says which rules cannot say yet\n";
    return out;
}

std::string render_records(const Json& answer, const Look& look) {
    Table table({{"MOVE", true},
                 {"WHEN", false, 3},
                 {"CONTROL", false, 0, 16},
                 {"BEFORE", true},
                 {"TARGET", true},
                 {"READ BACK", true, 2},
                 {"OUTCOME"},
                 {"SOURCE", false, 4},
                 {"WHY", false, 5, 16}});
    for (const Json& r : list_of(answer, "moves")) {
        const std::string outcome = stage_or_outcome(r), reason = text_of(r, "reason");
        table.add({whole_text(member(r, "id")),
                   {time_text(member(r, "when"), true), Tone::faint},
                   {control_text(r), Tone::strong},
                   value_text(r, "before"),
                   value_text(r, "target"),
                   value_text(r, "read_back"),
                   {outcome + (flag_of(r, "undone") ? ", undone" : ""), tone_of_outcome(outcome)},
                   text_of(r, "source"),
                   reason.empty() ? text_of(r, "why") : reason});
    }
    return table.empty() ? "none\n" : table.text(look);
}

/// Of an answer without shortfall.
std::string render_ended(const Json& answer, const Look& look) {
    std::string out;
    for (const Json& record : list_of(answer, "moves")) {
        out += toned(move_line(record), tone_of_outcome(stage_or_outcome(record)), look) + '\n';
        if (const std::string proof = text_of(record, "proof"); !proof.empty())
            out += "  " + toned(proof, Tone::faint, look) + '\n';
    }
    return out.empty() ? "nothing was to do\n" : out;
}

std::optional<std::string> shortfall(const Json& answer) {
    if (!answer.is_object() || !answer.contains("refused")) return std::nullopt;
    const Json& moves = list_of(answer, "moves");
    const Json& refused = list_of(answer, "refused");
    const auto good = static_cast<std::size_t>(std::count_if(moves.begin(), moves.end(), is_good));
    const std::size_t all = moves.size() + refused.size();
    if (good == all) return std::nullopt;
    std::string line =
        all == 1 ? "" : std::to_string(good) + " of " + std::to_string(all) + " moves confirmed; ";
    std::string rest;
    for (const Json& record : moves)
        if (!is_good(record)) rest += (rest.empty() ? "" : "; ") + move_line(record);
    if (!refused.empty()) rest += (rest.empty() ? "" : "; ") + joined(refused, "; ");
    return line + rest;
}

} // namespace prefade::command_line
