#include "knowledge/plugin_reader.h"

#include "knowledge/spelling.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace prefade {

namespace {

/// The hosts whose names for plugins are told apart, and "any".
constexpr std::array<std::string_view, 8> reporting_hosts{"any",   "ardour",   "reaper", "live",
                                                          "logic", "protools", "cubase", "demo"};

class PluginReader {
public:
    explicit PluginReader(TomlFile& file)
        : file_(file),
          top_(file, file.root(), "a plugin entry") {}

    std::optional<Plugin> read() {
        read_head();
        read_reported();
        for_each("control",
                 [&](TableReader& table) { plugin_.controls.push_back(read_control(table)); });
        for_each("missing", [&](TableReader& table) {
            plugin_.missing.push_back({table.text("control", true).value_or(""),
                                       table.texts("aliases"),
                                       table.text("instead", true).value_or(""), origin(table)});
        });
        for_each("mode", [&](TableReader& table) {
            plugin_.modes.push_back({table.text("control", true).value_or(""),
                                     table.text("choice", true).value_or(""),
                                     table.text("does", true).value_or(""), origin(table)});
        });
        for_each("use", [&](TableReader& table) { plugin_.uses.push_back(read_use(table)); });
        for_each("mistake", [&](TableReader& table) {
            plugin_.mistakes.push_back({table.text("does", true).value_or(""),
                                        table.text("instead", true).value_or(""), origin(table)});
        });
        for_each("fact", [&](TableReader& table) {
            plugin_.facts.push_back({table.text("says", true).value_or(""), origin(table)});
        });
        for_each("relative", [&](TableReader& table) {
            plugin_.relatives.push_back({table.text("id", true).value_or(""),
                                         table.text("how", true).value_or(""), origin(table)});
        });
        for_each("conflict",
                 [&](TableReader& table) { plugin_.conflicts.push_back(read_conflict(table)); });
        top_.finish();
        check_names();
        if (!file_.errors().empty()) return std::nullopt;
        return std::move(plugin_);
    }

private:
    template <class F> void for_each(std::string_view key, F&& read) {
        for (TableReader& table : tables_ = top_.tables(key)) {
            read(table);
            table.finish();
        }
    }

    /// `confidence` and `source` of a part, or the entry's.
    Origin origin(TableReader& table) {
        Origin of = plugin_.origin;
        if (const auto basis = table.choice("confidence", basis_names)) of.basis = *basis;
        if (const auto source = table.text("source")) of.source = *source;
        of.where = table.where();
        return of;
    }

    void read_head() {
        plugin_.id = top_.text("id", true).value_or("");
        const std::string stem = std::filesystem::path(file_.name()).stem().string();
        if (!plugin_.id.empty() && plugin_.id != stem)
            top_.complain("id", "must be the file's name, \"" + stem + "\"");
        plugin_.origin.basis =
            top_.choice("confidence", basis_names, true).value_or(Basis::uncertain);
        plugin_.origin.source = top_.text("source", true).value_or("");
        plugin_.origin.where = top_.where("id");
        plugin_.name = top_.text("name", true).value_or("");
        plugin_.maker = top_.text("maker", true).value_or("");
        plugin_.what = top_.text("what", true).value_or("");
        plugin_.kind = top_.choice("kind", plugin_kind_names, true).value_or(PluginKind::utility);
        plugin_.formats = top_.several("formats", plugin_format_names);
        if (!top_.has("formats"))
            top_.complain("formats", "an entry needs it; known: " + all_names(plugin_format_names));
        plugin_.aliases = top_.texts("aliases");
        plugin_.based_on = top_.text("based_on").value_or("");
        if (plugin_.based_on.empty() && !top_.has("control"))
            top_.complain("control",
                          "an entry has at least one [[control]], or is based_on another");
    }

