// JSON of a host that is not strict, member by member: the parts that all answers share. Inside of ptsl only. Pure.
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prefade::ptsl {

/// An answer that makes no sense.
Error broken(const std::string& why);

/// The object in `body`; an empty body is an empty object.
Result<Json> object_in(std::string_view body);

/// The member, or null; also of what is no object.
const Json& at(const Json& json, const char* member);

/// An array, or the empty object or nothing that stands for an empty one; else an error.
Result<const Json*> list_in(const Json& json, const char* member);

/// A whole number, or its digits in a string (64 bits travel so).
std::optional<std::int64_t> integer_of(const Json& value);

/// A finite number, or its digits in a string.
std::optional<double> number_of(const Json& value);

/// A boolean, "true", "false", 0 or 1, or a TripleBool by name.
std::optional<bool> flag_of(const Json& value);

/// The text of a member; empty when it has none.
std::string string_of(const Json& json, const char* member);

/// The name of an enumeration's value without what is before its last '_'; empty when it is no text.
std::string_view bare_name(const Json& value);

/// As text. A name that is no UTF-8 cannot come from the host, whose messages are; it is written as U+FFFD.
std::string text_of(const Json& json);

} // namespace prefade::ptsl
