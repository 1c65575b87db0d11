#include "daemon/command_line/sound_files.h"

#include "core/text.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

/// By these names a file in a folder is taken for sound. Those that no decoder here reads are among them, so that
/// they are named as what they are and not passed over.
constexpr std::string_view sound_endings[] = {
    ".wav", ".wave", ".bwf",  ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".flac",
    ".ogg", ".oga",  ".opus", ".mp3",  ".mp2", ".caf", ".au",   ".snd",  ".m4a",
    ".aac", ".wma",  ".wv",   ".ape",  ".ac3", ".dsf", ".dff"};

bool is_sound_by_name(const fs::path& path) {
    std::string ending = path.extension().string();
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return std::find(std::begin(sound_endings), std::end(sound_endings), ending)
           != std::end(sound_endings);
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

class Finder {
public:
    SoundFiles found;

    void take(const fs::path& path) {
        std::error_code failed;
        if (fs::is_directory(path, failed))
            look_into(path);
        else
            add(path);
    }

private:
    void add(const fs::path& path) {
        std::error_code failed;
        const fs::path real = fs::weakly_canonical(path, failed);
        if (seen_.insert(failed ? path : real).second) found.files.push_back(path);
    }

    void look_into(const fs::path& folder) {
        std::error_code failed;
        std::vector<fs::directory_entry> entries;
        for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
             at.increment(failed))
            entries.push_back(*at);
        if (failed) found.unread.push_back(folder.string() + ": " + failed.message());
        std::sort(entries.begin(), entries.end());
        for (const fs::directory_entry& entry : entries) {
            const bool hidden = is_hidden(entry.path());
            if (entry.is_directory(failed)) {
                if (!hidden && !entry.is_symlink(failed)) look_into(entry.path());
            } else if (!hidden && is_sound_by_name(entry.path()))
                add(entry.path());
            else
                ++found.passed_over;
        }
    }

    std::set<fs::path> seen_;
};

} // namespace

SoundFiles find_sound_files(std::span<const std::string> paths) {
    Finder finder;
    for (const std::string& path : paths) finder.take(path);
    return std::move(finder.found);
}

fs::path common_folder(std::span<const fs::path> files) {
    fs::path common = files.front().parent_path();
    for (const fs::path& file : files) {
        const fs::path folder = file.parent_path();
        const auto [end, ignored] =
            std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
        fs::path shared;
        for (auto part = common.begin(); part != end; ++part) shared /= *part;
        common = shared;
    }
    return common;
}

std::string name_under(const fs::path& file, const fs::path& common) {
    return printable((common.empty() ? file : file.lexically_relative(common)).string());
}

} // namespace prefade::command_line
