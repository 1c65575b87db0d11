// Which link of the chain to a DAW on a control surface is alive.
#include "daemon/command_line/chain.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace prefade;
using namespace prefade::command_line;

namespace {

/// All is alive; each test breaks one link.
ChainFacts whole() {
    ChainFacts facts;
    facts.status = Json{
        {"host", {{"name", "logic"}, {"state", "connected"}, {"address", "MIDI ports Prefade 1"}}},
        {"traffic", {{"received", 812}}},
        {"capabilities", {{"can", {"read_fader", "read_mute"}}}}};
    facts.strips = Json{{"strips",
                         {{{"name", "Kick"},
                           {"fader_db", -4.0},
                           {"readings", {{{"kind", "segments"}, {"age_ms", 120.0}}}}},
                          {{"name", "Bass"}, {"fader_db", nullptr}, {"readings", Json::array()}}}}};
    facts.journal = Json{{"moves",
                          {{{"strip", "Kick"}, {"control", "mute"}, {"outcome", "refused"}},
                           {{"strip", "Kick"}, {"control", "mute"}, {"outcome", "confirmed"}}}}};
    return facts;
}

/// The first that is not ok, with what is to do.
std::pair<std::string, std::string> broken_in(const ChainFacts& facts) {
    const auto chain = judge_chain("logic", facts);
    CHECK(chain.size() == 7);
    for (const Finding& link : chain)
        if (link.verdict != Health::ok) return {link.link, link.found};
    return {};
}

} // namespace

TEST_CASE("a chain that is whole") {
    CHECK(broken_in(whole()).first.empty());
    CHECK(is_whole(judge_chain("logic", whole())));
    const auto chain = judge_chain("logic", whole());
    CHECK(chain.back().found == "a move came back: Kick mute");
    CHECK(chain[2].found == "the DAW talks: 812 messages so far");
}

TEST_CASE("the first link that is broken is named, and none behind it is judged") {
    CHECK(broken_in({}).first == "daemon");
    ChainFacts facts = whole();
    (*facts.status)["host"]["name"] = "ardour";
    CHECK(broken_in(facts)
          == std::pair<std::string, std::string>{"ports", "prefaded is connected to ardour"});
    facts = whole();
    (*facts.status)["host"] = {{"name", ""}, {"state", "searching"}, {"address", ""}};
    CHECK(broken_in(facts).first == "ports");
    facts = whole();
    (*facts.status)["host"] = {
        {"name", ""}, {"state", "connecting"}, {"address", "MIDI ports Prefade 1"}};
    (*facts.status)["traffic"]["received"] = 0;
    CHECK(broken_in(facts)
          == std::pair<std::string, std::string>{"answer", "no message has come from the DAW"});
    CHECK(judge_chain("logic", facts)[3].verdict == Health::absent);
    facts = whole();
    facts.strips = Json{{"strips", Json::array()}};
    CHECK(broken_in(facts).first == "names");
}

TEST_CASE("levels, meters and the echo are links beside each other") {
    ChainFacts facts = whole();
    (*facts.status)["capabilities"]["can"] = {"read_mute", "fader_positions"};
    (*facts.strips)["strips"][0]["readings"][0]["age_ms"] = 60'000.0;
    facts.journal = Json{{"moves", Json::array()}};
    const auto chain = judge_chain("logic", facts);
    CHECK(chain[4].to_do == "`prefade calibrate logic`");
    ChainFacts blind = whole(); // no display tells levels: there is nothing to calibrate by
    (*blind.status)["capabilities"]["can"] = {"read_mute"};
    CHECK(judge_chain("logic", blind)[4].to_do == "no display tells it: see docs/hosts/logic.md");
    CHECK(chain[5].verdict == Health::warn);
    CHECK(chain[6].verdict == Health::absent); // no fault: nothing was moved
    CHECK_FALSE(is_whole(chain));
    facts = whole();
    facts.journal = Json{{"moves", Json::array()}};
    CHECK(is_whole(judge_chain("logic", facts)));
}
