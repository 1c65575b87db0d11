// What a strip is, guessed from its name: "LdVox" is a lead vocal. The patterns are data
// (knowledge/roles.toml). No guess when unsure; what the user set wins. Desk thread.
#pragma once

#include "core/result.h"
#include "core/session.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// What stands for roles in knowledge where no strip has one of its own.
inline constexpr std::array<std::string_view, 3> role_groups{"any", "dialogue", "music"};

class RoleBook {
public:
    /// Errors: unreadable, syntax, unknown key, the same words for two roles; with file, line, column.
    static Result<RoleBook> load(const std::filesystem::path& file);
    static Result<RoleBook> parse(std::string_view text, const std::string& file);

    /// Role of a strip so named; nothing when no words match or two roles match equally well.
    std::optional<std::string> guess(std::string_view name, StripKind kind) const;
    bool knows(std::string_view role) const noexcept;
    const std::vector<std::string>& roles() const noexcept { return roles_; }

private:
    struct Pattern {
        std::vector<std::string> words; ///< that follow each other in the name
        std::size_t role{0};
        std::size_t weight{0}; ///< by its letters: the longest match wins
    };
    std::vector<std::string> roles_;
    std::vector<std::optional<StripKind>> only_; ///< per role: a kind it is bound to
    std::vector<Pattern> patterns_;
};

/// Guesses the role of every strip whose role the user has not set. Call after strips were listed or
/// renamed.
void guess_roles(Session& session, const RoleBook& roles);

/// A user's word. Empty: back to guessing. Errors: no such strip, unknown role with the known ones.
Result<void> set_role(Session& session, StripId strip, std::string_view role,
                      const RoleBook& roles);

} // namespace prefade
