#include "knowledge/search.h"

#include "knowledge/spelling.h"
#include "knowledge/spoken.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace prefade {

namespace {

constexpr std::size_t most_asked_words = 40; ///< of a question that are looked for
constexpr std::size_t longest_name = 5;      ///< words of a spoken name

/// Names of plugins are keys in a column of their own, so that "eleven seventy six" meets "1176". Weights:
/// key, name, aliases, tags, text.
constexpr const char* search_schema =
    "CREATE VIRTUAL TABLE knowledge USING fts5(key, name, aliases, tags, text, "
    "tokenize = 'porter unicode61 remove_diacritics 2')";
constexpr const char* search_query =
    "SELECT rowid, bm25(knowledge, 12.0, 8.0, 6.0, 3.0, 1.0) AS rank FROM knowledge "
    "WHERE knowledge MATCH ?1 ORDER BY rank LIMIT ?2";

/// Plural, -ed and -ing off, for counting what a text holds.
std::string stem_of(std::string word) {
    const auto drop = [&word](std::string_view end, std::size_t least) {
        if (word.size() < least + end.size() || !std::string_view(word).ends_with(end))
            return false;
        word.resize(word.size() - end.size());
        return true;
    };
    if (drop("ies", 3))
        word += 'y';
    else if (!drop("ing", 4) && !drop("ed", 4) && !drop("es", 4) && !word.ends_with("ss"))
        drop("s", 3);
    if (word.size() > 4 && word.back() == 'e') word.pop_back();
    if (word.size() > 3 && word.back() == word[word.size() - 2]) word.pop_back();
    return word;
}

void add(std::string& text, std::string_view more) {
    if (more.empty()) return;
    text += ' ';
    text += more;
}

void add(std::string& text, const std::vector<std::string>& more) {
    for (const std::string& one : more) add(text, one);
}

struct SearchText {
    std::string key, name, aliases, tags, text;
};

SearchText text_of(const Plugin& plugin) {
    SearchText t;
    t.name = plugin.name;
    add(t.aliases, plugin.id);
    add(t.aliases, plugin.maker);
    add(t.aliases, plugin.aliases);
    for (const std::string& name : plugin.aliases) add(t.key, spoken_key(name));
    add(t.key, spoken_key(plugin.name));
    add(t.tags, name_in(plugin_kind_names, plugin.kind));
    add(t.text, plugin.what);
    for (const PluginControl& control : plugin.controls) {
        add(t.text, control.name);
        add(t.text, control.aliases);
        add(t.text, control.note);
    }
    for (const MissingControl& none : plugin.missing) add(t.text, none.name + ' ' + none.instead);
    for (const PluginMode& mode : plugin.modes) add(t.text, mode.choice + ' ' + mode.does);
    for (const PluginUse& use : plugin.uses) {
        add(t.tags, use.sources);
        add(t.tags, use.styles);
        add(t.text, use.why);
        add(t.text, use.aim);
    }
    for (const PluginMistake& one : plugin.mistakes) add(t.text, one.does + ' ' + one.instead);
    for (const PluginFact& fact : plugin.facts) add(t.text, fact.says);
    for (const PluginConflict& conflict : plugin.conflicts) add(t.text, conflict.about);
    return t;
}

SearchText text_of(const MixEntry& entry) {
    SearchText t;
    t.name = entry.name;
    std::vector<std::string> names = entry.aliases;
    names.push_back(entry.name);
    for (const std::string& name : names) // "prefader" is "pre fader"
        if (spoken_words(name).size() <= 3) add(t.key, spoken_key(name));
    add(t.aliases, entry.id);
    add(t.aliases, entry.aliases);
    add(t.tags, name_in(mix_kind_names, entry.kind));
    add(t.tags, entry.on);
    add(t.tags, entry.against);
    add(t.tags, entry.genres);
    for (const std::string* part : {&entry.says, &entry.why, &entry.unless, &entry.check})
        add(t.text, *part);
    for (const Figure& figure : entry.figures) add(t.text, figure.name);
    for (const MixStep& step : entry.steps) {
        add(t.tags, step.host);
        for (const std::string* part : {&step.does, &step.says, &step.why}) add(t.text, *part);
    }
    return t;
}

} // namespace

struct KnowledgeSearch::Impl {
    ~Impl() {
        sqlite3_finalize(query);
        sqlite3_close(db);
    }

