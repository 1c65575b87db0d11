// Prefade's own MIDI ports, a pair for each unit of a surface, through RtMidi. Where the system has virtual ports they
// are made here under the same names at every start; on Windows, which has none, loopMIDI's cables of that name are
// opened. RtMidi's thread copies, stamps and hands on whole messages.
//
//   CoreMIDI   ports "Prefade 1", "Prefade 2" ...
//   ALSA       clients "Prefade 1 in" and "Prefade 1 out", each with a port "Prefade 1"
//   JACK       the same
//   Windows    cables "Prefade 1 in" (from the DAW) and "Prefade 1 out" (to it)
#pragma once

#include "connectors/wire.h"

#include <cstddef>
#include <memory>
#include <string>

namespace prefade {

class MidiWire final : public Wire {
public:
    /// `usual`: JACK where a server runs, else ALSA; the only one there is on macOS and Windows.
    enum class System { usual, jack, alsa };
    struct Setup {
        std::size_t units{1}; ///< 1 .. most_units
        System system{System::usual};
        std::string name{"Prefade"};
    };
    static constexpr std::size_t most_units = 8;

    explicit MidiWire(Setup setup);
    ~MidiWire() override;

    /// Errors: no JACK server, no sequencer, no such cable, each with what to do about it.
    Result<void> open(Receiver receive) override;
    /// A MidiMessage whose `port` is the unit. Errors: the JACK server ended since, and all ports with it.
    Result<void> send(const WireMessage& message) override;
    Result<void> decode(const Arrival& arrival, std::vector<WireMessage>& out) const override;
    void close() override;
    std::string describe() const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
