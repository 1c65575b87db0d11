#include "knowledge/plugin.h"

#include "knowledge/spelling.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

std::string in_a_list(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) (text += text.empty() ? "" : ", ") += word;
    return text;
}

std::string in_a_list(const std::vector<double>& steps, ControlUnit unit) {
    std::string text;
    for (const double step : steps) (text += text.empty() ? "" : ", ") += to_text(step, unit);
    return text;
}

std::size_t nearest_place(const std::vector<double>& positions, double at) {
    const auto nearer = [at](double a, double b) { return std::abs(a - at) < std::abs(b - at); };
    return static_cast<std::size_t>(std::min_element(positions.begin(), positions.end(), nearer)
                                    - positions.begin());
}

/// Rounding of a few conversions, not more.
bool is_same(double a, double b) noexcept {
    if (std::isinf(a) || std::isinf(b)) return a == b;
    return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

bool is_named(const std::string& key, const std::string& name,
              const std::vector<std::string>& aliases) {
    const auto is_it = [&](const std::string& written) { return spoken_key(written) == key; };
    return is_it(name) || std::any_of(aliases.begin(), aliases.end(), is_it);
}

/// The number that stands where `pattern` has its "{n}"; that of a "{1}" at its end, of which nothing stands in the
/// name; 0 where it has neither and the two are the same.
std::optional<std::uint16_t> band_in(std::string_view pattern, std::string_view name) {
    const std::size_t at = pattern.find("{n}");
    if (at == std::string_view::npos) {
        const bool is_first = pattern.ends_with("{1}");
        if (is_first) pattern.remove_suffix(3);
        return pattern == name ? std::optional<std::uint16_t>{is_first ? 1 : 0} : std::nullopt;
    }
    const std::string_view before = pattern.substr(0, at), after = pattern.substr(at + 3);
    if (name.size() <= before.size() + after.size() || name.substr(0, at) != before
        || name.substr(name.size() - after.size()) != after)
        return std::nullopt;
    std::uint16_t band = 0;
    for (const char c : name.substr(at, name.size() - before.size() - after.size())) {
        if (c < '0' || c > '9' || band > 999) return std::nullopt;
        band = static_cast<std::uint16_t>(band * 10 + (c - '0'));
    }
    return band == 0 ? std::nullopt : std::optional{band};
}

} // namespace

// ---- a control -------------------------------------------------------------------------------

Result<double> PluginControl::to_unit(Normalized normalized) const {
    if (is_choice())
        return Error{ErrorCode::invalid, name + " is a choice: " + in_a_list(choices),
                     origin.where};
    if (!positions.empty()) return steps[nearest_place(positions, normalized.value())];
    if (law) return law->unit_of(normalized);
    return Error{ErrorCode::unsupported,
                 "how " + name
                     + " follows the host's 0 to 1 is not known: read the host's own text",
                 origin.where};
}

Result<Normalized> PluginControl::from_unit(double value) const {
    if (is_choice())
        return Error{ErrorCode::invalid, name + " is a choice: " + in_a_list(choices),
                     origin.where};
    if (auto fits = takes({value, value, unit}); !fits) return fits.error();
    if (!positions.empty()) {
        const auto step =
            std::find_if(steps.begin(), steps.end(), [&](double s) { return is_same(s, value); });
        return Normalized{positions[static_cast<std::size_t>(step - steps.begin())]};
    }
    if (law) return law->normalized_of(value);
    return to_unit(Normalized{}).error();
}

Result<std::string> PluginControl::choice_at(Normalized normalized) const {
    if (!is_choice())
        return Error{ErrorCode::invalid,
                     name + " is a number in " + std::string(name_in(control_unit_names, unit))
                         + ", no choice",
                     origin.where};
    if (positions.empty())
        return Error{ErrorCode::unsupported,
                     "where the choices of " + name
                         + " lie in the host's 0 to 1 is not known: read the host's own text",
                     origin.where};
    return choices[nearest_place(positions, normalized.value())];
}

