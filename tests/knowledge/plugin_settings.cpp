// What rules ask of the user's own plugins.
#include "knowledge/plugin_table.h"
#include "tests/knowledge/playground.h"

using namespace prefade;
using namespace prefade::test;

namespace {

std::shared_ptr<const PluginCatalog> shipped_plugins() {
    static const auto catalog = std::make_shared<const PluginCatalog>(
        PluginCatalog::load({PREFADE_TESTS_DIR "/../knowledge/plugins"}).catalog);
    return catalog;
}

Parameter parameter(std::uint16_t number, const std::string& name, double normalized) {
    Parameter made;
    made.number = number;
    made.name = name;
    made.value = {Normalized{normalized}, at(0.0)};
    return made;
}

/// The same, as a host that prints units tells it.
Parameter parameter(std::uint16_t number, const std::string& name, double plain, double minimum,
                    double maximum, const std::string& unit) {
    Parameter made = parameter(number, name, 0.0);
    made.minimum = minimum;
    made.maximum = maximum;
    made.plain = plain;
    made.unit = unit;
    made.value.value = normalized_of(made, plain);
    return made;
}

Insert insert(std::uint32_t id, const std::string& plugin, std::vector<Parameter> parameters) {
    Insert made;
    made.id = {id};
    made.plugin = plugin;
    made.slot = static_cast<std::uint16_t>(id - 1);
    made.bypassed = {false, at(0.0)};
    made.parameters = std::move(parameters);
    return made;
}

/// A session of Ardour's with one strip of these plugins.
class Rack {
public:
    explicit Rack(std::vector<Insert> inserts, const std::string& host = "ardour") {
        play.tell(HostFound{host, "", ""}, 0.0);
        play.roll(true, 0.0);
        strip = play.add("Vox", StripKind::audio_track, "lead vocal");
        play.tell(InsertsListed{strip, inserts, false}, 0.0);
        for (const Insert& one : inserts)
            play.tell(ParametersListed{strip, one.id, one.parameters}, 0.0);
    }

    /// As a rule on it prints `expression`; "unknown" and why it is.
    std::string ask(const std::string& expression) {
        const ExpressionContext context{Scope::each_insert, std::nullopt, measures, false};
        auto compiled = Expression::compile(expression, context);
        if (const auto* error = std::get_if<ExpressionError>(&compiled)) return error->message;
        const auto& listed = table.list(play.session);
        if (listed.empty()) return "no plugin is known";
        Frame frame{play.session, play.brief, at(1.0), at(0.0), listed[0].strip,
                    nullptr,      nullptr,    nullptr, nullptr, nullptr};
        frame.insert = listed[0].insert;
        frame.memo = listed[0].memo;
        frame.plugins = &table;
        const Value value = std::get<Expression>(compiled).evaluate(frame);
        if (!value.is_known()) return "unknown";
        const Type type = std::get<Expression>(compiled).type();
        if (type.kind == Type::Kind::text) return std::string(value.text());
        if (type.kind == Type::Kind::boolean) return value.is_true() ? "yes" : "no";
        return to_text(Quantity{value.number(), type.unit});
    }

    Playground play;
    StripId strip;
    MeasureTable measures;
    PluginTable table{shipped_plugins()};
};

const char* const attack_rule = R"(
id = "loud"
scope = "each insert"
plugins = ["compressor"]
severity = "hint"
confidence = "EXPERTISE"
source = "a test"
when = 'insert.setting("attack", "s") < 5 ms'
says = '{insert.plugin}: {insert.setting("attack", "s")}'
[[evidence]]
measure = "attack"
value = 'insert.setting("attack", "s")'
[[suggests]]
control = "parameter"
setting = "attack"
unit = "s"
target = '20 ms'
[[suggests]]
control = "bypass"
target = 'true'
[[case]]
name = "fires"
[[case.strip]]
name = "X"
[[case.strip.insert]]
plugin = "ACE Compressor"
bypassed = "off"
[case.strip.insert.settings]
attack = "1 ms"
[[case.expect]]
at = "1 s"
fires = ["X"]
moves = ["attack 20 ms", "bypass on"]
[[case]]
name = "stays silent"
[[case.strip]]
name = "X"
[[case.strip.insert]]
plugin = "ACE Compressor"
bypassed = "off"
[case.strip.insert.settings]
attack = "10 ms"
[[case.expect]]
at = "1 s"
fires = []
)";

} // namespace

