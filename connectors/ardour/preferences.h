// What Ardour's own files on this machine say about its OSC surface, for `prefade setup` and `prefade
// doctor`. The session overrides the preferences. Reads files, writes none.
#pragma once

#include "connectors/registry.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace prefade::ardour {

/// The OSC surface as a session or a preferences file has it.
struct SurfaceNode {
    bool active{false};
    bool replies_to_sender{false}; ///< Port Mode Auto
};

/// Nothing when the text does not speak of the OSC surface.
std::optional<SurfaceNode> surface_node(std::string_view xml);

/// Ardour's folder of the newest version that was ever started here; empty when there is none.
std::filesystem::path preferences_folder();

/// True when one of the folders of PATH holds its program.
bool is_installed();

/// `folder`: with `config` and `recent` in it. Looks at the newest session, or, where there is none yet,
/// at the preferences that new sessions begin with.
std::vector<HostSetting> surface_settings(const std::filesystem::path& folder);

} // namespace prefade::ardour
