// The few things all panels are made of: signs, text that ends in time, buttons that say their key, meters. Each draws
// at Dear ImGui's cursor and moves it on. Main thread.
#pragma once

#include "overlay/style.h"
#include "overlay/ui.h"

#include <string>
#include <string_view>

namespace prefade::overlay {

/// What panels draw on.
struct Canvas {
    Frame& frame;
    const Style& style;
    float px(float size) const noexcept { return style.px(size); }
};

/// Width that is left on this line.
float room();
/// A shape of `size` px with its left top at `at`.
void draw_sign(ImVec2 at, float size, Sign sign);
/// A sign in the flow of text, as high as the text; then on the same line.
void sign(const Canvas& canvas, Sign what);

/// `text` in one line, its end cut as "..." where it is wider than `width`.
std::string fitted(std::string_view text, float width);
/// The lines of `text` at most `width` wide; `most` of them, the last one cut. Of an empty text none.
std::vector<std::string> wrapped(std::string_view text, float width, std::size_t most);

enum class Type { text, bold, small };
struct Words {
    Type type{Type::text};
    ImU32 tint{colour::text};
    std::size_t most{12}; ///< lines
};
/// A paragraph from the cursor to the right edge, less `right` px.
void paragraph(const Canvas& canvas, std::string_view text, Words words = {}, float right = 0.0F);
/// One line at the cursor, cut at `width`; stays on the line.
void words(const Canvas& canvas, std::string_view text, float width, Words how = {});
/// One line whose right end is at `x` of the window.
void words_right(const Canvas& canvas, std::string_view text, float x, Words how = {});
float width_of(const Canvas& canvas, std::string_view text, Type type);

/// A button that says its key; true when it was pressed by mouse or, focused, by Enter. `id` tells buttons with
/// the same label apart.
bool button(const Canvas& canvas, const std::string& label, std::string_view key,
            std::uint64_t id = 0, bool strong = false);
/// The width it takes.
float button_width(const Canvas& canvas, const std::string& label, std::string_view key);
/// An area that can be pressed, at the cursor; draws only what says that it is hovered or focused.
bool pressable(const Canvas& canvas, const std::string& label, std::uint64_t id, ImVec2 size,
               bool chosen = false);

/// A level meter from the cursor, `width` wide and as high as a line of text: the level as a bar in steps of the
/// resolution its source has, the largest of 10 s as a line, full scale as a notch; hollow when it is stale.
void meter(const Canvas& canvas, const MeterView& what, float width, float height);

/// A row of a list that can be chosen: what is drawn between its beginning and `end` stands on a ground of its own.
class Row {
public:
    explicit Row(const Canvas& canvas);
    /// Draws the ground and goes below it; true when the row was clicked.
    bool end(bool chosen);
    static float inset(const Canvas& canvas) {
        return canvas.px(8);
    } ///< of what stands on it, on both sides

private:
    const Canvas& canvas_;
    ImVec2 start_, screen_;
    float width_;
};

/// A title over a part of a panel.
void heading(const Canvas& canvas, std::string_view text, std::string_view right = {});
/// The keyboard: takes `kind` out of the frame; false when it was not pressed.
bool take(Frame& frame, Key::Kind kind);
/// Page and, where `arrows`, arrow keys scroll the part of the window that is being drawn.
void scroll_by_keys(Frame& frame, bool arrows);
/// The same for a character.
bool take(Frame& frame, char32_t point);

} // namespace prefade::overlay
