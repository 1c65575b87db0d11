// What the words of a question stand for: plugins, roles, styles, controls, hosts, cues. The lists are data
// (knowledge/words.toml); names come from the entries themselves. Immutable once made; any thread.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/spelling.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// What a list of words.toml is about.
enum class WordClass : std::uint8_t {
    role,
    style,
    control,
    kind,
    host,
    elsewhere, ///< a host that nothing is known of
    dose,
    note,
    cue,
    verb,
    wording, ///< what in an order is neither what to do nor to whom
};
inline constexpr Names<WordClass, 11> word_class_names{{{WordClass::role, "role"},
                                                        {WordClass::style, "style"},
                                                        {WordClass::control, "control"},
                                                        {WordClass::kind, "kind"},
                                                        {WordClass::host, "host"},
                                                        {WordClass::elsewhere, "elsewhere"},
                                                        {WordClass::dose, "dose"},
                                                        {WordClass::note, "note"},
                                                        {WordClass::cue, "cue"},
                                                        {WordClass::verb, "verb"},
                                                        {WordClass::wording, "wording"}}};

struct WordList {
    WordClass of{WordClass::cue};
    std::string id;
    std::vector<std::string> words;
    std::vector<std::string> genres; ///< of a style: entries of targets.toml that it leans to
    std::string where;               ///< file:line:column
};

struct WordLists {
    std::vector<WordList> lists;
    std::vector<std::string> common; ///< words that say nothing by themselves
};

/// Errors: unreadable, syntax, unknown key, a list without words, a role that is none of `roles`; all of them in one
/// text, the first place in `where`.
Result<WordLists> load_word_lists(const std::filesystem::path& file,
                                  const std::vector<std::string>& roles);

/// Something that a run of words stands for: a list of words.toml, a plugin, or an entry with a name of its own
/// (platform, genre, descriptor, term, zone).
struct Mention {
    const WordList* list{nullptr};
    const Plugin* plugin{nullptr};
    const MixEntry* entry{nullptr};
    std::size_t first{0}, count{0}; ///< of the words
};

/// A name like that of a plugin which is none: "LA-5A", "Pro-Q 7".
struct Misnomer {
    std::string said;
    const Plugin* nearest{nullptr};
    std::size_t first{0}, count{0};
};

class Lexicon {
public:
    /// All must outlive it. `vocabulary` are words that are right beside those of the lists.
    Lexicon(const PluginCatalog& plugins, const MixKnowledge& mix, const WordLists& lists,
            const Vocabulary& vocabulary);

    /// Each word as it is written, or as it must be meant.
    std::vector<std::string> corrected(std::vector<std::string> words) const;
    /// The longest runs of words that stand for something; one run may stand for several things.
    std::vector<Mention> mentions(const std::vector<std::string>& words) const;
    /// Plugins whose names begin with the run of words, or whose maker is called so, where no name is
    /// complete: "pro q". Empty where a plugin is named.
    std::vector<const Plugin*> begun(const std::vector<std::string>& words) const;
    /// Model numbers that are near to one of a plugin: digits are never a slip.
    std::vector<Misnomer> misnomers(const std::vector<std::string>& words) const;

    bool is_common(const std::string& word) const { return common_.contains(word); }
    bool knows(const std::string& word) const { return is_common(word) || known_.knows(word); }

private:
    using Layer = std::map<std::string, std::vector<Mention>, std::less<>>;
    void add(Layer& layer, const std::string& name, Mention mention);
    void add_family(const std::string& name, const Plugin& plugin);
    bool begins_name(const std::string& key) const;
    void match(const Layer& layer, const std::vector<std::string>& words, std::vector<bool>& taken,
               std::vector<Mention>& into) const;

    Layer plugins_, things_, cues_, verbs_, doses_, wordings_;
    std::map<std::string, std::vector<const Plugin*>, std::less<>>
        families_; ///< "proq", "fabfilter"
    std::set<std::string, std::less<>> common_;
    Vocabulary known_;
};

} // namespace prefade
