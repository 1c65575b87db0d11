#include "connectors/demo/protocol.h"

#include <cmath>
#include <limits>
#include <utility>

namespace prefade::demo {

MessageWriter& MessageWriter::number(std::int64_t value) {
    message_.arguments.emplace_back(static_cast<std::int32_t>(value));
    return *this;
}

MessageWriter& MessageWriter::token(std::uint64_t value) {
    message_.arguments.emplace_back(static_cast<std::int64_t>(value));
    return *this;
}

MessageWriter& MessageWriter::real(float value) {
    message_.arguments.emplace_back(value);
    return *this;
}

MessageWriter& MessageWriter::text(std::string value) {
    message_.arguments.emplace_back(std::move(value));
    return *this;
}

MessageWriter& MessageWriter::place(const Place& place) {
    return number(place.strip)
        .number(static_cast<std::int64_t>(place.control))
        .number(place.part)
        .number(place.parameter);
}

template <class T> const T* MessageReader::next() {
    const T* value = more() ? std::get_if<T>(&message_.arguments[at_++]) : nullptr;
    good_ = good_ && value;
    return value;
}

std::uint32_t MessageReader::number() {
    const auto* value = next<std::int32_t>();
    if (value && *value < 0) good_ = false;
    return value && good_ ? static_cast<std::uint32_t>(*value) : 0;
}

std::uint64_t MessageReader::token() {
    const auto* value = next<std::int64_t>();
    return value ? static_cast<std::uint64_t>(*value) : 0;
}

float MessageReader::real() {
    const auto* value = next<float>();
    if (value && std::isnan(*value)) good_ = false;
    return value && good_ ? *value : 0.0F;
}

std::string MessageReader::text() {
    const auto* value = next<std::string>();
    return value ? *value : std::string();
}

Place MessageReader::place() {
    Place place;
    place.strip = number();
    const std::uint32_t control = number();
    if (control > static_cast<std::uint32_t>(Control::bypass)) good_ = false;
    place.control = good_ ? static_cast<Control>(control) : Control::fader;
    place.part = number();
    const std::uint32_t parameter = number();
    if (parameter > std::numeric_limits<std::uint16_t>::max()) good_ = false;
    place.parameter = static_cast<std::uint16_t>(good_ ? parameter : 0);
    return place;
}

} // namespace prefade::demo
