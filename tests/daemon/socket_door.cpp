#include "core/inbox.h"
#include "daemon/doors/pace.h"
#include "daemon/doors/socket.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <nlohmann/json.hpp>

#include <thread>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s; ///< never waited for when all is well

struct Rig {
    test::OwnFolder folder;
    Inbox<Event> desk;
    std::unique_ptr<SocketDoor> door;

    explicit Rig(std::size_t capacity = 1000) : desk(capacity) {
        auto opened =
            SocketDoor::open(path(), [this](Event event) { return desk.push(std::move(event)); });
        REQUIRE(opened);
        door = std::move(*opened);
    }
    std::filesystem::path path() const { return folder.path() / "s"; }
    LineClient connect() const {
        auto client = LineClient::connect(path(), patience);
        REQUIRE(client);
        return std::move(*client);
    }
    /// The next event for the desk.
    template <class T> T next() {
        if (events_.empty()) {
            std::vector<Event> taken;
            REQUIRE(desk.take(taken, Clock::now() + patience));
            events_.assign(std::make_move_iterator(taken.begin()),
                           std::make_move_iterator(taken.end()));
        }
        REQUIRE_FALSE(events_.empty());
        Event event = std::move(events_.front());
        events_.erase(events_.begin());
        REQUIRE(std::holds_alternative<T>(event));
        return std::get<T>(std::move(event));
    }
    void answer(const ToolCalled& call, Json result) const {
        door->answer(
            {call.caller, call.request, std::make_shared<const Json>(std::move(result)), {}});
    }

private:
    std::vector<Event> events_;
};

void say(LineClient& client, std::string_view line) {
    REQUIRE(client.send(line, Clock::now() + patience));
}

Json hear(LineClient& client) {
    const auto line = client.receive(Clock::now() + patience);
    REQUIRE(line);
    REQUIRE(line->has_value());
    auto json = parse_json(**line);
    REQUIRE(json);
    return std::move(*json);
}

Json error_for(std::string_view line) {
    Rig rig;
    auto client = rig.connect();
    say(client, line);
    const Json answer = hear(client);
    CHECK(answer.at("jsonrpc") == "2.0");
    CHECK_FALSE(answer.contains("result"));
    return answer;
}

std::shared_ptr<const Snapshot> snapshot(std::uint64_t sequence) {
    auto made = std::make_shared<Snapshot>();
    made->sequence = sequence;
    made->taken = Clock::now();
    return made;
}

} // namespace

TEST_CASE("a request becomes a tool call, and its answer bears its id") {
    Rig rig;
    auto client = rig.connect();
    for (const Json& id : {Json(7), Json("seven"), Json(-1), Json(2.5), Json("")}) {
        say(client, to_line({{"jsonrpc", "2.0"},
                             {"id", id},
                             {"method", "set"},
                             {"params", {{"strip", "Bass"}, {"value", "-3dB"}}}}));
        const auto call = rig.next<ToolCalled>();
        CHECK(call.tool == "set");
        CHECK(call.door == Door::local);
        CHECK(*call.arguments == Json{{"strip", "Bass"}, {"value", "-3dB"}});
        rig.answer(call, {{"moves", Json::array()}});
        CHECK(hear(client)
              == Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", {{"moves", Json::array()}}}});
    }
}

TEST_CASE("answers may come in another order than the requests") {
    Rig rig;
    auto client = rig.connect();
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"undo"})");
    say(client, R"({"jsonrpc":"2.0","id":2,"method":"status"})");
    const auto slow = rig.next<ToolCalled>();
    const auto fast = rig.next<ToolCalled>();
    CHECK(slow.arguments->is_object());
    rig.answer(fast, {{"fast", true}});
    rig.answer(slow, {{"fast", false}});
    CHECK(hear(client).at("id") == 2);
    CHECK(hear(client).at("id") == 1);
}

TEST_CASE("an answer reaches the caller who asked, whatever the ids are") {
    Rig rig;
    auto one = rig.connect();
    auto other = rig.connect();
    say(one, R"({"jsonrpc":"2.0","id":1,"method":"status"})");
    const auto call_of_one = rig.next<ToolCalled>();
    say(other, R"({"jsonrpc":"2.0","id":1,"method":"status"})");
    const auto call_of_other = rig.next<ToolCalled>();
    rig.door->answer(
        {call_of_other.caller, call_of_one.request, std::make_shared<const Json>("stray"), {}});
    rig.answer(call_of_other, "other");
    rig.answer(call_of_one, "one");
    CHECK(hear(one).at("result") == "one");
    CHECK(hear(other).at("result") == "other");
}

