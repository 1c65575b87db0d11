// One entry's text to a Plugin, and what can be wrong with it. Used by PluginCatalog, its claims by mix_reader too.
#pragma once

#include "knowledge/plugin.h"
#include "knowledge/toml_reader.h"

#include <optional>
#include <vector>

namespace prefade {

/// What one file says, by itself. Nothing when `file` has errors; they are in it.
std::optional<Plugin> read_plugin(TomlFile& file);

/// The [[claim]] tables of a conflict; fewer than two are complained about.
std::vector<Claim> read_claims(TableReader& conflict);

/// Adds the parts of `base` to an entry that is based on it: controls, missing controls, modes, uses,
/// mistakes, facts and conflicts, behind its own. A control of the same id stays its own. Neither is it said to
/// lack a control of its own, nor does it take over one that it says it has not, or what speaks of that.
void take_over(Plugin& plugin, const Plugin& base);

/// Complaints about an entry whose parts are all there: settings and modes that its controls cannot hold.
/// Turns amounts of settings into their control's unit.
std::vector<Error> check_plugin(Plugin& plugin);

} // namespace prefade
