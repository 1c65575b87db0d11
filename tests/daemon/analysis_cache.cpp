#include "daemon/command_line/analysis_cache.h"

#include "tests/support/catch.h"
#include "tests/support/own_folder.h"
#include "tests/support/sound_file.h"

#include <nlohmann/json.hpp>

#include <barrier>
#include <thread>

using namespace prefade;
using namespace prefade::command_line;
using namespace prefade::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const auto on_and_on = [](std::uint64_t) { return true; };

ContentKey key_of_text(const std::string& text) {
    MemoryBytes bytes(std::as_bytes(std::span(text)));
    const auto key = HashedBytes(bytes).key(on_and_on);
    REQUIRE(key);
    return *key;
}

FileAnalysis some_analysis() {
    FileAnalysis analysis;
    analysis.format = {"WAV", "24 bit", 48000, default_layout(2), 480000, 96000};
    analysis.frames = 480000;
    analysis.faults = {"cut short"};
    analysis.loudness.integrated = Lufs{-14.25};
    analysis.loudness.channels.resize(2);
    return analysis;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> all;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) all.push_back(entry.path());
    return all;
}

} // namespace

TEST_CASE("the key of a content is its bytes alone") {
    const std::string long_text(3'000'000, 'x');
    CHECK(key_of_text("stem") == key_of_text("stem"));
    CHECK(key_of_text("stem") != key_of_text("stEm"));
    CHECK(key_of_text(long_text) != key_of_text(long_text + 'x'));
    CHECK_THAT(key_of_text(long_text), Contains("-3000000"));
    MemoryBytes bytes(std::as_bytes(std::span(long_text)));
    CHECK(HashedBytes(bytes).key([](std::uint64_t) { return false; }).error().code
          == ErrorCode::unavailable);
}

TEST_CASE("the key is the same in whatever order somebody read the bytes before") {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += std::to_string(i * 7919);
    const ContentKey expected = key_of_text(text);
    const std::vector<std::pair<std::uint64_t, std::size_t>> orders[] = {
        {{0, 10}, {10, 1000}, {500, 2000}},                        // on, then back a little
        {{text.size() - 100, 100}, {0, 50}, {40, 10}, {30, 5000}}, // its end first
        {{0, text.size()}},
        {{0, 100}, {200, 100}, {text.size() + 5, 10}}}; // with a gap, and behind its end
    for (const auto& order : orders) {
        MemoryBytes bytes(std::as_bytes(std::span(text)));
        HashedBytes hashed(bytes);
        for (const auto& [offset, count] : order) {
            std::vector<std::byte> into(count);
            REQUIRE(hashed.read(offset, into));
        }
        CHECK(*hashed.key(on_and_on) == expected);
    }
}

TEST_CASE("what was kept is found again, by its content only, also by another process") {
    const OwnFolder folder;
    const auto key = key_of_text("stem");
    AnalysisCache cache(folder.path() / "new/folder");
    CHECK_FALSE(cache.find(key));
    cache.keep(key, some_analysis());
    AnalysisCache other(folder.path() / "new/folder");
    const auto found = other.find(key);
    REQUIRE(found);
    CHECK(other.may_hold(4));
    CHECK_FALSE(other.may_hold(5));
    CHECK(cache.may_hold(4));
    CHECK(to_json(*found) == to_json(some_analysis()));
    CHECK_FALSE(other.find(key_of_text("other")));
    CHECK(cache.troubles().empty());
    CHECK(other.troubles().empty());
    CHECK(files_in(folder.path() / "new/folder").size() == 1);
}

TEST_CASE("two that keep at the same time never keep under each other's content") {
    const OwnFolder folder;
    AnalysisCache one(folder.path()), other(folder.path());
    constexpr std::uint64_t many = 200;
    const auto key = [](std::uint64_t i) { return key_of_text("content " + std::to_string(i)); };
    std::vector<ContentKey> keys;
    for (std::uint64_t i = 0; i < 2 * many; ++i) keys.push_back(key(i));
    std::barrier together(2);
    const auto keep = [&](AnalysisCache& cache, std::uint64_t from) {
        FileAnalysis analysis = some_analysis();
        for (std::uint64_t i = from; i < from + many; ++i) {
            together.arrive_and_wait();
            analysis.frames = i;
            cache.keep(keys[i], analysis);
        }
    };
    {
        const std::jthread thread([&] { keep(other, many); });
        keep(one, 0);
    }
    for (std::uint64_t i = 0; i < 2 * many; ++i) {
        const auto found = one.find(keys[i]);
        REQUIRE(found);
        CHECK(found->frames == i);
    }
    CHECK(one.troubles().empty());
    CHECK(other.troubles().empty());
}

