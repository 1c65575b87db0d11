// Every panel drawn from every state, by mouse and by keyboard.
#include "tests/overlay/panel_rig.h"
#include "tests/support/catch.h"

#include <algorithm>

using namespace prefade;
using namespace prefade::overlay;
using test::PanelRig;
using Strings = std::vector<std::string>;

namespace {

constexpr Panel all_panels[] = {Panel::advice, Panel::strips,  Panel::moves, Panel::status,
                                Panel::ask,    Panel::masking, Panel::keys};

struct State {
    const char* name;
    Snapshot snapshot;
};
std::vector<State> states() {
    return {
        {"no host", test::nothing_yet()},      {"demo", test::demo()},
        {"3 strips", test::three_strips()},    {"200 strips", test::many_strips(200)},
        {"lost host", test::lost_host()},      {"masked strips", test::masked_strips()},
        {"50 advices", test::much_advice(50)}, {"a session without strips", test::many_strips(0)}};
}

std::vector<std::string> labels(const PanelRig& rig) {
    std::vector<std::string> all;
    for (const Spot& spot : rig.spots) all.push_back(spot.label);
    return all;
}

/// What is pressed lies inside the window, and nothing lies over another thing.
void check_layout(const PanelRig& rig) {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    for (std::size_t i = 0; i < rig.spots.size(); ++i) {
        const Spot& a = rig.spots[i];
        INFO(a.label << " at " << a.x0 << ',' << a.y0 << " to " << a.x1 << ',' << a.y1);
        CHECK(a.x0 >= 0.0F);
        CHECK(a.x1 <= size.x);
        CHECK(a.x1 > a.x0);
        CHECK(a.y1 > a.y0);
        for (std::size_t j = i + 1; j < rig.spots.size(); ++j) {
            const Spot& b = rig.spots[j];
            if (a.y0 >= size.y - 42 || b.y0 >= size.y - 42)
                continue; // scrolled away under the footer
            const bool apart = a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0;
            INFO(" and " << b.label << " at " << b.x0 << ',' << b.y0 << " to " << b.x1 << ','
                         << b.y1);
            CHECK(apart);
        }
    }
}

} // namespace

TEST_CASE("every panel is drawn from every state, in both sizes") {
    for (const State& state : states())
        for (const bool compact : {false, true})
            for (const Panel panel : all_panels) {
                INFO(state.name << ", panel " << static_cast<int>(panel)
                                << (compact ? ", compact" : ""));
                PanelRig rig;
                rig.ui.panel = panel;
                rig.ui.compact = compact;
                rig.show(state.snapshot);
                CHECK(rig.vertices() > 300);
                CHECK(rig.wishes.empty()); // drawing alone wants nothing
                check_layout(rig);
                const std::uint64_t look = rig.look();
                rig.settle();
                CHECK(rig.look() == look); // nothing moves by itself
            }
}

TEST_CASE("an empty view is drawn and offers to start the daemon when it can") {
    for (const Panel panel : all_panels) {
        PanelRig rig;
        rig.ui.panel = panel;
        rig.view.line = View::Line::connecting;
        rig.view.trouble = "prefaded does not run at /run/user/1000/prefade.sock.";
        rig.settle();
        CHECK(rig.vertices() > 300);
        check_layout(rig);
    }
    PanelRig rig;
    rig.view.line = View::Line::lost;
    rig.view.may_start = true;
    rig.settle();
    rig.click("Start the daemon");
    CHECK(rig.wished(WindowWish::start_daemon));
}

TEST_CASE("without a DAW the first start names what is here, its clicks, and the demo") {
    PanelRig rig;
    rig.view.around.asked = true;
    rig.view.around.daws = {{"ardour",
                             "Ardour",
                             true,
                             false,
                             {"OSC is off in the preferences"},
                             {"Edit > Preferences > Control Surfaces"}},
                            {"other", "Another", false, false, {}, {"never shown"}}};
    rig.show(test::nothing_yet());
    const int with_one = rig.vertices();
    rig.view.around.daws.pop_back();
    rig.settle();
    CHECK(rig.vertices() == with_one); // what is not on this machine is not named
    rig.view.around.daws.clear();
    rig.settle();
    CHECK(rig.vertices() < with_one);
    rig.click("Start the demo");
    CHECK(rig.wished(WindowWish::start_demo));
    rig.wishes.clear();
    rig.press(U'g');
    CHECK(rig.wished(WindowWish::start_demo));
    rig.wishes.clear();
    rig.show(test::three_strips());
    rig.press(U'g');
    CHECK(rig.wishes.empty()); // with a DAW there is no demo to start
}

