// The gate, verdict by verdict: each row is a move that would be allowed but for one thing.
#include "daemon/gate.h"

#include "core/observation.h"
#include "tests/support/catch.h"

#include <functional>
#include <limits>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

const TimePoint now{std::chrono::hours(5)};
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr StripId vox{1}, master{2};
constexpr InsertId equaliser{11};
constexpr SendId reverb{21};

ControlPath on_vox(Control control) { return {vox, control, {}, 0}; }
ControlPath parameter(std::uint16_t number) { return {vox, Control::parameter, equaliser, number}; }

Parameter made(std::uint16_t number, const char* name, double value) {
    Parameter p;
    p.number = number;
    p.name = name;
    p.value.learn(Normalized{value}, now);
    return p;
}

/// A song with everything known, and a user's fader move of "Vox" from -6 to -5 dB in mode ask.
struct Scene {
    Session session;
    Capabilities can;
    Policy policy;
    Mode mode{Mode::ask};
    Decibel moved_last_minute;
    bool pending{false};
    Move move;
    bool approved{true};

    Scene() {
        can.set.set();
        can.fader_top = Decibel{6.0};
        can.trim_top = Decibel{20.0};
        tell(HostFound{"fake", "1", "here"});
        tell(StripsListed{{{vox, "Vox", false, StripKind::audio_track, false, false},
                           {master, "Master", false, StripKind::master, false, false}},
                          true});
        Insert insert;
        insert.id = equaliser;
        insert.plugin = "ACE EQ";
        insert.bypassed.learn(false, now);
        tell(InsertsListed{vox, {insert}, true});
        Parameter gain = made(1, "Gain", 0.5), enable = made(2, "Enable", 1.0),
                  reduction = made(3, "Reduction", 0.2);
        enable.toggle = true;
        reduction.output = true;
        Parameter shown;
        shown.number = 4;
        shown.name = "Thresh";
        shown.displayed.learn(Displayed{-18.0}, now);
        tell(ParametersListed{vox, equaliser, {gain, enable, reduction, shown}});
        Send send;
        send.id = reverb;
        send.destination = "Reverb";
        send.level.learn(Decibel{-12.0}, now);
        send.enabled.learn(true, now);
        tell(SendsListed{vox, {send}, true});
        for (const StripId strip : {vox, master}) {
            tell(ControlChanged{{strip, Control::fader, {}, 0}, Decibel{-6.0}});
            tell(ControlChanged{{strip, Control::trim, {}, 0}, Decibel{0.0}});
            tell(ControlChanged{{strip, Control::pan, {}, 0}, Pan{0.0}});
            tell(ControlChanged{{strip, Control::mute, {}, 0}, false});
            tell(ControlChanged{{strip, Control::solo, {}, 0}, false});
        }
        aim(on_vox(Control::fader), Decibel{-5.0});
        move.epoch = session.epoch;
    }
    void tell(Happening what, TimePoint at = now) { apply(session, {at, std::move(what)}); }
    void aim(ControlPath path, ControlValue target) {
        move.path = path;
        move.target = target;
    }
    /// Nobody said yes to it: mode auto, or a model that asks.
    void alone(Source source, Mode in = Mode::automatic) {
        move.source = source;
        mode = in;
        approved = false;
    }
    Strip& strip() { return session.strips.front(); }
    GateView view() const { return {session, can, policy, mode, moved_last_minute, pending}; }
    Verdict judge() const { return Gate::judge(move, view(), approved, now); }
};

struct Row {
    const char* when;
    std::function<void(Scene&)> arrange;
    Verdict::Kind expected;
    const char* says; ///< part of the reason
};

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        Scene scene;
        row.arrange(scene);
        const Verdict verdict = scene.judge();
        INFO(row.when << ": " << verdict.reason);
        CHECK(verdict.kind == row.expected);
        CHECK(verdict.reason.find(row.says) != std::string::npos);
        CHECK(verdict.reason.empty() == (verdict.kind == Verdict::Kind::allowed));
        Verdict again;
        const auto licence = Gate::approve(scene.move, scene.view(), scene.approved, now, again);
        CHECK(licence.has_value() == (row.expected == Verdict::Kind::allowed));
        CHECK(again.kind == verdict.kind);
    }
}

} // namespace

