#include "tests/truth/music.h"

#include "tests/truth/dice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <span>
#include <string_view>
#include <utility>

namespace prefade::truth {

namespace {

constexpr double tau = 2.0 * std::numbers::pi;

double amplitude(double db) { return std::pow(10.0, db / 20.0); }
double pitch_hz(double note) { return 440.0 * std::exp2((note - 69.0) / 12.0); }

// ---- timbre -----------------------------------------------------------------------------------------------

struct Resonance {
    double hz, db, octaves; ///< height and half width of a bell over log frequency
};

/// Spectrum and envelope of a pitched instrument.
struct Timbre {
    double slope;    ///< dB per octave over the partials
    double low_pass; ///< Hz; 12 dB per octave above
    bool odd_only{};
    std::vector<Resonance> resonances{};
    double attack, decay, sustain, release; ///< s, s, 0 to 1, s
    double vibrato{};                       ///< cents
    double detune{};                        ///< cents between two voices
};

constexpr std::size_t table_size = 2048;
using Table = std::array<float, table_size>;

/// One period with every partial below 17 kHz, random phases, RMS 0.1.
Table wave_of(const Timbre& timbre, double hz, std::span<const Resonance> vowel, Dice& dice) {
    std::array<double, table_size> sum{};
    double power = 0.0;
    for (int h = 1; h * hz < 17000.0 && h < 400; h += timbre.odd_only ? 2 : 1) {
        const double f = h * hz;
        const double above = f / timbre.low_pass;
        double db = timbre.slope * std::log2(static_cast<double>(h))
                    - 10.0 * std::log10(1.0 + above * above * above * above);
        const auto add = [&](const Resonance& r) {
            const double x = std::log2(f / r.hz) / r.octaves;
            db += r.db * std::exp(-0.5 * x * x);
        };
        for (const Resonance& r : timbre.resonances) add(r);
        for (const Resonance& r : vowel) add(r);
        if (db < -90.0) continue;
        const double level = amplitude(db), phase = dice.between(0.0, tau);
        power += 0.5 * level * level;
        // A rotating pointer is a sine without a sine for each sample.
        const double turn = tau * h / static_cast<double>(table_size);
        const double c = std::cos(turn), s = std::sin(turn);
        double x = level * std::cos(phase), y = level * std::sin(phase);
        for (double& value : sum) {
            value += y;
            const double next = c * x - s * y;
            y = s * x + c * y;
            x = next;
        }
    }
    Table table;
    const double scale = 0.1 / std::sqrt(power);
    for (std::size_t k = 0; k < table_size; ++k) table[k] = static_cast<float>(scale * sum[k]);
    return table;
}

struct Note {
    double at, length; ///< s
    double pitch;      ///< MIDI note
    double velocity;   ///< linear
    std::size_t vowel{};
};

// Formants of five vowels, from the averages of Peterson and Barney (JASA 24, 1952), rounded.
const std::array<std::array<Resonance, 4>, 5> vowels{{
    {{{730, 14, 0.35}, {1090, 12, 0.3}, {2440, 16, 0.25}, {3400, 14, 0.3}}},
    {{{530, 15, 0.35}, {1840, 16, 0.25}, {2480, 15, 0.25}, {3500, 13, 0.3}}},
    {{{270, 10, 0.4}, {2290, 20, 0.25}, {3010, 18, 0.25}, {3700, 14, 0.3}}},
    {{{570, 16, 0.35}, {840, 12, 0.3}, {2410, 14, 0.25}, {3300, 14, 0.3}}},
    {{{300, 12, 0.4}, {870, 12, 0.3}, {2240, 12, 0.25}, {3200, 12, 0.3}}},
}};

double envelope(const Timbre& t, double at, double length) {
    const double rise = std::min(1.0, at / t.attack);
    const double body = t.sustain + (1.0 - t.sustain) * std::exp(-at / t.decay);
    const double end = at > length ? std::exp(-(at - length) / t.release) : 1.0;
    return rise * body * end;
}

class Player {
public:
    Player(const Timbre& timbre, bool sings, Dice& dice)
        : timbre_(timbre),
          sings_(sings),
          dice_(dice) {}

