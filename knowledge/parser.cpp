#include "knowledge/parser.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

using types::boolean, types::number;
bool is_number(Type type) { return type.kind == Type::Kind::number; }

} // namespace

std::string quoted(const Token& token) {
    if (token.kind == Token::Kind::end) return "the end";
    constexpr std::size_t longest = 40;
    std::size_t length = std::min(token.text.size(), longest);
    while (length < token.text.size() && length > 0 && (token.text[length] & 0xC0) == 0x80)
        --length;
    return '\'' + std::string(token.text.substr(0, length)) + '\'';
}

std::string described(Type type) {
    switch (type.kind) {
    case Type::Kind::boolean: return "true or false";
    case Type::Kind::text: return "text";
    case Type::Kind::number: break;
    }
    if (type.unit == Unit::none) return "a plain number";
    return (is_level(type.unit) ? "a level in " : "a number in ") + std::string(symbol(type.unit));
}

Parser::Parser(std::string_view text, const ExpressionContext& context)
    : lexer_(text),
      context_(context),
      text_(text) {
    if (context.binds_each) bound_ = "each";
}

std::variant<Expression, ExpressionError> Parser::parse() {
    if (text_.size() > Expression::longest)
        return ExpressionError{Expression::longest, "an expression has at most "
                                                        + std::to_string(Expression::longest)
                                                        + " bytes"};
    advance();
    const Parsed whole = disjunction();
    if (!whole) return *error_;
    if (now_.kind != Token::Kind::end) {
        fail(now_, "expected the end or an operator (and, or, <, +, ...), found " + quoted(now_));
        return *error_;
    }
    made_.root_ = whole->node;
    made_.type_ = whole->type;
    return std::move(made_);
}

// ---- operators -------------------------------------------------------------------------------

Parser::Parsed Parser::disjunction() {
    Parsed left = conjunction();
    while (left && is_word("or")) {
        const Token sign = now_;
        advance();
        const Parsed right = conjunction();
        if (!right) return right;
        left = logical(Op::disjunction, sign, *left, *right);
    }
    return left;
}

Parser::Parsed Parser::conjunction() {
    Parsed left = negation();
    while (left && is_word("and")) {
        const Token sign = now_;
        advance();
        const Parsed right = negation();
        if (!right) return right;
        left = logical(Op::conjunction, sign, *left, *right);
    }
    return left;
}

Parser::Parsed Parser::negation() {
    if (!is_word("not")) return comparison();
    const Token sign = now_;
    advance();
    if (++nested_ > Expression::deepest) return fail(sign, "nested too deeply");
    const Parsed inner = negation();
    --nested_;
    if (!inner) return inner;
    if (inner->type.kind != Type::Kind::boolean)
        return fail(sign, "'not' needs true or false, this is " + described(inner->type));
    Expression::Node node;
    node.op = Op::negation;
    node.first = inner->node;
    return add_node(node, boolean);
}

Parser::Parsed Parser::comparison() {
    static constexpr std::array<std::pair<std::string_view, Op>, 6> operators{
        {{"==", Op::equal},
         {"!=", Op::not_equal},
         {"<=", Op::less_equal},
         {">=", Op::greater_equal},
         {"<", Op::less},
         {">", Op::greater}}};
    const Parsed left = sum();
    if (!left) return left;
    for (const auto& [text, op] : operators) {
        if (!is_sign(text)) continue;
        const Token sign = now_;
        advance();
        const Parsed right = sum();
        if (!right) return right;
        return compared(op, sign, *left, *right);
    }
    return left;
}

Parser::Parsed Parser::sum() {
    Parsed left = product();
    while (left && (is_sign("+") || is_sign("-"))) {
        const Token sign = now_;
        advance();
        const Parsed right = product();
        if (!right) return right;
        left = added(sign.text == "-", sign, *left, *right);
    }
    return left;
}

Parser::Parsed Parser::product() {
    Parsed left = unary();
    while (left && (is_sign("*") || is_sign("/"))) {
        const Token sign = now_;
        advance();
        const Parsed right = unary();
        if (!right) return right;
        left = multiplied(sign.text == "/", sign, *left, *right);
    }
    return left;
}

Parser::Parsed Parser::unary() {
    if (!is_sign("-")) return primary();
    const Token sign = now_;
    advance();
    if (now_.kind == Token::Kind::number) { // a negative number: levels have no other minus
        now_.number = -now_.number;
        return literal();
    }
    if (++nested_ > Expression::deepest) return fail(sign, "nested too deeply");
    const Parsed inner = unary();
    --nested_;
    if (!inner) return inner;
    if (!is_number(inner->type) || is_level(inner->type.unit))
        return fail(sign, "'-' needs a number that is no level, this is " + described(inner->type));
    Expression::Node node;
    node.op = Op::negate;
    node.first = inner->node;
    return add_node(node, inner->type);
}

