// Reading a flat TOML file against a table of settings: each key has its place, its range and one line
// of documentation, and the file, --help and the shipped example come from the same table. Only
// config.cpp and policy.cpp include this.
#pragma once

#include "core/result.h"

#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

template <class Target> struct Setting {
    std::string key;
    std::string standard; ///< the default as it stands in a file
    std::string doc;      ///< one line, with unit and range
    /// Takes the value over; an error says what is expected.
    std::function<std::optional<std::string>(Target&, const toml::node&)> read;
};

/// Error with file:line:column: unreadable, syntax, unknown key (with the known ones), value that does
/// not fit.
Result<toml::table> read_toml(const std::filesystem::path& file);
Error complaint(const std::filesystem::path& file, const toml::source_position& at,
                const std::string& message);

template <class Target>
Result<void> read_settings(const std::filesystem::path& file,
                           const std::vector<Setting<Target>>& settings, Target& target) {
    const auto table = read_toml(file);
    if (!table) return table.error();
    for (const auto& [key, node] : *table) {
        const Setting<Target>* known = nullptr;
        std::string all;
        for (const Setting<Target>& s : settings) {
            if (s.key == key.str()) known = &s;
            all += (all.empty() ? "" : ", ") + s.key;
        }
        if (!known)
            return complaint(file, key.source().begin,
                             "there is no setting \"" + std::string(key.str())
                                 + "\"; there are: " + all);
        if (const auto wrong = known->read(target, node))
            return complaint(file, node.source().begin, known->key + ": " + *wrong);
    }
    return {};
}

template <class Target> std::string settings_help(const std::vector<Setting<Target>>& settings) {
    std::string text;
    for (const Setting<Target>& s : settings)
        text += "  " + s.key + " = " + s.standard + "\n      " + s.doc + '\n';
    return text;
}

/// Readers for the kinds of values there are; `store` gets a checked value.
template <class Target>
auto text_setting(std::function<std::optional<std::string>(Target&, const std::string&)> store) {
    return [store](Target& target, const toml::node& node) -> std::optional<std::string> {
        if (const auto value = node.value_exact<std::string>()) return store(target, *value);
        return "a text in quotes is expected";
    };
}

template <class Target>
auto number_setting(double low, double high, std::function<void(Target&, double)> store) {
    return [=](Target& target, const toml::node& node) -> std::optional<std::string> {
        const auto value = node.value<double>();
        if (node.is_number() && value && *value >= low && *value <= high) { // NaN compares false
            store(target, *value);
            return std::nullopt;
        }
        char text[96];
        std::snprintf(text, sizeof text, "a number from %g to %g is expected", low, high);
        return text;
    };
}

template <class Target>
auto texts_setting(
    std::function<std::optional<std::string>(Target&, const std::vector<std::string>&)> store) {
    return [store](Target& target, const toml::node& node) -> std::optional<std::string> {
        const toml::array* array = node.as_array();
        std::vector<std::string> texts;
        if (array)
            for (const toml::node& item : *array)
                if (const auto text = item.value_exact<std::string>()) texts.push_back(*text);
        if (!array || texts.size() != array->size())
            return "a list of texts is expected: [\"fader\", \"trim\"]";
        return store(target, texts);
    };
}

} // namespace prefade
