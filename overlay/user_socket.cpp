#include "overlay/user_socket.h"

#include "core/places.h"

#include <toml++/toml.h>

#include <cstdlib>

namespace prefade::overlay {
namespace fs = std::filesystem;

Result<fs::path> user_socket() {
    const fs::path file = config_folder() / "prefade.toml";
    std::error_code failed;
    const char* given = std::getenv("PREFADE_SOCKET");
    if ((given && *given) || !fs::exists(file, failed)) return default_socket();
    try {
        const toml::table settings = toml::parse_file(file.string());
        const auto socket = settings["socket"].value<std::string>();
        return socket && !socket->empty() ? fs::path(*socket) : default_socket();
    } catch (const toml::parse_error& error) {
        return Error{ErrorCode::invalid, std::string(error.description()),
                     file.string() + ':' + std::to_string(error.source().begin.line) + ':'
                         + std::to_string(error.source().begin.column)};
    }
}

} // namespace prefade::overlay
