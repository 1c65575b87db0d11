// Words, numbers and signs of an expression, with their place in the text. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace prefade {

struct Token {
    enum class Kind { end, number, word, text, sign, bad } kind{Kind::end};
    std::string_view text; ///< as written; of `text` without its quotes
    double number{0.0};
    std::size_t offset{0}; ///< of its first byte
};

/// Gives one token after the other; `bad` for a byte that starts none, and for an open quote.
class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}
    Token next();

private:
    Token number();
    Token quoted(char quote);
    Token taken(Token::Kind kind, std::size_t length);

    std::string_view text_;
    std::size_t at_{0};
};

} // namespace prefade
