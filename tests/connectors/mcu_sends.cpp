// Sends through SEND: read when somebody looks, brought to a level by their pots, with the selection given back.
#include "tests/support/visit_rig.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

using namespace prefade;
using namespace prefade::test;

namespace {

double position_of(double level) {
    return static_cast<double>(mackie_law().position_of(Decibel{level}));
}
double level_of(const MackieSend& send) {
    return mackie_law().level_of(static_cast<std::uint32_t>(std::lround(send.position))).value();
}

/// Every third strip sends, to one bus or two; nothing is selected.
std::vector<MackieStrip> sending_strips(std::size_t count) {
    auto strips = mackie_strips(count);
    for (std::size_t i = 1; i < count; i += 3) {
        strips[i].sends.push_back({"Reverb", position_of(-12.0 - static_cast<double>(i))});
        if (i % 2 == 0) strips[i].sends.push_back({"Delay", position_of(-3.5)});
    }
    return strips;
}

class SendRig : public VisitRig {
public:
    using VisitRig::VisitRig;
    ControlPath send(const std::string& strip, const std::string& to) const {
        for (const Send& each : find(strip)->sends)
            if (each.destination == to) return {find(strip)->id, Control::send, each.id, 0};
        FAIL(strip << " has no send to " << to);
        return {};
    }
    MackieSend& real(std::size_t strip, std::size_t which = 0) {
        return host.strips[strip].sends[which];
    }
};

} // namespace

TEST_CASE("while nobody looks no strip is selected and no assignment pressed") {
    SendRig rig(sending_strips(19));
    rig.run(60s);
    CHECK(rig.host.choices_heard() == 0);
    CHECK_FALSE(rig.find("Trk 2")->sends_listed);
    CHECK(rig.dialect.capabilities().has(Capability::read_send));
    CHECK(rig.dialect.capabilities().has(Capability::write_send));
}

TEST_CASE("a look reads the sends of one strip, in any bank, and gives the selection back") {
    const std::size_t strip = GENERATE(1U, 4U, 16U), chosen = GENERATE(1U, 3U, 12U);
    SendRig rig(sending_strips(19));
    rig.select(chosen);
    rig.run(12s); // seen in every bank
    const auto before = rig.host.strips;
    const std::string name = rig.host.strips[strip].name;
    rig.read(name);
    CHECK(rig.wait(10s, [&] { return rig.host.strips == before; }));
    CHECK(rig.host.is_in_pan());
    const auto& sends = rig.find(name)->sends;
    REQUIRE(sends.size() == before[strip].sends.size());
    for (std::size_t i = 0; i < sends.size(); ++i) {
        CHECK(sends[i].destination == before[strip].sends[i].name);
        CHECK(sends[i].slot == i);
        CHECK(sends[i].level.value->value()
              == Approx(level_of(before[strip].sends[i])).margin(0.051));
    }
    // And all goes on as before.
    rig.host.strips[strip].fader = 9000;
    rig.host.changed(rig.now);
    CHECK(rig.wait(20s, [&] {
        return nearly_equal(*rig.find(name)->fader.value, mackie_law().level_of(9000));
    }));
    CHECK(rig.names() == rig.expected());
}

TEST_CASE("a strip without sends is told to have none; the host's message is nobody's name") {
    SendRig rig(sending_strips(12));
    rig.read("Trk 1");
    CHECK(rig.find("Trk 1")->sends.empty());
    CHECK(rig.names() == rig.expected());
    CHECK(rig.all<StripsListed>().size() == 1);
}

