#include "overlay/widgets.h"

#include <algorithm>
#include <cmath>

namespace prefade::overlay {
namespace {

/// The scale of the bar in dB: below it nothing is told apart, above it all is over.
constexpr double foot = -48.0, top = 6.0;

ImFont* font_of(const Canvas& canvas, Type type) {
    switch (type) {
    case Type::text: return canvas.style.fonts.text;
    case Type::bold: return canvas.style.fonts.bold;
    case Type::small: break;
    }
    return canvas.style.fonts.small;
}

struct WithFont {
    WithFont(const Canvas& canvas, Type type) { push_font(font_of(canvas, type)); }
    ~WithFont() { ImGui::PopFont(); }
    WithFont(const WithFont&) = delete;
    WithFont& operator=(const WithFont&) = delete;
};

float text_width(std::string_view text) {
    return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

void draw_text(ImVec2 at, ImU32 tint, std::string_view text) {
    ImGui::GetWindowDrawList()->AddText({std::floor(at.x), std::floor(at.y)}, tint, text.data(),
                                        text.data() + text.size());
}

/// Where the character before `end` begins.
std::size_t character_before(std::string_view text, std::size_t end) {
    do --end;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
    return end;
}

float part_of(double db) {
    return static_cast<float>(std::clamp((db - foot) / (top - foot), 0.0, 1.0));
}

/// A level as its source knows it: the step it is in.
double stepped(double level, double resolution) {
    return resolution > 0.0 && std::isfinite(level)
               ? std::floor(level / resolution + 0.5) * resolution
               : level;
}

ImU32 tint_of(double level) {
    return level > 0.0 ? colour::fault : level > -3.0 ? colour::caution : colour::good;
}

} // namespace

float room() { return ImGui::GetContentRegionAvail().x; }

void draw_sign(ImVec2 at, float size, Sign sign) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float s = size, x = std::floor(at.x), y = std::floor(at.y),
                // Of whole pixels, which Dear ImGui draws with a third of the triangles.
        stroke = std::max(1.0F, std::round(s * 0.16F));
    const ImVec2 middle{x + s * 0.5F, y + s * 0.5F};
    switch (sign.shape) {
    case Shape::triangle:
        list.AddTriangleFilled({x, y + s * 0.94F}, {middle.x, y + s * 0.04F},
                               {x + s, y + s * 0.94F}, sign.tint);
        break;
    case Shape::diamond:
        list.AddQuadFilled({middle.x, y}, {x + s, middle.y}, {middle.x, y + s}, {x, middle.y},
                           sign.tint);
        break;
    case Shape::circle: list.AddCircleFilled(middle, s * 0.44F, sign.tint, 24); break;
    case Shape::ring: list.AddCircle(middle, s * 0.38F, sign.tint, 24, stroke); break;
    case Shape::tick: {
        const ImVec2 points[] = {{x + s * 0.06F, y + s * 0.55F},
                                 {x + s * 0.38F, y + s * 0.86F},
                                 {x + s * 0.96F, y + s * 0.16F}};
        list.AddPolyline(points, 3, sign.tint, 0, stroke);
        break;
    }
    case Shape::cross:
        list.AddLine({x + s * 0.14F, y + s * 0.14F}, {x + s * 0.86F, y + s * 0.86F}, sign.tint,
                     stroke);
        list.AddLine({x + s * 0.86F, y + s * 0.14F}, {x + s * 0.14F, y + s * 0.86F}, sign.tint,
                     stroke);
        break;
    case Shape::pause:
        list.AddRectFilled({x + s * 0.16F, y + s * 0.08F}, {x + s * 0.38F, y + s * 0.92F},
                           sign.tint);
        list.AddRectFilled({x + s * 0.62F, y + s * 0.08F}, {x + s * 0.84F, y + s * 0.92F},
                           sign.tint);
        break;
    }
}

void sign(const Canvas& canvas, Sign what) {
    const float line = ImGui::GetTextLineHeight(), size = std::floor(line * 0.72F);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_sign({at.x, at.y + (line - size) * 0.5F}, size, what);
    ImGui::Dummy({size, line});
    ImGui::SameLine(0.0F, canvas.px(7));
}

// ---- text -----------------------------------------------------------------------------------

std::string fitted(std::string_view text, float width) {
    if (text_width(text) <= width) return std::string(text);
    const float mark = text_width("\u2026");
    std::size_t low = 0, high = text.size(); // text up to low fits
    while (low < high) {
        std::size_t middle = (low + high + 1) / 2;
        const std::size_t start =
            middle < text.size() ? character_before(text, middle + 1) : middle;
        if (text_width(text.substr(0, start)) + mark <= width)
            low = middle;
        else
            high = middle - 1;
    }
    std::size_t end = low < text.size() ? character_before(text, low + 1) : low;
    while (end > 0 && text[end - 1] == ' ') --end;
    return std::string(text.substr(0, end)) + "\u2026";
}

std::vector<std::string> wrapped(std::string_view text, float width, std::size_t most) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        if (lines.size() + 1 == most) {
            lines.push_back(fitted(text, width));
            break;
        }
        std::size_t end =
            0; // of what fits: whole words, or as much of one word as there is room for
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t next = std::min(text.find(' ', at + 1), text.size());
            if (text_width(text.substr(0, next)) > width) break;
            end = at = next;
        }
        if (end == 0) {
            end = std::min(text.find(' ', 1), text.size());
            while (end > 1 && text_width(text.substr(0, end)) > width) {
                const std::size_t shorter = character_before(text, end);
                if (shorter == 0) break;
                end = shorter;
            }
        }
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return lines;
}

