// What passes between the window and its panels in one frame: keys and a view go in, wishes come out. A panel only
// draws: it decides nothing, sends nothing and keeps nothing but what the user looks at. Main thread.
#pragma once

#include "core/json.h"
#include "core/names.h"
#include "overlay/picture.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace prefade::overlay {

/// Everything there is to show. Immutable once published by the reader.
struct View {
    enum class Line { connecting, starting, connected, lost } line{Line::connecting};
    std::string trouble;            ///< why there is no daemon, in one line; may be empty
    bool may_start{false};          ///< a daemon can be started from here
    std::optional<Picture> picture; ///< the last one, also while the daemon is away
    Surroundings around;
    std::optional<Asked> asked;
    std::string notice;       ///< what came of the last command
    std::uint64_t notices{0}; ///< how many there have been
};
/// Whether there is nothing new to draw; `status`: what only the status panel shows counts.
bool looks_same(const View& a, const View& b, bool status);

enum class Panel { advice, strips, moves, status, ask, masking, keys };
inline constexpr Names<Panel, 7> panel_names{{{Panel::advice, "advice"},
                                              {Panel::strips, "strips"},
                                              {Panel::moves, "moves"},
                                              {Panel::status, "status"},
                                              {Panel::ask, "ask"},
                                              {Panel::masking, "masking"},
                                              {Panel::keys, "keys"}}};

/// What the user looks at. Kept over frames; what outlives the window is in place.h.
struct Ui {
    Panel panel{Panel::advice};
    Panel back_to{Panel::advice}; ///< from the keys
    bool compact{false};
    bool click_through{false};
    float opacity{1.0F};
    std::optional<std::uint64_t> chosen_advice, chosen_move;
    std::size_t chosen_conflict{0}; ///< its place in the list
    std::uint64_t acting_on{0};     ///< the advice that Enter takes
    TimePoint acting_since{};       ///< when it came to stand there by itself
    bool reveal{false};             ///< what was chosen by key is to be scrolled to
    bool more{false};               ///< evidence and source of the chosen advice
    std::string filter, question;
    bool by_trouble{true};
    bool wants_text{false};        ///< the text field of the panel is to have the keyboard
    int leaves_text{0};            ///< frames in which the field is still to be left
    bool writes_text{false};       ///< it has
    bool sure_of_undo_all{false};  ///< asked once
    std::uint32_t focus{0};        ///< of what Tab went to; 0: nothing
    bool can_click_through{false}; ///< this platform has it
    std::string typeface_trouble;  ///< a readable typeface is missing; may be empty
};

struct Key {
    enum Kind {
        character,
        escape,
        enter,
        tab,
        up,
        down,
        left,
        right,
        page_up,
        page_down,
        home,
        end,
        f1
    };
    Kind kind{character};
    char32_t point{0}; ///< of a character as typed: 'U' is Shift and u
    bool shift{false}, ctrl{false};
};

/// To the daemon: a tool by its name.
struct Command {
    std::string tool;
    Json arguments = Json::object();
};
/// To the window itself.
enum class WindowWish {
    begin_drag,
    begin_resize,
    left,
    right,
    up,
    down,
    wider,
    narrower,
    taller,
    shorter,
    other_size,
    larger,
    smaller,
    more_opaque,
    less_opaque,
    click_through,
    start_daemon,
    start_demo,
    close
};
using Wish = std::variant<Command, WindowWish>;

/// Something that can be pressed, in the order of Tab.
struct Spot {
    std::uint32_t id{0};
    std::string label;
    float x0{0}, y0{0}, x1{0}, y1{0};
};

/// One frame of drawing.
struct Frame {
    const View& view;
    Ui& ui;
    TimePoint now;
    std::vector<Key> keys;
    std::vector<Wish> wishes{};
    std::vector<Spot> spots{};
    bool shows_ages{false}; ///< texts of this frame change with time alone

    void wish(std::string tool, Json arguments = Json::object()) {
        wishes.emplace_back(Command{std::move(tool), std::move(arguments)});
    }
    void wish(WindowWish what) { wishes.emplace_back(what); }
};

} // namespace prefade::overlay
