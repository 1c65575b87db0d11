// Songs from Standard MIDI Files, rendered by FluidSynth through render_stems.py: the truth sets of music that others
// wrote, in sounds that others recorded. Only where FluidSynth, Python and the files are installed.
#pragma once

#include "tests/truth/music.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace prefade::truth {

/// Which songs and sounds are for what; none is for two (tests/truth/README.md).
struct RenderedSet {
    std::span<const std::string_view> songs; ///< of the package openttd-openmsx, without `.mid`
    std::string_view soundfont;              ///< path
};
RenderedSet tuning_renders();
RenderedSet scored_renders();

/// One song of a set, its first 16 s, drums apart, rendered into a folder of its own in `work` unless it is there
/// already. No value where something it needs is missing or fails.
std::optional<Song> render(const RenderedSet& set, std::string_view song,
                           const std::filesystem::path& work);

} // namespace prefade::truth
