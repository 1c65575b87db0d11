// The Ardour dialect hears what a real Ardour 7.3 said (tests/transcripts/README.md): every observation is the
// approved one, and the sentences of the contract that need no move of ours hold.
#include "connectors/transcript.h"

#include "connectors/ardour/dialect.h"
#include "core/session.h"
#include "tests/support/catch.h"
#include "tests/support/sim_desk.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <type_traits>

using namespace prefade;
using namespace prefade::test;

namespace {

const std::string folder = std::string(PREFADE_TESTS_DIR) + "/transcripts/";

/// "[12.345] control \"Vox\" fader -7.50 dB": one observation for people to compare.
struct Writer {
    const Session& session; ///< after it was applied
    std::ostringstream text;

    std::string name(StripId id) const {
        const Strip* strip = session.find(id);
        return '#' + std::to_string(id.value) + (strip ? " \"" + strip->name + '"' : "");
    }
    void operator()(const StripsListed& listed) {
        text << "strips" << (listed.structure_changed ? ", structure changed" : "");
        for (const auto& e : listed.strips)
            text << "\n    #" << e.id.value << " \"" << e.name << "\" "
                 << name_in(strip_kind_names, e.kind) << (e.hidden ? ", hidden" : "")
                 << (e.identity_broken ? ", identity broken" : "");
    }
    void operator()(const StripRenamed& r) {
        text << "renamed #" << r.strip.value << " \"" << r.name << '"';
    }
    void operator()(const ControlChanged& c) {
        text << "control " << session.describe(c.path) << ' ' << session.describe(c.path, c.value);
    }
    void operator()(const ArmChanged& a) { text << "arm " << name(a.strip) << ' ' << a.armed; }
    void operator()(const AutomationChanged& a) {
        text << "automation " << name(a.strip) << ' ' << name_in(automation_mode_names, a.mode);
    }
    void operator()(const Metered& m) {
        text << "meter " << name(m.strip) << ' ' << name_in(meter_kind_names, m.reading.kind) << ' '
             << name_in(tap_names, m.reading.tap) << ' '
             << name_in(channel_names, m.reading.channel) << ' '
             << to_text(Decibel{m.reading.value});
    }
    void operator()(const Touched& t) { text << "touched " << name(t.strip) << ' ' << t.touched; }
    void operator()(const InsertsListed& listed) {
        text << "inserts of " << name(listed.strip)
             << (listed.structure_changed ? ", structure changed" : "");
        for (const Insert& i : listed.inserts)
            text << "\n    " << i.slot << " #" << i.id.value << ' ' << i.plugin
                 << (i.bypassed.value.value_or(false) ? ", bypassed" : "");
    }
    void operator()(const ParametersListed& listed) {
        text << "parameters of " << name(listed.strip) << " #" << listed.insert.value;
        for (const Parameter& p : listed.parameters)
            text << "\n    " << p.number << ' ' << p.name << " = " << p.text
                 << (p.output ? ", a reading" : "");
    }
    void operator()(const SendsListed& listed) {
        text << "sends of " << name(listed.strip);
        for (const Send& s : listed.sends)
            text << "\n    " << s.slot << " #" << s.id.value << " to \"" << s.destination << "\" "
                 << (s.level.value ? to_text(*s.level.value) : "?");
    }
    void operator()(const MarkersListed& listed) {
        text << "markers";
        for (const Marker& m : listed.markers) text << " \"" << m.name << "\" " << m.seconds;
    }
    void operator()(const TransportChanged& t) {
        text << "transport";
        if (t.rolling) text << (*t.rolling ? " rolls" : " stands");
        if (t.recording) text << (*t.recording ? " records" : " does not record");
        if (t.seconds) text << " at " << *t.seconds << " s";
    }
    void operator()(const HostFound& found) {
        text << "host found: " << found.name << ' ' << found.version;
    }
    void operator()(const HostLost& lost) { text << "host lost: " << lost.reason; }
    void operator()(const SessionNamed& named) { text << "session \"" << named.name << '"'; }
    void operator()(const CapabilitiesChanged&) { text << "capabilities"; }
    void operator()(const Noticed& noticed) { text << "noticed: " << noticed.text; }
    template <class Write> void operator()(const Write&) {
        text << "a write of ours, where there is none";
    }
};

struct Heard {
    double seconds;
    Observation observation;
    std::string line;
};

/// The host's side at its own times; ours goes nowhere. Where the recorded daemon spoke, the dialect may too.
struct Replay {
    Transcript transcript;
    Session session;
    std::vector<Heard> heard;
    std::vector<double> inbound; ///< when the host spoke

