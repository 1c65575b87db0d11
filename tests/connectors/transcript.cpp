#include "connectors/transcript.h"

#include "connectors/memory_wire.h"
#include "connectors/osc_codec.h"
#include "connectors/replay_wire.h"
#include "tests/support/catch.h"
#include "tests/support/own_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

std::filesystem::path fresh(const std::string& name) {
    auto path = std::filesystem::temp_directory_path()
                / ("prefade-" + std::to_string(::getpid()) + '-' + name);
    std::filesystem::remove(path);
    return path;
}

const OscMessage gain_command{"/strip/gain", {std::int32_t{2}, -6.0F}};

} // namespace

TEST_CASE("a transcript line reads as what was written") {
    const TranscriptLine osc{
        1.25, WireDirection::in,
        OscMessage{"/all",
                   {std::int32_t{-7}, 0.1F, std::string("\"Größe\"\n"), OscBlob{{1, 255}},
                    std::int64_t{1} << 60, 0.1, true, false, OscNil{}, OscInfinitum{},
                    OscTime{4000000000U, 6}, -std::numeric_limits<float>::infinity()}}};
    const TranscriptLine midi{2.5, WireDirection::out, MidiMessage{{0x90, 0x68, 0x7F}, 1}};
    const auto back =
        parse_transcript(to_text(osc) + "\n# a remark\n\n" + to_text(midi) + "\r\n", "t");
    REQUIRE(back);
    REQUIRE(back->size() == 2);
    CHECK((*back)[0].message == osc.message);
    CHECK((*back)[0].seconds == 1.25);
    CHECK((*back)[1].message == midi.message);
    CHECK((*back)[1].direction == WireDirection::out);
}

TEST_CASE("questions and answers of a host that is called are kept whole, and replayed") {
    CallMessage question;
    question.number = 7;
    question.command = "GetTransportState";
    CallMessage answer = question;
    answer.body = "{\"a\":\"Größe\"}";
    CallMessage failed = question;
    failed.end = CallMessage::End::failed;
    failed.code = 106;
    failed.why = "no session is open";
    CHECK(to_text({1.5, WireDirection::out, question})
          == R"({"t":1.5,"dir":"out","call":"GetTransportState","number":7})");
    const auto back = parse_transcript(to_text({1, WireDirection::out, question}) + '\n'
                                           + to_text({1, WireDirection::in, answer}) + '\n'
                                           + to_text({1, WireDirection::in, failed}),
                                       "t");
    REQUIRE(back);
    REQUIRE(back->size() == 3);
    CHECK((*back)[0].message == WireMessage{question});
    CHECK((*back)[1].message == WireMessage{answer});
    CHECK((*back)[2].message == WireMessage{failed});

    ReplayWire wire(*back, ReplayWire::Pace::by_hand);
    std::vector<WireMessage> messages;
    REQUIRE(wire.open([&](const Arrival& arrival) {
        REQUIRE(wire.decode(arrival, messages));
        return true;
    }));
    wire.play_until(TimePoint{100s});
    wire.play_until(TimePoint{101s});
    CHECK(messages == std::vector<WireMessage>{answer, failed});

    for (const char* wrong :
         {R"("call":7,"number":1)", R"("call":"A")", R"("call":"A","number":-1)",
          R"("call":"A","number":5000000000)", R"("call":"A","number":1,"body":{})",
          R"("call":"A","number":1,"end":"soon")", R"("call":"A","number":1,"code":70000)"})
        CHECK_FALSE(parse_transcript(std::string(R"({"t":1,"dir":"in",)") + wrong + '}', "t"));
}

TEST_CASE("transcript lines have the documented form") {
    CHECK(to_text({0.004, WireDirection::in, gain_command})
          == R"({"t":0.004,"dir":"in","addr":"/strip/gain","types":"if","args":[2,-6.0]})");
    CHECK(to_text({1.25, WireDirection::out, MidiMessage{{0x90, 0x68, 0x7F}, 0}})
          == R"({"t":1.25,"dir":"out","midi":"90 68 7f","port":0})");
}

TEST_CASE("errors in a transcript name file and line") {
    const std::string good = to_text({0, WireDirection::in, gain_command}) + "\n";
    const auto error = [&](const std::string& bad) {
        const auto parsed = parse_transcript(good + bad, "x.jsonl");
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().where == "x.jsonl:2");
        return parsed.error().message;
    };
    error("{");
    CHECK(error("[]") == "no JSON object");
    CHECK(error(R"({"t":1,"dir":"up"})") == "\"dir\" is neither \"in\" nor \"out\"");
    CHECK(error(R"({"t":1,"dir":"in","addr":"/a","types":"if","args":[1]})")
          == "2 types and 1 args");
    CHECK(error(R"({"t":1,"dir":"in","addr":"/a","types":"i","args":[1.5]})")
          == "argument 1 is no 'i'");
    CHECK(error(R"({"t":1,"dir":"in","addr":"/a","types":"i","args":[3000000000]})")
          == "argument 1 is no 'i'");
    CHECK(error(R"({"t":1,"dir":"in","midi":"9"})") == "\"9\" is no hexadecimal text");
    const auto backwards =
        parse_transcript(to_text({2, WireDirection::in, gain_command}) + "\n" + good, "x");
    REQUIRE_FALSE(backwards);
    CHECK(backwards.error().message == "time runs backwards");
}