TEST_CASE("the advice to do now is applied, dismissed and explained by mouse") {
    for (const bool compact : {false, true}) {
        PanelRig rig;
        rig.ui.compact = compact;
        rig.show(test::three_strips());
        rig.click("Apply");
        rig.click("Dismiss");
        CHECK(rig.commands() == Strings{"apply {\"advice\":3}", "dismiss {\"advice\":3}"});
        CHECK_FALSE(rig.shows_ages);
        rig.click("Tell me more");
        CHECK(rig.ui.more);
        if (compact)
            CHECK(rig.wished(WindowWish::other_size)); // there is room for it in the full size only
        else
            CHECK(rig.shows_ages); // evidence with its age
    }
}

TEST_CASE("and by keyboard, the others too") {
    for (const bool compact : {false, true}) {
        PanelRig rig;
        rig.ui.compact = compact;
        rig.show(test::three_strips());
        rig.press(Key::enter);
        rig.press(U'd');
        rig.press(Key::down);
        rig.press(Key::enter); // a hint without a dose: nothing to apply
        rig.press(U'd');
        rig.press(Key::down); // there is no third
        rig.press(Key::up);
        rig.press(U'd');
        CHECK(rig.commands()
              == Strings{"apply {\"advice\":3}", "dismiss {\"advice\":3}", "dismiss {\"advice\":4}",
                         "dismiss {\"advice\":3}"});
    }
}

TEST_CASE("not now by mouse and key, and all of it back") {
    PanelRig rig;
    Snapshot snapshot = test::three_strips();
    snapshot.held_back = {1, 2, 1};
    rig.show(snapshot);
    rig.click("Not now");
    rig.press(U'l');
    rig.press(U'L');
    CHECK(rig.commands()
          == Strings{"later {\"advice\":3}", "later {\"advice\":3}", "later {\"back\":true}"});
    CHECK(rig.view.picture->held_back == "1 dismissed, 2 not now, 1 new one waits for your hand");
    rig.wishes.clear();
    snapshot.advice.clear(); // with nothing left to act on, what rests can still be brought back
    rig.show(snapshot);
    rig.press(U'L');
    CHECK(rig.commands() == Strings{"later {\"back\":true}"});
}

TEST_CASE("an advice that has just pushed another aside is not taken by a key meant for that one") {
    PanelRig rig;
    rig.show(test::three_strips());
    Snapshot other = test::three_strips();
    other.advice[0].id = AdviceId{9}; // worse than the one that was there
    rig.show(other);
    rig.press(Key::enter);
    rig.press(U'd');
    rig.click("Apply");
    CHECK(rig.commands().empty());
    rig.now += std::chrono::milliseconds(600);
    rig.press(Key::enter);
    CHECK(rig.commands() == Strings{"apply {\"advice\":9}"});
    rig.wishes.clear();
    rig.press(Key::down); // who goes there themselves is not held up
    rig.press(U'd');
    CHECK(rig.commands() == Strings{"dismiss {\"advice\":4}"});
}

TEST_CASE("several doses are told apart once more is told") {
    PanelRig rig;
    Snapshot snapshot = test::three_strips();
    snapshot.advice[0].suggests.push_back(snapshot.advice[0].suggests[0]);
    snapshot.advice[0].suggests[1].target = Decibel{-7.0};
    rig.show(snapshot);
    rig.press(U'e');
    rig.press(U'2');
    CHECK(rig.commands() == Strings{"apply {\"advice\":3,\"choice\":2}"});
    CHECK(rig.ui.panel == Panel::advice);
    rig.press(U'e');
    rig.press(U'2');
    CHECK(rig.ui.panel == Panel::strips);
}

TEST_CASE("what cannot reach a DAW is not offered") {
    PanelRig rig;
    rig.show(test::lost_host());
    CHECK_THROWS(rig.click("Apply"));
    rig.show(test::three_strips());
    rig.view.line = View::Line::lost;
    rig.settle();
    CHECK_THROWS(rig.click("Apply"));
    rig.view.line = View::Line::connected;
    rig.settle();
    CHECK_NOTHROW(rig.click("Apply"));
}

