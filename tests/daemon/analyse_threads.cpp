// Many files on many threads, in this process.
#include "daemon/command_line/analyse.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace prefade;
using namespace prefade::command_line;
using namespace prefade::test;

namespace {

struct ManyFiles {
    OwnFolder folder;
    std::vector<std::filesystem::path> files;

    ManyFiles() {
        const int rates[] = {48000, 44100, 48000, 96000};
        for (int i = 0; i < 14; ++i) {
            files.push_back(folder.path() / (std::to_string(i) + (i % 3 ? ".wav" : ".flac")));
            if (i == 7)
                write_bytes(files.back(), "no sound");
            else
                write_sound(
                    files.back(),
                    sine(100.0 * (i + 1), -20.0 - i, 0.5 + 0.1 * i, rates[i % 4], i % 2 ? 1 : 2),
                    {(i % 3 ? SF_FORMAT_WAV : SF_FORMAT_FLAC) | SF_FORMAT_PCM_16, {}, 0});
        }
        files.push_back(folder.path() / "none.wav");
    }
    mutable BandRoom room;
    AnalysisTask task(std::size_t jobs, AnalysisCache* cache = nullptr) const {
        return {files, jobs, cache, [](const AnalysisProgress&) {}, [] { return false; }, &room};
    }
};

Json answer_of(const AnalysedFile& file) {
    return file.analysis ? to_json(*file.analysis) : Json(file.analysis.error().message);
}

} // namespace

TEST_CASE("any number of threads gives the same answers in the order of the files") {
    const ManyFiles many_files;
    const auto alone = analyse(many_files.task(1));
    REQUIRE(alone);
    for (const std::size_t jobs : {2U, 5U, 40U}) {
        const auto many = analyse(many_files.task(jobs));
        REQUIRE(many);
        REQUIRE(many->size() == many_files.files.size());
        for (std::size_t i = 0; i < many->size(); ++i) {
            INFO(many_files.files[i]);
            CHECK((*many)[i].path == many_files.files[i]);
            CHECK(answer_of((*many)[i]) == answer_of((*alone)[i]));
            CHECK((*many)[i].analysis.has_value() == (i != 7 && i != 14));
        }
    }
}

TEST_CASE(
    "a second look finds all that could be measured, and two at once do not disturb each other") {
    const ManyFiles many_files;
    AnalysisCache cache(many_files.folder.path() / "cache"),
        other(many_files.folder.path() / "cache");
    std::optional<Result<std::vector<AnalysedFile>>> first, beside;
    {
        std::jthread thread([&] { beside = analyse(many_files.task(3, &other)); });
        first = analyse(many_files.task(3, &cache));
    }
    REQUIRE(*first);
    REQUIRE(*beside);
    const auto second = analyse(many_files.task(3, &cache));
    REQUIRE(second);
    const auto known = std::count_if(second->begin(), second->end(),
                                     [](const AnalysedFile& file) { return file.from_cache; });
    CHECK(known == 13);
    for (std::size_t i = 0; i < second->size(); ++i) {
        CHECK(answer_of((*second)[i]) == answer_of((**first)[i]));
        CHECK(answer_of((*second)[i]) == answer_of((**beside)[i]));
        CHECK((*second)[i].from_cache == (*second)[i].analysis.has_value());
    }
    CHECK(cache.troubles().empty());
    CHECK(other.troubles().empty());
}

TEST_CASE(
    "a look for loudness alone takes what a whole look kept, and the other way round it measures") {
    const ManyFiles many_files;
    AnalysisCache cache(many_files.folder.path() / "cache");
    const auto look = [&](bool whole) {
        AnalysisTask task = many_files.task(2, &cache);
        if (!whole) task.bands = nullptr;
        auto files = analyse(task);
        REQUIRE(files);
        return std::move(*files);
    };
    const auto known = [](const std::vector<AnalysedFile>& files) {
        return std::count_if(files.begin(), files.end(),
                             [](const AnalysedFile& file) { return file.from_cache; });
    };
    CHECK(known(look(false)) == 0);
    const auto whole = look(true);
    CHECK(known(whole) == 0);
    REQUIRE(whole[0].bands);
    CHECK(whole[0].analysis->spectrum);
    const auto loudness = look(false);
    CHECK(known(loudness) == 13);
    CHECK_FALSE(loudness[0].analysis->spectrum);
    const auto again = look(true);
    CHECK(known(again) == 13);
    REQUIRE(again[0].bands);
    CHECK(again[0].bands->frames() == whole[0].bands->frames());
}

