// Which files are stems of one song, what is found among them and kept, and where their spectra lie meanwhile.
#include "daemon/command_line/stem_sets.h"

#include "core/brief.h"
#include "daemon/command_line/stems_view.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace prefade;
using namespace prefade::command_line;
using namespace prefade::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const RoleBook& roles() {
    static const RoleBook book =
        RoleBook::load(PREFADE_TESTS_DIR "/../knowledge/roles.toml").value();
    return book;
}
const Priorities& priorities() {
    static const Priorities all = Priorities::load(PREFADE_TESTS_DIR "/../knowledge", roles());
    return all;
}

BandEnergies frame_at(double db, std::size_t number) {
    BandEnergies frame{};
    for (std::size_t b = 18; b <= 20; ++b)
        frame[b] =
            static_cast<float>(0.5 * std::pow(10.0, 0.1 * (db + (number % 5 < 2 ? 1.0 : -1.0))));
    return frame;
}

/// A file that sounds at `db` in three bands.
AnalysedFile heard(const std::string& path, BandRoom& room, double db = -20.0,
                   double seconds = 20.0) {
    FileAnalysis analysis;
    analysis.format = {"WAV", "24 bit", 48000, default_layout(2), {}, {}};
    analysis.frames = static_cast<std::uint64_t>(seconds * 48000);
    analysis.spectrum = SpectrumOfFile{seconds, {}, {}, Decibel{-3.0}};
    auto track = std::make_shared<BandTrack>(room);
    for (std::size_t k = 0; k < static_cast<std::size_t>(seconds * 23.4375); ++k)
        track->add(frame_at(db, k));
    AnalysedFile file{path, analysis};
    file.key = path;
    file.bands = std::move(track);
    return file;
}

AnalysedFile starting(AnalysedFile file, double seconds) {
    file.analysis->format.time_reference = static_cast<std::uint64_t>(48000 * seconds);
    return file;
}

std::size_t files_below(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        count += entry.is_regular_file() ? 1 : 0;
    return count;
}

ComparisonTask task(AnalysisCache* cache = nullptr) {
    return {"", 2, cache, [](const AnalysisProgress&) {}, [] { return false; }};
}

} // namespace

TEST_CASE("a folder is a song when its names or its lengths say so") {
    BandRoom room;
    const auto sets_of = [&](std::vector<AnalysedFile> files, Together together) {
        return find_stem_sets(files, together, roles());
    };
    const auto named = [&](const char* one, const char* other, double length) {
        return std::vector{heard(one, room), heard(other, room, -20.0, length)};
    };
    const auto by_name =
        sets_of(named("song/Kick.wav", "song/LdVox.wav", 9.0), Together::by_folder);
    REQUIRE(by_name.sets.size() == 1);
    CHECK(by_name.sets[0].folder == "song");
    CHECK(by_name.sets[0].stems[1].role == "lead vocal");
    CHECK(sets_of(named("a/01.wav", "a/02.wav", 20.0), Together::by_folder).sets.size() == 1);
    const auto album = sets_of(named("a/Sunrise.wav", "a/Sunset.wav", 9.0), Together::by_folder);
    CHECK(album.sets.empty());
    REQUIRE(album.not_compared.size() == 1);
    CHECK_THAT(album.not_compared[0].reason, Contains("neither their names nor their lengths"));
    CHECK(sets_of(named("a/Kick.wav", "b/LdVox.wav", 20.0), Together::by_folder).sets.empty());
    CHECK(sets_of(named("a/Kick.wav", "b/LdVox.wav", 20.0), Together::all).sets.size() == 1);
    const auto none = sets_of(named("a/Kick.wav", "a/LdVox.wav", 20.0), Together::none);
    CHECK(none.sets.empty());
    CHECK(none.not_compared.empty());
}

TEST_CASE("a click, a mix, silence and what is broken take no part, and it is said why") {
    BandRoom room;
    std::vector<AnalysedFile> files{heard("s/Kick.wav", room),       heard("s/Click.wav", room),
                                    heard("s/Song MIX.wav", room),   heard("s/LdVox.wav", room),
                                    heard("s/Room quiet.wav", room), {"s/Bass.wav", Error{}}};
    files[4].analysis->spectrum->sounding_s = 0.0;
    const StemSets found = find_stem_sets(files, Together::by_folder, roles());
    REQUIRE(found.sets.size() == 1);
    CHECK(found.sets[0].stems.size() == 2);
    REQUIRE(found.sets[0].left_out.size() == 3);
    CHECK_THAT(found.sets[0].left_out[0].reason, Contains("click"));
    CHECK_THAT(found.sets[0].left_out[1].reason, Contains("mix"));
    CHECK_THAT(found.sets[0].left_out[2].reason, Contains("silent"));
    const std::string text = render(found, files, "pop", {});
    CHECK_THAT(text, Contains("Click.wav is left out: it is a click by its name"));
}

TEST_CASE("more stems than are compared at a time are named as such") {
    BandRoom room;
    std::vector<AnalysedFile> files;
    for (std::size_t i = 0; i <= most_stems; ++i)
        files.push_back(heard("s/" + std::to_string(i) + ".wav", room, -20.0, 1.0));
    const StemSets found = find_stem_sets(files, Together::by_folder, roles());
    CHECK(found.sets.empty());
    REQUIRE(found.not_compared.size() == 1);
    CHECK_THAT(found.not_compared[0].reason, Contains("more than 256"));
}

