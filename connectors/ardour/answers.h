// What Ardour's answers say: lines of the strip list, and the strip's own controls. Pure; any thread.
#pragma once

#include "connectors/ardour/mixer.h"
#include "connectors/message.h"
#include "core/control.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace prefade::ardour {

/// A strip as the list has it; -1 where it has none.
struct ListedLine {
    StripLine line;
    std::int32_t inputs{-1}, outputs{-1}, mute{-1}, solo{-1}, armed{-1};
};
/// One line of "/strip": ssid, type, name, inputs, outputs, mute, solo, rec.
std::optional<std::pair<Ssid, ListedLine>> line_from(const OscMessage& message);

/// One of the strip's own controls: how it is asked, and how its answer reads.
struct OwnControl {
    Control control;
    const char* question; ///< as Inquiry asks it
    ControlValue (*read)(double told);
};
inline constexpr std::array own_controls{
    OwnControl{Control::fader, "/strip/fader_",
               [](double told) -> ControlValue { return level_of_position(told); }},
    OwnControl{Control::trim, "/strip/trimdB_",
               [](double told) -> ControlValue { return level_of_fast_logarithm(told); }},
    OwnControl{Control::pan, "/strip/pan_stereo_position_",
               [](double told) -> ControlValue { return pan_of(told); }},
    OwnControl{Control::mute, "/strip/mute_",
               [](double told) -> ControlValue { return told != 0.0; }},
    OwnControl{Control::solo, "/strip/solo_",
               [](double told) -> ControlValue { return told != 0.0; }},
};

/// nullptr for a control on an insert or a send.
const OwnControl* own_control(Control control) noexcept;

/// What `heard`, the messages of an answer, tell of it.
std::optional<ControlValue> value_in(const std::vector<OscMessage>& heard,
                                     const OwnControl& control);

} // namespace prefade::ardour
