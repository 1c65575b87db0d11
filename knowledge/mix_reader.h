// One file of mixing knowledge to its entries, and what can be wrong with it by itself. Used by MixKnowledge only.
#pragma once

#include "knowledge/mix_knowledge.h"
#include "knowledge/toml_reader.h"

#include <vector>

namespace prefade {

/// What one kind of entry is made of: which keys it and its steps take, and which they need.
struct MixForm {
    MixKind kind;
    std::string_view file;
    std::string_view step; ///< key of its steps; empty: it has none
    std::size_t fewest_steps;
    unsigned needs, takes;           ///< MixPart, of the entry; takes what it needs
    unsigned step_needs, step_takes; ///< of each step
};
const std::vector<MixForm>& mix_forms();

/// The entries without errors; complaints are in `file`. References are not looked at.
std::vector<MixEntry> read_mix_file(TomlFile& file);

} // namespace prefade