TEST_CASE("what is ended is no result, and what was finished is kept") {
    const ManyFiles many_files;
    AnalysisCache cache(many_files.folder.path() / "cache");
    AnalysisTask task = many_files.task(2, &cache);
    std::atomic<int> asked{0};
    task.ended = [&] { return ++asked > 60; };
    const auto ended = analyse(task);
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == ErrorCode::unavailable);
    const auto after = analyse(many_files.task(2, &cache));
    REQUIRE(after);
    const auto plain = analyse(many_files.task(2));
    CHECK(std::any_of(after->begin(), after->end(),
                      [](const AnalysedFile& file) { return file.from_cache; }));
    for (std::size_t i = 0; i < after->size(); ++i)
        CHECK(answer_of((*after)[i]) == answer_of((*plain)[i]));
}

TEST_CASE(
    "a file that is written anew while it is measured is told, not kept, and harms no other") {
    const OwnFolder folder;
    std::vector<std::filesystem::path> files;
    for (const char* name : {"a.wav", "b.wav", "c.wav", "d.wav"}) {
        files.push_back(folder.path() / name);
        write_sound(files.back(), sine(440.0, -20.0, 30.0, 48000, 1));
    }
    AnalysisCache cache(folder.path() / "cache");
    std::atomic<bool> changed{false};
    AnalysisTask task{files, 1, &cache, [](const AnalysisProgress&) {}, {}, nullptr};
    // Asked before each block: the second one comes when the files are open and half read.
    std::atomic<int> asked{0};
    task.ended = [&] {
        if (++asked == 8 && !changed.exchange(true)) {
            std::fstream file(files[1], std::ios::binary | std::ios::in | std::ios::out);
            file.seekp(-1000, std::ios::end);
            file << std::string(1000, '\x10');
        }
        return false;
    };
    const auto results = analyse(task);
    REQUIRE(results);
    REQUIRE(changed);
    for (std::size_t i = 0; i < files.size(); ++i) {
        INFO(files[i]);
        REQUIRE((*results)[i].analysis);
        CHECK((*results)[i].analysis->faults.size() == (i == 1 ? 1 : 0));
    }
    task.ended = [] { return false; };
    const auto again = analyse(task);
    REQUIRE(again);
    for (std::size_t i = 0; i < files.size(); ++i) CHECK((*again)[i].from_cache == (i != 1));
    CHECK(answer_of((*again)[1])
          == answer_of(analyse({files, 1, nullptr, task.tell, task.ended, nullptr})->at(1)));
}

TEST_CASE("a file that comes back with another rate is measured, and so are those beside it") {
    const OwnFolder folder;
    std::vector<std::filesystem::path> files;
    for (const char* name : {"a.wav", "b.wav", "c.wav"}) {
        files.push_back(folder.path() / name);
        write_sound(files.back(), sine(440.0, -20.0, 3.0));
    }
    bool changed = false; // one job: one thread, once all were looked at
    AnalysisTask task{files, 1, nullptr, [](const AnalysisProgress&) {}, {}, nullptr};
    int asked = 0;
    task.ended = [&] {
        if (++asked == 4 && !std::exchange(changed, true)) // three looks, then the group
            write_sound(files[0], sine(440.0, -26.0, 3.0, 96000));
        return false;
    };
    const auto results = analyse(task);
    REQUIRE(results);
    REQUIRE(changed);
    for (const AnalysedFile& file : *results) {
        INFO(file.path);
        REQUIRE(file.analysis);
        CHECK(file.analysis->faults.empty());
        CHECK(file.analysis->format.sample_rate == (file.path == files[0] ? 96000 : 48000));
    }
}