TEST_CASE("50 advices are walked through by key, each in sight when it is chosen") {
    PanelRig rig;
    rig.show(test::much_advice(50));
    for (int i = 1; i < 50; ++i) {
        rig.press(Key::down);
        CHECK(rig.ui.chosen_advice == static_cast<std::uint64_t>(i + 1));
        const auto dismiss = std::find_if(rig.spots.begin(), rig.spots.end(),
                                          [](const Spot& spot) { return spot.label == "Dismiss"; });
        REQUIRE(dismiss != rig.spots.end());
        CHECK(dismiss->y0 > 60.0F);
        CHECK(dismiss->y1 < 640.0F);
    }
}

TEST_CASE("a folded advice unfolds when it is pressed, and stays chosen when others come") {
    PanelRig rig;
    rig.show(test::much_advice(5));
    CHECK(rig.ui.chosen_advice == std::nullopt);
    rig.click("Lead Vox: too-quiet"); // the third: a caution with a dose
    CHECK(rig.ui.chosen_advice == 3);
    rig.click("Apply");
    CHECK(rig.commands() == Strings{"apply {\"advice\":3}"});
    rig.show(test::much_advice(9));
    CHECK(rig.ui.chosen_advice == 3);
}

TEST_CASE("Esc stops, whatever is open, also while something is written") {
    for (const Panel panel : all_panels) {
        PanelRig rig;
        rig.ui.panel = panel;
        rig.show(test::three_strips());
        rig.press(U'f');
        rig.press(Key::escape);
        CHECK(rig.commands() == Strings{"stop"});
        rig.wishes.clear();
        rig.click("Stop");
        CHECK(rig.commands() == Strings{"stop"});
    }
    PanelRig rig; // and without a DAW or a daemon's first word
    rig.ui.compact = true;
    rig.settle();
    rig.press(Key::escape);
    CHECK(rig.commands() == Strings{"stop"});
}

TEST_CASE("who hides whom is chosen by mouse and by keyboard, and says what would make room") {
    PanelRig rig;
    rig.show(test::masked_strips());
    rig.press(U'6');
    rig.settle();
    CHECK(rig.ui.panel == Panel::masking);
    CHECK(count_on_tab(Panel::masking, rig.view) == 3);
    const auto look = rig.look();
    rig.press(Key::down);
    rig.settle();
    CHECK(rig.ui.chosen_conflict == 1);
    CHECK(rig.look() != look);
    rig.press(Key::up);
    rig.press(Key::up);
    CHECK(rig.ui.chosen_conflict == 0);
    CHECK(rig.wishes.empty());
    // The chosen one goes with the list.
    rig.ui.chosen_conflict = 2;
    rig.show(test::three_strips());
    rig.settle();
    rig.show(test::masked_strips());
    rig.settle();
    CHECK(rig.ui.chosen_conflict < 3);
}

TEST_CASE("moves are approved, rejected and undone, by mouse and by keyboard") {
    PanelRig rig;
    rig.ui.panel = Panel::moves;
    rig.show(test::much_advice(3));
    rig.click("Approve"); // the newest that waits is on top
    rig.click("Reject");
    CHECK(rig.commands() == Strings{"approve {\"move\":10}", "reject {\"move\":10}"});
    rig.wishes.clear();
    rig.press(Key::enter);
    rig.press(U'r');
    rig.press(Key::down);
    rig.press(Key::enter);
    CHECK(rig.commands()
          == Strings{"approve {\"move\":10}", "reject {\"move\":10}", "approve {\"move\":9}"});
    rig.wishes.clear();
    for (int i = 0; i < 20; ++i) rig.press(Key::down); // to the oldest: confirmed
    rig.press(U'u');
    CHECK(rig.commands() == Strings{"undo {\"move\":1}"});
    rig.wishes.clear();
    rig.press(U'U');
    CHECK(rig.commands().empty()); // asked first
    rig.press(U'U');
    CHECK(rig.commands() == Strings{"undo {\"all\":true}"});
    rig.wishes.clear();
    rig.click("Undo all");
    rig.click("No");
    CHECK(rig.commands().empty());
    rig.click("Undo all");
    rig.click("Yes, undo every move of this run");
    CHECK(rig.commands() == Strings{"undo {\"all\":true}"});
}

TEST_CASE("from any other panel U puts the last move back") {
    PanelRig rig;
    rig.show(test::three_strips());
    rig.press(U'u');
    CHECK(rig.commands() == Strings{"undo"});
}

