#include "core/wording.h"
#include "overlay/panels/panels.h"

#include <algorithm>
#include <cmath>

namespace prefade::overlay {
namespace {

struct Tab {
    Panel panel;
    const char* title;
    char32_t key;
    void (*draw)(const Canvas& canvas);
};
/// A new panel is a line here.
constexpr Tab tabs[] = {
    {Panel::advice, "Advice", U'1', draw_advice}, {Panel::strips, "Strips", U'2', draw_strips},
    {Panel::moves, "Moves", U'3', draw_moves},    {Panel::status, "Status", U'4', draw_status},
    {Panel::ask, "Ask", U'5', draw_ask},          {Panel::masking, "Masking", U'6', draw_masking},
};

bool had_daw(const View& view) {
    return view.picture
           && (view.picture->host == HostState::connected || view.picture->host == HostState::lost
               || !view.picture->strips.empty());
}

void show(Ui& ui, Panel panel) {
    ui.panel = panel;
    ui.compact = false;
    ui.wants_text = ui.writes_text = ui.sure_of_undo_all = false;
    ui.focus = 0;
}

void toggle_keys(Ui& ui) {
    if (ui.panel == Panel::keys && !ui.compact) {
        show(ui, ui.back_to);
    } else {
        ui.back_to = ui.panel == Panel::keys ? Panel::advice : ui.panel;
        show(ui, Panel::keys);
    }
}

// ---- keys -----------------------------------------------------------------------------------

void take_window_keys(Frame& frame) {
    constexpr struct {
        Key::Kind kind;
        WindowWish moves, sizes;
    } arrows[] = {{Key::left, WindowWish::left, WindowWish::narrower},
                  {Key::right, WindowWish::right, WindowWish::wider},
                  {Key::up, WindowWish::up, WindowWish::shorter},
                  {Key::down, WindowWish::down, WindowWish::taller}};
    for (const Key& key : frame.keys) {
        if (!key.ctrl) continue;
        for (const auto& arrow : arrows)
            if (arrow.kind == key.kind) frame.wish(key.shift ? arrow.sizes : arrow.moves);
        if (key.kind == Key::character && key.point == U'q') frame.wish(WindowWish::close);
    }
    std::erase_if(frame.keys, [](const Key& key) { return key.ctrl; });
}

void take_letter_keys(Frame& frame) {
    Ui& ui = frame.ui;
    constexpr std::pair<char32_t, WindowWish> window_keys[] = {
        {U'c', WindowWish::other_size},  {U'+', WindowWish::larger},
        {U'-', WindowWish::smaller},     {U'[', WindowWish::less_opaque},
        {U']', WindowWish::more_opaque}, {U't', WindowWish::click_through},
        {U'n', WindowWish::start_daemon}};
    for (const auto& [key, wish] : window_keys)
        if (take(frame, key)) frame.wish(wish);
    constexpr std::pair<char32_t, Mode> mode_keys[] = {
        {U'w', Mode::watch}, {U'a', Mode::ask}, {U'A', Mode::automatic}};
    for (const auto& [key, mode] : mode_keys)
        if (take(frame, key)) frame.wish("mode", {{"mode", name_in(mode_names, mode)}});
    for (const Tab& tab : tabs) {
        // Told more, the figures take one of several doses.
        const bool doses = ui.more && tab.key != U'1' && (ui.panel == Panel::advice || ui.compact);
        if (!doses && take(frame, tab.key)) show(ui, tab.panel);
    }
    if (take(frame, U'?') || take(frame, Key::f1)) toggle_keys(ui);
    const bool of_a_row = ui.panel == Panel::moves && !ui.compact && ui.chosen_move;
    if (!of_a_row && take(frame, U'u')) frame.wish("undo");
}

/// What holds everywhere. A letter that is written into a field is none of them; Esc is, always.
void take_keys(Frame& frame) {
    Ui& ui = frame.ui;
    if (ui.writes_text && std::any_of(frame.keys.begin(), frame.keys.end(), [](const Key& key) {
            return key.kind == Key::enter || key.kind == Key::tab || key.kind == Key::escape;
        }))
        ui.leaves_text = 3; // Dear ImGui's own Tab comes back to the only field there is
    if (take(frame, Key::escape)) {
        frame.wish("stop");
        ui.sure_of_undo_all = false;
        ui.focus = 0;
    }
    take_window_keys(frame);
    if (ui.writes_text)
        std::erase_if(frame.keys, [](const Key& key) {
            return key.kind != Key::enter && key.kind != Key::tab && key.kind != Key::f1;
        });
    else
        take_letter_keys(frame);
}

/// Tab goes from one thing that can be pressed to the next.
void move_focus(Frame& frame) {
    Ui& ui = frame.ui;
    const auto& spots = frame.spots;
    const auto is_focus = [&](const Spot& spot) { return spot.id == ui.focus; };
    const auto at = std::find_if(spots.begin(), spots.end(), is_focus);
    if (ui.focus != 0 && at == spots.end()) ui.focus = 0; // it is not there any more
    const auto key = std::find_if(frame.keys.begin(), frame.keys.end(),
                                  [](const Key& k) { return k.kind == Key::tab; });
    if (key == frame.keys.end() || spots.empty()) return;
    const auto count = spots.size();
    std::size_t next = key->shift ? count - 1 : 0;
    if (ui.focus != 0) {
        const auto index = static_cast<std::size_t>(at - spots.begin());
        next = key->shift ? (index + count - 1) % count : (index + 1) % count;
    }
    ui.focus = spots[next].id;
    frame.keys.erase(key);
}

// ---- header and footer ----------------------------------------------------------------------

void draw_line(const Canvas& canvas) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled({ImGui::GetWindowPos().x, at.y},
                                              {ImGui::GetWindowPos().x + ImGui::GetWindowWidth(),
                                               at.y + std::max(1.0F, std::floor(canvas.px(1)))},
                                              colour::line);
    ImGui::Dummy({0.0F, canvas.px(1)});
}

/// The host's name on a ground of its own: a demo is called one in every view.
void chip(const Canvas& canvas, const std::string& text) {
    push_font(canvas.style.fonts.small);
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float x = canvas.px(6), y = canvas.px(2);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({at.x, at.y}, {at.x + size.x + 2 * x, at.y + size.y + 2 * y},
                       colour::pressed, canvas.px(4));
    list.AddText({std::floor(at.x + x), std::floor(at.y + y)}, colour::text, text.c_str());
    ImGui::PopFont();
    ImGui::Dummy({size.x + 2 * x, size.y + 2 * y});
    ImGui::SameLine(0.0F, canvas.px(8));
}

/// Two signs that can be pressed at the right end: the other size, and close.
void draw_window_buttons(const Canvas& canvas, float y) {
    Frame& frame = canvas.frame;
    const float side = canvas.px(24), right = ImGui::GetWindowWidth() - canvas.px(6);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGui::SetCursorPos({right - 2 * side, y});
    ImVec2 at = ImGui::GetCursorScreenPos();
    if (pressable(canvas, frame.ui.compact ? "Full size" : "Compact size", 0, {side, side}))
        frame.wish(WindowWish::other_size);
    const float inset = canvas.px(frame.ui.compact ? 6 : 8);
    list.AddRect({at.x + inset, at.y + inset}, {at.x + side - inset, at.y + side - inset},
                 colour::quiet, 0.0F, 0, canvas.px(1.5F));
    ImGui::SetCursorPos({right - side, y});
    at = ImGui::GetCursorScreenPos();
    if (pressable(canvas, "Close the window", 0, {side, side})) frame.wish(WindowWish::close);
    draw_sign({at.x + canvas.px(7), at.y + canvas.px(7)}, side - canvas.px(14),
              {Shape::cross, colour::quiet});
}

void draw_header(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const View& view = frame.view;
    const float height = canvas.px(36), left = canvas.px(12);
    const float middle = (height - ImGui::GetTextLineHeight()) * 0.5F;
    const float right = ImGui::GetWindowWidth() - canvas.px(60);
    ImGui::SetCursorPos({0.0F, 0.0F});
    ImGui::InvisibleButton("header", {right, height});
    if (ImGui::IsItemActivated()) frame.wish(WindowWish::begin_drag);
    ImGui::SetCursorPos({left, middle});
    if (view.picture && view.line == View::Line::connected) {
        const Picture& picture = *view.picture;
        sign(canvas, sign_of(picture.mode));
        std::string mode(name_in(mode_names, picture.mode));
        for (char& c : mode) c = static_cast<char>(c - 'a' + 'A');
        words(canvas, mode, right, {Type::bold, sign_of(picture.mode).tint});
        ImGui::SetCursorPos({ImGui::GetCursorPosX() + canvas.px(4), middle});
        if (!picture.host_name.empty()) chip(canvas, picture.host_name);
        std::string text = picture.session;
        for (const std::string* part : {&picture.transport, &picture.clock})
            if (!part->empty()) text += (text.empty() ? "" : " \u00b7 ") + *part;
        ImGui::SetCursorPosY(middle);
        if (picture.recording) {
            words(canvas, "RECORDING", right, {Type::bold, colour::fault});
            ImGui::SetCursorPosY(middle);
        }
        words(canvas, text, right - ImGui::GetCursorPosX(), {Type::text, colour::quiet});
    } else {
        sign(canvas, {Shape::ring, colour::caution});
        words(canvas, "Prefade", right, {Type::bold});
    }
    draw_window_buttons(canvas, canvas.px(6));
    ImGui::SetCursorPos({0.0F, height});
    draw_line(canvas);
}

void draw_tabs(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const float height = canvas.px(34), width = ImGui::GetWindowWidth(), inset = canvas.px(8);
    const auto count = static_cast<float>(std::size(tabs));
    const float each = std::floor((width - 2 * inset) / count), y = ImGui::GetCursorPosY();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (std::size_t i = 0; i < std::size(tabs); ++i) {
        const Tab& tab = tabs[i];
        const bool chosen = frame.ui.panel == tab.panel;
        ImGui::SetCursorPos({inset + each * static_cast<float>(i), y + canvas.px(3)});
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const ImVec2 size{each, height - canvas.px(6)};
        if (pressable(canvas, tab.title, 0, size)) show(frame.ui, tab.panel);
        std::string text = tab.title;
        if (const std::size_t number = count_on_tab(tab.panel, frame.view))
            text += "  " + std::to_string(number);
        const float x = at.x + (each - width_of(canvas, text, Type::text)) * 0.5F;
        const float text_y = at.y + (size.y - ImGui::GetTextLineHeight()) * 0.5F;
        list.AddText({std::floor(x), std::floor(text_y)}, chosen ? colour::text : colour::quiet,
                     text.c_str());
        if (chosen)
            list.AddRectFilled({at.x + canvas.px(10), at.y + size.y + canvas.px(1)},
                               {at.x + each - canvas.px(10), at.y + size.y + canvas.px(3)},
                               colour::text);
    }
    ImGui::SetCursorPos({0.0F, y + height});
    draw_line(canvas);
}

/// What is wrong with the line to the DAW: over every panel, so that old numbers are not taken for new ones.
void draw_banner(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const View& view = frame.view;
    const bool daemon_gone = view.line == View::Line::lost;
    const bool daw_gone = view.picture && view.picture->host == HostState::lost;
    if (!daemon_gone && !daw_gone) return;
    sign(canvas, {Shape::triangle, colour::fault});
    words(canvas, daemon_gone ? "DAEMON GONE" : "DAW LOST", room(), {Type::bold, colour::fault});
    ImGui::NewLine();
    paragraph(canvas, daemon_gone ? view.trouble : view.picture->host_line);
    if (view.picture)
        paragraph(canvas, "What you see below is as it was then.", {Type::small, colour::quiet});
    if (daemon_gone && view.may_start) {
        if (button(canvas, "Start the daemon", "N", 0, true)) frame.wish(WindowWish::start_daemon);
        ImGui::NewLine();
    }
    ImGui::Dummy({0.0F, canvas.px(4)});
}

void draw_footer(const Canvas& canvas, float height) {
    Frame& frame = canvas.frame;
    ImGui::SetCursorPos({0.0F, ImGui::GetWindowHeight() - height});
    draw_line(canvas);
    const float y = ImGui::GetWindowHeight() - height + canvas.px(6);
    ImGui::SetCursorPos({canvas.px(8), y - canvas.px(2)});
    if (button(canvas, "Stop", "Esc")) frame.wish("stop");
    ImGui::SetCursorPos({ImGui::GetCursorPosX(), y + canvas.px(4)});
    const float keys_width = button_width(canvas, "Keys", "?");
    const float end = ImGui::GetWindowWidth() - keys_width - canvas.px(26);
    const std::string& text = frame.view.notice;
    const auto lines = wrapped(text, end - ImGui::GetCursorPosX(), 1);
    if (!lines.empty())
        words(canvas, text, end - ImGui::GetCursorPosX(), {Type::small, colour::quiet});
    ImGui::SetCursorPos({ImGui::GetWindowWidth() - keys_width - canvas.px(22), y - canvas.px(2)});
    if (button(canvas, "Keys", "?")) toggle_keys(frame.ui);
    // The corner to pull at.
    const float side = canvas.px(16), x = ImGui::GetWindowWidth() - side,
                corner_y = ImGui::GetWindowHeight() - side;
    ImGui::SetCursorPos({x, corner_y});
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("corner", {side, side});
    if (ImGui::IsItemActivated()) frame.wish(WindowWish::begin_resize);
    for (const float step : {4.0F, 8.0F})
        ImGui::GetWindowDrawList()->AddLine(
            {at.x + side - canvas.px(3), at.y + side - canvas.px(step + 3)},
            {at.x + side - canvas.px(step + 3), at.y + side - canvas.px(3)}, colour::dim,
            canvas.px(1));
}

void draw_waiting(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const View& view = frame.view;
    paragraph(canvas,
              view.line == View::Line::starting ? "Starting the daemon \u2026"
                                                : "Waiting for the daemon \u2026",
              {Type::bold});
    if (!view.trouble.empty()) paragraph(canvas, view.trouble, {Type::text, colour::caution});
    if (view.may_start) {
        if (button(canvas, "Start the daemon", "N", 0, true)) frame.wish(WindowWish::start_daemon);
        ImGui::NewLine();
    }
}

void draw_chosen(const Canvas& canvas) {
    const Ui& ui = canvas.frame.ui;
    draw_banner(canvas);
    if (ui.panel == Panel::keys && !ui.compact) return draw_keys(canvas);
    const bool advice = ui.compact || ui.panel == Panel::advice;
    if (!canvas.frame.view.picture && ui.panel != Panel::status) {
        if (canvas.frame.view.line != View::Line::lost) draw_waiting(canvas);
        return;
    }
    if (advice && !had_daw(canvas.frame.view)) return draw_first_start(canvas);
    if (ui.compact) return draw_compact(canvas);
    for (const Tab& tab : tabs)
        if (tab.panel == ui.panel) tab.draw(canvas);
}

} // namespace

