#include "daemon/settings.h"

#include <fstream>
#include <sstream>

namespace prefade {

Error complaint(const std::filesystem::path& file, const toml::source_position& at,
                const std::string& message) {
    return {ErrorCode::invalid, message,
            file.string() + ':' + std::to_string(at.line) + ':' + std::to_string(at.column)};
}

Result<toml::table> read_toml(const std::filesystem::path& file) {
    std::error_code failed;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    // A folder opens, and then looks like an empty file, which is a good one.
    if (std::filesystem::is_directory(file, failed)) in.setstate(std::ios::failbit);
    if (!in || (in.peek() != std::ifstream::traits_type::eof() && !(text << in.rdbuf())))
        return Error{ErrorCode::io, "cannot be read", file.string()};
    try {
        return toml::parse(text.str());
    } catch (const toml::parse_error& error) {
        return complaint(file, error.source().begin, std::string(error.description()));
    }
}

} // namespace prefade
