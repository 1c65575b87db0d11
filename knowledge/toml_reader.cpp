#include "knowledge/toml_reader.h"

#include "knowledge/spelling.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

bool continues(char c) noexcept { return (c & 0xC0) == 0x80; } // a later byte of a UTF-8 character

/// Bytes of the file that make up one unit of a basic string at `at`, and bytes of value they become.
struct Step {
    std::size_t raw{1}, value{1};
};

Step escaped(std::string_view text, std::size_t at) {
    const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
    if (kind == 'u' || kind == 'U') {
        const std::size_t digits = kind == 'u' ? 4 : 8;
        unsigned long code = 0;
        for (std::size_t i = at + 2; i < std::min(at + 2 + digits, text.size()); ++i)
            code = code * 16
                   + static_cast<unsigned long>(text[i] <= '9' ? text[i] - '0'
                                                               : (text[i] | 0x20) - 'a' + 10);
        return {2 + digits, code < 0x80 ? 1U : code < 0x800 ? 2U : code < 0x10000 ? 3U : 4U};
    }
    if (kind != '\n' && kind != '\r' && kind != ' ' && kind != '\t') return {2, 1};
    const std::size_t next =
        text.find_first_not_of(" \t\r\n", at + 1); // a line joined by a backslash
    return {(next == std::string_view::npos ? text.size() : next) - at, 0};
}

/// Byte of the file where byte `offset` of the string's value stands; the string opens at `at`.
std::size_t inside_string(std::string_view text, std::size_t at, std::size_t offset) {
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return at;
    const char quote = text[at];
    const bool is_long = text.substr(at, 3) == std::string(3, quote);
    at += is_long ? 3 : 1;
    if (is_long && text.substr(at, 2) == "\r\n")
        at += 2;
    else if (is_long && at < text.size() && text[at] == '\n')
        ++at;
    for (std::size_t value = 0; value < offset && at < text.size();) {
        const Step step = quote == '"' && text[at] == '\\' ? escaped(text, at) : Step{};
        at += step.raw;
        value += step.value;
    }
    return std::min(at, text.size());
}

} // namespace

TomlFile::TomlFile(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
    try {
        root_ = toml::parse(text_);
    } catch (const toml::parse_error& error) {
        errors_.push_back({ErrorCode::invalid, std::string(error.description()),
                           where(byte_of(error.source().begin))});
    }
}

std::size_t TomlFile::byte_of(toml::source_position position) const {
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < position.line && at < text_.size(); ++line) {
        const std::size_t end = text_.find('\n', at);
        at = end == std::string_view::npos ? text_.size() : end + 1;
    }
    for (std::uint32_t column = 1; column < position.column && at < text_.size(); ++column) {
        ++at;
        while (at < text_.size() && continues(text_[at])) ++at;
    }
    return at;
}

std::string TomlFile::where(std::size_t byte) const {
    const std::string_view before = text_.substr(0, byte);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start =
        before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const auto column = 1
                        + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start),
                                        before.end(), [](char c) { return !continues(c); });
    return name_ + ':' + std::to_string(line) + ':' + std::to_string(column);
}

void TomlFile::complain(const toml::node& at, std::string message) {
    errors_.push_back({ErrorCode::invalid, std::move(message), where(byte_of(at.source().begin))});
}

void TomlFile::complain_in(const toml::node& at, std::size_t offset, std::string message) {
    errors_.push_back({ErrorCode::invalid, std::move(message),
                       where(inside_string(text_, byte_of(at.source().begin), offset))});
}

// ---- tables ----------------------------------------------------------------------------------

const toml::node* TableReader::find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_->get(key);
}

void TableReader::complain(std::string_view key, std::string message) {
    const toml::node* node = table_->get(key);
    file_->complain(node ? *node : *table_, std::string(key) + ": " + std::move(message));
}

void TableReader::complain_in(std::string_view key, std::size_t offset, std::string message) {
    const toml::node* node = table_->get(key);
    file_->complain_in(node ? *node : *table_, offset,
                       std::string(key) + ": " + std::move(message));
}

std::optional<std::string> TableReader::text(std::string_view key, bool required) {
    const toml::node* node = find(key);
    if (!node) {
        if (required) complain(key, what_ + " needs it");
        return std::nullopt;
    }
    const auto* string = node->as_string();
    if (!string)
        complain(key, "must be a text in quotes");
    else if (required && string->get().find_first_not_of(" \t\r\n") == std::string::npos)
        complain(key, "says nothing");
    else
        return string->get();
    return std::nullopt;
}

std::optional<bool> TableReader::flag(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    if (const auto* flag = node->as_boolean()) return flag->get();
    complain(key, "must be true or false, without quotes");
    return std::nullopt;
}

namespace {

/// Whole numbers count too. Nothing for what is no number, and for nan.
std::optional<double> number_of(const toml::node& node) {
    if (const auto* whole = node.as_integer()) return static_cast<double>(whole->get());
    if (const auto* real = node.as_floating_point(); real && !std::isnan(real->get()))
        return real->get();
    return std::nullopt;
}

} // namespace

std::optional<double> TableReader::number(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    const auto number = number_of(*node);
    if (!number) complain(key, "must be a number, without quotes and unit");
    return number;
}

