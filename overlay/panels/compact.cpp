// The small size: the one thing to do now, and the three worst meters.
#include "overlay/panels/panels.h"

namespace prefade::overlay {

void draw_compact(const Canvas& canvas) {
    const View& view = canvas.frame.view;
    take_advice_keys(canvas);
    const AdviceCard* card = acting_on(canvas);
    if (card) {
        draw_card(canvas, *card, 3);
        if (const std::size_t others = view.picture->advice.size() - 1)
            words(canvas, std::to_string(others) + " more (C)", room(), {Type::small, colour::dim});
    } else {
        sign(canvas, {Shape::tick, colour::good});
        words(canvas, "Nothing fires now.", room());
    }
    ImGui::NewLine();
    if (!view.picture) return;
    const auto worst = worst_meters(*view.picture, 3);
    const float line = ImGui::GetTextLineHeight() + canvas.px(4);
    const float bottom = ImGui::GetContentRegionMax().y - line * static_cast<float>(worst.size());
    if (bottom > ImGui::GetCursorPosY()) ImGui::SetCursorPosY(bottom);
    for (const StripRow* row : worst) draw_strip(canvas, *row, false);
}

} // namespace prefade::overlay
