// Pro Tools through its scripting interface, in several versions and moods. It has no faders: the contract moves mutes.
#include "connectors/ptsl/dialect.h"
#include "tests/contract/subject.h"
#include "tests/support/catch.h"
#include "tests/support/ptsl_host.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace prefade::test {
namespace {

class PtslSubject final : public HostSubject {
public:
    PtslSubject(Traits which, ptsl::Version version, const PtslHabits& habits)
        : HostSubject(std::move(which)),
          host_(version, habits) {
        for (const char* name :
             {"Kick", "Bass", "Vox", "Guitar by the window", "Keys", "Strings", "Master 1"})
            host_.session.tracks.push_back({std::string("{id of ") + name + '}', name});
        host_.session.tracks.back().type = "TType_Master";
        HostProfile profile;
        profile.name = "protools-sdk";
        profile.title = "Pro Tools";
        attach(std::make_unique<ptsl::Dialect>(profile, "here"));
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const PtslTrack& track : host_.session.tracks) all.push_back(track.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const auto& tracks = host_.session.tracks;
        const auto track = std::find_if(tracks.begin(), tracks.end(), [&](const PtslTrack& each) {
            return each.name == target.strip;
        });
        if (track == tracks.end()) return std::nullopt;
        if (target.control == Control::mute) return track->muted ? 1.0F : 0.0F;
        if (target.control == Control::solo) return track->soloed ? 1.0F : 0.0F;
        return std::nullopt;
    }
    float on_the_wire(const Target&, const ControlValue& value) const override {
        return std::get<bool>(value) ? 1.0F : 0.0F;
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        host_.session.set_by_hand(track(target.strip).id,
                                  target.control == Control::solo ? &PtslTrack::soloed
                                                                  : &PtslTrack::muted,
                                  std::get<bool>(value));
    }
    void rename(const std::string& strip, const std::string& name) override {
        track(strip).name = name;
    }
    void remove(const std::string& strip) override {
        std::erase_if(host_.session.tracks,
                      [&](const PtslTrack& each) { return each.name == strip; });
    }
    void move_first(const std::string& strip) override {
        auto& tracks = host_.session.tracks;
        const auto at = tracks.begin() + (&track(strip) - tracks.data());
        std::rotate(tracks.begin(), at, at + 1);
    }
    void play(const std::string&, double) override { std::abort(); }
    void kill() override { host_.alive = false; }
    void start_again() override { host_.restart(); }
    void cut(bool cut) override { cut_ = cut; }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return host_.switches_heard(); }

private:
    PtslTrack& track(const std::string& strip) {
        auto& tracks = host_.session.tracks;
        const auto at = std::find_if(tracks.begin(), tracks.end(),
                                     [&](const PtslTrack& each) { return each.name == strip; });
        REQUIRE(at != tracks.end());
        return *at;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span;;) {
            now_ = std::max(now_, std::min({end, host_.next_deadline(), next_deadline()}));
            for (const CallMessage& answer : host_.tell(now_))
                if (!cut_) hear({answer});
            if (now_ >= next_deadline()) tick();
            if (now_ >= end) return;
        }
    }
    void to_host(const WireMessage& message) override {
        const auto& call = std::get<CallMessage>(message);
        sent_ += call.command.starts_with("SetTrack") ? 1 : 0;
        host_.ask(call);
    }

    PtslHost host_;
    bool cut_{false};
    std::size_t sent_{0};
};

std::unique_ptr<HostSubject> pro_tools_called(const std::string& mood, const PtslHabits& habits,
                                              ptsl::Version version = ptsl::newest_known) {
    HostSubject::Traits traits;
    traits.name = "Pro Tools' scripting interface, " + mood;
    traits.main = Control::mute;
    traits.pan = false;
    traits.late = 2 * habits.longest_latency;
    traits.certain = habits.busy == 0 && habits.breaks == 0;
    traits.tries = traits.certain ? 1 : 12;
    return std::make_unique<PtslSubject>(std::move(traits), version, habits);
}

} // namespace

std::unique_ptr<HostSubject> ptsl_plain() { return pro_tools_called("2025.10", {}); }
std::unique_ptr<HostSubject> ptsl_without_events() {
    return pro_tools_called("version 2", {}, {2, 0, 0});
}
std::unique_ptr<HostSubject> ptsl_doubling() {
    PtslHabits habits;
    habits.doubles = true;
    habits.lost_events = 30;
    return pro_tools_called("each answer twice, events lost", habits);
}
std::unique_ptr<HostSubject> ptsl_late() {
    PtslHabits habits;
    habits.latency = 5ms;
    habits.longest_latency = 150ms;
    return pro_tools_called("late", habits);
}
std::unique_ptr<HostSubject> ptsl_busy() {
    PtslHabits habits;
    habits.busy = 10;
    return pro_tools_called("busy now and then", habits);
}
std::unique_ptr<HostSubject> ptsl_breaking() {
    PtslHabits habits;
    habits.breaks = 1;
    return pro_tools_called("its connection breaks", habits);
}

} // namespace prefade::test
