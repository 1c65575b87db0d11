#include "connectors/bracket_values.h"

#include <algorithm>
#include <cmath>

namespace prefade {
namespace {

constexpr double foot_db = -90.0; // as nearly_equal: the foot of common fader laws

} // namespace

bool same_value(const ControlValue& a, const ControlValue& b) noexcept {
    if (a.index() != b.index()) return false;
    if (const auto* level = std::get_if<Decibel>(&a))
        return distance(*level, std::get<Decibel>(b)) <= Decibel{1e-4};
    if (const auto* pan = std::get_if<Pan>(&a))
        return std::abs(pan->value() - std::get<Pan>(b).value()) <= 1e-5;
    if (const auto* on = std::get_if<bool>(&a)) return *on == std::get<bool>(b);
    if (std::holds_alternative<Displayed>(a)) return nearly_equal(a, b);
    return std::abs(std::get<Normalized>(a).value() - std::get<Normalized>(b).value()) <= 1e-5;
}

ControlValue part_way(const ControlValue& from, const ControlValue& to, double part) noexcept {
    if (from.index() != to.index()) return to;
    const auto mix = [part](double a, double b) { return a + (b - a) * part; };
    if (const auto* level = std::get_if<Decibel>(&from))
        return Decibel{mix(std::max(level->value(), foot_db),
                           std::max(std::get<Decibel>(to).value(), foot_db))};
    if (const auto* pan = std::get_if<Pan>(&from))
        return Pan{mix(pan->value(), std::get<Pan>(to).value())};
    if (const auto* normalized = std::get_if<Normalized>(&from))
        return Normalized{mix(normalized->value(), std::get<Normalized>(to).value())};
    return to;
}

void KnownValues::learn(const ControlPath& path, const ControlValue& value) {
    values_.insert_or_assign(path, value);
    std::erase_if(suspects_, [&](const Suspect& s) { return s.path == path; });
}

void KnownValues::suspect(const ControlPath& path, const ControlValue& value) {
    std::erase_if(suspects_, [&](const Suspect& s) { return s.path == path; });
    suspects_.push_back({path, value});
}

const ControlValue* KnownValues::find(const ControlPath& path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? nullptr : &found->second;
}

bool KnownValues::suspected(const ControlPath& path) const {
    return std::any_of(suspects_.begin(), suspects_.end(),
                       [&](const Suspect& s) { return s.path == path; });
}

void KnownValues::settle(const std::function<bool(const Suspect&)>& explained) {
    std::erase_if(suspects_, [&](const Suspect& s) {
        if (explained(s)) return false;
        values_.insert_or_assign(s.path, s.value);
        return true;
    });
}

void KnownValues::forget(StripId strip) {
    std::erase_if(values_, [&](const auto& entry) { return entry.first.strip == strip; });
    std::erase_if(suspects_, [&](const Suspect& s) { return s.path.strip == strip; });
}

void KnownValues::clear() {
    values_.clear();
    suspects_.clear();
}

std::size_t KnownValues::Hash::operator()(const ControlPath& path) const noexcept {
    const std::size_t on = path.insert() ? path.insert().value : path.send().value;
    std::size_t seed = path.strip.value;
    for (const std::size_t part : {on * 2 + path.on.index(), static_cast<std::size_t>(path.control),
                                   static_cast<std::size_t>(path.parameter)})
        seed = (seed ^ part) * 0x9E3779B97F4A7C15ULL;
    return seed ^ (seed >> 29);
}

} // namespace prefade
