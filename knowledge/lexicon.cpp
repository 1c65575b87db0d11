#include "knowledge/lexicon.h"

#include "knowledge/spoken.h"

#include <algorithm>

namespace prefade {

namespace {

constexpr std::size_t longest_run = 7; ///< words of one name or cue

/// spoken_key, but "1/4" is no 14.
std::string lexicon_key(std::string text) {
    for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at))
        text.replace(at, 1, " slash ");
    return spoken_key(text);
}

std::string key_of(const std::vector<std::string>& words, std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = first; i < first + count; ++i) text += words[i] + ' ';
    return lexicon_key(text);
}

bool is_model_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// "la#a" of "la2a": what is left of a model's name when the number is another.
std::string without_numbers(const std::string& key) {
    std::string shape = key;
    std::replace_if(shape.begin(), shape.end(), is_model_digit, '#');
    return shape;
}

bool can_be_misnamed(const std::string& key) {
    const auto digits =
        static_cast<std::size_t>(std::count_if(key.begin(), key.end(), is_model_digit));
    return digits > 0 && key.size() >= 4 && (digits == key.size() || key.size() - digits >= 2);
}

/// "punchier", "wider", "brighter"; of words that have none something nobody says.
std::string comparative_of(std::string word) {
    if (word.find(' ') != std::string::npos || word.size() < 3) return {};
    if (word.back() == 'y') return word.substr(0, word.size() - 1) + "ier";
    return word + (word.back() == 'e' ? "r" : "er");
}

} // namespace

Lexicon::Lexicon(const PluginCatalog& plugins, const MixKnowledge& mix, const WordLists& lists,
                 const Vocabulary& vocabulary)
    : common_(lists.common.begin(), lists.common.end()) {
    known_.add(vocabulary);
    for (const std::string_view unit : spoken_units()) known_.add(std::string(unit));
    for (const WordList& list : lists.lists) {
        Layer& layer = list.of == WordClass::cue                                  ? cues_
                       : list.of == WordClass::verb                               ? verbs_
                       : list.of == WordClass::wording                            ? wordings_
                       : list.of == WordClass::dose || list.of == WordClass::note ? doses_
                                                                                  : things_;
        for (const std::string& word : list.words) add(layer, word, {&list});
    }
    for (const MixEntry& entry : mix.entries()) {
        const auto is_named = entry.kind == MixKind::platform || entry.kind == MixKind::genre
                              || entry.kind == MixKind::descriptor || entry.kind == MixKind::term
                              || entry.kind == MixKind::zone;
        if (!is_named) continue;
        add(things_, entry.name, {nullptr, nullptr, &entry});
        for (const std::string& alias : entry.aliases)
            add(things_, alias, {nullptr, nullptr, &entry});
        if (entry.id != entry.name) add(things_, entry.id, {nullptr, nullptr, &entry});
        if (entry.kind != MixKind::descriptor) continue;
        add(things_, comparative_of(entry.name), {nullptr, nullptr, &entry});
        for (const std::string& alias : entry.aliases)
            add(things_, comparative_of(alias), {nullptr, nullptr, &entry});
    }
    for (const Plugin& plugin : plugins.plugins()) {
        std::vector<std::string> names = plugin.aliases;
        names.push_back(plugin.name);
        names.push_back(plugin.maker + ' ' + plugin.name);
        for (const std::string& name : names) {
            // "echo" alone is an effect, "de-esser" a kind: only their full names are plugins
            const std::string key = spoken_key(name);
            if (things_.contains(key) || common_.contains(key)) continue;
            add(plugins_, name, {nullptr, &plugin});
        }
    }
    for (const Plugin& plugin : plugins.plugins()) {
        add_family(plugin.name, plugin);
        for (const std::string& alias : plugin.aliases) add_family(alias, plugin);
        for (const std::string& maker : spoken_words(plugin.maker))
            if (!common_.contains(maker) && !things_.contains(maker) && !plugins_.contains(maker)
                && maker.size() > 2)
                families_[maker].push_back(&plugin);
    }
}

void Lexicon::add(Layer& layer, const std::string& name, Mention mention) {
    const std::string key = lexicon_key(name);
    const auto units = spoken_units(); // "d&b" is no dB
    const bool is_unit = std::find(units.begin(), units.end(), key) != units.end();
    if (key.empty() || (is_unit && mention.entry)) return;
    auto& same = layer[key];
    const auto is_there = [&](const Mention& m) {
        return m.list == mention.list && m.plugin == mention.plugin && m.entry == mention.entry;
    };
    if (std::none_of(same.begin(), same.end(), is_there)) same.push_back(mention);
    for (std::string& word : spoken_words(name))
        if (std::none_of(word.begin(), word.end(), is_model_digit)) known_.add(std::move(word));
}

/// "pro q" of "pro q 4", and "soothe" of "soothe2".
void Lexicon::add_family(const std::string& name, const Plugin& plugin) {
    const std::vector<std::string> words = spoken_words(name);
    std::string key;
    for (std::size_t count = 2; count + 1 <= words.size(); ++count) {
        if (count == words.size()) break;
        key = key_of(words, 0, count);
        const bool says_something =
            std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count),
                        [this](const std::string& word) { return !common_.contains(word); });
        if (says_something && !plugins_.contains(key) && !things_.contains(key))
            families_[key].push_back(&plugin);
    }
    key = spoken_key(name);
    if (words.size() == 1 && is_model_digit(key.back()) && !is_model_digit(key.front())) {
        while (!key.empty() && is_model_digit(key.back())) key.pop_back();
        if (key.size() > 3 && !plugins_.contains(key) && !things_.contains(key))
            families_[key].push_back(&plugin);
    }
}

