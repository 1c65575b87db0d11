// What can be looked at only when all parts of an entry are there: its own and those of its base.
#include "knowledge/plugin_reader.h"
#include "knowledge/spelling.h"

#include <algorithm>

namespace prefade {

namespace {

class PluginChecker {
public:
    explicit PluginChecker(Plugin& plugin) : plugin_(plugin) {}

    std::vector<Error> check() {
        for (const PluginMode& mode : plugin_.modes) check_mode(mode);
        for (PluginUse& use : plugin_.uses) {
            for (PluginSetting& setting : use.settings) check_setting(setting);
            if (!use.turn.empty()) (void)known(use.turn, "turn", use.origin.where);
        }
        for (const PluginConflict& conflict : plugin_.conflicts)
            if (!conflict.control.empty())
                (void)known(conflict.control, "control", conflict.origin.where);
        return std::move(errors_);
    }

private:
    const PluginControl* known(const std::string& id, std::string_view key,
                               const std::string& where) {
        if (const PluginControl* control = plugin_.find(id)) return control;
        const std::string start = std::string(key) + ": " + plugin_.name + " has no \"" + id + '"';
        if (const MissingControl* none = plugin_.missing_control(id)) {
            complain(where, start + ", as its own [[missing]] says: " + none->instead);
            return nullptr;
        }
        std::vector<std::string_view> ids;
        for (const PluginControl& control : plugin_.controls) ids.push_back(control.id);
        complain(where, start + known_names(id, ids));
        return nullptr;
    }

    void check_mode(const PluginMode& mode) {
        const PluginControl* control = known(mode.control, "control", mode.origin.where);
        if (!control) return;
        if (control->is_choice()) {
            if (!control->choice_named(mode.choice))
                complain(mode.origin.where, "choice: \"" + mode.choice
                                                + "\" is none of the choices of " + control->name);
            return;
        }
        const auto amount = parse_amount(mode.choice);
        if (!amount)
            complain(mode.origin.where,
                     "choice: \"" + mode.choice + "\" is no value of " + control->name);
        else if (const auto fits = control->takes(*amount); !fits)
            complain(mode.origin.where, "choice: " + fits.error().message);
    }

    /// "gain" is a control, "gain-2" the second band of one.
    const PluginControl* setting_control(PluginSetting& setting) {
        const std::size_t dash = setting.control.rfind('-');
        if (!plugin_.find(setting.control) && dash != std::string::npos) {
            const auto band = parse_amount(setting.control.substr(dash + 1));
            const PluginControl* control = plugin_.find(setting.control.substr(0, dash));
            if (control && band && !band->is_range() && band->from >= 1.0
                && band->from <= control->bands) {
                setting.band = static_cast<std::uint16_t>(band->from);
                setting.control = control->id;
                return control;
            }
        }
        return known(setting.control, "settings", setting.where);
    }

    void check_setting(PluginSetting& setting) {
        const PluginControl* control = setting_control(setting);
        if (!control) return;
        const std::string start = "settings: " + control->name + ": ";
        if (setting.choices.empty()) {
            complain(setting.where, start + "needs a value in quotes, as \"3..5 dB\"");
            return;
        }
        if (control->is_choice()) {
            for (std::string& choice : setting.choices) {
                if (const auto number = control->choice_named(choice))
                    choice = control->choices[*number];
                else
                    complain(setting.where, start + '"' + choice + "\" is none of its choices");
            }
            return;
        }
        const std::string text = setting.choices.front();
        const auto amount = parse_amount(text);
        if (setting.choices.size() > 1 || !amount) {
            complain(setting.where,
                     start + '"' + text + "\" is not an amount, as \"3..5 dB\" or \"4:1\"");
            return;
        }
        if (const auto fits = control->takes(*amount); !fits) {
            complain(setting.where, start + fits.error().message);
            return;
        }
        setting.amount = *in_unit(*amount, control->unit);
        setting.choices.clear();
    }

    void complain(const std::string& where, std::string message) {
        errors_.push_back({ErrorCode::invalid, std::move(message), where});
    }

    Plugin& plugin_;
    std::vector<Error> errors_;
};

template <class T> void append(std::vector<T>& own, const std::vector<T>& of_base) {
    own.insert(own.end(), of_base.begin(), of_base.end());
}

} // namespace

std::vector<Error> check_plugin(Plugin& plugin) { return PluginChecker(plugin).check(); }

namespace {

template <class T, class Keep>
void append_if(std::vector<T>& own, const std::vector<T>& of_base, Keep keep) {
    std::copy_if(of_base.begin(), of_base.end(), std::back_inserter(own), keep);
}

/// Drops what the entry has after all: its own controls, by id, name and alias.
void take_missing(Plugin& plugin, const MissingControl& of_base) {
    MissingControl none = of_base;
    if (plugin.missing_control(none.name) || plugin.control(none.name)) return;
    std::erase_if(none.aliases, [&](const std::string& alias) {
        return plugin.control(alias) || plugin.missing_control(alias);
    });
    plugin.missing.push_back(std::move(none));
}

} // namespace

void take_over(Plugin& plugin, const Plugin& base) {
    std::vector<std::string>
        lacks; // ids of controls that the base has and the entry says it has not
    for (const PluginControl& control : base.controls) {
        if (plugin.missing_control(control.id) || plugin.missing_control(control.name))
            lacks.push_back(control.id);
        else if (!plugin.find(control.id))
            plugin.controls.push_back(control);
    }
    const auto has = [&](std::string_view control) { // "gain-2" is the second band of "gain"
        const std::size_t end = control.find_last_not_of("0123456789");
        if (end != std::string_view::npos && end + 1 < control.size() && control[end] == '-'
            && !plugin.find(control))
            control = control.substr(0, end);
        return std::find(lacks.begin(), lacks.end(), control) == lacks.end();
    };
    for (const MissingControl& none : base.missing) take_missing(plugin, none);
    append_if(plugin.modes, base.modes, [&](const PluginMode& mode) { return has(mode.control); });
    append_if(plugin.uses, base.uses, [&](const PluginUse& use) {
        return has(use.turn)
               && std::all_of(use.settings.begin(), use.settings.end(),
                              [&](const PluginSetting& s) { return has(s.control); });
    });
    append(plugin.mistakes, base.mistakes);
    append(plugin.facts, base.facts);
    append_if(plugin.conflicts, base.conflicts,
              [&](const PluginConflict& conflict) { return has(conflict.control); });
}

} // namespace prefade
