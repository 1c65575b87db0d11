// A Mackie Control of one unit at hosts with the habits of the real ones.
#include "connectors/mcu/dialect.h"
#include "tests/contract/subject.h"
#include "tests/support/mackie_host.h"
#include "tests/support/mackie_profile.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace prefade::test {
namespace {

class MackieSubject final : public HostSubject {
public:
    MackieSubject(Traits which, const MackieHabits& habits)
        : HostSubject(std::move(which)),
          profile_(mackie_profile(habits)),
          host_(habits, 1, mixer()) {
        profile_.surface.longest_silence = 2500ms; // it ticks ten times a second
        attach(std::make_unique<mcu::Dialect>(profile_, "here", 1));
        if (habits.greeting == MackieHabits::Greeting::none) host_.wake(now_);
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const MackieStrip& strip : host_.strips) all.push_back(strip.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const MackieStrip* strip = find_strip(target.strip);
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
        MackieStrip& strip = const_cast<MackieStrip&>(*find_strip(target.strip));
        if (target.control == Control::fader)
            strip.fader = static_cast<std::uint16_t>(on_the_wire(target, value));
        if (target.control == Control::mute) strip.mute = std::get<bool>(value);
        if (target.control == Control::solo) strip.solo = std::get<bool>(value);
        host_.changed(now_);
    }
    void rename(const std::string& strip, const std::string& name) override {
        const_cast<MackieStrip*>(find_strip(strip))->name = name;
        host_.changed(now_);
    }
    void remove(const std::string& strip) override {
        std::erase_if(host_.strips, [&](const MackieStrip& s) { return s.name == strip; });
        host_.changed(now_);
    }
    void move_first(const std::string& strip) override {
        auto& strips = host_.strips;
        const auto at = std::find_if(strips.begin(), strips.end(),
                                     [&](const MackieStrip& s) { return s.name == strip; });
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
    static std::vector<MackieStrip> mixer() {
        std::vector<MackieStrip> strips;
        for (const char* name : {"Kick", "Bass", "Vox", "Guitar by the window", "Keys", "Strings",
                                 "Choir", "Room", "Reverb", "Echo", "Shaker in the left corner"}) {
            MackieStrip strip;
            strip.name = name;
            strip.fader = static_cast<std::uint16_t>(9000 + 211 * strips.size());
            strips.push_back(strip);
        }
        return strips;
    }
    const MackieStrip* find_strip(const std::string& name) const {
        for (const MackieStrip& strip : host_.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span;;) {
            now_ =
                std::max(now_, std::min({end, next_beat_, host_.next_arrival(), next_deadline()}));
            if (now_ >= next_beat_) {
                next_beat_ = now_ + 100ms;
                host_.beat(now_);
            }
            for (const MidiMessage& message : host_.tell(now_))
                if (alive_ && !cut_) hear({message});
            if (now_ >= next_deadline()) tick();
            if (now_ >= end) return;
        }
    }
    static bool is_set(const MidiMessage& message) {
        const auto& bytes = message.bytes;
        const bool fader = (bytes[0] & 0xF0U) == 0xE0;
        return fader || (bytes[0] == 0x90 && bytes[1] >= 0x08 && bytes[1] < 0x18 && bytes[2] != 0);
    }
    void to_host(const WireMessage& wire) override {
        const auto& message = std::get<MidiMessage>(wire);
        sent_ += is_set(message) ? 1 : 0;
        if (!alive_ || cut_) return;
        heard_ += is_set(message) ? 1 : 0;
        host_.hear(message, now_);
    }

    HostProfile profile_;
    MackieHost host_;
    TimePoint next_beat_{};
    bool alive_{true}, cut_{false};
    std::size_t sent_{0}, heard_{0};
};

std::unique_ptr<HostSubject> mackie(MackieHabits habits) {
    habits.master = false; // it is no strip of the mixer's list
    HostSubject::Traits traits;
    traits.name = habits.name + " as a Mackie Control";
    traits.full_names = traits.pan = false;
    traits.short_letters = habits.letters;
    traits.paints_again = habits.paints_on_hello;
    traits.late = habits.latency;
    return std::make_unique<MackieSubject>(std::move(traits), habits);
}

} // namespace

std::unique_ptr<HostSubject> mackie_ardour() { return mackie(ardour_habits()); }
std::unique_ptr<HostSubject> mackie_live() { return mackie(live_habits()); }
std::unique_ptr<HostSubject> mackie_reaper() { return mackie(reaper_habits()); }
std::unique_ptr<HostSubject> mackie_logic() { return mackie(logic_habits()); }

} // namespace prefade::test
