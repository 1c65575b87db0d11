#include "core/places.h"

#include <cstdlib>
#include <string>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif
#ifdef _WIN32
#include <windows.h>
#endif

namespace prefade {
namespace fs = std::filesystem;
namespace {

fs::path from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? fs::path(value) : fs::path();
}

fs::path home() {
    for (const char* name : {"HOME", "USERPROFILE"})
        if (fs::path folder = from_environment(name); !folder.empty()) return folder;
    return fs::temp_directory_path();
}

/// The XDG variable where it holds an absolute path, as its specification asks, else `otherwise`.
fs::path xdg(const char* variable, const fs::path& otherwise) {
    const fs::path value = from_environment(variable);
    return value.is_absolute() ? value : otherwise;
}

fs::path program_file() {
#if defined(_WIN32)
    wchar_t buffer[32768];
    const DWORD length = GetModuleFileNameW(nullptr, buffer, 32768);
    return length ? fs::path(std::wstring(buffer, length)) : fs::path();
#elif defined(__APPLE__)
    char buffer[4096];
    uint32_t size = sizeof buffer;
    if (_NSGetExecutablePath(buffer, &size) != 0) return {};
    std::error_code failed;
    return fs::canonical(buffer, failed);
#else
    std::error_code failed;
    return fs::read_symlink("/proc/self/exe", failed);
#endif
}

} // namespace

fs::path config_folder() {
#if defined(_WIN32)
    return from_environment("APPDATA") / "prefade";
#elif defined(__APPLE__)
    return xdg("XDG_CONFIG_HOME", home() / "Library/Application Support") / "prefade";
#else
    return xdg("XDG_CONFIG_HOME", home() / ".config") / "prefade";
#endif
}

fs::path state_folder() {
#if defined(_WIN32)
    return from_environment("LOCALAPPDATA") / "prefade";
#elif defined(__APPLE__)
    return xdg("XDG_STATE_HOME", home() / "Library/Application Support") / "prefade";
#else
    return xdg("XDG_STATE_HOME", home() / ".local/state") / "prefade";
#endif
}

fs::path cache_folder() {
#if defined(_WIN32)
    return from_environment("LOCALAPPDATA") / "prefade" / "cache";
#elif defined(__APPLE__)
    return xdg("XDG_CACHE_HOME", home() / "Library/Caches") / "prefade";
#else
    return xdg("XDG_CACHE_HOME", home() / ".cache") / "prefade";
#endif
}

fs::path default_socket() {
    if (fs::path given = from_environment("PREFADE_SOCKET"); !given.empty()) return given;
    if (const fs::path runtime = from_environment("XDG_RUNTIME_DIR"); runtime.is_absolute())
        return runtime / "prefade.sock";
    return state_folder() / "prefade.sock";
}

fs::path program_folder() { return program_file().parent_path(); }

Result<fs::path> data_folder() {
    std::error_code failed;
    const fs::path given = from_environment("PREFADE_DATA_DIR");
    if (!given.empty()) {
        if (fs::is_directory(given / "knowledge", failed)) return given;
        return Error{ErrorCode::not_found, "PREFADE_DATA_DIR names no folder with knowledge/ in it",
                     given.string()};
    }
    const fs::path beside = program_folder().parent_path() / "share" / "prefade";
    if (fs::is_directory(beside / "knowledge", failed)) return beside;
    return Error{ErrorCode::not_found,
                 "the rules and profiles are not there; install again, or set PREFADE_DATA_DIR",
                 beside.string()};
}

} // namespace prefade
