// All that answers are made of, loaded at once: plugins, mixing knowledge, roles, and the words of questions.
// Reads files, some 100 ms; then immutable. Not on the desk thread.
#pragma once

#include "core/result.h"
#include "knowledge/lexicon.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace prefade {

struct Library {
    PluginCatalog plugins;
    MixKnowledge mix;
    RoleBook roles;
    WordLists words;
};

struct LoadedLibrary {
    std::unique_ptr<const Library> library;
    std::vector<Error> errors; ///< of single files and entries, which are left out
};

/// Files and folders, told apart as by `check` (knowledge/check.h); a later one overrides. Errors: no roles, no words.
Result<LoadedLibrary> load_library(const std::vector<std::filesystem::path>& paths);

} // namespace prefade
