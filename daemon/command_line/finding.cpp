#include "daemon/command_line/finding.h"

#include "core/text.h"

#include <nlohmann/json.hpp>

namespace prefade::command_line {
namespace {

Tone tone_of(Health verdict) {
    switch (verdict) {
    case Health::ok: return Tone::good;
    case Health::warn: return Tone::warn;
    case Health::fail: return Tone::bad;
    case Health::absent: return Tone::faint;
    }
    return Tone::plain;
}

} // namespace

Json to_json(const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (const Finding& f : findings)
        list.push_back({{"link", f.link},
                        {"verdict", name_in(verdict_names, f.verdict)},
                        {"found", f.found},
                        {"to_do", f.to_do}});
    return list;
}

std::string render(const std::vector<Finding>& findings, const Look& look) {
    std::size_t widest = 0;
    for (const Finding& f : findings) widest = std::max(widest, display_width(f.link));
    const std::size_t indent = 8 + widest + 2;
    const std::size_t room = look.width > indent + 20 ? look.width - indent : 0;
    const std::string margin(indent, ' ');
    std::string out;
    for (const Finding& f : findings) {
        std::string head =
            toned(padded(name_in(verdict_names, f.verdict), 8), tone_of(f.verdict), look)
            + padded(f.link, widest + 2);
        for (const std::string& line : wrapped(printable(f.found), room)) {
            out += head + line + '\n';
            head = margin;
        }
        if (f.to_do.empty()) continue;
        for (const std::string& line : wrapped("-> " + printable(f.to_do), room))
            out += margin + toned(line, Tone::strong, look) + '\n';
    }
    return out;
}

std::string broken_links(const std::vector<Finding>& findings) {
    std::string names;
    std::size_t count = 0;
    for (const Finding& f : findings)
        if (f.verdict == Health::fail) names += (count++ ? ", " : "") + f.link;
    if (count == 0) return {};
    return (count == 1 ? "1 link is broken: " : std::to_string(count) + " links are broken: ")
           + names;
}

} // namespace prefade::command_line
