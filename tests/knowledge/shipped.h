// The knowledge as it is shipped, loaded once a test binary.
#pragma once

#include "knowledge/answer.h"
#include "knowledge/library.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace prefade::test {

inline std::vector<std::filesystem::path> shipped_paths() {
    const std::filesystem::path folder = PREFADE_TESTS_DIR "/../knowledge";
    std::vector<std::filesystem::path> paths{folder / "rules", folder / "roles.toml",
                                             folder / "words.toml", folder / "plugins"};
    for (const std::string_view name : MixKnowledge::file_names()) paths.push_back(folder / name);
    return paths;
}

inline const Library& shipped_library() {
    static const LoadedLibrary loaded = [] {
        auto library = load_library(shipped_paths());
        REQUIRE(library);
        for (const Error& error : library->errors) FAIL_CHECK(error.where << ": " << error.message);
        return std::move(*library);
    }();
    return *loaded.library;
}

/// Of the shipped knowledge; remembers no question.
inline Answerer& shipped_answerer() {
    static const auto answerer = [] {
        // not owned: the library lives as long as the binary
        const std::shared_ptr<const Library> library(&shipped_library(), [](const Library*) {});
        auto opened = Answerer::open(library);
        REQUIRE(opened);
        return std::move(*opened);
    }();
    answerer->forget();
    return *answerer;
}

} // namespace prefade::test
