// Pans through pots that are turned by ticks: brought to a value, seen by ring and text, undone.
#include "connectors/mcu/pans.h"
#include "tests/support/mackie_rig.h"

#include <cmath>
#include <map>
#include <random>

using namespace prefade;
using namespace prefade::test;

namespace {

double resolution(const MackieHabits& habits) {
    return habits.pan_text == PanText::none ? 0.2 : 0.03; // a step of the ring is 0.2
}

/// With a pan of its own each, most of them between two steps of the ring.
std::vector<MackieStrip> panned_strips(std::size_t count) {
    auto strips = mackie_strips(count);
    for (std::size_t i = 0; i < count; ++i)
        strips[i].pan =
            -1.0 + 2.0 * static_cast<double>(i * 7 % count) / static_cast<double>(count - 1);
    return strips;
}

double told_pan(const MackieRig& rig, const std::string& strip) {
    return rig.find(strip)->pan.value.value().value();
}

bool encode_undo(MackieRig& rig, const ControlPath& path, const ControlValue& target) {
    rig.source = Source::undo;
    const bool begun = rig.encode(path, target).has_value();
    rig.source = Source::user;
    return begun;
}

} // namespace

TEST_CASE("each way to print a pan is read, and nothing else for one") {
    using mcu::pan_in;
    CHECK(pan_in("L63R37", PanText::percent) == Pan{-0.26});
    CHECK(pan_in("L0R100", PanText::percent) == Pan{1.0});
    CHECK(pan_in("12L", PanText::fifty) == Pan{-0.24});
    CHECK(pan_in("C", PanText::fifty) == Pan{0.0});
    CHECK(pan_in("50R", PanText::fifty) == Pan{1.0});
    CHECK(pan_in("-64", PanText::signed_64) == Pan{-1.0});
    CHECK(pan_in("+63", PanText::signed_64) == Pan{1.0});
    CHECK(pan_in("0", PanText::signed_64) == Pan{0.0});
    for (const PanText form : {PanText::none, PanText::percent, PanText::fifty, PanText::signed_64})
        for (const char* text : {"", "Pan", "-10.5", "-inf", "L63R38", "L63", "51L", "+64", "-65",
                                 "L-3R103", "6L3", "R37", "12 L", "99999999999"})
            CHECK_FALSE(pan_in(text, form));
}

TEST_CASE("a pan is turned to where it should be, in any bank, and no other with it") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, panned_strips(19));
    rig.connect();
    rig.run(12s); // each bank was in sight, its texts with it
    for (const std::size_t i : {2U, 10U, 18U, 0U})
        for (const double target : {-0.31, 0.87, 1.0, 0.0, -1.0}) {
            INFO(rig.host.strips[i].name << " to " << target);
            const std::string name = rig.host.cut(rig.host.strips[i].name);
            auto expected = rig.host.strips;
            const std::size_t before = rig.all<WriteProved>().size();
            REQUIRE(rig.encode(rig.path(name, Control::pan), Pan{target}));
            CHECK(rig.wait(20s, [&] { return rig.all<WriteProved>().size() > before; }));
            rig.run(1s);
            const double is = rig.host.strips[i].pan;
            CHECK(std::abs(is - target) <= resolution(habits));
            CHECK(std::abs(told_pan(rig, name) - is) <= resolution(habits));
            expected[i].pan = is;
            CHECK(rig.host.strips == expected);
        }
    CHECK(rig.ends() == 20);
    CHECK(rig.all<WriteMisled>().empty());
}

TEST_CASE("undo brings a pan back to where it stood, which the ring alone had told") {
    const MackieHabits habits = each_habits();
    const double from = GENERATE(-0.93, -0.27, 0.04, 0.71, 1.0);
    INFO(habits.name << " from " << from);
    auto strips = mackie_strips(8);
    strips[3].pan = from;
    MackieRig rig(habits, 1, strips);
    rig.connect();
    const ControlPath pan = rig.path("Trk 4", Control::pan);
    std::vector<ControlValue> before;
    for (const double target : {0.4, -0.6}) {
        before.push_back(*rig.session.value(pan)->value);
        REQUIRE(rig.encode(pan, Pan{target}));
        REQUIRE(rig.wait(20s, [&] { return rig.all<WriteProved>().size() == before.size(); }));
        rig.run(1s);
    }
    for (std::size_t i = before.size(); i-- > 0;) {
        REQUIRE(encode_undo(rig, pan, before[i]));
        REQUIRE(rig.wait(20s, [&] { return rig.ends() == 2 * before.size() - i; }));
        REQUIRE(rig.all<WriteProved>().size() == 2 * before.size() - i);
        rig.run(2s);
        CHECK(nearly_equal(*rig.session.value(pan)->value, before[i]));
    }
    CHECK(rig.host.strips[3].pan == Approx(from).margin(1e-9));
}

