// What the brackets of one host know about values: which one a control held before a stray write of
// ours may have reached it, and the values on the way of a glide. Pure; desk thread.
#pragma once

#include "core/control.h"

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <vector>

namespace prefade {

/// The same number but for what a 32-bit float on the wire rounds (1e-4 dB, 1e-5 otherwise). Much
/// stricter than `nearly_equal`: this is how a value is recognised as one of ours.
bool same_value(const ControlValue& a, const ControlValue& b) noexcept;

/// The value at `part` (0..1) of the way: linear in dB, pan or the parameter's 0..1; -90 dB stands
/// for silence on the way.
ControlValue part_way(const ControlValue& from, const ControlValue& to, double part) noexcept;

/// Last value of each control that no stray write of ours explains. A value that one could explain is
/// a suspect until that write's survey is over.
class KnownValues {
public:
    struct Suspect {
        ControlPath path;
        ControlValue value;
    };

    void learn(const ControlPath& path, const ControlValue& value);
    void suspect(const ControlPath& path, const ControlValue& value);
    const ControlValue* find(const ControlPath& path) const;
    bool suspected(const ControlPath& path) const;
    /// Believes every suspect that `explained` does not hold back any more.
    void settle(const std::function<bool(const Suspect&)>& explained);
    void forget(StripId strip);
    void clear();

private:
    struct Hash {
        std::size_t operator()(const ControlPath& path) const noexcept;
    };
    std::unordered_map<ControlPath, ControlValue, Hash> values_;
    std::vector<Suspect> suspects_;
};

} // namespace prefade
