// "Make it darker": what it may mean, each way as moves of this session, and the choice among them.
#include "knowledge/wish.h"

#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"

#include <cmath>

using namespace prefade;
using Catch::Matchers::Contains;

namespace {

Parameter parameter(std::uint16_t number, const std::string& name, double minimum, double maximum,
                    double plain, bool logarithmic, TimePoint now) {
    Parameter p;
    p.number = number;
    p.name = name;
    p.minimum = minimum;
    p.maximum = maximum;
    p.plain = plain;
    p.logarithmic = logarithmic;
    p.value.learn(normalized_of(p, plain), now);
    return p;
}

/// As Ardour tells it: four bells, all flat.
Insert ace_eq(std::uint32_t id, TimePoint now) {
    Insert insert;
    insert.id = InsertId{id};
    insert.plugin = "ACE EQ";
    insert.bypassed.learn(false, now);
    std::uint16_t number = 0;
    const double places[] = {300.0, 1000.0, 2500.0, 9000.0};
    for (int band = 1; band <= 4; ++band) {
        const std::string n = std::to_string(band);
        insert.parameters.push_back(
            parameter(++number, "Frequency " + n, 20.0, 20000.0, places[band - 1], true, now));
        insert.parameters.push_back(parameter(++number, "Gain " + n, -20.0, 20.0, 0.0, false, now));
        insert.parameters.push_back(parameter(++number, "Filter " + n, 0.0, 1.0, 1.0, false, now));
        insert.parameters.back().toggle = true;
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

TEST_CASE(
    "what a wish may mean is told way by way, each with its moves here or why there are none") {
    Studio s;
    const GivenAnswer answer = s.ask("make it darker");
    INFO(answer.text);
    CHECK(answer.kind == AnswerKind::translation);
    CHECK(answer.moves.empty()); // none before one is chosen
    REQUIRE(answer.ways.size() >= 3);
    const GivenWay &bells = answer.ways[0], &faders = answer.ways[2], &tape = answer.ways[3];
    REQUIRE(bells.moves.size() == 2);
    CHECK(bells.moves[0].control == "ACE EQ/Frequency 4");
    CHECK(std::stod(bells.moves[0].value) == Approx(std::sqrt(6000.0 * 8000.0)).epsilon(1e-6));
    CHECK(bells.moves[1].control == "ACE EQ/Gain 4");
    CHECK(std::stod(bells.moves[1].value) == Approx(-2.25).margin(1e-9));
    CHECK(bells.moves[1].before == "0 dB");
    CHECK_THAT(bells.but, Contains("no EQ that I know on \"OH\""));
    CHECK(told(faders.moves) == "Hat fader -9 dB > -10.5dB\nOH fader -6 dB > -7.5dB\n");
    CHECK(faders.but.empty());
    CHECK(tape.moves.empty());
    CHECK_FALSE(tape.but.empty());
    CHECK_THAT(answer.text, Contains("Here I can do 1 and 3"));
}

TEST_CASE("the way that is chosen is proposed, with values as the session stands then") {
    Studio s;
    s.ask("make it darker");
    s.session.strips[0].fader.learn(Decibel{-12.0}, s.now);
    const GivenAnswer third = s.ask("ok, do the third one");
    INFO(third.text);
    CHECK(third.kind == AnswerKind::command);
    CHECK(told(third.moves) == "Hat fader -12 dB > -13.5dB\nOH fader -6 dB > -7.5dB\n");
    CHECK_THAT(third.text, Contains("fader of \"Hat\" from -12 dB to -13.5 dB"));
    const GivenAnswer first = s.ask("try number 1"); // another of them
    CHECK(first.moves.size() == 2);
    CHECK_THAT(first.text, Contains("Left alone: there is no EQ that I know on \"OH\""));
    const GivenAnswer second = s.ask("the second");
    CHECK(second.moves.empty());
    CHECK_THAT(second.text, Contains("cannot move that here"));
    const GivenAnswer none = s.ask("do the ninth");
    CHECK(none.moves.empty());
    CHECK_THAT(none.text, Contains("There are 6 ways"));
}

TEST_CASE(
    "what is no choice chooses nothing, and without a wish before there is nothing to choose") {
    Studio s;
    CHECK(s.ask("do the third").moves.empty());
    s.ask("make it darker");
    for (const char* words :
         {"don't do the third", "do the third and the first", "do it", "all of them",
          "what is the third", "do the third verse", "not the first"}) {
        INFO(words);
        CHECK(s.ask(words).moves.empty());
        s.ask("make it darker");
    }
    s.ask("mute the vox");
    CHECK(s.ask("do the third").moves.empty()); // the wish is not what was asked last
    CHECK(way_chosen({"go", "with", "the", "2nd", "one"}) == 2U);
    CHECK(way_chosen({"one"}) == 1U);
    CHECK(way_chosen({"number", "3", "please"}) == 3U);
    CHECK_FALSE(way_chosen({"one", "two"}));
    CHECK_FALSE(way_chosen({}));
}

TEST_CASE("a bit darker moves less, and a named strip alone is moved") {
    Studio s;
    CHECK(told(s.ask("make it a bit darker").ways[2].moves)
          == "Hat fader -9 dB > -9.8dB\nOH fader -6 dB > -6.8dB\n");
    CHECK(told(s.ask("make the OH darker").ways.at(1).moves).find("Hat") == std::string::npos);
    s.ask("make the overheads darker");
    for (const char* words : {"do the first", "do the second", "do number three", "do the fourth"})
        for (const GivenMove& move : s.ask(words).moves) CHECK(move.name == "OH");
}

TEST_CASE("a bell that somebody uses stays; one that is there already is turned further") {
    Studio s;
    s.set("Frequency 4", 6000.0); // within a third of an octave of 6.9 kHz
    s.set("Gain 4", 3.0);
    CHECK(told(s.ask("make it darker").ways[0].moves) == "Hat ACE EQ/Gain 4 3 dB > 0.75\n");
    s.set("Frequency 4", 11000.0);
    const GivenAnswer other = s.ask("make it darker");
    REQUIRE(other.ways[0].moves.size() == 2);
    CHECK(other.ways[0].moves[1].control == "ACE EQ/Gain 3");
    for (const char* gain : {"Gain 1", "Gain 2", "Gain 3"}) s.set(gain, -2.0);
    const GivenAnswer none = s.ask("make it darker");
    CHECK(none.ways[0].moves.empty());
    CHECK_THAT(none.ways[0].but, Contains("no bell of \"ACE EQ\" on \"Hat\" is free"));
}

TEST_CASE("an EQ that is off, unread, not alone or without certain places is left alone") {
    Studio s;
    Insert& eq = s.session.strips[0].inserts[0];
    const auto but = [&](const std::string& why) {
        const GivenAnswer answer = s.ask("make it darker");
        INFO(answer.ways[0].but);
        CHECK(answer.ways[0].moves.empty());
        CHECK_THAT(answer.ways[0].but, Contains(why));
        return answer;
    };
    eq.bypassed.learn(true, s.now);
    but("\"ACE EQ\" on \"Hat\" is bypassed");
    eq.bypassed.learn(false, s.now);
    const auto parameters = eq.parameters;
    eq.parameters.clear();
    const GivenAnswer unread = but("the controls of \"ACE EQ\" on \"Hat\" are not read yet");
    REQUIRE(unread.look);
    CHECK(unread.look->insert == InsertId{7});
    eq.parameters = parameters;
    for (Parameter& p : eq.parameters)
        if (p.name.starts_with("Filter")) p.value.learn(Normalized{0.0}, s.now), p.plain = 0.0;
    but("no bell");
    eq.parameters = parameters;
    for (Parameter& p : eq.parameters) p.value = {};
    but("no bell");
    eq.parameters = parameters;
    s.session.strips[0].inserts.push_back(ace_eq(8, s.now));
    but("several EQs on \"Hat\"");
}

TEST_CASE("a fader that is closed, unread or at its end is left alone") {
    Studio s;
    s.session.strips[0].fader.learn(Decibel::silence(), s.now);
    s.session.strips[1].fader = {};
    const GivenWay way = s.ask("make it darker").ways[2];
    CHECK(way.moves.empty());
    CHECK_THAT(way.but, Contains("\"Hat\" is closed"));
    CHECK_THAT(way.but, Contains("\"OH\" is not read yet"));
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
        s.add(role.c_str(), role.c_str(), -8.0);
        s.session.strips.back().inserts = {ace_eq(++insert, s.now)};
    }
    std::size_t moved = 0, descriptors = 0;
    for (const MixEntry& entry : test::shipped_library().mix.entries()) {
        if (entry.kind != MixKind::descriptor) continue;
        const GivenAnswer answer = s.ask("make it more " + entry.name);
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
    CHECK(moved >= 25);
}
