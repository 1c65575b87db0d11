#include "connectors/demo/faults.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace prefade::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::array<FaultEntry, fault_count> table{{
    {Fault::clipping_keys, "clipping-keys", "Keys", "trim +21 dB: it peaks over full scale",
     FoundBy::levels, "clipping-strip", 15s, true},
    {Fault::quiet_vocal, "quiet-vocal", "Lead Vox", "fader 15 dB too low", FoundBy::levels,
     "vocal-below", 15s, true},
    {Fault::over_limited, "over-limited", "Master", "limiter driven by 10 dB into -0.3 dBFS",
     FoundBy::levels, "master-headroom", 15s, true},
    {Fault::guitars_one_side, "guitars-one-side", "Gtr R", "panned hard left, where Gtr L is",
     FoundBy::levels, "same-hard-pan", 15s, true},
    {Fault::dead_echo, "dead-echo", "Lead Vox", "sends to Echo, which is muted", FoundBy::levels,
     "send-to-muted", 15s, true},
    {Fault::low_fader, "low-fader", "Gtr L",
     "trim +13 dB, fader 13 dB lower: the same level, no travel left", FoundBy::levels,
     "fader-asks-for-trim", 15s, true},
    {Fault::hot_bus, "hot-bus", "Drum Bus",
     "compressor makeup 8.4 dB too high: no room after the fader", FoundBy::levels, "bus-headroom",
     15s, true},
    {Fault::missing_backing, "missing-backing", "BV Low",
     "its recording is missing: open and silent", FoundBy::patience, "silent-unmuted", 60s, true},
    {Fault::solo_left_on, "solo-left-on", "Hats", "a solo nobody took off", FoundBy::patience,
     "solo-left-on", 75s, false},
    {Fault::kick_and_bass, "kick-and-bass", "Bass",
     "it and the kick are both pushed by 6 dB at 60 Hz", FoundBy::hearing, "kick-against-bass", 20s,
     true},
    {Fault::muddy_vocal, "muddy-vocal", "Lead Vox", "+7 dB at 280 Hz, and nothing above 8 kHz",
     FoundBy::hearing, "muddy-vocal", 20s, true},
    {Fault::guitar_hum, "guitar-hum", "Gtr L",
     "50 Hz and its overtones at -44 dBFS before the trim", FoundBy::analysis, "", Duration{},
     true},
}};

std::string known_names() {
    std::string names = "all, none, usual";
    for (const FaultEntry& entry : table) names += ", " + std::string(entry.name);
    return names;
}

} // namespace

std::span<const FaultEntry> all_faults() noexcept { return table; }

Faults usual_faults() noexcept {
    Faults faults;
    for (const FaultEntry& entry : table)
        faults.set(static_cast<std::size_t>(entry.fault), entry.at_start);
    return faults;
}

Result<Faults> faults_from(const std::string& text) {
    if (text.empty() || text == "usual") return usual_faults();
    if (text == "all") return Faults{}.set();
    if (text == "none") return Faults{};
    Faults faults;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const std::string_view name = std::string_view(text).substr(at, comma - at);
        bool known = false;
        for (const FaultEntry& entry : table)
            if (entry.name == name) {
                faults.set(static_cast<std::size_t>(entry.fault));
                known = true;
            }
        if (!known)
            return Error{ErrorCode::not_found,
                         "the demo has no fault \"" + std::string(name)
                             + "\"; there are: " + known_names(),
                         {}};
        at = comma + 1;
    }
    return faults;
}

} // namespace prefade::demo
