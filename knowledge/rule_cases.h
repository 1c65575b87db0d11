// Runs a rule's own cases: each is a little session played in steps of 100 ms through the same
// `apply` and Evaluator as a real one. Pure; any thread.
#pragma once

#include "knowledge/rule.h"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace prefade {

struct CaseFailure {
    std::uint32_t line{0}; ///< of the expectation in the rule's file
    std::string expected, seen;
};

/// Called after each step with the session and what fires then.
using CaseWatch = std::function<void(const Session&, std::span<const Advice>)>;

/// The first expectation that did not come out; nothing when all did.
std::optional<CaseFailure> run_case(const RuleBook& book, const Rule& rule, const RuleCase& played,
                                    const CaseWatch& watch = {});

} // namespace prefade
