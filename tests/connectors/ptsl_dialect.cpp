// Pro Tools' dialect against answers made here, time running as the test says.
#include "connectors/ptsl/dialect.h"
#include "core/json.h"
#include "core/session.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <functional>

using namespace prefade;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using End = CallMessage::End;

namespace {

Json track(const std::string& id, const std::string& name, bool muted = false,
           const char* type = "TType_Audio") {
    return {{"id", id},
            {"name", name},
            {"type", type},
            {"track_attributes",
             {{"is_muted", muted}, {"is_soloed", false}, {"is_record_enabled", true}}}};
}

/// The dialect, what it is answered, and the session that comes of it.
class Rig {
public:
    explicit Rig(int version = 2025) : dialect_(profile(), "127.0.0.1:31416") {
        says("GetPTSLVersion", {{"version", version}, {"version_minor", version > 5 ? 10 : 0}});
        says("GetSessionName", {{"session_name", "Ballad"}});
        says("GetSessionSampleRate", {{"sample_rate", 48'000}});
        says("GetSessionTimeCodeRate", {{"current_setting", 3}});
        says("GetSessionStartTime", {{"session_start_time", "00:00:00:00"}});
        says("GetTransportState", {{"current_setting", "TS_TransportStopped"}});
        says("GetMemoryLocations", {{"memory_locations", Json::array()}});
        list({track("{k}", "Kick In", true), track("{v}", "Lead Vox — Dbl")});
    }
    static HostProfile profile() {
        HostProfile made;
        made.name = "protools-sdk";
        made.title = "Pro Tools";
        return made;
    }

    void list(const Json& tracks) {
        says("GetTrackList",
             {{"track_list", tracks}, {"pagination_response", {{"total", tracks.size()}}}});
    }
    void says(const std::string& command, const Json& body) { ends(command, body, End::answered); }
    void ends(const std::string& command, const Json& body, End end, int code = -1) {
        CallMessage answer;
        answer.command = command;
        answer.body = body.is_null() ? "" : body.dump();
        answer.end = end;
        answer.code = code;
        answer.why = end == End::answered ? "" : "in words";
        answers_[command] = [answer](const CallMessage&) { return answer; };
    }
    void answers(const std::string& command,
                 std::function<CallMessage(const CallMessage&)> answer) {
        answers_[command] = std::move(answer);
    }

    void run(Duration span) {
        for (const TimePoint end = now + span; now < end; now += 50ms) {
            DialectOutput out;
            dialect_.tick(now, out);
            carry(out);
        }
    }
    void carry(DialectOutput& out) {
        for (;;) {
            for (const Observation& each : out.observed) {
                apply(session, each);
                observed.push_back(each);
            }
            const auto to_send = std::move(out.to_send);
            out = {};
            if (to_send.empty() || silent) return;
            for (const WireMessage& message : to_send) {
                const auto& question = std::get<CallMessage>(message);
                asked.push_back(question.command);
                CallMessage answer;
                answer.command = question.command;
                if (answers_.contains(question.command))
                    answer = answers_[question.command](question);
                answer.number = question.number;
                dialect_.receive(answer, now, out);
            }
        }
    }
    auto count(const std::string& command) const {
        return std::count(asked.begin(), asked.end(), command);
    }
    template <class T> std::size_t told() const {
        return static_cast<std::size_t>(
            std::count_if(observed.begin(), observed.end(), [](const Observation& each) {
                return std::holds_alternative<T>(each.what);
            }));
    }
    const Strip& strip(std::size_t i) const { return session.strips.at(i); }
    ptsl::Dialect& dialect() { return dialect_; }

    TimePoint now{1000s};
    Session session;
    std::vector<Observation> observed;
    std::vector<std::string> asked;
    bool silent{false};

private:
    ptsl::Dialect dialect_;
    std::map<std::string, std::function<CallMessage(const CallMessage&)>> answers_;
};

} // namespace

TEST_CASE("Pro Tools' session is read with full names, switches and the transport") {
    Rig rig;
    rig.list({track("{k}", "Kick In", true), track("{t}", "Tempo", false, "TType_Tempo"),
              track("{v}", "Lead Vox — Dbl"), track("{m}", "Master 1", false, "TType_Master")});
    rig.says(
        "GetMemoryLocations",
        {{"memory_locations", {{{"number", 1}, {"name", "Chorus"}, {"start_time", "960000"}}}}});
    rig.run(2s);
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.session.host.name == "protools-sdk");
    CHECK_THAT(rig.session.host.version, Contains("2025.10"));
    CHECK(rig.session.host.session_name == "Ballad");
    REQUIRE(rig.session.strips.size() == 3);
    CHECK(rig.strip(0).name == "Kick In");
    CHECK_FALSE(rig.strip(0).name_is_short);
    CHECK(rig.strip(0).mute.value == true);
    CHECK(rig.strip(1).mute.value == false);
    CHECK(rig.strip(1).solo.value == false);
    CHECK(rig.strip(1).arm.value == true);
    CHECK(rig.strip(2).kind == StripKind::master);
    CHECK_FALSE(rig.strip(0).fader.is_known());
    CHECK(rig.session.transport.rolling.value == false);
    REQUIRE(rig.session.markers.size() == 1);
    CHECK(rig.session.markers[0].name == "Chorus");
    CHECK(rig.session.markers[0].seconds == 20.0);
}

TEST_CASE("Pro Tools' capabilities are those of its version") {
    Rig rig(1);
    rig.run(1s);
    const Capabilities can = rig.dialect().capabilities();
    for (const Capability each :
         {Capability::full_names, Capability::stable_ids, Capability::sees_all_strips,
          Capability::read_mute, Capability::read_solo, Capability::markers})
        CHECK(can.has(each));
    for (const Capability each :
         {Capability::read_fader, Capability::write_fader, Capability::write_mute,
          Capability::write_solo, Capability::read_meter_peak, Capability::list_inserts})
        CHECK_FALSE(can.has(each));
    rig.ends("GetMemoryLocations", nullptr, End::unsupported, 133);
    rig.run(12s);
    CHECK_FALSE(rig.dialect().capabilities().has(Capability::markers));
    const auto asked = rig.count("GetMemoryLocations");
    rig.run(30s);
    CHECK(rig.count("GetMemoryLocations") == asked);
}

TEST_CASE("a track of Pro Tools keeps its strip when it moves, is renamed, or the host was away") {
    Rig rig;
    rig.run(2s);
    const StripId kick = rig.strip(0).id, vox = rig.strip(1).id;
    const auto epoch = rig.session.epoch;
    rig.list({track("{k}", "Kick Out"), track("{v}", "Lead Vox — Dbl")});
    rig.run(2s);
    CHECK(rig.strip(0).id == kick);
    CHECK(rig.strip(0).name == "Kick Out");
    CHECK(rig.strip(0).mute.value == false);
    CHECK(rig.session.epoch == epoch);

    rig.list(
        {track("{v}", "Lead Vox — Dbl"), track("{n}", "Kick Out 2"), track("{k}", "Kick Out")});
    rig.run(2s);
    REQUIRE(rig.session.strips.size() == 3);
    CHECK(rig.strip(0).id == vox);
    CHECK(rig.strip(2).id == kick);
    CHECK(rig.strip(1).id != kick);
    CHECK(rig.session.epoch == epoch + 1);

    rig.ends("GetTrackList", nullptr, End::away);
    rig.run(2s);
    CHECK(rig.session.host.state == HostState::lost);
    rig.list(Json::array({track("{k}", "Kick Out")}));
    rig.run(5s);
    CHECK(rig.session.host.state == HostState::connected);
    REQUIRE(rig.session.strips.size() == 1);
    CHECK(rig.strip(0).id == kick);
}

TEST_CASE("a long list of Pro Tools' is read in parts and told once whole") {
    Rig rig(5);
    rig.answers("GetTrackList", [](const CallMessage& question) {
        const Json page = Json::parse(question.body)["pagination_request"];
        const auto limit = page["limit"].get<std::size_t>(),
                   offset = page["offset"].get<std::size_t>();
        Json part = Json::array();
        for (std::size_t i = offset; i < std::min<std::size_t>(250, offset + limit); ++i)
            part.push_back(track(std::to_string(i), "Track " + std::to_string(i)));
        CallMessage answer;
        answer.command = question.command;
        answer.body = Json{{"track_list", part}, {"pagination_response", {{"total", 250}}}}.dump();
        return answer;
    });
    rig.run(500ms);
    CHECK(rig.session.strips.size() == 250);
    CHECK(rig.count("GetTrackList") == 3);
    CHECK(rig.told<StripsListed>() == 1);
}

TEST_CASE("without an open session Pro Tools has no strips, and they come with the next one") {
    Rig rig;
    rig.run(2s);
    CHECK(rig.session.strips.size() == 2);
    for (const char* each : {"GetSessionName", "GetTrackList", "GetTransportState"})
        rig.ends(each, nullptr, End::failed, 106);
    rig.run(10s);
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.session.strips.empty());
    CHECK(rig.session.host.session_name.empty());
    CHECK(rig.told<Noticed>() == 1);

