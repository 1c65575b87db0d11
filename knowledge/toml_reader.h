// Reading a TOML file with nothing left unchecked: each table says which keys it knows, each value
// what it must be, and every complaint has file, line and column, inside long strings too. Only
// knowledge/*.cpp includes this. Pure; any thread.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "knowledge/expression.h"
#include "knowledge/quantity.h"

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade {

/// A parsed file with its text and the complaints about it.
class TomlFile {
public:
    /// Syntax errors land in `errors`; the table is empty then.
    TomlFile(std::string_view text, std::string name);

    const toml::table& root() const noexcept { return root_; }
    const std::string& name() const noexcept { return name_; }
    std::vector<Error>& errors() noexcept { return errors_; }

    void complain(const toml::node& at, std::string message);
    std::string where(const toml::node& at) const { return where(byte_of(at.source().begin)); }
    /// At byte `offset` of the string that `at` holds.
    void complain_in(const toml::node& at, std::size_t offset, std::string message);

private:
    std::size_t byte_of(toml::source_position position) const;
    std::string where(std::size_t byte) const;

    std::string_view text_;
    std::string name_;
    toml::table root_;
    std::vector<Error> errors_;
};

/// One table of the file. A reading function that finds nothing usable complains and returns nothing
/// (or an empty list); `finish` complains about keys nobody asked for.
class TableReader {
public:
    TableReader(TomlFile& file, const toml::table& table, std::string what)
        : file_(&file),
          table_(&table),
          what_(std::move(what)) {}

    bool has(std::string_view key) { return find(key) != nullptr; }
    /// What is required may not be empty.
    std::optional<std::string> text(std::string_view key, bool required = false);
    std::optional<bool> flag(std::string_view key);
    /// inf is one, nan is not.
    std::optional<double> number(std::string_view key);
    /// Within `lowest` and `highest`.
    std::optional<std::uint16_t> whole(std::string_view key, std::uint16_t lowest,
                                       std::uint16_t highest);
    std::vector<double> numbers(std::string_view key);
    /// [[0, 10], [1, 200]]
    std::vector<std::pair<double, double>> pairs(std::string_view key);
    std::optional<Quantity> quantity(std::string_view key, Unit unit);
    std::optional<Duration> span(std::string_view key);
    std::optional<Expression> expression(std::string_view key, const ExpressionContext& context,
                                         std::optional<Type::Kind> kind, bool required = false);
    std::vector<std::string> texts(std::string_view key); ///< none of them empty
    std::vector<TableReader> tables(std::string_view key);
    std::optional<TableReader> table(std::string_view key);

    template <class E, std::size_t N>
    std::optional<E> choice(std::string_view key, const Names<E, N>& names, bool required = false) {
        const auto word = text(key, required);
        if (!word) return std::nullopt;
        const auto value = value_in(names, *word);
        if (!value) complain(key, "\"" + *word + "\" is none of: " + all_names(names));
        return value;
    }

    /// A text or a list of texts, each of `names`.
    template <class E, std::size_t N>
    std::vector<E> several(std::string_view key, const Names<E, N>& names) {
        std::vector<E> all;
        for (const std::string& word : texts(key)) {
            if (const auto value = value_in(names, word))
                all.push_back(*value);
            else
                complain(key, "\"" + word + "\" is none of: " + all_names(names));
        }
        return all;
    }

    /// All keys of the table, asked for or not.
    std::vector<std::string> keys() const;
    /// file:line:column of the value of `key`, or of the table when it has none.
    std::string where(std::string_view key = {}) const;
    /// About the value of `key`, or the table when it has none.
    void complain(std::string_view key, std::string message);
    void complain_in(std::string_view key, std::size_t offset, std::string message);
    void finish();
    std::uint32_t line() const { return table_->source().begin.line; }
    TomlFile& file() const noexcept { return *file_; }

private:
    const toml::node* find(std::string_view key);

    TomlFile* file_;
    const toml::table* table_;
    std::string what_; ///< "a rule", for messages
    std::vector<std::string> known_;
};

} // namespace prefade
