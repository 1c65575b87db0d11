#include "tests/overlay/panel_rig.h"

#include <algorithm>
#include <stdexcept>

namespace prefade::test {

using namespace overlay;

namespace {
constexpr float full_width = 430.0F, full_height = 680.0F, compact_width = 400.0F,
                compact_height = 296.0F;
} // namespace

PanelRig::PanelRig()
    : letters_([] {
          auto found = find_typeface();
          return found ? std::optional(std::move(*found)) : std::nullopt;
      }()) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.MousePos = {-1.0F, -1.0F};
    view.line = View::Line::connected;
    apply_style(1.0F);
    style_.fonts = letters_.bake(1.0F);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
}

PanelRig::~PanelRig() { ImGui::DestroyContext(); }

void PanelRig::show(const Snapshot& snapshot) {
    view.picture = picture_of(json_of(snapshot), now);
    if (letters_.need(view)) {
        style_.fonts = letters_.bake(1.0F);
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    }
    settle();
}

void PanelRig::frame(std::vector<Key> keys) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize =
        ui.compact ? ImVec2{compact_width, compact_height} : ImVec2{full_width, full_height};
    io.DeltaTime = 1.0F / 30.0F;
    ImGui::NewFrame();
    Frame frame{view, ui, now, std::move(keys), {}, {}, false};
    draw_all(Canvas{frame, style_});
    ImGui::Render();
    wishes.insert(wishes.end(), frame.wishes.begin(), frame.wishes.end());
    spots = std::move(frame.spots);
    shows_ages = frame.shows_ages;
}

void PanelRig::settle() {
    frame();
    frame();
    frame();
}

void PanelRig::press(char32_t character) {
    Key key;
    key.point = character;
    frame({key});
    settle();
}

void PanelRig::press(Key::Kind kind, bool shift, bool ctrl) {
    Key key;
    key.kind = kind;
    key.shift = shift;
    key.ctrl = ctrl;
    frame({key});
    settle();
}

void PanelRig::type(const std::string& text) {
    std::vector<Key> keys;
    for (const char c : text) {
        ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
        Key key;
        key.point = static_cast<unsigned char>(c);
        keys.push_back(key);
    }
    frame(keys); // the window hears every character too
    settle();
}

void PanelRig::click(const std::string& label, std::size_t which) {
    std::string there;
    for (const Spot& spot : spots) {
        there += ' ' + spot.label + ';';
        if (spot.label != label || which-- > 0) continue;
        return click_at((spot.x0 + spot.x1) * 0.5F, (spot.y0 + spot.y1) * 0.5F);
    }
    throw std::runtime_error("nothing to press is called " + label + "; there are:" + there);
}

void PanelRig::click_at(float x, float y) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {x, y};
    frame();
    frame();
    io.MouseDown[0] = true;
    frame();
    io.MouseDown[0] = false;
    frame();
    io.MousePos = {-1.0F, -1.0F};
    settle();
}

int PanelRig::vertices() const { return ImGui::GetDrawData()->TotalVtxCount; }

std::uint64_t PanelRig::look() const { // FNV-1a over every vertex
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const auto& vertices = data.CmdLists[i]->VtxBuffer;
        const auto* bytes = reinterpret_cast<const unsigned char*>(vertices.Data);
        for (std::size_t b = 0; b < static_cast<std::size_t>(vertices.size_in_bytes()); ++b)
            hash = (hash ^ bytes[b]) * 0x100000001b3ULL;
    }
    return hash;
}

std::vector<std::string> PanelRig::commands() const {
    std::vector<std::string> all;
    for (const Wish& wish : wishes)
        if (const auto* command = std::get_if<Command>(&wish))
            all.push_back(command->tool
                          + (command->arguments.empty() ? "" : ' ' + to_line(command->arguments)));
    return all;
}

bool PanelRig::wished(WindowWish wanted) const {
    return std::any_of(wishes.begin(), wishes.end(), [&](const Wish& wish) {
        const auto* own = std::get_if<WindowWish>(&wish);
        return own && *own == wanted;
    });
}

} // namespace prefade::test
