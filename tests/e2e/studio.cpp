#include "tests/e2e/studio.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace prefade::test {
namespace {

/// Collects what differs, under the name of what is compared.
struct Comparison {
    std::string of;
    std::vector<std::string>& found;

    void differ(const std::string& what, const std::string& ours, const std::string& theirs) {
        found.push_back(of + ' ' + what + ": " + ours + ", not " + theirs);
    }
    void near(const std::string& what, const Json& ours, std::optional<double> theirs,
              double tolerance) {
        if (ours.is_null() && !theirs) return;
        if (ours.is_null() || !theirs)
            return differ(what, ours.dump(), theirs ? text_of(*theirs, 4) : "nothing");
        const double value = level_of(ours);
        if (value == *theirs || std::abs(value - *theirs) <= tolerance) return;
        differ(what, text_of(value, 6), text_of(*theirs, 6));
    }
    void same(const std::string& what, const Json& ours, const Json& theirs) {
        if (ours != theirs) differ(what, ours.dump(), theirs.dump());
    }
};

void compare_plugin(Comparison compare, const Json& insert, const FilePlugin& plugin) {
    compare.of += ' ' + plugin.name;
    compare.same("name", insert["plugin"], plugin.name);
    compare.same("bypassed", insert["bypassed"], !plugin.active);
    std::size_t controls = 0;
    for (const Json& parameter : insert["parameters"]) {
        if (parameter["output"]) continue;
        ++controls;
        const auto held = plugin.parameters.find(parameter["name"]);
        if (held == plugin.parameters.end())
            compare.differ(parameter["name"], "listed", "in the file");
        else
            compare.same(held->first,
                         parameter["value"].is_null() ? Json()
                                                      : Json(parameter["value"].get<float>()),
                         Json(static_cast<float>(held->second)));
    }
    compare.same("number of parameters", controls, plugin.parameters.size());
}

void compare_strip(Comparison compare, const Json& strip, const FileStrip& file,
                   const std::vector<FileStrip>& all) {
    compare.same("kind", strip["kind"], file.kind);
    double fader = file.fader_db;
    for (const FileStrip& other : all)
        if (std::find(file.vcas.begin(), file.vcas.end(), other.name) != file.vcas.end())
            fader += other.fader_db;
    if (file.automation == "Play")
        compare.same("automation", strip["automation"], "read");
    else
        compare.near("fader", strip["fader_db"], fader, 0.1);
    compare.near("trim", strip["trim_db"], file.trim_db, 0.1);
    compare.near("pan", strip["pan"], file.pan, 0.001);
    compare.same("mute", strip["mute"], file.mute);
    compare.same("solo", strip["solo"], file.solo);
    compare.same("number of sends", strip["sends"].size(), file.sends.size());
    for (std::size_t i = 0; i < std::min(strip["sends"].size(), file.sends.size()); ++i) {
        compare.same("send to", strip["sends"][i]["destination"], file.sends[i].destination);
        compare.near("send level", strip["sends"][i]["level_db"], file.sends[i].level_db, 0.1);
        compare.same("send enabled", strip["sends"][i]["enabled"], file.sends[i].enabled);
    }
    compare.same("number of inserts", strip["inserts"].size(), file.plugins.size());
    for (std::size_t i = 0; i < std::min(strip["inserts"].size(), file.plugins.size()); ++i)
        compare_plugin(compare, strip["inserts"][i], file.plugins[i]);
}

} // namespace

Json Studio::strip(const std::string& name) {
    return find_by(rpc().call("strips")["strips"], "name", name);
}

double Studio::reported_fader(const std::string& strip) {
    return witness.by_name().at(strip).gain.value();
}

std::vector<std::string> differences(const Json& strips, const std::vector<FileStrip>& file) {
    std::vector<std::string> found;
    Comparison{"session", found}.same("number of strips", strips.size(), file.size());
    for (std::size_t i = 0; i < std::min(strips.size(), file.size()); ++i) {
        Comparison compare{file[i].name, found};
        compare.same("name", strips[i]["name"], file[i].name);
        compare_strip(compare, strips[i], file[i], file);
    }
    return found;
}

std::vector<std::string> differences(const std::map<std::string, WitnessedStrip>& before,
                                     const std::map<std::string, WitnessedStrip>& after,
                                     const std::string& except) {
    std::vector<std::string> found;
    const auto compare = [&](const std::string& strip, const char* what, auto was, auto is) {
        constexpr double rounding = 1e-4; // Ardour keeps a strip's share of what its VCAs add up to
        if (was.has_value() != is.has_value()
            || (was && std::abs(static_cast<double>(*was) - static_cast<double>(*is)) > rounding))
            found.push_back(strip + ' ' + what + ": " + text_of(is.value_or(0), 3) + ", was "
                            + text_of(was.value_or(0), 3));
    };
    for (const auto& [name, was] : before) {
        const auto is = after.find(name);
        if (is == after.end()) continue;
        if (name != except) compare(name, "fader", was.gain, is->second.gain);
        compare(name, "trim", was.trim, is->second.trim);
        compare(name, "pan", was.pan, is->second.pan);
        compare(name, "mute", was.mute, is->second.mute);
        compare(name, "solo", was.solo, is->second.solo);
    }
    return found;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) all += (all.empty() ? "" : "; ") + line;
    return all;
}

std::string text_of(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

double percentile(std::vector<double> values, double part) {
    if (values.empty()) return 0.0;
    std::sort(values.begin(), values.end());
    const auto index =
        static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size()))) - 1;
    return values[std::min(index, values.size() - 1)];
}

} // namespace prefade::test
