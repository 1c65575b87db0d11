// Parameters as a host tells them.
#pragma once

#include "core/session.h"

#include <cstdint>
#include <string>

namespace prefade::test {

inline Parameter parameter(std::uint16_t number, const std::string& name, double minimum,
                           double maximum, double plain, TimePoint now, bool logarithmic = false) {
    Parameter p;
    p.number = number;
    p.name = name;
    p.minimum = minimum;
    p.maximum = maximum;
    p.plain = plain;
    p.logarithmic = logarithmic;
    p.value.learn(normalized_of(p, plain), now);
    return p;
}

} // namespace prefade::test
