#include "knowledge/roles.h"

#include "knowledge/data_files.h"
#include "knowledge/toml_reader.h"

#include <algorithm>

namespace prefade {

namespace {

bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_part_of_word(char c) noexcept { return is_lower(c) || is_upper(c) || (c & 0x80) != 0; }
char lowered(char c) noexcept { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// "LdVox_2 (L)" -> "ld" "vox" "l": words end at anything that is no letter, and where a small letter
/// meets a capital.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!is_part_of_word(name[i])) {
            finish();
            continue;
        }
        if (i > 0 && is_upper(name[i]) && is_lower(name[i - 1])) finish();
        word += lowered(name[i]);
    }
    finish();
    return words;
}

bool follows_in(const std::vector<std::string>& words, const std::vector<std::string>& pattern) {
    return std::search(words.begin(), words.end(), pattern.begin(), pattern.end()) != words.end();
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) (text += text.empty() ? "" : ", ") += name;
    return text;
}

} // namespace

Result<RoleBook> RoleBook::load(const std::filesystem::path& file) {
    const auto text = read_data_file(file);
    if (!text) return text.error();
    return parse(*text, file.string());
}

Result<RoleBook> RoleBook::parse(std::string_view text, const std::string& name) {
    TomlFile file(text, name);
    if (!file.errors().empty()) return file.errors().front();
    TableReader top(file, file.root(), "a roles file");
    RoleBook book;
    for (TableReader& table : top.tables("role")) {
        const std::size_t role = book.roles_.size();
        book.roles_.push_back(table.text("name", true).value_or(""));
        book.only_.push_back(table.choice("kind", strip_kind_names));
        for (const std::string& written : table.texts("words")) {
            Pattern pattern{words_of(written), role, 0};
            for (const std::string& word : pattern.words) pattern.weight += 2 * word.size();
            if (book.only_[role]) ++pattern.weight; // made for this kind of strip
            const auto same =
                std::find_if(book.patterns_.begin(), book.patterns_.end(), [&](const Pattern& p) {
                    return p.words == pattern.words && book.only_[p.role] == book.only_[role];
                });
            if (same != book.patterns_.end())
                table.complain("words",
                               "\"" + written + "\" already means " + book.roles_[same->role]);
            else if (pattern.words.empty())
                table.complain("words", "\"" + written + "\" has no letters");
            else
                book.patterns_.push_back(std::move(pattern));
        }
        table.finish();
    }
    top.finish();
    if (!file.errors().empty()) return file.errors().front();
    return book;
}

std::optional<std::string> RoleBook::guess(std::string_view name, StripKind kind) const {
    const std::vector<std::string> words = words_of(name);
    std::size_t best = 0;
    std::optional<std::size_t> role;
    bool is_sure = true;
    for (const Pattern& pattern : patterns_) {
        if (only_[pattern.role] && *only_[pattern.role] != kind) continue;
        if (pattern.weight < best || !follows_in(words, pattern.words)) continue;
        is_sure = pattern.weight > best || role == pattern.role;
        best = pattern.weight;
        role = pattern.role;
    }
    if (!role || !is_sure) return std::nullopt;
    return roles_[*role];
}

bool RoleBook::knows(std::string_view role) const noexcept {
    return std::find(roles_.begin(), roles_.end(), role) != roles_.end();
}

void guess_roles(Session& session, const RoleBook& roles) {
    for (Strip& strip : session.strips)
        if (!strip.role_set_by_user) strip.role = roles.guess(strip.name, strip.kind).value_or("");
}

Result<void> set_role(Session& session, StripId id, std::string_view role, const RoleBook& roles) {
    const auto strip = std::find_if(session.strips.begin(), session.strips.end(),
                                    [&](const Strip& s) { return s.id == id; });
    if (strip == session.strips.end())
        return Error{ErrorCode::not_found, "no strip " + std::to_string(id.value), {}};
    if (!role.empty() && !roles.knows(role))
        return Error{ErrorCode::invalid,
                     "role \"" + std::string(role)
                         + "\" is not known; known: " + joined(roles.roles()),
                     {}};
    strip->role_set_by_user = !role.empty();
    strip->role =
        role.empty() ? roles.guess(strip->name, strip->kind).value_or("") : std::string(role);
    return {};
}

} // namespace prefade