Result<Normalized> PluginControl::from_choice(std::string_view choice) const {
    if (auto known = choice_at(Normalized{}); !known) return known.error();
    const auto number = choice_named(choice);
    if (!number)
        return Error{ErrorCode::invalid,
                     name + " has no " + in_quotes(choice) + "; it has " + in_a_list(choices),
                     origin.where};
    return Normalized{positions[*number]};
}

std::optional<std::size_t> PluginControl::choice_named(std::string_view choice) const {
    const std::string key = choice_key(choice);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (choices[i] == choice) return i;
        if (key.empty() || choice_key(choices[i]) != key) continue;
        if (found) return std::nullopt; // two are spelled so
        found = i;
    }
    return found;
}

Result<void> PluginControl::takes(const Amount& amount) const {
    const auto asked = in_unit(amount, unit);
    if (!asked)
        return Error{ErrorCode::invalid,
                     to_text(amount) + " is not in the unit of " + name + ", which is "
                         + std::string(name_in(control_unit_names, unit)),
                     origin.where};
    const auto is_out = [&](double value) {
        return lowest && (value < *lowest || value > *highest) && !is_same(value, *lowest)
               && !is_same(value, *highest);
    };
    if (is_out(asked->from) || is_out(asked->to))
        return Error{ErrorCode::invalid,
                     to_text(*asked) + " is outside " + name + ", which goes from "
                         + to_text(*lowest, unit) + " to " + to_text(*highest, unit),
                     origin.where};
    const auto is_step = [&](double value) {
        return std::any_of(steps.begin(), steps.end(),
                           [&](double step) { return is_same(step, value); });
    };
    if (!steps.empty() && !(is_step(asked->from) && is_step(asked->to)))
        return Error{ErrorCode::invalid,
                     to_text(*asked) + " is between the steps of " + name + ": "
                         + in_a_list(steps, unit),
                     origin.where};
    return {};
}

// ---- a plugin --------------------------------------------------------------------------------

const PluginControl* Plugin::find(std::string_view control_id) const noexcept {
    const auto found = std::find_if(controls.begin(), controls.end(),
                                    [&](const PluginControl& c) { return c.id == control_id; });
    return found == controls.end() ? nullptr : &*found;
}

Result<const PluginControl*> Plugin::control(std::string_view words) const {
    const std::string key = spoken_key(words);
    for (const PluginControl& control : controls)
        if (!key.empty()
            && (spoken_key(control.id) == key || is_named(key, control.name, control.aliases)
                || is_named(key, control.name, control.reported)))
            return &control;
    if (const MissingControl* none = missing_control(words))
        return Error{ErrorCode::unsupported, name + " has no " + none->name + ": " + none->instead,
                     none->origin.where};
    std::vector<std::string_view> known;
    for (const PluginControl& control : controls) known.push_back(control.name);
    return Error{ErrorCode::not_found,
                 name + " has no " + in_quotes(words) + known_names(words, known), origin.where};
}

Result<BandOf> Plugin::reported_control(std::string_view parameter) const {
    for (const PluginControl& control : controls) {
        const bool names_each = control.bands > 1 && control.reported.size() == control.bands;
        for (std::size_t i = 0; i < control.reported.size(); ++i) {
            const auto band = band_in(control.reported[i], parameter);
            if (!band || *band > control.bands) continue;
            if (*band == 0 && names_each)
                return BandOf{&control, static_cast<std::uint16_t>(i + 1)};
            return BandOf{&control, *band};
        }
    }
    return Error{ErrorCode::not_found,
                 "the entry of " + name + " does not speak of a parameter " + in_quotes(parameter),
                 origin.where};
}

const MissingControl* Plugin::missing_control(std::string_view words) const {
    const std::string key = spoken_key(words);
    if (key.empty()) return nullptr;
    for (const MissingControl& none : missing)
        if (is_named(key, none.name, none.aliases)) return &none;
    return nullptr;
}

} // namespace prefade