TEST_CASE("the gate: a licence says what is moved, from where, and who said yes") {
    Scene s;
    Verdict verdict;
    const auto user = Gate::approve(s.move, s.view(), true, now, verdict);
    REQUIRE(user);
    CHECK(user->move().target == ControlValue{Decibel{-5.0}});
    CHECK(user->before() == ControlValue{Decibel{-6.0}});
    CHECK(user->approved_by() == "user");
    CHECK(user->approved_at() == now);
    s.alone(Source::rule);
    const auto alone = Gate::approve(s.move, s.view(), false, now, verdict);
    REQUIRE(alone);
    CHECK(alone->approved_by() == "mode auto");
}

TEST_CASE("the gate moves only what is there and is still the same thing") {
    check({
        {"no host yet", [](Scene& s) { s.session.host.state = HostState::searching; },
         Verdict::Kind::refused, "no DAW"},
        {"host lost", [](Scene& s) { s.tell(HostLost{"gone"}); }, Verdict::Kind::refused, "no DAW"},
        {"no such strip", [](Scene& s) { s.move.path.strip = StripId{9}; }, Verdict::Kind::refused,
         "does not exist"},
        {"no strip at all", [](Scene& s) { s.move.path.strip = {}; }, Verdict::Kind::refused,
         "does not exist"},
        {"no such insert",
         [](Scene& s) {
             s.aim({vox, Control::bypass, InsertId{99}, 0}, true);
         },
         Verdict::Kind::refused, "does not exist"},
        {"no such send",
         [](Scene& s) {
             s.aim({vox, Control::send, SendId{99}, 0}, Decibel{-10.0});
         },
         Verdict::Kind::refused, "does not exist"},
        {"no such parameter", [](Scene& s) { s.aim(parameter(9), Normalized{0.5}); },
         Verdict::Kind::refused, "not known"},
        {"another strip exchanged since",
         [](Scene& s) {
             s.tell(StripsListed{{{vox, "Vox", false, StripKind::audio_track, false, false},
                                  {StripId{3}, "New", false, StripKind::audio_track, false, false}},
                                 true});
         },
         Verdict::Kind::allowed, ""},
        {"this strip exchanged since",
         [](Scene& s) {
             s.tell(StripsListed{{{vox, "Vox", false, StripKind::audio_track, false, true}}, true});
             s.tell(ControlChanged{on_vox(Control::fader), Decibel{-6.0}});
         },
         Verdict::Kind::refused, "exchanged"},
        {"its plugin exchanged since",
         [](Scene& s) {
             s.aim({vox, Control::bypass, InsertId{12}, 0}, true);
             Insert other;
             other.id = InsertId{12};
             other.bypassed.learn(false, now);
             s.tell(InsertsListed{vox, {other}, true});
         },
         Verdict::Kind::refused, "exchanged"},
        {"its send exchanged since",
         [](Scene& s) {
             s.aim({vox, Control::send, SendId{22}, 0}, Decibel{-10.0});
             Send other;
             other.id = SendId{22};
             other.level.learn(Decibel{-12.0}, now);
             s.tell(SendsListed{vox, {other}, true});
         },
         Verdict::Kind::refused, "exchanged"},
        {"a move without an epoch", [](Scene& s) { s.move.epoch = 0; }, Verdict::Kind::refused,
         "since this was thought up"},
        {"a move of another run, whose epochs went further",
         [](Scene& s) { s.move.epoch = s.session.epoch + 1; }, Verdict::Kind::refused,
         "since this was thought up"},
    });
}

