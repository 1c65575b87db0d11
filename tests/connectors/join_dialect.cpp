// Pro Tools by two doors as one host: strips with the full names and ids of its scripting interface and the faders of a HUI.
#include "connectors/hui/protocol.h"
#include "connectors/join/dialect.h"
#include "connectors/mcu/dialect.h"
#include "connectors/ptsl/dialect.h"
#include "core/session.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"
#include "tests/support/hui_rig.h"
#include "tests/support/joined_host.h"

#include <functional>

using namespace prefade;
using namespace prefade::test;
using Catch::Matchers::Contains;
using ptsl::Command;

namespace {

class JoinRig {
public:
    using Tracks = std::vector<JoinedHost::Track>;
    static Tracks band_of(int more = 0) {
        Tracks tracks{{"Kick In"}, {"Bass Amp"}, {"Lead Vox"}, {"Guitar Left"}, {"Keys"}};
        for (int i = 0; i < more; ++i) tracks.push_back({std::to_string(i) + " More of it"});
        return tracks;
    }
    explicit JoinRig(const Tracks& tracks = band_of(), ptsl::Version version = ptsl::newest_known)
        : host(HuiHabits{}, version, {}, tracks),
          dialect({"protools", "Pro Tools", "here", 4}, surface(), by_script()) {}

