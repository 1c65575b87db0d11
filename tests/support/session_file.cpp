#include "tests/support/session_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <pugixml.hpp>

namespace prefade::test {
namespace {

double decibels(double gain) {
    return gain > 0.0 ? 20.0 * std::log10(gain) : -std::numeric_limits<double>::infinity();
}

pugi::xml_node controllable(pugi::xml_node in, const char* name) {
    return in.find_child_by_attribute("Controllable", "name", name);
}

pugi::xml_node processor(pugi::xml_node route, const char* type) {
    return route.find_child_by_attribute("Processor", "type", type);
}

std::string kind_of(pugi::xml_node node) {
    const std::string flags = node.child("PresentationInfo").attribute("flags").value();
    for (const auto& [flag, kind] :
         {std::pair("MasterOut", "master"), std::pair("AudioTrack", "audio track"),
          std::pair("AudioBus", "audio bus"), std::pair("VCA", "VCA")})
        if (flags.find(flag) != std::string::npos) return kind;
    return flags;
}

FilePlugin plugin_of(pugi::xml_node node) {
    FilePlugin plugin{node.attribute("name").value(), node.attribute("active").as_bool(), {}};
    for (const pugi::xml_node c : node.children("Controllable"))
        plugin.parameters[c.attribute("name").value()] = c.attribute("value").as_double();
    return plugin;
}

FileStrip route_of(pugi::xml_node route, pugi::xml_node session) {
    FileStrip strip;
    strip.name = route.attribute("name").value();
    strip.kind = kind_of(route);
    const pugi::xml_node amp = processor(route, "amp");
    const pugi::xml_node fader = controllable(amp, "gaincontrol");
    strip.fader_db = decibels(fader.attribute("value").as_double());
    strip.automation = amp.child("Automation")
                           .find_child_by_attribute("AutomationList", "automation-id", "gain")
                           .attribute("state")
                           .value();
    for (const pugi::xml_node master : fader.child("masters").children("master"))
        for (const pugi::xml_node vca : session.child("VCAManager").children("VCA"))
            if (std::string(controllable(vca, "gaincontrol").attribute("id").value())
                == master.attribute("id").value())
                strip.vcas.emplace_back(vca.attribute("name").value());
    if (const auto trim = controllable(processor(route, "trim"), "trimcontrol"))
        strip.trim_db = decibels(trim.attribute("value").as_double());
    if (const auto pan = controllable(route.child("Pannable"), "pan-azimuth"))
        strip.pan = 2.0 * pan.attribute("value").as_double() - 1.0;
    strip.mute = controllable(route, "mute").attribute("value").as_double() > 0.0;
    strip.solo = controllable(route, "solo").attribute("self-solo").as_bool();
    for (const pugi::xml_node p : route.children("Processor")) {
        const std::string type = p.attribute("type").value();
        if (type == "intsend")
            strip.sends.push_back(
                {p.attribute("name").value(),
                 decibels(controllable(p, "gaincontrol").attribute("value").as_double()),
                 p.attribute("active").as_bool()});
        else if (type == "lv2")
            strip.plugins.push_back(plugin_of(p));
    }
    // a mono track's or a VCA's controls sit elsewhere; a session of ours has none of those
    return strip;
}

FileStrip vca_of(pugi::xml_node vca) {
    FileStrip strip;
    strip.name = vca.attribute("name").value();
    strip.kind = "VCA";
    strip.fader_db = decibels(controllable(vca, "gaincontrol").attribute("value").as_double());
    strip.mute = controllable(vca, "mute").attribute("value").as_double() > 0.0;
    strip.solo = controllable(vca, "solo").attribute("self-solo").as_bool();
    strip.automation = vca.child("Automation")
                           .find_child_by_attribute("AutomationList", "automation-id", "gain")
                           .attribute("state")
                           .value();
    return strip;
}

} // namespace

std::vector<FileStrip> read_session_file(const std::filesystem::path& file) {
    pugi::xml_document document;
    if (const auto read = document.load_file(file.c_str()); !read)
        throw std::runtime_error(file.string() + ": " + read.description());
    const pugi::xml_node session = document.child("Session");
    std::vector<std::pair<int, FileStrip>> routes;
    for (const pugi::xml_node route : session.child("Routes").children("Route"))
        routes.emplace_back(route.child("PresentationInfo").attribute("order").as_int(),
                            route_of(route, session));
    for (const pugi::xml_node vca : session.child("VCAManager").children("VCA"))
        routes.emplace_back(100'000 + vca.child("PresentationInfo").attribute("order").as_int(),
                            vca_of(vca));
    for (auto& [order, strip] : routes)
        if (strip.kind == "master") order = 1'000'000;
    std::stable_sort(routes.begin(), routes.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<FileStrip> strips;
    for (auto& [order, strip] : routes) strips.push_back(std::move(strip));
    if (strips.empty()) throw std::runtime_error(file.string() + " holds no strips");
    return strips;
}

} // namespace prefade::test
