// Which files the letters come from, and which letters are needed: Dear ImGui bakes every glyph it may draw, so only
// those are baked that have been seen. Main thread.
#pragma once

#include "core/result.h"
#include "overlay/style.h"
#include "overlay/ui.h"

#include <filesystem>
#include <set>
#include <vector>

namespace prefade::overlay {

/// Roboto where it is (Debian: fonts-roboto-unhinted), as its figures are all of one width; else DejaVu Sans, else a
/// typeface of the platform. `others` hold scripts that it lacks.
struct Typeface {
    std::filesystem::path regular, bold;
    std::vector<std::filesystem::path> others;
};
/// Error: none of the places has one; the message names them and the package.
Result<Typeface> find_typeface();

class Letters {
public:
    explicit Letters(std::optional<Typeface> typeface) : typeface_(std::move(typeface)) {}
    /// Takes in every letter of what is to be shown; true when some are new, so that `bake` is due.
    bool need(const View& view);
    bool need(std::string_view text);
    /// Fills Dear ImGui's atlas for this scale. Without a typeface its own, which has Latin letters only.
    Fonts bake(float scale);

private:
    std::optional<Typeface> typeface_;
    std::set<ImWchar> wanted_; ///< beyond the usual ones
    ImVector<ImWchar> ranges_; ///< the atlas refers to it
};

} // namespace prefade::overlay
