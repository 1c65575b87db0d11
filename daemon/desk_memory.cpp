// What the desk remembers of a session: roles, brief and dismissals, by names, which outlive a run.
#include "daemon/desk.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace prefade {

/// What the user said of a strip goes with it to its new name.
void Desk::carry_role(const StripRenamed& renamed, Effects& effects) {
    const Strip* strip = session_.find(renamed.strip);
    if (!strip || strip->name == renamed.name) return;
    auto said = user_roles_.extract(strip->name);
    if (said.empty()) return;
    user_roles_.insert_or_assign(renamed.name, said.mapped());
    keep(effects);
}

void Desk::assign_roles() {
    for (Strip& strip : session_.strips)
        if (const auto set = user_roles_.find(strip.name); set != user_roles_.end()) {
            strip.role = set->second;
            strip.role_set_by_user = true;
        }
    guess_roles(session_, roles_);
}

void Desk::name_session(Effects& effects) {
    const std::string& name = session_.host.session_name;
    const std::string key = name.empty() ? std::string() : session_.host.name + '/' + name;
    if (key == session_key_) return;
    session_key_ = key;
    user_roles_.clear();
    brief_ = default_brief_;
    evaluator_.restore({});
    evaluator_.bring_back();
    loading_ = !key.empty();
    keep_wanted_ = false;
    if (loading_) effects.push_back(LoadSession{key});
    assign_roles();
}

/// What was kept is our own file's, but a file all the same: what does not fit is passed over. What the
/// user said since the question was asked is newer.
void Desk::load_kept(const SessionLoaded& loaded, Effects& effects) {
    if (!std::exchange(loading_, false)) return;
    const Json kept = loaded.kept ? *loaded.kept : Json::object();
    const auto text = [](const Json& object, const char* key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string{};
    };
    const auto part = [&](const char* key) {
        return kept.is_object() && kept.contains(key) ? kept[key] : Json::object();
    };
    const Json roles = part("roles"), brief = part("brief"), dismissed = part("dismissed");
    for (const auto& [name, role] : roles.items())
        if (role.is_string() && roles_.knows(role.get<std::string>()))
            user_roles_.try_emplace(name, role.get<std::string>());
    const auto standard = entries(default_brief_), said = entries(brief_);
    const auto is_newer = [&](const std::string& key) {
        const auto of_key = [&](const auto& entry) { return entry.first == key; };
        const auto was = std::find_if(standard.begin(), standard.end(), of_key),
                   is = std::find_if(said.begin(), said.end(), of_key);
        return is != said.end() && (was == standard.end() || *was != *is);
    };
    for (const auto& [key, value] : brief.items())
        if (value.is_string() && !is_newer(key))
            if (const auto set_one = set(brief_, key, value.get<std::string>()); !set_one)
                last_error_ = set_one.error().message;
    std::vector<Dismissal> dismissals = evaluator_.dismissals();
    for (const Json& entry : dismissed) {
        if (!entry.is_object()) continue;
        Dismissal d{text(entry, "rule"), text(entry, "strip"), text(entry, "send"), std::nullopt};
        if (const auto worst = entry.find("worst"); worst != entry.end() && worst->is_number())
            d.worst = worst->get<double>();
        if (!d.rule.empty()) dismissals.push_back(std::move(d));
    }
    evaluator_.restore(std::move(dismissals));
    assign_roles();
    changed_ = true;
    if (keep_wanted_) keep(effects);
}

void Desk::keep(Effects& effects) {
    keep_wanted_ = loading_;                      // what was kept before must not be lost
    if (loading_ || session_key_.empty()) return; // empty: whose it would be is not known
    Json brief = Json::object(), dismissed = Json::array();
    for (const auto& [key, value] : entries(brief_)) brief[key] = value;
    for (const Dismissal& d : evaluator_.dismissals())
        dismissed.push_back({{"rule", d.rule},
                             {"strip", d.strip},
                             {"send", d.send},
                             {"worst", d.worst ? Json(*d.worst) : Json()}});
    const Json kept = {{"roles", user_roles_}, {"brief", brief}, {"dismissed", dismissed}};
    effects.push_back(KeepSession{session_key_, std::make_shared<const Json>(kept)});
}

} // namespace prefade
