// While no DAW has been there: what is on this machine, how to reach it, and the demo.
#include "overlay/panels/panels.h"

#include <algorithm>

namespace prefade::overlay {
namespace {

void draw_daw(const Canvas& canvas, const KnownDaw& daw) {
    sign(canvas,
         daw.answers ? Sign{Shape::tick, colour::good} : Sign{Shape::ring, colour::caution});
    words(canvas, daw.title, room(), {Type::bold});
    words(canvas, daw.answers ? "answers" : "is here, but does not answer", room(),
          {Type::text, colour::quiet});
    ImGui::NewLine();
    if (daw.answers) return;
    for (const std::string& fact : daw.found)
        paragraph(canvas, fact + '.', {Type::small, colour::quiet});
    for (std::size_t i = 0; i < daw.steps.size(); ++i)
        paragraph(canvas, std::to_string(i + 1) + ". " + daw.steps[i]);
}

} // namespace

void draw_first_start(const Canvas& canvas) {
    Frame& frame = canvas.frame;
    const Surroundings& around = frame.view.around;
    paragraph(canvas, "No DAW talks to Prefade yet.", {Type::bold});
    paragraph(canvas,
              "It listens to the mixer of your DAW over the DAW's own control surface, and "
              "says what looks wrong. Nothing moves without your yes.",
              {Type::text, colour::quiet});
    const bool any = std::any_of(around.daws.begin(), around.daws.end(),
                                 [](const KnownDaw& daw) { return daw.here || daw.answers; });
    heading(canvas, "ON THIS MACHINE");
    if (!around.asked)
        paragraph(canvas, "Looking \u2026", {Type::text, colour::quiet});
    else if (!any)
        paragraph(canvas, "None of the DAWs that Prefade knows was found here.",
                  {Type::text, colour::quiet});
    for (const KnownDaw& daw : around.daws)
        if (daw.here || daw.answers) draw_daw(canvas, daw);
    heading(canvas, "OR TRY IT FIRST");
    paragraph(canvas, "A little song with planted mistakes, played by Prefade itself.",
              {Type::text, colour::quiet});
    if (button(canvas, "Start the demo", "G", 0, true) || take(frame, U'g'))
        frame.wish(WindowWish::start_demo);
    ImGui::NewLine();
}

} // namespace prefade::overlay
