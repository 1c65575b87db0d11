#include "core/session.h"
#include "tests/support/catch.h"
#include "tests/support/moment.h"

#include <limits>

using namespace prefade;
using test::now;
using namespace std::chrono_literals;

namespace {
constexpr double silence = -std::numeric_limits<double>::infinity();
} // namespace

TEST_CASE("a ring that heard nothing says nothing") {
    const PeakRing ring;
    CHECK_FALSE(ring.maximum(now, 10s));
    CHECK_FALSE(ring.mean(now, 10s));
    CHECK(ring.filled(now, 10s) == 0);
}

TEST_CASE("the maximum is that of the span asked for, and ages out of it") {
    PeakRing ring;
    ring.add(-3.0, now);
    ring.add(-9.0, now + 1s);
    CHECK(ring.maximum(now + 1s, 2s) == -3.0);
    CHECK(ring.maximum(now + 1s, 500ms) == -9.0);
    CHECK(ring.maximum(now + 3s, 3s) == -3.0);
    CHECK(ring.maximum(now + 3s, 2s) == -9.0);
    CHECK_FALSE(ring.maximum(now + 20s, 10s));
    CHECK_FALSE(ring.maximum(now - 1s, 10s)); // what is to come is not yet heard
}

TEST_CASE("within a step the highest counts, and a step counts once") {
    PeakRing ring;
    for (const double value : {-20.0, -6.0, -12.0}) ring.add(value, now);
    CHECK(ring.filled(now, 1s) == 1);
    CHECK(ring.mean(now, 1s) == -6.0);
    for (int i = 1; i <= 9; ++i) ring.add(-10.0, now + i * 100ms);
    CHECK(ring.filled(now + 900ms, 900ms) == 10);
    CHECK(ring.mean(now + 900ms, 900ms) == Approx(-9.6));
    CHECK(ring.filled(now + 900ms, 400ms) == 5);
}

TEST_CASE("silence is heard: a maximum of silence, a mean of -120") {
    PeakRing ring;
    ring.add(silence, now);
    CHECK(ring.maximum(now, 1s) == silence);
    CHECK(ring.mean(now, 1s) == -120.0);
    ring.add(-20.0, now + 100ms);
    CHECK(ring.mean(now + 100ms, 1s) == -70.0);
}

TEST_CASE("a ring goes round, and what comes too late or before time began is dropped") {
    PeakRing ring;
    ring.add(0.0, now);
    for (int i = 1; i <= 1000; ++i) ring.add(-30.0, now + i * 100ms);
    const TimePoint end = now + 100s;
    CHECK(ring.maximum(end, 10s) == -30.0);
    CHECK(ring.filled(end, 1h) == PeakRing::steps);
    ring.add(0.0, end - 10s); // its cell belongs to a newer step
    CHECK(ring.maximum(end, 1h) == -30.0);
    ring.add(-1.0, end - 9s); // late, but still of this round
    CHECK(ring.maximum(end, 1h) == -1.0);
    ring.add(0.0, TimePoint{-1s});
    CHECK(ring.maximum(end, 1h) == -1.0);
}
