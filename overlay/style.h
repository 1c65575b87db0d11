// How the window looks: palette, type sizes, spacing. Colours hold in a dark room and for colour-blind eyes
// (Okabe and Ito, "Color Universal Design", 2008: vermillion, orange, sky blue, bluish green, lightened for a dark
// ground); beside each colour there is always a shape and a word. Main thread.
#pragma once

#include "core/advice.h"
#include "overlay/picture.h"

#include <imgui.h>

namespace prefade::overlay {

namespace colour {
inline constexpr ImU32 ground = IM_COL32(22, 24, 28, 255);
inline constexpr ImU32 raised = IM_COL32(31, 34, 40, 255);
inline constexpr ImU32 pressed = IM_COL32(44, 49, 58, 255);
inline constexpr ImU32 line = IM_COL32(52, 57, 67, 255);
inline constexpr ImU32 text = IM_COL32(232, 234, 237, 255);
inline constexpr ImU32 quiet = IM_COL32(158, 165, 177, 255); ///< 7:1 on the ground
inline constexpr ImU32 dim = IM_COL32(118, 126, 139, 255);   ///< for what may be overlooked
inline constexpr ImU32 focus = IM_COL32(240, 228, 66, 255);
inline constexpr ImU32 fault = IM_COL32(255, 112, 77, 255);
inline constexpr ImU32 caution = IM_COL32(240, 178, 54, 255);
inline constexpr ImU32 hint = IM_COL32(108, 184, 240, 255);
inline constexpr ImU32 good = IM_COL32(58, 196, 160, 255);
} // namespace colour

/// The shape that goes with a colour.
enum class Shape { triangle, diamond, circle, tick, ring, cross, pause };

struct Sign {
    Shape shape;
    ImU32 tint;
};
Sign sign_of(Severity severity);
Sign sign_of(MoveState state);
Sign sign_of(Mode mode);

/// The type sizes. Where one is null Dear ImGui's own is drawn.
struct Fonts {
    ImFont* text{nullptr}; ///< 15 px at scale 1
    ImFont* bold{nullptr};
    ImFont* small{nullptr}; ///< 12.5 px
};

/// Of this frame: sizes in px are at scale 1, `px` makes them those of the screen.
struct Style {
    Fonts fonts;
    float scale{1.0F};
    float px(float size) const noexcept { return size * scale; }
};

/// Sets Dear ImGui's own style, at `scale`.
void apply_style(float scale);

/// Pushes a font of `Fonts`; ends with ImGui::PopFont.
void push_font(ImFont* font);

} // namespace prefade::overlay
