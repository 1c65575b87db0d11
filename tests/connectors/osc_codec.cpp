#include "connectors/osc_codec.h"

#include "tests/support/catch.h"

#include <cmath>
#include <limits>
#include <random>

using namespace prefade;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes raw(std::string_view text) { return {text.begin(), text.end()}; }

Bytes encoded(const OscMessage& message) {
    const auto bytes = encode_osc(message);
    REQUIRE(bytes);
    return *bytes;
}

void append(Bytes& to, const Bytes& what) { to.insert(to.end(), what.begin(), what.end()); }

Bytes big_endian(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
            static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Bytes bundle(const std::vector<Bytes>& elements) {
    Bytes bytes = raw(std::string_view("#bundle\0\0\0\0\0\0\0\0\1", 16));
    for (const Bytes& element : elements) {
        append(bytes, big_endian(static_cast<std::uint32_t>(element.size())));
        append(bytes, element);
    }
    return bytes;
}

const OscMessage gain{"/strip/gain", {std::int32_t{2}, -6.0F}};

} // namespace

TEST_CASE("every argument type survives the way out and back in") {
    const OscMessage message{"/all",
                             {std::int32_t{-7}, 0.25F, std::string("Größe"), OscBlob{{1, 2, 3}},
                              std::int64_t{1} << 40, 3.25, true, false, OscNil{}, OscInfinitum{},
                              OscTime{5, 6}, std::string()}};
    const auto back = decode_osc(encoded(message));
    REQUIRE(back);
    REQUIRE(back->size() == 1);
    CHECK(back->front() == message);
}

TEST_CASE("a message is encoded as OSC 1.0 says, byte for byte") {
    CHECK(encoded(gain) == raw(std::string_view("/strip/gain\0,if\0\0\0\0\2\xC0\xC0\0\0", 24)));
}

TEST_CASE("levels of minus infinity pass, NaN is refused in both directions") {
    const float silence = -std::numeric_limits<float>::infinity();
    const auto back = decode_osc(encoded({"/strip/gain", {std::int32_t{1}, silence}}));
    REQUIRE(back);
    CHECK(std::get<float>(back->front().arguments[1]) == silence);

    CHECK_FALSE(encode_osc({"/strip/gain", {std::numeric_limits<float>::quiet_NaN()}}));
    Bytes nan = encoded({"/strip/gain", {0.0F}});
    nan[nan.size() - 4] = 0x7F;
    nan[nan.size() - 3] = 0xC0;
    const auto refused = decode_osc(nan);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "OSC packet: a number is NaN");
}

TEST_CASE("Ardour's literal #reply is taken, other addresses need their slash") {
    CHECK(decode_osc(raw(std::string_view("#reply\0\0,s\0\0AT\0\0", 16))));
    CHECK_FALSE(decode_osc(raw(std::string_view("reply\0\0\0,s\0\0AT\0\0", 16))));
    CHECK_FALSE(decode_osc(raw(std::string_view("\0\0\0\0,\0\0\0", 8))));
    CHECK_FALSE(decode_osc(raw(std::string_view("/a\x01\0,\0\0\0", 8))));
    CHECK_FALSE(encode_osc({"reply", {}}));
}

TEST_CASE("a string that is no UTF-8 is repaired") {
    const auto back = decode_osc(encoded({"/n", {std::string("a\xFFz\xC3\xBC\xC3")}}));
    REQUIRE(back);
    CHECK(std::get<std::string>(back->front().arguments[0])
          == "a\xEF\xBF\xBDz\xC3\xBC\xEF\xBF\xBD");
}

TEST_CASE("nested bundles come out as their messages in order") {
    const OscMessage mute{"/strip/mute", {std::int32_t{1}, 1.0F}}, beat{"/heartbeat", {1.0F}};
    const auto back = decode_osc(bundle({encoded(gain), bundle({encoded(mute)}), encoded(beat)}));
    REQUIRE(back);
    CHECK(*back == std::vector<OscMessage>{gain, mute, beat});
    CHECK(decode_osc(bundle({}))->empty());
}

TEST_CASE("bundles nested deeper than the limit are refused") {
    Bytes deep = encoded(gain);
    for (int i = 0; i < osc_bundle_depth_limit; ++i) deep = bundle({deep});
    CHECK(decode_osc(deep));
    CHECK_FALSE(decode_osc(bundle({deep})));
}

TEST_CASE("one bad element spoils the whole bundle") {
    Bytes torn = encoded(gain);
    torn.pop_back();
    CHECK_FALSE(decode_osc(bundle({encoded(gain), torn})));
    Bytes lying = bundle({encoded(gain)});
    lying[19] = 0xFF; // the element says it is longer than the packet
    CHECK_FALSE(decode_osc(lying));
}

TEST_CASE("every way of tearing a message is refused") {
    const Bytes whole =
        encoded({"/strip/name", {std::int32_t{1}, std::string("Kick"), OscBlob{{1, 2, 3}}, 1.5}});
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(decode_osc(std::span(whole).first(size)));
    Bytes longer = whole;
    append(longer, {0, 0, 0, 0});
    CHECK_FALSE(decode_osc(longer));
}

TEST_CASE("padding must be zeros and tags must be known") {
    Bytes padding = encoded({"/n", {std::string("ab")}});
    padding.back() = 1;
    CHECK_FALSE(decode_osc(padding));
    CHECK_FALSE(decode_osc(raw(std::string_view("/n\0\0,m\0\0\0\0\0\0", 12))));
    CHECK_FALSE(decode_osc(raw(std::string_view("/n\0\0i\0\0\0\0\0\0\0", 12))));
}

TEST_CASE("what no datagram can carry is refused") {
    CHECK_FALSE(encode_osc({"/blob", {OscBlob{Bytes(osc_packet_limit)}}}));
    CHECK_FALSE(decode_osc(Bytes(osc_packet_limit + 1)));
}

TEST_CASE("garbage never crashes the decoder, and what it takes it gives back") {
    std::mt19937 random(20240229); // NOLINT: the same garbage every run
    const Bytes seed = bundle(
        {encoded(gain), encoded({"/n", {std::string("Bass"), std::int64_t{3}, OscBlob{{9}}}})});
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes = seed;
        for (auto hits = random() % 6; hits > 0; --hits)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        const auto messages = decode_osc(bytes);
        if (!messages) continue;
        for (const OscMessage& message : *messages) {
            const auto again = decode_osc(encoded(message));
            REQUIRE(again);
            REQUIRE(again->front() == message);
        }
    }
}
