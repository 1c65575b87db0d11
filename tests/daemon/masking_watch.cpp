// Who hides whom, live: from spectra that a source brings to conflicts of strips.
#include "daemon/masking_watch.h"

#include "knowledge/roles.h"
#include "tests/support/catch.h"

#include <cmath>
#include <vector>

using namespace prefade;
using namespace std::chrono_literals;

namespace {

Priorities priorities() {
    const auto folder = std::filesystem::path(PREFADE_TESTS_DIR).parent_path() / "knowledge";
    const auto roles = RoleBook::load(folder / "roles.toml");
    REQUIRE(roles);
    return Priorities(MixKnowledge::load({folder / "targets.toml", folder / "pairs.toml"},
                                         {roles->roles(), {}, {}})
                          .knowledge);
}

struct Watched {
    Session session;
    Brief brief;
    MaskingWatch watch{priorities()};
    TimePoint now{1h};

    explicit Watched(std::vector<std::pair<std::string, std::string>> strips) {
        StripsListed listed;
        for (std::uint32_t i = 0; i < strips.size(); ++i)
            listed.strips.push_back({StripId{i + 1}, strips[i].first});
        apply(session, {now, listed});
        for (std::size_t i = 0; i < strips.size(); ++i) session.strips[i].role = strips[i].second;
    }
    /// Bands 18 to 20 of each strip at these levels; what was told last.
    std::vector<Masking> hear(const std::vector<double>& levels, double seconds) {
        std::vector<Masking> last;
        const double step = 0.05;
        for (double t = 0.0; t < seconds; t += step) {
            now += 50ms;
            SpectraHeard heard{{}, Tap::post_fader, step};
            for (std::size_t i = 0; i < levels.size(); ++i) {
                BandEnergies energies{};
                for (std::size_t b = 18; b <= 20; ++b)
                    energies[b] = static_cast<float>(0.5 * std::pow(10.0, levels[i] / 10.0));
                heard.strips.push_back({session.strips[i].id, energies});
            }
            if (auto news = watch.hear(heard, session, brief, now)) last = news->conflicts;
        }
        return last;
    }
};

} // namespace

TEST_CASE("the shipped orders of who is protected are found by genre and by role") {
    const Priorities order = priorities();
    CHECK(order.of("lead vocal", "pop") > order.of("kick", "pop"));
    CHECK(order.of("kick", "pop") > order.of("pad", "pop"));
    CHECK(order.of("lead vocal", "") == order.of("lead vocal", Priorities::usual_genre));
    CHECK(order.of("lead vocal", "no such genre") == order.of("lead vocal", "pop"));
    CHECK(order.of("kick", "edm") > order.of("lead vocal", "edm"));
    CHECK(order.of("nobody", "pop") == 0.0);
    CHECK(Priorities().of("lead vocal", "pop") == 0.0);
}

TEST_CASE("a pad over the lead vocal is told with the pad as the one to make room") {
    Watched w({{"Lead Vox", "lead vocal"}, {"Pad", "pad"}});
    CHECK(w.hear({-30.0, -12.0}, 3.0).empty()); // too early to say
    const auto told = w.hear({-30.0, -12.0}, 5.0);
    REQUIRE(told.size() == 1);
    CHECK(told[0].masker == StripId{2});
    CHECK(told[0].target == StripId{1});
    CHECK(told[0].mover == StripId{2});
    CHECK(told[0].share > 0.9);
    CHECK(told[0].gain < Decibel{0.0});
    CHECK(told[0].low < told[0].centre);
}

TEST_CASE("a lead vocal may hide a pad, by right") {
    Watched w({{"Lead Vox", "lead vocal"}, {"Pad", "pad"}});
    CHECK(w.hear({-12.0, -30.0}, 10.0).empty());
}

TEST_CASE("a bus, a click and a reference are nobody's masker; what is over is forgotten") {
    Watched w({{"Lead Vox", "lead vocal"}, {"Guide", "click"}, {"Ref", "reference"}, {"Band", ""}});
    w.session.strips[3].kind = StripKind::audio_bus;
    CHECK(w.hear({-30.0, -12.0, -12.0, -6.0}, 8.0).empty());
    w.session.strips[3].kind = StripKind::audio_track;
    CHECK(w.hear({-30.0, -90.0, -90.0, -6.0}, 8.0).size() == 1);
    CHECK(w.hear({-12.0, -90.0, -90.0, -90.0}, 90.0).empty());
}
