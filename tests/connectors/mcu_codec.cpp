// Mackie Control, bytes and names: each message of the protocol there and back.
#include "connectors/mcu/codec.h"
#include "tests/support/catch.h"

#include <random>
#include <set>

using namespace prefade;
using namespace prefade::mcu;

namespace {

template <class Message> struct Row {
    Bytes bytes;
    Message message;
};

const Serial serial{0x58, 0x59, 0x5A, 'P', 'R', 'F', '1'};

const std::vector<Row<FromHost>> host_rows{
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x00, 0xF7}, DeviceQuery{Device::main}},
    {{0xF0, 0x00, 0x00, 0x66, 0x11, 0x00, 0xF7}, DeviceQuery{Device::logic_control_extender}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x02, 0x58, 0x59, 0x5A, 'P', 'R', 'F', '1', 0x05, 0x05, 0x7B,
      0x2F, 0xF7},
     ConnectionReply{Device::main, serial, {0x05, 0x05, 0x7B, 0x2F}}},
    {{0xF0, 0x00, 0x00, 0x66, 0x15, 0x13, 0x00, 0xF7}, VersionRequest{Device::extender}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x12, 0x38, 'L', 'd', ' ', 'V', 'x', 0xF7},
     DisplayText{Device::main, 56, "Ld Vx"}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x20, 0x07, 0x03, 0xF7}, MeterMode{Device::main, 7, 3}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x08, 0xF7}, SurfaceOrder{Device::main, Order::reset_by_host}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x0F, 0xF7}, SurfaceOrder{Device::main, Order::go_offline}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x61, 0xF7}, SurfaceOrder{Device::main, Order::faders_down}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x62, 0xF7}, SurfaceOrder{Device::main, Order::leds_off}},
    {{0xF0, 0x00, 0x00, 0x66, 0x10, 0x63, 0xF7}, SurfaceOrder{Device::logic_control, Order::reset}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x0A, 0x01, 0xF7}, Setting{Device::main, 0x0A, "\x01"}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x0E, 0x08, 0x05, 0xF7},
     Setting{Device::main, 0x0E, "\x08\x05"}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x72, 1, 2, 3, 4, 5, 6, 7, 7, 0xF7},
     Setting{Device::main, 0x72, "\x01\x02\x03\x04\x05\x06\x07\x07"}},
    {{0xB0, 0x40, 0x31}, Digit{0, '1', false}},
    {{0xB0, 0x43, 0x79}, Digit{3, '9', true}},
    {{0xB0, 0x4B, 0x10}, Digit{11, 'P', false}},
    {{0xB0, 0x4A, 0x00}, Digit{10, '@', false}},
    {{0x90, 0x13, 0x7F}, Led{mute_of_strip + 3, LedState::on}},
    {{0x90, 0x32, 0x01}, Led{flip, LedState::blinking}},
    {{0x90, 0x76, 0x00}, Led{last_note, LedState::off}},
    {{0xB0, 0x30, 0x46}, Ring{0, RingMode::dot, 6, true}},
    {{0xB0, 0x37, 0x1B}, Ring{7, RingMode::boost_cut, 11, false}},
    {{0xB0, 0x32, 0x36}, Ring{2, RingMode::spread, 6, false}},
    {{0xB0, 0x33, 0x20}, Ring{3, RingMode::wrap, 0, false}},
    {{0xE0, 0x00, 0x00}, Fader{0, 0}},
    {{0xE7, 0x08, 0x64}, Fader{7, 12'808}},
    {{0xE8, 0x7F, 0x7F}, Fader{8, 16'383}},
    {{0xD0, 0x0C}, MeterLevel{0, 12}},
    {{0xD0, 0x7D}, MeterLevel{7, 13}},
    {{0xD0, 0x3E}, MeterClip{3, true}},
    {{0xD0, 0x3F}, MeterClip{3, false}},
};

const std::vector<Row<FromSurface>> surface_rows{
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x01, 0x58, 0x59, 0x5A, 'P', 'R', 'F', '1', 0x01, 0x02, 0x03,
      0x04, 0xF7},
     ConnectionQuery{Device::main, serial, {1, 2, 3, 4}}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x03, 0x58, 0x59, 0x5A, 'P', 'R', 'F', '1', 0xF7},
     ConnectionAnswer{Device::main, serial, true}},
    {{0xF0, 0x00, 0x00, 0x66, 0x15, 0x04, 0x58, 0x59, 0x5A, 'P', 'R', 'F', '1', 0xF7},
     ConnectionAnswer{Device::extender, serial, false}},
    {{0xF0, 0x00, 0x00, 0x66, 0x14, 0x14, 'V', '1', '.', '0', '2', 0xF7}, Version{Device::main}},
    {{0x90, 0x2F, 0x7F}, Press{bank_right, true}},
    {{0x90, 0x70, 0x00}, Press{touch_of_strip + 8, false}},
    {{0xB0, 0x10, 0x01}, Turn{0, 1}},
    {{0xB0, 0x17, 0x41}, Turn{7, -1}},
    {{0xB0, 0x3C, 0x7F}, Turn{Turn::jog_wheel, -63}},
    {{0xB0, 0x2E, 0x40}, ExternalController{64}},
    {{0xE3, 0x01, 0x02}, Fader{3, 257}},
};

} // namespace

