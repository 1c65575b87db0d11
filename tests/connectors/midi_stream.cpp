// A stream of MIDI bytes cut into whole messages.
#include "connectors/midi_stream.h"
#include "tests/support/catch.h"

#include <random>

using namespace prefade;

namespace {

using Cut = std::vector<std::vector<std::uint8_t>>;

Cut cut(const std::vector<std::uint8_t>& bytes) { return MidiStream().take(bytes); }

} // namespace

TEST_CASE("a status stands for the messages after it until another one comes") {
    CHECK(cut({0x90, 0x10, 0x7F, 0x11, 0x7F, 0xE8, 0x00, 0x40, 0x7F, 0x7F})
          == Cut{{0x90, 0x10, 0x7F}, {0x90, 0x11, 0x7F}, {0xE8, 0x00, 0x40}, {0xE8, 0x7F, 0x7F}});
    CHECK(cut({0xD0, 0x12, 0x23}) == Cut{{0xD0, 0x12}, {0xD0, 0x23}});
}

TEST_CASE("system exclusive comes whole, and ends the running status") {
    CHECK(cut({0xF0, 0x00, 0x00, 0x66, 0x14, 0x00, 0xF7}).size() == 1);
    MidiStream stream;
    CHECK(stream.take(std::vector<std::uint8_t>{0x90, 0x10, 0x7F, 0xF0, 0x01, 0xF7, 0x11, 0x7F})
          == Cut{{0x90, 0x10, 0x7F}, {0xF0, 0x01, 0xF7}});
    CHECK(stream.lost() == 2);
}

TEST_CASE("real-time bytes stand in any message without breaking it") {
    CHECK(cut({0x90, 0xFE, 0x10, 0xF8, 0x7F}) == Cut{{0xFE}, {0xF8}, {0x90, 0x10, 0x7F}});
    CHECK(cut({0xF0, 0x01, 0xF8, 0x02, 0xF7}) == Cut{{0xF8}, {0xF0, 0x01, 0x02, 0xF7}});
}

TEST_CASE("a message cut short by another is lost, the other one is not") {
    MidiStream stream;
    CHECK(stream.take(std::vector<std::uint8_t>{0x55, 0x90, 0x10, 0xB0, 0x10, 0x01})
          == Cut{{0xB0, 0x10, 0x01}});
    CHECK(stream.lost() == 3);
    CHECK(stream.take(std::vector<std::uint8_t>{0xF0, 0x01, 0x90, 0x10, 0x7F, 0xF7})
          == Cut{{0x90, 0x10, 0x7F}});
    CHECK(stream.lost() == 6);
}

TEST_CASE("a system exclusive message without an end does not grow without one") {
    MidiStream stream;
    CHECK(stream.take(std::vector<std::uint8_t>{0xF0}).empty());
    for (int i = 0; i < 100; ++i) CHECK(stream.take(std::vector<std::uint8_t>(1000, 0x01)).empty());
    CHECK(stream.take(std::vector<std::uint8_t>{0xF7, 0x90, 0x10, 0x7F})
          == Cut{{0x90, 0x10, 0x7F}});
    CHECK(stream.lost() == 100'002);
}

TEST_CASE(
    "however a stream comes apart, the same messages come out, and no byte is unaccounted for") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::uint8_t> bytes(400);
        for (std::uint8_t& byte : bytes) // as often data as status, and all kinds of that
            byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 0x80 + random() % 0x80
                                                               : random() % 0x80);
        MidiStream at_once, in_pieces;
        const Cut whole = at_once.take(bytes);
        Cut pieces;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(1 + random() % 7, bytes.size() - at);
            for (auto& message : in_pieces.take(std::span(bytes).subspan(at, size)))
                pieces.push_back(std::move(message));
            at += size;
        }
        CHECK(pieces == whole);
        CHECK(in_pieces.lost() == at_once.lost());
        for (const auto& message : whole) {
            REQUIRE(message[0] >= 0x80);
            if (message[0] != 0xF0) CHECK(message.size() == midi_length(message[0]));
        }
    }
}