TEST_CASE("an error keeps its code by name beside the number of the protocol") {
    Rig rig;
    auto client = rig.connect();
    const std::pair<ErrorCode, int> codes[] = {
        {ErrorCode::invalid, -32602},     {ErrorCode::not_found, -32001},
        {ErrorCode::ambiguous, -32002},   {ErrorCode::refused, -32003},
        {ErrorCode::unsupported, -32004}, {ErrorCode::unavailable, -32005},
        {ErrorCode::io, -32006},          {ErrorCode::internal, -32603}};
    for (const auto& [code, number] : codes) {
        say(client, R"({"jsonrpc":"2.0","id":1,"method":"apply","params":{"advice":9}})");
        const auto call = rig.next<ToolCalled>();
        const Error error{code, "no advice 9", "here"};
        rig.door->answer({call.caller, call.request, nullptr, error});
        const Json told = hear(client).at("error");
        CHECK(told.at("code") == number);
        CHECK(told.at("message") == "no advice 9");
        CHECK(told.at("data") == Json{{"code", to_json(error).at("code")}, {"where", "here"}});
    }
}

TEST_CASE("a request without an id runs and is not answered") {
    Rig rig;
    auto client = rig.connect();
    say(client, R"({"jsonrpc":"2.0","method":"stop"})");
    const auto call = rig.next<ToolCalled>();
    CHECK(call.tool == "stop");
    rig.answer(call, {{"stopped", true}});
    say(client, R"({"jsonrpc":"2.0","method":"no such tool"})");
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"status"})");
    rig.answer(rig.next<ToolCalled>(), "status");
    CHECK(hear(client).at("result") == "status");
}

TEST_CASE("an unknown method is an error with the names of the known ones") {
    const Json answer = error_for(R"({"jsonrpc":"2.0","id":3,"method":"fly"})");
    CHECK(answer.at("id") == 3);
    CHECK(answer.at("error").at("code") == -32601);
    const auto message = answer.at("error").at("message").get<std::string>();
    for (const char* name : {"subscribe", "status", "undo"})
        CHECK(message.find(name) != std::string::npos);
}

TEST_CASE("what is no request is answered with what is wrong") {
    const std::pair<const char*, int> lines[] = {
        {"hello", -32700},
        {"{\"jsonrpc\":\"2.0\",", -32700},
        {"\xff\xfe", -32700},
        {"[]", -32600},
        {R"([{"jsonrpc":"2.0","id":1,"method":"status"}])", -32600},
        {"1", -32600},
        {"{}", -32600},
        {R"({"id":1,"method":"status"})", -32600},
        {R"({"jsonrpc":"2.0","id":{},"method":"status"})", -32600},
        {R"({"jsonrpc":"2.0","id":null,"method":"status"})", -32600},
        {R"({"jsonrpc":"2.0","id":1,"method":7})", -32600},
        {R"({"jsonrpc":"2.0","id":1,"method":"status","params":[1]})", -32600},
        {R"({"jsonrpc":"2.0","id":1,"result":{}})", -32600},
        {R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshots":1}})", -32602}};
    for (const auto& [line, code] : lines) {
        CAPTURE(line);
        CHECK(error_for(line).at("error").at("code") == code);
    }
    CHECK(error_for(std::string(1'000'000, '[')).at("error").at("code") == -32700);
    CHECK(error_for("[]").at("error").at("message")
          == "batches are not supported: one request a line");
}

TEST_CASE("a line of more than 1 MiB is answered once and the caller is let go") {
    Rig rig;
    auto client = rig.connect();
    const auto sent = client.send(std::string(2U << 20U, ' '), Clock::now() + patience);
    CHECK((sent || sent.error().code == ErrorCode::unavailable));
    CHECK(hear(client).at("error").at("message") == "a line has at most 1 MiB");
    CHECK_FALSE(client.receive(Clock::now() + patience));
}

TEST_CASE("a caller who goes is told to the desk, and a late answer to it is harmless") {
    Rig rig;
    auto client = std::make_unique<LineClient>(rig.connect());
    say(*client, R"({"jsonrpc":"2.0","id":1,"method":"undo"})");
    const auto call = rig.next<ToolCalled>();
    client.reset();
    CHECK(rig.next<CallerGone>().caller == call.caller);
    rig.answer(call, "late");
    auto other = rig.connect();
    say(other, R"({"jsonrpc":"2.0","id":1,"method":"status"})");
    rig.answer(rig.next<ToolCalled>(), "fine");
    CHECK(hear(other).at("result") == "fine");
}

TEST_CASE("a full inbox is an error, not silence") {
    Rig rig(1);
    auto client = rig.connect();
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"status"})");
    say(client, R"({"jsonrpc":"2.0","id":2,"method":"status"})");
    const Json answer = hear(client);
    CHECK(answer.at("id") == 2);
    CHECK(answer.at("error").at("data").at("code") == "unavailable");
    rig.answer(rig.next<ToolCalled>(), "first");
    CHECK(hear(client).at("id") == 1);
}

TEST_CASE("one connection may have 256 questions open, not more") {
    Rig rig;
    auto client = rig.connect();
    for (int i = 1; i <= 257; ++i)
        say(client, to_line({{"jsonrpc", "2.0"}, {"id", i}, {"method", "status"}}));
    const Json answer = hear(client);
    CHECK(answer.at("id") == 257);
    CHECK(answer.at("error").at("data").at("code") == "unavailable");
}

