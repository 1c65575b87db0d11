#include "knowledge/mix_reader.h"

#include "knowledge/functions.h"
#include "knowledge/plugin_reader.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <filesystem>
#include <limits>

namespace prefade {

namespace {

/// Keys of an entry or a step; one bit each, so that a form is a line of a table.
enum MixPart : unsigned {
    part_says = 1U << 0,
    part_why = 1U << 1,
    part_unless = 1U << 2,
    part_check = 1U << 3,
    part_asks = 1U << 4,
    part_on = 1U << 5,
    part_against = 1U << 6,
    part_genres = 1U << 7,
    part_figures = 1U << 8,
    part_conflict = 1U << 9,
    part_unit = 1U << 10, ///< and measured_by
    part_does = 1U << 11,
    part_tool = 1U << 12, ///< and plugins
    part_measure = 1U << 13,
    part_moves = 1U << 14,
    part_tests = 1U << 15, ///< confirms and refutes
    part_descriptor = 1U << 16,
    part_rule = 1U << 17,
    part_host = 1U << 18,
};
constexpr unsigned part_words = part_says | part_why | part_unless | part_check | part_asks;
constexpr unsigned part_told = part_words | part_figures | part_conflict; ///< of a principle
constexpr unsigned part_move = part_does | part_why | part_unless | part_on | part_tool
                               | part_figures | part_measure | part_moves;

} // namespace

const std::vector<MixForm>& mix_forms() {
    static const std::vector<MixForm> forms{
        {MixKind::measure, "measures.toml", "", 0, part_says | part_unit, part_why, 0, 0},
        {MixKind::platform, "targets.toml", "", 0, part_figures | part_says,
         part_words | part_conflict, 0, 0},
        {MixKind::genre, "targets.toml", "", 0, part_figures, part_words | part_conflict, 0, 0},
        {MixKind::instrument, "targets.toml", "", 0, part_figures | part_on, part_words, 0, 0},
        {MixKind::pair, "pairs.toml", "move", 1, part_on | part_against | part_figures,
         part_words | part_genres, part_does, part_move},
        {MixKind::priority, "pairs.toml", "place", 2, part_genres, part_words, part_on,
         part_says | part_on},
        {MixKind::eq, "eq.toml", "band", 0, part_on | part_figures, part_words | part_genres,
         part_does | part_figures, part_move},
        {MixKind::zone, "eq.toml", "sign", 1, part_figures, part_words, part_says | part_does,
         part_says | part_figures},
        {MixKind::dynamics, "dynamics.toml", "", 0, part_on | part_figures | part_why,
         part_words | part_genres | part_conflict, 0, 0},
        {MixKind::diagnosis, "dynamics.toml", "move", 1, part_says, part_words | part_figures,
         part_does, part_move},
        {MixKind::chain, "chains.toml", "stage", 3, part_on,
         part_words | part_genres | part_figures, part_does | part_why, part_move},
        {MixKind::descriptor, "descriptors.toml", "interpretation", 2, 0,
         part_words | part_figures | part_on, part_does | part_figures | part_measure | part_moves,
         part_move},
        {MixKind::phrase, "phrases.toml", "hypothesis", 2, 0, part_words | part_on,
         part_says | part_does | part_measure | part_tests,
         part_move | part_says | part_descriptor | part_rule},
        {MixKind::problem, "repair.toml", "treatment", 1, part_says,
         part_words | part_figures | part_on, part_does, part_move},
        {MixKind::automation, "automation.toml", "", 0, part_says | part_figures,
         part_words | part_on | part_genres, 0, 0},
        {MixKind::pacing, "pacing.toml", "", 0, part_says,
         part_words | part_figures | part_genres | part_conflict, 0, 0},
        {MixKind::album, "album.toml", "", 0, part_says, part_words | part_figures | part_conflict,
         0, 0},
        {MixKind::term, "glossary.toml", "", 0, part_says, part_words | part_figures, 0, 0},
        {MixKind::operation, "daw_operations.toml", "way", 1, part_says, part_words,
         part_host | part_does, part_unless | part_why},
        {MixKind::principle, "targets.toml", "", 0, part_says, part_told, 0, 0},
        {MixKind::principle, "pairs.toml", "", 0, part_says, part_told, 0, 0},
        {MixKind::principle, "eq.toml", "", 0, part_says, part_told, 0, 0},
        {MixKind::principle, "dynamics.toml", "", 0, part_says, part_told, 0, 0},
        {MixKind::principle, "chains.toml", "", 0, part_says, part_told | part_on, 0, 0},
        {MixKind::principle, "descriptors.toml", "", 0, part_says, part_told, 0, 0},
        {MixKind::principle, "phrases.toml", "", 0, part_says, part_told, 0, 0},
    };
    return forms;
}

namespace {

std::string unit_word_of(ControlUnit unit) {
    return unit == ControlUnit::number ? "a plain number"
                                       : std::string(name_in(control_unit_names, unit));
}

/// "5..3 dB" is an amount but for its order.
bool is_upside_down(std::string_view text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return false;
    const auto low = parse_amount(text.substr(0, dots)), high = parse_amount(text.substr(dots + 2));
    return low && high && low->from >= high->from;
}

/// Nothing and a complaint under `key` unless `text` is an amount in `unit`.
std::optional<Amount> amount_in(TableReader& table, std::string_view key, const std::string& text,
                                ControlUnit unit) {
    const auto amount = parse_amount(text);
    if (!amount) {
        table.complain(key, is_upside_down(text)
                                ? in_quotes(text) + " is upside down: the lower number comes first"
                                : in_quotes(text) + " is not an amount, as \"3..5 dB\" or \"4:1\"");
        return std::nullopt;
    }
    if (const auto fits = in_unit(*amount, unit)) return fits;
    table.complain(key, amount->unit == ControlUnit::number
                            ? in_quotes(text) + " needs its unit: " + unit_word_of(unit)
                            : in_quotes(text) + " must be in " + unit_word_of(unit));
    return std::nullopt;
}

/// Values that a measure may have; an open one leaves out its finite end.
struct MixTest {
    Amount amount;
    bool is_open{false};