    Result<void> fill(const PluginCatalog& plugins, const MixKnowledge& mix);
    bool insert(sqlite3_stmt* into, const SearchText& text);
    void count(const SearchText& text);
    std::string expression_for(const std::vector<std::string>& words) const;
    double coverage(std::size_t document, const std::vector<std::string>& stems) const;
    double rarity(const std::string& stem) const;
    std::vector<std::string> understood(std::string_view text) const;
    std::vector<SearchHit> by_words(std::string_view text, std::size_t most) const;

    sqlite3* db{nullptr};
    sqlite3_stmt* query{nullptr};
    std::vector<SearchHit> documents;                        ///< by rowid - 1
    std::vector<std::unordered_set<std::string>> stems_in;   ///< of each
    std::unordered_map<std::string, std::size_t> texts_with; ///< by stem
    std::unordered_set<std::string> keys;                    ///< of names that are one word then
    Vocabulary words;                                        ///< of all texts
};

bool KnowledgeSearch::Impl::insert(sqlite3_stmt* into, const SearchText& text) {
    sqlite3_reset(into);
    int at = 0;
    for (const std::string* part : {&text.key, &text.name, &text.aliases, &text.tags, &text.text})
        sqlite3_bind_text(into, ++at, part->data(), static_cast<int>(part->size()), SQLITE_STATIC);
    return sqlite3_step(into) == SQLITE_DONE;
}

void KnowledgeSearch::Impl::count(const SearchText& text) {
    std::unordered_set<std::string> stems;
    for (const std::string* part : {&text.key, &text.name, &text.aliases, &text.tags, &text.text})
        for (std::string& word : spoken_words(*part)) {
            stems.insert(stem_of(word));
            words.add(std::move(word));
        }
    for (std::string& key : spoken_words(text.key)) keys.insert(std::move(key));
    for (const std::string& stem : stems) ++texts_with[stem];
    stems_in.push_back(std::move(stems));
}

Result<void> KnowledgeSearch::Impl::fill(const PluginCatalog& plugins, const MixKnowledge& mix) {
    const auto wrong = [this] {
        return Error{ErrorCode::internal, std::string("search: ") + sqlite3_errmsg(db), {}};
    };
    if (sqlite3_open_v2(":memory:", &db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr)
            != SQLITE_OK
        || sqlite3_exec(db, search_schema, nullptr, nullptr, nullptr) != SQLITE_OK
        || sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr) != SQLITE_OK)
        return wrong();
    sqlite3_stmt* into = nullptr;
    if (sqlite3_prepare_v2(db, "INSERT INTO knowledge VALUES (?1, ?2, ?3, ?4, ?5)", -1, &into,
                           nullptr)
        != SQLITE_OK)
        return wrong();
    bool is_done = true;
    const auto put = [&](const SearchText& text, SearchHit hit) {
        is_done = is_done && insert(into, text);
        count(text);
        documents.push_back(hit);
    };
    for (const Plugin& plugin : plugins.plugins()) put(text_of(plugin), {&plugin, nullptr});
    for (const MixEntry& entry : mix.entries()) put(text_of(entry), {nullptr, &entry});
    sqlite3_finalize(into);
    if (!is_done || sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK
        || sqlite3_prepare_v2(db, search_query, -1, &query, nullptr) != SQLITE_OK)
        return wrong();
    return {};
}

/// The words, each as some text holds it where it can be told, and the keys of names said in several words.
std::vector<std::string> KnowledgeSearch::Impl::understood(std::string_view text) const {
    std::vector<std::string> asked = spoken_words(text);
    if (asked.size() > most_asked_words) asked.resize(most_asked_words);
    std::vector<std::string> all;
    for (std::size_t from = 0; from < asked.size(); ++from) {
        std::string name;
        for (std::size_t to = from; to < std::min(asked.size(), from + longest_name); ++to) {
            name += asked[to] + ' ';
            std::string key = spoken_key(name);
            if (to > from && keys.contains(key)) all.push_back(std::move(key));
        }
    }
    for (std::string& word : asked) {
        if (std::string key = spoken_key(word); key != word && keys.contains(key))
            all.push_back(std::move(key));
        if (const std::string_view meant = words.meant_by(word); !meant.empty())
            word = std::string(meant);
        all.push_back(std::move(word));
    }
    return all;
}

/// Any of the words; each in quotes, so that nothing in a question is an operator of FTS5.
std::string KnowledgeSearch::Impl::expression_for(const std::vector<std::string>& asked) const {
    std::string expression;
    for (const std::string& word : asked)
        expression += (expression.empty() ? "\"" : " OR \"") + word + '"';
    return expression;
}

