// The way between a dialect and a fake host, in virtual time: each message may be lost, come late, twice
// or in another order, from a seed. An ordered link only loses and delays.
#pragma once

#include "connectors/message.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace prefade::test {

struct LinkFaults {
    bool ordered{true};
    int lost{0}, late{0}, doubled{0}; ///< percent; late and doubled on unordered links only
    Duration quick{
        std::chrono::milliseconds(15)}; ///< a message that is not late takes 1 ms to this
    Duration longest{std::chrono::milliseconds(1500)}; ///< a late one, or a double, at most this
};

class FakeLink {
public:
    enum class To { host, us };
    struct Delivery {
        To to;
        OscMessage message;
    };

    FakeLink(const LinkFaults& faults, std::uint32_t seed) : faults_(faults), random_(seed) {}

    void send(To to, OscMessage message, TimePoint now);
    /// When the next message arrives; TimePoint::max() when none is under way.
    TimePoint next() const;
    /// A message that has arrived by `now`.
    std::optional<Delivery> take(TimePoint now);
    int lost() const { return lost_; }
    int sent() const { return sent_; }
    void set_faults(const LinkFaults& faults) { faults_ = faults; }

private:
    struct Underway {
        TimePoint at;
        std::uint64_t order;
        Delivery delivery;
    };
    static bool later(const Underway& a, const Underway& b) {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
    bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
    Duration within(Duration most);
    void push(To to, OscMessage message, TimePoint at);

    LinkFaults faults_;
    std::mt19937 random_;
    std::vector<Underway> heap_;
    TimePoint last_[2]{};
    std::uint64_t order_{0};
    int lost_{0}, sent_{0};
};

} // namespace prefade::test
