// HUI, bytes and names: each message of the protocol there and back.
#include "connectors/hui/codec.h"
#include "connectors/midi_stream.h"
#include "tests/support/catch.h"

#include <random>
#include <set>

// In this namespace: Mackie Control has messages of the same names.
namespace prefade::hui {
namespace {

using Message = std::vector<Bytes>;

template <class Named> struct HuiRow {
    Message bytes;
    Named message;
};

const std::vector<HuiRow<FromHost>> from_hui_host{
    {{{0x90, 0x00, 0x00}}, Ping{}},
    {{{0xB0, 0x0C, 0x01}, {0xB0, 0x2C, 0x42}}, Led{{1, mute}, Light::on}},
    {{{0xB0, 0x0C, 0x1D}, {0xB0, 0x2C, 0x00}}, Led{{0x1D, 0}, Light::off}},
    {{{0xB0, 0x0C, 0x18}, {0xB0, 0x2C, 0x22}}, Led{{0x18, 2}, Light::unexplained}},
    {{{0xB0, 0x00, 0x00}, {0xB0, 0x20, 0x00}}, Fader{0, 0}},
    {{{0xB0, 0x03, 0x64}, {0xB0, 0x23, 0x08}}, Fader{3, 12'808}},
    {{{0xB0, 0x07, 0x7F}, {0xB0, 0x27, 0x7F}}, Fader{7, 16'383}},
    {{{0xB0, 0x10, 0x46}}, Ring{0, RingMode::dot, 6, true}},
    {{{0xB0, 0x17, 0x1B}}, Ring{7, RingMode::boost_cut, 11, false}},
    {{{0xB0, 0x18, 0x2B}}, Ring{8, RingMode::wrap, 11, false}},
    {{{0xB0, 0x1B, 0x36}}, Ring{11, RingMode::spread, 6, false}},
    {{{0xA0, 0x00, 0x00}}, MeterLevel{0, Side::left, 0}},
    {{{0xA0, 0x07, 0x1C}}, MeterLevel{7, Side::right, 12}},
    {{{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0x02, 'K', 'i', 'c', 'k', 0xF7}},
     ScribbleText{2, {'K', 'i', 'c', 'k'}}},
    {{{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0x08, ' ', 'P', 'a', 0x1B, 0xF7}},
     ScribbleText{ScribbleText::select_assign, {' ', 'P', 'a', 0x1B}}},
    {{{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x12, 0x07, 'T', 'h', 'r', 'e', 's', 'h', 'o', 'l', 'd',
       0x7F, 0xF7}},
     MainText{7, {'T', 'h', 'r', 'e', 's', 'h', 'o', 'l', 'd', 0x7F}}},
    {{{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x11, 0x04, 0xF7}}, TimeText{"\x04"}},
    {{{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x11, 0x04, 0x13, 2, 1, 9, 8, 0x17, 0x20, 0xF7}},
     TimeText{"\x04\x13\x02\x01\x09\x08\x17\x20"}},
};

const std::vector<HuiRow<FromSurface>> from_hui_surface{
    {{{0x90, 0x00, 0x7F}}, PingReply{}},
    {{{0xFF}}, Reset{}},
    {{{0xB0, 0x0F, 0x00}, {0xB0, 0x2F, 0x40}}, Press{{0, fader_touch}, true}},
    {{{0xB0, 0x0F, 0x05}, {0xB0, 0x2F, 0x00}}, Press{{5, fader_touch}, false}},
    {{{0xB0, 0x0F, 0x0A}, {0xB0, 0x2F, 0x43}}, Press{bank_right, true}},
    {{{0xB0, 0x0F, 0x1C}, {0xB0, 0x2F, 0x07}}, Press{{0x1C, 7}, false}},
    {{{0xB0, 0x02, 0x02}, {0xB0, 0x22, 0x01}}, Fader{2, 257}},
    {{{0xB0, 0x40, 0x41}}, Turn{0, 1}}, // the other way round than a Mackie Control's
    {{{0xB0, 0x47, 0x01}}, Turn{7, -1}},
    {{{0xB0, 0x4B, 0x6D}}, Turn{11, 45}},
    {{{0xB0, 0x4C, 0x3F}}, Turn{Turn::scroll_pot, -63}},
    {{{0xB0, 0x0D, 0x4F}}, Turn{Turn::jog_wheel, 15}},
};

template <class Reader, class Named> std::vector<Named> read(Reader& reader, const Message& all) {
    std::vector<Named> told;
    for (const Bytes& each : all) {
        CAPTURE(each);
        CHECK(reader.take(each, told));
    }
    return told;
}
std::vector<FromHost> heard(const Message& all) {
    HostReader reader;
    return read<HostReader, FromHost>(reader, all);
}
ErrorCode host_error(const Bytes& bytes) {
    HostReader reader;
    std::vector<FromHost> told;
    const auto taken = reader.take(bytes, told);
    REQUIRE_FALSE(taken);
    CHECK(told.empty());
    return taken.error().code;
}

} // namespace

TEST_CASE("each message of a HUI host is read, and written the same") {
    std::set<std::size_t> kinds;
    HostReader reader; // one for all: what was read before leaves nothing that matters
    for (const auto& [bytes, message] : from_hui_host) {
        CAPTURE(bytes, message.index());
        CHECK(read<HostReader, FromHost>(reader, bytes) == std::vector<FromHost>{message});
        REQUIRE(to_bytes(message));
        CHECK(*to_bytes(message) == bytes);
        kinds.insert(message.index());
    }
    CHECK(kinds.size() == std::variant_size_v<FromHost>); // none is left out
}

TEST_CASE("each message of a HUI surface is read, and written the same") {
    std::set<std::size_t> kinds;
    SurfaceReader reader;
    for (const auto& [bytes, message] : from_hui_surface) {
        CAPTURE(bytes, message.index());
        CHECK(read<SurfaceReader, FromSurface>(reader, bytes) == std::vector<FromSurface>{message});
        REQUIRE(to_bytes(message));
        CHECK(*to_bytes(message) == bytes);
        kinds.insert(message.index());
    }
    CHECK(kinds.size() == std::variant_size_v<FromSurface>);
}

TEST_CASE("every switch of all zones, every ring, meter step and digit goes there and back") {
    HostReader host;
    SurfaceReader surface;
    const auto through_host = [&](const FromHost& message) {
        const auto bytes = to_bytes(message);
        REQUIRE(bytes);
        CHECK(read<HostReader, FromHost>(host, *bytes) == std::vector<FromHost>{message});
    };
    const auto through_surface = [&](const FromSurface& message) {
        const auto bytes = to_bytes(message);
        REQUIRE(bytes);
        CHECK(read<SurfaceReader, FromSurface>(surface, *bytes)
              == std::vector<FromSurface>{message});
    };
    for (std::uint8_t zone = 0; zone < zones; ++zone)
        for (std::uint8_t port = 0; port < 8; ++port) {
            for (const Light light : {Light::on, Light::off, Light::unexplained})
                through_host(Led{{zone, port}, light});
            for (const bool down : {true, false}) through_surface(Press{{zone, port}, down});
        }
    for (std::uint8_t pot = 0; pot < 12; ++pot)
        for (const RingMode mode :
             {RingMode::dot, RingMode::boost_cut, RingMode::wrap, RingMode::spread})
            for (std::uint8_t position = 0; position < 16; ++position)
                through_host(Ring{pot, mode, position, position % 2 == 0});
    for (std::uint8_t strip = 0; strip < strips_of_unit; ++strip) {
        for (std::uint8_t step = 0; step <= 12; ++step)
            for (const Side side : {Side::left, Side::right})
                through_host(MeterLevel{strip, side, step});
        for (std::uint16_t position = 0; position <= highest_position; position += 127) {
            through_host(Fader{strip, position});
            through_surface(Fader{strip, position});
        }
    }
    for (std::uint8_t pot = 0; pot <= Turn::jog_wheel; ++pot)
        for (int ticks = -63; ticks <= 63; ++ticks)
            if (ticks != 0) through_surface(Turn{pot, static_cast<std::int8_t>(ticks)});
    for (char digit = 0; digit < 0x40; ++digit) through_host(TimeText{std::string(8, digit)});
}

TEST_CASE("a zone goes on until another is chosen, and one that is none ends it") {
    const auto lights = heard({{0xB0, 0x0C, 0x08}, {0xB0, 0x2C, 0x40}, {0xB0, 0x2C, 0x01}});
    CHECK(lights == std::vector<FromHost>{Led{{8, 0}, Light::on}, Led{{8, 1}, Light::off}});
    HostReader reader;
    std::vector<FromHost> told;
    CHECK(reader.take(Bytes{0xB0, 0x0C, 0x02}, told));
    CHECK_FALSE(reader.take(Bytes{0xB0, 0x0C, 0x1E}, told));
    CHECK(reader.take(Bytes{0xB0, 0x2C, 0x42}, told).error().code == ErrorCode::invalid);
    CHECK(told.empty());
}

TEST_CASE("a fader's position is made of two halves that belong together") {
    HostReader reader;
    std::vector<FromHost> told;
    CHECK(reader.take(Bytes{0xB0, 0x20, 0x08}, told).error().code == ErrorCode::invalid);
    CHECK(reader.take(Bytes{0xB0, 0x00, 0x64}, told));
    CHECK(reader.take(Bytes{0xB0, 0x01, 0x10}, told)); // another's comes between
    CHECK(reader.take(Bytes{0x90, 0x00, 0x00}, told));
    CHECK(reader.take(Bytes{0xB0, 0x20, 0x08}, told));
    CHECK(told == std::vector<FromHost>{Ping{}, Fader{0, 12'808}});
    CHECK_FALSE(reader.take(Bytes{0xB0, 0x20, 0x09}, told)); // its upper half is used up
    CHECK(told.size() == 2);
}

TEST_CASE("several names, or slices, come in one message") {
    CHECK(heard({{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0, 'K', 'i', 'c', 'k', 1, 'B', 'a', 's',
                  's', 0xF7}})
          == std::vector<FromHost>{ScribbleText{0, {'K', 'i', 'c', 'k'}},
                                   ScribbleText{1, {'B', 'a', 's', 's'}}});
    CHECK(
        heard({{0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x12, 0,   '0', '1', '2', '3', '4', '5', '6',
                '7',  '8',  '9',  4,    'a',  'b',  'c',  'd', 'e', 'f', 'g', 'h', 'i', 'j', 0xF7}})
            .size()
        == 2);
    // One of them wrong: none is taken.
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0, 'K', 'i', 'c', 'k', 9, 'B', 'a',
                      's', 's', 0xF7})
          == ErrorCode::invalid);
}

TEST_CASE("a ping that a MIDI system turned into a note-off is a ping") {
    CHECK(heard({{0x80, 0x00, 0x00}}) == std::vector<FromHost>{Ping{}});
    CHECK(heard({{0x80, 0x00, 0x40}}) == std::vector<FromHost>{Ping{}});
}

TEST_CASE("running status, garbage and torn messages leave what is whole") {
    MidiStream stream;
    HostReader reader;
    std::vector<FromHost> told;
    std::size_t wrong = 0;
    const auto take = [&](const Bytes& bytes) {
        for (const Bytes& message : stream.take(bytes))
            if (!reader.take(message, told)) ++wrong;
    };
    take({0xB0, 0x0C, 0x08, 0x2C, 0x40, 0x2C, 0x41}); // as the sheet of the hardware has it
    take({0xB0, 0x03, 0x64});
    take({0x23}); // torn: the rest comes later
    take({0x08, 0x55});
    take({0xF0, 0x00, 0x00, 0x66, 0x05});       // a text that never ends
    take({0x90, 0x00, 0x00, 0xB0, 0x2C, 0x4F}); // and a port that is none
    CHECK(told
          == std::vector<FromHost>{Led{{8, 0}, Light::on}, Led{{8, 1}, Light::on}, Fader{3, 12'808},
                                   Ping{}});
    CHECK(wrong == 1);
    CHECK(stream.lost() == 7);
}

TEST_CASE("what is none of HUI's is told apart from what is broken") {
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x14, 0x00, 0xF7}) == ErrorCode::unsupported); // MCU
    CHECK(host_error({0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7}) == ErrorCode::unsupported);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x13, 0x00, 0xF7})
          == ErrorCode::unsupported);
    CHECK(host_error({0x91, 0x00, 0x00}) == ErrorCode::unsupported); // channel 2
    CHECK(host_error({0x90, 0x01, 0x00}) == ErrorCode::unsupported);
    CHECK(host_error({0x90, 0x00, 0x7F}) == ErrorCode::unsupported); // a surface's
    CHECK(host_error({0xB0, 0x0C, 0x1E}) == ErrorCode::unsupported);
    CHECK(host_error({0xB0, 0x1C, 0x00}) == ErrorCode::unsupported); // the scroll pot has no ring
    CHECK(host_error({0xE0, 0x00, 0x00}) == ErrorCode::unsupported);
    CHECK(host_error({0xFE}) == ErrorCode::unsupported);
    CHECK(host_error({}) == ErrorCode::invalid);
    CHECK(host_error({0xF0}) == ErrorCode::invalid);
    CHECK(host_error({0x90, 0x00}) == ErrorCode::invalid);
    CHECK(host_error({0xB0, 0x2C, 0x40}) == ErrorCode::invalid); // of no zone
    CHECK(host_error({0xA0, 0x08, 0x00}) == ErrorCode::invalid);
    CHECK(host_error({0xA0, 0x00, 0x0D}) == ErrorCode::invalid);
    CHECK(host_error({0xA0, 0x00, 0x20}) == ErrorCode::invalid);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0xF7}) == ErrorCode::invalid);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0xF7}) == ErrorCode::invalid);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x10, 0x00, 'a', 'b', 'c', 0xF7})
          == ErrorCode::invalid);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x11, 0xF7}) == ErrorCode::invalid);
    CHECK(host_error({0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xF7})
          == ErrorCode::invalid);
    const auto surface_error = [](const Bytes& bytes) {
        SurfaceReader reader;
        std::vector<FromSurface> told;
        return reader.take(bytes, told).error().code;
    };
    CHECK(surface_error({0xB0, 0x40, 0x40}) == ErrorCode::invalid);     // it turns by nothing
    CHECK(surface_error({0xB0, 0x10, 0x01}) == ErrorCode::unsupported); // a ring
    CHECK(surface_error({0x90, 0x00, 0x00}) == ErrorCode::unsupported);
    CHECK(surface_error({0xF0, 0xF7}) == ErrorCode::unsupported);
}