    void connect() {
        REQUIRE(wait(60s, [&] {
            return session.host.state == HostState::connected
                   && session.strips.size() == host.sdk.session.tracks.size()
                   && find("Kick In") != nullptr && fader("Kick In");
        }));
        run(3s);
    }
    void run(Duration span) {
        for (const TimePoint end = now + span;;) {
            now = std::max(now, std::min({end, host.next_deadline(), due_}));
            for (const WireMessage& message : host.tell(now)) {
                DialectOutput out;
                dialect.receive(message, now, out);
                carry(out);
                due_ = now;
            }
            if (now >= due_) {
                DialectOutput out;
                due_ = dialect.tick(now, out);
                carry(out);
            }
            if (now >= end) return;
        }
    }
    bool wait(Duration limit, const std::function<bool()>& holds) {
        for (const TimePoint end = now + limit; now < end && !holds();) run(5ms);
        return holds();
    }
    Result<void> move(const std::string& name, Control control, const ControlValue& target) {
        const Strip* strip = find(name);
        REQUIRE(strip);
        const ControlPath path{strip->id, control, {}, 0};
        const auto before = session.value(path);
        ControlValue from = before ? *before->value : target;
        DialectOutput out;
        const auto begun = dialect.encode(approved(MoveId{++moves_}, path, from, target), now, out);
        carry(out);
        due_ = now;
        return begun;
    }
    const Strip* find(const std::string& name) const {
        for (const Strip& strip : session.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    std::optional<double> fader(const std::string& name) const {
        const Strip* strip = find(name);
        if (!strip || !strip->fader.value) return std::nullopt;
        return strip->fader.value->value();
    }
    double held(const std::string& name) {
        return hui_profile({}).surface.law.level_of(host.strip(name)->fader).value();
    }
    template <class T> std::vector<T> told() const {
        std::vector<T> all;
        for (const Observation& each : observed)
            if (const auto* what = std::get_if<T>(&each.what)) all.push_back(*what);
        return all;
    }
    std::size_t ends() const {
        return told<WriteProved>().size() + told<WriteRefused>().size() + told<WriteFailed>().size()
               + told<WriteUnproved>().size() + told<WriteSuperseded>().size();
    }
    bool end() {
        return wait(60s, [&] { return ends() > 0; });
    }
    auto asked(Command command) const {
        return std::count(calls.begin(), calls.end(), name_in(ptsl::command_names, command));
    }
    std::string reason() const { return told<WriteRefused>().front().reason; }

    TimePoint now{1h};
    JoinedHost host;
    JoinedDialect dialect;
    Session session;
    std::vector<Observation> observed;
    std::vector<std::string> calls;
    std::function<void(const MidiMessage&)> on_the_way; ///< while a message to the HUI's host is

private:
    static std::unique_ptr<Dialect> surface() {
        return std::make_unique<mcu::Dialect>(hui_profile({}), "here", 1, hui::protocol(1));
    }
    static std::unique_ptr<TrackDoor> by_script() {
        HostProfile profile;
        profile.name = "protools";
        profile.title = "Pro Tools";
        return std::make_unique<ptsl::Dialect>(profile, "here");
    }
    void carry(DialectOutput& out) {
        for (const Observation& each : out.observed) {
            apply(session, each);
            observed.push_back(each);
        }
        for (const WireMessage& message : out.to_send) {
            if (const auto* call = std::get_if<CallMessage>(&message))
                calls.push_back(call->command);
            else if (const auto during = on_the_way)
                during(std::get<MidiMessage>(message));
            host.hear(message, now);
        }
    }
    TimePoint due_{};
    std::uint32_t moves_{0};
};

const ControlValue lowered{Decibel{-17.5}};

bool sets_fader(const MidiMessage& message) {
    return message.bytes.size() == 3 && message.bytes[0] == 0xB0 && message.bytes[1] >= 0x20
           && message.bytes[1] < 0x28;
}

} // namespace

TEST_CASE("a strip of Pro Tools' has the full name of one door and the fader of the other") {
    JoinRig rig(JoinRig::band_of(9)); // more than one bank
    rig.connect();
    REQUIRE(rig.session.strips.size() == 14);
    CHECK(rig.session.host.name == "protools");
    CHECK(rig.session.host.session_name == "Ballad");
    rig.host.track("Keys").muted = true;
    rig.run(3s);
    for (const Strip& strip : rig.session.strips) {
        CAPTURE(strip.name);
        CHECK_FALSE(strip.name_is_short);
        REQUIRE(rig.fader(strip.name));
        CHECK(*rig.fader(strip.name) == Approx(rig.held(strip.name)).margin(0.05));
        CHECK(strip.mute.value == (strip.name == "Keys"));
    }
    const Capabilities can = rig.dialect.capabilities();
    for (const Capability each :
         {Capability::full_names, Capability::stable_ids, Capability::write_fader,
          Capability::write_mute, Capability::markers, Capability::sees_all_strips})
        CHECK(can.has(each));
    CHECK(rig.told<Noticed>().empty());
}

TEST_CASE("a fader of Pro Tools' is moved by the HUI, between two looks at its tracks") {
    JoinRig rig(JoinRig::band_of(9));
    rig.connect();
    const auto others = rig.host.hui.strips;
    rig.calls.clear();
    REQUIRE(rig.move("3 More of it", Control::fader, lowered));
    REQUIRE(rig.end());
    REQUIRE(rig.told<WriteProved>().size() == 1);
    CHECK(rig.held("3 More of it") == Approx(-17.5).margin(0.05));
    CHECK(*rig.fader("3 More of it") == Approx(-17.5).margin(0.05));
    for (const HuiStrip& each : others)
        if (each.name != "3 More of it") CHECK(rig.host.strip(each.name)->fader == each.fader);
    CHECK(rig.asked(Command::get_track_list) >= 2);
}

TEST_CASE(
    "mute and solo of Pro Tools go by its scripting interface, or by the HUI where that cannot") {
    JoinRig rig;
    rig.connect();
    REQUIRE(rig.move("Lead Vox", Control::mute, true));
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().size() == 1);
    CHECK(rig.host.track("Lead Vox").muted);
    CHECK(rig.asked(Command::set_track_mute_state) == 1);

    JoinRig old(JoinRig::band_of(), {1, 0, 0});
    old.connect();
    REQUIRE(old.move("Lead Vox", Control::mute, true));
    REQUIRE(old.end());
    CHECK(old.told<WriteProved>().size() == 1);
    CHECK(old.host.track("Lead Vox").muted);
    CHECK(old.asked(Command::set_track_mute_state) == 0);
}

TEST_CASE("strips of a HUI that show the same are nobody's: no fader is told, and none moved") {
    auto tracks = JoinRig::band_of();
    tracks.push_back({"Audio 1"});
    tracks.push_back({"Audio 2"});
    JoinRig rig(tracks);
    rig.connect();
    CHECK_FALSE(rig.fader("Audio 1"));
    CHECK_FALSE(rig.fader("Audio 2"));
    CHECK(rig.fader("Keys"));
    const auto moved = rig.move("Audio 2", Control::fader, lowered);
    REQUIRE_FALSE(moved);
    CHECK(moved.error().code == ErrorCode::refused);
    CHECK_THAT(moved.error().message, Contains("several strips") && Contains("Audi"));
    rig.run(20s);
    REQUIRE(rig.told<Noticed>().size() == 1); // once
    CHECK_THAT(rig.told<Noticed>().front().text, Contains("2 of the 7") && Contains("Audi"));
    REQUIRE(rig.move("Audio 2", Control::mute, true)); // by its id and full name it is certain
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().size() == 1);

