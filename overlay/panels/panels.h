// The panels, one function each, and the one that puts header, panel and footer together. Snapshot in, commands out.
// Main thread.
#pragma once

#include "overlay/widgets.h"

namespace prefade::overlay {

/// Everything of one frame: the keys first, then header, what is chosen, footer. Between ImGui::NewFrame and Render.
void draw_all(const Canvas& canvas);

void draw_advice(const Canvas& canvas);
void draw_strips(const Canvas& canvas);
void draw_moves(const Canvas& canvas);
void draw_status(const Canvas& canvas);
void draw_ask(const Canvas& canvas);
/// Who hides whom, where and since when: the list, and the pairs of all that are in it as a table.
void draw_masking(const Canvas& canvas);
void draw_keys(const Canvas& canvas);
/// The one thing to do now and the three worst meters.
void draw_compact(const Canvas& canvas);
/// Instead of advice while no DAW has been there: what is on this machine, and the demo.
void draw_first_start(const Canvas& canvas);

/// The number on a panel's tab; 0 shows none.
std::size_t count_on_tab(Panel panel, const View& view);

// ---- what panels share ----------------------------------------------------------------------

/// A card of an advice: in full, or with at most `lines` of words where it has little room.
void draw_card(const Canvas& canvas, const AdviceCard& card, std::size_t lines);
/// That nothing fires, and what is held back.
void draw_no_advice(const Canvas& canvas);
/// Sign, word and what it moved: a line or two.
void draw_move_line(const Canvas& canvas, const MoveRow& row);
/// The same with its control, the change and the reason, as in the list of moves.
void draw_move_facts(const Canvas& canvas, const MoveRow& row, float inset);
/// A strip with its meter in one line.
void draw_strip(const Canvas& canvas, const StripRow& row, bool with_fader);
/// Keys of the advice that is to be acted on: apply, dismiss, not now, tell more, choose another.
void take_advice_keys(const Canvas& canvas);
/// The one that keys act on: the chosen one, else the first; null when nothing fires.
const AdviceCard* acting_on(const Canvas& canvas);

} // namespace prefade::overlay
