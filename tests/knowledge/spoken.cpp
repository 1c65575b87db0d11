// Sentences as words and amounts.
#include "knowledge/spoken.h"
#include "tests/support/catch.h"

using namespace prefade;

namespace {

std::string amounts_in(std::string_view sentence) {
    std::string text;
    for (const SpokenAmount& one : spoken_amounts(spoken_words(sentence)))
        (text += text.empty() ? "" : ", ") += to_text(one.amount);
    return text;
}

std::string words_in(std::string_view sentence) {
    std::string text;
    for (const std::string& word : spoken_words(sentence))
        (text += text.empty() ? "" : " ") += word;
    return text;
}

} // namespace

TEST_CASE("a sentence is words in small letters, numbers keep sign and point, names their digits") {
    CHECK(words_in("What's the LA-2A's ratio?!") == "whats the la 2a ratio");
    CHECK(words_in("1176LN at -14.5dB, 128bpm; 4:1 & 1/8") == "1176ln at -14.5 db 128 bpm 4:1 1/8");
    CHECK(words_in("10-30ms \xE2\x88\x92"
                   "3")
          == "10 to 30 ms -3");
    CHECK(words_in("").empty());
    CHECK(words_in("... - + %") == "%");
}

TEST_CASE("amounts are read as they are typed and as they are said") {
    CHECK(amounts_in("turn it down two and a half dB") == "2.5 dB");
    CHECK(amounts_in("minus three db") == "-3 dB");
    CHECK(amounts_in("half a db more") == "0.5 dB");
    CHECK(amounts_in("lower it by a dB") == "1 dB");
    CHECK(amounts_in("two point five kilohertz") == "2.5 kHz");
    CHECK(amounts_in("10-30ms") == "10..30 ms");
    CHECK(amounts_in("from 10 to 30 ms") == "10..30 ms");
    CHECK(amounts_in("four to one") == "4:1");
    CHECK(amounts_in("4:1") == "4:1");
    CHECK(amounts_in("2.5k") == "2.5 kHz");
    CHECK(amounts_in("at one forty") == "140");
    CHECK(amounts_in("one hundred and twenty bpm") == "120 bpm");
    CHECK(amounts_in("one twenty eight beats per minute") == "128 bpm");
    CHECK(amounts_in("-14 LUFS and -1dBTP") == "-14 LUFS, -1 dBTP");
}

TEST_CASE("number words that belong to a name are no amounts") {
    CHECK(amounts_in("the eleven seventy six on one of the vocals") == "");
    CHECK(amounts_in("la two a") == "");
}

TEST_CASE("amounts are said in the unit in which they are short") {
    const auto of = [](const char* text) { return said(*parse_amount(text)); };
    CHECK(of("15..30 ms") == "15 to 30 ms");
    CHECK(of("2000..4000 Hz") == "2 to 4 kHz");
    CHECK(of("0.4..0.8 s") == "400 to 800 ms");
    CHECK(of("0.05 ms") == "50 microseconds");
    CHECK(of("2.5..3:1") == "2.5:1 to 3:1");
    CHECK(of("-3..-1 dB") == "-3 to -1 dB");
    CHECK(of("10..inf dB") == "10 dB or more");
    CHECK(of("7") == "7");
}