TEST_CASE("a pan that a hand has moved since is not turned back by ticks") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    const ControlPath pan = rig.path("Trk 4", Control::pan);
    const ControlValue before = *rig.session.value(pan)->value; // -0.4
    REQUIRE(rig.encode(pan, Pan{0.4}));
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    rig.host.strips[3].pan = 0.9;
    rig.host.changed(rig.now);
    rig.run(1s);
    CHECK(told_pan(rig, "Trk 4") == Approx(0.9).margin(0.011));
    REQUIRE(encode_undo(rig, pan, before));
    REQUIRE(rig.wait(20s, [&] { return rig.all<WriteProved>().size() == 2; }));
    CHECK(rig.host.strips[3].pan == Approx(std::get<Pan>(before).value()).margin(0.03));
}

TEST_CASE("pots turn faster or slower than the profile thinks: the pan comes there all the same") {
    MackieHabits habits = GENERATE(ardour_habits(), live_habits(), logic_habits());
    const double faster = GENERATE(0.3, 3.0);
    INFO(habits.name << " by " << faster);
    MackieRig rig(habits, 1, mackie_strips(8));
    rig.host.speed = faster;
    rig.connect();
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.61}));
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteProved>().size() == 1);
    CHECK(std::abs(rig.host.strips[3].pan - 0.61)
          <= std::max(0.03, faster * habits.pan_tick / 2.0 + 0.01));
    CHECK(std::abs(rig.host.strips[3].pan - 0.61) <= rig.dialect.capabilities().pan_step + 1e-9);
}

TEST_CASE("a host that shows nothing of a pot ends the move with what it holds, soon") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    MackieRig rig(habits, 1, mackie_strips(8));
    rig.connect();
    rig.host.pots_are_dead = true;
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.61}));
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    REQUIRE(rig.all<WriteFailed>().size() == 1);
    CHECK(rig.all<WriteFailed>()[0].reason.starts_with("the host holds L4"));
    std::size_t turns = 0;
    for (const MidiMessage& message : rig.said)
        turns += message.bytes[0] == 0xB0 && message.bytes[1] >= 0x10 && message.bytes[1] < 0x18;
    CHECK(turns >= 1);
    CHECK(turns <= 8);
}

TEST_CASE("a display that prints no pan where one was promised: not confirmed") {
    MackieHabits habits = ardour_habits();
    habits.pan_text = PanText::none;
    MackieRig rig(habits, 1, mackie_strips(8),
                  [](HostProfile& profile) { profile.surface.pan_text = PanText::percent; });
    rig.connect();
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.61}));
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteProved>().empty());
    CHECK(std::abs(rig.host.strips[3].pan - -0.4) < 0.1);
}

TEST_CASE("another hand on the same pot takes it over, and is not fought") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    int turns = 0;
    rig.on_the_way = [&](const MidiMessage& message) {
        if (message.bytes[0] != 0xB0 || ++turns < 2) return;
        rig.host.strips[3].pan = -1.0; // each time we turn it to the right
    };
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.61}));
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteProved>().empty());
    CHECK(turns <= 8);
    rig.on_the_way = nullptr;
    const std::size_t heard = rig.host.turns_heard();
    rig.run(5s);
    CHECK(rig.host.turns_heard() == heard);
}

TEST_CASE("a pan that is stopped on its way is turned no further, and ends as where it stands") {
    MackieHabits habits = ardour_habits();
    habits.pan_tick = 0.004; // a slow pot: many turns
    MackieRig rig(habits, 1, mackie_strips(8),
                  [](HostProfile& profile) { profile.surface.pan_ticks = 64.0; });
    rig.connect();
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.9}));
    REQUIRE(rig.wait(5s, [&] { return rig.host.turns_heard() > 0; }));
    rig.halt();
    const std::size_t heard = rig.host.turns_heard();
    REQUIRE(rig.wait(5s, [&] { return rig.ends() == 1; }));
    REQUIRE(rig.all<WriteFailed>().size() == 1);
    CHECK(rig.all<WriteFailed>().front().reason.find("it was stopped at") == 0);
    CHECK(rig.host.turns_heard() == heard);
    CHECK(rig.host.strips[3].pan < 0.8);
}