TEST_CASE("a setting is read in the unit that is asked for") {
    Rack rack({insert(1, "ACE Compressor",
                      {parameter(1, "Attack", 15.0, 0.1, 100.0, "ms"), parameter(2, "Ratio", 0.5),
                       parameter(3, "Sidechain", 1.0)})});
    CHECK(rack.ask("insert.setting('attack', 's')") == "15 ms");
    CHECK(rack.ask("insert.setting('Attack', 's') * 2") == "30 ms");  // by its name too
    CHECK(rack.ask("insert.setting('ratio', ':1') > 4.47") == "yes"); // by its law: 20^0.5
    CHECK(rack.ask("insert.setting('ratio', ':1') < 4.48") == "yes");
    CHECK(rack.ask("insert.choice('side chain')") == "on"); // by an alias
    CHECK(rack.ask("insert.plugin") == "ACE Compressor");
    CHECK(rack.ask("insert.kind") == "compressor");
}

TEST_CASE("what cannot be converted for certain is unknown") {
    Parameter shown = parameter(2, "Attack", 0.3);
    shown.text = "12 ms";
    Rack rack({insert(1, "Compressor", {parameter(1, "Threshold", 0.5), shown})}, "live");
    CHECK(rack.ask("insert.setting('threshold', 'dB')") == "unknown"); // no law, no text
    CHECK(rack.ask("insert.setting('attack', 's')") == "12 ms");       // the host's own words
    CHECK(rack.ask("insert.setting('attack', 'dB')") == "unknown");    // it is no level
    CHECK(rack.ask("insert.setting('release', 's')") == "unknown");    // not told
    CHECK(rack.ask("insert.setting('squeeze', 'dB')") == "unknown");   // it has none
    Rack uncertain({insert(1, "ReaEQ", {parameter(1, "Gain-Band 2", 0.5)})}, "reaper");
    CHECK(uncertain.ask("insert.most('gain', 'dB')") == "unknown"); // sources differ on its law
}

TEST_CASE("a plugin that the catalog does not have, or has twice, is left alone") {
    for (const char* name : {"Acme Squeezer", "ReaCompo", ""}) {
        Rack rack({insert(1, name, {parameter(1, "Threshold", 0.5)})});
        CHECK(rack.ask("insert.slot") == "no plugin is known");
    }
    // "Echo" is Live's; the demo and Ardour mean another by that name.
    CHECK(Rack({insert(1, "Echo", {})}, "demo").ask("insert.slot") == "no plugin is known");
    CHECK(Rack({insert(1, "Echo", {})}, "live-mackie").ask("insert.slot") == "0");
}

TEST_CASE("bands that are switched off do not count") {
    const auto eq = [](double second_on) {
        return Rack({insert(1, "ACE EQ",
                            {parameter(1, "Gain 1", 3.0, -20.0, 20.0, "dB"),
                             parameter(2, "Gain 2", 12.0, -20.0, 20.0, "dB"),
                             parameter(3, "Filter 1", 1.0), parameter(4, "Filter 2", second_on)})});
    };
    CHECK(eq(1.0).ask("insert.most('gain', 'dB')") == "12.0 dB");
    CHECK(eq(0.0).ask("insert.most('gain', 'dB')") == "3.0 dB");
    CHECK(eq(0.0).ask("insert.least('gain', 'dB')") == "3.0 dB");
    CHECK(eq(0.0).ask("insert.setting('gain', 'dB')") == "unknown"); // several bands are no one
}

TEST_CASE("a band with two switches is on by both, and unknown where one is there twice") {
    LoadedPlugins loaded = PluginCatalog::parse(R"(
id = "bandpass"
name = "Bandpass"
maker = "Test"
kind = "eq"
formats = ["VST3"]
what = "Bands with two switches each."
confidence = "MEASURED"
source = "a test"
[reported]
any = ["Bandpass"]
[[control]]
id = "used"
name = "Used"
bands = 2
reported = ["Used {n}"]
choices = ["Unused", "In Use"]
[[control]]
id = "enabled"
name = "Enabled"
bands = 2
reported = ["Enabled {n}"]
choices = ["off", "on"]
)",
                                                "bandpass.toml");
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    PluginTable table(std::make_shared<const PluginCatalog>(std::move(loaded.catalog)));
    const auto is_on = [&](const std::string& used, const std::string& enabled, int times) {
        std::vector<Parameter> parameters(static_cast<std::size_t>(times),
                                          parameter(0, "Used 1", 0.5));
        for (Parameter& one : parameters) one.text = used;
        parameters.push_back(parameter(1, "Enabled 1", 0.5));
        parameters.back().text = enabled;
        return table.is_band_on(insert(1, "Bandpass", parameters), 1);
    };
    CHECK(is_on("In Use", "on", 1) == true);
    CHECK(is_on("Unused", "on", 1) == false);
    CHECK(is_on("In Use", "off", 1) == false);
    CHECK(is_on("perhaps", "on", 1) == std::nullopt);
    CHECK(is_on("In Use", "on", 2) == std::nullopt);
}