TEST_CASE("each message of a host is read, and written the same") {
    std::set<std::size_t> kinds;
    for (const auto& [bytes, message] : host_rows) {
        CAPTURE(bytes, message.index());
        const auto read = from_host(bytes);
        REQUIRE(read);
        CHECK(*read == message);
        REQUIRE(to_bytes(message));
        CHECK(*to_bytes(message) == bytes);
        kinds.insert(message.index());
    }
    CHECK(kinds.size() == std::variant_size_v<FromHost>); // none is left out
}

TEST_CASE("each message of a surface is read, and written the same") {
    std::set<std::size_t> kinds;
    for (const auto& [bytes, message] : surface_rows) {
        CAPTURE(bytes, message.index());
        const auto read = from_surface(bytes);
        REQUIRE(read);
        CHECK(*read == message);
        REQUIRE(to_bytes(message));
        CHECK(*to_bytes(message) == bytes);
        kinds.insert(message.index());
    }
    CHECK(kinds.size() == std::variant_size_v<FromSurface>);
}

TEST_CASE("what hosts and surfaces write otherwise is read as the same") {
    CHECK(*from_host(Bytes{0xF0, 0x00, 0x00, 0x66, 0x14, 0x00, 0x00, 0xF7})
          == FromHost{DeviceQuery{}});
    CHECK(*from_host(Bytes{0xF0, 0x00, 0x00, 0x66, 0x14, 0x0F, 0x7F, 0xF7})
          == FromHost{SurfaceOrder{Device::main, Order::go_offline}});
    CHECK(*from_host(Bytes{0x80, 0x10, 0x40}) == FromHost{Led{mute_of_strip, LedState::off}});
    CHECK(*from_host(Bytes{0x90, 0x10, 0x40}) == FromHost{Led{mute_of_strip, LedState::on}});
    CHECK(*from_host(Bytes{0xBF, 0x40, 0x32}) == FromHost{Digit{0, '2', false}}); // channel 16
    CHECK(*from_surface(Bytes{0x80, 0x68, 0x7F}) == FromSurface{Press{touch_of_strip, false}});
    CHECK(*from_surface(Bytes{0x90, 0x68, 0x3F}) == FromSurface{Press{touch_of_strip, false}});
    CHECK(*from_surface(Bytes{0x90, 0x68, 0x40}) == FromSurface{Press{touch_of_strip, true}});
    CHECK(*from_surface(Bytes{0xB0, 0x10, 0x40}) == FromSurface{Turn{0, -1}}); // 0 ticks
}

