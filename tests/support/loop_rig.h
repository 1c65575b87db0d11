// The daemon's own parts in one process, as app.cpp joins them, at a simulated Ardour and on a disk that can
// fail: desk, loop, journal and door are the real ones. Test's main thread.
#pragma once

#include "daemon/loop.h"
#include "tests/support/ardour_server.h"
#include "tests/support/failing_disk.h"
#include "tests/support/own_folder.h"
#include "tests/support/prefaded_rig.h"
#include "tests/support/sim_desk.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace prefade::test {

struct LoopRig {
    explicit LoopRig(std::size_t inbox_size = 65'536) : inbox(inbox_size), ardour(fill) {
        std::filesystem::create_directories(folder.path() / "hosts");
        std::ofstream(folder.path() / "hosts" / "ardour.toml")
            << "title = \"Ardour\"\ndialect = \"ardour\"\nports = [" << ardour.port() << "]\n";
        const auto push = [this](Event event) {
            return inbox.push({Clock::now(), std::move(event)});
        };
        auto opened_door = SocketDoor::open(folder.path() / "s", push);
        REQUIRE(opened_door);
        door = std::move(*opened_door);
        auto opened = Journal::open(
            file(), [push](JournalReport report) { push(event_of(std::move(report))); },
            disk.name());
        REQUIRE(opened);
        journal = std::move(*opened);
        desk = std::make_unique<Desk>(Desk::Setup{{},
                                                  {},
                                                  {},
                                                  {},
                                                  journal->found(),
                                                  journal->last_id(),
                                                  "test",
                                                  std::chrono::system_clock::now(),
                                                  Clock::now()});
    }
    ~LoopRig() {
        disk.set(FailingDisk::Mode::healthy);
        end();
    }

    std::filesystem::path file() const { return folder.path() / "journal.sqlite"; }
    void start(const std::string& host) {
        loop = std::make_unique<Loop>(*desk, inbox, *journal, *door,
                                      Loop::Setup{host, folder.path() / "hosts", std::nullopt});
        std::promise<Result<void>> promise;
        ran = promise.get_future();
        thread = std::jthread(
            [this, done = std::move(promise)]() mutable { done.set_value(loop->run(stop)); });
    }
    /// Started, and the client sees all strips.
    void connect() {
        start(ardour.host());
        client = std::make_unique<RpcClient>(folder.path() / "s");
        REQUIRE(client->wait_snapshot(Seconds(20), [](const Json& s) {
            return s["host"]["state"] == "connected" && s["strips"].size() == 6
                   && !s["strips"][5]["fader_db"].is_null();
        }));
    }
    /// As SIGTERM does; everything in the order of app.cpp.
    void end() {
        stop = true;
        thread = {};
        loop.reset();
        inbox.close();
        desk.reset();
        journal.reset();
        door.reset();
    }
    /// A fresh look at what is in the file.
    std::vector<MoveRecord> recorded() const {
        std::unique_ptr<Journal> again;
        REQUIRE(eventually(Seconds(30), [&] {
            auto opened = Journal::open(file(), [](const JournalReport&) {});
            if (opened) again = std::move(*opened);
            return opened.has_value();
        }));
        return again->found();
    }

    OwnFolder folder;
    FailingDisk disk;
    DeskInbox inbox;
    ArdourServer ardour;
    std::atomic<bool> stop{false};
    std::unique_ptr<SocketDoor> door;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Desk> desk;
    std::unique_ptr<Loop> loop;
    std::jthread thread;
    std::future<Result<void>> ran;
    std::unique_ptr<RpcClient> client;
};

} // namespace prefade::test