TEST_CASE("a subscriber is told the present state at once and then each newer one") {
    Rig rig;
    auto client = rig.connect();
    rig.door->publish(snapshot(1));
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshots":true}})");
    CHECK(hear(client) == Json{{"jsonrpc", "2.0"}, {"id", 1}, {"result", {{"snapshots", true}}}});
    Json told = hear(client);
    CHECK(told.at("method") == "snapshot");
    CHECK_FALSE(told.contains("id"));
    CHECK(told.at("params").at("sequence") == 1);
    rig.door->publish(snapshot(2));
    CHECK(hear(client).at("params").at("sequence") == 2);
}

TEST_CASE("who did not subscribe is told no snapshot, and who stopped neither") {
    Rig rig;
    auto client = rig.connect();
    rig.door->publish(snapshot(1));
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshots":true}})");
    CHECK(hear(client).at("id") == 1);
    CHECK(hear(client).at("params").at("sequence") == 1);
    say(client, R"({"jsonrpc":"2.0","id":2,"method":"subscribe","params":{"snapshots":false}})");
    CHECK(hear(client).at("id") == 2);
    rig.door->publish(snapshot(2));
    say(client, R"({"jsonrpc":"2.0","id":3,"method":"status"})");
    rig.answer(rig.next<ToolCalled>(), "status");
    CHECK(hear(client).at("id") == 3);
}

TEST_CASE("snapshots go out at most 20 times a second, and the last one always does") {
    Rig rig;
    auto client = rig.connect();
    say(client, R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshots":true}})");
    CHECK(hear(client).at("id") == 1);
    const TimePoint begin = Clock::now();
    constexpr std::uint64_t last = 2000;
    for (std::uint64_t i = 1; i <= last; ++i) rig.door->publish(snapshot(i));
    std::uint64_t sequence = 0, told = 0;
    while (sequence != last) {
        const auto next = hear(client).at("params").at("sequence").get<std::uint64_t>();
        CHECK(next > sequence);
        sequence = next;
        ++told;
    }
    const auto most = (Clock::now() - begin) / SocketDoor::snapshot_interval + 1;
    CHECK(told <= static_cast<std::uint64_t>(most));
}

TEST_CASE("who publishes 20 times a second is not made to wait by wake-ups that come late") {
    Pace pace(50ms);
    TimePoint due = TimePoint{} + 1h;
    for (int i = 0; i < 1000; ++i) { // each time the door wakes up a little late, up to 6 ms
        const auto late = std::chrono::microseconds(i * 379 % 6000);
        const TimePoint awake = due + late;
        const TimePoint told = pace.is_due(awake) ? awake : pace.next() + late;
        CHECK(told - due <= 12ms);
        pace.done(told);
        due += 50ms;
    }
}

TEST_CASE("who publishes all the time is told 20 times a second, a pause earns nothing") {
    Pace pace(50ms);
    const TimePoint start = TimePoint{} + 1h;
    const auto told_within = [&](Duration from, Duration to) {
        int told = 0;
        for (Duration at = from; at < to; at += 1ms)
            if (pace.is_due(start + at)) {
                ++told;
                pace.done(start + at);
            }
        return told;
    };
    CHECK(told_within(0s, 10s) == 200);
    CHECK(told_within(60s, 61s) == 20);
}

TEST_CASE("publishing, answering and calling from three threads at once loses no answer") {
    Rig rig;
    auto client = rig.connect();
    say(client, R"({"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"snapshots":true}})");
    CHECK(hear(client).at("id") == 0);
    constexpr int calls = 200;
    std::jthread publisher([&](const std::stop_token& stop) {
        for (std::uint64_t i = 1; !stop.stop_requested(); ++i) rig.door->publish(snapshot(i));
    });
    std::jthread desk([&] {
        std::vector<Event> events;
        for (int answered = 0; answered < calls;) {
            if (!rig.desk.take(events, Clock::now() + patience) || events.empty()) return;
            for (const Event& event : events)
                if (const auto* call = std::get_if<ToolCalled>(&event)) {
                    rig.answer(*call, call->request);
                    ++answered;
                }
        }
    });
    for (int i = 1; i <= calls; ++i) {
        say(client, to_line({{"jsonrpc", "2.0"}, {"id", i}, {"method", "status"}}));
        Json heard = hear(client);
        while (heard.contains("method")) heard = hear(client);
        CHECK(heard.at("id") == i);
    }
    publisher.request_stop();
}

TEST_CASE("a door that closes while callers talk ends cleanly") {
    for (int round = 0; round < 20; ++round) {
        Rig rig;
        auto client = rig.connect();
        say(client, R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshots":true}})");
        rig.door->publish(snapshot(1));
        say(client, R"({"jsonrpc":"2.0","id":2,"method":"status"})");
        rig.door.reset();
        while (client.receive(Clock::now() + patience)) {
        }
    }
}

TEST_CASE("a second daemon on the same socket is refused") {
    Rig rig;
    const auto second = SocketDoor::open(rig.path(), [](const Event&) { return true; });
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::refused);
}
