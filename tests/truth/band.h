// The players of a made-up song: of each role a timbre and a way of playing, both drawn.
#pragma once

#include "tests/truth/parts.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace prefade::truth {

/// Where each pitched part of a song has its home: an arrangement spreads its instruments over the spectrum.
class Zones {
public:
    explicit Zones(Dice& dice);
    /// Resonances that tell one instrument, amp or microphone from the next: a strong one in a zone that no other
    /// part has, where there is one between `low` and `high`, and weaker ones anywhere.
    std::vector<Resonance> character(double low, double high);

private:
    Dice& dice_;
    std::vector<double> free_; ///< Hz
};

class Band {
public:
    Band(const Plan& plan, std::size_t frames, Dice& dice)
        : plan_(plan),
          frames_(frames),
          dice_(dice),
          zones_(dice) {}

    /// Mono, of no level yet.
    std::vector<float> part(std::string_view role);
    /// Plays what `notes` say with a timbre of its own: see compose.
    std::vector<float> line(const Timbre& timbre, const Notes& notes);

private:
    void strummed_or_held(std::string_view role);
    void sound(const Timbre& timbre, const Notes& notes);
    void sing(const Timbre& timbre, const Notes& notes);
    template <class Hit> void beats(double step, double hole, Hit hit);
    void kick();
    void snare();
    void hats();

    const Plan& plan_;
    std::size_t frames_;
    Dice& dice_;
    Zones zones_;
    std::vector<float> out_;
};

} // namespace prefade::truth
