// Orders on a plugin of a strip: the right parameter and value through the catalog, or none.
#include "tests/knowledge/parameters.h"
#include "tests/knowledge/shipped.h"
#include "tests/support/catch.h"

using namespace prefade;
using Catch::Matchers::Contains;
using test::parameter;

namespace {

Insert compressor(std::uint32_t id, std::uint16_t slot, TimePoint now) {
    Insert insert;
    insert.id = InsertId{id};
    insert.plugin = "ACE Compressor";
    insert.slot = slot;
    insert.bypassed.learn(false, now);
    insert.parameters = {parameter(1, "Attack", 0.1, 100.0, 10.0, now),
                         parameter(4, "Ratio", 1.0, 20.0, 2.0, now, true),
                         parameter(5, "Threshold", -60.0, 0.0, -18.0, now),
                         parameter(9, "Sidechain", 0.0, 1.0, 0.0, now)};
    insert.parameters[3].toggle = true;
    return insert;
}

struct Studio {
    const TimePoint now = Clock::now();
    Session session;

    Studio() {
        session.host.name = "ardour";
        session.host.state = HostState::connected;
        session.strips.resize(3);
        const char* names[] = {"Vox", "Bass", "Reverb"};
        for (std::size_t i = 0; i < 3; ++i) {
            session.strips[i].id = StripId{static_cast<std::uint32_t>(i + 1)};
            session.strips[i].name = names[i];
            session.strips[i].inserts_listed = true;
        }
        session.strips[0].inserts = {compressor(7, 0, now)};
    }
    GivenAnswer ask(const std::string& question) {
        test::shipped_answerer().forget();
        return test::shipped_answerer().ask(question, {&session, {}, now});
    }
    /// "PLUGIN/PARAMETER value", or what was said instead.
    std::string order(const std::string& question) {
        const GivenAnswer answer = ask(question);
        INFO(answer.text);
        CHECK(answer.kind == AnswerKind::command);
        if (answer.moves.size() != 1) return answer.text;
        const GivenMove& move = answer.moves.front();
        CHECK(move.path.strip == StripId{1});
        CHECK(move.path.insert() == InsertId{7});
        return move.control + ' ' + move.value;
    }
};

} // namespace

TEST_CASE("an order on a plugin becomes its parameter and a value in the host's own number") {
    Studio s;
    const GivenAnswer answer = s.ask("set the compressor on Vox to a ratio of 4");
    INFO(answer.text);
    REQUIRE(answer.moves.size() == 1);
    const GivenMove& move = answer.moves.front();
    CHECK(move.path == ControlPath{StripId{1}, Control::parameter, InsertId{7}, 4});
    CHECK(move.name == "Vox");
    CHECK(move.control == "ACE Compressor/Ratio");
    CHECK(std::stod(move.value) == Approx(4.0).margin(1e-6));
    CHECK(move.before == "2:1");
    CHECK(answer.plugin == "ace-compressor");
    CHECK_THAT(answer.text, Contains("Ratio of \"ACE Compressor\" on \"Vox\" from 2:1 to 4:1"));
    CHECK_FALSE(answer.sources.empty());
}

TEST_CASE("the same is said in many ways") {
    Studio s;
    for (const char* question :
         {"set the ratio of the compressor on Vox to 4:1", "set the ratio on vox to 4 to 1",
          "set Vox ACE Compressor ratio to 4", "please put the ratio of the comp on the Vox at 4",
          "turn up the ratio of the compressor on Vox to 4"})
        CHECK_THAT(s.order(question), Contains("ACE Compressor/Ratio 4"));
    CHECK(s.order("turn the threshold of the compressor on Vox down 3 dB")
          == "ACE Compressor/Threshold -21");
    CHECK(s.order("set the attack on vox to 20 ms") == "ACE Compressor/Attack 20");
    CHECK(s.order("set the sidechain of the compressor on Vox to on")
          == "ACE Compressor/Sidechain 1");
    CHECK(s.order("turn the sidechain of the compressor on Vox on")
          == "ACE Compressor/Sidechain 1");
    CHECK(s.order("bypass the compressor on Vox") == "bypass/ACE Compressor on");
    CHECK(s.order("enable the ACE Compressor on Vox") == "bypass/ACE Compressor off");
}

