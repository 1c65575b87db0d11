#include "tests/truth/music.h"

#include "tests/truth/band.h"
#include "tests/truth/dice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace prefade::truth {

namespace {

struct Instrument {
    std::string_view role;
    double rms_db; ///< usual level over the parts that sound, dBFS
};

// Levels: the middles of the usual starting levels of a rough mix; each song draws +-4 dB about them.
constexpr std::array<Instrument, 15> instruments{{{"kick", -19},
                                                  {"snare", -21},
                                                  {"hi-hat", -30},
                                                  {"bass", -18},
                                                  {"lead vocal", -18},
                                                  {"backing vocal", -25},
                                                  {"electric guitar", -22},
                                                  {"acoustic guitar", -24},
                                                  {"piano", -23},
                                                  {"organ", -24},
                                                  {"pad", -26},
                                                  {"strings", -25},
                                                  {"synth lead", -22},
                                                  {"pluck", -25},
                                                  {"brass", -21}}};

// Who is protected, from the first to the last, in four genres; what is not named comes last.
using Order = std::vector<std::vector<std::string_view>>;
const std::array<Order, 4> genres{{
    {{"lead vocal"},
     {"kick", "snare"},
     {"bass"},
     {"synth lead"},
     {"backing vocal"},
     {"electric guitar", "acoustic guitar", "piano", "organ", "brass"},
     {"pad", "strings", "pluck"},
     {"hi-hat"}},
    {{"lead vocal"},
     {"snare"},
     {"kick"},
     {"electric guitar", "acoustic guitar"},
     {"bass"},
     {"hi-hat", "backing vocal"},
     {"piano", "organ", "synth lead", "brass"},
     {"pad", "strings", "pluck"}},
    {{"kick"},
     {"bass"},
     {"lead vocal", "synth lead"},
     {"snare"},
     {"pluck", "piano", "organ", "brass", "electric guitar"},
     {"pad", "strings", "backing vocal"},
     {"hi-hat", "acoustic guitar"}},
    {{"lead vocal"},
     {"acoustic guitar"},
     {"snare", "kick"},
     {"bass"},
     {"strings", "backing vocal"},
     {"electric guitar", "brass"},
     {"piano", "organ", "synth lead"},
     {"pad", "pluck", "hi-hat"}},
}};

double priority_of(const Order& order, std::string_view role) {
    for (std::size_t place = 0; place < order.size(); ++place)
        if (std::find(order[place].begin(), order[place].end(), role) != order[place].end())
            return static_cast<double>(order.size() - place);
    return 0.0;
}

/// Brings the RMS of the parts that sound to `level_db`.
void set_level(std::vector<float>& samples, double level_db) {
    constexpr std::size_t block = 4410;
    double power = 0.0;
    std::size_t sounding = 0;
    for (std::size_t at = 0; at + block <= samples.size(); at += block) {
        double sum = 0.0;
        for (std::size_t i = at; i < at + block; ++i)
            sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
        if (sum < 1e-7 * block) continue;
        power += sum / block;
        ++sounding;
    }
    if (sounding == 0) return;
    const auto gain =
        static_cast<float>(amplitude(level_db) / std::sqrt(power / static_cast<double>(sounding)));
    for (float& sample : samples) sample *= gain;
}

/// Keeps `samples` only in the even or the odd ones of stretches of `beats` beats, with soft edges.
void keep_turns(std::vector<float>& samples, const Plan& plan, double beats, bool odd) {
    constexpr double edge = 0.03; // s
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double at = static_cast<double>(i) / sample_rate / (beats * plan.beat);
        const double turn = std::floor(at);
        const double inside = std::min(at - turn, turn + 1.0 - at) * beats * plan.beat;
        const bool mine = (static_cast<long>(turn) % 2 != 0) == odd;
        // Each turn ends a little before the next begins.
        const double gain = mine ? std::clamp((inside - edge) / edge, 0.0, 1.0) : 0.0;
        samples[i] *= static_cast<float>(gain);
    }
}

} // namespace

Song compose(std::uint64_t seed, double seconds) {
    Dice dice(seed);
    Plan plan{};
    plan.beat = 60.0 / dice.between(76, 148);
    plan.bars = std::max<std::size_t>(
        4, static_cast<std::size_t>(std::lround(seconds / (4.0 * plan.beat))));
    plan.key = static_cast<int>(dice.below(12));
    plan.minor = dice.chance(0.5);
    for (int& degree : plan.degrees) degree = static_cast<int>(dice.below(7));
    const auto frames = static_cast<std::size_t>((4.0 * static_cast<double>(plan.bars) + 1.0)
                                                 * plan.beat * sample_rate);
    const Order& order = genres[dice.below(genres.size())];
    Band band(plan, frames, dice);

    Song song;
    song.name = "seed " + std::to_string(seed);
    const double fill = dice.between(0.35, 0.85);
    for (const Instrument& instrument : instruments) {
        const bool core = instrument.role == "bass" || instrument.role == "lead vocal";
        if (!dice.chance(core ? 0.92 : fill)) continue;
        Track track{std::string(instrument.role), priority_of(order, instrument.role),
                    band.part(instrument.role)};
        set_level(track.samples, instrument.rms_db + dice.between(-4.0, 4.0));
        song.tracks.push_back(std::move(track));
    }
    // Two of one register and timbre that take turns, or are ducked by turns: they overlap only in the average.
    if (dice.chance(0.6)) {
        const Timbre timbre{-dice.between(4, 7),
                            dice.between(1500, 6000),
                            dice.chance(0.4),
                            {{dice.between(300.0, 3000.0), 12.0, 0.4}},
                            0.01,
                            0.5,
                            0.8,
                            0.04};
        const double beats = dice.chance(0.4) ? 1.0 : 4.0;
        const int octave = dice.chance(0.5) ? 4 : 5;
        const double rank = 2.0 + static_cast<double>(dice.below(6));
        for (const bool odd : {false, true}) {
            Track track{odd ? "answer" : "call", rank,
                        band.line(timbre, melody(plan, octave, 0.5, 0.0, dice))};
            keep_turns(track.samples, plan, beats, odd);
            set_level(track.samples, -23.0 + dice.between(-3.0, 3.0));
            song.tracks.push_back(std::move(track));
        }
    }
    // A quiet double of a protected one: hidden by right.
    const auto lead = std::find_if(song.tracks.begin(), song.tracks.end(), [](const Track& t) {
        return t.priority > 3.0 && (t.role == "lead vocal" || t.role == "synth lead");
    });
    if (lead != song.tracks.end() && dice.chance(0.3)) {
        Track track{"double", 1.0, lead->samples};
        set_level(track.samples, -34.0 + dice.between(-3.0, 3.0));
        song.tracks.push_back(std::move(track));
    }
    return song;
}

} // namespace prefade::truth
