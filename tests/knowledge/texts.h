// Pages of docs/ with the example that a test loads, and texts with mistakes in them.
#pragma once

#include "tests/support/catch.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

namespace prefade::test {

inline std::string page_of(const std::string& name) {
    std::ifstream in(PREFADE_TESTS_DIR "/../docs/" + name);
    std::ostringstream page;
    page << in.rdbuf();
    return page.str();
}

/// The block of TOML that `page` marks for it.
inline std::string example_of(const std::string& page) {
    const std::string open = "<!-- example: loaded by a test -->\n```toml\n";
    const std::size_t from = page.find(open), to = page.find("\n```", from + open.size());
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    return page.substr(from + open.size(), to - from - open.size()) + '\n';
}

/// `text` with one to six bytes changed, runs taken out or written twice; never empty.
inline std::string garbled(std::string text, std::mt19937& random) {
    std::uniform_int_distribution<int> byte(0, 255), times(1, 6);
    for (int n = times(random); n > 0; --n) {
        const std::size_t at = random() % text.size();
        switch (byte(random) % 3) {
        case 0: text[at] = static_cast<char>(byte(random)); break;
        case 1: text.erase(at, static_cast<std::size_t>(byte(random)) % 9); break;
        default: text.insert(at, text.substr(random() % text.size(), 7)); break;
        }
        if (text.empty()) text = " ";
    }
    return text;
}

} // namespace prefade::test
