// The demo behind its wire: a thread of its own, by the clock, with short music.
#include "connectors/demo/instruments.h"
#include "connectors/demo/protocol.h"
#include "connectors/demo/wire.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using demo::DemoWire;

namespace {

/// What the wire said, decoded; waited for, not slept for.
class Ear {
public:
    Receiver receiver(const DemoWire& wire) {
        return [this, &wire](Arrival arrival) {
            std::vector<WireMessage> messages;
            const bool good = wire.decode(arrival, messages).has_value();
            const std::lock_guard lock(mutex_);
            bad_ += good ? 0 : 1;
            for (WireMessage& m : messages) heard_.push_back(std::get<OscMessage>(std::move(m)));
            news_.notify_all();
            return true;
        };
    }
    bool wait(const std::function<bool(const OscMessage&)>& wanted, Duration limit = 20s) {
        std::unique_lock lock(mutex_);
        return news_.wait_for(lock, limit,
                              [&] { return std::any_of(heard_.begin(), heard_.end(), wanted); });
    }
    bool wait(const char* address) {
        return wait([&](const OscMessage& m) { return m.address == address; });
    }
    std::size_t count(const char* address) {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::count_if(
            heard_.begin(), heard_.end(), [&](const auto& m) { return m.address == address; }));
    }
    OscMessage first(const char* address) {
        const std::lock_guard lock(mutex_);
        return *std::find_if(heard_.begin(), heard_.end(),
                             [&](const auto& m) { return m.address == address; });
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        heard_.clear();
    }
    int bad() {
        const std::lock_guard lock(mutex_);
        return bad_;
    }

private:
    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<OscMessage> heard_;
    int bad_{0};
};

DemoWire::Setup setup(const std::filesystem::path& cache) {
    DemoWire::Setup with;
    with.cache = cache;
    with.music.version = 1;
    with.music.frames.assign(demo::instrument_count, 1000);
    with.music.record = [](std::size_t) { return std::vector<std::int16_t>(1000, 4000); };
    return with;
}

} // namespace

TEST_CASE("the demo's wire makes its music, introduces itself, plays and meters") {
    const test::OwnFolder folder;
    Ear ear;
    DemoWire wire(setup(folder.path()));
    REQUIRE(wire.open(ear.receiver(wire)));
    REQUIRE(ear.wait("/demo/done"));
    CHECK(ear.count("/demo/making") == demo::instrument_count);
    CHECK(ear.count("/demo/strips") == 1);
    REQUIRE(ear.wait("/demo/meters"));
    CHECK(ear.wait([](const OscMessage& m) {
        return m.address == "/demo/transport" && std::get<float>(m.arguments.at(1)) > 0.3F;
    }));
    CHECK(ear.bad() == 0);
}

TEST_CASE("an order is carried out and answered while it plays and while it stands") {
    const test::OwnFolder folder;
    Ear ear;
    DemoWire wire(setup(folder.path()));
    REQUIRE(wire.open(ear.receiver(wire)));
    REQUIRE(ear.wait("/demo/done"));
    const auto set = [&](float level) {
        REQUIRE(wire.send(
            demo::MessageWriter("/demo/set").place({1, Control::fader, 0, 0}).real(level).take()));
        CHECK(ear.wait([&](const OscMessage& m) {
            return m.address == "/demo/value" && std::get<float>(m.arguments.at(4)) == level;
        }));
    };
    set(-21.5F);
    REQUIRE(wire.send(demo::MessageWriter("/demo/play").number(0).take()));
    REQUIRE(ear.wait([](const OscMessage& m) {
        return m.address == "/demo/transport" && std::get<std::int32_t>(m.arguments.at(0)) == 0;
    }));
    ear.forget();
    set(-22.5F);
    CHECK(ear.wait("/demo/alive")); // it goes on saying that it is there
    CHECK(ear.count("/demo/meters") == 0);
}

TEST_CASE("a closed wire takes nothing, and opens again from the kept music") {
    const test::OwnFolder folder;
    Ear ear;
    DemoWire wire(setup(folder.path()));
    CHECK_FALSE(wire.send(OscMessage{"/demo/hello", {}}));
    REQUIRE(wire.open(ear.receiver(wire)));
    REQUIRE(ear.wait("/demo/done"));
    CHECK(wire.send(MidiMessage{}).error().code == ErrorCode::unsupported);
    wire.close();
    wire.close();
    CHECK(wire.send(OscMessage{"/demo/hello", {}}).error().code == ErrorCode::unavailable);
    ear.forget();
    REQUIRE(wire.open(ear.receiver(wire)));
    REQUIRE(ear.wait("/demo/done"));
    CHECK(ear.count("/demo/making") == 0);
}

TEST_CASE("a wire that is closed while its music is made ends soon and leaves no file") {
    const test::OwnFolder folder;
    Ear ear;
    auto with = setup(folder.path());
    std::mutex mutex;
    std::condition_variable begun;
    int recorded = 0;
    with.music.frames.assign(100'000, 1); // far more than can be made meanwhile
    with.music.record = [&](std::size_t) {
        const std::lock_guard lock(mutex);
        ++recorded;
        begun.notify_all();
        return std::vector<std::int16_t>(1, 1);
    };
    DemoWire wire(std::move(with));
    REQUIRE(wire.open(ear.receiver(wire)));
    {
        std::unique_lock lock(mutex);
        REQUIRE(begun.wait_for(lock, 20s, [&] { return recorded > 0; }));
    }
    wire.close();
    CHECK(recorded < 100'000);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("where the music cannot be kept the wire says why") {
    const test::OwnFolder folder;
    std::ofstream(folder.path() / "cache") << "in the way";
    Ear ear;
    DemoWire wire(setup(folder.path() / "cache"));
    REQUIRE(wire.open(ear.receiver(wire)));
    REQUIRE(ear.wait("/demo/failed"));
    CHECK_THAT(std::get<std::string>(ear.first("/demo/failed").arguments.at(0)), Contains("cache"));
}
