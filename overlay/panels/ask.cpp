// Ask: a question in words, its answer with the sources, and the moves it proposes, which wait for a yes.
#include "overlay/panels/panels.h"

#include <imgui_stdlib.h>

#include <algorithm>

namespace prefade::overlay {
namespace {

void draw_question(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    Ui& ui = frame.ui;
    if (take(frame, U'f') || take(frame, U'/')) ui.wants_text = true;
    const float ask_width = button_width(canvas, "Ask", "Enter");
    ImGui::SetNextItemWidth(room() - ask_width - canvas.px(8));
    if (ui.wants_text) ImGui::SetKeyboardFocusHere();
    ui.wants_text = false;
    ImGui::InputTextWithHint("##question", "what attack on a CL 1B for a ballad \u2026  (F)",
                             &ui.question);
    ui.writes_text = ImGui::IsItemActive();
    bool asks = ui.focus == 0 && take(frame, Key::enter);
    ImGui::SameLine(0.0F, canvas.px(8));
    asks = button(canvas, "Ask", "Enter") || asks;
    ImGui::NewLine();
    if (asks && !ui.question.empty()) frame.wish("ask", {{"question", ui.question}});
}

/// As the journal knows it now; `acted`: it has the keys.
void draw_order(const Canvas& canvas, const MoveRow& row, bool acted) {
    Frame& frame = canvas.frame;
    ImGui::Dummy({0.0F, canvas.px(5)});
    draw_move_facts(canvas, row, 0.0F);
    if (row.state != MoveState::proposed) return;
    const bool yes = acted && take(frame, U'y'), no = acted && take(frame, U'r');
    if (button(canvas, "Yes, move it", acted ? "Y" : "", row.id, true) || yes)
        frame.wish("approve", {{"move", row.id}});
    if (button(canvas, "Reject", acted ? "R" : "", row.id) || no)
        frame.wish("reject", {{"move", row.id}});
    ImGui::NewLine();
}

void draw_orders(const Canvas& canvas, const Asked& asked) {
    bool is_first = true;
    if (!canvas.frame.view.picture) return;
    for (const MoveRow& row : canvas.frame.view.picture->moves) {
        if (std::find(asked.moves.begin(), asked.moves.end(), row.id) == asked.moves.end())
            continue;
        draw_order(canvas, row, is_first && row.state == MoveState::proposed);
        is_first = is_first && row.state != MoveState::proposed;
    }
}

} // namespace

void draw_ask(const Canvas& canvas) {
    draw_question(canvas);
    const auto& asked = canvas.frame.view.asked;
    if (!asked) {
        paragraph(canvas,
                  "A plugin, a source, a word of the client's, this session, or an order: \"vocal "
                  "chain for a ballad\", \"make it darker\", \"turn the bass down two dB\". "
                  "Answered here, without a network.",
                  {Type::small, colour::quiet});
        return;
    }
    heading(canvas, asked->question);
    paragraph(canvas, asked->says);
    draw_orders(canvas, *asked);
    for (const std::string& why : asked->refusals)
        paragraph(canvas, "Refused: " + why, {Type::text, colour::quiet});
    if (!asked->sources.empty()) {
        ImGui::Dummy({0.0F, canvas.px(5)});
        paragraph(canvas, "Source: " + asked->sources, {Type::small, colour::quiet});
    }
}

} // namespace prefade::overlay
