// Ask: a question in words. Nothing answers yet; the rules that speak of it are listed, and that is said.
#include "overlay/panels/panels.h"

#include <imgui_stdlib.h>

namespace prefade::overlay {

void draw_ask(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    Ui& ui = frame.ui;
    if (take(frame, U'f') || take(frame, U'/')) ui.wants_text = true;
    const float ask_width = button_width(canvas, "Find", "Enter");
    ImGui::SetNextItemWidth(room() - ask_width - canvas.px(8));
    if (ui.wants_text) ImGui::SetKeyboardFocusHere();
    ui.wants_text = false;
    ImGui::InputTextWithHint("##question", "clipping, vocal level, solo \u2026  (F)", &ui.question);
    ui.writes_text = ImGui::IsItemActive();
    bool asks = ui.focus == 0 && take(frame, Key::enter);
    ImGui::SameLine(0.0F, canvas.px(8));
    asks = button(canvas, "Find", "Enter") || asks;
    ImGui::NewLine();
    if (asks && !ui.question.empty()) frame.wish("rules", {{"text", ui.question}});
    paragraph(canvas,
              "Nobody answers questions yet. Until then: the rules that speak of your words.",
              {Type::small, colour::quiet});
    const auto& asked = frame.view.asked;
    if (!asked) return;
    heading(canvas, std::to_string(asked->rules.size())
                        + (asked->rules.size() == 1 ? " RULE SPEAKS OF \"" : " RULES SPEAK OF \"")
                        + asked->question + '"');
    for (const RuleView& rule : asked->rules) {
        const Sign what = sign_of(rule.severity);
        sign(canvas, what);
        words(canvas, rule.word, room(), {Type::small, what.tint});
        words(canvas, rule.id, room(), {Type::bold});
        ImGui::NewLine();
        paragraph(canvas, rule.says);
        paragraph(canvas, rule.source, {Type::small, colour::quiet});
        ImGui::Dummy({0.0F, canvas.px(5)});
    }
}

} // namespace prefade::overlay
