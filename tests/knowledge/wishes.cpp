// "Make it darker": what it may mean, each way as moves of this session, and the choice among them.
#include "knowledge/wish.h"

#include "tests/knowledge/parameters.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace prefade;
using Catch::Matchers::Contains;
using test::parameter;

namespace {

/// As Ardour tells it: four bells an octave wide and two shelves, all flat.
Insert ace_eq(std::uint32_t id, TimePoint now) {
    Insert insert;
    insert.id = InsertId{id};
    insert.plugin = "ACE EQ";
    insert.bypassed.learn(false, now);
    std::uint16_t number = 0;
    const auto add = [&](const std::string& name, double low, double high, double plain) {
        insert.parameters.push_back(
            parameter(++number, name, low, high, plain, now,
                      name.starts_with("Freq") || name.starts_with("Band")));
        insert.parameters.back().toggle = name.starts_with("Filter");
    };
    const std::pair<const char*, double> bands[] = {{"L", 160.0},  {"1", 300.0},  {"2", 1000.0},
                                                    {"3", 2500.0}, {"4", 6000.0}, {"H", 9000.0}};
    for (const auto& [name, place] : bands) {
        add(std::string("Frequency ") + name, 20.0, 20000.0, place);
        add(std::string("Gain ") + name, -20.0, 20.0, 0.0);
        if (name[0] != 'L' && name[0] != 'H') add(std::string("Bandwidth ") + name, 0.1, 4.0, 1.0);
        add(std::string("Filter ") + name, 0.0, 1.0, 1.0);
    }
    return insert;
}

struct Studio {
    Answerer& answerer = test::shipped_answerer();
    const TimePoint now = Clock::now();
    Session session;

    Studio() {
        session.host.name = "ardour";
        session.host.state = HostState::connected;
        add("Hat", "hi-hat", -9.0);
        add("OH", "overheads", -6.0);
        add("Vox", "lead vocal", -3.0);
        session.strips[0].inserts = {ace_eq(7, now)};
    }
    void add(const char* name, const char* role, double level) {
        Strip strip;
        strip.id = StripId{static_cast<std::uint32_t>(session.strips.size() + 1)};
        strip.name = name;
        strip.role = role;
        strip.fader.learn(Decibel{level}, now);
        strip.inserts_listed = true;
        session.strips.push_back(std::move(strip));
    }
    Parameter& of_eq(const std::string& name) {
        for (Parameter& p : session.strips[0].inserts[0].parameters)
            if (p.name == name) return p;
        throw std::out_of_range(name);
    }
    void set(const std::string& name, double plain) {
        Parameter& p = of_eq(name);
        p.plain = plain;
        p.value.learn(normalized_of(p, plain), now);
    }
    GivenAnswer ask(const std::string& question) {
        return answerer.ask(question, {&session, {}, now});
    }
};

std::string told(const std::vector<GivenMove>& moves) {
    std::string text;
    for (const GivenMove& move : moves)
        text += move.name + ' ' + move.control + ' ' + move.before + " > " + move.value + '\n';
    return text;
}

} // namespace

TEST_CASE("what a wish may mean is told way by way, each with its moves or why there are none") {
    Studio s;
    const GivenAnswer answer = s.ask("make it darker");
    INFO(answer.text);
    CHECK(answer.kind == AnswerKind::translation);
    CHECK(answer.moves.empty()); // none before one is chosen
    CHECK_FALSE(answer.look);    // and nothing is read that nobody wanted
    REQUIRE(answer.ways.size() == 6);
    const GivenWay &shelf = answer.ways[0], &faders = answer.ways[2], &tape = answer.ways[3];
    // 9 kHz is less than a third of an octave from 6 to 8
    CHECK(told(shelf.moves) == "Hat ACE EQ/Gain H 0 dB > -2.3\n");
    CHECK_THAT(shelf.but, Contains("no EQ with such a band that I know: \"OH\""));
    CHECK(told(faders.moves) == "Hat fader -9 dB > -10.5dB\nOH fader -6 dB > -7.5dB\n");
    CHECK(faders.but.empty());
    CHECK(tape.moves.empty());
    CHECK(tape.by_hand);
    CHECK_THAT(answer.text, Contains("Here I can do 1 or 3"));
}