TEST_CASE("a damaged result is told, not used, and replaced by the next") {
    const OwnFolder folder;
    const auto key = key_of_text("stem");
    AnalysisCache(folder.path()).keep(key, some_analysis());
    const fs::path file = files_in(folder.path()).at(0);
    const std::string good = bytes_of(file);
    std::string bit = good;
    bit.replace(bit.find("-14.25"), 6, "-14.26");
    for (const std::string& bad :
         {std::string(), std::string("{"), good.substr(0, good.size() / 2), bit, std::string("[]"),
          std::string(R"({"version":1,"analysis":7})")}) {
        INFO(bad);
        write_bytes(file, bad);
        AnalysisCache cache(folder.path());
        CHECK_FALSE(cache.find(key));
        CHECK_FALSE(cache.find(key));
        REQUIRE(cache.troubles().size() == 1);
        CHECK_THAT(cache.troubles()[0], Contains("damaged") && Contains(file.string()));
        cache.keep(key, some_analysis());
        CHECK(cache.find(key));
    }
}

TEST_CASE("a result of another version is measured anew without a word") {
    const OwnFolder folder;
    const auto key = key_of_text("stem");
    AnalysisCache cache(folder.path());
    cache.keep(key, some_analysis());
    const fs::path file = files_in(folder.path()).at(0);
    Json kept = Json::parse(bytes_of(file));
    kept["version"] = analysis_version + 1;
    write_bytes(file, kept.dump());
    CHECK_FALSE(cache.find(key));
    CHECK(cache.troubles().empty());
}

TEST_CASE("a file's state leads to its content, unless it is too young to be told from the next") {
    const OwnFolder folder;
    AnalysisCache cache(folder.path());
    const auto key = key_of_text("mix");
    const std::int64_t second = 1'000'000'000;
    const FileStamp stamp{1, 2, 3, 1000 * second, 1001 * second};
    const auto at = [&](double seconds) {
        return WallTime(
            std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(seconds)));
    };
    cache.remember("a.wav", stamp, key, at(1002.5));
    CHECK_FALSE(cache.key_of("a.wav", stamp));
    cache.remember("a.wav", stamp, key, at(1003.5));
    CHECK(cache.key_of("a.wav", stamp) == key);
    CHECK(cache.key_of(fs::current_path() / "b/../a.wav", stamp) == key);
    for (const FileStamp& other : {FileStamp{9, 2, 3, 1000 * second, 1001 * second},
                                   FileStamp{1, 9, 3, 1000 * second, 1001 * second},
                                   FileStamp{1, 2, 9, 1000 * second, 1001 * second},
                                   FileStamp{1, 2, 3, 1000 * second + 1, 1001 * second},
                                   FileStamp{1, 2, 3, 1000 * second, 1001 * second + 1}})
        CHECK_FALSE(cache.key_of("a.wav", other));
    CHECK_FALSE(cache.key_of("b.wav", stamp));
    for (const std::string& text : {std::string("../../escape"), key_of_text("stem")}) {
        for (const auto& file : files_in(folder.path())) write_bytes(file, text);
        CHECK_FALSE(cache.key_of("a.wav", stamp)); // that is the key of no content of three bytes
    }
}

TEST_CASE("a file that the system has no number for is never known by its state") {
    const OwnFolder folder;
    AnalysisCache cache(folder.path());
    const FileStamp stamp{1, 0, 4, 1'000'000'000, 0};
    cache.remember("a.wav", stamp, key_of_text("stem"), WallTime(std::chrono::hours(1)));
    CHECK_FALSE(cache.key_of("a.wav", stamp));
    CHECK(files_in(folder.path()).empty());
}

TEST_CASE("a folder that cannot be made is told once, and nothing else happens") {
    const OwnFolder folder;
    write_bytes(folder.path() / "file", "in the way");
    AnalysisCache cache(folder.path() / "file/analyse");
    const auto key = key_of_text("stem");
    cache.keep(key, some_analysis());
    cache.keep(key_of_text("other"), some_analysis());
    cache.trim();
    CHECK_FALSE(cache.find(key));
    REQUIRE(cache.troubles().size() == 1);
    CHECK_THAT(cache.troubles()[0], Contains("nothing can be kept") && Contains("file/analyse"));
}

TEST_CASE("old results make room, and what a killed process left goes with them") {
    const OwnFolder folder;
    AnalysisCache cache(folder.path());
    const auto now = fs::file_time_type::clock::now();
    for (int i = 0; i < 10; ++i) {
        const auto before = files_in(folder.path());
        cache.keep(key_of_text(std::to_string(i)), some_analysis());
        for (const auto& file : files_in(folder.path()))
            if (std::find(before.begin(), before.end(), file) == before.end())
                fs::last_write_time(file, now - std::chrono::hours(100 - i));
    }
    write_bytes(folder.path() / ".making-1-0", "half");
    write_bytes(folder.path() / ".making-2-0", "being written");
    fs::last_write_time(folder.path() / ".making-1-0", now - std::chrono::hours(2));
    cache.trim(5);
    CHECK(files_in(folder.path()).size() == 11);
    cache.trim(3); // an analysis is up to three files
    CHECK(files_in(folder.path()).size() == 6);
    CHECK_FALSE(cache.find(key_of_text("0")));
    CHECK(cache.find(key_of_text("9")));
    CHECK(cache.troubles().empty());
}