TEST_CASE("the mode is switched by key and by button, and auto needs Shift") {
    PanelRig rig;
    rig.ui.panel = Panel::status;
    rig.show(test::three_strips());
    rig.press(U'w');
    rig.press(U'a');
    rig.press(U'A');
    rig.click("watch");
    rig.click("auto");
    rig.click("ask"); // it is that already
    CHECK(rig.commands()
          == Strings{"mode {\"mode\":\"watch\"}", "mode {\"mode\":\"ask\"}",
                     "mode {\"mode\":\"auto\"}", "mode {\"mode\":\"watch\"}",
                     "mode {\"mode\":\"auto\"}"});
}

TEST_CASE("a DAW is chosen where several answer") {
    PanelRig rig;
    rig.ui.panel = Panel::status;
    rig.view.around.answering = {"ardour=127.0.0.1:3819", "ardour=127.0.0.1:3820"};
    rig.show(test::nothing_yet());
    rig.click("ardour=127.0.0.1:3820");
    CHECK(rig.commands() == Strings{"host {\"host\":\"ardour=127.0.0.1:3820\"}"});
}

TEST_CASE("strips are filtered while their letters are no commands") {
    PanelRig rig;
    rig.ui.panel = Panel::strips;
    rig.show(test::many_strips(200));
    rig.press(U'f');
    rig.type("dcuwa"); // each a key elsewhere
    CHECK(rig.ui.filter == "dcuwa");
    CHECK(rig.wishes.empty());
    CHECK_FALSE(rig.ui.compact);
    rig.press(Key::tab); // out of the field
    CHECK_FALSE(rig.ui.writes_text);
    rig.ui.focus = 0;
    rig.ui.filter.clear();
    rig.click("By trouble");
    CHECK_FALSE(rig.ui.by_trouble);
    rig.press(U's');
    CHECK(rig.ui.by_trouble);
}

TEST_CASE("200 strips are scrolled by keyboard to their end") {
    PanelRig rig;
    rig.ui.panel = Panel::strips;
    rig.show(test::many_strips(200));
    const int top = rig.vertices();
    for (const Key::Kind key :
         {Key::end, Key::home, Key::page_down, Key::up, Key::down, Key::page_up}) {
        rig.press(key);
        CHECK(rig.vertices() > top / 2); // rows, not an empty panel
    }
}

TEST_CASE("a question is asked by Enter and by button, and an empty one asks nothing") {
    PanelRig rig;
    rig.ui.panel = Panel::ask;
    rig.show(test::three_strips());
    rig.press(Key::enter);
    rig.click("Ask");
    CHECK(rig.commands().empty());
    rig.press(U'f');
    rig.type("vocal");
    rig.press(Key::enter);
    CHECK(rig.commands() == Strings{"ask {\"question\":\"vocal\"}"});
    const int before = rig.vertices();
    rig.view.asked = Asked{"vocal", "The vocal sits ...", "practice", {}, {}};
    rig.settle();
    CHECK(rig.vertices() != before);
}

TEST_CASE(
    "a move that an answer proposes waits there for its yes, and then shows what became of it") {
    PanelRig rig;
    rig.ui.panel = Panel::ask;
    rig.show(test::much_advice(3));
    const auto& moves = rig.view.picture->moves;
    const auto waits = std::find_if(moves.begin(), moves.end(), [](const MoveRow& row) {
        return row.state == MoveState::proposed;
    });
    REQUIRE(waits != moves.end());
    const std::string id = std::to_string(waits->id);
    rig.view.asked = Asked{"turn it down", "Proposed: ...", "", {waits->id}, {"mode watch"}};
    rig.settle();
    rig.press(U'y');
    rig.click("Reject");
    rig.press(U'r');
    const std::string to_it = " {\"move\":" + id + '}';
    const Strings asked{"approve" + to_it, "reject" + to_it, "reject" + to_it};
    CHECK(rig.commands() == asked);
    const auto row = rig.view.picture->moves.begin() + (waits - moves.begin());
    row->state = MoveState::confirmed;
    rig.settle();
    rig.press(U'y');
    CHECK(rig.commands() == asked);
}