std::optional<std::uint16_t> TableReader::whole(std::string_view key, std::uint16_t lowest,
                                                std::uint16_t highest) {
    const auto written = number(key);
    if (!written) return std::nullopt;
    if (*written >= lowest && *written <= highest && *written == std::floor(*written))
        return static_cast<std::uint16_t>(*written);
    complain(key, "must be a whole number from " + std::to_string(lowest) + " to "
                      + std::to_string(highest));
    return std::nullopt;
}

std::vector<double> TableReader::numbers(std::string_view key) {
    std::vector<double> all;
    const toml::node* node = find(key);
    if (!node) return all;
    const auto* array = node->as_array();
    if (!array) {
        complain(key, "must be a list of numbers");
        return all;
    }
    for (const toml::node& item : *array) {
        if (const auto number = number_of(item))
            all.push_back(*number);
        else
            file_->complain(item, std::string(key)
                                      + ": must be a list of numbers, without quotes and unit");
    }
    return all;
}

std::vector<std::pair<double, double>> TableReader::pairs(std::string_view key) {
    std::vector<std::pair<double, double>> all;
    const toml::node* node = find(key);
    if (!node) return all;
    const auto* array = node->as_array();
    if (!array) {
        complain(key, "must be a list of pairs, as [[0, 10], [1, 200]]");
        return all;
    }
    for (const toml::node& item : *array) {
        const auto* pair = item.as_array();
        const bool is_pair = pair && pair->size() == 2;
        const auto first = is_pair ? number_of(*pair->get(0)) : std::nullopt;
        const auto second = is_pair ? number_of(*pair->get(1)) : std::nullopt;
        if (first && second)
            all.emplace_back(*first, *second);
        else
            file_->complain(item, std::string(key) + ": a pair is two numbers, as [0, 10]");
    }
    return all;
}

std::vector<std::string> TableReader::keys() const {
    std::vector<std::string> all;
    for (const auto& [key, node] : *table_) all.emplace_back(key.str());
    return all;
}

std::string TableReader::where(std::string_view key) const {
    const toml::node* node = key.empty() ? nullptr : table_->get(key);
    return file_->where(node ? *node : *table_);
}

std::optional<Quantity> TableReader::quantity(std::string_view key, Unit unit) {
    const auto written = text(key);
    if (!written) return std::nullopt;
    const auto quantity = parse_quantity(*written);
    if (quantity && quantity->unit == unit) return quantity;
    complain(key, "\"" + *written + "\" is not a number in " + described(unit));
    return std::nullopt;
}

std::optional<Duration> TableReader::span(std::string_view key) {
    constexpr double longest = 3600.0;
    const auto seconds = quantity(key, Unit::seconds);
    if (!seconds) return std::nullopt;
    if (seconds->number >= 0.0 && seconds->number <= longest)
        return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds->number));
    complain(key, "must be 0 s to 60 min");
    return std::nullopt;
}

std::optional<Expression> TableReader::expression(std::string_view key,
                                                  const ExpressionContext& context,
                                                  std::optional<Type::Kind> kind, bool required) {
    const auto written = text(key, required);
    if (!written) return std::nullopt;
    auto compiled = Expression::compile(*written, context);
    if (const auto* error = std::get_if<ExpressionError>(&compiled)) {
        complain_in(key, error->offset, error->message);
        return std::nullopt;
    }
    auto& made = std::get<Expression>(compiled);
    if (kind && made.type().kind != *kind) {
        complain(key, "must be " + described(Type{*kind, made.type().unit}) + ", this is "
                          + described(made.type()));
        return std::nullopt;
    }
    return std::move(made);
}

std::vector<std::string> TableReader::texts(std::string_view key) {
    std::vector<std::string> all;
    const toml::node* node = find(key);
    if (!node) return all;
    const auto take = [&](const toml::node& item) {
        const auto* string = item.as_string();
        if (!string)
            file_->complain(item, std::string(key) + ": must be a list of texts in quotes");
        else if (string->get().empty())
            file_->complain(item, std::string(key) + ": an empty text says nothing");
        else
            all.push_back(string->get());
    };
    if (node->is_string()) {
        take(*node);
    } else if (const auto* array = node->as_array()) {
        for (const toml::node& item : *array) take(item);
    } else {
        complain(key, "must be a text or a list of texts");
    }
    return all;
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
    std::vector<TableReader> all;
    const toml::node* node = find(key);
    if (!node) return all;
    const auto* array = node->as_array();
    if (!array || !array->is_array_of_tables()) {
        complain(key, "must be written as [[" + std::string(key) + "]]");
        return all;
    }
    for (const toml::node& item : *array)
        all.emplace_back(*file_, *item.as_table(), std::string(key));
    return all;
}

std::optional<TableReader> TableReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    if (const auto* inner = node->as_table()) return TableReader(*file_, *inner, std::string(key));
    complain(key, "must be written as [" + std::string(key) + "]");
    return std::nullopt;
}

void TableReader::finish() {
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    for (const auto& [key, node] : *table_)
        if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
            file_->complain(node, what_ + " has no \"" + std::string(key.str()) + "\""
                                      + known_names(key.str(), known));
}

} // namespace prefade
