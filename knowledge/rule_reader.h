// One rule file's text to a Rule, and one [[case]] table to a RuleCase. Used by RuleBook only.
#pragma once

#include "knowledge/rule.h"
#include "knowledge/toml_reader.h"

#include <optional>

namespace prefade {

/// Nothing when `file` has errors; they are in it.
std::optional<Rule> read_rule(TomlFile& file, MeasureTable& measures);

/// Complains into the table's file.
RuleCase read_case(TableReader& table, const Rule& rule);

} // namespace prefade
