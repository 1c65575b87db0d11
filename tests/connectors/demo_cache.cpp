// The file of recordings: made once, read again, made again when something is wrong with it.
#include "connectors/demo/stem_cache.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <csignal>
#include <fstream>

#include <sys/resource.h>

using namespace prefade;
using namespace prefade::demo;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

struct Kitchen {
    Recipe recipe(std::uint64_t version = 7) {
        return {version, {1000, 333, 50'000}, [this](std::size_t index) {
                    ++made;
                    return std::vector<std::int16_t>(sizes[index],
                                                     static_cast<std::int16_t>(100 + index));
                }};
    }
    Result<std::unique_ptr<StemFile>> open(std::uint64_t version = 7) {
        return StemFile::open_or_make(folder.path() / "cache", recipe(version),
                                      [this](double done) {
                                          told.push_back(done);
                                          return go_on;
                                      });
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> all;
        for (const auto& entry : fs::directory_iterator(folder.path() / "cache"))
            all.push_back(entry.path());
        return all;
    }

    const std::size_t sizes[3] = {1000, 333, 50'000};
    test::OwnFolder folder;
    int made{0};
    bool go_on{true};
    std::vector<double> told;
};

void change_byte(const fs::path& file, std::streamoff at) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(at);
    const int was = bytes.get();
    bytes.seekp(at);
    bytes.put(static_cast<char>(was ^ 1));
}

} // namespace

TEST_CASE("recordings are made once, with progress, and then read") {
    Kitchen kitchen;
    const auto first = kitchen.open();
    REQUIRE(first);
    CHECK(kitchen.made == 3);
    CHECK(kitchen.told == std::vector<double>{1.0 / 3, 2.0 / 3, 1.0});
    REQUIRE((*first)->recording(2).size() == 50'000);
    CHECK((*first)->recording(0).front() == 100);
    CHECK((*first)->recording(1).back() == 101);
    CHECK((*first)->recording(2)[49'999] == 102);
    const auto again = kitchen.open();
    REQUIRE(again);
    CHECK(kitchen.made == 3);
    CHECK((*again)->recording(2)[49'999] == 102);
    REQUIRE(kitchen.files().size() == 1);
    CHECK(kitchen.files().front().filename() == "demo-0000000000000007.pcm");
}

TEST_CASE("a file that is short, damaged or foreign is made again") {
    Kitchen kitchen;
    REQUIRE(kitchen.open());
    const fs::path file = kitchen.files().front();
    const auto whole = fs::file_size(file);
    SECTION("short") { fs::resize_file(file, whole - 1); }
    SECTION("longer") { fs::resize_file(file, whole + 2); }
    SECTION("empty") { fs::resize_file(file, 0); }
    SECTION("one bit of a sample") { change_byte(file, static_cast<std::streamoff>(whole) - 300); }
    SECTION("one bit of its version") { change_byte(file, 9); }
    SECTION("no such mark") { change_byte(file, 0); }
    SECTION("the checksum") { change_byte(file, 25); }
    const auto mended = kitchen.open();
    REQUIRE(mended);
    CHECK(kitchen.made == 6);
    CHECK((*mended)->recording(2)[49'999] == 102);
    REQUIRE(kitchen.open());
    CHECK(kitchen.made == 6);
}

TEST_CASE("another version is another file, and the old one goes") {
    Kitchen kitchen;
    const auto old = kitchen.open(7);
    REQUIRE(old);
    REQUIRE(kitchen.open(8));
    CHECK(kitchen.made == 6);
    REQUIRE(kitchen.files().size() == 1);
    CHECK(kitchen.files().front().filename() == "demo-0000000000000008.pcm");
    CHECK((*old)->recording(2)[1234] == 102); // whoever has it open goes on reading
}

TEST_CASE("half a file never bears the name") {
    Kitchen kitchen;
    kitchen.go_on = false;
    const auto stopped = kitchen.open();
    REQUIRE_FALSE(stopped);
    CHECK_THAT(stopped.error().message, Contains("stopped"));
    CHECK(kitchen.files().empty());
}

TEST_CASE("a disk that takes no more is a clear error that says how much is needed") {
    Kitchen kitchen;
    std::signal(SIGXFSZ, SIG_IGN); // then the write fails, as on a full disk
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
    rlimit small = usual;
    small.rlim_cur = 10'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto refused = kitchen.open();
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &usual) == 0);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::io);
    CHECK_THAT(refused.error().message,
               Contains("it takes 1 MB") && Contains("are free") && Contains("make room"));
    CHECK(kitchen.files().empty());
    CHECK(kitchen.open()); // and when there is room again, it is made
}

TEST_CASE("a folder that cannot be made is an error with its name") {
    Kitchen kitchen;
    std::ofstream(kitchen.folder.path() / "cache") << "a file is in the way";
    const auto refused = kitchen.open();
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().where, Contains("cache"));
}

TEST_CASE("the song's recipe names all players, and their version") {
    const Recipe recipe = song_recipe();
    CHECK(recipe.frames.size() == 13);
    CHECK(recipe.version != 0);
    CHECK(recipe.version == song_recipe().version);
}
