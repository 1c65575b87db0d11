#include "knowledge/plugin_table.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

/// Switches of a whole plugin in the entries, and the choice that lets the sound pass untouched.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> own_switches{
    {{"enable", "off"}, {"bypass", "on"}, {"on", "off"}}};
/// Switches of single bands, and the choices that leave a band out.
constexpr std::array<std::string_view, 6> band_switches{"filter", "on",     "enabled",
                                                        "used",   "active", "state"};
constexpr std::array<std::string_view, 2> band_is_out{"off", "Unused"};

/// "ardour-mackie" names plugins as Ardour does.
std::string_view naming(std::string_view host) { return host.substr(0, host.find('-')); }

/// The host's own number, where its unit is known and measures the same.
std::optional<ControlUnit> own_unit(const InsertControl& at) {
    const auto unit = value_in(control_unit_names, at.parameter->unit);
    if (!unit || *unit == ControlUnit::number || *unit == ControlUnit::panel) return std::nullopt;
    return in_unit({0.0, 0.0, *unit}, at.control->unit) ? unit : std::nullopt;
}

bool is_law_certain(const PluginControl& control) {
    return control.origin.basis != Basis::uncertain && (control.law || !control.positions.empty());
}

} // namespace

PluginTable::PluginTable(std::shared_ptr<const PluginCatalog> catalog)
    : catalog_(std::move(catalog)) {}

const Value* InsertMemo::find(std::uint32_t measure) const noexcept {
    return measure < values_.size() && values_[measure] ? &*values_[measure] : nullptr;
}

void InsertMemo::keep(std::uint32_t measure, Value value) {
    if (measure >= values_.size()) values_.resize(measure + 1);
    values_[measure] = value;
}

const std::vector<KnownInsert>& PluginTable::list(const Session& session) {
    listed_.clear();
    if (!catalog_) return listed_;
    if (session.host.name != host_) plugins_.clear(); // another host may mean another by that name
    host_ = session.host.name;
    ++lists_;
    for (const Strip& strip : session.strips)
        for (const Insert& insert : strip.inserts)
            if (const Plugin* known = plugin(insert))
                listed_.push_back({&strip, &insert, known, memo_of(strip.id, insert, known)});
    std::erase_if(memos_, [&](const auto& memo) { return memo.second.seen_ != lists_; });
    return listed_;
}

InsertMemo* PluginTable::memo_of(StripId strip, const Insert& insert, const Plugin* plugin) {
    InsertMemo& memo = memos_[{strip, insert.id}];
    InsertMemo::Stamp now{
        plugin, insert.parameters.data(), insert.parameters.size(), {}, insert.bypassed.at};
    for (const Parameter& parameter : insert.parameters)
        now.newest = std::max(now.newest, parameter.value.at);
    if (!(memo.stamp_ == now)) memo = {};
    memo.stamp_ = now;
    memo.seen_ = lists_;
    return &memo;
}

const Plugin* PluginTable::plugin(const Insert& insert) {
    if (!catalog_) return nullptr;
    const auto known = plugins_.find(insert.plugin);
    if (known != plugins_.end()) return known->second;
    const auto found = catalog_->reported(insert.plugin, naming(host_));
    return plugins_[insert.plugin] = found ? *found : nullptr;
}

const PluginControl* PluginTable::find(const Plugin& plugin, const std::string& words) {
    const auto [at, is_new] = by_words_.try_emplace({&plugin, words}, nullptr);
    if (is_new)
        if (const auto found = plugin.control(words)) at->second = *found;
    return at->second;
}

BandOf PluginTable::band_of(const Plugin& plugin, const std::string& parameter) {
    const auto [at, is_new] = by_parameter_.try_emplace({&plugin, parameter}, BandOf{});
    if (is_new)
        if (const auto found = plugin.reported_control(parameter)) at->second = *found;
    return at->second;
}