    void play(std::vector<float>& out, const Note& note) {
        const Table& table = table_of(note);
        const int voices = timbre_.detune > 0.0 ? 2 : 1;
        for (int v = 0; v < voices; ++v) {
            const double cents = timbre_.detune * (v - 0.5 * (voices - 1));
            voice(out, note, table, pitch_hz(note.pitch + cents / 100.0), voices);
        }
    }

private:
    const Table& table_of(const Note& note) {
        const auto key = std::pair(std::lround(10.0 * note.pitch), note.vowel);
        const auto found = tables_.find(key);
        if (found != tables_.end()) return found->second;
        std::span<const Resonance> vowel;
        if (sings_) vowel = vowels[note.vowel];
        return tables_.emplace(key, wave_of(timbre_, pitch_hz(note.pitch), vowel, dice_))
            .first->second;
    }

    void voice(std::vector<float>& out, const Note& note, const Table& table, double hz,
               int voices) {
        const auto first = static_cast<std::size_t>(std::max(note.at, 0.0) * sample_rate);
        const double tail = std::min(4.0 * timbre_.release, 1.5);
        const auto last = std::min(
            out.size(), first + static_cast<std::size_t>((note.length + tail) * sample_rate));
        double phase = dice_.between(0.0, static_cast<double>(table_size));
        const double rate = 4.5 + 0.3 * voices,
                     depth = timbre_.vibrato / 1731.0; // cents in e-folds
        double gain = 0.0, step = 0.0, pitch = 0.0, turn = 0.0;
        for (std::size_t i = first; i < last; ++i) {
            if ((i - first) % 32 == 0) { // envelope and vibrato in steps of 0.7 ms, joined by lines
                const double at = static_cast<double>(i - first) / sample_rate;
                const double next = at + 32.0 / sample_rate;
                gain = note.velocity * envelope(timbre_, at, note.length) / voices;
                step =
                    (note.velocity * envelope(timbre_, next, note.length) / voices - gain) / 32.0;
                pitch = hz * (1.0 + depth * std::sin(tau * rate * at) * std::min(1.0, 3.0 * at));
                turn = pitch * static_cast<double>(table_size) / sample_rate;
            }
            const auto k = static_cast<std::size_t>(phase);
            const auto part = static_cast<float>(phase - static_cast<double>(k));
            const float a = table[k], b = table[(k + 1) % table_size];
            out[i] += static_cast<float>(gain) * (a + part * (b - a));
            gain += step;
            phase += turn;
            if (phase >= static_cast<double>(table_size)) phase -= static_cast<double>(table_size);
        }
    }

    const Timbre& timbre_;
    bool sings_;
    Dice& dice_;
    std::map<std::pair<long, std::size_t>, Table> tables_;
};

// ---- drums ------------------------------------------------------------------------------------------------

/// Noise through a band pass of two poles, falling.
void noise_hit(std::vector<float>& out, double at, double hz, double q, double decay, double level,
               Dice& dice) {
    const double w = tau * hz / sample_rate, alpha = std::sin(w) / (2.0 * q);
    const double b = alpha / (1.0 + alpha), a1 = -2.0 * std::cos(w) / (1.0 + alpha);
    const double a2 = (1.0 - alpha) / (1.0 + alpha);
    double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0, gain = level * std::sqrt(q);
    const double fall = std::exp(-1.0 / (decay * sample_rate));
    const auto first = static_cast<std::size_t>(at * sample_rate);
    const auto last =
        std::min(out.size(), first + static_cast<std::size_t>(7.0 * decay * sample_rate));
    for (std::size_t i = first; i < last; ++i) {
        const double x = dice.between(-1.0, 1.0);
        const double y = b * (x - x2) - a1 * y1 - a2 * y2;
        x2 = std::exchange(x1, x);
        y2 = std::exchange(y1, y);
        out[i] += static_cast<float>(gain * y);
        gain *= fall;
    }
}

/// A sine whose pitch falls from `from` to `to` and whose level falls too.
void tone_hit(std::vector<float>& out, double at, double from, double to, double sweep,
              double decay, double level) {
    const auto first = static_cast<std::size_t>(at * sample_rate);
    const auto last =
        std::min(out.size(), first + static_cast<std::size_t>(7.0 * decay * sample_rate));
    const double bend = std::exp(-1.0 / (sweep * sample_rate));
    const double fall = std::exp(-1.0 / (decay * sample_rate));
    double phase = 0.0, over = from - to, gain = level;
    for (std::size_t i = first; i < last; ++i) {
        out[i] += static_cast<float>(gain * std::sin(phase));
        phase += tau * (to + over) / sample_rate;
        over *= bend;
        gain *= fall;
    }
}

// ---- a song -----------------------------------------------------------------------------------------------

struct Plan {
    double beat;      ///< s
    std::size_t bars; ///< of four beats
    int key;          ///< semitones above C
    bool minor;
    std::array<int, 4> degrees; ///< of the scale, a chord a bar
    double swing;               ///< s
};

int scale_note(const Plan& plan, int degree) {
    constexpr std::array<int, 7> major{0, 2, 4, 5, 7, 9, 11}, natural{0, 2, 3, 5, 7, 8, 10};
    const int octave = degree >= 0 ? degree / 7 : -((6 - degree) / 7);
    const auto step = static_cast<std::size_t>(degree - 7 * octave);
    return plan.key + 12 * octave + (plan.minor ? natural[step] : major[step]);
}

/// Bars in which a part plays: now and then a part rests for two bars.
std::vector<bool> bars_played(const Plan& plan, double rests, Dice& dice) {
    std::vector<bool> plays(plan.bars, true);
    for (std::size_t bar = 0; bar < plan.bars; bar += 2)
        if (dice.chance(rests))
            for (std::size_t k = bar; k < std::min(bar + 2, plan.bars); ++k) plays[k] = false;
    if (rests > 0.1 && dice.chance(0.4)) { // a part of the verse, or of the chorus, only
        const std::size_t mine = dice.below(2);
        for (std::size_t bar = 0; bar < plan.bars; ++bar)
            if (bar / 2 % 2 != mine) plays[bar] = false;
    }
    if (std::none_of(plays.begin(), plays.end(), [](bool p) { return p; }))
        std::fill(plays.begin(), plays.end(), true);
    return plays;
}

double human(Dice& dice) { return dice.between(0.0, 0.012); }

using Notes = std::vector<Note>;

Notes bass_line(const Plan& plan, Dice& dice) {
    Notes notes;
    const double step = dice.chance(0.5) ? 0.5 : 1.0; // beats
    const double length = dice.between(0.6, 0.98) * step * plan.beat;
    const double hole = dice.between(0.0, 0.25);
    const auto plays = bars_played(plan, 0.08, dice);
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        const int root = 24 + scale_note(plan, plan.degrees[bar % 4]) % 12;
        for (double beat = 0.0; beat < 3.99; beat += step) {
            if (beat > 0.0 && dice.chance(hole)) continue;
            const int jump = dice.chance(0.15) ? 7 : dice.chance(0.1) ? 12 : 0;
            const double low = root < 28 ? root + 12 : root; // not below the bass's lowest string
            notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                             length, low + jump, dice.between(0.8, 1.0)});
        }
    }
    return notes;
}

