// Two wires as one: what goes where, and what comes from which.
#include "connectors/call_codec.h"
#include "connectors/join/wire.h"
#include "tests/support/catch.h"

#include <optional>

using namespace prefade;

namespace {

/// Says what is done with it, and arrives when the test says.
class ScriptedWire final : public Wire {
public:
    struct Script {
        std::optional<Error> refuses;
        std::vector<WireMessage> sent;
        Receiver receive;
        bool open{false};
    };
    ScriptedWire(Script& script, bool calls) : script_(script), calls_(calls) {}
    Result<void> open(Receiver receive) override {
        if (script_.refuses) return *script_.refuses;
        script_.receive = std::move(receive);
        script_.open = true;
        return {};
    }
    Result<void> send(const WireMessage& message) override {
        script_.sent.push_back(message);
        return {};
    }
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override {
        if (!calls_) {
            out.emplace_back(MidiMessage{arrival.bytes, arrival.port});
            return {};
        }
        auto call = decode_call(arrival.bytes);
        if (!call) return call.error();
        out.emplace_back(std::move(*call));
        return {};
    }
    void close() override { script_.open = false; }
    std::string describe() const override { return calls_ ? "calls" : "midi"; }

private:
    Script& script_;
    const bool calls_;
};

struct JoinedWires {
    ScriptedWire::Script midi, calls;
    JoinedWire wire{std::make_unique<ScriptedWire>(midi, false),
                    std::make_unique<ScriptedWire>(calls, true)};
};

} // namespace

TEST_CASE("of two wires that are one, each has the messages of its kind") {
    JoinedWires two;
    std::vector<Arrival> arrived;
    REQUIRE(two.wire.open([&](Arrival arrival) {
        arrived.push_back(std::move(arrival));
        return true;
    }));
    CHECK(two.wire.describe() == "midi; calls");
    CallMessage call;
    call.number = 7;
    call.command = "GetTrackList";
    const MidiMessage midi{{0x90, 0x00, 0x7F}, 3};
    REQUIRE(two.wire.send(call));
    REQUIRE(two.wire.send(midi));
    REQUIRE(two.calls.sent.size() == 1);
    REQUIRE(two.midi.sent.size() == 1);
    CHECK(std::get<CallMessage>(two.calls.sent[0]) == call);
    CHECK(std::get<MidiMessage>(two.midi.sent[0]) == midi);

    two.midi.receive({TimePoint{}, midi.bytes, 0, midi.port});
    two.calls.receive({TimePoint{}, encode_call(call)});
    std::vector<WireMessage> decoded;
    for (const Arrival& each : arrived) REQUIRE(two.wire.decode(each, decoded));
    REQUIRE(decoded.size() == 2);
    CHECK(std::get<MidiMessage>(decoded[0]) == midi);
    CHECK(std::get<CallMessage>(decoded[1]) == call);
    two.wire.close();
    CHECK_FALSE((two.midi.open || two.calls.open));
}

TEST_CASE("of two wires that are one, neither stays open when one cannot be opened") {
    JoinedWires two;
    const bool midi = GENERATE(true, false);
    (midi ? two.midi : two.calls).refuses = Error{ErrorCode::io, "no", {}};
    CHECK(two.wire.open([](Arrival) { return true; }).error().code == ErrorCode::io);
    CHECK_FALSE((two.midi.open || two.calls.open));
}