    rig.says("GetSessionName", {{"session_name", "Other"}});
    rig.says("GetTransportState", {{"current_setting", 2}});
    rig.list(Json::array({track("{x}", "Bass")}));
    rig.run(4s);
    CHECK(rig.session.host.session_name == "Other");
    REQUIRE(rig.session.strips.size() == 1);
    CHECK(rig.strip(0).name == "Bass");
}

TEST_CASE("a session opened in place of another is another, though its tracks have the same ids") {
    Rig rig;
    rig.run(2s);
    const auto epoch = rig.session.epoch;
    rig.says("GetSessionName", {{"session_name", "Ballad copy"}});
    rig.run(8s);
    CHECK(rig.session.host.session_name == "Ballad copy");
    CHECK(rig.session.strips.size() == 2);
    CHECK(rig.session.epoch > epoch);
}

TEST_CASE("a session without tracks opened in place of another leaves none of its strips") {
    Rig rig;
    rig.run(2s);
    REQUIRE_FALSE(rig.session.strips.empty());
    rig.says("GetSessionName", {{"session_name", "Empty"}});
    rig.says("GetTrackList",
             {{"track_list", nlohmann::json::array()}, {"pagination_response", {{"total", 0}}}});
    rig.run(8s);
    CHECK(rig.session.host.session_name == "Empty");
    CHECK(rig.session.strips.empty());
}

TEST_CASE("a busy Pro Tools is asked less often, and what is known stays") {
    Rig rig;
    rig.run(2s);
    rig.ends("GetTrackList", nullptr, End::failed, 138);
    rig.ends("GetTransportState", nullptr, End::failed, 138);
    const auto lists = rig.count("GetTrackList"), states = rig.count("GetTransportState");
    rig.run(10s);
    CHECK(rig.count("GetTrackList") - lists <= 3);
    CHECK(rig.count("GetTransportState") - states <= 3);
    CHECK(rig.session.strips.size() == 2);
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.told<Noticed>() >= 1);
}