TEST_CASE("a pan of which more can be read than before was not hit") {
    MackieRig rig(live_habits(), 1, panned_strips(16));
    rig.connect();
    const auto before = rig.host.strips;
    REQUIRE(rig.encode(rig.path("Trk 3", Control::pan), Pan{0.9}));
    rig.run(300ms);
    rig.host.bank(8, rig.now);
    REQUIRE(rig.wait(30s, [&] { return rig.ends() == 1; }));
    rig.run(60s);
    CHECK(rig.all<WriteMisled>().empty());
    for (std::size_t i = 8; i < before.size(); ++i) CHECK(rig.host.strips[i].pan == before[i].pan);
}

TEST_CASE("the first text of a pan says more exactly where the ring had it; the next says that it "
          "moved") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    rig.run(2s);
    const ControlPath pan = rig.path("Trk 3", Control::pan);
    const auto told = [&] {
        std::vector<ControlChanged> all;
        for (const auto& changed : rig.all<ControlChanged>())
            if (changed.path == pan) all.push_back(changed);
        return all;
    };
    REQUIRE_FALSE(told().empty());
    for (const ControlChanged& changed : told()) CHECK(changed.by == ControlChanged::By::anybody);
    /// Whether the first that is told of another place calls it the same place.
    const auto is_finer_after = [&](double by) {
        const auto before = told();
        rig.host.strips[2].pan += by;
        rig.host.changed(rig.now);
        rig.run(2s);
        const auto after = told();
        for (std::size_t i = before.size(); i < after.size(); ++i)
            if (after[i].value != before.back().value)
                return after[i].by == ControlChanged::By::nobody;
        FAIL("it was told nowhere else");
        return false;
    };
    CHECK(is_finer_after(0.04));
    CHECK_FALSE(is_finer_after(0.03));
    CHECK_FALSE(is_finer_after(0.5));
}

