#include "tests/truth/synthesis.h"

#include "tests/truth/music.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace prefade::truth {

namespace {

constexpr double tau = 2.0 * std::numbers::pi;

double pitch_hz(double note) { return 440.0 * std::exp2((note - 69.0) / 12.0); }

// Formants of five vowels, from the averages of Peterson and Barney (JASA 24, 1952), rounded.
const std::array<std::array<Resonance, 4>, vowel_count> vowels{{
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

} // namespace

double amplitude(double db) { return std::pow(10.0, db / 20.0); }

/// One period with every partial below 17 kHz, random phases, RMS 0.1.
Player::Table Player::wave_of(double hz, std::size_t vowel) {
    std::array<double, table_size> sum{};
    double power = 0.0;
    for (int h = 1; h * hz < 17000.0 && h < 400; h += timbre_.odd_only ? 2 : 1) {
        const double f = h * hz;
        const double above = f / timbre_.low_pass;
        double db = timbre_.slope * std::log2(static_cast<double>(h))
                    - 10.0 * std::log10(1.0 + above * above * above * above);
        const auto add = [&](const Resonance& r) {
            const double x = std::log2(f / r.hz) / r.octaves;
            db += r.db * std::exp(-0.5 * x * x);
        };
        for (const Resonance& r : timbre_.resonances) add(r);
        if (sings_)
            for (const Resonance& r : vowels[vowel]) add(r);
        if (db < -90.0) continue;
        const double level = amplitude(db), phase = dice_.between(0.0, tau);
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

void Player::play(std::vector<float>& out, const Note& note) {
    const Table& table = table_of(note);
    const int voices = timbre_.detune > 0.0 ? 2 : 1;
    for (int v = 0; v < voices; ++v) {
        const double cents = timbre_.detune * (v - 0.5 * (voices - 1));
        voice(out, note, table, pitch_hz(note.pitch + cents / 100.0), voices);
    }
}

const Player::Table& Player::table_of(const Note& note) {
    const auto key = std::pair(std::lround(10.0 * note.pitch), note.vowel);
    const auto found = tables_.find(key);
    if (found != tables_.end()) return found->second;
    return tables_.emplace(key, wave_of(pitch_hz(note.pitch), note.vowel)).first->second;
}

void Player::voice(std::vector<float>& out, const Note& note, const Table& table, double hz,
                   int voices) {
    const auto first = static_cast<std::size_t>(std::max(note.at, 0.0) * sample_rate);
    const double tail = std::min(4.0 * timbre_.release, 1.5);
    const auto last =
        std::min(out.size(), first + static_cast<std::size_t>((note.length + tail) * sample_rate));
    double phase = dice_.between(0.0, static_cast<double>(table_size));
    const double rate = 4.5 + 0.3 * voices,
                 depth = timbre_.vibrato / 1731.0; // cents in e-folds
    double gain = 0.0, step = 0.0, pitch = 0.0, turn = 0.0;
    for (std::size_t i = first; i < last; ++i) {
        if ((i - first) % 32 == 0) { // envelope and vibrato in steps of 0.7 ms, joined by lines
            const double at = static_cast<double>(i - first) / sample_rate;
            const double next = at + 32.0 / sample_rate;
            gain = note.velocity * envelope(timbre_, at, note.length) / voices;
            step = (note.velocity * envelope(timbre_, next, note.length) / voices - gain) / 32.0;
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

} // namespace prefade::truth
