#include "overlay/style.h"

namespace prefade::overlay {

Sign sign_of(Severity severity) {
    switch (severity) {
    case Severity::fault: return {Shape::triangle, colour::fault};
    case Severity::caution: return {Shape::diamond, colour::caution};
    case Severity::hint: break;
    }
    return {Shape::circle, colour::hint};
}

Sign sign_of(MoveState state) {
    switch (state) {
    case MoveState::proposed: return {Shape::diamond, colour::caution};
    case MoveState::pending: return {Shape::ring, colour::hint};
    case MoveState::confirmed: return {Shape::tick, colour::good};
    case MoveState::unconfirmed: return {Shape::ring, colour::caution};
    case MoveState::superseded: return {Shape::pause, colour::caution};
    case MoveState::refused: return {Shape::cross, colour::caution};
    case MoveState::failed:
    case MoveState::unknown: break;
    }
    return {Shape::triangle, colour::fault};
}

Sign sign_of(Mode mode) {
    switch (mode) {
    case Mode::watch: return {Shape::pause, colour::quiet};
    case Mode::ask: return {Shape::ring, colour::hint};
    case Mode::automatic: break;
    }
    return {Shape::circle, colour::good};
}

void apply_style(float scale) {
    ImGuiStyle style;
    style.WindowPadding = {0.0F, 0.0F};
    style.WindowRounding = 0.0F; // the window is cut by the desktop, not by us
    style.WindowBorderSize = 0.0F;
    style.ChildBorderSize = 0.0F;
    style.FramePadding = {9.0F, 6.0F};
    style.FrameRounding = 5.0F;
    style.ItemSpacing = {8.0F, 5.0F};
    style.ItemInnerSpacing = {6.0F, 4.0F};
    style.ScrollbarSize = 10.0F;
    style.ScrollbarRounding = 5.0F;
    style.GrabRounding = 5.0F;
    const auto set = [&](ImGuiCol which, ImU32 colour) {
        style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
    };
    set(ImGuiCol_WindowBg, colour::ground);
    set(ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_Text, colour::text);
    set(ImGuiCol_TextDisabled, colour::dim);
    set(ImGuiCol_FrameBg, colour::raised);
    set(ImGuiCol_FrameBgHovered, colour::pressed);
    set(ImGuiCol_FrameBgActive, colour::pressed);
    set(ImGuiCol_Border, colour::line);
    set(ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_ScrollbarGrab, colour::line);
    set(ImGuiCol_ScrollbarGrabHovered, colour::dim);
    set(ImGuiCol_ScrollbarGrabActive, colour::quiet);
    set(ImGuiCol_TextSelectedBg, IM_COL32(108, 184, 240, 90));
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

void push_font(ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200 // fonts have no size of their own any more
    ImGui::PushFont(font, font ? font->LegacySize : 0.0F);
#else
    ImGui::PushFont(font);
#endif
}

} // namespace prefade::overlay
