// A rule: one TOML file with its condition, words, suggested moves, source and its own cases. Loading
// checks everything once; a broken file is an error with file, line and column, and the others still
// load. How to write one: docs/rules.md. Reads files, otherwise pure; any thread.
#pragma once

#include "core/advice.h"
#include "core/brief.h"
#include "core/result.h"
#include "knowledge/expression.h"
#include "knowledge/plugin_catalog.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prefade {

/// Where a rule's numbers come from: looked up, working practice, or arithmetic from definitions.
enum class Confidence { source, expertise, derived };
inline constexpr Names<Confidence, 3> confidence_names{{{Confidence::source, "SOURCE"},
                                                        {Confidence::expertise, "EXPERTISE"},
                                                        {Confidence::derived, "DERIVED"}}};

/// A text with numbers in it: "peaks at {peak_hold(3 s)}". Names are data: control characters in them
/// are replaced before they are printed.
struct Message {
    struct Part {
        std::string text; ///< before the value
        std::optional<Expression> value;
        int decimals{-1};
        bool sign{false};
    };
    std::vector<Part> parts;
    std::string to_text(const Frame& frame) const;
    /// The text alone; "\u2026" stands where a number or a name goes.
    std::string words() const;
};

/// Without these the rule "cannot say".
struct Needs {
    std::optional<ReadingNeed> reading; ///< nothing: the rule looks at controls only
    bool rolling{false};                ///< the transport rolls
};

struct EvidenceSpec {
    std::string measure; ///< in words: "sample peak after the fader, 3 s"
    Expression value;
};

enum class MoveTarget { strip, master, destination };
inline constexpr Names<MoveTarget, 3> move_target_names{{{MoveTarget::strip, "strip"},
                                                         {MoveTarget::master, "master"},
                                                         {MoveTarget::destination, "destination"}}};

/// A suggested move. A relative fader move on a strip whose fader is under automation is made with
/// the trim instead, or not suggested when the trim is not known.
struct SuggestionSpec {
    Control control{Control::fader};
    MoveTarget on{MoveTarget::strip};
    bool relative{false};                  ///< `value` is added to the present value
    std::string setting;                   ///< of the insert's plugin: the control that is turned
    ControlUnit unit{ControlUnit::number}; ///< in which `value` is
    bool is_choice{false};                 ///< of that control: `value` is the words of one
    Expression value;
    std::optional<Expression> when;   ///< suggested only while this is true
    double lowest{0.0}, highest{0.0}; ///< the target is kept within; dB or %
    Milliseconds glide{300.0};
};

/// When a dismissed advice may come back: its first evidence got this much worse. Without a number
/// it comes back after it resolved.
struct Worse {
    double by{3.0};
    bool higher{true}; ///< worse is up
};

/// One value of a series, from `from` on; no value: not known.
struct CaseStep {
    Duration from{};
    std::optional<ControlValue> control;
    std::optional<double> number; ///< of a meter
    std::string word;             ///< automation mode, or what a control stands at
};
using CaseSeries = std::vector<CaseStep>;

struct CaseSend {
    std::string destination;
    CaseSeries level, enabled;
};
struct CaseInsert {
    std::string plugin; ///< as a host names it
    CaseSeries bypassed;
    std::vector<std::pair<std::string, CaseSeries>>
        settings; ///< by id of the control, "gain-2" the second band
};
struct CaseStrip {
    std::string name;
    StripKind kind{StripKind::audio_track};
    std::string role;
    CaseSeries trim, fader, pan, mute, solo, arm, automation, meter;
    CaseSeries short_term, integrated, true_peak; ///< LUFS, LUFS, dBTP
    std::optional<BandEnergies> tone;             ///< heard all the time
    std::vector<CaseSend> sends;
    std::vector<CaseInsert> inserts;
};
/// One strip hides another, all the time.
struct CaseMasking {
    std::string masker, target, mover; ///< names of strips
    Hertz centre;
    double share{0.0}; ///< 0 to 1
};
struct CaseExpectation {
    Duration at{};
    std::vector<std::string> fires; ///< names of strips, or "session"; sorted
    std::string says;               ///< part of the text of each that fires; may be empty
    std::vector<std::string>
        moves; ///< "fader -6.4 dB", of the first that fires; compared when `checks_moves`
    bool checks_moves{false};
    std::uint32_t line{0};
};
/// A little session over time and what must fire when.
struct RuleCase {
    std::string name;
    std::uint32_t line{0};
    Duration length{};
    std::string host{"ardour"}; ///< whose names the plugins bear
    CaseSeries rolling;
    Brief brief;
    std::vector<CaseStrip> strips;
    std::vector<CaseMasking> masking;
    std::vector<CaseExpectation> expects;
    bool fires() const noexcept; ///< some expectation names a strip
};

struct Rule {
    std::string id; ///< also the file's name
    std::string file;
    Scope scope{Scope::each_strip};
    std::vector<StripKind> kinds;   ///< empty: all
    std::vector<std::string> roles; ///< empty: all
    std::vector<PluginKind>
        plugins; ///< of the scope each_insert; empty: all that the catalog knows
    Expression when;
    std::optional<Expression> clear_when; ///< else: not `when`
    Duration hold{};                      ///< `when` must be true this long before it fires
    Duration clear_for{};                 ///< and be cleared this long before it resolves
    Needs needs;
    Severity severity{Severity::hint};
    std::optional<Expression>
        over; ///< in dB: how far beyond what it allows; ranks it among its like
    Message says;
    std::optional<Expression> about; ///< session scope: the strips it speaks of
    std::vector<SuggestionSpec> suggests;
    std::vector<EvidenceSpec> evidence; ///< at least one
    std::optional<Worse> worse;
    std::string source;
    Confidence confidence{Confidence::expertise};
    std::vector<RuleCase> cases; ///< at least one fires and one stays silent
    bool covers(const Strip& strip) const;
    bool covers(const Plugin& plugin) const;
};

struct LoadedRules;

/// Rules and the table of what they measure. Immutable once loaded.
class RuleBook {
public:
    /// Files, or folders whose *.toml are read in order of name. A later path overrides a rule of the
    /// same id or adds to it. Paths that do not exist are errors.
    static LoadedRules load(const std::vector<std::filesystem::path>& paths);
    /// One rule from the text of a file; `file` is for messages and must end in ID.toml.
    static LoadedRules parse(std::string_view text, const std::string& file);

    const std::vector<Rule>& rules() const noexcept { return rules_; }
    const Rule* find(std::string_view id) const noexcept;
    /// The rules with a word of `text` in their id, words, measures or source, in any case: those with the most
    /// of its words first, in the order of the book. Words of a single letter do not count. Without words: all.
    std::vector<const Rule*> speaking_of(std::string_view text) const;
    std::size_t measures() const noexcept { return measures_.size(); }
    /// The plugins that the rules can speak of; without them a rule of the scope "each insert" looks at nothing.
    void know(std::shared_ptr<const PluginCatalog> plugins) { plugins_ = std::move(plugins); }
    const std::shared_ptr<const PluginCatalog>& plugins() const noexcept { return plugins_; }
    /// A book of this one rule of it.
    RuleBook only(const Rule& rule) const;

private:
    void put(Rule rule);

    std::vector<Rule> rules_;
    MeasureTable measures_;
    std::shared_ptr<const PluginCatalog> plugins_;
};

struct LoadedRules {
    RuleBook book;
    std::vector<Error> errors; ///< of the files that were left out; `where` is file:line:column
    std::size_t files{0};      ///< looked at
};

} // namespace prefade
