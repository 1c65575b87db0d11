#include "core/text.h"
#include "tests/support/catch.h"

using namespace prefade;

TEST_CASE("names in any script are printed as they are") {
    for (const char* name : {"", "Lead Vox", "Gitarre \xc3\xa4", "\xc2\xa0\xc2\xbf", "\xe6\xad\x8c",
                             "\xf0\x9f\x8e\xb8 Solo", "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"}) {
        INFO(name);
        CHECK(printable(name) == name);
    }
}

TEST_CASE("control characters of both kinds are written out, so that no name steers a terminal") {
    CHECK(printable("a\x1b[31m\n\x7f") == "a\\x1b[31m\\x0a\\x7f");
    CHECK(printable(std::string("\0x", 2)) == "\\x00x");
    CHECK(printable("\xc2\x9b"
                    "31m")
          == "\\xc2\\x9b31m"); // CSI as one character
    CHECK(printable("\xc2\x80\xc2\x9f\xc2\xa0") == "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
}

TEST_CASE("what would turn the text round is written out, joiners are kept") {
    CHECK(printable("Vox \u202eeb") == "Vox \\xe2\\x80\\xaeeb");
    CHECK(printable("\u2066a\u2069") == "\\xe2\\x81\\xa6a\\xe2\\x81\\xa9");
    for (const char* turns : {"\u200e", "\u200f", "\u2028", "\u2029", "\u061c", "\ufeff"})
        CHECK(printable(turns)[0] == '\\');
    CHECK(printable("\u200d\u2027\u202f\u2065\u206a") == "\u200d\u2027\u202f\u2065\u206a");
}

TEST_CASE("bytes that are no UTF-8 are written out one by one, and what follows is kept") {
    CHECK(printable("\x9b"
                    "2J")
          == "\\x9b2J"); // CSI to a terminal that reads bytes
    CHECK(printable("\xc3") == "\\xc3");
    CHECK(printable("\xc3(") == "\\xc3(");
    CHECK(printable("\xe6\xad"
                    "b")
          == "\\xe6\\xad"
             "b");
    CHECK(printable("\xc0\x9b") == "\\xc0\\x9b");          // ESC-like, overlong
    CHECK(printable("\xe0\x82\x9b") == "\\xe0\\x82\\x9b"); // C1, overlong
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80"); // half a surrogate pair
    CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(printable("\xff\xc3\xa4") == "\\xff\xc3\xa4");
}
