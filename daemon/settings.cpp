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
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
        if (!in || in.peek() != std::ifstream::traits_type::eof()) // an empty file is a good one
            return Error{ErrorCode::io, "cannot be read", file.string()};
    try {
        return toml::parse(text.str());
    } catch (const toml::parse_error& error) {
        return complaint(file, error.source().begin, std::string(error.description()));
    }
}

} // namespace prefade
