// Which sound files the paths of a command line mean. Looks at folders; opens no file. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace prefade::command_line {

struct SoundFiles {
    /// Each once, in the order of the paths, those of one folder by name. A path that was named is here whatever it is.
    std::vector<std::filesystem::path> files;
    std::size_t passed_over{
        0}; ///< files in the folders that are no sound by their names, or hidden
    std::vector<std::string> unread; ///< folders that cannot be looked into, with the reason
};

/// A folder stands for the sound files in it and in the folders below it, hidden ones left out; links to folders are
/// not followed.
SoundFiles find_sound_files(std::span<const std::string> paths);

/// The folder that all of them lie in or under; there is one file at least.
std::filesystem::path common_folder(std::span<const std::filesystem::path> files);
/// What of a path lies under `common`, harmless to print; all of it where that is empty.
std::string name_under(const std::filesystem::path& file, const std::filesystem::path& common);

} // namespace prefade::command_line
