// Pro Tools by both doors, a HUI and its scripting interface, as one host.
#include "connectors/hui/protocol.h"
#include "connectors/join/dialect.h"
#include "connectors/mcu/dialect.h"
#include "connectors/ptsl/dialect.h"
#include "tests/contract/subject.h"
#include "tests/support/catch.h"
#include "tests/support/hui_rig.h"
#include "tests/support/joined_host.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace prefade::test {
namespace {

class JoinedSubject final : public HostSubject {
public:
    JoinedSubject(Traits which, const HuiHabits& hui_habits, const PtslHabits& sdk_habits)
        : HostSubject(std::move(which)),
          profile_(hui_profile(hui_habits)),
          host_(hui_habits, ptsl::newest_known, sdk_habits,
                {{"Kick"},
                 {"Bass"},
                 {"Vox"},
                 {"Guitar by the window"},
                 {"Keys"},
                 {"Strings"},
                 {"Choir"},
                 {"Room"},
                 {"Echo"},
                 {"Shaker in the left corner"}}) {
        attach(std::make_unique<JoinedDialect>(
            JoinedDialect::Setup{"protools", "Pro Tools", "here", 4},
            std::make_unique<mcu::Dialect>(profile_, "here", 1, hui::protocol(1)),
            std::make_unique<ptsl::Dialect>(profile_, "here")));
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const PtslTrack& track : host_.sdk.session.tracks) all.push_back(track.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const HuiStrip* strip = const_cast<JoinedHost&>(host_).strip(target.strip);
        if (!strip) return std::nullopt;
        if (target.control == Control::fader) return static_cast<float>(strip->fader);
        if (target.control == Control::mute) return strip->mute ? 1.0F : 0.0F;
        if (target.control == Control::solo) return strip->solo ? 1.0F : 0.0F;
        return std::nullopt;
    }
    float on_the_wire(const Target&, const ControlValue& value) const override {
        if (const auto* level = std::get_if<Decibel>(&value))
            return static_cast<float>(profile_.surface.law.position_of(*level));
        return std::get<bool>(value) ? 1.0F : 0.0F;
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        HuiStrip& strip = *host_.strip(target.strip);
        if (target.control == Control::fader)
            strip.fader = static_cast<std::uint16_t>(on_the_wire(target, value));
        if (target.control == Control::mute) strip.mute = std::get<bool>(value);
        if (target.control == Control::solo) strip.solo = std::get<bool>(value);
        host_.hui.changed(now_);
        host_.same_switches(now_);
    }
    void rename(const std::string& strip, const std::string& name) override {
        host_.rename(strip, name, now_);
    }
    void remove(const std::string& strip) override { host_.remove(strip, now_); }
    void move_first(const std::string& strip) override { host_.move_first(strip, now_); }
    void play(const std::string&, double) override { std::abort(); }
    void kill() override { host_.has_hui = host_.sdk.alive = false; }
    void start_again() override {
        host_.has_hui = true;
        host_.hui.restart(now_);
        host_.sdk.restart();
    }
    void cut(bool cut) override { host_.cut = cut; }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return heard_; }

private:
    void run(Duration span) override {
        for (const TimePoint end = now_ + span;;) {
            now_ = std::max(now_, std::min({end, host_.next_deadline(), next_deadline()}));
            for (WireMessage& message : host_.tell(now_)) hear({std::move(message)});
            if (now_ >= next_deadline()) tick();
            if (now_ >= end) return;
        }
    }
    void to_host(const WireMessage& message) override {
        const bool set = is_set(message);
        sent_ += set ? 1 : 0;
        const auto* call = std::get_if<CallMessage>(&message);
        heard_ += set && (call ? host_.sdk.alive : host_.has_hui) ? 1 : 0;
        host_.hear(message, now_);
    }
    bool is_set(const WireMessage& message) {
        if (const auto* call = std::get_if<CallMessage>(&message))
            return call->command.starts_with("SetTrack");
        std::vector<hui::FromSurface> told;
        REQUIRE(sent_as_.take(std::get<MidiMessage>(message).bytes, told));
        return std::any_of(told.begin(), told.end(), [](const auto& one) {
            const auto* press = std::get_if<hui::Press>(&one);
            return std::holds_alternative<hui::Fader>(one)
                   || (press && press->down && press->of.zone < 8
                       && press->of.port != hui::fader_touch);
        });
    }

    const HostProfile profile_;
    JoinedHost host_;
    hui::SurfaceReader sent_as_;
    std::size_t sent_{0}, heard_{0};
};

std::unique_ptr<HostSubject> joined(const std::string& mood, const HuiHabits& hui_habits,
                                    const PtslHabits& sdk_habits) {
    HostSubject::Traits traits;
    traits.name = "Pro Tools by both doors, " + mood;
    traits.pan = traits.paints_again = false; // as its HUI
    traits.late = std::max(hui_habits.latency, 2 * sdk_habits.longest_latency);
    return std::make_unique<JoinedSubject>(std::move(traits), hui_habits, sdk_habits);
}

} // namespace

std::unique_ptr<HostSubject> joined_plain() { return joined("plain", hui_habits()[0], {}); }
std::unique_ptr<HostSubject> joined_late() {
    PtslHabits sdk;
    sdk.longest_latency = 150ms;
    sdk.doubles = true;
    return joined("late, each in its way", hui_habits()[4], sdk);
}

} // namespace prefade::test