    rig.host.rename("Audio 2", "Shaker", rig.now); // and now it is
    CHECK(rig.wait(20s, [&] { return rig.fader("Shaker") && rig.fader("Audio 1"); }));
}

TEST_CASE("hidden tracks have no strip on a HUI, and the others find theirs") {
    auto tracks = JoinRig::band_of();
    tracks.insert(tracks.begin() + 1, {"Click", true});
    JoinRig rig(tracks);
    rig.connect();
    CHECK(rig.session.strips.size() == 6);
    CHECK_FALSE(rig.fader("Click"));
    CHECK(*rig.fader("Keys") == Approx(rig.held("Keys")).margin(0.05));
    const auto moved = rig.move("Click", Control::fader, lowered);
    REQUIRE_FALSE(moved);
    CHECK_THAT(moved.error().message, Contains("hidden"));
}

TEST_CASE("lists that do not fit each other match nowhere, which is told, and no fader is moved") {
    JoinRig rig;
    rig.connect();
    auto& tracks = rig.host.sdk.session.tracks;
    std::swap(tracks[0], tracks[1]); // the HUI goes on in another order
    rig.run(5s);
    CHECK(rig.told<Noticed>().empty()); // for a moment that is nothing
    const auto moved = rig.move("Keys", Control::fader, lowered);
    REQUIRE_FALSE(moved);
    CHECK_THAT(moved.error().message, Contains("do not fit the tracks"));
    rig.run(20s);
    REQUIRE(rig.told<Noticed>().size() == 1);
    CHECK_THAT(rig.told<Noticed>().front().text, Contains("5 of the 5"));
    std::swap(tracks[0], tracks[1]);
    rig.run(5s);
    REQUIRE(rig.move("Keys", Control::fader, lowered));
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().size() == 1);
}

TEST_CASE("tracks that move on both doors keep their strips, and each its own fader") {
    JoinRig rig(JoinRig::band_of(9));
    rig.connect();
    const StripId vox = rig.find("Lead Vox")->id;
    rig.host.move_first("Lead Vox", rig.now);
    rig.run(20s);
    CHECK(rig.session.strips.front().id == vox);
    CHECK(*rig.fader("Lead Vox") == Approx(rig.held("Lead Vox")).margin(0.05));
    REQUIRE(rig.move("Lead Vox", Control::fader, lowered));
    rig.host.move_first("Keys", rig.now); // meanwhile
    const auto others = rig.host.hui.strips;
    REQUIRE(rig.end());
    rig.run(60s);
    for (const HuiStrip& each : others)
        if (each.name != "Lead Vox") CHECK(rig.host.strip(each.name)->fader == each.fader);
}

TEST_CASE("a track exchanged for another of its name during a write is not called proved") {
    JoinRig rig;
    rig.connect();
    const bool before = GENERATE(true, false);
    const auto exchange = [&] { rig.host.track("Lead Vox").id = "{another}"; };
    if (before) {
        exchange();
    } else {
        rig.on_the_way = [&](const MidiMessage& message) {
            if (!sets_fader(message)) return;
            rig.on_the_way = nullptr;
            exchange();
        };
    }
    REQUIRE(rig.move("Lead Vox", Control::fader, lowered));
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().empty());
    if (before) {
        REQUIRE(rig.told<WriteRefused>().size() == 1);
        CHECK_THAT(rig.reason(), Contains("not in the session any more"));
        CHECK(rig.host.hui.faders_heard() == 0);
    } else {
        REQUIRE(rig.told<WriteUnproved>().size() == 1);
        CHECK_THAT(rig.told<WriteUnproved>().front().reason, Contains("tracks changed while"));
    }
}