    void read_reported() {
        auto table = top_.table("reported");
        if (!table) return;
        for (const std::string_view host : reporting_hosts)
            if (auto names = table->texts(host); !names.empty())
                plugin_.reported.push_back({std::string(host), std::move(names)});
        (void)origin(*table); // told to who reads the file: nothing asks for it
        table->finish();
    }

    PluginControl read_control(TableReader& table) {
        PluginControl control;
        control.id = table.text("id", true).value_or("");
        control.origin = origin(table);
        control.name = table.text("name").value_or(control.id);
        control.aliases = table.texts("aliases");
        control.reported = table.texts("reported");
        control.parameter = table.whole("parameter", 0, 65535);
        control.bands = table.whole("bands", 1, 999).value_or(1);
        control.stride = table.whole("stride", 0, 9999).value_or(0);
        control.direction = table.text("direction").value_or("");
        control.note = table.text("note").value_or("");
        control.choices = table.texts("choices");
        control.is_bell = table.flag("bell").value_or(false);
        if (control.is_choice())
            read_choice(table, control);
        else
            read_number(table, control);
        if (auto law = table.table("law")) read_law(*law, control);
        return control;
    }

    static void read_choice(TableReader& table, PluginControl& control) {
        for (const std::string_view key : {"unit", "range", "steps", "marks"})
            if (table.has(key))
                table.complain(key, "a control with choices is no number and has none");
        control.usual_choice = table.text("default").value_or("");
        if (!control.usual_choice.empty() && !control.choice_named(control.usual_choice))
            table.complain("default", "\"" + control.usual_choice + "\" is none of the choices");
        std::set<std::string> keys;
        for (const std::string& choice : control.choices)
            if (!keys.insert(choice).second)
                table.complain("choices", "\"" + choice + "\" is there twice");
    }

    void read_number(TableReader& table, PluginControl& control) {
        const auto unit = table.choice("unit", control_unit_names);
        if (!table.has("unit"))
            table.complain("unit", "a control needs its unit, or its choices; units: "
                                       + all_names(control_unit_names));
        control.unit = unit.value_or(ControlUnit::number);
        if (table.has("range")) {
            const std::vector<double> range = table.numbers("range");
            if (range.size() == 2 && range[0] < range[1]) {
                control.lowest = range[0];
                control.highest = range[1];
            } else {
                table.complain("range", "must be the lowest and the highest, as [0.1, 100]");
            }
        }
        control.steps = table.numbers("steps");
        const auto check = [&](std::string_view key, double number) {
            const auto fits = control.takes({number, number, control.unit});
            if (!fits) table.complain(key, fits.error().message);
        };
        check_steps(table, control);
        control.usual = table.number("default");
        if (control.usual) check("default", *control.usual);
        if (auto marks = table.table("marks")) read_marks(*marks, control);
    }

    /// Steps without a range make one.
    static void check_steps(TableReader& table, PluginControl& control) {
        const auto& steps = control.steps;
        if (steps.empty()) return;
        if (steps.size() < 2 || !is_one_way(steps)) {
            table.complain("steps", "must be at least two numbers that all rise or all fall");
            return;
        }
        const auto [low, high] = std::minmax(steps.front(), steps.back());
        if (!control.lowest) {
            control.lowest = low;
            control.highest = high;
        }
        if (low < *control.lowest || high > *control.highest)
            table.complain("steps", "go beyond the range");
    }

    static bool is_one_way(const std::vector<double>& numbers) {
        const auto not_rising = [](double a, double b) { return a >= b; };
        const auto not_falling = [](double a, double b) { return a <= b; };
        return std::adjacent_find(numbers.begin(), numbers.end(), not_rising) == numbers.end()
               || std::adjacent_find(numbers.begin(), numbers.end(), not_falling) == numbers.end();
    }

