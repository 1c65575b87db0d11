// Units, known values, control values: the numbers everything else stands on.
#include "core/control.h"
#include "core/known.h"
#include "core/names.h"
#include "core/snapshot.h"
#include "tests/support/catch.h"
#include "tests/support/moment.h"

#include <limits>
#include <string>
#include <type_traits>

using namespace prefade;
using test::infinity, test::now;
using namespace std::chrono_literals;

namespace {

template <class A, class B>
concept adds = requires(A a, B b) {
    a + b;
};
template <class A, class B>
concept subtracts = requires(A a, B b) {
    a - b;
};
template <class A, class B>
concept compares = requires(A a, B b) {
    a < b;
};

// What has no meaning does not compile.
static_assert(adds<Decibel, Decibel> && subtracts<Decibel, Decibel>);
static_assert(!adds<Lufs, Lufs> && adds<Lufs, LoudnessUnits>);
static_assert(std::is_same_v<decltype(Lufs{} - Lufs{}), LoudnessUnits>);
static_assert(!adds<TruePeak, TruePeak> && !adds<Decibel, TruePeak> && !subtracts<Decibel, Lufs>);
static_assert(
    !compares<Decibel, Lufs> && !compares<TruePeak, Decibel> && !compares<Pan, Normalized>);
static_assert(!std::is_convertible_v<double, Decibel> && !std::is_convertible_v<Decibel, double>);
static_assert(!std::is_convertible_v<StripId, InsertId>);

} // namespace

TEST_CASE("levels add, subtract and compare; silence lies below every level") {
    CHECK(Decibel{-3.0} + Decibel{1.5} == Decibel{-1.5});
    CHECK(Decibel{-3.0} - Decibel{1.5} == Decibel{-4.5});
    CHECK(-Decibel{6.0} == Decibel{-6.0});
    CHECK(Decibel::silence() < Decibel{-1000.0});
    CHECK(Decibel::silence().is_silence());
    CHECK_FALSE(Decibel{-1000.0}.is_silence());
    CHECK_FALSE(Decibel{infinity}.is_silence());
    CHECK(Decibel::silence() + Decibel{6.0} == Decibel::silence());
    CHECK(Lufs{-14.0} - Lufs{-23.0} == LoudnessUnits{9.0});
    CHECK(Lufs{-23.0} + LoudnessUnits{9.0} == Lufs{-14.0});
}

TEST_CASE("the distance of levels is how far a fader would go") {
    CHECK(distance(Decibel{-3.0}, Decibel{-1.0}) == Decibel{2.0});
    CHECK(distance(Decibel{-1.0}, Decibel{-3.0}) == Decibel{2.0});
    CHECK(distance(Decibel::silence(), Decibel::silence()) == Decibel{0.0});
    CHECK(distance(Decibel::silence(), Decibel{-90.0}) == Decibel{infinity});
}

TEST_CASE("milliseconds and the clock's own spans say the same") {
    CHECK(Milliseconds{1.5}.span() == 1500us);
    CHECK(Milliseconds::of(2s) == Milliseconds{2000.0});
    CHECK(Milliseconds::of(Milliseconds{0.001}.span()) == Milliseconds{0.001});
}

TEST_CASE("what is not known is neither a value nor fresh") {
    Known<bool> mute;
    CHECK_FALSE(mute.is_known());
    CHECK_FALSE(mute.is_fresh(now, Duration::max()));
    mute.learn(false, now - 10s);
    CHECK(mute.is_known());
    CHECK(mute.value == false);
    CHECK(mute.age(now) == 10s);
    CHECK(mute.is_fresh(now, 10s));
    CHECK_FALSE(mute.is_fresh(now, 9999ms));
    mute.learn(true, now);
    CHECK(mute.value == true);
    CHECK(mute.is_fresh(now, 0s));
}

TEST_CASE("a name is found exactly, and a value outside its table has none") {
    CHECK(value_in(mode_names, "auto") == Mode::automatic);
    CHECK_FALSE(value_in(mode_names, "Auto"));
    CHECK_FALSE(value_in(mode_names, ""));
    CHECK(name_in(mode_names, static_cast<Mode>(99)) == "?");
    CHECK(all_names(mode_names) == "watch, ask, auto");
}