    bool holds(double value) const noexcept {
        return value >= amount.from && value <= amount.to
               && !(is_open && (value == amount.from || value == amount.to));
    }
};

/// Whether some value is in both.
bool overlap(const MixTest& a, const MixTest& b) noexcept {
    const double low = std::max(a.amount.from, b.amount.from),
                 high = std::min(a.amount.to, b.amount.to);
    return low < high || (low == high && a.holds(low) && b.holds(low));
}

/// "< -1 dB", "> 3 LU" or "3..5 dB"; what has no end goes to infinity. The unit is looked at with the measure.
std::optional<MixTest> read_test(TableReader& table, std::string_view key) {
    const auto text = table.text(key);
    if (!text) return std::nullopt;
    constexpr double no_end = std::numeric_limits<double>::infinity();
    const char sign = text->empty() ? '\0' : text->front();
    const bool is_open = sign == '<' || sign == '>';
    const std::string bare =
        is_open && text->size() > 2 && (*text)[1] == ' ' ? text->substr(2) : *text;
    auto amount = parse_amount(bare);
    if (!amount || (is_open && amount->is_range())) {
        table.complain(key, is_upside_down(bare)
                                ? in_quotes(*text) + " is upside down: the lower number comes first"
                                : in_quotes(*text)
                                      + " is no test, as \"< 1 LU\", \"> -3 dB\" or \"2..4 dB\"");
        return std::nullopt;
    }
    if (sign == '<') amount->from = -no_end;
    if (sign == '>') amount->to = no_end;
    return MixTest{*amount, is_open};
}

/// All functions of the rule language that look at a session.
std::vector<std::string_view> session_functions() {
    std::vector<std::string_view> names = function_names(Function::Owner::strip);
    for (const auto owner : {Function::Owner::send, Function::Owner::session,
                             Function::Owner::transport, Function::Owner::brief})
        for (const std::string_view name : function_names(owner)) names.push_back(name);
    return names;
}

/// What analysis/ computes of sound.
std::vector<std::string_view> analysis_parts() { return {"loudness", "spectrum", "masking"}; }

/// One of a form's parts at a time: read when the kind takes it, missed when the kind needs it.
class PartReader {
public:
    PartReader(TableReader& table, unsigned needs, unsigned takes, std::string what)
        : table_(table),
          needs_(needs),
          takes_(needs | takes),
          what_(std::move(what)) {}

    bool takes(unsigned part) const noexcept { return (takes_ & part) != 0; }
    bool needs(unsigned part) const noexcept { return (needs_ & part) != 0; }

