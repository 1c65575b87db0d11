#include "knowledge/data_files.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <system_error>

namespace prefade {

namespace fs = std::filesystem;

FoundFiles find_data_files(const fs::path& path) {
    FoundFiles found;
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
        if (fs::is_regular_file(path, failed))
            found.files.push_back(path);
        else
            found.errors.push_back({ErrorCode::not_found, "no such file or folder", path.string()});
        return found;
    }
    for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed))
        if (at->path().extension() == ".toml") found.files.push_back(at->path());
    if (failed)
        found.errors.push_back({ErrorCode::io, "cannot list: " + failed.message(), path.string()});
    std::sort(found.files.begin(), found.files.end());
    return found;
}

Result<std::string> read_data_file(const fs::path& path) {
    constexpr std::uintmax_t largest = std::uintmax_t{256} * 1024;
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (!failed && size > largest)
        return Error{ErrorCode::invalid, "a file of knowledge has at most 256 kB", path.string()};
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
        return Error{ErrorCode::io, "cannot be read, or is empty", path.string()};
    return std::move(text).str();
}

ReadFiles read_data_files(const std::vector<fs::path>& paths) {
    ReadFiles read;
    for (const fs::path& path : paths) {
        FoundFiles found = find_data_files(path);
        std::move(found.errors.begin(), found.errors.end(), std::back_inserter(read.errors));
        for (const fs::path& name : found.files) {
            auto text = read_data_file(name);
            if (text)
                read.files.push_back({name.string(), std::move(*text)});
            else
                read.errors.push_back(text.error());
        }
    }
    return read;
}

} // namespace prefade
