// The demo host: a mixer with a transport, markers and a door that speaks the protocol of protocol.h. It runs
// block by block, as whoever owns it says: on the wire's thread by the clock, in tests as fast as it goes. It is
// pure: no thread, no clock, no file. One thread.
#pragma once

#include "connectors/demo/ears.h"
#include "connectors/demo/mixer.h"
#include "connectors/demo/protocol.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prefade::demo {

struct SessionMarker {
    std::string name;
    std::uint64_t frame{0};
};

/// Of one step.
inline constexpr std::chrono::milliseconds step_span{10};

class Engine {
public:
    /// `length`: frames of the song, after which it begins again.
    Engine(Mixer mixer, std::string session, std::vector<SessionMarker> markers,
           std::uint64_t length);

    // ---- the door
    void receive(const OscMessage& message);
    std::vector<OscMessage> take_sent();
    /// The next 10 ms: sound while it rolls, meters, signs of life.
    void step();

    // ---- a hand on it, told through the door like by any DAW
    /// False where there is no such control. Values beyond a control's range stop at its end.
    bool set(const Place& place, float value);
    bool rename(std::uint32_t strip, const std::string& name);
    void remove(std::uint32_t strip);
    void move(std::uint32_t strip, std::size_t position);
    void touch(std::uint32_t strip, bool touched);
    void play(bool roll); ///< a stop silences at once
    void locate(double seconds);
    void loop(double from, double to); ///< seconds; 0 and 0: the whole song

    // ---- the truth
    const Mixer& mixer() const { return mixer_; }
    const MixerStrip* find(const std::string& name) const;
    std::optional<float> value(const Place& place) const;
    bool rolling() const { return rolling_; }
    double seconds() const;
    /// What left the master in the last step; silence while stopped.
    std::span<const float> left() const { return mixer_.left(); }
    std::span<const float> right() const { return mixer_.right(); }

private:
    const float* number(const Place& place) const;
    const bool* toggle(const Place& place) const;
    const Processor* processor(const Place& place) const;
    void tell_all();
    void tell_strips();
    void tell_parts(const MixerStrip& strip);
    void tell_values(const MixerStrip& strip);
    void tell_value(const Place& place);
    void tell_parameters(std::uint32_t strip, const Slot& slot);
    void tell_transport();
    void tell_meters();
    void tell_spectra();
    void tell_loudness();

    Mixer mixer_;
    Ears ears_;
    std::string session_;
    std::vector<SessionMarker> markers_;
    std::uint64_t length_, loop_from_{0}, loop_to_;
    std::uint64_t position_{0}, steps_{0};
    bool rolling_{false};
    std::vector<OscMessage> sent_;
};

} // namespace prefade::demo