/// How much a word says: of a word that every text holds, nothing.
double KnowledgeSearch::Impl::rarity(const std::string& stem) const {
    const auto found = texts_with.find(stem);
    const double with = found == texts_with.end() ? 0.5 : static_cast<double>(found->second);
    return std::log((static_cast<double>(documents.size()) + 1.0) / with);
}

double KnowledgeSearch::Impl::coverage(std::size_t document,
                                       const std::vector<std::string>& stems) const {
    double all = 0.0, held = 0.0;
    for (const std::string& stem : stems) {
        const double weight = rarity(stem);
        all += weight;
        if (stems_in[document].contains(stem)) held += weight;
    }
    return all > 0.0 ? held / all : 0.0;
}

KnowledgeSearch::KnowledgeSearch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KnowledgeSearch::~KnowledgeSearch() = default;

Result<std::unique_ptr<KnowledgeSearch>> KnowledgeSearch::open(const PluginCatalog& plugins,
                                                               const MixKnowledge& mix) {
    auto impl = std::make_unique<Impl>();
    if (auto filled = impl->fill(plugins, mix); !filled) return filled.error();
    return std::unique_ptr<KnowledgeSearch>(new KnowledgeSearch(std::move(impl)));
}

namespace {

/// How well the amounts of a question lie in what an entry says: 1 for each that one of its figures holds.
double amounts_in(const MixEntry& entry, const std::vector<SpokenAmount>& asked) {
    const auto holds = [](const Figure& figure, const Amount& amount) {
        const auto same_unit = in_unit(amount, figure.amount.unit);
        return amount.unit != ControlUnit::number && same_unit
               && same_unit->from >= figure.amount.from && same_unit->to <= figure.amount.to;
    };
    double count = 0.0;
    for (const SpokenAmount& one : asked)
        if (std::any_of(entry.figures.begin(), entry.figures.end(),
                        [&](const Figure& figure) { return holds(figure, one.amount); }))
            count += 1.0;
    return count;
}

} // namespace

std::vector<SearchHit> KnowledgeSearch::find(std::string_view text, std::size_t most) {
    std::vector<SearchHit> hits = impl_->by_words(text, 2 * most);
    const auto asked = spoken_amounts(spoken_words(text));
    constexpr double amount_weight = 8.0; // about what a rare word of an alias counts
    for (const SearchHit& document : impl_->documents) { // a zone is found by a frequency alone
        if (!document.entry || document.entry->kind != MixKind::zone) continue;
        const auto is_it = [&](const SearchHit& hit) { return hit.entry == document.entry; };
        if (amounts_in(*document.entry, asked) > 0.0
            && std::none_of(hits.begin(), hits.end(), is_it))
            hits.push_back(document);
    }
    for (SearchHit& hit : hits)
        if (hit.entry)
            hit.score += (hit.entry->kind == MixKind::zone ? 2.0 : 1.0) * amount_weight
                         * amounts_in(*hit.entry, asked);
    std::stable_sort(hits.begin(), hits.end(),
                     [](const SearchHit& a, const SearchHit& b) { return a.score > b.score; });
    if (hits.size() > most) hits.resize(most);
    return hits;
}

std::vector<SearchHit> KnowledgeSearch::Impl::by_words(std::string_view text,
                                                       std::size_t most) const {
    std::vector<SearchHit> hits;
    const std::vector<std::string> asked = understood(text);
    const std::string expression = expression_for(asked);
    if (expression.empty()) return hits;
    std::vector<std::string> stems;
    for (const std::string& word : asked) stems.push_back(stem_of(word));
    sqlite3_reset(query);
    sqlite3_bind_text(query, 1, expression.data(), static_cast<int>(expression.size()),
                      SQLITE_STATIC);
    sqlite3_bind_int64(query, 2, static_cast<sqlite3_int64>(most));
    while (sqlite3_step(query) == SQLITE_ROW) {
        const auto row = static_cast<std::size_t>(sqlite3_column_int64(query, 0)) - 1;
        SearchHit hit = documents[row];
        hit.score = -sqlite3_column_double(query, 1);
        hit.coverage = coverage(row, stems);
        hits.push_back(hit);
    }
    sqlite3_reset(query); // lets go of `expression`
    sqlite3_clear_bindings(query);
    return hits;
}

const Vocabulary& KnowledgeSearch::vocabulary() const { return impl_->words; }

} // namespace prefade