Notes chords(const Plan& plan, double step, double length, int octave, int voices, double rests,
             Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    const double off = dice.chance(0.3) ? 0.5 * std::min(step, 1.0) : 0.0;
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        const int degree = plan.degrees[bar % 4];
        for (double beat = off; beat < 3.99; beat += step)
            for (int v = 0; v < voices; ++v)
                notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                                 length * step * plan.beat,
                                 12.0 * octave + scale_note(plan, degree + 2 * v),
                                 dice.between(0.75, 1.0) / std::sqrt(voices)});
    }
    return notes;
}

Notes melody(const Plan& plan, int octave, double density, double rests, Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    int degree = static_cast<int>(dice.below(5));
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        double beat = dice.chance(0.3) ? 0.5 : 0.0;
        while (beat < 3.75) {
            const double beats = dice.chance(density) ? 0.5 : dice.chance(0.6) ? 1.0 : 1.5;
            degree = std::clamp(degree + static_cast<int>(dice.below(5)) - 2, -2, 8);
            const double length = std::min(beats, 4.0 - beat) * dice.between(0.75, 0.98);
            if (plays[bar] && !dice.chance(0.1))
                notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                                 length * plan.beat,
                                 12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + degree),
                                 dice.between(0.7, 1.0), dice.below(vowels.size())});
            beat += beats;
        }
    }
    return notes;
}

Notes arpeggio(const Plan& plan, int octave, double step, double rests, Dice& dice) {
    Notes notes;
    const auto plays = bars_played(plan, rests, dice);
    for (std::size_t bar = 0; bar < plan.bars; ++bar) {
        if (!plays[bar]) continue;
        int k = 0;
        for (double beat = 0.0; beat < 3.99; beat += step, ++k)
            notes.push_back({(4.0 * static_cast<double>(bar) + beat) * plan.beat + human(dice),
                             0.9 * step * plan.beat,
                             12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + 2 * (k % 4)),
                             dice.between(0.7, 1.0)});
    }
    return notes;
}