// ---- type rules ------------------------------------------------------------------------------

Parser::Parsed Parser::logical(Op op, const Token& sign, const Piece& left, const Piece& right) {
    for (const Piece& side : {left, right})
        if (side.type.kind != Type::Kind::boolean)
            return fail(sign, quoted(sign) + " needs true or false on both sides, one is "
                                  + described(side.type));
    return join(op, sign, left, right, boolean);
}

Parser::Parsed Parser::compared(Op op, const Token& sign, const Piece& left, const Piece& right) {
    if (left.type != right.type)
        return fail(sign,
                    "cannot compare " + described(left.type) + " with " + described(right.type));
    if (!is_number(left.type) && op != Op::equal && op != Op::not_equal)
        return fail(sign, quoted(sign) + " needs numbers, these are " + described(left.type));
    return join(op, sign, left, right, boolean);
}

Parser::Parsed Parser::added(bool minus, const Token& sign, const Piece& left, const Piece& right) {
    const std::string sides =
        described(left.type) + (minus ? " minus " : " plus ") + described(right.type);
    if (!is_number(left.type) || !is_number(right.type))
        return fail(sign, quoted(sign) + " needs numbers, this is " + sides);
    const Unit a = left.type.unit, b = right.type.unit;
    const Op op = minus ? Op::subtract : Op::add;
    if (minus && a == b) return join(op, sign, left, right, number(difference_of(a)));
    if (a == b && !is_level(a)) return join(op, sign, left, right, number(a));
    if (is_level(a) && b == difference_of(a)) return join(op, sign, left, right, number(a));
    if (!minus && is_level(b) && a == difference_of(b))
        return join(op, sign, left, right, number(b));
    return fail(sign, "there is no " + sides);
}

Parser::Parsed Parser::multiplied(bool over, const Token& sign, const Piece& left,
                                  const Piece& right) {
    const std::string sides =
        described(left.type) + (over ? " divided by " : " times ") + described(right.type);
    if (!is_number(left.type) || !is_number(right.type))
        return fail(sign, quoted(sign) + " needs numbers, this is " + sides);
    const Unit a = left.type.unit, b = right.type.unit;
    const Op op = over ? Op::divide : Op::multiply;
    if (is_level(a) || is_level(b)) return fail(sign, "there is no " + sides);
    if (b == Unit::none) return join(op, sign, left, right, number(a));
    if (over && a == b) return join(op, sign, left, right, number(Unit::none));
    if (!over && a == Unit::none) return join(op, sign, left, right, number(b));
    return fail(sign, "there is no " + sides);
}

Parser::Parsed Parser::join(Op op, const Token& sign, const Piece& left, const Piece& right,
                            Type type) {
    Expression::Node node;
    node.op = op;
    node.first = left.node;
    node.second = right.node;
    node.place = static_cast<std::uint32_t>(sign.offset);
    return add_node(node, type);
}

// ---- bookkeeping -----------------------------------------------------------------------------

int Parser::depth_of(std::uint32_t node) const {
    return node == Expression::nothing ? 0 : made_.nodes_[node].depth;
}

Parser::Parsed Parser::add_node(Expression::Node node, Type type) {
    const bool is_leaf = node.op == Op::number || node.op == Op::boolean || node.op == Op::text
                         || node.op == Op::property;
    const bool has_one =
        node.op == Op::negate || node.op == Op::negation || node.op == Op::absolute;
    if (!is_leaf) {
        node.depth = 1 + std::max(depth_of(node.first), has_one ? 0 : depth_of(node.second));
        if (node.depth > Expression::deepest) return fail(now_, "nested too deeply");
    }
    made_.nodes_.push_back(node);
    return Piece{static_cast<std::uint32_t>(made_.nodes_.size() - 1), type};
}

Parser::Parsed Parser::fail(const Token& at, std::string message) {
    if (!error_) error_ = ExpressionError{at.offset, std::move(message)};
    return std::nullopt;
}

bool Parser::expect(std::string_view sign, std::string_view why) {
    if (is_sign(sign)) {
        advance();
        return true;
    }
    fail(now_,
         "expected '" + std::string(sign) + "' " + std::string(why) + ", found " + quoted(now_));
    return false;
}

} // namespace prefade