    Replay() {
        auto loaded = load_transcript(folder + "ardour-7.3.jsonl");
        REQUIRE(loaded);
        transcript = std::move(loaded.value());
        ardour::Dialect dialect(ardour_profile(), "recorded", LinkTraits{});
        const TimePoint start{1000s};
        TimePoint due = start;
        for (const TranscriptLine& line : transcript) {
            const TimePoint at =
                start
                + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(line.seconds));
            while (due < at) due = std::max(due + 1ms, tick(dialect, due, start));
            due = tick(dialect, at, start);
            if (line.direction == WireDirection::out) continue;
            inbound.push_back(line.seconds);
            DialectOutput out;
            dialect.receive(line.message, at, out);
            keep(out, at, start);
            due = tick(dialect, at, start); // as the desk does after what arrived
        }
    }
    TimePoint tick(ardour::Dialect& dialect, TimePoint at, TimePoint start) {
        DialectOutput out;
        const TimePoint next = dialect.tick(at, out);
        keep(out, at, start);
        return next;
    }
    void keep(const DialectOutput& out, TimePoint at, TimePoint start) {
        for (const Observation& o : out.observed) {
            apply(session, o);
            Writer writer{session, {}};
            std::visit(writer, o.what);
            const double seconds = std::chrono::duration<double>(at - start).count();
            char stamp[32];
            std::snprintf(stamp, sizeof stamp, "[%.3f] ", seconds);
            heard.push_back({seconds, o, stamp + writer.text.str()});
        }
    }
    template <class What> std::vector<const Heard*> all() const {
        std::vector<const Heard*> found;
        for (const Heard& h : heard)
            if (std::holds_alternative<What>(h.observation.what)) found.push_back(&h);
        return found;
    }
};

const Replay& replay() {
    static const Replay one;
    return one;
}

std::vector<std::string> lines_of(std::istream& in) {
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Ids by name, of the n-th list.
std::map<std::string, StripId> ids_of(const StripsListed& listed) {
    std::map<std::string, StripId> ids;
    for (const auto& e : listed.strips) ids[e.name] = e.id;
    return ids;
}

} // namespace

TEST_CASE("what a real Ardour said is observed as approved") {
    std::ostringstream text;
    for (const Heard& h : replay().heard) text << h.line << '\n';
    const std::string file = folder + "ardour-7.3.observed.txt";
    if (std::getenv("PREFADE_ACCEPT") != nullptr) {
        std::ofstream(file) << text.str();
        FAIL("written: " << file
                         << "; look at the difference, and run again without PREFADE_ACCEPT");
    }
    std::ifstream in(file);
    REQUIRE(in);
    std::istringstream observed(text.str());
    const auto approved = lines_of(in), now = lines_of(observed);
    const auto [a, b] = std::mismatch(approved.begin(), approved.end(), now.begin(), now.end());
    INFO("line " << a - approved.begin() + 1 << " of " << file
                 << "\napproved: " << (a == approved.end() ? "(the end)" : *a)
                 << "\nobserved: " << (b == now.end() ? "(the end)" : *b)
                 << "\nhow to accept: tests/transcripts/README.md");
    CHECK(a == approved.end());
    CHECK(b == now.end());
}

TEST_CASE("a real Ardour's names arrive in full, and every fader with them") {
    const auto lists = replay().all<StripsListed>();
    REQUIRE(lists.size() >= 2);
    const std::vector<std::string> expected{
        "Kick",       "Snare",  "Hat",       "Bass", "Guitar L", "Guitar R", "Keys",  "Vox",
        "Vox Double", "Shaker", "Hot Synth", "Room", "Reverb",   "Drums",    "Master"};
    std::vector<std::string> names;
    for (const auto& e : std::get<StripsListed>(lists.front()->observation.what).strips)
        names.push_back(e.name);
    CHECK(names == expected);
    for (const Strip& strip : replay().session.strips) CHECK(strip.fader.is_known());
}

TEST_CASE("a real Ardour's renamed track keeps its id") {
    const auto renamed = replay().all<StripRenamed>();
    REQUIRE(renamed.size() == 1);
    const auto ids =
        ids_of(std::get<StripsListed>(replay().all<StripsListed>().front()->observation.what));
    const auto& rename = std::get<StripRenamed>(renamed.front()->observation.what);
    CHECK(rename.name == "Bass DI");
    CHECK(rename.strip == ids.at("Bass"));
}

TEST_CASE("a real Ardour that was killed is lost within three seconds, and read again") {
    const auto lost = replay().all<HostLost>();
    REQUIRE(lost.size() == 1);
    const auto& inbound = replay().inbound;
    const auto last = std::upper_bound(inbound.begin(), inbound.end(), lost.front()->seconds);
    REQUIRE(last != inbound.begin());
    CHECK(lost.front()->seconds - *(last - 1) <= 3.0);
    const auto found = replay().all<HostFound>();
    REQUIRE(found.size() == 2);
    for (const Heard* meter : replay().all<Metered>()) {
        const bool between =
            meter->seconds > lost.front()->seconds && meter->seconds < found.back()->seconds;
        CHECK_FALSE(between);
    }
    const auto lists = replay().all<StripsListed>();
    const auto before = ids_of(std::get<StripsListed>(lists.front()->observation.what)),
               after = ids_of(std::get<StripsListed>(lists.back()->observation.what));
    REQUIRE(after.size() == before.size());
    for (const auto& [name, id] : after) {
        if (name != "Bass") CHECK(id == before.at(name));
        // It went as "Bass DI": by its name it is none that was there.
        if (name == "Bass")
            CHECK(std::none_of(before.begin(), before.end(),
                               [&, id = id](const auto& b) { return b.second == id; }));
    }
    CHECK(replay().session.host.state == HostState::connected);
}
