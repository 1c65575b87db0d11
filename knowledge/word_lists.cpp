// words.toml, read: what each list is about is one of what the answerer looks for.
#include "knowledge/data_files.h"
#include "knowledge/lexicon.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/toml_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace prefade {

namespace {

using Ids = std::vector<std::string_view>;

constexpr double shortest_note = 1.0 / 64.0, longest_note = 64.0; ///< beats

/// What the answerer tells apart, of each class that it does so with; none: any id will do.
const Ids& ids_of(WordClass of) {
    static const Ids none;
    static const Ids doses{"gentle", "strong"};
    static const Ids cues{"compare",  "define", "how",       "should",  "chain",  "wish",
                          "wishing",  "must",   "mend",      "trouble", "amount", "why",
                          "why not",  "limits", "direction", "can",     "does",   "instead",
                          "mistakes", "more",   "priority",  "album",   "status", "here",
                          "follow",   "order"};
    static const Ids verbs{"down",     "up",  "set",  "mute", "unmute", "solo", "unsolo", "bypass",
                           "unbypass", "pan", "turn", "left", "right",  "hard", "touch"};
    static const Ids wordings{"polite", "to",        "by",    "it",     "and",
                              "unity",  "negation",  "every", "except", "than",
                              "or",     "condition", "time",  "past",   "reason"};
    static const Ids kinds = [] {
        Ids names;
        for (const auto& [kind, name] : plugin_kind_names) names.push_back(name);
        return names;
    }();
    static const Ids hosts = host_ids();
    switch (of) {
    case WordClass::dose: return doses;
    case WordClass::cue: return cues;
    case WordClass::verb: return verbs;
    case WordClass::wording: return wordings;
    case WordClass::kind: return kinds;
    case WordClass::host: return hosts;
    case WordClass::role:
    case WordClass::style:
    case WordClass::control:
    case WordClass::elsewhere:
    case WordClass::note: break;
    }
    return none;
}

/// Beats, or what is done to them.
bool is_note(const std::string& id) {
    if (id == "dotted" || id == "triplet") return true;
    char* end = nullptr;
    const double beats = std::strtod(id.c_str(), &end);
    const bool is_decimal = id.find_first_not_of("0123456789.") == std::string::npos;
    return is_decimal && end == id.c_str() + id.size() && beats >= shortest_note
           && beats <= longest_note;
}

class WordListReader {
public:
    explicit WordListReader(const std::vector<std::string>& roles) : roles_(roles) {}

    WordList read(TableReader& table, WordClass of) {
        WordList list;
        list.of = of;
        list.id = table.text("id", true).value_or("");
        list.words = table.texts("words");
        if (of == WordClass::style) list.genres = table.texts("genres");
        list.where = table.where();
        if (list.words.empty()) table.complain("words", "a list needs some");
        if (!list.id.empty()) check_id(table, list);
        table.finish();
        return list;
    }

private:
    void check_id(TableReader& table, const WordList& list) {
        const std::string id = in_quotes(list.id);
        if (!seen_.insert({list.of, list.id}).second)
            table.complain("id", id + " is there already: add the words to that list");
        if (list.of == WordClass::role && list.id != "dialogue"
            && std::find(roles_.begin(), roles_.end(), list.id) == roles_.end())
            table.complain("id", id + " is no role of roles.toml");
        if (list.of == WordClass::note && !is_note(list.id))
            table.complain("id",
                           id
                               + " is no length: beats from 1/64 = 0.015625 to 64, or \"dotted\" "
                                 "or \"triplet\"");
        const Ids& known = ids_of(list.of);
        if (!known.empty() && std::find(known.begin(), known.end(), list.id) == known.end())
            table.complain(
                "id", id + " is none of the " + std::string(name_in(word_class_names, list.of))
                          + "s that questions are understood by" + known_names(list.id, known));
    }

    const std::vector<std::string>& roles_;
    std::set<std::pair<WordClass, std::string>> seen_;
};

} // namespace

Result<WordLists> load_word_lists(const std::filesystem::path& path,
                                  const std::vector<std::string>& roles) {
    auto text = read_data_file(path);
    if (!text) return text.error();
    TomlFile file(*text, path.string());
    TableReader top(file, file.root(), "this file");
    WordListReader reader(roles);
    WordLists lists;
    for (const auto& [of, name] : word_class_names)
        for (TableReader& table : top.tables(name)) lists.lists.push_back(reader.read(table, of));
    if (auto common = top.table("common")) {
        lists.common = common->texts("words");
        common->finish();
    }
    top.finish();
    if (file.errors().empty()) return lists;
    std::string message;
    for (const Error& error : file.errors())
        message += (message.empty() ? "" : "; ") + error.message;
    return Error{ErrorCode::invalid, message, file.errors().front().where};
}

} // namespace prefade
