#include "daemon/command_line/render.h"

#include "core/capabilities.h"
#include "core/text.h"
#include "core/values.h"

#include <algorithm>
#include <map>

namespace prefade::command_line {
namespace {

/// Lines of a name and what belongs to it, the second part wrapped beside the first.
class Sheet {
public:
    explicit Sheet(const Look& look) : look_(look) {}
    void line(std::string_view name, std::string_view text, Tone tone = Tone::plain) {
        const std::size_t room = look_.width > name_width + 20 ? look_.width - name_width : 0;
        bool first = true;
        for (const std::string& part : wrapped(text, room)) {
            out_ += toned(padded(first ? name : "", name_width), Tone::faint, look_)
                    + toned(part, tone, look_) + '\n';
            first = false;
        }
    }
    std::string text() const { return out_; }

private:
    static constexpr std::size_t name_width = 12;
    Look look_;
    std::string out_;
};

std::string host_text(const Json& host) {
    const std::string name = host_name(host), state = text_of(host, "state");
    std::string text = name.empty() ? "none yet" : name;
    if (const std::string version = text_of(host, "version"); !version.empty())
        text += ' ' + version;
    if (const std::string at = text_of(host, "address"); !at.empty())
        text += (flag_of(host, "demo") ? ", " : " at ") + at;
    if (const std::string session = text_of(host, "session"); !session.empty())
        text += ", session \"" + session + '"';
    text += ", " + (state.empty() ? "state not known" : state);
    if (const std::string progress = text_of(host, "progress"); !progress.empty())
        text += ": " + progress;
    if (const Json& age = member(host, "state_age_ms"); !age.is_null())
        text += " for " + age_text(age);
    return text;
}

Tone tone_of_state(std::string_view state) {
    if (state == "connected") return Tone::good;
    return state == "lost" ? Tone::bad : Tone::warn;
}

void add_missing_rules(Sheet& sheet, const Json& cannot_say) {
    std::map<std::string, std::pair<std::size_t, std::string>> by_reason;
    for (const Json& one : cannot_say) {
        auto& [count, rules] = by_reason[text_of(one, "reason")];
        rules += (count++ ? ", " : "") + text_of(one, "rule");
    }
    for (const auto& [reason, rules] : by_reason)
        sheet.line("cannot say", std::to_string(rules.first)
                                     + (rules.first == 1 ? " rule, " : " rules, ") + reason + ": "
                                     + rules.second);
}

void add_capabilities(Sheet& sheet, const Json& capabilities) {
    const Json& can = list_of(capabilities, "can");
    if (can.empty()) return;
    sheet.line("reads", capabilities_text(can, "read_", true));
    sheet.line("writes", capabilities_text(can, "write_", true));
    sheet.line("has", capabilities_text(can, "", true));
    const std::string missing = lacks_text(can);
    sheet.line("has not", missing.empty() ? "nothing missing" : missing);
}

std::string render_status(const Json& answer, const Look& look) {
    Sheet sheet(look);
    const Json& host = member(answer, "host");
    const Json& traffic = member(answer, "traffic");
    sheet.line("prefaded", text_of(answer, "version"));
    sheet.line("DAW", host_text(host), tone_of_state(text_of(host, "state")));
    const Json& seen = list_of(answer, "hosts_seen");
    if (seen.size() > 1 || text_of(host, "state") != "connected")
        sheet.line("answering", seen.empty() ? "no DAW; `prefade doctor` says why" : joined(seen));
    sheet.line("mode", mode_text(text_of(answer, "mode")));
    sheet.line("transport", transport_text(member(answer, "transport")));
    sheet.line("strips", whole_text(member(answer, "strips")));
    sheet.line("advice", whole_text(member(answer, "advice")) + " firing");
    add_missing_rules(sheet, list_of(answer, "cannot_say"));
    sheet.line("messages", level_text(member(traffic, "received_per_second"), 0) + "/s in, "
                               + level_text(member(traffic, "sent_per_second"), 0) + "/s out; "
                               + whole_text(member(traffic, "received")) + " in, "
                               + whole_text(member(traffic, "sent")) + " out since the start");
    const bool lossless =
        number_of(traffic, "dropped", 0) + number_of(traffic, "malformed", 0) == 0.0;
    sheet.line("lost",
               whole_text(member(traffic, "dropped")) + " dropped, "
                   + whole_text(member(traffic, "malformed")) + " malformed",
               lossless ? Tone::plain : Tone::warn);
    add_capabilities(sheet, member(answer, "capabilities"));
    const std::string error = text_of(answer, "last_error");
    sheet.line("last error", error.empty() ? "none" : error,
               error.empty() ? Tone::plain : Tone::warn);
    return sheet.text();
}

std::string render_host(const Json& answer, const Look& look) {
    Sheet sheet(look);
    const Json& host = member(answer, "host");
    sheet.line("connected", host_text(host), tone_of_state(text_of(host, "state")));
    const Json& found = list_of(answer, "found");
    sheet.line("answering", found.empty() ? "none" : joined(found));
    return sheet.text();
}

std::string render_mode(const Json& answer, const Look&) {
    return "mode " + mode_text(text_of(answer, "mode")) + '\n';
}

std::string render_stop(const Json& answer, const Look&) {
    return "stopped: no glide runs, no proposal is open; mode " + text_of(answer, "mode") + '\n';
}

std::string render_role(const Json& answer, const Look&) {
    const std::string role = text_of(answer, "role");
    std::string text = '"' + text_of(answer, "strip") + "\": " + (role.empty() ? "no role" : role);
    if (!role.empty()) text += flag_of(answer, "set_by_user") ? " (set by you)" : " (guessed)";
    return text + '\n';
}

std::string render_brief(const Json& answer, const Look& look) {
    Sheet sheet(look);
    for (const auto& [key, value] : answer.items())
        sheet.line(printable(key), value.is_string() ? text_of(answer, key) : "-");
    return sheet.text();
}

std::string render_dismissed(const Json& answer, const Look&) {
    return "advice " + whole_text(member(answer, "dismissed"))
           + " is silent until its numbers get clearly worse\n";
}

std::string render_later(const Json& answer, const Look&) {
    std::string out;
    for (const Json& one : list_of(answer, "later")) {
        const std::string strip = text_of(one, "strip"), send = text_of(one, "send");
        out += text_of(one, "rule")
               + (flag_of(one, "whole_rule") ? std::string(" everywhere")
                  : strip.empty()            ? std::string()
                                             : " on " + strip + (send.empty() ? "" : " to " + send))
               + " rests until the session ends\n";
    }
    return out.empty() ? "nothing rests\n" : out + "`prefade later --back` brings it back\n";
}

std::string render_rejected(const Json& answer, const Look&) {
    return "move " + whole_text(member(answer, "rejected"))
           + " is turned down; nothing was written\n";
}

std::string render_rules(const Json& answer, const Look& look) {
    std::string out;
    const std::size_t room = look.width > 25 ? look.width - 5 : 0;
    for (const Json& rule : list_of(answer, "rules")) {
        out += (out.empty() ? "" : "\n") + toned(text_of(rule, "id"), Tone::strong, look) + "  "
               + toned(severity_text(rule), tone_of_severity(text_of(rule, "severity")), look)
               + '\n';
        for (const std::string& line : wrapped(text_of(rule, "says"), room))
            out += "     " + line + '\n';
        for (const std::string& line :
             wrapped(text_of(rule, "confidence") + ": " + text_of(rule, "source"), room))
            out += "     " + toned(line, Tone::faint, look) + '\n';
    }
    return out.empty() ? "no rule speaks of that\n" : out;
}

std::string render_transport(const Json& answer, const Look&) {
    return "sent to the DAW: " + text_of(answer, "sent") + '\n';
}

using Renderer = std::string (*)(const Json& answer, const Look& look);

constexpr std::pair<std::string_view, Renderer> renderers[] = {
    {"status", render_status},     {"strips", render_strips}, {"parameters", render_parameters},
    {"advice", render_advice},     {"set", render_ended},     {"apply", render_ended},
    {"dismiss", render_dismissed}, {"moves", render_records}, {"approve", render_ended},
    {"reject", render_rejected},   {"stop", render_stop},     {"undo", render_ended},
    {"journal", render_records},   {"mode", render_mode},     {"role", render_role},
    {"brief", render_brief},       {"host", render_host},     {"transport", render_transport},
    {"rules", render_rules},       {"later", render_later},
};

void add_plainly(std::string& out, const Json& value, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    if (value.is_object()) {
        for (const auto& [key, one] : value.items()) {
            out += indent + printable(key) + ':';
            if (one.is_structured() && !one.empty()) {
                out += '\n';
                add_plainly(out, one, depth + 1);
            } else {
                out += ' ';
                add_plainly(out, one, 0);
            }
        }
    } else if (value.is_array() && !value.empty()) {
        for (const Json& one : value) {
            out += indent + (one.is_structured() ? "-\n" : "- ");
            add_plainly(out, one, one.is_structured() ? depth + 1 : 0);
        }
    } else if (value.is_string()) {
        out += printable(value.get_ref<const std::string&>()) + '\n';
    } else {
        out += (value.is_null() ? "-" : value.is_structured() ? "none" : to_line(value)) + '\n';
    }
}

} // namespace

std::string render_plainly(const Json& answer, const Look&) {
    std::string out;
    add_plainly(out, answer, 0);
    return out.empty() ? "none\n" : out;
}

std::string render(std::string_view command, const Json& answer, const Look& look) {
    for (const auto& [name, renderer] : renderers)
        if (name == command && answer.is_object() && !answer.empty()) return renderer(answer, look);
    return render_plainly(answer, look);
}

} // namespace prefade::command_line
