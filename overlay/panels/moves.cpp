// Moves: what waits for a yes, and the journal: before, target, read back, outcome.
#include "overlay/panels/panels.h"

#include <algorithm>
#include <utility>

namespace prefade::overlay {
namespace {

const MoveRow* acting_on_move(const Canvas& canvas) {
    const auto& moves = canvas.frame.view.picture->moves;
    const auto chosen = std::find_if(moves.begin(), moves.end(), [&](const MoveRow& row) {
        return canvas.frame.ui.chosen_move == row.id;
    });
    if (chosen != moves.end()) return &*chosen;
    const auto waits = std::find_if(moves.begin(), moves.end(), [](const MoveRow& row) {
        return row.state == MoveState::proposed;
    });
    return waits != moves.end() ? &*waits : moves.empty() ? nullptr : &moves.front();
}

void approve(Frame& frame, const MoveRow& row) { frame.wish("approve", {{"move", row.id}}); }
void reject(Frame& frame, const MoveRow& row) { frame.wish("reject", {{"move", row.id}}); }
void undo(Frame& frame, const MoveRow& row) { frame.wish("undo", {{"move", row.id}}); }

void undo_all(Frame& frame) {
    if (frame.ui.sure_of_undo_all) frame.wish("undo", {{"all", true}});
    frame.ui.sure_of_undo_all = !frame.ui.sure_of_undo_all;
}

void take_keys(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const auto& moves = frame.view.picture->moves;
    const MoveRow* row = acting_on_move(canvas);
    if (!row) return;
    const auto index = static_cast<std::size_t>(row - moves.data());
    const auto choose = [&](std::size_t which) {
        frame.ui.chosen_move = moves[which].id;
        frame.ui.reveal = true;
    };
    if (take(frame, Key::down) && index + 1 < moves.size()) choose(index + 1);
    if (take(frame, Key::up) && index > 0) choose(index - 1);
    row = acting_on_move(canvas);
    if (row->state == MoveState::proposed) {
        if (frame.ui.focus == 0 && take(frame, Key::enter)) approve(frame, *row);
        if (take(frame, U'r')) reject(frame, *row);
    }
    if (row->can_undo && frame.ui.chosen_move == row->id && take(frame, U'u')) undo(frame, *row);
    if (take(frame, U'U')) undo_all(frame);
}

std::string change_of(const MoveRow& row) {
    std::string text = row.before + " \u2192 " + row.target;
    if (row.state != MoveState::proposed && row.read_back != "-")
        text += ", read back " + row.read_back;
    return text;
}

/// What else is known of it: what it said, who wanted it.
std::string reason_of(const MoveRow& row) {
    std::string text = row.reason.empty() ? row.why : row.reason;
    if (!row.source.empty()) text += (text.empty() ? "" : " \u00b7 ") + ("by " + row.source);
    if (row.undone) text += ", undone";
    return text;
}

void draw_row(const Canvas& canvas, const MoveRow& row) {
    Frame& frame = canvas.frame;
    const float inset = Row::inset(canvas);
    const bool chosen = acting_on_move(canvas) == &row;
    if (chosen && std::exchange(frame.ui.reveal, false)) ImGui::SetScrollHereY(0.2F);
    Row ground(canvas);
    draw_move_facts(canvas, row, inset);
    if (row.state == MoveState::proposed) {
        if (button(canvas, "Approve", chosen ? "Enter" : "", row.id, true)) approve(frame, row);
        if (button(canvas, "Reject", chosen ? "R" : "", row.id)) reject(frame, row);
        ImGui::NewLine();
    } else if (row.can_undo && chosen) {
        if (button(canvas, "Undo", frame.ui.chosen_move == row.id ? "U" : "", row.id))
            undo(frame, row);
        ImGui::NewLine();
    }
    if (ground.end(chosen)) frame.ui.chosen_move = row.id;
}

} // namespace

void draw_move_line(const Canvas& canvas, const MoveRow& row) {
    const Sign what = sign_of(row.state);
    sign(canvas, what);
    words(canvas, row.word, room(), {Type::small, what.tint});
    if (!row.reason.empty()) words(canvas, row.reason, room(), {Type::small, colour::quiet});
    ImGui::NewLine();
}

void draw_move_facts(const Canvas& canvas, const MoveRow& row, float inset) {
    const float right = ImGui::GetCursorPosX() + room();
    const Sign what = sign_of(row.state);
    sign(canvas, what);
    words(canvas, row.word, room(), {Type::small, what.tint});
    words_right(canvas, row.when, right - inset, {Type::small, colour::dim});
    ImGui::NewLine();
    paragraph(canvas, row.control, {Type::bold, colour::text, 2}, inset);
    paragraph(canvas, change_of(row), {Type::text, colour::text, 2}, inset);
    if (const std::string reason = reason_of(row); !reason.empty())
        paragraph(canvas, reason, {Type::small, colour::quiet, 3}, inset);
}

void draw_moves(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    if (!frame.view.picture || frame.view.picture->moves.empty()) {
        paragraph(canvas, "No moves yet. Apply an advice, or `prefade set` one of your own.",
                  {Type::text, colour::quiet});
        return;
    }
    take_keys(canvas);
    const auto& moves = frame.view.picture->moves;
    if (std::any_of(moves.begin(), moves.end(), [](const MoveRow& row) { return row.can_undo; })) {
        const bool sure = frame.ui.sure_of_undo_all;
        if (button(canvas, sure ? "Yes, undo every move of this run" : "Undo all", "Shift U", 0,
                   sure))
            undo_all(frame);
        if (sure && button(canvas, "No", "")) frame.ui.sure_of_undo_all = false;
        ImGui::NewLine();
    }
    ImGui::BeginChild("moves", {0.0F, 0.0F}, false);
    for (const MoveRow& row : moves)
        if (row.state == MoveState::proposed) draw_row(canvas, row);
    for (const MoveRow& row : moves)
        if (row.state != MoveState::proposed) draw_row(canvas, row);
    scroll_by_keys(frame, false);
    paragraph(canvas, "Older ones: prefade journal", {Type::small, colour::dim});
    ImGui::EndChild();
}

} // namespace prefade::overlay
