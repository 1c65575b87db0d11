// Pro Tools' dialect at a simulated Pro Tools, joined without a wire: time runs as a test says.
#pragma once

#include "connectors/ptsl/dialect.h"
#include "core/observation.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"
#include "tests/support/ptsl_host.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;
using ptsl::Command;

inline HostProfile sdk_profile() {
    HostProfile made;
    made.name = "protools-sdk";
    made.title = "Pro Tools";
    return made;
}

class PtslRig {
public:
    explicit PtslRig(ptsl::Version version = ptsl::newest_known, const PtslHabits& habits = {})
        : host(version, habits),
          dialect(sdk_profile(), "here") {
        host.session.tracks = {{"{k}", "Kick"}, {"{b}", "Bass"}, {"{v}", "Vox"}};
    }
    void connect() {
        REQUIRE(wait(10s, [&] { return session.strips.size() == host.session.tracks.size(); }));
        run(5s); // events are followed within three seconds
    }
    void run(Duration span) {
        for (const TimePoint end = now + span; now < end;) {
            now = std::max(now, std::min({end, host.next_deadline(), due_}));
            for (const CallMessage& answer : host.tell(now)) {
                if (cut) continue;
                DialectOutput out;
                dialect.receive(answer, now, out);
                carry(out);
                due_ = now;
            }
            if (now < due_) continue;
            DialectOutput out;
            due_ = dialect.tick(now, out);
            carry(out);
        }
    }
    bool wait(Duration limit, const std::function<bool()>& holds) {
        for (const TimePoint end = now + limit; now < end && !holds();) run(1ms);
        return holds();
    }
    void carry(DialectOutput& out) {
        for (const Observation& each : out.observed) {
            apply(session, each);
            observed.push_back(each);
        }
        for (const WireMessage& message : out.to_send) {
            const auto& question = std::get<CallMessage>(message);
            asked.push_back(question);
            host.ask(question);
        }
    }
    Result<void> move(const std::string& name, Control control, bool on) {
        const ControlPath path{strip(name).id, control, {}, 0};
        DialectOutput out;
        const auto begun = dialect.encode(approved(MoveId{++moves_}, path, !on, on), now, out);
        carry(out);
        due_ = now;
        return begun;
    }
    const Strip& strip(const std::string& name) const {
        for (const Strip& each : session.strips)
            if (each.name == name) return each;
        FAIL("no strip " << name);
        return session.strips.front();
    }
    bool muted(const std::string& id) const {
        for (const PtslTrack& each : host.session.tracks)
            if (each.id == id) return each.muted;
        FAIL("no track " << id);
        return false;
    }
    PtslTrack& track(const std::string& id) {
        return *std::find_if(host.session.tracks.begin(), host.session.tracks.end(),
                             [&](const PtslTrack& each) { return each.id == id; });
    }
    template <class T> std::vector<T> told() const {
        std::vector<T> all;
        for (const Observation& each : observed)
            if (const auto* what = std::get_if<T>(&each.what)) all.push_back(*what);
        return all;
    }
    auto count(Command command) const {
        return std::count_if(asked.begin(), asked.end(), [&](const CallMessage& each) {
            return each.command == name_in(ptsl::command_names, command);
        });
    }
    bool ended() const {
        return !told<WriteProved>().empty() || !told<WriteRefused>().empty()
               || !told<WriteFailed>().empty() || !told<WriteUnproved>().empty()
               || !told<WriteSuperseded>().empty();
    }
    /// The host does `what` when it is asked the next time for `command`, before it answers.
    void just_before(Command command, std::function<void()> what) {
        host.session.habits[command] = [this, command, what](const Json& body) {
            host.session.habits.erase(command);
            what();
            return *host.session.answer(command, body);
        };
    }

    TimePoint now{1000s};
    PtslHost host;
    ptsl::Dialect dialect;
    Session session;
    std::vector<Observation> observed;
    std::vector<CallMessage> asked;
    bool cut{false};

private:
    TimePoint due_{};
    std::uint32_t moves_{0};
};

} // namespace prefade::test
