#include "tests/overlay/snapshots.h"

#include "core/observation.h"

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

Strip strip(std::uint32_t id, std::string name, std::string role, double fader, double peak,
            double resolution = 0.1) {
    Strip s;
    s.id = StripId{id};
    s.name = std::move(name);
    s.role = std::move(role);
    s.position = static_cast<std::uint16_t>(id - 1);
    s.fader.learn(Decibel{fader}, drawn_at - 2s);
    s.pan.learn(Pan{0.0}, drawn_at - 2s);
    s.mute.learn(false, drawn_at - 2s);
    s.solo.learn(false, drawn_at - 2s);
    Meter meter;
    meter.latest = {MeterKind::sample_peak, Channel::sum,   Tap::post_fader, peak,
                    Decibel{resolution},    drawn_at - 60ms};
    meter.recent.add(peak + 2.4, drawn_at - 3s);
    meter.recent.add(peak, drawn_at - 60ms);
    s.meters.push_back(meter);
    return s;
}

Advice advice(std::uint32_t id, Severity severity, const Strip& about, std::string says,
              std::optional<double> fader_to = std::nullopt) {
    Advice a;
    a.id = AdviceId{id};
    a.rule = severity == Severity::fault ? "clipping-strip" : "too-quiet";
    a.severity = severity;
    a.about = {{about.id, Control::fader, {}, 0}};
    a.says = std::move(says);
    a.evidence = {
        {about.id, "sample peak after the fader, last 3 s", 2.69, "dBFS", drawn_at - 120ms},
        {about.id, "fader", 3.0, "dB", drawn_at - 2s}};
    if (fader_to) {
        Move move;
        move.path = {about.id, Control::fader, {}, 0};
        move.target = Decibel{*fader_to};
        a.suggests.push_back(move);
    }
    a.since = drawn_at - 12s;
    a.source = "Working practice: a track that clips is heard on every system";
    return a;
}

MoveRecord record(std::uint32_t id, const Strip& of, MoveStage stage,
                  std::optional<Outcome> outcome = std::nullopt, std::uint32_t takes = 0) {
    MoveRecord r;
    r.move.id = MoveId{id};
    r.move.path = {of.id, Control::fader, {}, 0};
    r.move.target = Decibel{-9.0};
    r.move.source = takes ? Source::rule : Source::user;
    r.move.why = "over full scale";
    r.move.advice = AdviceId{takes};
    r.strip_name = of.name;
    r.before = Decibel{-5.3};
    r.stage = stage;
    r.outcome = std::move(outcome);
    return r;
}

Snapshot connected() {
    Snapshot s;
    s.sequence = 7;
    s.taken = drawn_at;
    Host& host = s.session.host;
    host.name = "ardour";
    host.version = "7.3";
    host.address = "127.0.0.1:3819";
    host.session_name = "Summer song";
    host.state = HostState::connected;
    host.since = drawn_at - 60s;
    s.session.transport.rolling.learn(true, drawn_at - 1s);
    s.session.transport.recording.learn(false, drawn_at - 1s);
    s.session.transport.seconds.learn(62.5, drawn_at);
    for (const auto capability :
         {Capability::read_fader, Capability::write_fader, Capability::read_mute,
          Capability::write_mute, Capability::read_meter_peak, Capability::full_names})
        s.capabilities.with(capability);
    s.traffic.received_per_second = 212.0;
    return s;
}

} // namespace

Snapshot nothing_yet() {
    Snapshot s;
    s.taken = drawn_at;
    return s;
}

Snapshot three_strips() {
    Snapshot s = connected();
    s.session.strips = {strip(1, "Kick", "kick", -3.2, -8.4), strip(2, "Hot Synth", "", 3.0, 2.7),
                        strip(3, "Lead Vox", "lead vocal", -2.6, -14.2, 6.0)};
    s.session.strips[2].mute.learn(true, drawn_at - 2s);
    s.advice = {
        advice(3, Severity::fault, s.session.strips[1],
               "\"Hot Synth\" peaks at +2.7 dBFS after its fader, over full scale. Lower it by "
               "8.7 dB, so that it peaks at -6 dBFS.",
               -5.7),
        advice(4, Severity::hint, s.session.strips[0],
               "\"Kick\" never came over -38.0 dBFS in the last 10 s: it may go unheard.")};
    return s;
}

