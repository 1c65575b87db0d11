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

struct DataText {
    std::string name, text;
};
struct ReadFiles {
    std::vector<DataText> files; ///< those that could be read
    std::vector<Error> errors;
};
/// The text of each file of each path, in order of paths. Errors: as of the two above.
ReadFiles read_data_files(const std::vector<std::filesystem::path>& paths);

} // namespace prefade