std::size_t count_on_tab(Panel panel, const View& view) {
    if (!view.picture) return 0;
    switch (panel) {
    case Panel::advice: return view.picture->advice.size();
    case Panel::strips: return view.picture->strips.size();
    case Panel::masking: return view.picture->conflicts.size();
    case Panel::moves:
        return static_cast<std::size_t>(
            std::count_if(view.picture->moves.begin(), view.picture->moves.end(),
                          [](const MoveRow& row) { return row.state == MoveState::proposed; }));
    default: return 0;
    }
}

void draw_all(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    frame.spots.clear();
    take_keys(frame);
    if (frame.ui.leaves_text > 0) {
        --frame.ui.leaves_text;
        ImGui::SetWindowFocus(nullptr);
    }
    ImGui::SetNextWindowPos({0.0F, 0.0F});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    push_font(canvas.style.fonts.text);
    ImGui::Begin("Prefade", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove
                     | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground
                     | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
    frame.ui.writes_text = false;
    draw_header(canvas);
    if (!frame.ui.compact) draw_tabs(canvas);
    const float footer = frame.ui.compact ? 0.0F : canvas.px(42);
    const float inset = canvas.px(12);
    const float y = ImGui::GetCursorPosY() + canvas.px(8);
    ImGui::SetCursorPos({inset, y});
    const std::string name =
        "panel" + std::to_string(static_cast<int>(frame.ui.panel)) + (frame.ui.compact ? "c" : "");
    const float height =
        ImGui::GetWindowHeight() - y - footer - canvas.px(frame.ui.compact ? 8 : 4);
    ImGui::BeginChild(name.c_str(), {ImGui::GetWindowWidth() - 2 * inset, std::max(1.0F, height)},
                      false, ImGuiWindowFlags_NoNav);
    draw_chosen(canvas);
    scroll_by_keys(frame, true);
    ImGui::EndChild();
    if (!frame.ui.compact) draw_footer(canvas, footer);
    ImGui::GetWindowDrawList()->AddRect(
        {0.5F, 0.5F}, {ImGui::GetWindowWidth() - 0.5F, ImGui::GetWindowHeight() - 0.5F},
        colour::line);
    ImGui::End();
    ImGui::PopFont();
    move_focus(frame);
}

} // namespace prefade::overlay
