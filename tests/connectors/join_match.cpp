// Short names in the order of the mixer, and full names in the same order: which is certain, and which is not.
#include "connectors/join/match.h"
#include "tests/support/catch.h"

#include <map>
#include <random>

using namespace prefade;
using Kind = StripMatch::Kind;

namespace {

using JoinNames = std::vector<std::string>;

/// Every way to give each strip its track, in order, by trying all; how often each strip has each track.
void try_all(const JoinNames& shown, const JoinNames& tracks, std::size_t strip, std::size_t from,
             std::vector<std::size_t>& places,
             std::map<std::pair<std::size_t, std::size_t>, int>& had, int& ways_found) {
    if (strip == shown.size()) {
        ++ways_found;
        for (std::size_t i = 0; i < places.size(); ++i) ++had[{i, places[i]}];
        return;
    }
    for (std::size_t track = from; track < tracks.size(); ++track) {
        if (!may_stand_for(shown[strip], tracks[track], 4)) continue;
        places.push_back(track);
        try_all(shown, tracks, strip + 1, track + 1, places, had, ways_found);
        places.pop_back();
    }
}

} // namespace

TEST_CASE("four letters may stand for a name that has them in this order") {
    for (const auto& [shown, full] :
         std::vector<std::pair<std::string, std::string>>{{"Kick", "Kick In"},
                                                          {"KckI", "Kick In"},
                                                          {"kckn", "KICK IN"},
                                                          {"Vox", "Vox"},
                                                          {"Vox ", "vox"},
                                                          {"L1", "L 1"},
                                                          {"Ad12", "Audio 12"},
                                                          {"Mstr", "Master 1"},
                                                          {"Bckg", "Bäckground"}}) {
        CAPTURE(shown, full);
        CHECK(may_stand_for(shown, full, 4));
    }
    for (const auto& [shown, full] :
         std::vector<std::pair<std::string, std::string>>{{"Ad12", "Audio 21"},
                                                          {"Kick", "Snare"},
                                                          {"Vo", "Vox"},
                                                          {"Voxx", "Vox"},
                                                          {"", "Vox"},
                                                          {"    ", "Vox"},
                                                          {"Vox", ""},
                                                          {"-3.2", "Vox"}}) {
        CAPTURE(shown, full);
        CHECK_FALSE(may_stand_for(shown, full, 4));
    }
}

TEST_CASE("strips and tracks of the same names in the same order are certain") {
    const auto found =
        match({"Kick", "Snar", "OH L", "OH R"}, {"Kick In", "Snare Top", "OH L", "OH R"}, 4);
    REQUIRE(found.size() == 4);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].kind == Kind::certain);
        CHECK(found[i].track == i);
    }
    CHECK(match({}, {"Kick"}, 4).empty());
}

TEST_CASE("tracks without a strip are passed over, where the names tell which they are") {
    const auto found = match({"Kick", "Bass"}, {"Click", "Kick In", "Folder", "Bass"}, 4);
    CHECK((found[0].kind == Kind::certain && found[0].track == 1));
    CHECK((found[1].kind == Kind::certain && found[1].track == 3));
}

TEST_CASE("a strip that may be that of several tracks is not certain, its neighbours are") {
    const auto found = match({"Kick", "Gtr", "Bass"}, {"Kick", "Gtr Left", "Gtr Right", "Bass"}, 4);
    CHECK(found[0].kind == Kind::certain);
    CHECK(found[1].kind == Kind::ambiguous);
    CHECK(found[2].kind == Kind::certain);
}

TEST_CASE("strips that show the same are not certain, though their order would tell") {
    const auto found = match({"Audi", "Bass", "Audi"}, {"Audio 1", "Bass", "Audio 2"}, 4);
    CHECK(found[0].kind == Kind::shared);
    CHECK(found[1].kind == Kind::certain);
    CHECK(found[2].kind == Kind::shared);
}

TEST_CASE("lists in another order, or with a strip that fits no track, match nowhere") {
    for (const auto& tracks : {JoinNames{"Bass", "Kick"}, JoinNames{"Kick"}, JoinNames{},
                               JoinNames{"Kick", "Vox", "Snare"}})
        for (const StripMatch& each : match({"Kick", "Bass"}, tracks, 4))
            CHECK(each.kind == Kind::none);
}

TEST_CASE("certain is what every way to match has in common, of random names") {
    std::mt19937 random(20'240'611); // the same each time
    const char* const parts[] = {"Gtr", "Vox", "L", "R", "1", "2", "Dbl", "Bus", "Aux"};
    const auto part = [&] { return std::string(parts[random() % std::size(parts)]); };
    int certain = 0, uncertain = 0;
    for (int round = 0; round < 3000; ++round) {
        JoinNames tracks, shown;
        for (auto i = 1 + random() % 7; i > 0; --i) tracks.push_back(part() + " " + part());
        for (const std::string& name : tracks)
            if (random() % 4 != 0) {
                std::string squeezed;
                for (const char c : name)
                    if (c != ' ') squeezed += c;
                shown.push_back(squeezed.substr(0, 4));
            }
        std::vector<std::size_t> places;
        std::map<std::pair<std::size_t, std::size_t>, int> had;
        int ways_found = 0;
        try_all(shown, tracks, 0, 0, places, had, ways_found);
        const auto found = match(shown, tracks, 4);
        for (std::size_t i = 0; i < shown.size(); ++i) {
            REQUIRE((found[i].kind == Kind::none) == (ways_found == 0));
            const bool one_way = ways_found > 0 && had[{i, found[i].track}] == ways_found;
            if (found[i].kind == Kind::certain) REQUIRE(one_way);
            if (found[i].kind == Kind::ambiguous) REQUIRE_FALSE(one_way);
            ++(found[i].kind == Kind::certain ? certain : uncertain);
        }
    }
    CHECK(certain > 1000);
    CHECK(uncertain > 200);
}