TEST_CASE("a send is brought to its level by its pot, in any bank, and no other with it") {
    SendRig rig(sending_strips(19));
    rig.select(0);
    rig.run(12s);
    for (const std::size_t i : {4U, 16U, 1U})
        for (const double target : {-20.0, 0.0, 6.0, -6.3}) {
            INFO(rig.host.strips[i].name << " to " << target);
            const std::string name = rig.host.strips[i].name;
            if (!rig.find(name)->sends_listed) rig.read(name);
            auto expected = rig.host.strips;
            const std::size_t before = rig.ends();
            REQUIRE(rig.encode(rig.send(name, "Reverb"), Decibel{target}));
            REQUIRE(rig.wait(20s, [&] { return rig.ends() > before; }));
            CHECK(rig.all<WriteProved>().size() == before + 1);
            CHECK(rig.wait(10s, [&] { return rig.selected() == "Trk 1;"; }));
            CHECK(rig.host.is_in_pan());
            CHECK(std::abs(rig.real(i).position - position_of(target))
                  <= 16'383.0 / 63.0 / 2.0 + 40.0);
            CHECK(rig.find(name)->sends[0].level.value->value()
                  == Approx(level_of(rig.real(i))).margin(0.051));
            expected[i].sends[0] = rig.real(i);
            CHECK(rig.host.strips == expected);
        }
    CHECK(rig.all<WriteMisled>().empty());
}

TEST_CASE("undo brings a send back to where it stood, all the way down included") {
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    const double from = rig.real(4, 1).position;
    const ControlPath path = rig.send("Trk 5", "Delay");
    const ControlValue before = *rig.session.value(path)->value;
    REQUIRE(rig.encode(path, Decibel{-14.0}));
    REQUIRE(rig.wait(20s, [&] { return rig.all<WriteProved>().size() == 1; }));
    rig.source = Source::undo;
    REQUIRE(rig.encode(path, before));
    REQUIRE(rig.wait(20s, [&] { return rig.all<WriteProved>().size() == 2; }));
    CHECK(rig.real(4, 1).position == Approx(from).margin(1e-6));
    rig.source = Source::user;
    REQUIRE(rig.encode(path, Decibel::silence()));
    REQUIRE(rig.wait(20s, [&] { return rig.all<WriteProved>().size() == 3; }));
    CHECK(rig.real(4, 1).position == 0.0);
}

TEST_CASE("moves of two sends of one strip and of its fader are all done") {
    SendRig rig(sending_strips(19));
    rig.read("Trk 5");
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{-9.0}));
    REQUIRE(rig.encode(rig.path("Trk 5", Control::fader), Decibel{-5.0}));
    REQUIRE(rig.encode(rig.send("Trk 5", "Delay"), Decibel{-30.0}));
    REQUIRE(rig.wait(30s, [&] { return rig.ends() == 3; }));
    CHECK(rig.failures() == "");
    CHECK(level_of(rig.real(4)) == Approx(-9.0).margin(0.5));
    CHECK(level_of(rig.real(4, 1)) == Approx(-30.0).margin(1.7));
    CHECK(rig.host.strips[4].fader == mackie_law().position_of(Decibel{-5.0}));
}

TEST_CASE("a hand that selects another strip ends the write, and keeps its selection") {
    const int offset_ms = GENERATE(0, 60, 120, 200, 300, 400, 500, 700);
    INFO(offset_ms << " ms after the move began");
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    const double delay = rig.real(4, 1).position, others = rig.real(1).position;
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}));
    rig.run(Milliseconds{static_cast<double>(offset_ms)}.span());
    rig.select(1);
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    rig.run(20s);
    CHECK(rig.host.is_in_pan());
    CHECK(rig.selected() == "Trk 2;");
    CHECK(rig.real(4, 1).position == delay);
    CHECK(rig.real(1).position == others);
}

TEST_CASE("a send that a hand moves on meanwhile is not confirmed, and not fought") {
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}));
    REQUIRE(rig.wait(20s, [&] { return !rig.all<WriteInPlace>().empty(); }));
    rig.real(4).position = position_of(-40.0);
    rig.host.changed(rig.now);
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteSuperseded>().size() == 1);
    rig.run(10s);
    CHECK(level_of(rig.real(4)) == Approx(-40.0).margin(0.05));
}