TEST_CASE("the way that is chosen is proposed, with values as the session stands then") {
    Studio s;
    s.ask("make it darker");
    s.session.strips[0].fader.learn(Decibel{-12.0}, s.now);
    const GivenAnswer third = s.ask("ok, do the third one");
    CHECK(third.kind == AnswerKind::command);
    CHECK(told(third.moves) == "Hat fader -12 dB > -13.5dB\nOH fader -6 dB > -7.5dB\n");
    CHECK_THAT(third.text, Contains("fader of \"Hat\" from -12 dB to -13.5 dB"));
    s.set("Frequency H", 15000.0);
    const GivenAnswer first = s.ask("try number 1"); // another of them
    CHECK(told(first.moves)
          == "Hat ACE EQ/Frequency H 15 kHz > 6900\nHat ACE EQ/Gain H 0 dB > -2.3\n");
    CHECK_THAT(first.text, Contains("Left alone: no EQ with such a band that I know: \"OH\""));
    CHECK_THAT(s.ask("the second").text, Contains("done by hand: darken and lengthen the reverb"));
    CHECK_THAT(s.ask("do the ninth").text, Contains("There are 6 ways"));
    const GivenAnswer both = s.ask("do 1 and 3");
    CHECK(both.moves.empty());
    CHECK_THAT(both.text, Contains("one at a time"));
    CHECK(s.ask("number three").moves.size() == 2);
}

TEST_CASE("what is no choice chooses nothing, and without a wish just before none is there") {
    Studio s;
    CHECK(s.ask("do the third").moves.empty());
    for (const char* words :
         {"don't do the third", "do it", "all of them", "what is the third", "do the third verse",
          "not the first", "no one", "that one", "do that one", "the one"}) {
        INFO(words);
        s.ask("make it darker");
        CHECK(s.ask(words).moves.empty());
    }
    for (const char* between : {"mute the vox", "blah blah"}) {
        s.ask("make it darker");
        s.ask(between);
        CHECK(s.ask("do the third").moves.empty());
    }
    using Chosen = std::vector<std::size_t>;
    CHECK(ways_chosen({"go", "with", "the", "2nd", "one"}) == Chosen{2});
    CHECK(ways_chosen({"one"}) == Chosen{1});
    CHECK(ways_chosen({"number", "one", "please"}) == Chosen{1});
    CHECK(ways_chosen({"do", "1", "and", "2"}) == Chosen{1, 2});
    CHECK(ways_chosen({}).empty());
}

TEST_CASE("a bit darker moves less, and what is named alone is moved") {
    Studio s;
    CHECK(told(s.ask("make it a bit darker").ways[2].moves)
          == "Hat fader -9 dB > -9.8dB\nOH fader -6 dB > -6.8dB\n");
    const auto names_moved = [&](const std::string& wish) {
        std::set<std::string> names;
        for (const GivenWay& way : s.ask(wish).ways)
            for (const GivenMove& move : way.moves) names.insert(move.name);
        return names;
    };
    using Names = std::set<std::string>;
    CHECK(names_moved("make the OH darker") == Names{"OH"});
    CHECK(names_moved("make the overheads darker") == Names{"OH"});
    CHECK(names_moved("make the drums darker") == Names{"Hat", "OH"});
    CHECK(names_moved("make the mix darker") == Names{"Hat", "OH"});
    CHECK(names_moved("make the hats darker") == Names{"Hat"});
    CHECK(names_moved("I want a darker sound on the hats") == Names{"Hat"});
    CHECK(names_moved("make the vox more distant in the mix") == Names{"Vox"});
    s.ask("mute the OH");
    CHECK(names_moved("make the hats more dark") == Names{"Hat"}); // not what was named before
    // Named, and not here: never another.
    CHECK(names_moved("make the snare darker").empty());
    CHECK(names_moved("make the piano darker").empty());
    CHECK(names_moved("make Bobby darker").empty());
}