void paragraph(const Canvas& canvas, std::string_view text, Words words, float right) {
    const WithFont font(canvas, words.type);
    const float width = std::max(canvas.px(40), room() - right), line = ImGui::GetTextLineHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float step = std::floor(line * 1.22F);
    const auto lines = wrapped(text, width, words.most);
    for (std::size_t i = 0; i < lines.size(); ++i)
        draw_text({at.x, at.y + static_cast<float>(i) * step}, words.tint, lines[i]);
    if (!lines.empty()) ImGui::Dummy({width, step * static_cast<float>(lines.size() - 1) + line});
}

void words(const Canvas& canvas, std::string_view text, float width, Words how) {
    const WithFont font(canvas, how.type);
    const std::string line = fitted(text, width);
    draw_text(ImGui::GetCursorScreenPos(), how.tint, line);
    ImGui::Dummy({std::min(width, text_width(line)), ImGui::GetTextLineHeight()});
    ImGui::SameLine(0.0F, canvas.px(6));
}

void words_right(const Canvas& canvas, std::string_view text, float x, Words how) {
    const WithFont font(canvas, how.type);
    draw_text({ImGui::GetWindowPos().x + x - text_width(text), ImGui::GetCursorScreenPos().y},
              how.tint, text);
}

float width_of(const Canvas& canvas, std::string_view text, Type type) {
    const WithFont font(canvas, type);
    return text_width(text);
}

// ---- what can be pressed --------------------------------------------------------------------

namespace {

struct Press {
    bool pressed{false}, hovered{false}, held{false}, focused{false};
};

/// An area at the cursor that mouse and keyboard can press.
Press press(const Canvas& canvas, const std::string& label, std::uint64_t id, ImVec2 size) {
    Frame& frame = canvas.frame;
    ImGui::PushID(static_cast<int>(id ^ (id >> 32U)));
    const ImGuiID own = ImGui::GetID(label.c_str());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    Press press;
    press.pressed = ImGui::InvisibleButton(label.c_str(), size);
    ImGui::PopID();
    press.hovered = ImGui::IsItemHovered();
    press.held = ImGui::IsItemActive();
    press.focused = frame.ui.focus == own;
    if (press.focused && take(frame, Key::enter)) press.pressed = true;
    frame.spots.push_back({own, label, at.x, at.y, at.x + size.x, at.y + size.y});
    return press;
}

void draw_focus(ImVec2 at, ImVec2 size, float rounding, float stroke) {
    ImGui::GetWindowDrawList()->AddRect({at.x + 1, at.y + 1},
                                        {at.x + size.x - 1, at.y + size.y - 1}, colour::focus,
                                        rounding, 0, stroke);
}

} // namespace

float button_width(const Canvas& canvas, const std::string& label, std::string_view key) {
    const float key_width = key.empty() ? 0.0F : canvas.px(7) + width_of(canvas, key, Type::small);
    return std::floor(width_of(canvas, label, Type::text) + key_width + canvas.px(22));
}

bool button(const Canvas& canvas, const std::string& label, std::string_view key, std::uint64_t id,
            bool strong) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{button_width(canvas, label, key), std::floor(canvas.px(29))};
    const Press how = press(canvas, label, id, size);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float rounding = canvas.px(5);
    const ImVec2 end{at.x + size.x, at.y + size.y};
    const ImU32 ground = strong ? (how.held      ? IM_COL32(44, 150, 122, 255)
                                   : how.hovered ? IM_COL32(76, 214, 178, 255)
                                                 : colour::good)
                                : (how.held      ? colour::line
                                   : how.hovered ? colour::pressed
                                                 : colour::raised);
    list.AddRectFilled(at, end, ground, rounding);
    if (!strong) list.AddRect(at, end, colour::line, rounding);
    if (how.focused) draw_focus(at, size, rounding, canvas.px(2));
    const ImU32 ink = strong ? IM_COL32(10, 22, 19, 255) : colour::text;
    const float line = ImGui::GetTextLineHeight();
    draw_text({at.x + canvas.px(11), at.y + (size.y - line) * 0.5F}, ink, label);
    if (!key.empty()) {
        const float x = end.x - canvas.px(11) - width_of(canvas, key, Type::small);
        const WithFont font(canvas, Type::small);
        draw_text({x, at.y + (size.y - ImGui::GetTextLineHeight()) * 0.5F},
                  strong ? IM_COL32(10, 60, 48, 255) : colour::quiet, key);
    }
    ImGui::SameLine(0.0F, canvas.px(7));
    return how.pressed;
}