TEST_CASE("the gate knows one path to a control, so that limits cannot be walked around") {
    check({
        {"a fader on an insert", [](Scene& s) { s.move.path.on = equaliser; },
         Verdict::Kind::refused, "path"},
        {"a fader on a send", [](Scene& s) { s.move.path.on = reverb; }, Verdict::Kind::refused,
         "path"},
        {"a fader on no insert", [](Scene& s) { s.move.path.on = InsertId{}; },
         Verdict::Kind::refused, "path"},
        {"a fader with a parameter", [](Scene& s) { s.move.path.parameter = 1; },
         Verdict::Kind::refused, "path"},
        {"a bypass with a parameter",
         [](Scene& s) {
             s.aim({vox, Control::bypass, equaliser, 1}, true);
         },
         Verdict::Kind::refused, "path"},
        {"a bypass of nothing", [](Scene& s) { s.aim(on_vox(Control::bypass), true); },
         Verdict::Kind::refused, "path"},
        {"a send to nowhere", [](Scene& s) { s.aim(on_vox(Control::send), Decibel{-10.0}); },
         Verdict::Kind::refused, "path"},
        {"a parameter of a send",
         [](Scene& s) {
             s.aim({vox, Control::parameter, reverb, 1}, Normalized{0.5});
         },
         Verdict::Kind::refused, "path"},
        {"a send switch of an insert",
         [](Scene& s) {
             s.aim({vox, Control::send_enabled, equaliser, 0}, true);
         },
         Verdict::Kind::refused, "path"},
    });
}

TEST_CASE("the gate asks the host's capabilities for every control") {
    const std::vector<std::pair<Capability, std::pair<ControlPath, ControlValue>>> needs{
        {Capability::write_trim, {on_vox(Control::trim), Decibel{1.0}}},
        {Capability::write_fader, {on_vox(Control::fader), Decibel{-5.0}}},
        {Capability::write_pan, {on_vox(Control::pan), Pan{-0.3}}},
        {Capability::write_mute, {on_vox(Control::mute), true}},
        {Capability::write_solo, {on_vox(Control::solo), true}},
        {Capability::write_send, {{vox, Control::send, reverb, 0}, Decibel{-10.0}}},
        {Capability::write_send, {{vox, Control::send_enabled, reverb, 0}, false}},
        {Capability::write_parameter, {parameter(1), Normalized{0.6}}},
        {Capability::write_bypass, {{vox, Control::bypass, equaliser, 0}, true}},
    };
    for (const auto& [need, aim] : needs) {
        Scene s;
        s.aim(aim.first, aim.second);
        INFO(name_in(capability_names, need) << ' ' << s.judge().reason);
        CHECK(s.judge().kind == Verdict::Kind::allowed);
        s.can.set.reset(static_cast<std::size_t>(need));
        CHECK(s.judge().kind == Verdict::Kind::refused);
        CHECK(s.judge().reason.find(name_in(capability_names, need)) != std::string::npos);
    }
}

