// Who hides whom: a table of all that hide or are hidden, and the conflicts one by one, the worst first.
#include "overlay/panels/panels.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace prefade::overlay {
namespace {

/// More tracks than this make the table's squares too small to be read.
constexpr std::size_t most_in_table = 10;

struct Track {
    std::uint32_t id;
    const std::string* name;
};

void add(std::vector<Track>& tracks, std::uint32_t id, const std::string& name) {
    const bool known =
        std::any_of(tracks.begin(), tracks.end(), [&](const Track& t) { return t.id == id; });
    if (!known && tracks.size() < most_in_table) tracks.push_back({id, &name});
}

/// The worst between the two; null when neither hides the other in any zone.
const ConflictRow* between(const std::vector<ConflictRow>& rows, std::uint32_t masker,
                           std::uint32_t target) {
    for (const ConflictRow& row : rows)
        if (row.masker == masker && row.target == target) return &row;
    return nullptr;
}

ImU32 shade_of(double share) {
    return share >= 0.66 ? colour::fault : share >= 0.33 ? colour::caution : colour::quiet;
}

/// Percent in a square that is the darker the more is hidden; by its number readable without colours too.
void draw_square(const Canvas& canvas, ImVec2 at, ImVec2 size, const ConflictRow& row,
                 bool chosen) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + size.x - canvas.px(2), at.y + size.y - canvas.px(2)};
    list.AddRectFilled(at, end, colour::raised, canvas.px(3));
    const float height = (end.y - at.y) * static_cast<float>(std::clamp(row.share, 0.0, 1.0));
    list.AddRectFilled({at.x, end.y - std::max(canvas.px(2), height)}, {at.x + canvas.px(4), end.y},
                       shade_of(row.share));
    if (chosen) list.AddRect(at, end, colour::text, canvas.px(3), 0, canvas.px(1.5F));
    push_font(canvas.style.fonts.small);
    const std::string text = std::to_string(std::lround(row.share * 100.0));
    const ImVec2 wide = ImGui::CalcTextSize(text.c_str());
    list.AddText({std::floor((at.x + end.x - wide.x) * 0.5F + canvas.px(1)),
                  std::floor((at.y + end.y - wide.y) * 0.5F)},
                 colour::text, text.c_str());
    ImGui::PopFont();
}

/// A line for each that is hidden, a column for each that hides.
void draw_table(const Canvas& canvas, const std::vector<ConflictRow>& rows) {
    std::vector<Track> maskers, targets;
    for (const ConflictRow& row : rows) {
        add(maskers, row.masker, row.masker_name);
        add(targets, row.target, row.target_name);
    }
    const ConflictRow& chosen = rows[canvas.frame.ui.chosen_conflict];
    const float left = ImGui::GetCursorPosX(), whole = room();
    const float names = std::floor(whole * 0.26F);
    const float width =
        std::floor(std::min(canvas.px(64), (whole - names) / static_cast<float>(maskers.size())));
    const float height = canvas.px(26);
    float y = ImGui::GetCursorPosY();
    for (std::size_t i = 0; i < maskers.size(); ++i) {
        ImGui::SetCursorPos({left + names + width * static_cast<float>(i), y});
        words(canvas, *maskers[i].name, width - canvas.px(4), {Type::small, colour::quiet});
    }
    y += ImGui::GetTextLineHeight() + canvas.px(4);
    for (const Track& target : targets) {
        ImGui::SetCursorPos({left, y + canvas.px(4)});
        words(canvas, *target.name, names - canvas.px(8), {Type::small});
        for (std::size_t i = 0; i < maskers.size(); ++i) {
            const ConflictRow* row = between(rows, maskers[i].id, target.id);
            if (!row) continue;
            ImGui::SetCursorPos({left + names + width * static_cast<float>(i), y});
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw_square(canvas, at, {width, height}, *row, row == &chosen);
            const bool over = ImGui::IsWindowHovered()
                              && ImGui::IsMouseHoveringRect(at, {at.x + width, at.y + height});
            if (over && ImGui::IsMouseClicked(0))
                canvas.frame.ui.chosen_conflict = static_cast<std::size_t>(row - rows.data());
        }
        y += height;
    }
    ImGui::SetCursorPos({left, y + canvas.px(6)});
}

/// ", since 12 s": by tens, so that it does not flicker.
std::string lasting(const ConflictRow& row, TimePoint now) {
    if (row.since.point == TimePoint{}) return {};
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - row.since.point).count();
    if (seconds < 10) return ", new";
    if (seconds < 60) return ", since " + std::to_string(seconds / 10 * 10) + " s";
    return ", since " + std::to_string(seconds / 60) + " min";
}

void draw_conflict(const Canvas& canvas, const ConflictRow& row, bool chosen) {
    Frame& frame = canvas.frame;
    const float right = ImGui::GetCursorPosX() + room(), inset = Row::inset(canvas);
    if (chosen && std::exchange(frame.ui.reveal, false)) ImGui::SetScrollHereY(0.2F);
    Row ground(canvas);
    words(canvas, row.masker_name + " hides " + row.target_name, room() - canvas.px(52),
          {Type::bold});
    words_right(canvas, std::to_string(std::lround(row.share * 100.0)) + " %", right - inset,
                {Type::bold, shade_of(row.share)});
    ImGui::NewLine();
    paragraph(canvas, "around " + row.where + lasting(row, frame.now),
              {Type::small, colour::quiet, 2}, inset);
    if (chosen) paragraph(canvas, row.room, {Type::text, colour::text, 3}, inset);
    if (ground.end(chosen))
        frame.ui.chosen_conflict =
            static_cast<std::size_t>(&row - frame.view.picture->conflicts.data());
}

void take_masking_keys(Frame& frame, std::size_t count) {
    std::size_t& chosen = frame.ui.chosen_conflict;
    if (take(frame, Key::down) && chosen + 1 < count) {
        ++chosen;
        frame.ui.reveal = true;
    }
    if (take(frame, Key::up) && chosen > 0) {
        --chosen;
        frame.ui.reveal = true;
    }
}

} // namespace

void draw_masking(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const Picture& picture = *frame.view.picture;
    if (picture.conflicts.empty()) {
        paragraph(canvas,
                  picture.is_heard
                      ? "No track hides another, as far as the song has been heard."
                      : "This DAW tells levels only: nothing lets the tracks' sound be heard. The "
                        "demo session does; stems are listened to by prefade analyse.",
                  {Type::text, colour::quiet});
        return;
    }
    frame.ui.chosen_conflict = std::min(frame.ui.chosen_conflict, picture.conflicts.size() - 1);
    take_masking_keys(frame, picture.conflicts.size());
    heading(canvas, "Hidden, by whom", "% of the time both play");
    draw_table(canvas, picture.conflicts);
    for (const ConflictRow& row : picture.conflicts)
        draw_conflict(canvas, row, &row == &picture.conflicts[frame.ui.chosen_conflict]);
}

} // namespace prefade::overlay
