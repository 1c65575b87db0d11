// Strips: name, role, fader, meter; filtered by name, by trouble or in mixer order.
#include "core/values.h"
#include "overlay/panels/panels.h"

#include <imgui_stdlib.h>

namespace prefade::overlay {
namespace {

std::string second_line(const StripRow& row) {
    std::string text = row.role;
    if (!row.states.empty()) text += (text.empty() ? "" : " \u00b7 ") + row.states;
    return text.empty() ? row.kind : text;
}

void draw_bar(const Canvas& canvas) {
    Ui& ui = canvas.frame.ui;
    const std::string order = ui.by_trouble ? "By trouble" : "Mixer order";
    const float sort_width = button_width(canvas, order, "S");
    ImGui::SetNextItemWidth(room() - sort_width - canvas.px(8));
    if (ui.wants_text) ImGui::SetKeyboardFocusHere();
    ui.wants_text = false;
    ImGui::InputTextWithHint("##filter", "Filter by name or role  (F)", &ui.filter);
    ui.writes_text = ImGui::IsItemActive();
    ImGui::SameLine(0.0F, canvas.px(8));
    if (button(canvas, order, "S")) ui.by_trouble = !ui.by_trouble;
    ImGui::NewLine();
}

} // namespace

void draw_strip(const Canvas& canvas, const StripRow& row, bool with_fader) {
    const float left = ImGui::GetCursorPosX(), whole = room();
    const float name_width = std::floor(whole * (with_fader ? 0.36F : 0.34F));
    const float mark = canvas.px(18), numbers = canvas.px(62);
    const ImVec2 start = ImGui::GetCursorPos();
    if (row.trouble) sign(canvas, sign_of(*row.trouble));
    ImGui::SetCursorPos({left + mark, start.y});
    words(canvas, row.name.empty() ? "(no name)" : row.name, name_width - mark - canvas.px(8),
          {Type::bold, row.muted ? colour::quiet : colour::text});
    float x = left + name_width;
    if (with_fader) {
        x += canvas.px(52);
        words_right(canvas, row.fader ? level_text(*row.fader, 1, true) : "-", x);
        x += canvas.px(14);
    }
    const float end = left + whole - numbers;
    ImGui::SetCursorPos({x, start.y + ImGui::GetTextLineHeight() * 0.22F});
    meter(canvas, row.meter, end - x, std::floor(ImGui::GetTextLineHeight() * 0.6F));
    ImGui::SetCursorPos({end, start.y});
    const bool stale = row.meter.there && row.meter.is_stale(canvas.frame.now);
    const std::string text = !row.meter.there ? "-"
                             : stale          ? '(' + row.meter.level_text() + ')'
                                              : row.meter.level_text();
    words_right(canvas, text, left + whole, {Type::text, stale ? colour::dim : colour::text});
    ImGui::SetCursorPos(
        {left, start.y + ImGui::GetTextLineHeight() + canvas.px(with_fader ? 3 : 4)});
    if (!with_fader) return ImGui::Dummy({0.0F, 0.0F});
    ImGui::SetCursorPosX(left + mark);
    words(canvas, second_line(row), end - left - mark, {Type::small, colour::quiet});
    if (row.meter.hold)
        words_right(canvas, "max " + row.meter.hold_text(), left + whole,
                    {Type::small, colour::quiet});
    ImGui::NewLine();
}

void draw_strips(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    if (take(frame, U'f') || take(frame, U'/')) frame.ui.wants_text = true;
    if (take(frame, U's')) frame.ui.by_trouble = !frame.ui.by_trouble;
    draw_bar(canvas);
    if (!frame.view.picture || frame.view.picture->strips.empty()) {
        paragraph(canvas, "No strips: no DAW is connected, or its session is empty.",
                  {Type::text, colour::quiet});
        return;
    }
    const auto rows = listed(*frame.view.picture, frame.ui.filter, frame.ui.by_trouble);
    const float line = ImGui::GetTextLineHeight();
    push_font(canvas.style.fonts.small);
    const float small_line = ImGui::GetTextLineHeight();
    ImGui::PopFont();
    const float height = std::floor(line + small_line + canvas.px(16));
    words(canvas,
          std::to_string(rows.size()) + " of " + std::to_string(frame.view.picture->strips.size())
              + " strips",
          room(), {Type::small, colour::quiet});
    words_right(canvas, "fader dB \u00b7 dBFS now, (old), max of 10 s",
                ImGui::GetContentRegionMax().x, {Type::small, colour::dim});
    ImGui::NewLine();
    ImGui::Dummy({0.0F, canvas.px(2)});
    ImGui::BeginChild("rows", {0.0F, 0.0F}, false);
    scroll_by_keys(frame, true);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows.size()), height);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const ImVec2 start = ImGui::GetCursorPos();
            draw_strip(canvas, *rows[static_cast<std::size_t>(i)], true);
            ImGui::SetCursorPos({start.x, start.y + height});
        }
    ImGui::EndChild();
}

} // namespace prefade::overlay
