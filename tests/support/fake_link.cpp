#include "tests/support/fake_link.h"

#include <algorithm>

namespace prefade::test {

using namespace std::chrono_literals;

Duration FakeLink::within(Duration most) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(most).count();
    return 1ms
           + std::chrono::microseconds(
               random_()
               % static_cast<std::uint64_t>(std::max<std::int64_t>(1, microseconds - 1000)));
}

void FakeLink::push(To to, OscMessage message, TimePoint at) {
    heap_.push_back({at, ++order_, {to, std::move(message)}});
    std::push_heap(heap_.begin(), heap_.end(), later);
}

void FakeLink::send(To to, OscMessage message, TimePoint now) {
    ++sent_;
    if (chance(faults_.lost)) {
        ++lost_;
        return;
    }
    TimePoint& last = last_[to == To::host ? 0 : 1];
    TimePoint at =
        now + within(!faults_.ordered && chance(faults_.late) ? faults_.longest : faults_.quick);
    if (faults_.ordered) last = at = std::max(at, last);
    if (!faults_.ordered && chance(faults_.doubled))
        push(to, message, now + within(faults_.longest));
    push(to, std::move(message), at);
}

TimePoint FakeLink::next() const { return heap_.empty() ? TimePoint::max() : heap_.front().at; }

std::optional<FakeLink::Delivery> FakeLink::take(TimePoint now) {
    if (next() > now) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Delivery arrived = std::move(heap_.back().delivery);
    heap_.pop_back();
    return arrived;
}

} // namespace prefade::test
