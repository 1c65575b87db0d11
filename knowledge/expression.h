// The rules' expression language: total (no loops, no I/O, bounded depth), checked for types and
// units when compiled, three-valued when evaluated: what is not known makes the answer unknown unless
// the rest decides it. The language itself is described in docs/rules.md. Pure; any thread.
#pragma once

#include "core/brief.h"
#include "core/session.h"
#include "knowledge/control_unit.h"
#include "knowledge/quantity.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace prefade {

struct Function;
class InsertMemo;
class PluginTable;

/// Type of an expression. `unit` counts for numbers only.
struct Type {
    enum class Kind : std::uint8_t { boolean, number, text } kind{Kind::boolean};
    Unit unit{Unit::none};
    friend bool operator==(const Type&, const Type&) = default;
};
std::string described(Type type); ///< "a level in dBFS", "true or false", "text"

namespace types {
inline constexpr Type boolean{Type::Kind::boolean, Unit::none};
inline constexpr Type text{Type::Kind::text, Unit::none};
constexpr Type number(Unit unit) { return {Type::Kind::number, unit}; }
} // namespace types

/// Why a value is not known; `none` when it is.
enum class Missing : std::uint8_t {
    none,
    not_told,
    no_meter,
    stale,
    coarse,
    too_few,
    not_rolling,
    no_strip,
    not_set,
    behind_solo,
    not_heard,
    not_certain,
    undefined
};
std::string_view described(Missing missing) noexcept;

/// Result of an evaluation. `at` is the oldest measurement in it; TimePoint::max() for constants.
struct Value {
    std::variant<std::monostate, bool, double, std::string_view> held;
    Missing missing{Missing::none};
    TimePoint at{TimePoint::max()};

    static Value unknown(Missing why) { return {{}, why, TimePoint::max()}; }
    bool is_known() const noexcept { return held.index() != 0; }
    bool is_true() const noexcept { return held.index() == 1 && std::get<1>(held); }
    bool is_false() const noexcept { return held.index() == 1 && !std::get<1>(held); }
    double number() const { return std::get<double>(held); }
    std::string_view text() const { return std::get<std::string_view>(held); }
};

/// Which reading a rule looks at and how good it must be.
struct ReadingNeed {
    MeterKind kind{MeterKind::sample_peak};
    Tap tap{Tap::post_fader};
    Duration max_age{std::chrono::seconds(2)};
    Decibel coarsest{1.0}; ///< largest step of the meter that still counts
    friend bool operator==(const ReadingNeed&, const ReadingNeed&) = default;
};

/// A function with its constant arguments: what is computed at most once per strip and evaluation.
struct Measure {
    const Function* function{nullptr};
    std::array<double, 2> arguments{};
    ReadingNeed need;
    std::string kind{}, control{};         ///< of plugins; of one of their controls
    ControlUnit unit{ControlUnit::number}; ///< in which the control is asked for
    friend bool operator==(const Measure&, const Measure&) = default;
};

/// Gives each distinct Measure of all rules a number, so that rules share results.
class MeasureTable {
public:
    std::uint32_t number(const Measure& measure);
    std::size_t size() const noexcept { return measures_.size(); }

private:
    std::vector<Measure> measures_;
};

/// What has been computed in one evaluation; per strip (by its position in the session).
class MeasureCache {
public:
    void start(std::size_t measures, std::size_t strips);
    Value* find(std::uint32_t measure, std::size_t strip) noexcept; ///< where it is kept
    bool has(std::uint32_t measure, std::size_t strip) const noexcept;
    void mark(std::uint32_t measure, std::size_t strip) noexcept;

private:
    std::vector<Value> values_;
    std::vector<std::uint32_t> stamps_;
    std::uint32_t stamp_{0};
    std::size_t strips_{0};
};

