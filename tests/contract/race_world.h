// One world of the race: host, link, desk and hands under one clock. Inside of race.cpp only; its hands and
// books are in race_hands.cpp.
#pragma once

#include "daemon/desk.h"
#include "tests/contract/race.h"
#include "tests/support/fake_dialect.h"
#include "tests/support/fake_host.h"

#include <bit>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

namespace prefade::test {

inline bool same_bits(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

class RaceWorld {
public:
    RaceWorld(Addressing addressing, const LinkFaults& faults, std::uint32_t seed);

    void connect();
    /// `moves` of ours against the hands, then rest until nothing is open; then the books are closed.
    void round(int moves);
    const RaceTally& tally() const { return tally_; }

private:
    /// A set that reached a control.
    struct Set {
        TimePoint at;
        FakeHost::By by;
        bool ours; ///< of a move to this control, not of a repair
        float before, value;
    };
    struct Account {
        std::vector<Set> sets;
        float rightful{0};   ///< what it should hold: the last value of a hand or of a move to it
        bool strayed{false}; ///< changed by a stray and not put back
        bool stray_last{false}; ///< and nothing of a hand's or of ours came after it
        float before_stray{0};
    };
    struct Watched {
        ControlPath real;
        float target{0};
        float before{0};
        bool glides{false};
        TimePoint proposed{};
        int lost{0};
        bool passed_gate{false};
        MoveId undoes;
    };

    /// Mean times between two of a kind. By bank a walk takes seconds.
    struct Pace {
        Duration move, hand, restructure;
    };

    // the clock
    void run_until(TimePoint end, bool hands);
    void deliver(FakeLink::Delivery delivery);
    void carry_out(Effects effects);
    void drain_host();
    // ours
    void propose();
    void undo();
    std::optional<Move> thought_up();
    void ended(const MoveRecord& record);
    void confirmed(const MoveRecord& record, const Watched& watched);
    void undo_ended(const MoveRecord& record, const Watched& watched);
    void judge_before(const MoveRecord& record, const Watched& watched);
    bool undisturbed(const Watched& watched) const;
    // hands
    void hand();
    void restructure();
    void hand_sets(const FakeStrip& strip);
    FakeStrip new_strip();
    std::string new_name(int number);
    void place(std::uint32_t strip);
    void populate();
    // books
    void set_reached(const ControlPath& real, FakeHost::By by, const ControlValue& before,
                     const ControlValue& value);
    bool of_a_move(const ControlPath& real, float value) const;
    const std::vector<Set>& sets_of(const ControlPath& real) const;
    void settle();
    void close_books();

    int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    bool chance(int percent) { return below(100) < percent; }
    Duration about(Duration mean);
    float between(float low, float high);

    const Addressing addressing_;
    std::mt19937 random_;
    FakeHost host_;
    FakeLink link_;
    Desk desk_;
    const Pace pace_;
    FakeDialect* dialect_{nullptr};
    TimePoint now_{std::chrono::hours(1)};
    TimePoint next_hand_{}, next_restructure_{};
    std::vector<std::pair<TimePoint, std::uint32_t>> releases_; ///< of touches
    std::vector<std::pair<TimePoint, std::uint32_t>> placings_; ///< of new strips in the mix
    std::string lost_name_;                                     ///< the last one that a strip lost
    std::map<ControlPath, Account> accounts_;
    std::map<MoveId, Watched> watched_;
    std::vector<MoveId> done_;                   ///< of this round, undo candidates
    std::map<int, TimePoint> made_;              ///< when the host made which picture
    std::map<std::uint32_t, TimePoint> handled_; ///< when a hand last was on a real strip
    std::optional<Picture> delivering_;
    int names_{0};
    RaceTally tally_;
};

} // namespace prefade::test