TEST_CASE("stop ends a send's turning, and the surface goes back to PAN") {
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    rig.host.speed = 0.2; // so that there is something left to turn
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}));
    REQUIRE(rig.wait(5s, [&] { return rig.host.turns_heard() > 0; }));
    rig.halt();
    rig.run(20ms);
    const std::size_t turns = rig.host.turns_heard();
    REQUIRE(rig.wait(10s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteFailed>().size() == 1);
    rig.run(10s);
    CHECK(rig.host.turns_heard() == turns);
    CHECK(rig.host.is_in_pan());
}

TEST_CASE("a send that was moved since it was read is not written over") {
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    rig.real(4).position = position_of(-2.0);
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}));
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    REQUIRE(rig.all<WriteRefused>().size() == 1);
    CHECK(rig.all<WriteRefused>()[0].reason.starts_with("changed since it was looked at"));
    CHECK(level_of(rig.real(4)) == Approx(-2.0).margin(0.05));
    rig.run(3s);
    CHECK(rig.find("Trk 5")->sends[0].level.value->value() == Approx(-2.0).margin(0.051));
}

TEST_CASE(
    "a send that is gone or goes elsewhere is refused, and what stands in its column is left") {
    const bool is_gone = GENERATE(true, false);
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    const ControlPath path = rig.send("Trk 5", "Reverb");
    auto& sends = rig.host.strips[4].sends;
    if (is_gone)
        sends.erase(sends.begin());
    else
        sends[0].name = "Cue 1";
    const auto before = rig.host.strips;
    REQUIRE(rig.encode(path, Decibel{0.0}));
    REQUIRE(rig.wait(20s, [&] { return rig.ends() == 1; }));
    CHECK(rig.all<WriteRefused>().size() == 1);
    CHECK(rig.wait(10s, [&] { return rig.host.is_in_pan(); }));
    for (std::size_t i = 0; i < before.size(); ++i)
        CHECK(rig.host.strips[i].sends == before[i].sends);
    CHECK_FALSE(rig.encode(path, Decibel{0.0}));
}

TEST_CASE("two sends of one strip to one name are read, and neither is moved") {
    auto strips = sending_strips(8);
    strips[4].sends[1].name = "Reverb";
    SendRig rig(strips);
    rig.read("Trk 5");
    REQUIRE(rig.find("Trk 5")->sends.size() == 2);
    const auto begun = rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0});
    REQUIRE_FALSE(begun);
    CHECK(begun.error().code == ErrorCode::ambiguous);
}

TEST_CASE("where several strips are selected nobody's selection is undone by a look") {
    SendRig rig(sending_strips(8));
    rig.read("Trk 5");
    rig.host.strips[0].selected = rig.host.strips[2].selected = true;
    rig.host.strips[4].selected = false;
    rig.host.changed(rig.now);
    rig.run(1s);
    const std::size_t choices = rig.host.choices_heard();
    CHECK_FALSE(rig.look("Trk 2"));
    CHECK(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}).error().code == ErrorCode::refused);
    rig.run(20s);
    CHECK(rig.host.choices_heard() == choices);
}

TEST_CASE("a host that is silent while it shows sends is not taken for lost") {
    SendRig rig(sending_strips(8),
                [](HostProfile& profile) { profile.surface.longest_silence = 3s; });
    const auto live = [&](const std::function<bool()>& until) {
        for (int i = 0; i < 200 && !until(); ++i) {
            if (rig.host.is_in_pan()) rig.host.beat(rig.now); // its meters
            rig.run(100ms);
        }
    };
    REQUIRE(rig.look("Trk 5"));
    live([&] { return rig.find("Trk 5")->inserts_listed; });
    rig.host.rolling = true;
    rig.host.changed(rig.now);
    REQUIRE(rig.encode(rig.send("Trk 5", "Reverb"), Decibel{0.0}));
    live([&] { return rig.ends() > 0; });
    CHECK(rig.all<WriteProved>().size() == 1);
    CHECK(rig.all<HostLost>().empty());
}