TEST_CASE("another protocol is told apart from a broken message") {
    const auto code = [](const Bytes& bytes) { return from_host(bytes).error().code; };
    CHECK(code({0xF0, 0x00, 0x00, 0x67, 0x15, 0x13, 0x00, 0xF7}) == ErrorCode::unsupported); // QCon
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0xF7}) == ErrorCode::unsupported); // HUI
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0x55, 0xF7}) == ErrorCode::unsupported);
    CHECK(code({0x91, 0x10, 0x7F}) == ErrorCode::unsupported); // channel 2
    CHECK(code({0xE9, 0x00, 0x00}) == ErrorCode::unsupported);
    CHECK(code({0x90, 0x77, 0x7F}) == ErrorCode::unsupported);
    CHECK(code({0xC0, 0x10}) == ErrorCode::unsupported);
    CHECK(code({0xF8}) == ErrorCode::unsupported);
    CHECK(code({0x10, 0x20, 0x30}) == ErrorCode::unsupported);
    CHECK(code({}) == ErrorCode::invalid);
    CHECK(code({0xF0}) == ErrorCode::invalid);
    CHECK(code({0xF0, 0xF7}) == ErrorCode::unsupported);
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0xF7}) == ErrorCode::invalid);
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0x02, 0x01, 0xF7}) == ErrorCode::invalid);
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0x12, 0x6F, 'a', 'b', 0xF7}) == ErrorCode::invalid);
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0x12, 0x00, 0x80, 0xF7}) == ErrorCode::invalid);
    CHECK(code({0xF0, 0x00, 0x00, 0x66, 0x14, 0x20, 0x08, 0x01, 0xF7}) == ErrorCode::invalid);
    CHECK(code({0x90, 0x10}) == ErrorCode::invalid);
    CHECK(code({0x90, 0x10, 0x7F, 0x00}) == ErrorCode::invalid);
    CHECK(code({0xE0, 0x80, 0x00}) == ErrorCode::invalid);
    CHECK(from_surface(Bytes{0xB0, 0x30, 0x01}).error().code == ErrorCode::unsupported); // a ring
    CHECK(from_surface(Bytes{0xD0, 0x0C}).error().code == ErrorCode::unsupported);
}

TEST_CASE("a field that its message cannot hold is refused, and nothing is written") {
    const std::vector<FromHost> wrong{
        DisplayText{Device::main, 111, "ab"},
        DisplayText{Device::main, 0, "\xC3\xA4"},
        ConnectionReply{Device::main, {0xF7}, {}},
        Digit{12, '1', false},
        Digit{0, 'a', false},
        Led{0x77, LedState::on},
        Ring{8, RingMode::dot, 1, false},
        Ring{0, RingMode::dot, 16, false},
        Fader{9, 0},
        Fader{0, 16'384},
        MeterLevel{8, 0},
        MeterLevel{0, 14},
        MeterClip{8, true},
        MeterMode{Device::main, 8, 0},
        MeterMode{Device::main, 0, 8},
        Setting{Device::main, 0x12, ""},
        Setting{Device::main, 0x0A, "\xF7"},
    };
    for (const FromHost& message : wrong) {
        CAPTURE(message.index());
        const auto bytes = to_bytes(message);
        REQUIRE_FALSE(bytes);
        CHECK(bytes.error().code == ErrorCode::invalid);
    }
    for (const FromSurface& message :
         {FromSurface{Press{0x77, true}}, FromSurface{Turn{9, 1}}, FromSurface{Turn{0, 0}},
          FromSurface{Turn{0, 64}}, FromSurface{Turn{0, -64}}, FromSurface{Fader{9, 0}},
          FromSurface{ExternalController{128}},
          FromSurface{Version{Device::main, {'V', '1', '.', '0', '\xF7'}}}})
        CHECK_FALSE(to_bytes(message));
}

TEST_CASE("whatever is read from random bytes can be written and read again") {
    std::mt19937 random(11);
    int read = 0;
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes;
        if (random() % 2 == 0) {
            bytes = {0xF0, 0x00, 0x00, 0x66, 0x14, static_cast<std::uint8_t>(random() % 0x80)};
            for (std::size_t more = random() % 14; more > 0; --more)
                bytes.push_back(static_cast<std::uint8_t>(random() % 0x80));
            bytes.push_back(0xF7);
        } else {
            for (std::size_t more = random() % 5; more > 0; --more)
                bytes.push_back(static_cast<std::uint8_t>(random()));
        }
        if (const auto host = from_host(bytes)) {
            ++read;
            REQUIRE(to_bytes(*host));
            CHECK(*from_host(*to_bytes(*host)) == *host);
        }
        if (const auto surface = from_surface(bytes)) {
            REQUIRE(to_bytes(*surface));
            CHECK(*from_surface(*to_bytes(*surface)) == *surface);
        }
    }
    CHECK(read > 1000);
}