    void text(unsigned part, std::string_view key, std::string& into) {
        if (takes(part)) into = table_.text(key, needs(part)).value_or("");
        if (into.empty() && table_.has(key) && takes(part)) table_.complain(key, "says nothing");
    }
    void texts(unsigned part, std::string_view key, std::vector<std::string>& into) {
        if (!takes(part)) return;
        into = table_.texts(key);
        if (into.empty() && needs(part)) table_.complain(key, what_ + " needs it");
    }
    void figures(std::vector<Figure>& into) {
        if (!takes(part_figures)) return;
        auto inner = table_.table("figures");
        if (inner)
            for (const std::string& key : inner->keys()) figure(*inner, key, into);
        if (into.empty() && needs(part_figures) && !inner)
            table_.complain("figures", what_ + " needs numbers, as { gain = \"-3..-1 dB\" }");
    }

private:
    static void figure(TableReader& inner, const std::string& key, std::vector<Figure>& into) {
        const auto& forms = figure_forms();
        const auto form = std::find_if(forms.begin(), forms.end(),
                                       [&](const FigureForm& f) { return f.name == key; });
        if (form == forms.end()) {
            std::vector<std::string_view> names;
            for (const FigureForm& f : forms) names.push_back(f.name);
            inner.complain(key, "is no figure" + known_names(key, names));
            return;
        }
        const auto text = inner.text(key);
        if (!text) return;
        if (const auto amount = amount_in(inner, key, *text, form->unit))
            into.push_back({key, *amount});
    }

    TableReader& table_;
    unsigned needs_, takes_;
    std::string what_;
};

class MixReader {
public:
    explicit MixReader(TomlFile& file) : file_(file), top_(file, file.root(), "this file") {}

    std::vector<MixEntry> read() {
        head_.basis = top_.choice("confidence", basis_names).value_or(Basis::uncertain);
        head_.source = top_.text("source").value_or("");
        has_basis_ = top_.has("confidence");
        const std::string name = std::filesystem::path(file_.name()).filename().string();
        for (const MixForm& form : mix_forms()) {
            if (form.file != name) continue;
            for (TableReader& table : top_.tables(name_in(mix_kind_names, form.kind))) {
                const std::size_t before = file_.errors().size();
                MixEntry entry = read_entry(table, form);
                table.finish();
                if (file_.errors().size() == before) entries_.push_back(std::move(entry));
            }
        }
        top_.finish();
        return std::move(entries_);
    }

private:
    /// Of an entry: its own, or the file's. Of a step (`from`): its own, or the entry's.
    Origin origin(TableReader& table, const Origin* from) {
        Origin of = from ? *from : head_;
        if (const auto basis = table.choice("confidence", basis_names)) of.basis = *basis;
        if (const auto source = table.text("source")) of.source = *source;
        of.where = table.where();
        if (from) return of;
        if (of.source.empty())
            table.complain("source", "an entry needs one, of its own or at the head of the file");
        if (!has_basis_ && !table.has("confidence"))
            table.complain("confidence",
                           "an entry needs one, of its own or at the head of the file: "
                               + all_names(basis_names));
        return of;
    }

    MixEntry read_entry(TableReader& table, const MixForm& form) {
        const std::string kind(name_in(mix_kind_names, form.kind));
        PartReader parts(table, form.needs, form.takes, kind);
        MixEntry entry;
        entry.kind = form.kind;
        entry.id = table.text("id", true).value_or("");
        entry.origin = origin(table, nullptr);
        entry.name = table.text("name").value_or(entry.id);
        entry.aliases = table.texts("aliases");
        if (form.kind == MixKind::descriptor) entry.is_fault = table.flag("fault").value_or(false);
        parts.text(part_says, "says", entry.says);
        parts.text(part_why, "why", entry.why);
        parts.text(part_unless, "unless", entry.unless);
        parts.text(part_check, "check", entry.check);
        parts.text(part_asks, "asks", entry.asks);
        parts.texts(part_on, "on", entry.on);
        parts.texts(part_against, "against", entry.against);
        parts.texts(part_genres, "genres", entry.genres);
        parts.figures(entry.figures);
        if (parts.takes(part_unit)) read_measure(table, entry);
        if (parts.takes(part_conflict))
            for (TableReader& conflict : table.tables("conflict"))
                entry.conflicts.push_back(read_conflict(conflict));
        if (!form.step.empty()) read_steps(table, form, entry);
        return entry;
    }