TEST_CASE("a host whose profile says nothing of sends is not asked for any") {
    SendRig rig(sending_strips(8), [](HostProfile& profile) {
        profile.surface.send_ticks = 0.0;
        profile.surface.shows_plugins = false;
    });
    CHECK_FALSE(rig.dialect.capabilities().has(Capability::read_send));
    CHECK_FALSE(rig.dialect.capabilities().has(Capability::write_send));
    CHECK(rig.look("Trk 5"));
    rig.run(10s);
    CHECK(rig.host.choices_heard() == 0);
    CHECK(
        rig.encode({rig.find("Trk 5")->id, Control::send, SendId{1}, 0}, Decibel{0.0}).error().code
        == ErrorCode::unsupported);
}

TEST_CASE("at the end of Prefade the surface is in PAN and the selection the user's") {
    SendRig rig(sending_strips(8));
    rig.select(0);
    rig.run(1s);
    REQUIRE(rig.look("Trk 5"));
    REQUIRE(rig.wait(5s, [&] { return !rig.host.is_in_pan(); }));
    DialectOutput out;
    rig.dialect.farewell(out);
    for (const WireMessage& message : out.to_send)
        rig.host.hear(std::get<MidiMessage>(message), rig.now);
    CHECK(rig.host.is_in_pan());
    CHECK(rig.selected() == "Trk 1;");
}

TEST_CASE("whatever happens to tracks, banks and selection meanwhile, no other send is moved") {
    int moves = 0, confirmed = 0, wrong = 0, false_confirmed = 0;
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        std::minstd_rand random(seed);
        const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
        SendRig rig(sending_strips(19));
        std::uint32_t ids = 0;
        std::map<std::uint32_t, std::vector<MackieSend>> rightful;
        for (MackieStrip& strip : rig.host.strips) {
            strip.id = ++ids;
            rightful[strip.id] = strip.sends;
        }
        const auto real = [&](std::uint32_t id) -> MackieStrip* {
            for (MackieStrip& strip : rig.host.strips)
                if (strip.id == id) return &strip;
            return nullptr;
        };
        for (int i = 0; i < 10; ++i) {
            MackieStrip& aim = rig.host.strips[below(rig.host.strips.size())];
            const Strip* told = rig.find(rig.host.cut(aim.name));
            if (aim.sends.empty() || !told) continue;
            const std::uint32_t id = aim.id;
            const StripId strip = told->id;
            if (!rig.look(told->name)) continue;
            rig.run(4s);
            told = rig.session.find(strip);
            if (!told || told->sends.empty()) continue;
            const std::size_t which = below(told->sends.size());
            const double target = -static_cast<double>(below(30));
            const std::size_t ends = rig.ends(), proved = rig.all<WriteProved>().size();
            if (!rig.encode({strip, Control::send, told->sends[which].id, 0}, Decibel{target}))
                continue;
            ++moves;
            rig.run(Milliseconds{static_cast<double>(below(1200))}.span());
            auto& strips = rig.host.strips;
            switch (below(6)) {
            case 0: rig.select(below(strips.size())); break;
            case 1: strips.erase(strips.begin() + static_cast<long>(below(strips.size()))); break;
            case 2: std::rotate(strips.begin(), strips.begin() + 1, strips.begin() + 4); break;
            case 3: rig.host.bank(8, rig.now); break;
            default: break;
            }
            rig.host.changed(rig.now);
            REQUIRE(rig.wait(60s, [&] { return rig.ends() > ends; }));
            MackieStrip* it = real(id);
            if (rig.all<WriteProved>().size() > proved) {
                ++confirmed;
                if (it && std::abs(it->sends[which].position - position_of(target)) > 180.0)
                    ++false_confirmed;
            }
            rig.run(6s);
            if ((it = real(id))) rightful[id][which] = it->sends[which]; // it is ours to move
            for (const MackieStrip& each : rig.host.strips)
                wrong += each.sends != rightful[each.id];
        }
        CHECK(rig.host.is_in_pan());
    }
    INFO(moves << " moves, " << confirmed << " confirmed");
    CHECK(wrong == 0);
    CHECK(false_confirmed == 0);
    CHECK(confirmed > moves / 2);
    CHECK(moves > 15);
}