TEST_CASE("while a pot turns the window stays, and when another hand turns that the pot rests") {
    const MackieHabits habits = each_habits();
    const int offset_ms = GENERATE(0, 240, 270, 300, 330, 420, 700);
    INFO(habits.name << ", " << offset_ms << " ms after the move began");
    MackieRig rig(habits, 1, panned_strips(30));
    rig.connect();
    const auto before = rig.host.strips;
    REQUIRE(rig.encode(rig.path("Trk 3", Control::pan), Pan{0.9}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.host.bank(8, rig.now);
    CHECK(rig.wait(30s, [&] { return rig.ends() == 1; }));
    rig.run(60s);
    for (std::size_t i = 0; i < before.size(); ++i) {
        INFO(before[i].name);
        // Put back to what was known of it: what the ring told.
        if (i != 2) CHECK(std::abs(rig.host.strips[i].pan - before[i].pan) <= 0.13);
    }
}

TEST_CASE("pots that get another assignment before they are turned are not turned") {
    MackieRig rig(ardour_habits(), 1, mackie_strips(8));
    rig.connect();
    const auto before = rig.host.strips;
    REQUIRE(rig.encode(rig.path("Trk 4", Control::pan), Pan{0.61}));
    rig.run(100ms);
    rig.hear(mcu::Led{mcu::assign_pan, mcu::LedState::off});
    rig.hear(mcu::Led{mcu::assign_track, mcu::LedState::on});
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteRefused>().size() == 1);
    CHECK(rig.host.strips == before);
}

TEST_CASE("what cannot be turned is refused with the reason, and nothing is sent") {
    MackieHabits habits = ardour_habits();
    MackieRig rig(habits, 1, mackie_strips(8));
    rig.connect();
    CHECK(rig.dialect.capabilities().has(Capability::write_pan));
    const std::size_t said = rig.said.size();
    rig.hear(mcu::Led{mcu::assign_track, mcu::LedState::on});
    const auto begun = rig.encode(rig.path("Trk 4", Control::pan), Pan{0.1});
    REQUIRE_FALSE(begun);
    CHECK(begun.error().code == ErrorCode::refused);
    CHECK(rig.said.size() == said);
    habits.pan_tick = 0.0;
    MackieRig unknown(habits, 1, mackie_strips(8));
    unknown.connect();
    CHECK_FALSE(unknown.dialect.capabilities().has(Capability::write_pan));
    CHECK(unknown.encode(unknown.path("Trk 4", Control::pan), Pan{0.1}).error().code
          == ErrorCode::unsupported);
}

namespace {

/// Moves of pans one after the other, and what else happens to the mixer while they are under way.
struct PanRace {
    PanRace(const MackieHabits& habits, std::uint32_t seed)
        : random(seed),
          rig(habits, 1, panned_strips(19)) {
        for (MackieStrip& strip : rig.host.strips) strip.id = ++ids;
        rig.connect();
        rig.run(12s);
        for (const MackieStrip& strip : rig.host.strips) rightful[strip.id] = strip.pan;
    }
    int below(int n) { return static_cast<int>(random() % static_cast<std::uint32_t>(n)); }
    MackieStrip* real(std::uint32_t id) {
        for (MackieStrip& strip : rig.host.strips)
            if (strip.id == id) return &strip;
        return nullptr;
    }
    void disturb() {
        auto& strips = rig.host.strips;
        const int what = below(8);
        if (what < 2) return rig.host.bank(what == 0 ? 8 : -8, rig.now);
        if (what == 2) {
            MackieStrip strip;
            strip.id = ++ids;
            strip.name = "New" + std::to_string(ids);
            rightful[strip.id] = strip.pan;
            strips.insert(strips.begin() + below(static_cast<int>(strips.size())), strip);
        } else if (what == 3) {
            strips.erase(strips.begin() + below(static_cast<int>(strips.size())));
        } else if (what == 4) {
            std::rotate(strips.begin(), strips.begin() + 1, strips.begin() + 4);
        } else {
            return;
        }
        rig.host.changed(rig.now);
    }
    void move() {
        auto& strips = rig.host.strips;
        const MackieStrip& aim =
            strips[static_cast<std::size_t>(below(static_cast<int>(strips.size())))];
        const std::uint32_t id = aim.id;
        const Strip* told = rig.find(rig.host.cut(aim.name));
        if (!told || !told->pan.is_known()) return rig.run(2s);
        const double target = (below(201) - 100) / 100.0;
        const std::size_t before = rig.ends(), proved = rig.all<WriteProved>().size();
        if (!rig.encode({told->id, Control::pan, {}, 0}, Pan{target})) return rig.run(2s);
        ++moves;
        rig.run(Milliseconds{static_cast<double>(below(900))}.span());
        disturb();
        REQUIRE(rig.wait(60s, [&] { return rig.ends() > before; }));
        const MackieStrip* strip = real(id);
        if (rig.all<WriteProved>().size() > proved) {
            ++confirmed;
            if (strip && std::abs(strip->pan - target) > resolution(rig.host.habits))
                ++false_confirmed;
        }
        rig.run(8s);
        if (strip = real(id); strip) rightful[id] = strip->pan; // it is theirs to move
    }
    /// Of controls that no move was about.
    int wrong() {
        rig.run(70s);
        int count = 0;
        for (const MackieStrip& strip : rig.host.strips)
            count += std::abs(strip.pan - rightful.at(strip.id)) > 0.1 + 0.03;
        return count;
    }

    std::minstd_rand random;
    MackieRig rig;
    std::uint32_t ids{0};
    std::map<std::uint32_t, double> rightful;
    int moves{0}, confirmed{0}, false_confirmed{0};
};

} // namespace

TEST_CASE(
    "whatever happens to banks and tracks while pots are turned, no other pan is left astray") {
    const MackieHabits habits = each_habits();
    INFO(habits.name);
    int moves = 0, confirmed = 0, false_confirmed = 0, wrong = 0;
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        PanRace race(habits, seed);
        for (int i = 0; i < 12; ++i) race.move();
        wrong += race.wrong();
        moves += race.moves;
        confirmed += race.confirmed;
        false_confirmed += race.false_confirmed;
    }
    INFO(moves << " moves, " << confirmed << " confirmed");
    CHECK(false_confirmed == 0);
    CHECK(wrong == 0);
    CHECK(confirmed > moves / 2);
}
