#include "connectors/ardour/answers.h"

#include <algorithm>

namespace prefade::ardour {

std::optional<std::pair<Ssid, ListedLine>> line_from(const OscMessage& message) {
    const auto& a = message.arguments;
    if (message.address != "/strip" || a.size() != 8) return std::nullopt;
    const auto* ssid = std::get_if<std::int32_t>(&a[0]);
    const auto* type = std::get_if<std::string>(&a[1]);
    const auto* name = std::get_if<std::string>(&a[2]);
    if (!ssid || *ssid < 1 || !type || !name) return std::nullopt;
    ListedLine listed{{*type, *name}};
    std::size_t at = 3;
    for (std::int32_t* each :
         {&listed.inputs, &listed.outputs, &listed.mute, &listed.solo, &listed.armed})
        if (const auto* told = std::get_if<std::int32_t>(&a[at++])) *each = *told;
    return std::pair{*ssid, std::move(listed)};
}

const OwnControl* own_control(Control control) noexcept {
    const auto found = std::find_if(own_controls.begin(), own_controls.end(),
                                    [&](const OwnControl& c) { return c.control == control; });
    return found == own_controls.end() ? nullptr : &*found;
}

std::optional<ControlValue> value_in(const std::vector<OscMessage>& heard,
                                     const OwnControl& control) {
    std::optional<ControlValue> value;
    for (const OscMessage& message : heard) {
        if (message.address != control.question || message.arguments.size() != 1) continue;
        const auto& told = message.arguments.front();
        if (const auto* f = std::get_if<float>(&told))
            value = control.read(static_cast<double>(*f));
        if (const auto* i = std::get_if<std::int32_t>(&told))
            value = control.read(static_cast<double>(*i));
    }
    return value;
}

} // namespace prefade::ardour
