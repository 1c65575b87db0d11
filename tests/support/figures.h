// A figure that a test or benchmark measured, for people: printed at once and, when PREFADE_FIGURES names a
// file, kept there; ./dev test shows them all before the summary. Any thread.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace prefade::test {

/// `what`: one line that holds the bar too: "wire to advice, p95: 41 ms (bar 150 ms)".
inline void figure(const std::string& what) {
    std::printf("figure: %s\n", what.c_str());
    std::fflush(stdout);
    const char* path = std::getenv("PREFADE_FIGURES");
    if (path == nullptr) return;
    if (std::FILE* file = std::fopen(path, "a")) {
        std::fprintf(file, "%s\n", what.c_str());
        std::fclose(file);
    }
}

} // namespace prefade::test
