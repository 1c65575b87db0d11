#include "knowledge/lexer.h"

#include <array>
#include <limits>

namespace prefade {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::array<std::string_view, 15> signs{"<=", ">=", "==", "!=", "<", ">", "(", ")",
                                                 ",",  ".",  ":",  "+",  "-", "*", "/"};

} // namespace

Token Lexer::taken(Token::Kind kind, std::size_t length) {
    const Token token{kind, text_.substr(at_, length), 0.0, at_};
    at_ += length;
    return token;
}

Token Lexer::next() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) return {Token::Kind::end, {}, 0.0, at_};
    const char c = text_[at_];
    if (is_digit(c)) return number();
    if (c == '"' || c == '\'') return quoted(c);
    if (is_letter(c)) {
        std::size_t end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
        Token word = taken(Token::Kind::word, end - at_);
        if (word.text == "inf") {
            word.kind = Token::Kind::number;
            word.number = std::numeric_limits<double>::infinity();
        }
        return word;
    }
    if (c == '%') return taken(Token::Kind::word, 1);
    for (const std::string_view sign : signs)
        if (text_.substr(at_, sign.size()) == sign) return taken(Token::Kind::sign, sign.size());
    std::size_t length = 1; // the whole of a character of several bytes, for the message
    while (at_ + length < text_.size() && (text_[at_ + length] & 0xC0) == 0x80) ++length;
    return taken(Token::Kind::bad, length);
}

Token Lexer::number() {
    // Digits with at most one point and no exponent: twelve digits either side are more than any
    // unit here can use, and keep the arithmetic exact enough without a library and its locale.
    std::size_t end = at_;
    double value = 0.0, part = 1.0;
    while (end < text_.size() && is_digit(text_[end])) value = value * 10.0 + (text_[end++] - '0');
    if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
        ++end;
        double digits = 0.0;
        while (end < text_.size() && is_digit(text_[end]) && part < 1e12) {
            digits = digits * 10.0 + (text_[end++] - '0');
            part *= 10.0;
        }
        value += digits / part;
    }
    if (value > 1e12) return taken(Token::Kind::bad, end - at_);
    Token token = taken(Token::Kind::number, end - at_);
    token.number = value;
    return token;
}

Token Lexer::quoted(char quote) {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) return taken(Token::Kind::bad, text_.size() - at_);
    Token token{Token::Kind::text, text_.substr(at_ + 1, close - at_ - 1), 0.0, at_};
    at_ = close + 1;
    return token;
}

} // namespace prefade