TEST_CASE("what works before and behind a plugin is counted, and what is bypassed is not") {
    Insert off = insert(1, "ACE Compressor", {});
    off.bypassed = {true, at(0.0)};
    Insert switched = insert(3, "ACE EQ", {parameter(1, "Enable", 0.0)});
    Rack rack({insert(2, "ACE Expander", {}), off, switched, insert(4, "ACE EQ", {})});
    CHECK(rack.ask("insert.before('compressor')") == "0");
    CHECK(rack.ask("insert.behind('eq')") == "1");
    CHECK(rack.ask("insert.active") == "yes");
}

TEST_CASE("a value is looked up again when the host tells it anew") {
    Rack rack({insert(1, "ACE Compressor", {parameter(1, "Threshold", 0.5)})});
    CHECK(rack.ask("insert.setting('threshold', 'dB')") == "-30.0 dB");
    rack.play.tell(
        ControlChanged{{rack.strip, Control::parameter, InsertId{1}, 1}, Normalized{1.0}}, 2.0);
    CHECK(rack.ask("insert.setting('threshold', 'dB')") == "0.0 dB");
}

TEST_CASE("mistakes in what is asked of a plugin are told when the rule is loaded") {
    Rack rack({insert(1, "ACE EQ", {})});
    CHECK(rack.ask("insert.setting(attack, 's')").find("needs a control in quotes")
          != std::string::npos);
    CHECK(rack.ask("insert.setting('attack', 'furlong')").find("no unit \"furlong\"")
          != std::string::npos);
    CHECK(rack.ask("insert.before('squeezer')").find("is none of: compressor")
          != std::string::npos);
    CHECK(rack.ask("insert.setting('attack')").find("in setting(control, unit)")
          != std::string::npos);
    CHECK(rack.ask("insert.setting('attack', 's') > -3 dB").find("cannot compare")
          != std::string::npos);
}

TEST_CASE("each plugin of a strip has its own advice, with the move of its own knob") {
    RuleBook book = book_of(attack_rule);
    book.know(shipped_plugins());
    Evaluator evaluator(book);
    Rack rack({insert(1, "ACE Compressor", {parameter(1, "Attack", 2.0, 0.1, 100.0, "ms")}),
               insert(2, "ACE Compressor", {parameter(1, "Attack", 50.0, 0.1, 100.0, "ms")}),
               insert(3, "ACE Compressor", {parameter(1, "Attack", 1.0, 0.1, 100.0, "ms")}),
               insert(4, "Acme Squeezer", {parameter(1, "Attack", 1.0, 0.1, 100.0, "ms")})});
    (void)evaluator.evaluate(rack.play.session, rack.play.brief, at(1.0));
    REQUIRE(evaluator.firing().size() == 2);
    const Advice& first = evaluator.firing()[0];
    CHECK(first.says == "ACE Compressor: 2 ms");
    CHECK(first.about.at(0).insert() == InsertId{1});
    REQUIRE(first.suggests.size() == 2);
    CHECK(first.suggests[0].path.control == Control::parameter);
    CHECK(first.suggests[0].path.insert() == InsertId{1});
    CHECK(rack.play.session.describe(first.suggests[0].path, first.suggests[0].target) == "20 ms");
    CHECK(first.suggests[1].path.control == Control::bypass);
    // Turned by a hand, it resolves.
    rack.play.tell(
        ControlChanged{{rack.strip, Control::parameter, InsertId{1}, 1}, Normalized{0.3}}, 2.0);
    for (double now = 2.0; now < 5.0; now += 0.5)
        (void)evaluator.evaluate(rack.play.session, rack.play.brief, at(now));
    REQUIRE(evaluator.firing().size() == 1);
    CHECK(evaluator.firing()[0].about.at(0).insert() == InsertId{3});
}

TEST_CASE("without a catalog no rule speaks of plugins") {
    Evaluator evaluator(book_of(attack_rule));
    Rack rack({insert(1, "ACE Compressor", {parameter(1, "Attack", 2.0, 0.1, 100.0, "ms")})});
    (void)evaluator.evaluate(rack.play.session, rack.play.brief, at(1.0));
    CHECK(evaluator.firing().empty());
}