/// What an expression sees while it is evaluated.
struct Frame {
    const Session& session;
    const Brief& brief;
    TimePoint now;
    std::optional<TimePoint> rolling_since; ///< empty while stopped or not known
    const Strip* strip{nullptr};            ///< the one the rule is about; null in session scope
    const Send* send{nullptr};
    const Strip* destination{nullptr}; ///< of `send`, when exactly one strip bears its name
    const Strip* master{nullptr};
    const Strip* each{nullptr};   ///< inside a quantifier
    MeasureCache* cache{nullptr}; ///< may be null: then nothing is kept
    const Insert* insert{nullptr};
    InsertMemo* memo{nullptr};     ///< of `insert`; may be null
    PluginTable* plugins{nullptr}; ///< null: no plugin is known
};

enum class Scope : std::uint8_t { each_strip, session, each_send, each_insert };
inline constexpr Names<Scope, 4> scope_names{{{Scope::each_strip, "each strip"},
                                              {Scope::each_insert, "each insert"},
                                              {Scope::session, "session"},
                                              {Scope::each_send, "each send"}}};

/// Whose property a name is: strip.fader, each.fader, master.fader, send.level, brief.genre.
enum class Subject : std::uint8_t {
    strip,
    each,
    master,
    destination,
    send,
    insert,
    session,
    transport,
    brief
};
inline constexpr Names<Subject, 9> subject_names{{{Subject::strip, "strip"},
                                                  {Subject::each, "each"},
                                                  {Subject::master, "master"},
                                                  {Subject::destination, "destination"},
                                                  {Subject::send, "send"},
                                                  {Subject::insert, "insert"},
                                                  {Subject::session, "session"},
                                                  {Subject::transport, "transport"},
                                                  {Subject::brief, "brief"}}};

/// What the text is compiled for.
struct ExpressionContext {
    Scope scope{Scope::each_strip};
    std::optional<ReadingNeed> need; ///< nothing: the rule may not look at meters
    MeasureTable& measures;
    bool binds_each{false}; ///< `each` stands for a strip outside quantifiers too
};

struct ExpressionError {
    std::size_t offset{0}; ///< in bytes from the start of the text
    std::string message;
};

class Expression {
public:
    static constexpr std::size_t longest = 2000; ///< bytes of text
    static constexpr int deepest = 64;           ///< levels of nesting

    /// Syntax, names, types and units are checked here, so that `evaluate` cannot fail.
    static std::variant<Expression, ExpressionError> compile(std::string_view text,
                                                             const ExpressionContext& context);

    Type type() const noexcept { return type_; }
    Value evaluate(const Frame& frame) const { return evaluate(root_, frame); }
    /// Strip that the first name in the text speaks of; null when there is none.
    const Strip* about(const Frame& frame) const;
    /// Left or right where a meter it asks, outside quantifiers, tells that side alone.
    std::optional<Channel> only_side(const Frame& frame) const;

private:
    friend class Parser;
    enum class Op : std::uint8_t {
        number,
        boolean,
        text,
        property,
        negate,
        add,
        subtract,
        multiply,
        divide,
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
        conjunction,
        disjunction,
        negation,
        absolute,
        minimum,
        maximum,
        any,
        all,
        count,
        highest,
        lowest,
        sum
    };
    struct Node {
        Op op{Op::number};
        Subject subject{Subject::strip};
        bool other{false}; ///< quantifier leaves out the rule's own strip
        int depth{1};
        std::uint32_t first{0}, second{0}; ///< operands; measure; index into texts_
        double number{0.0};
        std::uint32_t place{0}; ///< offset in the text
    };
    static constexpr std::uint32_t nothing = 0xffffffffU;

    Value evaluate(std::uint32_t node, const Frame& frame) const;
    Value property(const Node& node, const Frame& frame) const;
    Value insert_property(const Node& node, const Frame& frame) const;
    Value arithmetic(const Node& node, const Frame& frame) const;
    Value comparison(const Node& node, const Frame& frame) const;
    Value logic(const Node& node, const Frame& frame) const;
    Value truth_over(const Node& node, const Frame& frame) const;
    Value number_over(const Node& node, const Frame& frame) const;

    std::vector<Node> nodes_;
    std::vector<Measure> measures_;
    std::vector<std::uint32_t> measure_numbers_; ///< of measures_ in the shared table
    std::vector<std::string> texts_;
    std::uint32_t root_{0};
    Type type_;
};

} // namespace prefade
