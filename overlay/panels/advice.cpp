// Advice: the one to do now in full, the others folded to a line each.
#include "core/values.h"
#include "overlay/panels/panels.h"

#include <algorithm>
#include <utility>

namespace prefade::overlay {
namespace {

std::string age(const Canvas& canvas, At at) {
    return age_text(Json(Milliseconds::of(canvas.frame.now - at.point).value()));
}

void draw_evidence(const Canvas& canvas, const AdviceCard& card) {
    canvas.frame.shows_ages = true;
    for (const EvidenceView& one : card.evidence)
        paragraph(canvas, "\u2022 " + one.text + ", " + age(canvas, one.at) + " ago",
                  {Type::small, colour::quiet});
    paragraph(canvas, "Rule " + card.rule + ". Source: " + card.source,
              {Type::small, colour::quiet});
}

void draw_head(const Canvas& canvas, const AdviceCard& card, const std::string& right) {
    const Sign what = sign_of(card.severity);
    const float end = ImGui::GetCursorPosX() + room();
    words_right(canvas, right, end, {Type::small, colour::quiet});
    sign(canvas, what);
    words(canvas, card.word, room(), {Type::bold, what.tint});
    words(canvas, card.strips, room() - width_of(canvas, right, Type::small) - canvas.px(8),
          {Type::bold});
    ImGui::NewLine();
}

/// An advice that has only just pushed another aside is not what a hand was on its way to take.
constexpr Duration settled = std::chrono::milliseconds(500);

void apply(Frame& frame, const AdviceCard& card, std::size_t choice = 1) {
    if (frame.ui.acting_on == card.id && frame.now - frame.ui.acting_since < settled) return;
    Json arguments = {{"advice", card.id}};
    if (choice > 1) arguments["choice"] = choice;
    frame.wish("apply", std::move(arguments));
}
void dismiss(Frame& frame, const AdviceCard& card) {
    if (frame.ui.acting_on == card.id && frame.now - frame.ui.acting_since < settled) return;
    frame.wish("dismiss", {{"advice", card.id}});
}

/// "Not now": until the session ends.
void later(Frame& frame, const AdviceCard& card) {
    if (frame.ui.acting_on == card.id && frame.now - frame.ui.acting_since < settled) return;
    frame.wish("later", {{"advice", card.id}});
}

/// The user went there: it may be acted on at once.
void choose(Frame& frame, std::uint64_t id) {
    frame.ui.chosen_advice = frame.ui.acting_on = id;
    frame.ui.acting_since = TimePoint{};
}

/// The numbers need the full size.
void tell_more(Frame& frame) {
    frame.ui.more = frame.ui.compact || !frame.ui.more;
    if (!frame.ui.compact) return;
    frame.ui.panel = Panel::advice;
    frame.wish(WindowWish::other_size);
}

void draw_buttons(const Canvas& canvas, const AdviceCard& card) {
    Frame& frame = canvas.frame;
    const MoveRow* move = move_of(*frame.view.picture, card);
    const bool under_way = move && move->state == MoveState::pending;
    const bool reachable = frame.view.line == View::Line::connected
                           && frame.view.picture->host == HostState::connected;
    if (!card.doses.empty() && !under_way && reachable)
        if (button(canvas, "Apply", "Enter", card.id, true)) apply(frame, card);
    if (button(canvas, "Dismiss", "D", card.id)) dismiss(frame, card);
    const std::string more = frame.ui.more ? "Less" : "Tell me more";
    if (button_width(canvas, more, "E") < room() && button(canvas, more, "E", card.id)) {
        choose(frame, card.id);
        tell_more(frame);
    }
    if (button_width(canvas, "Not now", "L") < room() && button(canvas, "Not now", "L", card.id))
        later(frame, card);
    ImGui::NewLine();
}

/// One line: sign, strips, what it says. Pressed, it unfolds.
void draw_folded(const Canvas& canvas, const AdviceCard& card) {
    const ImVec2 start = ImGui::GetCursorPos();
    const float height = ImGui::GetTextLineHeight() + canvas.px(9);
    if (pressable(canvas, card.strips + ": " + card.rule, card.id, {room(), height})) {
        choose(canvas.frame, card.id);
        canvas.frame.ui.more = false;
    }
    const ImVec2 after = ImGui::GetCursorPos();
    ImGui::SetCursorPos({start.x + canvas.px(6), start.y + canvas.px(4)});
    sign(canvas, sign_of(card.severity));
    words(canvas, card.word, canvas.px(76), {Type::small, sign_of(card.severity).tint});
    ImGui::SetCursorPosX(start.x + canvas.px(86));
    words(canvas, card.strips, room() * 0.4F, {Type::bold});
    words(canvas, card.says, room() - canvas.px(6), {Type::text, colour::quiet});
    ImGui::SetCursorPos(after);
}

} // namespace

const AdviceCard* acting_on(const Canvas& canvas) {
    const Ui& ui = canvas.frame.ui;
    if (!canvas.frame.view.picture || canvas.frame.view.picture->advice.empty()) return nullptr;
    const auto& advice = canvas.frame.view.picture->advice;
    const auto chosen = std::find_if(advice.begin(), advice.end(), [&](const AdviceCard& card) {
        return ui.chosen_advice == card.id;
    });
    return chosen == advice.end() ? &advice.front() : &*chosen;
}

void take_advice_keys(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    if (take(frame, U'L')) frame.wish("later", {{"back", true}});
    const AdviceCard* card = acting_on(canvas);
    if (!card) return;
    if (frame.ui.acting_on != card->id) {
        const bool first = frame.ui.acting_on == 0;
        frame.ui.acting_on = card->id;
        frame.ui.acting_since = first ? TimePoint{} : frame.now;
    }
    const auto& advice = frame.view.picture->advice;
    const auto index = static_cast<std::size_t>(card - advice.data());
    const auto go_to = [&](std::size_t which) {
        choose(frame, advice[which].id);
        frame.ui.reveal = true;
    };
    if (take(frame, Key::down) && index + 1 < advice.size()) go_to(index + 1);
    if (take(frame, Key::up) && index > 0) go_to(index - 1);
    card = acting_on(canvas);
    if (take(frame, U'd')) dismiss(frame, *card);
    if (take(frame, U'l')) later(frame, *card);
    if (take(frame, U'e')) tell_more(frame);
    if (frame.ui.focus == 0 && take(frame, Key::enter) && !card->doses.empty()) apply(frame, *card);
    for (std::size_t choice = 2; choice <= std::min<std::size_t>(card->doses.size(), 9); ++choice)
        if (frame.ui.more && take(frame, static_cast<char32_t>(U'0' + choice)))
            apply(frame, *card, choice);
}

void draw_card(const Canvas& canvas, const AdviceCard& card, std::size_t lines) {
    const bool whole = lines == 0;
    const MoveRow* move = move_of(*canvas.frame.view.picture, card);
    const bool under_way = move && move->state == MoveState::pending;
    const std::size_t others = canvas.frame.view.picture->advice.size() - 1;
    draw_head(canvas, card, whole || others == 0 ? "" : std::to_string(others) + " more");
    ImGui::Dummy({0.0F, canvas.px(1)});
    paragraph(canvas, card.says, {Type::text, colour::text, whole ? 12 : lines});
    if (!card.doses.empty() && !under_way) {
        const bool several = whole && card.doses.size() > 1;
        for (std::size_t i = 0; i < (several ? card.doses.size() : 1); ++i)
            paragraph(canvas, (several ? std::to_string(i + 1) + ". " : "") + card.doses[i],
                      {Type::text, colour::good, whole ? std::size_t{3} : std::size_t{1}});
    }
    if (move) draw_move_line(canvas, *move);
    ImGui::Dummy({0.0F, canvas.px(2)});
    draw_buttons(canvas, card);
    if (whole && canvas.frame.ui.more) draw_evidence(canvas, card);
}

void draw_no_advice(const Canvas& canvas) {
    sign(canvas, {Shape::tick, colour::good});
    words(canvas, "Nothing fires now.", room());
    ImGui::NewLine();
    if (const std::string& held = canvas.frame.view.picture->held_back; !held.empty())
        paragraph(canvas, "Held back: " + held, {Type::small, colour::quiet, 2});
}

namespace {

void reveal(const Canvas& canvas) {
    if (std::exchange(canvas.frame.ui.reveal, false)) ImGui::SetScrollHereY(0.1F);
}

void draw_all_advice(const Canvas& canvas) {
    const AdviceCard* chosen = acting_on(canvas);
    if (!chosen) {
        draw_no_advice(canvas);
        paragraph(canvas, "The status says which rules cannot say yet, and why.",
                  {Type::small, colour::quiet});
        return;
    }
    const auto& advice = canvas.frame.view.picture->advice;
    if (chosen == &advice.front()) {
        reveal(canvas);
        draw_card(canvas, *chosen, 0);
    } else {
        draw_folded(canvas, advice.front());
    }
    const std::string& held = canvas.frame.view.picture->held_back;
    if (advice.size() > 1)
        heading(canvas, std::to_string(advice.size() - 1) + " MORE", held);
    else if (!held.empty())
        paragraph(canvas, "Held back: " + held, {Type::small, colour::quiet, 2});
    for (const AdviceCard& card : advice) {
        if (&card == &advice.front()) continue;
        if (&card == chosen) {
            reveal(canvas);
            draw_card(canvas, card, 0);
            ImGui::Dummy({0.0F, canvas.px(4)});
        } else {
            draw_folded(canvas, card);
        }
    }
}

} // namespace

void draw_advice(const Canvas& canvas) {
    take_advice_keys(canvas);
    const Picture& picture = *canvas.frame.view.picture;
    const auto worst = worst_meters(picture, 3);
    const MoveRow* last = picture.moves.empty() ? nullptr : &picture.moves.front();
    const float line = ImGui::GetTextLineHeight();
    const float below =
        (worst.empty() ? 0.0F
                       : canvas.px(34) + (line + canvas.px(9)) * static_cast<float>(worst.size()))
        + (last ? canvas.px(58) : 0.0F);
    ImGui::BeginChild("advice",
                      {0.0F, std::max(canvas.px(80), ImGui::GetContentRegionAvail().y - below)},
                      false, ImGuiWindowFlags_NoNav);
    draw_all_advice(canvas);
    scroll_by_keys(canvas.frame, false);
    ImGui::EndChild();
    if (!worst.empty()) heading(canvas, "WORST METERS", "dBFS now");
    for (const StripRow* row : worst) draw_strip(canvas, *row, false);
    if (!last) return;
    heading(canvas, "LAST MOVE", last->when);
    const Sign what = sign_of(last->state);
    sign(canvas, what);
    words(canvas, last->word, room(), {Type::small, what.tint});
    words(canvas, last->control + ' ' + last->before + " \u2192 " + last->target, room());
    ImGui::NewLine();
}

} // namespace prefade::overlay