TEST_CASE("who hides whom is told with the name, the place, the time and what to do") {
    BandRoom room;
    const std::vector<AnalysedFile> files{starting(heard("s/LdVox.wav", room, -20.0), 3600.0),
                                          starting(heard("s/Gtr L.wav", room, -17.0), 3610.0),
                                          heard("s/Thing.wav", room, -60.0)};
    StemSets found = find_stem_sets(files, Together::by_folder, roles());
    REQUIRE(compare(found, files, priorities(), task()));
    REQUIRE(found.sets.size() == 1);
    REQUIRE(found.sets[0].masking);
    REQUIRE_FALSE(found.sets[0].masking->conflicts.empty());
    CHECK(found.sets[0].stems[1].start_s == 10.0);
    CHECK_THAT(render(found, files, "pop", {}),
               Contains("Who hides whom: 3 stems in s") && Contains("1.  Gtr L hides LdVox at")
                   && Contains("cut Gtr L by") && Contains("no role is known of Thing")
                   && Contains("start with the first: Thing") && Contains("hidden then"));
    const std::string text = render(found, files, "pop", {80, false});
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos;
         from = to + 1)
        CHECK(display_width(text.substr(from, to - from)) <= 80);
    const Json json = to_json(found, files, "");
    CHECK(json["genre"] == "pop");
    const Json& conflict = json["sets"][0]["conflicts"][0];
    CHECK(conflict["masker"] == "s/Gtr L.wav");
    CHECK(conflict["target"] == "s/LdVox.wav");
    CHECK(conflict["mover"] == "s/Gtr L.wav");
    CHECK(conflict["audibility_rise"].get<double>() > 0.0);
    CHECK(json["sets"][0]["pairs"][0]["masker"] == "s/Gtr L.wav");
}

TEST_CASE("a comparison is found again for the same contents, starts and ranks alone") {
    const OwnFolder folder;
    BandRoom room;
    AnalysisCache cache(folder.path());
    std::vector<AnalysedFile> files{heard("s/LdVox.wav", room, -20.0),
                                    heard("s/Gtr.wav", room, -12.0)};
    const auto look = [&](const ComparisonTask& how) {
        StemSets found = find_stem_sets(files, Together::by_folder, roles());
        REQUIRE(compare(found, files, priorities(), how));
        return found.sets.at(0);
    };
    const StemSet first = look(task(&cache));
    CHECK_FALSE(first.from_cache);
    const StemSet second = look(task(&cache));
    CHECK(second.from_cache);
    CHECK(to_json(*second.masking) == to_json(*first.masking));
    files[1] = starting(files[1], 3600.0);
    files[0] = starting(files[0], 3601.0);
    CHECK_FALSE(look(task(&cache)).from_cache);
    ComparisonTask folk = task(&cache);
    folk.genre = "edm";
    CHECK_FALSE(look(folk).from_cache);
    files[1].key.clear(); // changed while it was read
    CHECK_FALSE(look(task(&cache)).from_cache);
    CHECK(cache.troubles().empty());
}

TEST_CASE("a comparison that is ended is no result") {
    BandRoom room;
    const std::vector<AnalysedFile> files{heard("s/LdVox.wav", room), heard("s/Gtr.wav", room)};
    StemSets found = find_stem_sets(files, Together::by_folder, roles());
    ComparisonTask ended = task();
    ended.ended = [] { return true; };
    const auto result = compare(found, files, priorities(), ended);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::unavailable);
}

TEST_CASE("spectra that memory has no room for lie in files that are gone in the end") {
    const OwnFolder folder;
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    {
        BandRoom small(100'000), large;
        BandTrack spilled(small), other(small), held(large);
        for (std::size_t k = 0; k < 6000; ++k) {
            spilled.add(frame_at(-20.0, k));
            other.add(frame_at(-30.0, k));
            held.add(frame_at(-20.0, k));
        }
        CHECK(files_below(folder.path()) == 2);
        CHECK(spilled.frames() == 6000);
        std::vector<BandEnergies> one(777), same(777);
        const auto left = spilled.play(), right = held.play();
        for (std::size_t at = 0; at < 6000; at += 777) {
            const std::size_t count = left->next(one).value();
            CHECK(count == right->next(same).value());
            CHECK(std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(count),
                             same.begin()));
        }
        CHECK(left->next(one).value() == 0);
    }
    CHECK(fs::is_empty(folder.path()));
    ::setenv("TMPDIR", (folder.path() / "none").c_str(), 1);
    BandRoom none(0);
    BandTrack lost(none);
    for (std::size_t k = 0; k < 300; ++k) lost.add(frame_at(-20.0, k));
    std::vector<BandEnergies> into(10);
    const auto read = lost.play()->next(into);
    ::unsetenv("TMPDIR");
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().message, Contains("cannot be held"));
}

TEST_CASE("spectra are kept by content, and what is damaged is told and not taken") {
    const OwnFolder folder;
    BandRoom room;
    AnalysisCache cache(folder.path());
    BandTrack track(room);
    for (std::size_t k = 0; k < 5000; ++k) track.add(frame_at(-20.0, k));
    const ContentKey key = std::string(32, 'a') + "-5";
    CHECK_FALSE(cache.bands(key));
    REQUIRE(cache.keep_bands(key, track));
    const auto kept = cache.bands(key);
    REQUIRE(kept);
    CHECK(kept->frames() == 5000);
    std::vector<BandEnergies> one(5001), other(5001);
    CHECK(kept->play()->next(one).value() == 5000);
    CHECK(track.play()->next(other).value() == 5000);
    CHECK(one == other);
    const fs::path file = fs::directory_iterator(folder.path())->path();
    std::FILE* in = std::fopen(file.c_str(), "r+b");
    std::fseek(in, 3000, SEEK_SET);
    std::fputc(1, in);
    std::fclose(in);
    CHECK_FALSE(cache.bands(key));
    fs::resize_file(file, 100);
    CHECK_FALSE(cache.bands(key));
    REQUIRE(cache.troubles().size() == 1);
    CHECK_THAT(cache.troubles()[0], Contains("damaged"));
}
