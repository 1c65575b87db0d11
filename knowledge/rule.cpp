#include "knowledge/rule.h"

#include "core/text.h"
#include "knowledge/data_files.h"
#include "knowledge/rule_reader.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace prefade {

namespace {

/// Names come from outside: no control characters, no more than a line of them.
std::string printable_line(std::string_view name) {
    constexpr std::size_t longest = 80;
    if (name.size() <= longest) return printable(name);
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
    return printable(name.substr(0, end)) + "...";
}

std::string printed(const Message::Part& part, const Frame& frame) {
    const Value value = part.value->evaluate(frame);
    if (!value.is_known()) return "unknown";
    switch (part.value->type().kind) {
    case Type::Kind::boolean: return value.is_true() ? "on" : "off";
    case Type::Kind::text: return printable_line(value.text());
    case Type::Kind::number: break;
    }
    return to_text({value.number(), part.value->type().unit}, part.decimals, part.sign);
}

} // namespace

std::string Message::to_text(const Frame& frame) const {
    std::string text;
    for (const Part& part : parts) {
        text += part.text;
        if (part.value) text += printed(part, frame);
    }
    return text;
}

std::string Message::words() const {
    std::string text;
    for (const Part& part : parts) text += part.text + (part.value ? "\u2026" : "");
    return text;
}

bool RuleCase::fires() const noexcept {
    return std::any_of(expects.begin(), expects.end(),
                       [](const CaseExpectation& e) { return !e.fires.empty(); });
}

bool Rule::covers(const Strip& strip) const {
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), strip.kind) == kinds.end())
        return false;
    return roles.empty() || std::find(roles.begin(), roles.end(), strip.role) != roles.end();
}

bool Rule::covers(const Plugin& plugin) const {
    return plugins.empty()
           || std::find(plugins.begin(), plugins.end(), plugin.kind) != plugins.end();
}

const Rule* RuleBook::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return r.id == id; });
    return found == rules_.end() ? nullptr : &*found;
}

namespace {

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

} // namespace

std::vector<const Rule*> RuleBook::speaking_of(std::string_view text) const {
    std::istringstream in(lower_case(std::string(text)));
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        if (word.size() > 1) words.push_back(std::move(word));
    std::vector<std::pair<std::size_t, const Rule*>> found;
    for (const Rule& rule : rules_) {
        std::string all = rule.id + '\n' + rule.says.words() + '\n' + rule.source;
        for (const EvidenceSpec& spec : rule.evidence) all += '\n' + spec.measure;
        all = lower_case(std::move(all));
        const auto hits = std::count_if(words.begin(), words.end(), [&](const std::string& word) {
            return all.find(word) != std::string::npos;
        });
        if (words.empty() || hits > 0) found.emplace_back(static_cast<std::size_t>(hits), &rule);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<const Rule*> rules;
    for (const auto& [hits, rule] : found) rules.push_back(rule);
    return rules;
}

RuleBook RuleBook::only(const Rule& rule) const {
    RuleBook book;
    book.rules_ = {rule};
    book.measures_ = measures_;
    book.plugins_ = plugins_;
    return book;
}

void RuleBook::put(Rule rule) {
    const auto same =
        std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return r.id == rule.id; });
    if (same == rules_.end())
        rules_.push_back(std::move(rule));
    else
        *same = std::move(rule);
}

LoadedRules RuleBook::load(const std::vector<std::filesystem::path>& paths) {
    LoadedRules loaded;
    const auto keep = [&](std::vector<Error>& errors) {
        std::move(errors.begin(), errors.end(), std::back_inserter(loaded.errors));
    };
    for (const auto& path : paths) {
        FoundFiles found = find_data_files(path);
        keep(found.errors);
        for (const auto& name : found.files) {
            ++loaded.files;
            const auto text = read_data_file(name);
            if (!text) {
                loaded.errors.push_back(text.error());
                continue;
            }
            TomlFile file(*text, name.string());
            if (auto rule = read_rule(file, loaded.book.measures_))
                loaded.book.put(std::move(*rule));
            keep(file.errors());
        }
    }
    return loaded;
}

LoadedRules RuleBook::parse(std::string_view text, const std::string& name) {
    LoadedRules loaded;
    loaded.files = 1;
    TomlFile file(text, name);
    if (auto rule = read_rule(file, loaded.book.measures_)) loaded.book.put(std::move(*rule));
    loaded.errors = std::move(file.errors());
    return loaded;
}

} // namespace prefade
