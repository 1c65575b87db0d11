#include "analysis/ahead.h"

#include "tests/support/catch.h"

#include <atomic>
#include <stdexcept>

using namespace prefade;

TEST_CASE("blocks come in the order they were made, each once, to the last") {
    for (const std::size_t room : {2U, 3U, 7U}) {
        int made = 0;
        Ahead<int> ahead(std::vector<int>(room), [&](int& block) {
            block = made++;
            return block < 1000;
        });
        int expected = 0;
        while (const int* block = ahead.next()) REQUIRE(*block == expected++);
        CHECK(expected == 1000);
        CHECK(ahead.next() == nullptr);
    }
}

TEST_CASE("a block stays as it is until the next is asked for") {
    std::atomic<int> made{0};
    Ahead<int> ahead(std::vector<int>(2), [&](int& block) {
        block = made++;
        return true;
    });
    const int* first = ahead.next();
    while (made < 2) std::this_thread::yield(); // the other block is made meanwhile, and no more
    CHECK(*first == 0);
    CHECK(*ahead.next() == 1);
    CHECK(*ahead.next() == 2);
}

TEST_CASE("what the maker throws comes after the blocks before it") {
    int made = 0;
    Ahead<int> ahead(std::vector<int>(2), [&](int& block) {
        if (made == 5) throw std::runtime_error("the disk is gone");
        block = made++;
        return true;
    });
    for (int i = 0; i < 5; ++i) REQUIRE(*ahead.next() == i);
    CHECK_THROWS_WITH(ahead.next(), "the disk is gone");
}

TEST_CASE("who takes no more ends the making") {
    std::atomic<int> made{0};
    {
        Ahead<int> ahead(std::vector<int>(3), [&](int& block) {
            block = made++;
            return true;
        });
        CHECK(*ahead.next() == 0);
    }
    CHECK(made <= 4);
    Ahead<int> untouched(std::vector<int>(2), [](int&) { return true; });
}
