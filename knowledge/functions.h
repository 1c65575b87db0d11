// The one table of names that rules can use: properties and functions of a strip, a send, the
// session, the transport and the brief. A new one is one entry in functions.cpp; docs/rules.md shows
// this table and a test compares them. Pure; any thread.
#pragma once

#include "knowledge/expression.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// What a function is asked about: `strip` is the subject's strip (or the send's), never null for
/// strip functions.
struct Asked {
    const Frame& frame;
    const Strip* strip{nullptr};
    const Measure& measure;
};

struct Function {
    enum class Owner { strip, send, insert, session, transport, brief };
    /// What decides the unit of the result: the entry, or the kind of reading the rule needs.
    enum class Of { itself, reading, reading_difference };

    Owner owner{Owner::strip};
    std::string_view name;
    std::size_t arguments{0}; ///< 0 to 2 constants: spans of time, or the two ends of a band
    Type result;
    Of of{Of::itself};
    Value (*run)(const Asked& asked){nullptr};
    std::string_view doc;
    bool meter{false}; ///< needs a reading, so the rule must name one
    bool costly{
        false}; ///< looks at all strips; kept for an evaluation, as what a meter gives is. Of an insert:
                ///< kept until a value of it is told
    bool of_band{false}; ///< its arguments are frequencies
    bool names_kind{false}, names_control{false}, names_unit{false}; ///< takes these, in quotes
};

/// Those about inserts; knowledge/plugin_settings.cpp.
std::span<const Function> insert_functions();
/// The corner of the highest low cut among what is on `strip`; plugin_settings.cpp.
Value low_cut(const Asked& asked);
Value inserts_of_kind(const Asked& asked);
/// What a source hears of a strip beside its meters: tone, loudness, and who hides it (hearing.cpp).
std::span<const Function> hearing_functions();

std::span<const Function> all_functions();
const Function* find_function(Function::Owner owner, std::string_view name);
std::vector<std::string_view> function_names(Function::Owner owner);

Function::Owner owner_of(Subject subject) noexcept;
std::string_view described(Function::Owner owner) noexcept;

/// Unit of the rule language in which a control's is counted, in its base: dB, Hz, s ...; a plain number for ratios.
/// Nothing for those that rules do not have.
std::optional<Unit> rule_unit(ControlUnit unit) noexcept;

/// Result type for a rule that needs `need`.
Type result_type(const Function& function, const std::optional<ReadingNeed>& need);
Unit unit_of_reading(MeterKind kind) noexcept;

/// Why `strip` has no good enough reading of this need now; `none` when it has one.
Missing missing_reading(const Strip& strip, const ReadingNeed& need, TimePoint now) noexcept;

/// Left or right where the meters of this need tell that side alone; nothing when they tell both, their
/// sum, or nothing.
std::optional<Channel> only_side(const Strip& strip, const ReadingNeed& need) noexcept;

/// "peak_hold(time)": how it is written.
std::string signature(const Function& function);

} // namespace prefade
