#include "core/wording.h"

#include "core/capabilities.h"
#include "core/values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace prefade {
namespace {

/// Kinds of readings that say how loud something is; a strip shows its first.
constexpr std::string_view level_kinds[] = {"sample_peak", "true_peak", "vu", "rms", "segments"};

const Json no_meter;

std::string session_of(const Json& host) {
    const std::string session = text_of(host, "session");
    return session.empty() ? "" : " \"" + session + '"';
}

} // namespace

std::string host_line(const Json& host) {
    const std::string state = text_of(host, "state"), name = host_name(host),
                      address = text_of(host, "address");
    const std::string who = (name.empty() ? "the DAW" : name) + session_of(host);
    if (flag_of(host, "demo") && state == "connected")
        return who + ": a session inside Prefade with faults to find, no DAW of yours";
    if (state == "connected") return "connected to " + who + " at " + address;
    const std::string progress = text_of(host, "progress");
    if (state == "connecting")
        return "connecting to " + address + (progress.empty() ? "" : ": " + progress);
    if (state == "lost") return who + " does not answer any more; waiting for it to come back";
    return "looking for a DAW on this machine";
}

std::string mode_text(std::string_view mode) {
    std::string text(mode);
    if (mode == "watch") text += ": nothing is moved but by undo";
    if (mode == "ask") text += ": each move waits for your yes; your own are made at once";
    if (mode == "auto") text += ": advice is taken by itself, within the limits of the policy";
    return text;
}

std::string transport_text(const Json& transport) {
    const Json& rolling = member(transport, "rolling");
    std::string text = !rolling.is_boolean() ? "not known"
                       : rolling.get<bool>() ? "playing"
                                             : "stopped";
    if (flag_of(transport, "recording")) text += ", RECORDING";
    if (const Json& at = member(transport, "seconds"); at.is_number())
        text += " at " + clock_text(at);
    return text;
}

std::string capabilities_text(const Json& can, std::string_view verb, bool able) {
    std::string text;
    for (const auto& [capability, name] : capability_names) {
        const bool has = std::any_of(can.begin(), can.end(),
                                     [&name = name](const Json& c) { return c == name; });
        if (has != able) continue;
        const bool verbal = name.starts_with("read_") || name.starts_with("write_");
        if (verb.empty() ? verbal : !name.starts_with(verb)) continue;
        std::string word(name.substr(verb.size()));
        std::replace(word.begin(), word.end(), '_', ' ');
        text += (text.empty() ? "" : ", ") + word;
    }
    return text.empty() ? "nothing" : text;
}

std::string lacks_text(const Json& can) {
    constexpr std::pair<const char*, const char*> kinds[] = {
        {"reading of ", "read_"}, {"writing of ", "write_"}, {"", ""}};
    std::string text;
    for (const auto& [what, verb] : kinds)
        if (const std::string names = capabilities_text(can, verb, false); names != "nothing")
            text += (text.empty() ? "" : "; ") + (what + names);
    return text;
}

std::string severity_text(const Json& advice) {
    std::string text = text_of(advice, "severity");
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text.empty() ? "ADVICE" : text;
}

std::string evidence_text(const Json& evidence) {
    const std::string unit = text_of(evidence, "unit"), measure = text_of(evidence, "measure");
    const Json& value = member(evidence, "value");
    if (value.is_boolean()) return measure + (value.get<bool>() ? ": yes" : ": no");
    const bool is_count =
        unit.empty() && value.is_number() && value.get<double>() == std::floor(value.get<double>());
    return measure + ": " + level_text(value, is_count ? 0 : 2, unit == "dBFS" || unit == "dBTP")
           + (unit.empty() ? "" : ' ' + unit);
}

std::string held_back_text(const Json& told, bool with_folded) {
    const Json& held = member(told, "held_back");
    std::string text;
    const auto add = [&](const char* name, const char* one, const char* several) {
        const double count = number_of(held, name, 0.0);
        if (count < 1.0) return;
        text += (text.empty() ? "" : ", ") + whole_text(member(held, name)) + ' '
                + (count < 2.0 ? one : several);
    };
    if (with_folded) add("folded", "folded", "folded");
    add("dismissed", "dismissed", "dismissed");
    add("later", "not now", "not now");
    add("hand", "new one waits for your hand", "new ones wait for your hand");
    return text;
}

std::string evidence_line(const Json& advice) {
    std::string text;
    for (const Json& one : list_of(advice, "evidence")) {
        const std::string strip = text_of(one, "strip_name");
        text +=
            (text.empty() ? "" : "; ") + (strip.empty() ? "" : strip + ": ") + evidence_text(one);
    }
    return text;
}

bool is_stale(const Json& age_ms) { return !age_ms.is_number() || age_ms.get<double>() > stale_ms; }

std::string reading_text(const Json& level, const Json& age_ms, bool sign) {
    const std::string text = level_text(level, 1, sign);
    return text != "-" && is_stale(age_ms) ? '(' + text + ')' : text;
}

