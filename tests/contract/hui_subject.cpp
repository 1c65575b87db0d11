// A HUI of one unit at Pro Tools as it is published to be.
#include "connectors/hui/protocol.h"
#include "connectors/mcu/dialect.h"
#include "tests/contract/surface_subject.h"
#include "tests/support/hui_host.h"
#include "tests/support/hui_rig.h"

#include <algorithm>
#include <utility>

namespace prefade::test {
namespace {

class HuiSubject final : public SurfaceSubject<HuiHost> {
public:
    HuiSubject(Traits which, const HuiHabits& habits)
        : SurfaceSubject(std::move(which), habits, hui_profile(habits)) {
        attach(std::make_unique<mcu::Dialect>(profile_, "here", 1, hui::protocol(1)));
    }

private:
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
    bool is_set(const MidiMessage& message) override {
        std::vector<hui::FromSurface> told;
        REQUIRE(sent_as_.take(message.bytes, told));
        return std::any_of(told.begin(), told.end(), [](const auto& one) {
            const auto* press = std::get_if<hui::Press>(&one);
            return std::holds_alternative<hui::Fader>(one)
                   || (press && press->down && press->of.zone < 8
                       && press->of.port != hui::fader_touch);
        });
    }

    hui::SurfaceReader sent_as_;
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