/// Loud chords that come once in four bars and are soon over.
Notes stabs(const Plan& plan, int octave, Dice& dice) {
    Notes notes;
    for (std::size_t bar = dice.below(2); bar < plan.bars; bar += 4)
        for (int v = 0; v < 3; ++v)
            notes.push_back({4.0 * static_cast<double>(bar) * plan.beat, 0.8 * plan.beat,
                             12.0 * octave + scale_note(plan, plan.degrees[bar % 4] + 2 * v), 0.6});
    return notes;
}

/// Where each pitched part of a song has its home: an arrangement spreads its instruments over the spectrum.
class Zones {
public:
    explicit Zones(Dice& dice) : dice_(dice) {
        const double step = dice.between(0.42, 0.55),
                     first = dice.between(130.0, 200.0); // octaves, Hz
        for (int k = 0; k < 11; ++k) free_.push_back(first * std::exp2(step * k));
    }
    /// Resonances that tell one instrument, amp or microphone from the next: a strong one in a zone that no other
    /// part has, where there is one between `low` and `high`, and weaker ones anywhere.
    std::vector<Resonance> character(double low, double high) {
        const auto anywhere = [&] { return low * std::pow(high / low, dice_.between(0.0, 1.0)); };
        std::vector<std::size_t> fits;
        for (std::size_t k = 0; k < free_.size(); ++k)
            if (free_[k] >= low && free_[k] <= high) fits.push_back(k);
        std::vector<Resonance> result{
            {anywhere(), dice_.between(9.0, 17.0), dice_.between(0.3, 0.6)}};
        if (!fits.empty()) {
            const std::size_t chosen = fits[dice_.below(fits.size())];
            result[0].hz = free_[chosen];
            free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(chosen));
        }
        for (std::size_t more = dice_.below(3); more > 0; --more)
            result.push_back({anywhere(), dice_.between(2.0, 7.0), dice_.between(0.25, 0.7)});
        return result;
    }

private:
    Dice& dice_;
    std::vector<double> free_; ///< Hz
};

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

class Band {
public:
    Band(const Plan& plan, std::size_t frames, Dice& dice)
        : plan_(plan),
          frames_(frames),
          dice_(dice),
          zones_(dice) {}

    std::vector<float> part(std::string_view role) {
        out_.assign(frames_, 0.0F);
        if (role == "kick")
            kick();
        else if (role == "snare")
            snare();
        else if (role == "hi-hat")
            hats();
        else if (role == "bass")
            sound({-dice_.between(5, 9), dice_.between(400, 1800), dice_.chance(0.3),
                   zones_.character(80, 900), 0.004, 0.4, dice_.between(0.4, 1.0), 0.03},
                  bass_line(plan_, dice_));
        else if (role == "lead vocal")
            sing({-dice_.between(8, 11), 9000, false, zones_.character(2000, 6000), 0.03, 0.3, 0.85,
                  0.05, dice_.between(10, 40)},
                 melody(plan_, dice_.chance(0.5) ? 4 : 5, 0.5, 0.1, dice_));
        else if (role == "backing vocal")
            sing({-dice_.between(8, 11), 7000, false, zones_.character(800, 4000), 0.06, 0.5, 0.9,
                  0.1, 15, 14},
                 chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.9, 5, 2, 0.3, dice_));
        else
            strummed_or_held(role);
        return std::move(out_);
    }

    /// Plays what `notes` say with a timbre of its own: see compose.
    std::vector<float> line(const Timbre& timbre, const Notes& notes) {
        out_.assign(frames_, 0.0F);
        sound(timbre, notes);
        return std::move(out_);
    }