TEST_CASE("a wish that is turned round, or leaves something out, offers nothing") {
    Studio s;
    s.add("Kick", "kick", -5.0);
    s.session.strips[3].inserts = {ace_eq(9, s.now)};
    for (const char* wish :
         {"make it darker but not the hats", "everything darker except the hats",
          "make it less dark", "don't make it darker", "it is too dark", "make the kick more boxy",
          "make the kick boxier", "take the darkness out of the hats",
          "make the vocal warmer and the hats darker", "make the hats brighter over the OH",
          "make the hats brighter so they cut through the OH"}) {
        INFO(wish);
        CHECK(s.ask(wish).ways.empty());
        CHECK(s.ask("do the third").moves.empty());
    }
    CHECK_FALSE(s.ask("make the kick less boxy").ways.empty()); // a fault is to go
}

TEST_CASE("a band that somebody uses elsewhere stays; one that is there is turned further") {
    Studio s;
    s.set("Frequency H", 7500.0);
    s.set("Gain H", 3.0);
    CHECK(told(s.ask("make it darker").ways[0].moves) == "Hat ACE EQ/Gain H 3 dB > 0.8\n");
    s.set("Frequency H", 15000.0);
    const GivenAnswer other = s.ask("make it darker");
    CHECK(other.ways[0].moves.empty());
    CHECK_THAT(other.ways[0].but, Contains("no band of the EQ is free: \"Hat\""));
}

TEST_CASE("a bell is as wide as it should be, or is made so while it is flat") {
    Studio s;
    s.add("Kick", "kick", -5.0);
    s.session.strips[3].inserts = {ace_eq(9, s.now)};
    const auto box = [&] { // cut at 350 to 600 Hz, Q 1.5
        for (const GivenWay& way : s.ask("make the kick less boxy").ways)
            if (way.does == "Cut the box.") return told(way.moves);
        return std::string("no such way");
    };
    CHECK(box() == "Kick ACE EQ/Gain 1 0 dB > -4\n");
    for (Parameter& width : s.session.strips[3].inserts[0].parameters)
        if (width.name == "Bandwidth 1") {
            width.plain = 0.1; // a needle
            width.value.learn(normalized_of(width, 0.1), s.now);
        }
    CHECK(box() == "Kick ACE EQ/Bandwidth 1 0.1 octaves > 0.9\nKick ACE EQ/Gain 1 0 dB > -4\n");
    for (Parameter& gain : s.session.strips[3].inserts[0].parameters)
        if (gain.name == "Gain 1") { // one that is at work stays what it is
            gain.plain = -8.0;
            gain.value.learn(normalized_of(gain, -8.0), s.now);
        }
    CHECK(box() == "Kick ACE EQ/Frequency 2 1000 Hz > 460\nKick ACE EQ/Gain 2 0 dB > -4\n");
}

TEST_CASE("an EQ that is off, unread, not alone or without certain places is left alone") {
    Studio s;
    s.session.strips[0].inserts.reserve(2);
    Insert& eq = s.session.strips[0].inserts[0];
    const auto but = [&](const std::string& why) {
        const GivenAnswer answer = s.ask("make it darker");
        INFO(answer.ways[0].but);
        CHECK(answer.ways[0].moves.empty());
        CHECK_THAT(answer.ways[0].but, Contains(why));
    };
    eq.bypassed.learn(true, s.now);
    but("the EQ is bypassed: \"Hat\"");
    eq.bypassed.learn(false, s.now);
    const auto parameters = eq.parameters;
    eq.parameters.clear();
    but("the controls of the EQ are not read yet: \"Hat\"");
    eq.parameters = parameters;
    for (Parameter& p : eq.parameters)
        if (p.toggle) {
            p.plain = 0.0;
            p.value.learn(Normalized{0.0}, s.now);
        }
    but("no band of the EQ can be read for certain");
    eq.parameters = parameters;
    for (Parameter& p : eq.parameters) p.value = {};
    but("no band of the EQ can be read for certain");
    eq.parameters = parameters;
    s.session.strips[0].inserts.push_back(ace_eq(8, s.now));
    but("several EQs: \"Hat\"");
    s.session.strips[0].inserts[1].bypassed.learn(true, s.now); // one of them works
    CHECK_FALSE(s.ask("make it darker").ways[0].moves.empty());
    s.session.strips[0].inserts[1].plugin = "ACE High/Low Pass Filter"; // no such band
    s.session.strips[0].inserts[1].bypassed.learn(false, s.now);
    CHECK_FALSE(s.ask("make it darker").ways[0].moves.empty());
}

