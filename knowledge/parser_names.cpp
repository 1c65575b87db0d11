// The leaves of the grammar: literals, names, functions, quantifiers.
#include "knowledge/parser.h"

#include "knowledge/plugin.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>

namespace prefade {

namespace {

using types::boolean, types::number;

/// Spans that a meter's memory can answer: it keeps 10 s in steps of 100 ms (core/session.h: PeakRing).
constexpr double shortest_span = 0.1, longest_span = 10.0;
constexpr double lowest_heard = 20.0, highest_heard = 20'000.0; // Hz

constexpr std::array<std::string_view, 14> reserved{"and",    "or",  "not",  "true",  "false",
                                                    "where",  "any", "all",  "count", "highest",
                                                    "lowest", "sum", "each", "other"};

bool is_reserved(std::string_view word) {
    return std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

} // namespace

Parser::Parsed Parser::primary() {
    const Token at = now_;
    if (++nested_ > Expression::deepest) return fail(at, "nested too deeply");
    Parsed piece;
    if (at.kind == Token::Kind::number || at.kind == Token::Kind::text || is_word("true")
        || is_word("false")) {
        piece = literal();
    } else if (is_sign("(")) {
        advance();
        piece = disjunction();
        if (piece && !expect(")", "to close the bracket")) piece.reset();
    } else if (at.kind == Token::Kind::word) {
        piece = name();
    } else if (at.kind == Token::Kind::bad && !at.text.empty()
               && (at.text[0] == '"' || at.text[0] == '\'')) {
        piece = fail(at, "a text without its closing quote");
    } else {
        piece = fail(at, "expected a number, a name or '(', found " + quoted(at));
    }
    --nested_;
    return piece;
}

Parser::Parsed Parser::literal() {
    const Token at = now_;
    Expression::Node node;
    node.place = static_cast<std::uint32_t>(at.offset);
    advance();
    if (at.kind == Token::Kind::text) {
        node.op = Op::text;
        node.first = static_cast<std::uint32_t>(made_.texts_.size());
        made_.texts_.emplace_back(at.text);
        return add_node(node, {Type::Kind::text, Unit::none});
    }
    if (at.kind == Token::Kind::word) {
        node.op = Op::boolean;
        node.number = at.text == "true" ? 1.0 : 0.0;
        return add_node(node, boolean);
    }
    node.op = Op::number;
    node.number = at.number;
    if (now_.kind != Token::Kind::word || is_reserved(now_.text))
        return add_node(node, number(Unit::none));
    const auto unit = unit_word(now_.text);
    if (!unit) return fail(now_, "unknown unit " + quoted(now_) + "; known: " + known_unit_words());
    advance();
    node.number *= unit->factor;
    return add_node(node, number(unit->unit));
}

// ---- names -----------------------------------------------------------------------------------

Parser::Parsed Parser::name() {
    static constexpr std::array<std::pair<std::string_view, Op>, 9> builtins{
        {{"any", Op::any},
         {"all", Op::all},
         {"count", Op::count},
         {"highest", Op::highest},
         {"lowest", Op::lowest},
         {"sum", Op::sum},
         {"abs", Op::absolute},
         {"min", Op::minimum},
         {"max", Op::maximum}}};
    const Token word = now_;
    advance();
    if (is_sign("(")) {
        for (const auto& [text, op] : builtins)
            if (word.text == text)
                return op == Op::absolute || op == Op::minimum || op == Op::maximum
                           ? calculation(op, word)
                           : quantifier(op, word);
    }
    if (is_sign(".")) {
        const auto whose = subject(word);
        if (!whose) return std::nullopt;
        advance();
        const Token member = now_;
        if (member.kind != Token::Kind::word)
            return fail(member, "expected a name after '" + std::string(word.text) + ".', found "
                                    + quoted(member));
        advance();
        return property(*whose, member);
    }
    return property(context_.scope == Scope::session ? Subject::session : Subject::strip, word);
}

std::optional<Subject> Parser::subject(const Token& word) {
    if (word.text == "each" || word.text == "other") {
        if (bound_ == word.text) return Subject::each;
        fail(word,
             quoted(word)
                 + " stands for a strip only inside any, all, count, highest, lowest or sum, as in "
                   "any("
                 + std::string(word.text) + " where ...: ...)");
        return std::nullopt;
    }
    std::vector<std::string_view> known;
    for (const auto& [subject, text] : subject_names) {
        if (subject == Subject::strip && context_.scope == Scope::session) continue;
        if ((subject == Subject::send || subject == Subject::destination)
            && context_.scope != Scope::each_send)
            continue;
        if (subject == Subject::insert && context_.scope != Scope::each_insert) continue;
        if (subject == Subject::each && !bound_) continue;
        if (word.text == text) return subject;
        known.push_back(text);
    }
    fail(word, "nothing called " + quoted(word) + " in the scope \""
                   + std::string(name_in(scope_names, context_.scope)) + "\""
                   + known_names(word.text, known));
    return std::nullopt;
}

Parser::Parsed Parser::property(Subject subject, const Token& word) {
    const Function::Owner owner = owner_of(subject);
    const Function* function = find_function(owner, word.text);
    if (!function)
        return fail(word, std::string(described(owner)) + " has no " + quoted(word)
                              + known_names(word.text, function_names(owner)));
    if (function->meter && !context_.need)
        return fail(word, quoted(word)
                              + " looks at a meter: the rule must say which under [needs], as "
                                "reading = \"sample_peak\"");
    Measure measure{function, {}, function->meter ? *context_.need : ReadingNeed{}};
    if (!arguments(*function, word, measure)) return std::nullopt;
    Expression::Node node;
    node.op = Op::property;
    node.subject = subject;
    node.place = static_cast<std::uint32_t>(word.offset);
    node.first = static_cast<std::uint32_t>(made_.measures_.size());
    made_.measures_.push_back(measure);
    made_.measure_numbers_.push_back(context_.measures.number(measure));
    if (function->names_unit) return add_node(node, number(*rule_unit(measure.unit)));
    return add_node(node, result_type(*function, context_.need));
}

/// setting("threshold", "dB"), before("compressor"): what a function asks of plugins, in quotes.
bool Parser::plugin_arguments(const Function& function, Measure& measure) {
    const auto ask = [&](std::string_view what, std::string& into) {
        advance(); // the bracket or the comma
        const Token at = now_;
        if (at.kind != Token::Kind::text || at.text.empty()) {
            fail(at, signature(function) + " needs " + std::string(what) + " in quotes");
            return false;
        }
        into = at.text;
        advance();
        return true;
    };
    const Token bracket = now_;
    if (!is_sign("(")) {
        fail(bracket, "expected " + signature(function));
        return false;
    }
    std::string unit;
    const std::pair<bool, std::pair<std::string_view, std::string*>> asked[] = {
        {function.names_kind, {"a kind of plugin", &measure.kind}},
        {function.names_control, {"a control", &measure.control}},
        {function.names_unit, {"a unit", &unit}}};
    bool is_first = true;
    for (const auto& [wanted, what] : asked) {
        if (!wanted) continue;
        if (!is_first && !is_sign(",")) return expect(",", "in " + signature(function));
        is_first = false;
        const Token at = now_;
        if (!ask(what.first, *what.second)) return false;
        if (what.second == &measure.kind && !value_in(plugin_kind_names, measure.kind)) {
            fail(at, in_quotes(measure.kind) + " is none of: " + all_names(plugin_kind_names));
            return false;
        }
    }
    if (function.names_unit) {
        const auto known = value_in(control_unit_names, unit);
        if (!known || !rule_unit(*known)) {
            fail(bracket, "there is no unit " + in_quotes(unit)
                              + " here; known: dB, dBFS, dBTP, Hz, s, %, :1, oct, number");
            return false;
        }
        measure.unit = *known;
    }
    return expect(")", "after " + signature(function));
}

bool Parser::arguments(const Function& function, const Token& word, Measure& measure) {
    if (function.names_kind || function.names_control) return plugin_arguments(function, measure);
    if (function.arguments == 0) {
        if (!is_sign("(")) return true;
        advance();
        return expect(")", "because '" + std::string(function.name) + "' takes no arguments");
    }
    if (!is_sign("(")) {
        fail(word, "expected " + signature(function) + ", as in " + std::string(function.name)
                       + (function.of_band ? "(200 Hz, 500 Hz)" : "(3 s)"));
        return false;
    }
    for (std::size_t i = 0; i < function.arguments; ++i) {
        advance();
        const Token at = now_;
        const auto given = constant(function, function.of_band ? Unit::hertz : Unit::seconds);
        if (!given) return false;
        measure.arguments[i] = *given;
        if (!bounds(function, at, measure, i)) return false;
        const bool is_last = i + 1 == function.arguments;
        if (!is_last && !is_sign(",")) return expect(",", "in " + signature(function));
    }
    return expect(")", "after " + signature(function));
}

/// True: the last argument read is one that can be asked for.
bool Parser::bounds(const Function& function, const Token& at, const Measure& measure,
                    std::size_t argument) {
    const double last = measure.arguments[argument], first = measure.arguments[0];
    if (function.of_band) {
        const bool is_heard = last >= lowest_heard && last <= highest_heard;
        if (is_heard && (argument == 0 || last > first)) return true;
        fail(at, "bands lie between 20 Hz and 20 kHz, the lower end first");
        return false;
    }
    const double together = argument == 0 ? last : first + last;
    if (last >= shortest_span && together <= longest_span) return true;
    fail(at, "meters are remembered for 10 s in steps of 100 ms; ask for 100 ms to 10 s in all");
    return false;
}

std::optional<double> Parser::constant(const Function& function, Unit unit) {
    const Token at = now_;
    if (at.kind == Token::Kind::number) {
        advance();
        const auto given = now_.kind == Token::Kind::word ? unit_word(now_.text) : std::nullopt;
        if (given && given->unit == unit) {
            advance();
            return at.number * given->factor;
        }
    }
    fail(at, signature(function)
                 + (function.of_band ? " needs constant frequencies, as 200 Hz or 2 kHz"
                                     : " needs a constant time, as 3 s or 300 ms"));
    return std::nullopt;
}

// ---- over strips -----------------------------------------------------------------------------

Parser::Parsed Parser::quantifier(Op op, const Token& word) {
    advance(); // the bracket
    Expression::Node node;
    node.op = op;
    node.place = static_cast<std::uint32_t>(word.offset);
    node.first = node.second = Expression::nothing;
    if (!is_word("each") && !is_word("other"))
        return fail(now_, "expected 'each' or 'other' after '" + std::string(word.text)
                              + "(', found " + quoted(now_));
    if (bound_) return fail(word, quoted(word) + " inside another of its kind is not allowed");
    node.other = is_word("other");
    if (node.other && context_.scope == Scope::session)
        return fail(
            now_,
            "'other' is every strip but the rule's own, which the scope \"session\" does not have; "
            "say each");
    const auto outer = bound_;
    bound_ = now_.text;
    advance();
    const Parsed whole = quantifier_body(op, word, node);
    bound_ = outer;
    return whole;
}

Parser::Parsed Parser::quantifier_body(Op op, const Token& word, Expression::Node node) {
    if (is_word("where")) {
        const Token where = now_;
        advance();
        const Parsed condition = disjunction();
        if (!condition) return condition;
        if (condition->type != boolean)
            return fail(where,
                        "'where' needs true or false, this is " + described(condition->type));
        node.first = condition->node;
    }
    if (op == Op::count)
        return expect(")", "after the condition of 'count'") ? add_node(node, number(Unit::none))
                                                             : Parsed{};
    if (!expect(":", "and what to ask of each strip")) return std::nullopt;
    const Parsed body = disjunction();
    if (!body) return body;
    const bool wants_truth = op == Op::any || op == Op::all;
    if (wants_truth != (body->type.kind == Type::Kind::boolean)
        || body->type.kind == Type::Kind::text)
        return fail(word, quoted(word) + " asks for " + (wants_truth ? "true or false" : "a number")
                              + " of each strip, this is " + described(body->type));
    if (op == Op::sum && !is_level(body->type.unit))
        return fail(word, "'sum' adds the power of levels, this is " + described(body->type));
    node.second = body->node;
    if (!expect(")", "to close '" + std::string(word.text) + "('")) return std::nullopt;
    return add_node(node, wants_truth ? boolean : body->type);
}

Parser::Parsed Parser::calculation(Op op, const Token& word) {
    advance(); // the bracket
    const Parsed first = disjunction();
    if (!first) return first;
    Expression::Node node;
    node.op = op;
    node.first = first->node;
    if (first->type.kind != Type::Kind::number
        || (op == Op::absolute && is_level(first->type.unit)))
        return fail(word, quoted(word) + " needs "
                              + (op == Op::absolute ? "a number that is no level" : "numbers")
                              + ", this is " + described(first->type));
    if (op != Op::absolute) {
        if (!expect(",", "between the two numbers of '" + std::string(word.text) + "'"))
            return std::nullopt;
        const Parsed second = disjunction();
        if (!second) return second;
        if (second->type != first->type)
            return fail(word, "cannot compare " + described(first->type) + " with "
                                  + described(second->type));
        node.second = second->node;
    }
    if (!expect(")", "to close '" + std::string(word.text) + "('")) return std::nullopt;
    return add_node(node, first->type);
}

} // namespace prefade
