// What is data about a host: config/hosts/NAME.toml. Logic is in the dialect it names. Plain values;
// read once at start.
#pragma once

#include "connectors/fader_law.h"
#include "core/names.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace prefade {

/// How a host prints a pan beneath its pot: "L63R37"; "12L", "C" for all of 50 a side; -64 .. +63.
enum class PanText { none, percent, fifty, signed_64 };
inline constexpr Names<PanText, 3> pan_text_names{
    {{PanText::percent, "L63R37"}, {PanText::fifty, "12L"}, {PanText::signed_64, "-64"}}};

/// What differs between hosts of one control surface protocol.
struct SurfaceTraits {
    FaderLaw law; ///< empty: not known
    /// dBFS from which on each step of a meter is lit; the first is silence.
    std::vector<double> meter_levels{};
    Duration
        longest_silence{}; ///< a host that is silent for longer is gone; 0: it may be silent for ever
    bool last_bank_shifted{
        false}; ///< the last bank is full and repeats strips; else its rest is blank
    bool paints_on_hello{false}; ///< tells everything anew to a surface that says hello
    /// So many ticks of its pot bring a pan from one side to the other, near enough; 0: it is not turned.
    double pan_ticks{0.0};
    PanText pan_text{PanText::none}; ///< none: a ring of eleven steps is all that shows it
    /// SEND shows the sends of the selected strip, a column each: destination above, dB below; so many ticks bring one
    /// from end to end of a fader's way. 0: not known to do so, and not looked at.
    double send_ticks{0.0};
    /// PLUG-IN lists the inserts of the selected strip, a column each; a press of a pot opens one: its parameters, name above,
    /// text below, in pages that CURSOR RIGHT turns. False: not known to do so, and not looked at.
    bool shows_plugins{false};
};

struct HostProfile {
    std::string name;                 ///< the file's: "ardour"
    std::string title;                ///< for people: "Ardour"
    std::string dialect;              ///< which code speaks to it: "ardour"
    std::vector<std::uint16_t> ports; ///< where to look on loopback, in this order
    Decibel fader_top{6.0};           ///< highest level its faders take
    Decibel trim_top{20.0};           ///< its trims take -trim_top .. +trim_top
    SurfaceTraits surface{};          ///< of a MIDI surface
    std::vector<std::string> setup{}; ///< what a person has to click in the host, in this order
    /// Of a MIDI surface: which code speaks to the host's second door, on the first port; may be empty.
    std::string joined_with{};
};

/// Errors carry file:line and the known keys.
Result<HostProfile> load_host_profile(const std::filesystem::path& path);
/// The law that was measured on this machine, `folder`/NAME.toml, takes the place of the profile's. Nothing when there
/// is none. Errors carry file:line.
Result<void> take_measured_law(HostProfile& profile, const std::filesystem::path& folder);
/// Keeps a law there, in hundredths of a dB; an older one is gone. Returns the file. Errors: io, or points that make no law.
Result<std::filesystem::path> keep_measured_law(const HostProfile& profile,
                                                const std::vector<FaderLaw::Point>& points,
                                                const std::string& day,
                                                const std::filesystem::path& folder);
/// All profiles of a folder by name; an unreadable one is an error, a missing folder too.
Result<std::vector<HostProfile>> load_host_profiles(const std::filesystem::path& folder);

} // namespace prefade
