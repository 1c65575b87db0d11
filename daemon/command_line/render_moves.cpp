// Advice, moves and how they ended, for people.
#include "core/values.h"
#include "daemon/command_line/render.h"

#include <algorithm>

namespace prefade::command_line {
namespace {

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

/// One line: number, severity, strips, how it begins.
std::string folded(const Json& advice, const Look& look) {
    const std::string strips = joined(list_of(advice, "strips"));
    const std::string head = padded(whole_text(member(advice, "id")), 3, true) + "  ";
    const std::string word = padded(severity_text(advice), 7) + "  ";
    const std::string name = strips.empty() ? "session" : strips;
    const std::string says = "  " + text_of(advice, "says");
    const std::size_t used = display_width(head + word + name);
    const std::size_t room = look.width > used + 10 ? look.width - used : 0;
    return head + toned(word, tone_of_severity(text_of(advice, "severity")), look)
           + toned(name, Tone::strong, look) + (room ? cut(says, room) : says) + '\n';
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

std::string move_line(const Json& record) {
    const std::string id = whole_text(member(record, "id"));
    std::string line = "move " + id + ' '
                       + (is_proposed(record) ? "waits for your yes" : stage_or_outcome(record))
                       + ": " + change_text(record);
    if (is_proposed(record))
        line += "; `prefade approve " + id + "` or `prefade reject " + id + '`';
    return line;
}

std::string render_advice(const Json& answer, const Look& look) {
    std::string out;
    for (const Json& one : list_of(answer, "advice")) {
        if (out.empty()) {
            add_advice(out, one, look);
            continue;
        }
        if (&one == &list_of(answer, "advice")[1])
            out +=
                '\n' + toned("then, in full by `prefade advice NUMBER`:", Tone::faint, look) + '\n';
        out += folded(one, look);
    }
    if (out.empty()) out = "nothing fires now; `prefade status` says which rules cannot say yet\n";
    if (const std::string held = held_back_text(answer); !held.empty())
        out += '\n' + toned("held back: " + held, Tone::faint, look) + '\n';
    return out;
}

std::string render_speakable(const Json& answer) {
    std::string out;
    for (const Json& one : list_of(answer, "advice")) out += speakable(one) + '\n';
    if (out.empty()) out = "Nothing fires now.\n";
    if (const std::string held = held_back_text(answer, false); !held.empty())
        out += "Held back: " + held + ".\n";
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
