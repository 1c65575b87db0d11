#include "core/wording.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;

TEST_CASE("signs, arrows and units are words when they are spoken, names are left alone") {
    CHECK(spoken("Lower it by -4.5 dB -> +1.2 dBFS.")
          == "Lower it by minus 4.5 decibels to plus 1.2 decibels full scale.");
    CHECK(spoken("a hold of (3 s), from -inf dB")
          == "a hold of (3 seconds), from minus infinity decibels");
    CHECK(spoken("Vox-2 and -Drums- dB s") == "Vox-2 and -Drums- dB s");
    CHECK(spoken("").empty());
}

TEST_CASE("an advice without anything but words can still be spoken") {
    CHECK(speakable({{"id", 2}, {"severity", "hint"}, {"says", "Listen to it"}})
          == "Hint 2, the session. Listen to it.");
    CHECK(speakable(Json()) == "Advice -, the session.");
}

TEST_CASE("evidence is a number with its unit, a count, or yes and no") {
    CHECK(evidence_text({{"measure", "no sound in the last 10 s"}, {"value", true}, {"unit", ""}})
          == "no sound in the last 10 s: yes");
    CHECK(evidence_text({{"measure", "armed"}, {"value", false}, {"unit", ""}}) == "armed: no");
    CHECK(evidence_text({{"measure", "track faders over +2 dB"}, {"value", 3.0}, {"unit", ""}})
          == "track faders over +2 dB: 3");
    CHECK(evidence_text({{"measure", "fader"}, {"value", -4.5}, {"unit", "dB"}})
          == "fader: -4.50 dB");
}

TEST_CASE("what is held back is told by its reasons, and nothing when nothing is") {
    const Json all = {{"held_back", {{"folded", 3}, {"dismissed", 1}, {"later", 2}, {"hand", 1}}}};
    CHECK(held_back_text(all) == "3 folded, 1 dismissed, 2 not now, 1 new one waits for your hand");
    CHECK(held_back_text(all, false) == "1 dismissed, 2 not now, 1 new one waits for your hand");
    CHECK(held_back_text({{"held_back", {{"hand", 2}}}}) == "2 new ones wait for your hand");
    CHECK(held_back_text(
              {{"held_back", {{"folded", 0}, {"dismissed", 0}, {"later", 0}, {"hand", 0}}}})
              .empty());
    CHECK(held_back_text(Json()).empty());
}

TEST_CASE("the host is told as it is, and missing members are not known") {
    CHECK(host_line({{"state", "connected"},
                     {"name", "ardour"},
                     {"address", "127.0.0.1:3819"},
                     {"session", "mix"}})
          == "connected to ardour \"mix\" at 127.0.0.1:3819");
    CHECK(host_line(Json()) == "looking for a DAW on this machine");
    CHECK(transport_text(Json()) == "not known");
    CHECK(is_stale(Json()));
    CHECK(is_stale(1001));
    CHECK_FALSE(is_stale(999));
    CHECK(value_text({{"target", {{"pan", -0.3}}}}, "target") == "L30");
    CHECK(value_text({{"target", {{"pan", -0.3}}}, {"target_text", "left"}}, "target") == "left");
}