TEST_CASE("nonsense from Pro Tools is noticed once a second at most and changes nothing") {
    Rig rig;
    rig.run(2s);
    rig.says("GetTrackList", {{"track_list", "none"}});
    rig.says("GetTransportState", {{"current_setting", "Dancing"}});
    rig.says("GetSessionName", {{"session_name", 7}});
    rig.run(20s);
    CHECK(rig.session.strips.size() == 2);
    CHECK(rig.session.host.session_name == "Ballad");
    CHECK(rig.told<Noticed>() >= 1);
    CHECK(rig.told<Noticed>() <= 20);
}

TEST_CASE(
    "Pro Tools' transport is toggled after its state was read, once, and never while recording") {
    Rig rig;
    DialectOutput out;
    CHECK(rig.dialect().transport(true, rig.now, out).error().code == ErrorCode::unavailable);
    rig.run(2s);
    bool rolling = false;
    rig.answers("GetTransportState", [&](const CallMessage&) {
        CallMessage answer;
        answer.body = Json{{"current_setting", rolling ? 1 : 2}}.dump();
        return answer;
    });
    rig.answers("TogglePlayState", [&](const CallMessage&) {
        rolling = !rolling;
        return CallMessage{};
    });
    REQUIRE(rig.dialect().transport(true, rig.now, out));
    rig.carry(out);
    rig.run(2s);
    CHECK(rolling);
    CHECK(rig.session.transport.rolling.value == true);
    CHECK(rig.count("TogglePlayState") == 1);

    rolling = false; // somebody stopped it just before we are asked to
    REQUIRE(rig.dialect().transport(false, rig.now, out));
    rig.carry(out);
    rig.run(2s);
    CHECK_FALSE(rolling);
    CHECK(rig.count("TogglePlayState") == 1);

    rig.says("GetTransportState", {{"current_setting", 3}});
    rig.run(2s);
    CHECK(rig.session.transport.recording.value == true);
    CHECK(rig.dialect().transport(false, rig.now, out).error().code == ErrorCode::refused);
}

TEST_CASE(
    "a question that is never answered means that Pro Tools is lost, and it is looked for again") {
    Rig rig;
    rig.run(2s);
    rig.silent = true;
    rig.run(40s);
    CHECK(rig.session.host.state == HostState::lost);
    rig.silent = false;
    rig.run(40s);
    CHECK(rig.session.host.state == HostState::connected);
    CHECK(rig.session.strips.size() == 2);
}

TEST_CASE("after messages were dropped all of Pro Tools is read anew") {
    Rig rig;
    rig.run(2s);
    const auto lists = rig.told<StripsListed>(), markers = rig.told<MarkersListed>();
    DialectOutput out;
    rig.dialect().resync(rig.now, out);
    rig.carry(out);
    rig.run(1s);
    CHECK(rig.told<StripsListed>() == lists + 1);
    CHECK(rig.told<MarkersListed>() == markers + 1);
    CHECK(rig.session.strips.size() == 2);
}

TEST_CASE("an answer to no question, or to an older one, is passed over") {
    Rig rig;
    rig.run(2s);
    const auto before = rig.observed.size();
    DialectOutput out;
    CallMessage stray;
    stray.number = 3;
    stray.command = "GetTrackList";
    stray.end = End::away;
    rig.dialect().receive(stray, rig.now, out);
    rig.dialect().receive(OscMessage{"/strip", {}}, rig.now, out);
    rig.carry(out);
    CHECK(rig.observed.size() == before);
    CHECK(rig.session.host.state == HostState::connected);
}