    static void read_measure(TableReader& table, MixEntry& entry) {
        const auto unit = table.choice("unit", control_unit_names, true);
        const auto by = table.choice("measured_by", measured_by_names, true);
        entry.unit = unit.value_or(ControlUnit::number);
        entry.measured_by = by.value_or(MeasuredBy::nobody);
        entry.from = table.texts("from");
        if (entry.measured_by == MeasuredBy::nobody) {
            if (table.has("from")) table.complain("from", "what is not yet measured has none");
            return;
        }
        const auto known =
            entry.measured_by == MeasuredBy::session ? session_functions() : analysis_parts();
        if (entry.from.empty())
            table.complain("from",
                           "a measure that can be taken says from what" + known_names("", known));
        for (const std::string& part : entry.from)
            if (std::find(known.begin(), known.end(), part) == known.end())
                table.complain("from", in_quotes(part) + " is none" + known_names(part, known));
    }

    static MixConflict read_conflict(TableReader& table) {
        MixConflict conflict;
        conflict.about = table.text("about", true).value_or("");
        conflict.settle = table.text("settle", true).value_or("");
        conflict.claims = read_claims(table);
        table.finish();
        return conflict;
    }

    void read_steps(TableReader& table, const MixForm& form, MixEntry& entry) {
        for (TableReader& inner : table.tables(form.step)) {
            entry.steps.push_back(read_step(inner, form, entry));
            inner.finish();
        }
        if (entry.steps.size() < form.fewest_steps)
            table.complain(form.step, std::string(name_in(mix_kind_names, form.kind))
                                          + " needs at least " + std::to_string(form.fewest_steps)
                                          + ", this has " + std::to_string(entry.steps.size()));
    }

    MixStep read_step(TableReader& table, const MixForm& form, const MixEntry& entry) {
        PartReader parts(table, form.step_needs, form.step_takes, std::string(form.step));
        MixStep step;
        step.origin = origin(table, &entry.origin);
        parts.text(part_does, "does", step.does);
        parts.text(part_says, "says", step.says);
        parts.text(part_why, "why", step.why);
        parts.text(part_unless, "unless", step.unless);
        parts.text(part_measure, "measure", step.measure);
        parts.text(part_descriptor, "descriptor", step.descriptor);
        parts.text(part_rule, "rule", step.rule);
        parts.text(part_host, "host", step.host);
        parts.texts(part_on, "on", step.on);
        parts.figures(step.figures);
        if (parts.takes(part_tool)) {
            step.tool = table.choice("tool", plugin_kind_names);
            step.plugins = table.texts("plugins");
        }
        if (parts.takes(part_moves) && parts.takes(part_figures)) {
            step.by_fader = table.flag("fader").value_or(false);
            if (step.by_fader && (!is_closed(step, "level") || step.tool))
                table.complain("fader",
                               "a change of faders has a figure \"level\" with both ends, and "
                               "no tool");
            step.band = table.choice("band", band_shape_names);
            if (step.band
                && (step.tool != PluginKind::eq || !is_closed(step, "gain")
                    || !is_closed(step, "frequency")))
                table.complain("band", "a band is set by \"eq\", and has figures \"gain\" and "
                                       "\"frequency\" with both ends");
        }
        if (parts.takes(part_moves))
            step.moves = table.choice("moves", direction_names, parts.needs(part_moves));
        if (parts.takes(part_tests)) read_tests(table, step);
        return step;
    }

    static bool is_closed(const MixStep& step, std::string_view figure) {
        const Amount* amount = step.figure(figure);
        return amount && std::isfinite(amount->from) && std::isfinite(amount->to);
    }

    static void read_tests(TableReader& table, MixStep& step) {
        const auto confirms = read_test(table, "confirms"), refutes = read_test(table, "refutes");
        for (const std::string_view key : {"confirms", "refutes"})
            if (!table.has(key))
                table.complain(
                    key, "a hypothesis says which value of its measure does that, as \"< 1 LU\"");
        if (!confirms || !refutes) return;
        step.confirms = confirms->amount;
        step.refutes = refutes->amount;
        const bool differ = step.confirms->unit != step.refutes->unit;
        if (differ && step.confirms->unit == ControlUnit::number)
            table.complain("confirms", "needs its unit, as refutes has");
        else if (differ)
            table.complain("refutes", "must be in the unit of confirms");
        else if (overlap(*confirms, *refutes))
            table.complain("refutes", "overlaps confirms: one value would do both");
    }

    TomlFile& file_;
    TableReader top_;
    Origin head_;
    bool has_basis_{false};
    std::vector<MixEntry> entries_;
};

} // namespace

std::vector<MixEntry> read_mix_file(TomlFile& file) {
    if (!file.errors().empty()) return {};
    return MixReader(file).read();
}

} // namespace prefade
