#include "knowledge/functions.h"
#include "knowledge/quantity.h"
#include "tests/support/catch.h"

#include <fstream>
#include <sstream>

using namespace prefade;

namespace {

std::string result_of(const Function& function) {
    if (function.names_unit) return "number in that unit";
    if (function.of == Function::Of::reading) return "unit of the reading";
    if (function.of == Function::Of::reading_difference) return "dB (or LU)";
    if (function.result.kind == Type::Kind::boolean) return "true/false";
    if (function.result.kind == Type::Kind::text) return "text";
    return function.result.unit == Unit::none ? "number"
                                              : std::string(symbol(function.result.unit));
}

std::string line_of(const Function& function) {
    return "| `" + signature(function) + "` | " + result_of(function) + " | "
           + std::string(function.doc) + " |\n";
}

/// The table as docs/rules.md shall hold it.
std::string table() {
    std::string text;
    Function::Owner owner = Function::Owner::strip;
    bool is_first = true;
    for (const Function& function : all_functions()) {
        if (is_first || function.owner != owner)
            text += "\n**Of " + std::string(described(function.owner))
                    + "**\n\n| name | gives | what it is |\n| --- | --- | --- |\n";
        is_first = false;
        owner = function.owner;
        text += line_of(function);
    }
    return text;
}

} // namespace

TEST_CASE("docs/rules.md shows every function that there is") {
    std::ifstream in(PREFADE_TESTS_DIR "/../docs/rules.md");
    std::ostringstream page;
    page << in.rdbuf();
    INFO("the table between the two comments of docs/rules.md should be:\n" << table());
    const std::string open =
        "<!-- functions: compared with knowledge/functions.cpp by a test -->\n";
    const std::size_t from = page.str().find(open),
                      to = page.str().find("<!-- end of functions -->");
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    CHECK(page.str().substr(from + open.size(), to - from - open.size()) == table());
}

TEST_CASE("docs/rules.md names every unit") {
    std::ifstream in(PREFADE_TESTS_DIR "/../docs/rules.md");
    std::ostringstream page;
    page << in.rdbuf();
    CHECK(page.str().find(known_unit_words()) != std::string::npos);
}

TEST_CASE("quantities are printed with their unit and never as minus nothing") {
    CHECK(to_text(Quantity{-0.44, Unit::dbfs}) == "-0.4 dBFS");
    CHECK(to_text(Quantity{-0.04, Unit::db}) == "0.0 dB");
    CHECK(to_text(Quantity{0.04, Unit::db}, 1, true) == "0.0 dB");
    CHECK(to_text(Quantity{5.6, Unit::db}, 1, true) == "+5.6 dB");
    CHECK(to_text(Quantity{-1.0 / 0.0, Unit::dbfs}) == "-inf dBFS");
    CHECK(to_text(Quantity{20.0, Unit::seconds}) == "20 s");
    CHECK(to_text(Quantity{0.3, Unit::seconds}) == "300 ms");
    CHECK(to_text(Quantity{2500.0, Unit::hertz}) == "2.5 kHz");
    CHECK(to_text(Quantity{3.0, Unit::none}) == "3");
    CHECK(to_text(Quantity{-14.0, Unit::lufs}, 2) == "-14.00 LUFS");
}

TEST_CASE("quantities are read exactly or not at all") {
    CHECK(parse_quantity("-6 dBFS")->number == -6.0);
    CHECK(parse_quantity("300 ms")->number == Approx(0.3));
    CHECK(parse_quantity("-inf dB")->number < -1e300);
    CHECK(parse_quantity("2 kHz")->number == 2000.0);
    CHECK(parse_quantity("7")->unit == Unit::none);
    for (const char* wrong : {"", "dB", "6 dBx", "6 dB dB", "six dB", "nan", "1e999"}) {
        INFO(wrong);
        CHECK_FALSE(parse_quantity(wrong));
    }
}