TEST_CASE("a field that its HUI message cannot hold is refused, and nothing is written") {
    const std::vector<FromHost> wrong{
        Led{{0x1E, 0}, Light::on},
        Led{{0, 8}, Light::on},
        Fader{8, 0},
        Fader{0, 16'384},
        Ring{12, RingMode::dot, 1, false},
        Ring{0, RingMode::dot, 16, false},
        MeterLevel{8, Side::left, 0},
        MeterLevel{0, Side::left, 13},
        ScribbleText{9, {}},
        ScribbleText{0, {'\xC3', '\xA4', ' ', ' '}},
        MainText{8, {}},
        TimeText{""},
        TimeText{std::string(9, '\1')},
        TimeText{"\xF7"},
    };
    for (const FromHost& message : wrong) {
        CAPTURE(message.index());
        const auto bytes = to_bytes(message);
        REQUIRE_FALSE(bytes);
        CHECK(bytes.error().code == ErrorCode::invalid);
    }
    for (const FromSurface& message :
         {FromSurface{Press{{0x1E, 0}, true}}, FromSurface{Press{{0, 8}, true}},
          FromSurface{Fader{8, 0}}, FromSurface{Turn{14, 1}}, FromSurface{Turn{0, 0}},
          FromSurface{Turn{0, 64}}, FromSurface{Turn{0, -64}}})
        CHECK_FALSE(to_bytes(message));
}

TEST_CASE("whatever HUI reads from random messages can be written and read again") {
    std::mt19937 random(11);
    HostReader host;
    SurfaceReader surface;
    std::size_t whole = 0;
    const auto byte = [&] { return static_cast<std::uint8_t>(random() % 0x80); };
    for (int round = 0; round < 40'000; ++round) {
        Bytes bytes;
        switch (random() % 4) {
        case 0:
            bytes = {
                0xF0, 0x00, 0x00, 0x66, 0x05, 0x00, static_cast<std::uint8_t>(0x10 + byte() % 4)};
            for (std::size_t more = random() % 14; more > 0; --more)
                bytes.push_back(static_cast<std::uint8_t>(random() % (more % 5 == 0 ? 10 : 0x80)));
            bytes.push_back(0xF7);
            break;
        case 1:
            for (std::size_t more = random() % 5; more > 0; --more)
                bytes.push_back(static_cast<std::uint8_t>(random()));
            break;
        default:
            bytes = {static_cast<std::uint8_t>(random() % 8 == 0 ? 0xA0 : 0xB0), byte(), byte()};
        }
        std::vector<FromHost> from_host;
        std::vector<FromSurface> from_surface;
        (void)host.take(bytes, from_host).has_value();
        (void)surface.take(bytes, from_surface).has_value();
        whole += from_host.size() + from_surface.size();
        for (const FromHost& message : from_host) {
            REQUIRE(to_bytes(message));
            CHECK(heard(*to_bytes(message)) == std::vector<FromHost>{message});
        }
        for (const FromSurface& message : from_surface) {
            REQUIRE(to_bytes(message));
            SurfaceReader again;
            CHECK(read<SurfaceReader, FromSurface>(again, *to_bytes(message))
                  == std::vector<FromSurface>{message});
        }
    }
    CHECK(whole > 5000);
}

} // namespace prefade::hui
