// A HUI of one unit at Pro Tools as it is published to be.
#include "connectors/hui/protocol.h"
#include "connectors/mcu/dialect.h"
#include "tests/contract/subject.h"
#include "tests/support/hui_host.h"
#include "tests/support/hui_rig.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace prefade::test {
namespace {

class HuiSubject final : public HostSubject {
public:
    HuiSubject(Traits which, const HuiHabits& habits)
        : HostSubject(std::move(which)),
          profile_(hui_profile(habits)),
          host_(habits, 1, mixer()) {
        attach(std::make_unique<mcu::Dialect>(profile_, "here", 1, hui::protocol(1)));
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const HuiStrip& strip : host_.strips) all.push_back(strip.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const HuiStrip* strip = find_strip(target.strip);
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
        HuiStrip& strip = const_cast<HuiStrip&>(*find_strip(target.strip));
        if (target.control == Control::fader)
            strip.fader = static_cast<std::uint16_t>(on_the_wire(target, value));
        if (target.control == Control::mute) strip.mute = std::get<bool>(value);
        if (target.control == Control::solo) strip.solo = std::get<bool>(value);
        host_.changed(now_);
    }
    void rename(const std::string& strip, const std::string& name) override {
        const_cast<HuiStrip*>(find_strip(strip))->name = name;
        host_.changed(now_);
    }
    void remove(const std::string& strip) override {
        std::erase_if(host_.strips, [&](const HuiStrip& s) { return s.name == strip; });
        host_.changed(now_);
    }
    void move_first(const std::string& strip) override {
        auto& strips = host_.strips;
        const auto at = std::find_if(strips.begin(), strips.end(),
                                     [&](const HuiStrip& s) { return s.name == strip; });
        std::rotate(strips.begin(), at, at + 1);
        host_.changed(now_);
    }
    void play(const std::string&, double) override { std::abort(); }
    void kill() override { alive_ = false; }
    void start_again() override {
        alive_ = true;
        host_.restart(now_);
    }
    void cut(bool cut) override { cut_ = cut; }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return heard_; }

private:
    static std::vector<HuiStrip> mixer() {
        std::vector<HuiStrip> strips;
        for (const char* name : {"Kick", "Bass", "Vox", "Guitar by the window", "Keys", "Strings",
                                 "Choir", "Room", "Reverb", "Echo", "Shaker in the left corner"}) {
            HuiStrip strip;
            strip.name = name;
            strip.fader = static_cast<std::uint16_t>(9000 + 211 * strips.size());
            strips.push_back(strip);
        }
        return strips;
    }
    const HuiStrip* find_strip(const std::string& name) const {
        for (const HuiStrip& strip : host_.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span;;) {
            const TimePoint host_next = alive_ ? host_.next_deadline() : TimePoint::max();
            now_ =
                std::max(now_, std::min({end, host_next, host_.next_arrival(), next_deadline()}));
            if (alive_) host_.tick(now_);
            for (const MidiMessage& message : host_.tell(now_))
                if (alive_ && !cut_) hear({message});
            if (now_ >= next_deadline()) tick();
            if (now_ >= end) return;
        }
    }
    void to_host(const WireMessage& wire) override {
        const auto& message = std::get<MidiMessage>(wire);
        std::vector<hui::FromSurface> told;
        REQUIRE(sent_as_.take(message.bytes, told));
        const bool is_set = std::any_of(told.begin(), told.end(), [](const auto& one) {
            const auto* press = std::get_if<hui::Press>(&one);
            return std::holds_alternative<hui::Fader>(one)
                   || (press && press->down && press->of.zone < 8
                       && press->of.port != hui::fader_touch);
        });
        sent_ += is_set ? 1 : 0;
        if (!alive_ || cut_) return;
        heard_ += is_set ? 1 : 0;
        host_.hear(message, now_);
    }

    HostProfile profile_;
    HuiHost host_;
    hui::SurfaceReader sent_as_;
    bool alive_{true}, cut_{false};
    std::size_t sent_{0}, heard_{0};
};

std::unique_ptr<HostSubject> pro_tools(std::size_t which) {
    const HuiHabits habits = hui_habits()[which];
    HostSubject::Traits traits;
    traits.name = habits.name + " as a HUI";
    traits.full_names = traits.pan = traits.paints_again = false;
    traits.short_letters = 4;
    traits.late = habits.latency;
    return std::make_unique<HuiSubject>(std::move(traits), habits);
}

} // namespace

std::unique_ptr<HostSubject> hui_plain() { return pro_tools(0); }
std::unique_ptr<HostSubject> hui_partial_bank() { return pro_tools(1); }
std::unique_ptr<HostSubject> hui_with_levels() { return pro_tools(2); }
std::unique_ptr<HostSubject> hui_packed() { return pro_tools(3); }
std::unique_ptr<HostSubject> hui_late() { return pro_tools(4); }

} // namespace prefade::test
