// A desk with all shipped rules, the Ardour dialect and the simulated Ardour, joined without a wire; time
// is a number. For the cost of what the desk thread does, nothing else.
#pragma once

#include "daemon/desk.h"
#include "tests/support/ardour_sim.h"

#include <memory>
#include <vector>

namespace prefade::bench {

class DeskAtSim {
public:
    /// Connected, rolling, and all inserts and sends read. Throws when that does not come about.
    explicit DeskAtSim(std::size_t tracks);

    /// Lets `span` pass in steps of 5 ms; both sides talk until they have nothing left to say.
    void pass(Duration span);
    /// What the host says with one frame of new meters, not handed over yet.
    WireArrived frame();
    /// The desk's part alone; what it wants sent is thrown away.
    void handle(const Event& event);

    const Desk& desk() const noexcept { return desk_; }
    const Snapshot& newest() const noexcept { return *newest_; }
    std::uint64_t published() const noexcept { return published_; }
    TimePoint now{std::chrono::hours(1)};

private:
    static Desk::Setup setup(TimePoint now);
    void carry_out(const Effects& effects);
    WireArrived said();

    test::ArdourSim sim_;
    std::vector<test::SimStrip*> metered_;
    Desk desk_;
    std::shared_ptr<const Snapshot> newest_;
    std::uint64_t published_{0}, frame_{0};
};

} // namespace prefade::bench
