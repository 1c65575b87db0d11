// What rules ask of the plugins on a strip: settings in units, choices, what stands before and behind.
#include "knowledge/functions.h"
#include "knowledge/plugin_table.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <array>

namespace prefade {

std::optional<Unit> rule_unit(ControlUnit unit) noexcept {
    switch (unit) {
    case ControlUnit::decibel: return Unit::db;
    case ControlUnit::dbfs: return Unit::dbfs;
    case ControlUnit::dbtp: return Unit::dbtp;
    case ControlUnit::hertz: return Unit::hertz;
    case ControlUnit::seconds: return Unit::seconds;
    case ControlUnit::percent: return Unit::percent;
    case ControlUnit::ratio:
    case ControlUnit::octaves:
    case ControlUnit::number: return Unit::none;
    default: return std::nullopt;
    }
}

namespace {

constexpr auto owner = Function::Owner::insert;
constexpr auto itself = Function::Of::itself;

Value told(double value, TimePoint at) { return {value, Missing::none, at}; }
Value text_of(std::string_view value) { return {value, Missing::none, TimePoint::max()}; }
Value number_of(double value) { return {value, Missing::none, TimePoint::max()}; }

Value in_asked_unit(const InsertControl& at, ControlUnit unit) {
    const auto value = value_in_unit(at);
    const auto amount =
        value ? in_unit({*value, *value, at.control->unit}, unit) : std::optional<Amount>{};
    return amount ? told(amount->from, at.parameter->value.at) : Value::unknown(Missing::not_told);
}

/// Of the one control that answers to the words.
Value setting_of(PluginTable& plugins, const Insert& insert, const Measure& measure) {
    const auto found = plugins.controls(insert, measure.control);
    if (found.size() != 1) return Value::unknown(Missing::not_told);
    return in_asked_unit(found[0], measure.unit);
}

Value setting(const Asked& asked) {
    return setting_of(*asked.frame.plugins, *asked.frame.insert, asked.measure);
}

/// Over the bands that are switched on; unknown when it cannot be told of one.
template <class Better> Value over_bands(const Asked& asked, Better better) {
    PluginTable& plugins = *asked.frame.plugins;
    Value best = Value::unknown(Missing::not_told);
    for (const InsertControl& at : plugins.controls(*asked.frame.insert, asked.measure.control)) {
        const auto is_on = plugins.is_band_on(*asked.frame.insert, at.band);
        if (!is_on) return Value::unknown(Missing::not_told);
        if (!*is_on) continue;
        const Value value = in_asked_unit(at, asked.measure.unit);
        if (!value.is_known()) return value;
        if (!best.is_known() || better(value.number(), best.number())) best = value;
    }
    return best;
}

Value most(const Asked& asked) { return over_bands(asked, std::greater<>()); }
Value least(const Asked& asked) { return over_bands(asked, std::less<>()); }

Value choice(const Asked& asked) {
    const auto found = asked.frame.plugins->controls(*asked.frame.insert, asked.measure.control);
    const std::string* stands = found.size() == 1 ? choice_of(found[0]) : nullptr;
    if (!stands) return Value::unknown(Missing::not_told);
    return {std::string_view(*stands), Missing::none, found[0].parameter->value.at};
}

Value active(const Asked& asked) {
    const auto is = asked.frame.plugins->is_active(*asked.frame.insert);
    return is ? Value{*is, Missing::none, asked.frame.insert->bypassed.at}
              : Value::unknown(Missing::not_told);
}

/// Works, and is of the kind.
bool is_kind(PluginTable& plugins, const Insert& insert, const std::string& kind) {
    const Plugin* plugin = plugins.plugin(insert);
    return plugin && name_in(plugin_kind_names, plugin->kind) == kind
           && plugins.is_active(insert).value_or(false);
}

template <class Where> Value count_where(const Asked& asked, Where where) {
    double count = 0.0;
    for (const Insert& other : asked.strip->inserts)
        if (where(other) && is_kind(*asked.frame.plugins, other, asked.measure.kind)) ++count;
    return number_of(count);
}

Value before(const Asked& asked) {
    return count_where(asked,
                       [&](const Insert& other) { return other.slot < asked.frame.insert->slot; });
}

Value behind(const Asked& asked) {
    return count_where(asked,
                       [&](const Insert& other) { return other.slot > asked.frame.insert->slot; });
}

/// The nearest before it that works and is of the kind.
Value earlier(const Asked& asked) {
    const Insert* nearest = nullptr;
    for (const Insert& other : asked.strip->inserts)
        if (other.slot < asked.frame.insert->slot && (!nearest || other.slot > nearest->slot)
            && is_kind(*asked.frame.plugins, other, asked.measure.kind))
            nearest = &other;
    return nearest ? setting_of(*asked.frame.plugins, *nearest, asked.measure)
                   : Value::unknown(Missing::not_told);
}

/// Controls that are corners of a low cut, by id, and the switch that lets them work, where they have one.
struct LowCut {
    std::string_view corner, on;
};
constexpr std::array low_cuts{LowCut{"high-pass-frequency", "high-pass"}, LowCut{"high-pass", ""},
                              LowCut{"low-cut", ""}, LowCut{"hipass", ""}};
/// Kinds that may have a low cut, or bands that are one.
constexpr std::array cutting{PluginKind::eq,     PluginKind::dynamic_eq, PluginKind::channel_strip,
                             PluginKind::reverb, PluginKind::delay,      PluginKind::suite,
                             PluginKind::repair};
/// Entries of those kinds that have none: ACE Reverb's entry says so.
constexpr std::array<std::string_view, 1> uncutting{"ace-reverb"};

/// Of one insert; nothing when it may have one that cannot be read.
std::optional<double> low_cut_of(PluginTable& plugins, const Insert& insert) {
    const Plugin* plugin = plugins.plugin(insert);
    const auto works = plugins.is_active(insert);
    if (works && !*works) return 0.0;
    if (!plugin || !works) return std::nullopt;
    for (const LowCut& cut : low_cuts) {
        const PluginControl* control = plugin->find(cut.corner);
        if (!control || control->is_choice()) continue;
        const auto corner = plugins.controls(insert, control->id);
        if (corner.size() != 1) return std::nullopt;
        if (!cut.on.empty()) {
            const auto on = plugins.controls(insert, std::string(cut.on));
            const std::string* stands = on.size() == 1 ? choice_of(on[0]) : nullptr;
            if (!stands) return std::nullopt;
            if (choice_key(*stands) == "off") return 0.0;
        }
        const Value value = in_asked_unit(corner[0], ControlUnit::hertz);
        return value.is_known() ? std::optional(value.number()) : std::nullopt;
    }
    const bool may_cut =
        std::find(cutting.begin(), cutting.end(), plugin->kind) != cutting.end()
        && std::find(uncutting.begin(), uncutting.end(), plugin->id) == uncutting.end();
    return may_cut ? std::nullopt : std::optional(0.0);
}

/// What it gives is kept until the host tells a value of the insert anew.
constexpr Function kept(Function function) {
    function.costly = true;
    return function;
}
constexpr Function of_kind(Function function) {
    function.names_kind = true;
    return function;
}
constexpr Function of_control(Function function) {
    function.names_control = true;
    return function;
}
constexpr Function in_unit_of_rule(Function function) {
    function.names_unit = true;
    return of_control(function);
}

constexpr Type plain = types::number(Unit::none);

const std::array insert_table{
    Function{owner, "plugin", 0, types::text, itself,
             [](const Asked& a) { return text_of(a.frame.insert->plugin); },
             "its name, as the host says it"},
    Function{owner, "kind", 0, types::text, itself,
             [](const Asked& a) {
                 const Plugin* plugin = a.frame.plugins->plugin(*a.frame.insert);
                 return plugin ? text_of(name_in(plugin_kind_names, plugin->kind))
                               : Value::unknown(Missing::not_told);
             },
             "\"compressor\", \"eq\" ..., as the plugin catalog has it"},
    Function{owner, "slot", 0, plain, itself,
             [](const Asked& a) { return number_of(a.frame.insert->slot); },
             "its place on the strip, from 0"},
    kept({owner, "active", 0, types::boolean, itself, active,
          "works on the sound: neither bypassed nor switched off by its own switch"}),
    kept(in_unit_of_rule({owner, "setting", 0, plain, itself, setting,
                          "where a control stands, in that unit; unknown when it cannot be "
                          "converted for certain"})),
    kept(in_unit_of_rule({owner, "most", 0, plain, itself, most,
                          "the highest of all its bands that are switched on"})),
    kept(in_unit_of_rule({owner, "least", 0, plain, itself, least,
                          "the lowest of all its bands that are switched on"})),
    kept(of_control({owner, "choice", 0, types::text, itself, choice, "where a switch stands"})),
    of_kind({owner, "before", 0, plain, itself, before,
             "how many plugins of a kind work before it on the strip"}),
    of_kind({owner, "behind", 0, plain, itself, behind,
             "how many plugins of a kind work behind it on the strip"}),
    of_kind(in_unit_of_rule({owner, "earlier", 0, plain, itself, earlier,
                             "the setting of the nearest of that kind before it"})),
};

} // namespace

std::span<const Function> insert_functions() { return insert_table; }

Value low_cut(const Asked& asked) {
    if (!asked.frame.plugins || !asked.strip->inserts_listed)
        return Value::unknown(Missing::not_certain);
    double highest = 0.0;
    for (const Insert& insert : asked.strip->inserts) {
        const auto corner = low_cut_of(*asked.frame.plugins, insert);
        if (!corner) return Value::unknown(Missing::not_certain);
        highest = std::max(highest, *corner);
    }
    return number_of(highest);
}

Value inserts_of_kind(const Asked& asked) {
    if (!asked.frame.plugins || !asked.strip->inserts_listed)
        return Value::unknown(Missing::not_certain);
    double count = 0.0;
    for (const Insert& insert : asked.strip->inserts) {
        if (!asked.frame.plugins->plugin(insert)) return Value::unknown(Missing::not_certain);
        if (is_kind(*asked.frame.plugins, insert, asked.measure.kind)) ++count;
    }
    return number_of(count);
}

} // namespace prefade