const Json& level_meter(const Json& strip) {
    for (const std::string_view kind : level_kinds)
        for (const Json& reading : list_of(strip, "readings"))
            if (member(reading, "kind") == kind) return reading;
    return no_meter;
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

std::string value_text(const Json& record, std::string_view name) {
    if (const std::string told = text_of(record, std::string(name) + "_text"); !told.empty())
        return told;
    const Json& value = member(record, name);
    if (value.contains("db")) return level_text(member(value, "db"), 2) + " dB";
    if (value.contains("pan")) return pan_text(member(value, "pan"));
    if (value.contains("on")) return flag_of(value, "on") ? "on" : "off";
    if (value.contains("normalized"))
        return level_text(number_of(value, "normalized", 0.0) * 100.0) + " % of its range";
    if (value.contains("displayed")) return level_text(number_of(value, "displayed", 0.0), 2);
    return "-";
}

bool is_proposed(const Json& record) {
    return member(record, "outcome").is_null() && member(record, "stage") == "proposed";
}

std::string stage_or_outcome(const Json& record) {
    const std::string outcome = text_of(record, "outcome");
    return outcome.empty() ? text_of(record, "stage") : outcome;
}

std::string change_text(const Json& record) {
    const std::string reason = text_of(record, "reason"), control = control_text(record);
    if (reason.starts_with(control)) return reason;
    std::string line =
        control + ' ' + value_text(record, "before") + " -> " + value_text(record, "target");
    if (member(record, "outcome") != "confirmed" && !member(record, "read_back").is_null())
        line += ", the DAW has " + value_text(record, "read_back");
    return reason.empty() ? line : line + ": " + reason;
}

// ---- aloud ----------------------------------------------------------------------------------

namespace {

struct Unit {
    std::string_view written, spoken;
};
constexpr Unit units_aloud[] = {{"dB", "decibels"},
                                {"dBFS", "decibels full scale"},
                                {"dBTP", "decibels true peak"},
                                {"LU", "loudness units"},
                                {"LUFS", "loudness units full scale"},
                                {"Hz", "hertz"},
                                {"kHz", "kilohertz"},
                                {"s", "seconds"},
                                {"ms", "milliseconds"},
                                {"min", "minutes"},
                                {"%", "percent"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) {
    return !word.empty() && (is_digit(word.back()) || word == "-inf");
}

/// One word without the punctuation around it.
std::string word_aloud(std::string_view word, bool after_number) {
    if (word == "->") return "to";
    if (word == "-inf") return "minus infinity";
    if (after_number)
        for (const Unit& unit : units_aloud)
            if (unit.written == word) return std::string(unit.spoken);
    if (word.size() >= 2 && is_digit(word[1]) && (word[0] == '-' || word[0] == '+'))
        return (word[0] == '-' ? "minus " : "plus ") + std::string(word.substr(1));
    return std::string(word);
}

/// Ends `text` as a sentence does.
std::string sentence(std::string text) {
    constexpr std::string_view ends = ".!?:";
    if (!text.empty() && ends.find(text.back()) == std::string_view::npos) text += '.';
    return text;
}

} // namespace

std::string spoken(std::string_view text) {
    constexpr std::string_view opening = "(\"'", closing = ")\"',.;:!?";
    std::string out;
    bool after_number = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        std::size_t head = 0, tail = word.size();
        while (head < tail && opening.find(word[head]) != std::string_view::npos) ++head;
        while (tail > head && closing.find(word[tail - 1]) != std::string_view::npos) --tail;
        const std::string_view bare = word.substr(head, tail - head);
        if (!out.empty()) out += ' ';
        out += std::string(word.substr(0, head)) + word_aloud(bare, after_number)
               + std::string(word.substr(tail));
        after_number = is_number(bare) && tail == word.size();
    }
    return out;
}

std::string speakable(const Json& advice) {
    std::string severity = text_of(advice, "severity");
    if (severity.empty()) severity = "advice";
    if (severity.front() >= 'a' && severity.front() <= 'z')
        severity.front() = static_cast<char>(severity.front() - 'a' + 'A');
    const std::string strips = joined(list_of(advice, "strips")),
                      number = whole_text(member(advice, "id"));
    std::string text = severity + ' ' + number + ", "
                       + sentence(strips.empty() ? "the session" : strips) + ' '
                       + sentence(text_of(advice, "says"));
    for (const Json& one : list_of(advice, "evidence")) {
        const std::string strip = text_of(one, "strip_name");
        text += ' '
                + sentence((strip.empty() ? "" : strip + ", ") + evidence_text(one) + ", "
                           + age_text(member(one, "age_ms")) + " ago");
    }
    std::size_t choice = 0;
    for (const Json& move : list_of(advice, "suggests"))
        text += " To take it, type prefade apply " + number
                + (++choice > 1 ? ' ' + std::to_string(choice) : "") + ": "
                + sentence(text_of(move, "says"));
    return spoken(text);
}

} // namespace prefade
