// Mode auto on a real Ardour: within the policy, off at a touch, all put back by one word.
#include "tests/e2e/studio.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace prefade;
using namespace prefade::test;

namespace {

std::vector<Json> automatic_moves(const Json& journal, const std::string& strip) {
    std::vector<Json> found;
    for (const Json& move : journal["moves"])
        if (move["source"] == "rule" && move["strip"] == strip && !move["read_back"].is_null())
            found.push_back(move);
    return found;
}

/// Waits until a rule's own move of this strip has ended confirmed.
bool moved_by_itself(Studio& s, const std::string& strip, Seconds limit) {
    return s.rpc().wait_snapshot(limit, [&](const Json& snapshot) {
        for (const Json& move : automatic_moves(snapshot, strip))
            if (move["outcome"] == "confirmed" && move["undone"] == false) return true;
        return false;
    });
}

} // namespace

TEST_CASE("in auto a rule's move is made within the limits without a click, and undo --all puts "
          "everything back") {
    Studio s({{"-s", "60"}, "jack"});
    const auto before = s.witness.by_name();
    s.witness.play();
    s.rpc().call("mode", {{"mode", "auto"}});
    REQUIRE(moved_by_itself(s, "Hot Synth", Seconds(15)));
    s.rpc().wait_snapshot(
        Seconds(8), [](const Json&) { return false; }); // more moves may come, within the limits
    s.rpc().call("mode", {{"mode", "ask"}});
    REQUIRE(s.rpc().wait_snapshot(Seconds(20), [](const Json& snapshot) {
        for (const Json& move : snapshot["moves"])
            if (move["stage"] != "done" && move["stage"] != "proposed") return false;
        return snapshot["mode"] == "ask";
    }));
    std::map<std::string, double> sums; // all of it lies within one minute
    const Json journal = s.rpc().call("journal")["moves"];
    for (const Json& move : journal) {
        if (move["source"] != "rule" || move["outcome"] == "refused" || move["outcome"].is_null())
            continue;
        INFO(move.dump());
        const double change =
            std::abs(level_of(move["target"]["db"]) - level_of(move["before"]["db"]));
        CHECK(change <= 3.005);
        CHECK(move["approved_by"] == "mode auto");
        CHECK(move["strip"] != "Master");
        sums[move["strip"].get<std::string>() + ' ' + move["control"].get<std::string>()] += change;
    }
    for (const auto& [control, sum] : sums) {
        INFO(control);
        CHECK(sum <= 6.005);
    }
    const auto moved = s.witness.by_name();
    CHECK(moved.at("Hot Synth").gain.value() < before.at("Hot Synth").gain.value() - 0.5);

    const Json undone = s.rpc().call("undo", {{"all", true}});
    INFO(undone.dump());
    CHECK(undone["refused"].empty());
    auto as_before = before, now = s.witness.by_name();
    as_before.erase("Keys"); // its lane plays
    CHECK(joined(differences(as_before, now)) == "");
}

TEST_CASE("a hand on the fader stops a move of auto, and auto with it") {
    Studio s({{"-s", "60"}, "jack"}, "glide_ms = 2000\n");
    const int synth = s.witness.ssid("Hot Synth");
    s.witness.play();
    s.rpc().call("mode", {{"mode", "auto"}});
    REQUIRE(s.witness.wait_for(Seconds(15), [&] { return s.witness.strip(synth).gain < 2.5; }));
    s.witness.hand("/strip/gain", {std::int32_t{synth}, 1.0F});
    REQUIRE(s.rpc().wait_snapshot(Seconds(2),
                                  [](const Json& snapshot) { return snapshot["mode"] != "auto"; }));
    REQUIRE(s.witness.wait_for(Seconds(2), [&] { return s.witness.strip(synth).gain == 1.0; }));
    s.witness.forget();
    CHECK_FALSE(s.witness.wait_for(Seconds(2.5),
                                   [&] { return !s.witness.heard("/strip/gain", synth).empty(); }));
    CHECK(s.reported_fader("Hot Synth") == Approx(1.0).margin(0.001));
    const auto moves = automatic_moves(s.rpc().call("journal"), "Hot Synth");
    REQUIRE_FALSE(moves.empty());
    INFO(moves.back().dump());
    CHECK(moves.back()["outcome"] == "superseded");
}