TEST_CASE("each control takes its own kind of value and no other") {
    const ControlValue values[] = {Decibel{}, Pan{}, true, Normalized{}};
    const std::pair<Control, std::size_t> kinds[] = {
        {Control::trim, 0},         {Control::fader, 0},  {Control::send, 0},
        {Control::pan, 1},          {Control::mute, 2},   {Control::solo, 2},
        {Control::send_enabled, 2}, {Control::bypass, 2}, {Control::parameter, 3}};
    static_assert(std::size(kinds) == control_names.size());
    for (const auto& [control, kind] : kinds)
        for (std::size_t i = 0; i < std::size(values); ++i) {
            INFO(name_in(control_names, control) << ' ' << i);
            CHECK(fits(control, values[i]) == (i == kind));
        }
    CHECK_FALSE(fits(static_cast<Control>(99), Decibel{}));
}

TEST_CASE("a path names an insert or a send, and paths differ in each part") {
    const ControlPath parameter{StripId{1}, Control::parameter, InsertId{2}, 3};
    CHECK(parameter.insert() == InsertId{2});
    CHECK_FALSE(parameter.send());
    const ControlPath send{StripId{1}, Control::send, SendId{2}, 0};
    CHECK(send.send() == SendId{2});
    CHECK_FALSE(send.insert());
    for (ControlPath other : {ControlPath{StripId{2}, Control::parameter, InsertId{2}, 3},
                              ControlPath{StripId{1}, Control::bypass, InsertId{2}, 3},
                              ControlPath{StripId{1}, Control::parameter, SendId{2}, 3},
                              ControlPath{StripId{1}, Control::parameter, InsertId{3}, 3},
                              ControlPath{StripId{1}, Control::parameter, InsertId{2}, 4}})
        CHECK(other != parameter);
}

TEST_CASE("values are nearly equal within what a host can repeat, on both sides and both ways") {
    struct Case {
        ControlValue a, b;
        bool equal;
    };
    const Case cases[] = {
        {Decibel{-6.0}, Decibel{-6.049}, true},
        {Decibel{-6.0}, Decibel{-6.051}, false},
        {Decibel{-90.0}, Decibel::silence(), true},
        {Decibel{-89.9}, Decibel::silence(), false},
        {Decibel{-120.0}, Decibel{-95.0}, true},
        {Decibel{infinity}, Decibel{infinity}, true},
        {Decibel{infinity}, Decibel{0.0}, false},
        {Pan{0.2}, Pan{0.2049}, true},
        {Pan{0.2}, Pan{0.206}, false},
        {Pan{-0.001}, Pan{0.001}, true},
        {true, true, true},
        {true, false, false},
        {Normalized{0.5}, Normalized{0.500009}, true},
        {Normalized{0.5}, Normalized{0.50002}, false},
        {Decibel{0.0}, Pan{0.0}, false},
        {Normalized{0.0}, false, false},
    };
    for (const Case& c : cases) {
        INFO(to_text(c.a) << " and " << to_text(c.b));
        CHECK(nearly_equal(c.a, c.b) == c.equal);
        CHECK(nearly_equal(c.b, c.a) == c.equal);
    }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(nearly_equal(Decibel{nan}, Decibel{nan}));
    CHECK_FALSE(nearly_equal(Pan{nan}, Pan{0.0}));
    CHECK_FALSE(nearly_equal(Normalized{nan}, Normalized{nan}));
}

TEST_CASE("a value reads as people write it") {
    const std::pair<ControlValue, const char*> cases[] = {
        {Decibel{-4.5}, "-4.50 dB"},
        {Decibel{0.0}, "+0.00 dB"},
        {Decibel{6.0206}, "+6.02 dB"},
        {Decibel::silence(), "-inf dB"},
        {Pan{0.0}, "centre"},
        {Pan{0.004}, "centre"},
        {Pan{-0.3}, "L30"},
        {Pan{1.0}, "R100"},
        {Pan{-0.006}, "L1"},
        {true, "on"},
        {false, "off"},
        {Normalized{0.43}, "0.4300"},
    };
    for (const auto& [value, text] : cases) CHECK(to_text(value) == text);
    CHECK(to_text(Decibel{1e300}).size() < 64); // whatever comes, it is cut, not overrun
}
