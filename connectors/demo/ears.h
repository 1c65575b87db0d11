// What the demo host hears of its own strips, after the fader and before the pan: spectra and loudness, by the same
// meters that listen to files. One thread.
#pragma once

#include "analysis/loudness.h"
#include "analysis/spectrum.h"
#include "connectors/demo/mixer.h"
#include "core/session.h"

#include <cstdint>
#include <vector>

namespace prefade::demo {

class Ears {
public:
    /// What the mixer has just processed.
    void listen(const Mixer& mixer);
    /// The song begins anew: what was heard is of another take.
    void forget() { strips_.clear(); }

    struct Heard {
        std::uint32_t strip;
        BandEnergies energies;
    };
    /// The stretch that ended with the last block, one of each strip; empty while none has ended.
    const std::vector<Heard>& spectra() const { return spectra_; }
    double seconds() const; ///< from one stretch to the next

    struct Loudness {
        std::uint32_t strip;
        MeterKind kind;
        float value; ///< LUFS or dBTP
    };
    /// All there is to tell now: nothing of a strip that has been silent.
    std::vector<Loudness> loudness() const;

private:
    struct Strip {
        std::uint32_t id;
        bool is_stereo;
        BandMeter bands;
        LoudnessMeter loudness;
    };
    bool fits(const Mixer& mixer) const;
    void set_up(const Mixer& mixer);

    std::vector<Strip> strips_;
    std::vector<Heard> spectra_;
    std::vector<float> interleaved_;
};

} // namespace prefade::demo
