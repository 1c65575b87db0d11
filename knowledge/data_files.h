// The files of a piece of knowledge: one file, or all of a folder. Used by every loader here; reads files,
// any thread.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace prefade {

struct FoundFiles {
    std::vector<std::filesystem::path> files; ///< in order of name
    std::vector<Error> errors;
};

/// The file itself, or the *.toml of a folder. Errors: no such file or folder, cannot be listed.
FoundFiles find_data_files(const std::filesystem::path& path);

/// Errors: over 256 kB, cannot be read, empty.
Result<std::string> read_data_file(const std::filesystem::path& path);

} // namespace prefade