std::vector<std::string> Lexicon::corrected(std::vector<std::string> words) const {
    for (std::string& word : words)
        if (!knows(word))
            if (const std::string_view meant = known_.meant_by(word); !meant.empty())
                word = std::string(meant);
    return words;
}

void Lexicon::match(const Layer& layer, const std::vector<std::string>& words,
                    std::vector<bool>& taken, std::vector<Mention>& into) const {
    for (std::size_t first = 0; first < words.size(); ++first) {
        for (std::size_t count = std::min(longest_run, words.size() - first); count > 0; --count) {
            const auto begin = taken.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = begin + static_cast<std::ptrdiff_t>(count);
            if (std::find(begin, end, true) != end) continue;
            const auto found = layer.find(key_of(words, first, count));
            if (found == layer.end()) continue;
            const auto said = words.begin() + static_cast<std::ptrdiff_t>(first);
            const bool says_nothing =
                count > 1
                && std::all_of(said, said + static_cast<std::ptrdiff_t>(count),
                               [this](const std::string& word) { return is_common(word); });
            if (says_nothing && found->second.front().entry) continue; // "me an" is not "mean"
            for (Mention mention : found->second) {
                mention.first = first;
                mention.count = count;
                into.push_back(mention);
            }
            std::fill(begin, end, true);
            first += count - 1;
            break;
        }
    }
}

std::vector<Mention> Lexicon::mentions(const std::vector<std::string>& words) const {
    std::vector<Mention> found;
    std::vector<bool> named(words.size());
    for (const SpokenAmount& amount : spoken_amounts(words)) { // 160 bpm is no dbx 160
        const bool has_unit = amount.amount.unit != ControlUnit::number;
        const bool is_at = amount.first > 0 && words[amount.first - 1] == "at";
        for (std::size_t i = 0; (has_unit || is_at || amount.has_sign) && i < amount.count; ++i)
            named[amount.first + i] = true;
    }
    match(plugins_, words, named, found);
    std::vector<bool> taken(words.size());
    for (const Mention& mention : found)
        std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(mention.first), mention.count,
                    true);
    const std::vector<bool> by_plugins = taken;
    match(things_, words, taken, found);
    for (const Layer* layer : {&cues_, &verbs_, &doses_, &wordings_}) { // these lie over each other
        taken = by_plugins;
        match(*layer, words, taken, found);
    }
    return found;
}

/// "api550" of "api550a": a name that is not complete, and no other model.
bool Lexicon::begins_name(const std::string& key) const {
    const auto next = plugins_.upper_bound(key);
    return can_be_misnamed(key) && next != plugins_.end() && next->first.starts_with(key)
           && !is_model_digit(next->first[key.size()]);
}

std::vector<const Plugin*> Lexicon::begun(const std::vector<std::string>& words) const {
    std::vector<const Plugin*> best;
    std::size_t longest = 0;
    for (std::size_t first = 0; first < words.size(); ++first)
        for (std::size_t count = 1; count <= std::min<std::size_t>(4, words.size() - first);
             ++count)
            if (const auto family = families_.find(key_of(words, first, count));
                family != families_.end() && count > longest) {
                longest = count;
                best = family->second;
            }
    for (std::size_t first = 0; first < words.size() && best.empty(); ++first)
        for (std::size_t count = std::min<std::size_t>(3, words.size() - first); count > 0; --count)
            if (const std::string key = key_of(words, first, count); begins_name(key))
                for (auto name = plugins_.upper_bound(key);
                     name != plugins_.end() && name->first.starts_with(key); ++name)
                    for (const Mention& mention : name->second) best.push_back(mention.plugin);
    std::sort(best.begin(), best.end());
    best.erase(std::unique(best.begin(), best.end()), best.end());
    return best;
}

std::vector<Misnomer> Lexicon::misnomers(const std::vector<std::string>& words) const {
    std::vector<Misnomer> found;
    std::vector<bool> taken(words.size());
    std::vector<Mention> named;
    match(plugins_, words, taken, named);
    for (const SpokenAmount& amount : spoken_amounts(words))
        if (amount.amount.unit != ControlUnit::number || amount.has_sign)
            std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(amount.first), amount.count,
                        true);
    for (std::size_t first = 0; first < words.size(); ++first)
        for (std::size_t count = std::min<std::size_t>(4, words.size() - first); count > 0;
             --count) {
            const auto begin = taken.begin() + static_cast<std::ptrdiff_t>(first);
            if (std::find(begin, begin + static_cast<std::ptrdiff_t>(count), true)
                != begin + static_cast<std::ptrdiff_t>(count))
                continue;
            const std::string key = key_of(words, first, count);
            if (!can_be_misnamed(key) || things_.contains(key) || begins_name(key)) continue;
            const std::string shape = without_numbers(key);
            for (const auto& [known, mentions] : plugins_) {
                const bool all_digits = shape.find_first_not_of('#') == std::string::npos;
                if (without_numbers(known) != shape || (all_digits && letters_off(known, key) > 1))
                    continue;
                Misnomer misnomer{{}, mentions.front().plugin, first, count};
                for (std::size_t i = first; i < first + count; ++i)
                    misnomer.said += (i > first ? " " : "") + words[i];
                found.push_back(std::move(misnomer));
                std::fill_n(begin, count, true);
                break;
            }
            if (taken[first]) break;
        }
    return found;
}

} // namespace prefade