Snapshot masked_strips() {
    Snapshot s = three_strips();
    s.capabilities.with(Capability::read_spectrum);
    const auto masked = [&](std::uint32_t by, std::uint32_t target, double share, double hz) {
        Masking m;
        m.masker = m.mover = StripId{by};
        m.target = StripId{target};
        m.low = m.centre = m.high = Hertz{hz};
        m.share = share;
        m.share_after = share / 2.0;
        m.gain = Decibel{-3.0};
        m.q = 1.2;
        m.since = drawn_at - 42s;
        m.at = drawn_at;
        s.session.masking.push_back(m);
    };
    masked(2, 3, 0.82, 2400.0);
    masked(1, 3, 0.44, 250.0);
    masked(1, 2, 0.31, 63.0);
    return s;
}

Snapshot demo() {
    Snapshot s = three_strips();
    s.session.host.name = "demo";
    s.session.host.address = "in this program";
    s.session.host.session_name = "Two minutes";
    return s;
}

Snapshot many_strips(std::size_t count) {
    Snapshot s = connected();
    const char* names[] = {"Kick",
                           "A very long name that somebody wrote to say all of the take",
                           "שירה ראשית",      // Hebrew: lead vocals
                           "غناء رئيسي Lead", // Arabic: lead vocals
                           "Bad\x1b[2Jname\xe2\x80\xae turned",
                           "Gitarre übers Häuschen"};
    for (std::size_t i = 0; i < count; ++i)
        s.session.strips.push_back(
            strip(static_cast<std::uint32_t>(i + 1),
                  std::string(names[i % std::size(names)]) + ' ' + std::to_string(i + 1),
                  i % 3 == 0 ? "kick" : "", -static_cast<double>(i % 20),
                  -static_cast<double>(i % 50), i % 2 ? 0.1 : 6.0));
    if (count > 2)
        s.advice = {advice(
            1, Severity::caution, s.session.strips[2],
            '"' + s.session.strips[2].name + "\" peaks at -0.4 dBFS: little headroom.", -6.0)};
    return s;
}

Snapshot lost_host() {
    Snapshot s = three_strips();
    s.session.host.state = HostState::lost;
    s.session.transport = {};
    return s;
}

Snapshot much_advice(std::size_t count) {
    Snapshot s = three_strips();
    s.advice.clear();
    for (std::size_t i = 0; i < count; ++i) {
        const Severity severity = i < count / 3       ? Severity::fault
                                  : i < 2 * count / 3 ? Severity::caution
                                                      : Severity::hint;
        s.advice.push_back(advice(static_cast<std::uint32_t>(i + 1), severity,
                                  s.session.strips[i % 3],
                                  "Words of advice " + std::to_string(i + 1)
                                      + " that are long enough to need more than one line in a "
                                        "window as narrow as this one is.",
                                  i % 2 == 0 ? std::optional(-6.0) : std::nullopt));
    }
    using Kind = Outcome::Kind;
    const Strip& kick = s.session.strips[0];
    const auto done = [&](std::uint32_t id, Kind kind, std::string reason,
                          std::uint32_t takes = 0) {
        s.moves.push_back(record(id, kick, MoveStage::done,
                                 Outcome{kind, Decibel{-9.0}, std::move(reason)}, takes));
    };
    done(1, Kind::confirmed, "");
    done(2, Kind::unconfirmed, "no echo in 2 s");
    done(3, Kind::superseded, "a hand moved it on", 1);
    done(4, Kind::refused, "\"Kick\" fader: a hand is on it");
    done(5, Kind::failed, "another strip was hit and put back");
    done(6, Kind::unknown, "the daemon ended before the outcome was known");
    s.moves.push_back(record(7, kick, MoveStage::sent));
    s.moves.push_back(record(8, kick, MoveStage::in_place));
    s.moves.push_back(record(9, kick, MoveStage::proposed));
    s.moves.push_back(record(10, kick, MoveStage::proposed, std::nullopt, 2));
    return s;
}

Json json_of(const Snapshot& snapshot) { return *parse_json(to_line(snapshot, drawn_at)); }

} // namespace prefade::test