TEST_CASE("a control in whole steps is set to one of them exactly") {
    Studio s;
    Parameter& threshold = s.session.strips[0].inserts[0].parameters[2];
    threshold.stepped = true;
    for (int level = -60; level <= 0; ++level) {
        INFO(level);
        const GivenAnswer answer =
            s.ask("set the threshold of the compressor on Vox to " + std::to_string(level) + " dB");
        REQUIRE(answer.moves.size() == 1);
        CHECK(std::stod(answer.moves[0].value) == level);
        REQUIRE(answer.moves[0].exactly);
        CHECK(*answer.moves[0].exactly == normalized_of(threshold, level));
    }
    CHECK(s.ask("set the threshold of the compressor on Vox to -20.5 dB").moves.empty());
}

TEST_CASE("an order on a plugin that changes nothing says so") {
    Studio s;
    CHECK_THAT(s.ask("set the ratio on Vox to 2:1").text, Contains("to 2:1, where it is already"));
}

TEST_CASE("an order on a plugin that is in doubt proposes nothing and says why") {
    Studio s;
    const auto says = [&](const std::string& question, const std::string& text) {
        const GivenAnswer answer = s.ask(question);
        INFO(question << "\n" << answer.text);
        CHECK(answer.kind == AnswerKind::command);
        CHECK(answer.moves.empty());
        CHECK_THAT(answer.text, Contains(text));
    };
    says("set the ratio on Vox to 40:1", "goes from 1:1 to 20:1");
    says("set the attack on Vox to 20", "20 ms or 20 s?");
    says("set the ratio on Vox to 4 dB", "not set in dB");
    says("set the compressor on Vox to 4", "Which control?");
    says("set the ratio of the compressor on Vox", "no value");
    says("set the ratio of the compressor on Bass to 4", "\"Bass\" has no compressor");
    says("set the EQ on Vox to -3 dB", "\"Vox\" has no EQ");
    says("set the ratio of the LA-2A on Vox to 4", "has no LA-2A");
    says("set the compressor on Vox and Bass to a ratio of 4", "More than one strip");
    says("set the wobble of the compressor on Vox to 4", "no such control");
    says("don't set the ratio of the compressor on Vox to 4", "leave it alone");
    says("set the ratio of the compressor on Vox to 4 in the chorus", "whole song");
    says("set the ratio of the compressor on Vox to 4 sideways", "sideways");
    says("set the ratio of the compressor on Vox to 4 and mute it", "More than one thing");
    says("bypass the compressor on Vox and turn it down 2 dB", "More than one thing");
    says("bypass the EQ and the compressor on Vox", "More than one plugin");
    says("turn the sidechain of the compressor on Vox down 3 dB", "is a switch");
    SECTION("two of them") {
        s.session.strips[0].inserts.push_back(compressor(8, 3, s.now));
        says("set the ratio of the compressor on Vox to 4", "in slot 1 or");
        says("bypass the compressor on Vox", "Which plugin?");
    }
    SECTION("a host whose numbers have another range") {
        s.session.strips[0].inserts[0].parameters[1].value = {};
        s.session.strips[0].inserts[0].parameters[1].text.clear();
        CHECK_THAT(s.order("set the ratio on Vox to 4"), Contains("ACE Compressor/Ratio 4"));
        says("turn the ratio on Vox up by 1", "not known for certain");
    }
    SECTION("a control that the host does not tell") {
        auto& parameters = s.session.strips[0].inserts[0].parameters;
        parameters.erase(parameters.begin() + 2);
        says("set the threshold on Vox to -20 dB", "tells no threshold");
    }
}

TEST_CASE("how to set a plugin is no order") {
    Studio s;
    CHECK(s.ask("set the compressor on vocals for a ballad").kind == AnswerKind::setting);
    CHECK(s.ask("what ratio on the compressor for vocals").kind == AnswerKind::setting);
}

TEST_CASE("an order on a plugin without a DAW says that there is none") {
    for (const char* order :
         {"bypass the limiter on the master", "set the compressor on the vocal to a ratio of 4"})
        CHECK_THAT(test::shipped_answerer().ask(order).text, Contains("No DAW is connected"));
}

TEST_CASE("what was not read yet is asked for") {
    Studio s;
    s.session.strips[0].inserts[0].parameters.clear();
    GivenAnswer answer = s.ask("set the ratio on Vox to 4");
    CHECK(answer.moves.empty());
    REQUIRE(answer.look);
    CHECK(answer.look->strip == StripId{1});
    CHECK(answer.look->insert == InsertId{7});
    s.session.strips[0].inserts.clear();
    s.session.strips[0].inserts_listed = false;
    answer = s.ask("set the ratio of the compressor on Vox to 4");
    REQUIRE(answer.look);
    CHECK_FALSE(answer.look->insert);
}
