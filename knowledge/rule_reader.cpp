#include "knowledge/rule_reader.h"

#include "knowledge/functions.h"
#include "knowledge/parser.h"

#include <algorithm>
#include <filesystem>

namespace prefade {

namespace {

constexpr Names<bool, 2> directions{{{true, "higher"}, {false, "lower"}}};

/// How a number is to be printed: what follows the last ':' in braces, as "+.1f".
bool read_format(std::string_view format, Message::Part& part) {
    if (!format.empty() && format.front() == '+') {
        part.sign = true;
        format.remove_prefix(1);
    }
    if (format.size() >= 2 && format[0] == '.' && format[1] >= '0' && format[1] <= '3') {
        part.decimals = format[1] - '0';
        format.remove_prefix(2);
    }
    return format.empty() || format == "f";
}

/// Where the ':' of a format stands in "{...}": outside brackets and quotes.
std::size_t format_colon(std::string_view inside) {
    int depth = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            --depth;
        } else if (c == ':' && depth == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

class RuleReader {
public:
    RuleReader(TomlFile& file, MeasureTable& measures)
        : file_(file),
          top_(file, file.root(), "a rule"),
          measures_(measures) {}

    std::optional<Rule> read() {
        read_head();
        read_needs();
        read_conditions();
        if (const auto says = top_.text("says", true)) rule_.says = read_message("says", *says);
        for (TableReader& table : evidence_tables()) read_evidence(table);
        for (TableReader& table : suggestion_tables()) read_suggestion(table);
        if (auto worse = top_.table("worse")) read_worse(*worse);
        for (TableReader& table : case_tables()) rule_.cases.push_back(read_case(table, rule_));
        top_.finish();
        check_whole();
        if (!file_.errors().empty()) return std::nullopt;
        return std::move(rule_);
    }

private:
    ExpressionContext context(bool binds_each = false) {
        return {rule_.scope, rule_.needs.reading, measures_, binds_each};
    }
    // The tables a reader hands out must outlive the loop over them.
    std::vector<TableReader>& evidence_tables() { return tables_ = top_.tables("evidence"); }
    std::vector<TableReader>& suggestion_tables() { return tables_ = top_.tables("suggests"); }
    std::vector<TableReader>& case_tables() { return tables_ = top_.tables("case"); }

    void read_head() {
        rule_.file = file_.name();
        rule_.id = top_.text("id", true).value_or("");
        const std::string stem = std::filesystem::path(file_.name()).stem().string();
        if (!rule_.id.empty() && rule_.id != stem)
            top_.complain("id", "must be the file's name, \"" + stem + "\"");
        rule_.scope = top_.choice("scope", scope_names).value_or(Scope::each_strip);
        rule_.severity = top_.choice("severity", severity_names, true).value_or(Severity::hint);
        rule_.source = top_.text("source", true).value_or("");
        rule_.confidence =
            top_.choice("confidence", confidence_names, true).value_or(Confidence::expertise);
        rule_.kinds = top_.several("kinds", strip_kind_names);
        rule_.roles = top_.texts("roles");
        if (rule_.scope == Scope::session && (top_.has("kinds") || top_.has("roles")))
            top_.complain("scope", "kinds and roles pick strips, which the scope \"session\" does "
                                   "not look at one by one");
        rule_.plugins = top_.several("plugins", plugin_kind_names);
        if (rule_.scope != Scope::each_insert && top_.has("plugins"))
            top_.complain("plugins",
                          "kinds of plugins are picked in the scope \"each insert\" only");
        rule_.hold = top_.span("for").value_or(Duration{});
        rule_.clear_for = top_.span("clear_for").value_or(std::chrono::seconds(2));
    }

    void read_needs() {
        auto needs = top_.table("needs");
        if (!needs) return;
        rule_.needs.rolling = needs->flag("rolling").value_or(false);
        ReadingNeed reading;
        const auto kind = needs->choice("reading", meter_kind_names);
        const auto tap = needs->choice("tap", tap_names, kind.has_value());
        const auto age = needs->span("max_age");
        const auto coarsest = needs->quantity("coarsest", Unit::db);
        if (kind) {
            reading.kind = *kind;
            reading.tap = tap.value_or(Tap::post_fader);
            if (reading.tap == Tap::unknown)
                needs->complain("tap", "unknown is not enough: a rule names the tap");
            if (age) reading.max_age = *age;
            if (coarsest) reading.coarsest = Decibel{coarsest->number};
            rule_.needs.reading = reading;
        } else if (tap || age || coarsest) {
            needs->complain("reading", "tap, max_age and coarsest speak of a reading: name it");
        }
        needs->finish();
    }

    void read_conditions() {
        if (auto when = top_.expression("when", context(), Type::Kind::boolean, true))
            rule_.when = std::move(*when);
        rule_.clear_when = top_.expression("clear_when", context(), Type::Kind::boolean);
        rule_.over = top_.expression("over", context(), std::nullopt);
        if (rule_.over && rule_.over->type() != Type{Type::Kind::number, Unit::db})
            top_.complain("over",
                          "must be a number in dB, this is " + described(rule_.over->type()));
        if (rule_.scope == Scope::session)
            rule_.about = top_.expression("about", context(true), Type::Kind::boolean);
    }

    Message read_message(std::string_view key, const std::string& text) {
        Message message;
        std::size_t at = 0;
        while (at < text.size()) {
            Message::Part part;
            const std::size_t open = text.find('{', at);
            part.text = text.substr(at, open == std::string::npos ? open : open - at);
            if (open == std::string::npos) {
                message.parts.push_back(std::move(part));
                break;
            }
            const std::size_t close = text.find('}', open);
            if (close == std::string::npos) {
                top_.complain_in(key, open, "'{' without its '}'");
                break;
            }
            read_placeholder(key, std::string_view(text).substr(open + 1, close - open - 1),
                             open + 1, part);
            message.parts.push_back(std::move(part));
            at = close + 1;
        }
        return message;
    }

    void read_placeholder(std::string_view key, std::string_view inside, std::size_t offset,
                          Message::Part& part) {
        const std::size_t colon = format_colon(inside);
        if (colon != std::string_view::npos && !read_format(inside.substr(colon + 1), part))
            top_.complain_in(key, offset + colon + 1,
                             "a format is as +.1f: a sign, up to three decimals");
        auto compiled = Expression::compile(inside.substr(0, colon), context());
        if (const auto* error = std::get_if<ExpressionError>(&compiled))
            top_.complain_in(key, offset + error->offset, error->message);
        else
            part.value = std::move(std::get<Expression>(compiled));
    }

    void read_evidence(TableReader& table) {
        EvidenceSpec spec;
        spec.measure = table.text("measure", true).value_or("");
        auto value = table.expression("value", context(), std::nullopt, true);
        if (value && value->type().kind == Type::Kind::text)
            table.complain("value", "must be a number or true or false, this is text");
        if (value) spec.value = std::move(*value);
        table.finish();
        rule_.evidence.push_back(std::move(spec));
    }

    void read_suggestion(TableReader& table) {
        SuggestionSpec spec;
        spec.control = table.choice("control", control_names, true).value_or(Control::fader);
        spec.on = table.choice("on", move_target_names).value_or(MoveTarget::strip);
        const bool on_insert =
            spec.control == Control::parameter || spec.control == Control::bypass;
        if (on_insert && (rule_.scope != Scope::each_insert || spec.on != MoveTarget::strip))
            table.complain("control", "plugins are moved in the scope \"each insert\" only");
        if (spec.control == Control::parameter) read_setting(table, spec);
        const bool on_send = spec.control == Control::send || spec.control == Control::send_enabled;
        if ((on_send || spec.on == MoveTarget::destination) && rule_.scope != Scope::each_send)
            table.complain("control",
                           "sends and their destinations exist in the scope \"each send\" only");
        if (spec.on == MoveTarget::strip && rule_.scope == Scope::session)
            table.complain(
                "on", "the scope \"session\" has no strip of its own; on = \"master\" is possible");
        spec.when = table.expression("when", context(), Type::Kind::boolean);
        spec.relative = table.has("delta");
        if (table.has("target") == spec.relative)
            table.complain("target", "a suggestion has either a target or a delta");
        else
            read_suggested_value(table, spec);
        if (const auto glide = table.span("glide")) spec.glide = Milliseconds::of(*glide);
        table.finish();
        rule_.suggests.push_back(std::move(spec));
    }

    /// A number in the unit it says, or without one a choice.
    void read_setting(TableReader& table, SuggestionSpec& spec) {
        spec.setting = table.text("setting", true).value_or("");
        const auto unit = table.choice("unit", control_unit_names);
        if (unit && !rule_unit(*unit))
            table.complain("unit", "rules do not have this unit; say Hz, s, dB, %, :1");
        spec.unit = unit.value_or(ControlUnit::number);
        spec.is_choice = !table.has("unit");
        if (spec.is_choice && table.has("delta"))
            table.complain("delta", "a choice has a target; a number needs its unit");
    }

    void read_suggested_value(TableReader& table, SuggestionSpec& spec) {
        const bool is_switch = fits(spec.control, ControlValue{true});
        const bool is_setting = spec.control == Control::parameter;
        const Unit unit = is_setting                     ? rule_unit(spec.unit).value_or(Unit::none)
                          : spec.control == Control::pan ? Unit::percent
                                                         : Unit::db;
        const Type wanted = is_switch        ? types::boolean
                            : spec.is_choice ? types::text
                                             : types::number(unit);
        const std::string_view key = spec.relative ? "delta" : "target";
        if (is_switch && spec.relative) table.complain(key, "a switch has a target, true or false");
        auto value = table.expression(key, context(), std::nullopt);
        if (value && value->type() != wanted)
            table.complain(key, std::string(name_in(control_names, spec.control)) + " takes "
                                    + described(wanted) + ", this is " + described(value->type()));
        if (value) spec.value = std::move(*value);
        if (!is_switch && !is_setting) read_clamp(table, spec, unit);
    }

    void read_clamp(TableReader& table, SuggestionSpec& spec, Unit unit) {
        // Without its own limits a suggestion does not lift a fader over unity nor leave a usual range.
        spec.lowest = spec.control == Control::pan    ? -100.0
                      : spec.control == Control::trim ? -20.0
                                                      : -60.0;
        spec.highest = spec.control == Control::pan    ? 100.0
                       : spec.control == Control::trim ? 20.0
                                                       : 0.0;
        const auto limits = table.texts("clamp");
        if (limits.empty()) return;
        const auto low = parse_quantity(limits.front()), high = parse_quantity(limits.back());
        if (limits.size() != 2 || !low || !high || low->unit != unit || high->unit != unit
            || low->number > high->number) {
            table.complain("clamp", "must be two numbers in " + described(unit)
                                        + ", as [\"-30 dB\", \"0 dB\"]");
            return;
        }
        spec.lowest = low->number;
        spec.highest = high->number;
    }

    void read_worse(TableReader& table) {
        Worse worse;
        worse.higher = table.choice("direction", directions).value_or(true);
        const Type measured = rule_.evidence.empty() ? Type{} : rule_.evidence.front().value.type();
        if (measured.kind != Type::Kind::number)
            table.complain("by", "the first evidence must be a number to get worse by one");
        if (const auto by = table.quantity("by", difference_of(measured.unit)))
            worse.by = by->number;
        table.finish();
        rule_.worse = worse;
    }

    void check_whole() {
        const auto fires = [](const RuleCase& c) { return c.fires(); };
        if (rule_.evidence.empty())
            top_.complain("evidence", "a rule shows at least one number: [[evidence]]");
        if (std::none_of(rule_.cases.begin(), rule_.cases.end(), fires))
            top_.complain("case", "a rule has at least one case that fires: [[case]]");
        if (std::all_of(rule_.cases.begin(), rule_.cases.end(), fires))
            top_.complain("case", "a rule has at least one case that stays silent: [[case]]");
        // Levels come back when they got 3 dB worse; what has no level when it resolved and came again.
        if (!rule_.worse && !rule_.evidence.empty()) {
            const Type measured = rule_.evidence.front().value.type();
            const Unit unit = difference_of(measured.unit);
            if (measured.kind == Type::Kind::number && (unit == Unit::db || unit == Unit::lu))
                rule_.worse = Worse{};
        }
    }

    TomlFile& file_;
    TableReader top_;
    MeasureTable& measures_;
    Rule rule_;
    std::vector<TableReader> tables_;
};

} // namespace

std::optional<Rule> read_rule(TomlFile& file, MeasureTable& measures) {
    if (!file.errors().empty()) return std::nullopt;
    return RuleReader(file, measures).read();
}

} // namespace prefade