TEST_CASE(
    "without its scripting interface Pro Tools is a HUI, and becomes whole when that answers") {
    JoinRig rig;
    rig.host.sdk.alive = false;
    REQUIRE(rig.wait(60s, [&] { return rig.session.strips.size() == 5; }));
    CHECK(rig.session.strips[2].name == "Lead");
    CHECK(rig.session.strips[2].name_is_short);
    CHECK(rig.fader("Lead"));
    const StripId alone = rig.session.strips[2].id;
    REQUIRE(rig.move("Lead", Control::fader, lowered));
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().size() == 1);
    REQUIRE(rig.move("Lead", Control::mute, true));
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 2; }));
    CHECK(rig.host.track("Lead Vox").muted);

    rig.host.sdk.restart();
    rig.connect();
    CHECK(*rig.fader("Lead Vox") == Approx(-17.5).margin(0.05));
    CHECK(rig.find("Lead Vox")->id != alone);

    rig.host.sdk.alive = false; // and back
    REQUIRE(rig.wait(20s, [&] { return rig.find("Lead") != nullptr; }));
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.find("Lead")->id == alone);
    CHECK(*rig.fader("Lead") == Approx(-17.5).margin(0.05));
    CHECK(rig.told<HostLost>().empty());
}

TEST_CASE("without a HUI Pro Tools is its scripting interface, and faders come with the HUI") {
    JoinRig rig;
    rig.host.has_hui = false;
    REQUIRE(rig.wait(20s, [&] { return rig.session.strips.size() == 5; }));
    CHECK_FALSE(rig.dialect.capabilities().has(Capability::write_fader));
    CHECK_FALSE(rig.fader("Keys"));
    const auto moved = rig.move("Keys", Control::fader, lowered);
    REQUIRE_FALSE(moved);
    CHECK_THAT(moved.error().message, Contains("does not speak to its control surface"));
    rig.host.has_hui = true;
    rig.host.hui.restart(rig.now);
    rig.connect();
    CHECK(rig.dialect.capabilities().has(Capability::write_fader));

    rig.host.has_hui = false;
    REQUIRE(
        rig.wait(10s, [&] { return !rig.dialect.capabilities().has(Capability::write_fader); }));
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.told<Noticed>().size() == 1);
    rig.host.sdk.alive = false;
    CHECK(rig.wait(10s, [&] { return rig.session.host.state == HostState::lost; }));
}

TEST_CASE("a door that goes in the middle of a move leaves it unproved, one before it refused") {
    JoinRig rig;
    rig.connect();
    const int which = GENERATE(0, 1, 2, 3);
    REQUIRE(rig.move("Keys", Control::fader, lowered));
    if (which == 0) {
        rig.host.sdk.alive = false;
    } else if (which == 1) {
        DialectOutput out;
        rig.dialect.halt(std::nullopt, rig.now, out);
        for (const Observation& each : out.observed) rig.observed.push_back(each);
    } else {
        REQUIRE(rig.wait(20s, [&] { return !rig.told<WriteInPlace>().empty(); }));
        if (which == 2)
            rig.host.sdk.alive = false;
        else
            rig.host.has_hui = false;
    }
    REQUIRE(rig.end());
    CHECK(rig.told<WriteProved>().empty());
    CHECK(rig.told<WriteRefused>().size() == (which < 2 ? 1 : 0));
    CHECK(rig.told<WriteUnproved>().size() == (which < 2 ? 0 : 1));
    rig.run(10s);
    CHECK(rig.ends() == 1);
}

TEST_CASE("what the surface has told of transport and arm holds when it goes on alone") {
    JoinRig rig;
    rig.connect();
    rig.host.hui.rolling = true; // told once, and passed over for what the list tells
    rig.host.strip("Lead Vox")->arm = true;
    rig.host.hui.changed(rig.now);
    rig.run(1s);
    CHECK(rig.session.transport.rolling.value == false);
    CHECK_FALSE(rig.find("Lead Vox")->arm.value.value());
    rig.host.sdk.alive = false;
    REQUIRE(rig.wait(20s, [&] { return rig.find("Lead") != nullptr; }));
    CHECK(rig.session.transport.rolling.value == true);
    CHECK(rig.find("Lead")->arm.value == true);
    CHECK(rig.find("Keys")->arm.value == false);
}

TEST_CASE("the transport of Pro Tools is one, whichever door tells it") {
    JoinRig rig;
    rig.connect();
    DialectOutput out;
    REQUIRE(rig.dialect.transport(true, rig.now, out));
    for (const WireMessage& message : out.to_send) rig.host.hear(message, rig.now);
    CHECK(rig.wait(5s, [&] { return rig.session.transport.rolling.value == true; }));
    CHECK(rig.dialect.watch(rig.find("Keys")->id, InsertId{1}, rig.now, rig.now, out).error().code
          == ErrorCode::unsupported);
}
