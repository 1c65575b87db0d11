// A Mackie Control of one unit at hosts with the habits of the real ones.
#include "connectors/mcu/dialect.h"
#include "tests/contract/surface_subject.h"
#include "tests/support/mackie_host.h"
#include "tests/support/mackie_profile.h"

#include <algorithm>
#include <utility>

namespace prefade::test {
namespace {

HostProfile profile_of(const MackieHabits& habits) {
    HostProfile profile = mackie_profile(habits);
    profile.surface.longest_silence = 2500ms; // it ticks ten times a second
    return profile;
}

class MackieSubject final : public SurfaceSubject<MackieHost> {
public:
    MackieSubject(Traits which, const MackieHabits& habits)
        : SurfaceSubject(std::move(which), habits, profile_of(habits)) {
        attach(std::make_unique<mcu::Dialect>(profile_, "here", 1));
        if (habits.greeting == MackieHabits::Greeting::none) host_.wake(now_);
    }

private:
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
    bool is_set(const MidiMessage& message) override {
        const auto& bytes = message.bytes;
        const bool fader = (bytes[0] & 0xF0U) == 0xE0;
        const bool pot = bytes[0] == 0xB0 && bytes[1] >= 0x10 && bytes[1] < 0x18;
        return fader || pot
               || (bytes[0] == 0x90 && bytes[1] >= 0x08 && bytes[1] < 0x18 && bytes[2] != 0);
    }

    TimePoint next_beat_{};
};

std::unique_ptr<HostSubject> mackie(MackieHabits habits) {
    habits.master = false; // it is no strip of the mixer's list
    HostSubject::Traits traits;
    traits.name = habits.name + " as a Mackie Control";
    traits.full_names = false;
    // Half a tick and half a step of the text; without one, of the ring.
    traits.pan_step = habits.pan_text == PanText::none ? 0.2 : 0.03;
    traits.grain = 1e-6F; // sums of ticks
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