std::vector<InsertControl> PluginTable::controls(const Insert& insert, const std::string& words) {
    std::vector<InsertControl> all;
    const Plugin* known = plugin(insert);
    const PluginControl* control = known ? find(*known, words) : nullptr;
    if (!control) return all;
    for (const Parameter& parameter : insert.parameters) {
        if (parameter.output) continue;
        const BandOf of = band_of(*known, parameter.name);
        if (of.control == control) all.push_back({control, &parameter, of.band});
    }
    return all;
}

std::optional<bool> PluginTable::is_active(const Insert& insert) {
    if (insert.bypassed.value && *insert.bypassed.value) return false;
    std::optional<bool> told = insert.bypassed.value ? std::optional(true) : std::nullopt;
    for (const auto& [id, off] : own_switches) {
        const auto found = controls(insert, std::string(id));
        if (found.size() != 1 || found[0].control->id != id) continue;
        const std::string* choice = choice_of(found[0]);
        if (!choice) return std::nullopt;
        if (*choice == off) return false;
        told = true;
    }
    return told;
}

std::optional<bool> PluginTable::is_band_on(const Insert& insert, std::uint16_t band) {
    if (band == 0) return true;
    for (const std::string_view id : band_switches) {
        std::vector<InsertControl> switches = controls(insert, std::string(id));
        std::erase_if(switches, [&](const InsertControl& at) {
            return at.control->id != id || !at.control->is_choice() || at.band != band;
        });
        if (switches.empty()) continue;
        const std::string* choice = switches.size() == 1 ? choice_of(switches.front()) : nullptr;
        if (!choice) return std::nullopt; // which of several it is, or how it stands
        if (std::find(band_is_out.begin(), band_is_out.end(), *choice) != band_is_out.end())
            return false;
    }
    return true;
}

std::optional<double> value_in_unit(const InsertControl& at) {
    if (!at.parameter->value.value || at.control->is_choice()) return std::nullopt;
    if (const auto unit = own_unit(at))
        return in_unit({at.parameter->plain, at.parameter->plain, *unit}, at.control->unit)->from;
    if (is_law_certain(*at.control))
        if (const auto value = at.control->to_unit(*at.parameter->value.value)) return *value;
    const auto shown = parse_amount(at.parameter->text);
    const auto amount =
        shown && !shown->is_range() ? in_unit(*shown, at.control->unit) : std::optional<Amount>{};
    return amount ? std::optional(amount->from) : std::nullopt;
}

std::optional<Normalized> normalized_in_unit(const InsertControl& at, double value) {
    if (at.control->is_choice() || !std::isfinite(value)) return std::nullopt;
    if (!at.control->takes({value, value, at.control->unit})) return std::nullopt;
    if (const auto unit = own_unit(at)) {
        const double plain = in_unit({value, value, at.control->unit}, *unit)->from;
        if (plain < at.parameter->minimum || plain > at.parameter->maximum) return std::nullopt;
        return normalized_of(*at.parameter, plain);
    }
    if (!is_law_certain(*at.control)) return std::nullopt;
    const auto normalized = at.control->from_unit(value);
    return normalized ? std::optional(*normalized) : std::nullopt;
}

const std::string* choice_of(const InsertControl& at) {
    const PluginControl& control = *at.control;
    if (!at.parameter->value.value || !control.is_choice()) return nullptr;
    if (is_law_certain(control)) {
        const auto choice = control.choice_at(*at.parameter->value.value);
        if (!choice) return nullptr;
        return &*std::find(control.choices.begin(), control.choices.end(), *choice);
    }
    if (const auto shown = control.choice_named(at.parameter->text))
        return &control.choices[*shown];
    if (at.parameter->toggle && control.choices == std::vector<std::string>{"off", "on"})
        return &control.choices[at.parameter->value.value->value() > 0.5 ? 1 : 0];
    return nullptr;
}

std::optional<Normalized> normalized_of_choice(const InsertControl& at, std::string_view choice) {
    const auto number = at.control->choice_named(choice);
    if (!number) return std::nullopt;
    if (is_law_certain(*at.control)) return Normalized{at.control->positions[*number]};
    if (at.parameter->toggle && at.control->choices == std::vector<std::string>{"off", "on"})
        return Normalized{*number == 0 ? 0.0 : 1.0};
    return std::nullopt;
}

} // namespace prefade