private:
    void strummed_or_held(std::string_view role) {
        const double slope = -dice_.between(3.5, 8.0);
        if (role == "electric guitar")
            sound({slope, dice_.between(2500, 6000), false, zones_.character(300, 3500), 0.004,
                   dice_.between(0.3, 1.5), dice_.between(0.2, 0.8), 0.05, 0, 8},
                  chords(plan_, dice_.chance(0.5) ? 0.5 : 1, 0.85, 4, 3, 0.15, dice_));
        else if (role == "acoustic guitar")
            sound({slope, dice_.between(4000, 9000), false, zones_.character(150, 4000), 0.003,
                   0.35, 0.1, 0.12},
                  chords(plan_, 0.5, 0.9, 4, 4, 0.15, dice_));
        else if (role == "piano")
            sound({slope - 1.5, dice_.between(2500, 7000), false, zones_.character(200, 3000),
                   0.003, dice_.between(0.5, 1.2), 0.05, 0.15},
                  chords(plan_, dice_.chance(0.5) ? 1 : 2, 0.95, dice_.chance(0.3) ? 5 : 4, 3, 0.15,
                         dice_));
        else if (role == "organ")
            sound({slope, dice_.between(1500, 5000), dice_.chance(0.4), zones_.character(300, 3000),
                   0.01, 1, 1, 0.04, 8},
                  chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.97, 4, 3, 0.2, dice_));
        else if (role == "pad")
            sound({slope, dice_.between(900, 4000), false, zones_.character(200, 2500), 0.35, 1, 1,
                   0.4, 0, 12},
                  chords(plan_, 4, 1, dice_.chance(0.3) ? 5 : 4, 3, 0.2, dice_));
        else if (role == "strings")
            sound({slope, dice_.between(3000, 7000), false, zones_.character(300, 3500), 0.12, 1, 1,
                   0.2, 12, 10},
                  chords(plan_, dice_.chance(0.5) ? 2 : 4, 0.97, 5, 3, 0.2, dice_));
        else if (role == "synth lead")
            sound({slope + 1.5, dice_.between(2500, 9000), dice_.chance(0.4),
                   zones_.character(600, 4500), 0.006, 0.5, 0.8, 0.06, 10, 6},
                  melody(plan_, dice_.chance(0.6) ? 5 : 6, 0.6, 0.25, dice_));
        else if (role == "pluck")
            sound({slope, dice_.between(2000, 8000), dice_.chance(0.3), zones_.character(500, 4000),
                   0.002, dice_.between(0.12, 0.4), 0.02, 0.08},
                  arpeggio(plan_, 5, dice_.chance(0.5) ? 0.25 : 0.5, 0.25, dice_));
        else
            sound({slope + 2, dice_.between(2500, 6000), false, zones_.character(400, 2500), 0.03,
                   0.5, 0.7, 0.06, 6, 6},
                  dice_.chance(0.4) ? stabs(plan_, 4, dice_)
                                    : chords(plan_, 1, 0.6, 4, 3, 0.3, dice_));
    }

    void sound(const Timbre& timbre, const Notes& notes) {
        Player player(timbre, false, dice_);
        for (const Note& note : notes) player.play(out_, note);
    }
    void sing(const Timbre& timbre, const Notes& notes) {
        Player player(timbre, true, dice_);
        for (const Note& note : notes) {
            player.play(out_, note);
            if (dice_.chance(0.3)) // a consonant before the vowel
                noise_hit(out_, std::max(note.at - 0.06, 0.0), dice_.between(5000, 8000), 1.2,
                          0.025, 0.05, dice_);
        }
    }

    template <class Hit> void beats(double step, double hole, Hit hit) {
        const auto plays = bars_played(plan_, 0.06, dice_);
        for (std::size_t bar = 0; bar < plan_.bars; ++bar)
            for (double beat = 0.0; plays[bar] && beat < 3.99; beat += step)
                if (!dice_.chance(hole))
                    hit((4.0 * static_cast<double>(bar) + beat) * plan_.beat, beat);
    }
    void kick() {
        const double low = dice_.between(45, 65), click = dice_.between(2000, 5000);
        const double decay = dice_.between(0.06, 0.2), bright = dice_.between(0.02, 0.12);
        const bool four = dice_.chance(0.5);
        beats(four ? 1.0 : 0.5, 0.0, [&](double at, double beat) {
            if (!four && beat != 0.0 && beat != 2.0 && !dice_.chance(0.2)) return;
            tone_hit(out_, at, 4.0 * low, low, 0.012, decay, 0.5);
            noise_hit(out_, at, click, 0.8, 0.006, bright * 4.0, dice_);
        });
    }
    void snare() {
        const double body = dice_.between(170, 240), wires = dice_.between(2500, 5000);
        const double decay = dice_.between(0.05, 0.14), tone = dice_.between(0.15, 0.5);
        beats(1.0, 0.0, [&](double at, double beat) {
            if (beat != 1.0 && beat != 3.0) return;
            tone_hit(out_, at, 1.3 * body, body, 0.01, decay, tone);
            noise_hit(out_, at, wires, 0.5, decay, 0.9, dice_);
        });
    }
    void hats() {
        const double hz = dice_.between(7500, 11000), step = dice_.chance(0.5) ? 0.5 : 0.25;
        const double decay = dice_.between(0.02, 0.06);
        beats(step, 0.05, [&](double at, double beat) {
            const double accent = beat == std::floor(beat) ? 1.0 : dice_.between(0.5, 0.8);
            noise_hit(out_, at, hz, 0.7, decay, accent, dice_);
        });
    }

    const Plan& plan_;
    std::size_t frames_;
    Dice& dice_;
    Zones zones_;
    std::vector<float> out_;
};

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
