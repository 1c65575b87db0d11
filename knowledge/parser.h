// Text to Expression: recursive descent with names, types and units checked on the way. The grammar
// is in docs/rules.md. Depth and length are bounded, so any text ends in an expression or an error.
// Used by Expression::compile only. Pure; any thread.
#pragma once

#include "knowledge/expression.h"
#include "knowledge/functions.h"
#include "knowledge/lexer.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace prefade {

class Parser {
public:
    Parser(std::string_view text, const ExpressionContext& context);
    std::variant<Expression, ExpressionError> parse();

private:
    using Op = Expression::Op;
    /// A checked piece: its node and type. Empty after an error, which is kept in `error_`.
    struct Piece {
        std::uint32_t node{0};
        Type type;
    };
    using Parsed = std::optional<Piece>;

    Parsed disjunction();
    Parsed conjunction();
    Parsed negation();
    Parsed comparison();
    Parsed sum();
    Parsed product();
    Parsed unary();
    Parsed primary();
    Parsed literal();
    Parsed quantifier(Op op, const Token& word);
    Parsed quantifier_body(Op op, const Token& word, Expression::Node node);
    Parsed calculation(Op op, const Token& word);
    Parsed name();
    std::optional<Subject> subject(const Token& word);
    Parsed property(Subject subject, const Token& word);
    bool arguments(const Function& function, const Token& word, Measure& measure);
    std::optional<double> constant(const Function& function, Unit unit);
    bool bounds(const Function& function, const Token& at, const Measure& measure,
                std::size_t argument);
    bool plugin_arguments(const Function& function, Measure& measure);

    Parsed join(Op op, const Token& sign, const Piece& left, const Piece& right, Type type);
    Parsed logical(Op op, const Token& sign, const Piece& left, const Piece& right);
    Parsed compared(Op op, const Token& sign, const Piece& left, const Piece& right);
    Parsed added(bool minus, const Token& sign, const Piece& left, const Piece& right);
    Parsed multiplied(bool over, const Token& sign, const Piece& left, const Piece& right);
    Parsed add_node(Expression::Node node, Type type);
    int depth_of(std::uint32_t node) const;

    Parsed fail(const Token& at, std::string message);
    bool expect(std::string_view sign, std::string_view why);
    bool is_sign(std::string_view sign) const {
        return now_.kind == Token::Kind::sign && now_.text == sign;
    }
    bool is_word(std::string_view word) const {
        return now_.kind == Token::Kind::word && now_.text == word;
    }
    void advance() { now_ = lexer_.next(); }

    Lexer lexer_;
    Token now_;
    const ExpressionContext& context_;
    Expression made_;
    std::optional<ExpressionError> error_;
    std::string_view text_;
    int nested_{0};
    std::optional<std::string_view> bound_; ///< "each" or "other" inside a quantifier
};

/// A token for messages: 'fadr', or the end.
std::string quoted(const Token& token);

} // namespace prefade
