// The small size: the one thing to do now, and the three worst meters.
#include "overlay/panels/panels.h"

#include <algorithm>

namespace prefade::overlay {

void draw_compact(const Canvas& canvas) {
    const View& view = canvas.frame.view;
    take_advice_keys(canvas);
    const AdviceCard* card = acting_on(canvas);
    const auto worst =
        view.picture ? worst_meters(*view.picture, 3) : std::vector<const StripRow*>{};
    const float line = ImGui::GetTextLineHeight() + canvas.px(9);
    const float meters = line * static_cast<float>(worst.size());
    ImGui::BeginChild("advice", {0.0F, std::max(1.0F, ImGui::GetContentRegionAvail().y - meters)},
                      false, ImGuiWindowFlags_NoNav);
    if (card) {
        draw_card(canvas, *card, 3);
    } else if (view.picture) {
        draw_no_advice(canvas);
    }
    ImGui::EndChild();
    for (const StripRow* row : worst) draw_strip(canvas, *row, false);
}

} // namespace prefade::overlay