TEST_CASE("a recorded transcript can be loaded, and an existing file is kept") {
    const auto path = fresh("record.jsonl");
    {
        auto writer = TranscriptWriter::create(path);
        REQUIRE(writer);
        const TimePoint start{10s};
        REQUIRE(writer->write(WireDirection::out, OscMessage{"/set_surface", {}}, start));
        REQUIRE(writer->write(WireDirection::in, gain_command, start + 20ms));
        REQUIRE(writer->write(WireDirection::in, gain_command,
                              start + 10ms)); // stamped earlier, written later
    }
    const auto back = load_transcript(path);
    REQUIRE(back);
    REQUIRE(back->size() == 3);
    CHECK((*back)[1].seconds == Approx(0.02));
    CHECK((*back)[2].seconds == Approx(0.02));
    CHECK_FALSE(TranscriptWriter::create(path));
    CHECK_FALSE(load_transcript(path.string() + ".none"));
    std::filesystem::remove(path);
}

#ifndef _WIN32
TEST_CASE("a transcript is its owner's to read, and goes through no link") {
    const test::OwnFolder folder;
    const auto path = folder.path() / "record.jsonl", link = folder.path() / "link",
               behind = folder.path() / "behind";
    const auto before = ::umask(0);
    const auto writer = TranscriptWriter::create(path);
    ::umask(before);
    REQUIRE(writer);
    using std::filesystem::perms;
    CHECK(std::filesystem::status(path).permissions() == (perms::owner_read | perms::owner_write));
    std::filesystem::create_symlink(behind, link); // to a file that is not there yet
    CHECK(TranscriptWriter::create(link).error().code == ErrorCode::refused);
    CHECK_FALSE(std::filesystem::exists(behind));
    const auto none = TranscriptWriter::create(folder.path() / "none" / "record.jsonl");
    CHECK(none.error().code == ErrorCode::io);
    CHECK_THAT(none.error().message, Catch::Matchers::Contains("No such file"));
}
#endif

TEST_CASE("a replayed transcript arrives at its times, and only the host's side of it") {
    const Transcript transcript{{0.0, WireDirection::in, gain_command},
                                {0.5, WireDirection::out, OscMessage{"/strip/gain", {}}},
                                {1.0, WireDirection::in, OscMessage{"/heartbeat", {1.0F}}}};
    ReplayWire wire(transcript, ReplayWire::Pace::by_hand);
    std::vector<Arrival> arrived;
    REQUIRE(wire.open([&](Arrival arrival) {
        arrived.push_back(std::move(arrival));
        return true;
    }));
    const TimePoint start{100s};
    wire.play_until(start);
    CHECK(arrived.size() == 1);
    wire.play_until(start + 999ms);
    CHECK(arrived.size() == 1);
    CHECK_FALSE(wire.finished());
    wire.play_until(start + 1s);
    REQUIRE(arrived.size() == 2);
    CHECK(arrived[1].at == start + 1s);
    CHECK(wire.finished());
    std::vector<WireMessage> messages;
    REQUIRE(wire.decode(arrived[0], messages));
    CHECK(std::get<OscMessage>(messages.front()) == gain_command);
    REQUIRE(wire.send(gain_command));
    CHECK(wire.sent() == 1);
}

TEST_CASE("a memory wire hands on real bytes and keeps what is sent") {
    MemoryWire wire;
    CHECK_FALSE(wire.deliver(gain_command, TimePoint{1s}));
    std::vector<Arrival> arrived;
    bool take = true;
    REQUIRE(wire.open([&](Arrival arrival) {
        arrived.push_back(std::move(arrival));
        return take;
    }));
    REQUIRE(wire.deliver(gain_command, TimePoint{1s}));
    CHECK(arrived.front().bytes == *encode_osc(gain_command));
    take = false;
    CHECK_FALSE(wire.deliver(gain_command, TimePoint{2s}));
    REQUIRE(wire.send(gain_command));
    CHECK(wire.take_sent() == std::vector<WireMessage>{gain_command});
    CHECK(wire.take_sent().empty());
    wire.close();
    CHECK_FALSE(wire.send(gain_command));
}