TEST_CASE("the gate refuses what no control can hold") {
    const auto level = [](Control control, double db) {
        return [=](Scene& s) { s.aim(on_vox(control), Decibel{db}); };
    };
    check({
        {"fader to silence", level(Control::fader, -infinite), Verdict::Kind::allowed, ""},
        {"fader at the host's top", level(Control::fader, 6.0), Verdict::Kind::allowed, ""},
        {"fader above the host's top", level(Control::fader, 6.1), Verdict::Kind::refused, "top"},
        {"fader huge", level(Control::fader, 1e300), Verdict::Kind::refused, "not a level"},
        {"fader +inf", level(Control::fader, infinite), Verdict::Kind::refused, "not a level"},
        {"fader NaN", level(Control::fader, no_number), Verdict::Kind::refused, "not a level"},
        {"trim at its ends", level(Control::trim, -20.0), Verdict::Kind::allowed, ""},
        {"trim below its foot", level(Control::trim, -20.1), Verdict::Kind::refused, "lowest trim"},
        {"trim to silence", level(Control::trim, -infinite), Verdict::Kind::refused, "lowest trim"},
        {"trim above its top", level(Control::trim, 20.1), Verdict::Kind::refused, "top"},
        {"trim NaN", level(Control::trim, no_number), Verdict::Kind::refused, "not a level"},
        {"send above the top",
         [](Scene& s) {
             s.aim({vox, Control::send, reverb, 0}, Decibel{6.1});
         },
         Verdict::Kind::refused, "top"},
        {"pan hard left", [](Scene& s) { s.aim(on_vox(Control::pan), Pan{-1.0}); },
         Verdict::Kind::allowed, ""},
        {"pan beyond right", [](Scene& s) { s.aim(on_vox(Control::pan), Pan{1.001}); },
         Verdict::Kind::refused, "pan lies"},
        {"pan NaN", [](Scene& s) { s.aim(on_vox(Control::pan), Pan{no_number}); },
         Verdict::Kind::refused, "pan lies"},
        {"parameter at its end", [](Scene& s) { s.aim(parameter(1), Normalized{1.0}); },
         Verdict::Kind::allowed, ""},
        {"parameter above it", [](Scene& s) { s.aim(parameter(1), Normalized{1.0001}); },
         Verdict::Kind::refused, "range"},
        {"parameter below it", [](Scene& s) { s.aim(parameter(1), Normalized{-0.0001}); },
         Verdict::Kind::refused, "range"},
        {"parameter NaN", [](Scene& s) { s.aim(parameter(1), Normalized{no_number}); },
         Verdict::Kind::refused, "range"},
        {"a parameter that is a meter", [](Scene& s) { s.aim(parameter(3), Normalized{0.5}); },
         Verdict::Kind::refused, "reading"},
        {"a switch on", [](Scene& s) { s.aim(parameter(2), Normalized{1.0}); },
         Verdict::Kind::allowed, ""},
        {"a switch half on", [](Scene& s) { s.aim(parameter(2), Normalized{0.5}); },
         Verdict::Kind::refused, "switch"},
        {"undo of what a host said of a switch",
         [](Scene& s) {
             s.aim(parameter(2), Normalized{0.5});
             s.move.source = Source::undo;
         },
         Verdict::Kind::allowed, ""},
        {"what a display is to show", [](Scene& s) { s.aim(parameter(4), Displayed{-24.0}); },
         Verdict::Kind::allowed, ""},
        {"a displayed NaN", [](Scene& s) { s.aim(parameter(4), Displayed{no_number}); },
         Verdict::Kind::refused, "not a number"},
        {"a part of a range that nobody knows",
         [](Scene& s) { s.aim(parameter(4), Normalized{0.5}); }, Verdict::Kind::refused,
         "range is not known"},
        {"a displayed number for what has a range",
         [](Scene& s) { s.aim(parameter(1), Displayed{-3.0}); }, Verdict::Kind::refused,
         "has a range"},
        {"a level for a switch", [](Scene& s) { s.aim(on_vox(Control::mute), Decibel{0.0}); },
         Verdict::Kind::refused, "does not take"},
        {"a switch for a fader", [](Scene& s) { s.aim(on_vox(Control::fader), true); },
         Verdict::Kind::refused, "does not take"},
        {"a pan for a parameter", [](Scene& s) { s.aim(parameter(1), Pan{0.5}); },
         Verdict::Kind::refused, "does not take"},
        {"glide of a minute", [](Scene& s) { s.move.glide = Milliseconds{60'000.0}; },
         Verdict::Kind::allowed, ""},
        {"glide backwards", [](Scene& s) { s.move.glide = Milliseconds{-1.0}; },
         Verdict::Kind::refused, "glide"},
        {"glide NaN", [](Scene& s) { s.move.glide = Milliseconds{no_number}; },
         Verdict::Kind::refused, "glide"},
        {"glide for ever", [](Scene& s) { s.move.glide = Milliseconds{infinite}; },
         Verdict::Kind::refused, "glide"},
    });
}

TEST_CASE("the gate moves nothing whose value it does not know now") {
    const auto bank = [](Scene& s) {
        s.can.set.reset(static_cast<std::size_t>(Capability::sees_all_strips));
    };
    check({
        {"never told", [](Scene& s) { s.strip().fader.value.reset(); }, Verdict::Kind::refused,
         "not known"},
        {"send never told",
         [](Scene& s) {
             s.aim({vox, Control::send, reverb, 0}, Decibel{-10.0});
             s.strip().sends[0].level.value.reset();
         },
         Verdict::Kind::refused, "not known"},
        {"old, at a host that tells every change", [](Scene& s) { s.strip().fader.at = now - 1h; },
         Verdict::Kind::allowed, ""},
        {"10 s old, at a host that shows a bank",
         [&](Scene& s) {
             bank(s);
             s.strip().fader.at = now - 10s;
         },
         Verdict::Kind::allowed, ""},
        {"older, at a host that shows a bank",
         [&](Scene& s) {
             bank(s);
             s.strip().fader.at = now - 10'001ms;
         },
         Verdict::Kind::refused, "last seen 10.0 s ago"},
    });
}

TEST_CASE("the gate never fights a hand, not even to undo") {
    const auto source =
        GENERATE(Source::user, Source::rule, Source::model, Source::api, Source::undo);
    const auto touched = [=](Scene& s) {
        s.move.source = source;
        s.tell(Touched{vox, true});
    };
    const auto left = [=](Scene& s, Duration ago) {
        s.move.source = source;
        s.tell(Touched{vox, false}, now - ago);
    };
    check({
        {"a finger is on it", touched, Verdict::Kind::refused, "a hand is on"},
        {"it left 1.999 s ago", [=](Scene& s) { left(s, 1999ms); }, Verdict::Kind::refused,
         "a hand moved"},
        {"it left 2 s ago", [=](Scene& s) { left(s, 2s); }, Verdict::Kind::allowed, ""},
        {"it will leave, says the clock", [=](Scene& s) { left(s, -1s); }, Verdict::Kind::refused,
         "a hand moved"},
        {"it is on another strip",
         [=](Scene& s) {
             s.move.source = source;
             s.tell(Touched{master, true});
         },
         Verdict::Kind::allowed, ""},
    });
}

TEST_CASE("the gate waits for the move before, and for the end of a recording") {
    check({
        {"another move of this control", [](Scene& s) { s.pending = true; }, Verdict::Kind::refused,
         "under way"},
        {"recording",
         [](Scene& s) {
             s.tell(TransportChanged{true, true, std::nullopt});
         },
         Verdict::Kind::refused, "recording"},
        {"recording, and it is an undo",
         [](Scene& s) {
             s.move.source = Source::undo;
             s.tell(TransportChanged{true, true, std::nullopt});
         },
         Verdict::Kind::refused, "recording"},
        {"rolling only",
         [](Scene& s) {
             s.tell(TransportChanged{true, false, std::nullopt});
         },
         Verdict::Kind::allowed, ""},
        {"the host does not tell", [](Scene& s) { s.session.transport.recording.value.reset(); },
         Verdict::Kind::allowed, ""},
    });
}

TEST_CASE("the gate keeps out of automation that would record the move or take it back") {
    const auto mode = [](AutomationMode m) {
        return [m](Scene& s) { s.tell(AutomationChanged{vox, m}); };
    };
    const auto alone = [](AutomationMode m, Control control) {
        return [=](Scene& s) {
            s.aim(on_vox(control), control == Control::fader ? Decibel{-5.0} : Decibel{1.0});
            s.alone(Source::rule);
            s.tell(AutomationChanged{vox, m});
        };
    };
    check({
        {"write", mode(AutomationMode::write), Verdict::Kind::refused, "recorded"},
        {"latch", mode(AutomationMode::latch), Verdict::Kind::refused, "recorded"},
        {"touch", mode(AutomationMode::touch), Verdict::Kind::refused, "recorded"},
        {"read, and a person wants it", mode(AutomationMode::read), Verdict::Kind::allowed, ""},
        {"off", mode(AutomationMode::off), Verdict::Kind::allowed, ""},
        {"write, and it is an undo",
         [](Scene& s) {
             s.move.source = Source::undo;
             s.tell(AutomationChanged{vox, AutomationMode::write});
         },
         Verdict::Kind::refused, "recorded"},
        {"write, but of the trim",
         [](Scene& s) {
             s.aim(on_vox(Control::trim), Decibel{1.0});
             s.tell(AutomationChanged{vox, AutomationMode::write});
         },
         Verdict::Kind::allowed, ""},
        {"read, in auto", alone(AutomationMode::read, Control::fader),
         Verdict::Kind::needs_approval, "trim"},
        {"read, in auto, trim", alone(AutomationMode::read, Control::trim), Verdict::Kind::allowed,
         ""},
        {"off, in auto", alone(AutomationMode::off, Control::fader), Verdict::Kind::allowed, ""},
    });
}

TEST_CASE("the gate holds every source to the ceiling but undo") {
    const auto high = [](Source source, Control control) {
        return [=](Scene& s) {
            s.policy.ceiling = Decibel{0.0};
            s.policy.step = s.policy.per_minute = Decibel{20.0};
            const bool send = control == Control::send;
            s.aim(send ? ControlPath{vox, control, reverb, 0} : on_vox(control), Decibel{0.1});
            s.move.source = source;
        };
    };
    check({
        {"user", high(Source::user, Control::fader), Verdict::Kind::refused, "ceiling"},
        {"rule", high(Source::rule, Control::fader), Verdict::Kind::refused, "ceiling"},
        {"model", high(Source::model, Control::fader), Verdict::Kind::refused, "ceiling"},
        {"api", high(Source::api, Control::fader), Verdict::Kind::refused, "ceiling"},
        {"undo", high(Source::undo, Control::fader), Verdict::Kind::allowed, ""},
        {"send", high(Source::user, Control::send), Verdict::Kind::refused, "ceiling"},
        {"trim is a gain, not a level", high(Source::user, Control::trim), Verdict::Kind::allowed,
         ""},
        {"at the ceiling",
         [](Scene& s) {
             s.policy.ceiling = Decibel{0.0};
             s.aim(on_vox(Control::fader), Decibel{0.0});
         },
         Verdict::Kind::allowed, ""},
        {"undo above the host's top",
         [](Scene& s) {
             s.move.source = Source::undo;
             s.aim(on_vox(Control::fader), Decibel{6.1});
         },
         Verdict::Kind::refused, "top"},
    });
}

TEST_CASE(
    "the gate limits step and rate of what no person chose, and of models and programs always") {
    const auto step = [](Source source, Mode mode, bool approved, double db, double moved = 0.0) {
        return [=](Scene& s) {
            s.move.source = source;
            s.mode = mode;
            s.approved = approved;
            s.moved_last_minute = Decibel{moved};
            s.aim(on_vox(Control::fader), Decibel{-6.0 - db});
        };
    };
    constexpr Mode automatic = Mode::automatic, ask = Mode::ask;
    check({
        {"user, 20 dB", step(Source::user, ask, true, 20.0, 50.0), Verdict::Kind::allowed, ""},
        {"user's yes to a rule, 20 dB, in auto", step(Source::rule, automatic, true, 20.0),
         Verdict::Kind::allowed, ""},
        {"rule asks for 20 dB", step(Source::rule, ask, false, 20.0), Verdict::Kind::needs_approval,
         "approves"},
        {"undo of 20 dB in auto", step(Source::undo, automatic, true, 20.0, 50.0),
         Verdict::Kind::allowed, ""},
        {"undo of 20 dB in auto by itself", step(Source::undo, automatic, false, 20.0, 50.0),
         Verdict::Kind::allowed, ""},
        {"rule in auto, 3 dB", step(Source::rule, automatic, false, 3.0), Verdict::Kind::allowed,
         ""},
        {"rule in auto, 3.01 dB", step(Source::rule, automatic, false, 3.01),
         Verdict::Kind::refused, "step"},
        {"nobody's user move in auto", step(Source::user, automatic, false, 3.01),
         Verdict::Kind::refused, "step"},
        {"rule in auto, 3 dB after 3", step(Source::rule, automatic, false, 3.0, 3.0),
         Verdict::Kind::allowed, ""},
        {"rule in auto, 3 dB after 3.1", step(Source::rule, automatic, false, 3.0, 3.1),
         Verdict::Kind::refused, "a minute"},
        {"rule in auto, after a jump from silence",
         step(Source::rule, automatic, false, 1.0, infinite), Verdict::Kind::refused, "a minute"},
        {"model, approved, 3.1 dB", step(Source::model, ask, true, 3.1), Verdict::Kind::refused,
         "step"},
        {"model, asks for 3.1 dB", step(Source::model, ask, false, 3.1), Verdict::Kind::refused,
         "step"},
        {"model, asks for 3 dB", step(Source::model, ask, false, 3.0),
         Verdict::Kind::needs_approval, "approves"},
        {"api, approved, 3.1 dB", step(Source::api, ask, true, 3.1), Verdict::Kind::refused,
         "step"},
        {"api, approved, 1 dB after 6", step(Source::api, ask, true, 1.0, 6.0),
         Verdict::Kind::refused, "a minute"},
        {"api, approved, 3 dB", step(Source::api, ask, true, 3.0), Verdict::Kind::allowed, ""},
        {"rule in auto, to silence", step(Source::rule, automatic, false, infinite),
         Verdict::Kind::refused, "step"},
        {"rule in auto, from silence",
         [](Scene& s) {
             s.alone(Source::rule);
             s.strip().fader.learn(Decibel::silence(), now);
         },
         Verdict::Kind::refused, "step"},
        {"rule in auto, from a value that is no number",
         [](Scene& s) {
             s.alone(Source::rule);
             s.strip().fader.learn(Decibel{no_number}, now);
         },
         Verdict::Kind::refused, "step"},
    });
}

TEST_CASE("the gate lets mode auto do only what the policy names and a limit in dB can bind") {
    const auto alone = [](Source source, ControlPath path, ControlValue target) {
        return [=](Scene& s) {
            s.alone(source);
            s.policy.automatic = {Control::fader, Control::trim, Control::send,
                                  Control::mute,  Control::pan,  Control::parameter};
            s.aim(path, target);
        };
    };
    check({
        {"fader", alone(Source::rule, on_vox(Control::fader), Decibel{-5.0}),
         Verdict::Kind::allowed, ""},
        {"a model's fader", alone(Source::model, on_vox(Control::fader), Decibel{-5.0}),
         Verdict::Kind::allowed, ""},
        {"send", alone(Source::rule, {vox, Control::send, reverb, 0}, Decibel{-11.0}),
         Verdict::Kind::allowed, ""},
        {"mute", alone(Source::rule, on_vox(Control::mute), true), Verdict::Kind::needs_approval,
         "no step limit"},
        {"pan", alone(Source::rule, on_vox(Control::pan), Pan{0.1}), Verdict::Kind::needs_approval,
         "no step limit"},
        {"parameter", alone(Source::model, parameter(1), Normalized{0.9}),
         Verdict::Kind::needs_approval, "no step limit"},
        {"a program's fader", alone(Source::api, on_vox(Control::fader), Decibel{-5.0}),
         Verdict::Kind::needs_approval, "approves"},
        {"master", alone(Source::rule, {master, Control::fader, {}, 0}, Decibel{-5.0}),
         Verdict::Kind::needs_approval, "policy"},
        {"a control the policy leaves out",
         [](Scene& s) {
             s.alone(Source::rule);
             s.policy.automatic = {Control::trim};
         },
         Verdict::Kind::needs_approval, "policy"},
        {"a strip the policy leaves out",
         [](Scene& s) {
             s.alone(Source::rule);
             s.policy.strips = {"Bass"};
         },
         Verdict::Kind::needs_approval, "policy"},
    });
}

TEST_CASE("the gate in mode watch lets nothing through but undo") {
    const auto watching = [](Source source, bool approved) {
        return [=](Scene& s) {
            s.alone(source, Mode::watch);
            s.approved = approved;
        };
    };
    check({
        {"user", watching(Source::user, true), Verdict::Kind::refused, "mode watch"},
        {"rule, approved", watching(Source::rule, true), Verdict::Kind::refused, "mode watch"},
        {"model", watching(Source::model, false), Verdict::Kind::refused, "mode watch"},
        {"api", watching(Source::api, false), Verdict::Kind::refused, "mode watch"},
        {"undo", watching(Source::undo, true), Verdict::Kind::allowed, ""},
        {"undo nobody asked for", watching(Source::undo, false), Verdict::Kind::needs_approval,
         "approves"},
    });
}

TEST_CASE("the gate asks in mode ask, whoever it is that did not say yes") {
    const auto source =
        GENERATE(Source::user, Source::rule, Source::model, Source::api, Source::undo);
    check({{"no yes yet", [=](Scene& s) { s.alone(source, Mode::ask); },
            Verdict::Kind::needs_approval, "a person approves"}});
}
