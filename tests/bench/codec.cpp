// OSC packets decoded a second, beside liblo's bare lo_message_deserialise on the same bytes, which
// gives no values of ours and checks less.
#include "connectors/osc_codec.h"
#include "tests/bench/measure.h"
#include "tests/support/catch.h"

#include <lo/lo_lowlevel.h>

using namespace prefade;
using namespace prefade::bench;

namespace {

using Packet = std::vector<std::uint8_t>;

/// What Ardour sends while it plays, roughly in proportion: mostly meters.
std::vector<Packet> packets() {
    std::vector<Packet> made;
    for (std::int32_t i = 1; i <= 1000; ++i) {
        OscMessage message{"/strip/meter", {i % 64 + 1, -12.5F - static_cast<float>(i % 40)}};
        if (i % 20 == 0) message = {"/strip/gain", {i % 64 + 1, -3.25F}};
        if (i % 50 == 0) message = {"/strip/name", {i % 64 + 1, std::string("Lead Vox Double")}};
        if (i % 100 == 0)
            message = {"/strip",
                       {i % 64 + 1, std::string("AT"), std::string("Lead Vox"), 1, 2, 0, 0, 0}};
        made.push_back(encode_osc(message).value());
    }
    return made;
}

} // namespace

TEST_CASE("OSC messages decoded a second beside liblo") {
    std::vector<Packet> all = packets();
    constexpr int runs = 15, repeats = 100;
    std::size_t ours = 0, theirs = 0;
    const Samples took = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (const Packet& packet : all)
                if (const auto messages = decode_osc(packet)) ours += messages->size();
    });
    const Samples peer = timed(runs, [&] {
        for (int i = 0; i < repeats; ++i)
            for (Packet& packet : all) {
                int failed = 0;
                const lo_message message =
                    lo_message_deserialise(packet.data(), packet.size(), &failed);
                if (message && failed == 0) ++theirs;
                lo_message_free(message);
            }
    });
    CHECK(ours == all.size() * repeats * runs);
    CHECK(theirs == ours);
    report("OSC, decoded",
           text(million_per_second(took, repeats), 2) + " million messages/s, liblo bare "
               + text(million_per_second(peer, repeats), 2) + " million (middle of "
               + std::to_string(runs) + " runs)",
           "");
}
