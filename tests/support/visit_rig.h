// A Mackie dialect that is asked to look at strips: at a simulated Ardour, whose SEND and PLUG-IN show the selected one's.
#pragma once

#include "tests/support/mackie_rig.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

class VisitRig : public MackieRig {
public:
    explicit VisitRig(
        std::vector<MackieStrip> strips,
        const std::function<void(HostProfile&)>& but = [](HostProfile&) {},
        const MackieHabits& habits = ardour_habits())
        : MackieRig(habits, 1, std::move(strips), but) {
        connect();
    }
    bool look(const std::string& strip) {
        DialectOutput out;
        const bool may = dialect.look(find(strip)->id, now, out).has_value();
        run({}); // as the desk does
        return may;
    }
    /// Looks, and waits until all was told.
    void read(const std::string& strip) {
        REQUIRE(look(strip));
        REQUIRE(
            wait(20s, [&] { return find(strip)->sends_listed && find(strip)->inserts_listed; }));
        run(3s);
    }
    Result<void> watch(const std::string& strip, InsertId insert) {
        DialectOutput out;
        const auto begun = dialect.watch(find(strip)->id, insert, now + 30s, now, out);
        run({});
        return begun;
    }
    /// How moves ended, but well.
    std::string failures() const {
        std::string told;
        for (const auto& each : all<WriteRefused>()) told += "refused: " + each.reason + '\n';
        for (const auto& each : all<WriteSuperseded>()) told += "superseded: " + each.reason + '\n';
        for (const auto& each : all<WriteUnproved>()) told += "unproved: " + each.reason + '\n';
        for (const auto& each : all<WriteFailed>()) told += "failed: " + each.reason + '\n';
        return told;
    }
    /// By a hand at the host.
    void select(std::size_t strip) {
        for (MackieStrip& each : host.strips) each.selected = false;
        host.strips[strip].selected = true;
        host.changed(now);
    }
    std::string selected() const {
        std::string names;
        for (const MackieStrip& strip : host.strips)
            if (strip.selected) names += strip.name + ';';
        return names;
    }
};

} // namespace prefade::test
