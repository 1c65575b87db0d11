// Status: the DAW, what it can and cannot do, what is missing and how to get it, rates, the mode.
#include "core/wording.h"
#include "overlay/panels/panels.h"

namespace prefade::overlay {
namespace {

void entry(const Canvas& canvas, std::string_view name, std::string_view text,
           ImU32 tint = colour::text) {
    if (text.empty()) return;
    const float left = ImGui::GetCursorPosX(), y = ImGui::GetCursorPosY();
    words(canvas, name, canvas.px(92), {Type::text, colour::quiet});
    ImGui::SetCursorPos({left + canvas.px(96), y});
    paragraph(canvas, text, {Type::text, tint});
    ImGui::SetCursorPosX(left);
}

void draw_modes(const Canvas& canvas, Mode now) {
    constexpr std::pair<Mode, const char*> keys[] = {
        {Mode::watch, "W"}, {Mode::ask, "A"}, {Mode::automatic, "Shift A"}};
    for (const auto& [mode, key] : keys)
        if (button(canvas, std::string(name_in(mode_names, mode)), key, 0, mode == now)
            && mode != now)
            canvas.frame.wish("mode", {{"mode", name_in(mode_names, mode)}});
    ImGui::NewLine();
    paragraph(canvas, mode_text(name_in(mode_names, now)), {Type::small, colour::quiet});
}

void draw_missing(const Canvas& canvas) {
    const Surroundings& around = canvas.frame.view.around;
    for (const std::string& reason : around.cannot_say)
        entry(canvas, "Cannot say", reason, colour::caution);
    for (const KnownDaw& daw : around.daws) {
        if (!daw.here || daw.answers) continue;
        entry(canvas, daw.title, daw.found.empty() ? "does not answer" : daw.found.front());
        for (std::size_t i = 0; i < daw.steps.size(); ++i)
            entry(canvas, i == 0 ? "To do there" : "", std::to_string(i + 1) + ". " + daw.steps[i]);
    }
}

} // namespace

void draw_status(const Canvas& canvas) {
    const View& view = canvas.frame.view;
    if (!view.picture) {
        paragraph(canvas, view.trouble.empty() ? "Waiting for the daemon." : view.trouble);
        return;
    }
    const Picture& picture = *view.picture;
    heading(canvas, "MODE");
    draw_modes(canvas, picture.mode);
    heading(canvas, "DAW");
    entry(canvas, "State", picture.host_line);
    if (view.around.answering.size() > 1) {
        entry(canvas, "Several", "choose one:");
        std::uint64_t number = 0;
        for (const std::string& host : view.around.answering)
            if (button(canvas, host, "", ++number)) canvas.frame.wish("host", {{"host", host}});
        ImGui::NewLine();
    }
    if (const Json& can = picture.status.can; !can.is_null()) {
        entry(canvas, "Reads", capabilities_text(can, "read_", true));
        entry(canvas, "Writes", capabilities_text(can, "write_", true));
        entry(canvas, "Has", capabilities_text(can, "", true));
        entry(canvas, "Has not", lacks_text(can), colour::caution);
    }
    heading(canvas, "WHAT IS MISSING");
    if (view.around.cannot_say.empty()) entry(canvas, "Rules", "all can say");
    draw_missing(canvas);
    entry(canvas, "Window", canvas.frame.ui.typeface_trouble, colour::caution);
    heading(canvas, "MESSAGES");
    entry(canvas, "Rate", picture.status.rates);
    entry(canvas, "Lost", picture.status.lost,
          picture.status.lost == "none" ? colour::text : colour::caution);
    entry(canvas, "Last error", picture.last_error.empty() ? "none" : picture.last_error,
          picture.last_error.empty() ? colour::text : colour::caution);
    entry(canvas, "prefaded", view.around.version);
}

} // namespace prefade::overlay