TEST_CASE("panels are reached by figure, by tab and back from the keys") {
    PanelRig rig;
    rig.show(test::three_strips());
    const Panel order[] = {Panel::advice, Panel::strips, Panel::moves, Panel::status, Panel::ask};
    for (std::size_t i = 0; i < std::size(order); ++i) {
        rig.press(static_cast<char32_t>(U'1' + i));
        CHECK(rig.ui.panel == order[i]);
    }
    rig.press(U'?');
    CHECK(rig.ui.panel == Panel::keys);
    rig.press(Key::f1);
    CHECK(rig.ui.panel == Panel::ask);
    rig.click("Moves");
    CHECK(rig.ui.panel == Panel::moves);
    rig.click("Keys");
    rig.click("Keys");
    CHECK(rig.ui.panel == Panel::moves);
    rig.ui.compact = true;
    rig.press(U'4'); // a panel needs the full size
    CHECK(rig.ui.panel == Panel::status);
    CHECK_FALSE(rig.ui.compact);
}

TEST_CASE("Tab goes round everything that can be pressed, and Enter presses it") {
    PanelRig rig;
    rig.show(test::three_strips());
    const auto all = labels(rig);
    REQUIRE(all.size() > 8);
    std::vector<std::string> visited;
    for (std::size_t i = 0; i < all.size(); ++i) {
        rig.press(Key::tab);
        for (const Spot& spot : rig.spots)
            if (spot.id == rig.ui.focus) visited.push_back(spot.label);
    }
    CHECK(visited == all);
    rig.press(Key::tab, true); // back to the one before the last
    rig.press(Key::tab);
    CHECK(rig.wishes.empty());
    while (true) {
        rig.press(Key::tab);
        const auto dismiss =
            std::find_if(rig.spots.begin(), rig.spots.end(), [&](const Spot& spot) {
                return spot.id == rig.ui.focus && spot.label == "Dismiss";
            });
        if (dismiss != rig.spots.end()) break;
    }
    rig.press(Key::enter); // that button, not the advice's own Enter
    CHECK(rig.commands() == Strings{"dismiss {\"advice\":3}"});
}

TEST_CASE("the window is moved, sized, scaled, made opaque and closed by keyboard") {
    PanelRig rig;
    rig.show(test::three_strips());
    const std::pair<char32_t, WindowWish> characters[] = {
        {U'c', WindowWish::other_size},  {U'+', WindowWish::larger},
        {U'-', WindowWish::smaller},     {U'[', WindowWish::less_opaque},
        {U']', WindowWish::more_opaque}, {U't', WindowWish::click_through},
        {U'n', WindowWish::start_daemon}};
    for (const auto& [key, wish] : characters) {
        rig.wishes.clear();
        rig.press(key);
        CHECK(rig.wished(wish));
    }
    const std::tuple<Key::Kind, bool, WindowWish> arrows[] = {
        {Key::left, false, WindowWish::left},    {Key::right, false, WindowWish::right},
        {Key::up, false, WindowWish::up},        {Key::down, false, WindowWish::down},
        {Key::left, true, WindowWish::narrower}, {Key::right, true, WindowWish::wider},
        {Key::up, true, WindowWish::shorter},    {Key::down, true, WindowWish::taller}};
    for (const auto& [key, shift, wish] : arrows) {
        rig.wishes.clear();
        rig.press(key, shift, true);
        CHECK(rig.wished(wish));
        CHECK(rig.wishes.size() == 1);
    }
    Key quit;
    quit.point = U'q';
    quit.ctrl = true;
    rig.frame({quit});
    CHECK(rig.wished(WindowWish::close));
}

TEST_CASE("the header is what the window is dragged by, the corner what it is sized by") {
    PanelRig rig;
    rig.show(test::three_strips());
    rig.click_at(200.0F, 12.0F);
    CHECK(rig.wished(WindowWish::begin_drag));
    rig.click_at(427.0F, 677.0F);
    CHECK(rig.wished(WindowWish::begin_resize));
    rig.wishes.clear();
    rig.click("Compact size");
    rig.click("Close the window");
    CHECK(rig.wished(WindowWish::other_size));
    CHECK(rig.wished(WindowWish::close));
    CHECK_FALSE(rig.wished(WindowWish::begin_drag));
}

TEST_CASE("a stale meter looks otherwise than a fresh one, without a new snapshot") {
    PanelRig rig;
    rig.ui.panel = Panel::strips;
    rig.show(test::three_strips());
    const std::uint64_t fresh = rig.look();
    REQUIRE(next_stale(*rig.view.picture, rig.now));
    rig.now = *next_stale(*rig.view.picture, rig.now) + std::chrono::milliseconds(1);
    rig.settle();
    CHECK(rig.look() != fresh);
    CHECK_FALSE(next_stale(*rig.view.picture, rig.now));
}