TEST_CASE("strips of one source go together or not; muted ones and stages of one signal stay") {
    Studio s;
    const auto faders = [&] { return s.ask("make it darker").ways[2]; };
    s.add("OH R", "overheads", -6.0);
    CHECK(faders().moves.size() == 3);
    s.session.strips[3].fader.learn(Decibel::silence(), s.now);
    CHECK(told(faders().moves) == "Hat fader -9 dB > -10.5dB\n");
    CHECK_THAT(faders().but, Contains("the fader is closed: \"OH R\""));
    CHECK_THAT(faders().but, Contains("only together with \"OH R\": \"OH\""));
    s.session.strips[3].mute.learn(true, s.now);
    CHECK(faders().moves.size() == 2);
    CHECK_THAT(faders().but, Contains("muted: \"OH R\""));
    s.session.strips[3].mute.learn(false, s.now);
    s.session.strips[3].fader.learn(Decibel{0.0}, s.now);
    s.session.strips[3].kind = StripKind::audio_bus;
    CHECK(told(faders().moves) == "Hat fader -9 dB > -10.5dB\n");
    CHECK_THAT(faders().but, Contains("stages of one signal"));
    s.session.strips[0].fader = {};
    CHECK_THAT(faders().but, Contains("the fader is not read yet: \"Hat\""));
    s.session.strips[0].fader.learn(Decibel{-9.0}, s.now);
    s.session.strips.pop_back();
    s.add("Drums", "drums", 0.0);
    s.session.strips[3].name = "Kit Bus";
    s.session.strips[3].kind = StripKind::audio_bus;
    const GivenWay all = s.ask("make the drums darker").ways[2];
    INFO(all.says << "; " << all.but);
    CHECK(told(all.moves).find("Kit Bus") == std::string::npos);
}

TEST_CASE("of a session whose strips became others no wish goes on") {
    Studio s;
    s.ask("make it darker");
    ++s.session.epoch;
    const GivenAnswer answer = s.ask("do the third");
    CHECK(answer.moves.empty());
    CHECK_THAT(answer.text, Contains("has changed since"));
}

TEST_CASE("without a session a wish has no ways to choose from") {
    Answerer& answerer = test::shipped_answerer();
    CHECK(answerer.ask("make it darker").ways.empty());
    CHECK(answerer.ask("do the third").moves.empty());
}

TEST_CASE("every way of every shipped descriptor moves what it may, or says why not") {
    Studio s;
    s.session.strips.clear();
    std::uint32_t insert = 100;
    for (const std::string& role : test::shipped_library().roles.roles()) {
        s.add("x", role.c_str(), -8.0);
        s.session.strips.back().name = "Strip " + std::to_string(insert);
        s.session.strips.back().inserts = {ace_eq(++insert, s.now)};
    }
    std::size_t moved = 0, descriptors = 0;
    for (const MixEntry& entry : test::shipped_library().mix.entries()) {
        if (entry.kind != MixKind::descriptor) continue;
        const GivenAnswer answer =
            s.ask((entry.is_fault ? "make it less " : "make it more ") + entry.name);
        INFO(entry.id << ": " << answer.text);
        if (answer.ways.empty()) continue; // another entry is nearer to these words
        ++descriptors;
        for (const GivenWay& way : answer.ways) {
            INFO(way.does << ": " << way.but);
            CHECK(way.moves.empty() == way.says.empty());
            CHECK((!way.moves.empty() || !way.but.empty()));
            moved += way.moves.empty() ? 0 : 1;
            for (const GivenMove& move : way.moves)
                CHECK((move.path.control == Control::fader || move.exactly.has_value()));
        }
    }
    CHECK(descriptors >= 40);
    CHECK(moved >= 20);
}
