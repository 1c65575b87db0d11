// The panels without a window: Dear ImGui draws into its lists, no back-end shows them. Clicks and keys go in, wishes
// come out. Main thread; one at a time.
#pragma once

#include "overlay/panels/panels.h"
#include "overlay/typeface.h"
#include "tests/overlay/snapshots.h"

#include <string>
#include <vector>

namespace prefade::test {

class PanelRig {
public:
    PanelRig();
    ~PanelRig();
    PanelRig(const PanelRig&) = delete;
    PanelRig& operator=(const PanelRig&) = delete;

    overlay::View view;
    overlay::Ui ui;
    TimePoint now{drawn_at};
    std::vector<overlay::Wish> wishes; ///< of all frames since they were cleared
    std::vector<overlay::Spot> spots;  ///< of the last frame
    bool shows_ages{false};

    void show(const Snapshot& snapshot);
    /// Draws a frame; `keys` are pressed in it.
    void frame(std::vector<overlay::Key> keys = {});
    /// Until Dear ImGui has laid everything out.
    void settle();
    void press(char32_t character);
    void press(overlay::Key::Kind kind, bool shift = false, bool ctrl = false);
    /// Types into the field that has the keyboard.
    void type(const std::string& text);
    /// Clicks what bears this label; throws with what is there when nothing does.
    void click(const std::string& label, std::size_t which = 0);
    void click_at(float x, float y);
    /// Vertices of the last frame.
    int vertices() const;
    /// A number that is another one when anything of the last frame looks otherwise.
    std::uint64_t look() const;
    /// The tools that were wished for, with their arguments: "apply {\"advice\":3}".
    std::vector<std::string> commands() const;
    bool wished(overlay::WindowWish wish) const;

private:
    overlay::Letters letters_;
    overlay::Style style_;
};

} // namespace prefade::test