    void read_marks(TableReader& table, PluginControl& control) {
        control.marks_unit =
            table.choice("unit", control_unit_names, true).value_or(ControlUnit::number);
        std::vector<double> panel, values;
        for (const auto& [mark, value] : table.pairs("at")) {
            control.marks.push_back({mark, value});
            panel.push_back(mark);
            values.push_back(value);
            if (const auto fits = control.takes({mark, mark, control.unit}); !fits)
                table.complain("at", fits.error().message);
        }
        if (panel.size() < 2 || !is_one_way(panel) || !is_one_way(values))
            table.complain("at", "needs at least two pairs, monotone on both sides");
        table.finish();
    }

    void read_law(TableReader& table, PluginControl& control) {
        const auto shape = table.text("shape", true);
        control.is_exact = table.flag("exact").value_or(false);
        const auto at = table.numbers("at");
        const auto points = table.pairs("points");
        const double bend = table.number("bend").value_or(0.0);
        table.finish();
        if (!shape) return;
        refuse_keys_of_others(table, *shape);
        if (*shape == "steps") {
            read_positions(table, control, at);
            return;
        }
        const auto known = value_in(law_shape_names, *shape);
        if (!known) {
            table.complain("shape", "\"" + *shape + "\" is none of: " + all_names(law_shape_names)
                                        + ", steps");
            return;
        }
        if (control.is_choice() || !control.steps.empty()) {
            table.complain("shape", "a control with choices or steps has a law of shape steps");
            return;
        }
        std::vector<ControlLaw::Point> through;
        for (const auto& [normalized, value] : points) through.push_back({normalized, value});
        if (points.empty() && control.lowest)
            through = {{0.0, *control.lowest}, {1.0, *control.highest}};
        auto law = ControlLaw::make(*known, std::move(through), bend);
        if (!law) {
            table.complain("shape", law.error().message);
            return;
        }
        control.law = std::move(*law);
        check_ends(table, control);
    }

    /// `at` is of steps, `points` of all others, `bend` of the two that bend.
    static void refuse_keys_of_others(TableReader& table, const std::string& shape) {
        const bool is_steps = shape == "steps";
        const bool bends = shape == "power" || shape == "exponential";
        const std::pair<std::string_view, bool> keys[] = {
            {"at", is_steps}, {"points", !is_steps}, {"bend", bends}};
        for (const auto& [key, is_its] : keys)
            if (!is_its && table.has(key))
                table.complain(key, "a law of shape " + shape + " has none");
    }

    /// The law's ends are the range's, to the precision people write.
    static void check_ends(TableReader& table, PluginControl& control) {
        const double low = control.law->lowest(), high = control.law->highest();
        if (!control.lowest) {
            control.lowest = low;
            control.highest = high;
        }
        if (*control.lowest != low || *control.highest != high)
            table.complain("points", "the law goes from " + to_text(low, control.unit) + " to "
                                         + to_text(high, control.unit) + ", the range from "
                                         + to_text(*control.lowest, control.unit) + " to "
                                         + to_text(*control.highest, control.unit));
    }

    static void read_positions(TableReader& table, PluginControl& control,
                               const std::vector<double>& at) {
        const std::size_t count =
            control.is_choice() ? control.choices.size() : control.steps.size();
        if (count < 2) {
            table.complain("shape", "a law of shape steps needs choices or steps");
            return;
        }
        control.positions = at;
        if (at.empty())
            for (std::size_t i = 0; i < count; ++i)
                control.positions.push_back(static_cast<double>(i)
                                            / static_cast<double>(count - 1));
        const auto& places = control.positions;
        if (places.size() != count)
            table.complain("at", "needs a place for each of the " + std::to_string(count));
        else if (!is_one_way(places) || std::min(places.front(), places.back()) < 0.0
                 || std::max(places.front(), places.back()) > 1.0)
            table.complain("at", "must be monotone, within 0 to 1");
    }