bool pressable(const Canvas& canvas, const std::string& label, std::uint64_t id, ImVec2 size,
               bool chosen) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const Press how = press(canvas, label, id, size);
    if (chosen || how.hovered || how.held)
        ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + size.x, at.y + size.y},
                                                  how.held ? colour::pressed : colour::raised,
                                                  canvas.px(5));
    if (how.focused) draw_focus(at, size, canvas.px(5), canvas.px(2));
    return how.pressed;
}

// ---- meters ---------------------------------------------------------------------------------

void meter(const Canvas& canvas, const MeterView& what, float width, float height) {
    // Square corners: round ones are a dozen triangles each, and there are many meters.
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float x = std::floor(at.x), y = std::floor(at.y), low = y + height;
    const auto column = [&](double db) { return x + std::floor(part_of(db) * width); };
    list.AddRectFilled({x, y}, {x + width, low}, colour::raised);
    const bool stale = !what.there || what.is_stale(canvas.frame.now);
    const double level = stepped(what.level, what.resolution);
    const float end = column(level);
    if (what.there && stale && end > x) {
        list.AddRect({x, y}, {end, low}, colour::dim);
    } else if (what.there && end > x) {
        list.AddRectFilled({x, y}, {end, low}, tint_of(level));
        // A source of coarse steps shows them: there is nothing between two gaps.
        if (what.resolution >= 2.0)
            for (double step = std::ceil(foot / what.resolution) * what.resolution; step < level;
                 step += what.resolution)
                list.AddRectFilled({column(step), y}, {column(step) + canvas.px(1), low},
                                   colour::ground);
    }
    const float full = column(0.0); // over this notch nothing fits into a converter
    list.AddRectFilled({full, y}, {full + canvas.px(1), low}, colour::quiet);
    if (what.hold && std::isfinite(*what.hold)) {
        const float hold = std::max(x, column(stepped(*what.hold, what.resolution)) - canvas.px(2));
        list.AddRectFilled({hold, y - canvas.px(1)}, {hold + canvas.px(2), low + canvas.px(1)},
                           stale ? colour::dim : tint_of(*what.hold));
    }
    ImGui::Dummy({width, height});
}

Row::Row(const Canvas& canvas)
    : canvas_(canvas),
      start_(ImGui::GetCursorPos()),
      screen_(ImGui::GetCursorScreenPos()),
      width_(room()) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.ChannelsSplit(2);
    list.ChannelsSetCurrent(1);
    ImGui::SetCursorPos({start_.x + inset(canvas), start_.y + canvas.px(6)});
    ImGui::BeginGroup();
}

bool Row::end(bool chosen) {
    ImGui::EndGroup();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float height = ImGui::GetItemRectMax().y - screen_.y + canvas_.px(6);
    const ImVec2 corner{screen_.x + width_, screen_.y + height};
    list.ChannelsSetCurrent(0);
    const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(screen_, corner);
    list.AddRectFilled(screen_, corner, chosen || hovered ? colour::raised : colour::ground,
                       canvas_.px(6));
    list.ChannelsMerge();
    ImGui::SetCursorPos({start_.x, start_.y + height + canvas_.px(4)});
    ImGui::Dummy({0.0F, 0.0F});
    return hovered && ImGui::IsMouseClicked(0);
}

void heading(const Canvas& canvas, std::string_view text, std::string_view right) {
    ImGui::Dummy({0.0F, canvas.px(2)});
    if (!right.empty())
        words_right(canvas, right, ImGui::GetCursorPosX() + room(), {Type::small, colour::dim});
    const WithFont font(canvas, Type::small);
    draw_text(ImGui::GetCursorScreenPos(), colour::quiet, text);
    ImGui::Dummy({room(), ImGui::GetTextLineHeight() + canvas.px(2)});
}

// ---- keys -----------------------------------------------------------------------------------

bool take(Frame& frame, Key::Kind kind) {
    const auto found = std::find_if(frame.keys.begin(), frame.keys.end(),
                                    [&](const Key& key) { return key.kind == kind && !key.ctrl; });
    if (found == frame.keys.end()) return false;
    frame.keys.erase(found);
    return true;
}

bool take(Frame& frame, char32_t point) {
    const auto found = std::find_if(frame.keys.begin(), frame.keys.end(), [&](const Key& key) {
        return key.kind == Key::character && key.point == point && !key.ctrl;
    });
    if (found == frame.keys.end()) return false;
    frame.keys.erase(found);
    return true;
}

void scroll_by_keys(Frame& frame, bool arrows) {
    const auto scroll = [](float by) { ImGui::SetScrollY(ImGui::GetScrollY() + by); };
    const float line = 2.0F * ImGui::GetTextLineHeightWithSpacing();
    const float page = std::max(line, ImGui::GetWindowHeight() - line);
    if (arrows && take(frame, Key::down)) scroll(line);
    if (arrows && take(frame, Key::up)) scroll(-line);
    if (take(frame, Key::page_down)) scroll(page);
    if (take(frame, Key::page_up)) scroll(-page);
    if (take(frame, Key::home)) ImGui::SetScrollY(0.0F);
    if (take(frame, Key::end)) ImGui::SetScrollY(ImGui::GetScrollMaxY());
}

} // namespace prefade::overlay
