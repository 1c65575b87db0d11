#include "core/inbox.h"
#include "tests/support/catch.h"

#include <atomic>
#include <map>
#include <memory>
#include <thread>

using namespace prefade;
using namespace std::chrono_literals;

namespace {
const auto longest_wait = 30s; ///< never waited for when all is well
TimePoint soon() { return Clock::now() + longest_wait; }
} // namespace

TEST_CASE("what is pushed is taken whole and in order, and then it is gone") {
    Inbox<int> inbox;
    std::vector<int> out{99};
    for (int i = 0; i < 5; ++i) CHECK(inbox.push(i));
    CHECK(inbox.take(out, soon()));
    CHECK(out == std::vector<int>{0, 1, 2, 3, 4});
    CHECK(inbox.take(out, Clock::now()));
    CHECK(out.empty());
}

TEST_CASE("an inbox that is full drops the newest, counts it, and goes on when it was emptied") {
    Inbox<int> inbox(3);
    for (int i = 0; i < 5; ++i) CHECK(inbox.push(i) == (i < 3));
    CHECK(inbox.dropped() == 2);
    std::vector<int> out;
    inbox.take(out, soon());
    CHECK(out == std::vector<int>{0, 1, 2});
    CHECK(inbox.push(5));
    CHECK(inbox.dropped() == 2);
}

TEST_CASE("a closed inbox gives what it has, takes no more, and then says so") {
    Inbox<int> inbox;
    inbox.push(1);
    inbox.close();
    CHECK_FALSE(inbox.push(2));
    CHECK(inbox.dropped() == 0); // refused, not lost for want of room
    std::vector<int> out;
    CHECK(inbox.take(out, soon()));
    CHECK(out == std::vector<int>{1});
    CHECK_FALSE(inbox.take(out, soon()));
    CHECK(out.empty());
    inbox.close();
    CHECK_FALSE(inbox.take(out, soon()));
}

TEST_CASE("what cannot be copied passes through, and what is dropped is destroyed") {
    Inbox<std::unique_ptr<int>> inbox(1);
    CHECK(inbox.push(std::make_unique<int>(1)));
    CHECK_FALSE(inbox.push(std::make_unique<int>(2)));
    std::vector<std::unique_ptr<int>> out;
    inbox.take(out, soon());
    REQUIRE(out.size() == 1);
    CHECK(*out[0] == 1);
}

TEST_CASE("a take that waits is woken by an item, and by the end") {
    Inbox<int> inbox;
    std::vector<int> out;
    std::jthread pusher([&] { inbox.push(7); });
    CHECK(inbox.take(out, TimePoint::max()));
    CHECK(out == std::vector<int>{7});
    std::jthread closer([&] { inbox.close(); });
    CHECK_FALSE(inbox.take(out, TimePoint::max()));
}

TEST_CASE(
    "many producers: all arrives once, each one's in its order, and what is missing was counted") {
    const std::size_t capacity = GENERATE(std::size_t{64}, std::size_t{1'000'000});
    constexpr int producers = 8, each = 5000;
    Inbox<std::pair<int, int>> inbox(capacity);
    std::atomic<int> refused{0}, running{producers};
    std::vector<std::jthread> threads;
    for (int p = 0; p < producers; ++p)
        threads.emplace_back([&, p] {
            for (int i = 0; i < each; ++i)
                if (!inbox.push({p, i})) ++refused;
            if (--running == 0) inbox.close();
        });
    std::map<int, int> last;
    std::vector<std::pair<int, int>> out;
    int taken = 0;
    bool ordered = true;
    while (inbox.take(out, soon()))
        for (const auto& [p, i] : out) {
            const auto before = last.find(p);
            ordered = ordered && (before == last.end() || before->second < i);
            last[p] = i;
            ++taken;
        }
    CHECK(ordered);
    CHECK(taken + refused == producers * each);
    CHECK(inbox.dropped() == static_cast<std::uint64_t>(refused));
    if (capacity == 1'000'000) CHECK(refused == 0);
}