    PluginUse read_use(TableReader& table) {
        PluginUse use;
        use.sources = table.texts("on");
        use.styles = table.texts("styles");
        use.turn = table.text("turn").value_or("");
        use.aim = table.text("aim").value_or("");
        use.why = table.text("why", true).value_or("");
        use.origin = origin(table);
        use.tempo = read_amount(table, "tempo", ControlUnit::bpm);
        use.gain_reduction = read_amount(table, "gain_reduction", ControlUnit::decibel);
        if (auto settings = table.table("settings")) read_settings(*settings, use);
        if (use.sources.empty())
            table.complain("on", "a use says what it is for, as [\"lead vocal\"]");
        if (use.settings.empty() && !use.gain_reduction)
            table.complain("settings", "a use has settings, or a gain_reduction to turn to");
        return use;
    }

    static std::optional<Amount> read_amount(TableReader& table, std::string_view key,
                                             ControlUnit unit) {
        const auto text = table.text(key);
        if (!text) return std::nullopt;
        const auto amount = parse_amount(*text);
        if (amount && amount->unit == unit) return amount;
        table.complain(key, "\"" + *text + "\" is not as \"3..5 "
                                + std::string(name_in(control_unit_names, unit)) + "\"");
        return std::nullopt;
    }

    /// Keys are ids of controls, "gain-2" the second of several bands. What the control takes is looked at
    /// in check_plugin, when the parts of a base are there.
    static void read_settings(TableReader& table, PluginUse& use) {
        for (const std::string& key : table.keys()) {
            PluginSetting setting;
            setting.control = key;
            setting.choices = table.texts(key);
            setting.where = table.where(key);
            use.settings.push_back(std::move(setting));
        }
    }

    PluginConflict read_conflict(TableReader& table) {
        PluginConflict conflict;
        conflict.about = table.text("about", true).value_or("");
        conflict.control = table.text("control").value_or("");
        conflict.settle = table.text("settle", true).value_or("");
        conflict.origin = origin(table);
        conflict.claims = read_claims(table);
        return conflict;
    }

    /// Within the entry no two controls answer to one word, and none that is there is said to be missing.
    void check_names() {
        std::set<std::string> ids;
        std::vector<std::pair<std::string, std::string>> taken; // key, id
        for (const PluginControl& control : plugin_.controls) {
            if (!ids.insert(control.id).second)
                complain(control.origin, "id: there are two controls \"" + control.id + "\"");
            std::set<std::string> own{spoken_key(control.id), spoken_key(control.name)};
            for (const std::string& alias : control.aliases) own.insert(spoken_key(alias));
            for (const std::string& key : own) {
                for (const auto& [other, id] : taken)
                    if (other == key && id != control.id)
                        complain(control.origin, "aliases: \"" + key + "\" means \"" + id
                                                     + "\" and \"" + control.id + "\"");
                taken.emplace_back(key, control.id);
            }
        }
        for (const MissingControl& none : plugin_.missing)
            for (const auto& [key, id] : taken)
                if (key == spoken_key(none.name)
                    || std::any_of(
                        none.aliases.begin(), none.aliases.end(),
                        [&key = key](const std::string& a) { return spoken_key(a) == key; }))
                    complain(none.origin, "control: \"" + none.name
                                              + "\" is said to be missing, and is \"" + id + "\"");
    }

    void complain(const Origin& at, std::string message) {
        file_.errors().push_back({ErrorCode::invalid, std::move(message), at.where});
    }

    TomlFile& file_;
    TableReader top_;
    Plugin plugin_;
    std::vector<TableReader> tables_;
};

} // namespace

std::vector<Claim> read_claims(TableReader& conflict) {
    std::vector<Claim> claims;
    for (TableReader& claim : conflict.tables("claim")) {
        claims.push_back(
            {claim.text("says", true).value_or(""), claim.text("source", true).value_or("")});
        claim.finish();
    }
    if (claims.size() < 2)
        conflict.complain("claim", "a conflict has at least two sides: [[conflict.claim]]");
    return claims;
}

std::optional<Plugin> read_plugin(TomlFile& file) {
    if (!file.errors().empty()) return std::nullopt;
    return PluginReader(file).read();
}

} // namespace prefade
