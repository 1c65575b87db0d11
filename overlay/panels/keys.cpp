// Every key, as the help shows it.
#include "overlay/panels/panels.h"

namespace prefade::overlay {
namespace {

struct Line {
    const char* keys;
    const char* does;
};
constexpr Line lines[] = {
    {"Esc", "stop: halt every move now, mode watch"},
    {"1 .. 6", "advice, strips, moves, status, ask, masking"},
    {"C", "compact or full"},
    {"Up, Down", "choose another advice, move or pair; scroll the strips"},
    {"Enter", "apply the advice, approve the move, ask"},
    {"2 .. 9", "take that one of several doses, once told more"},
    {"D", "dismiss the advice until it gets clearly worse"},
    {"L", "not now: rests until the session ends"},
    {"Shift L", "bring back what rests"},
    {"E", "tell more: numbers with their age, the rule's source"},
    {"Y", "yes to the move that an answer proposes"},
    {"R", "reject the proposed move"},
    {"U", "undo: the chosen move, else the last one"},
    {"Shift U", "undo all, in the moves; a second time to be sure"},
    {"F", "filter the strips; write the question"},
    {"S", "strips by trouble or in mixer order"},
    {"W, A, Shift A", "mode watch, ask, auto"},
    {"G", "start the demo, while there is no DAW"},
    {"N", "start the daemon, when it is gone"},
    {"Tab, Shift Tab", "next or previous button; Enter presses it"},
    {"+, -", "larger, smaller"},
    {"[, ]", "less, more opaque"},
    {"T", "let clicks through to what is behind"},
    {"Ctrl arrows", "move the window; with Shift: its size"},
    {"?", "these keys, and back"},
    {"Ctrl Q", "close the window; the daemon goes on"},
};

} // namespace

void draw_keys(const Canvas& canvas) {
    for (const Line& line : lines) {
        const bool through = std::string_view(line.keys) == "T";
        if (through && !canvas.frame.ui.can_click_through) continue;
        const float left = ImGui::GetCursorPosX(), y = ImGui::GetCursorPosY();
        words(canvas, line.keys, canvas.px(104), {Type::bold});
        ImGui::SetCursorPos({left + canvas.px(112), y});
        paragraph(canvas, line.does, {Type::text, colour::quiet});
        ImGui::SetCursorPosX(left);
    }
}

} // namespace prefade::overlay
