#include "core/snapshot.h"
#include "tests/support/catch.h"
#include "tests/support/moment.h"

using namespace prefade;
using test::now;
using namespace std::chrono_literals;

namespace {} // namespace

TEST_CASE("a view gets everything but the parameters") {
    Session session;
    session.epoch = 7;
    session.host.name = "fake";
    session.markers = {{"verse", 1.0}};
    session.transport.rolling.learn(true, now);
    Strip strip;
    strip.id = StripId{3};
    strip.name = "Vox";
    strip.name_is_short = strip.hidden = strip.role_set_by_user = strip.touched = true;
    strip.kind = StripKind::midi_bus;
    strip.role = "lead vocal";
    strip.position = 4;
    strip.since_epoch = 6;
    strip.hand_at = now;
    strip.trim.learn(Decibel{1.0}, now);
    strip.fader.learn(Decibel{-2.0}, now);
    strip.pan.learn(Pan{0.5}, now);
    strip.automation.learn(AutomationMode::read, now);
    strip.mute.learn(true, now);
    strip.solo.learn(false, now);
    strip.arm.learn(true, now);
    strip.sends = {{SendId{1}, "Reverb", 0, 5, {}, {}}};
    strip.inserts = {{InsertId{2}, "EQ", 1, 5, {}, {Parameter{}, Parameter{}}}};
    strip.inserts[0].bypassed.learn(true, now);
    strip.meters.push_back({{MeterKind::sample_peak, Channel::sum, Tap::input, -6.0, {}, now}, {}});
    session.strips = {strip};

    const Session seen = for_views(session);
    CHECK(seen.epoch == 7);
    CHECK(seen.host.name == "fake");
    CHECK(seen.markers.size() == 1);
    CHECK(seen.transport.rolling.value == true);
    REQUIRE(seen.strips.size() == 1);
    const Strip& s = seen.strips[0];
    CHECK(s.id == strip.id);
    CHECK(s.name == "Vox");
    CHECK((s.name_is_short && s.hidden && s.role_set_by_user && s.touched));
    CHECK(s.kind == StripKind::midi_bus);
    CHECK(s.role == "lead vocal");
    CHECK(s.position == 4);
    CHECK(s.since_epoch == 6);
    CHECK(s.hand_at == now);
    CHECK(s.trim.value == Decibel{1.0});
    CHECK(s.fader.value == Decibel{-2.0});
    CHECK(s.pan.value == Pan{0.5});
    CHECK(s.automation.value == AutomationMode::read);
    CHECK(s.mute.value == true);
    CHECK(s.solo.value == false);
    CHECK(s.arm.value == true);
    CHECK(s.sends.size() == 1);
    CHECK(s.meters.size() == 1);
    REQUIRE(s.inserts.size() == 1);
    CHECK(s.inserts[0].plugin == "EQ");
    CHECK(s.inserts[0].slot == 1);
    CHECK(s.inserts[0].since_epoch == 5);
    CHECK(s.inserts[0].bypassed.value == true);
    CHECK(s.inserts[0].parameters.empty());
}
