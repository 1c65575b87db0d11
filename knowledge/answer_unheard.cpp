// What nobody wrote about: plugins, sources and hosts without an entry, and entries that are about other sources. Said so
// first; what is near is told as being near, never in its place.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>

namespace prefade {

namespace {

constexpr std::size_t longest_unknown_name = 60; ///< characters that are worth repeating

std::string quoted(const std::string& name) {
    return in_quotes(printable(name.substr(0, longest_unknown_name)));
}

void begin_unknown(Composition& c, const std::string& what) {
    c.answer.kind = AnswerKind::unknown;
    c.answer.known = false;
    c.telling.say("I do not know " + what);
}

/// "Of the others I know LA-2A: a levelling amplifier."
void tell_known_plugins(Composition& c) {
    for (const Plugin* plugin : c.q.plugins) {
        c.telling.say("What I know is the " + plugin->name + ": " + lower_first(plugin->what), 1);
        c.rest_on(plugin->origin);
    }
}

bool is_word_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The word before a place, articles and the like left out.
std::string word_before(const Question& q, std::size_t at) {
    while (at > 0 && is_word_of(q.words[at - 1], {"a", "an", "the", "my", "this", "that", "our"}))
        --at;
    return at > 0 ? q.words[at - 1] : std::string();
}

/// Another word for what is known stands right behind: "a schlager song", "the flugel vocal".
bool tells_more_of(const Question& q, const UnknownWords& run) {
    const std::size_t next = run.first + run.count;
    if (next < q.words.size()
        && is_word_of(q.words[next], {"song", "songs", "track", "mix", "record", "music", "style"}))
        return true;
    return std::any_of(q.mentions.begin(), q.mentions.end(), [&](const Mention& m) {
        return m.first == next && (m.plugin || (m.list && m.list->of == WordClass::role));
    });
}

bool has_model_number(const UnknownWords& run) {
    return run.count > 1 && run.text.back() >= '0' && run.text.back() <= '9';
}

bool has_article(const Question& q, std::size_t at) {
    return at > 0 && is_word_of(q.words[at - 1], {"a", "an", "the", "my", "this"});
}

/// It stands where a plugin or a source would.
bool stands_for_name(const Question& q, const UnknownWords& run) {
    if (tells_more_of(q, run)) return false;
    if (has_model_number(run)) return true;
    const std::string before = word_before(q, run.first);
    const bool is_tool = is_word_of(before, {"on", "with", "through", "using", "via"});
    if (!q.plugins.empty()) // another one beside it; else it is a control
        return q.is("compare") || contains(q.words, "or") || contains(q.words, "vs");
    const bool is_asked =
        q.is_any({"should", "how", "chain", "limits", "does", "compare", "amount"})
        || !q.controls.empty() || !q.kinds.empty() || !q.begun.empty();
    if (q.roles.empty())
        return is_asked
               && (is_tool || is_word_of(before, {"for", "of", "eq", "compress", "in"})
                   || has_article(q, run.first) || !q.begun.empty() || run.first == 0
                   || !q.controls.empty());
    return is_tool || (is_asked && has_article(q, run.first)) || !q.begun.empty();
}

/// "pro z" of "fabfilter pro z": with the beginning that stands before it.
std::string with_beginning(const Question& q, const UnknownWords& run) {
    std::string name = run.text;
    for (std::size_t at = run.first; at > 0; --at) {
        const std::string& word = q.words[at - 1];
        const bool begins = std::any_of(q.begun.begin(), q.begun.end(), [&](const Plugin* plugin) {
            const auto words = spoken_words(plugin->maker + ' ' + plugin->name);
            return contains(words, word);
        });
        if (!begins) break;
        name = word + ' ' + name;
    }
    return name;
}

std::vector<std::string> names_of(const std::vector<const Plugin*>& plugins, std::size_t most) {
    std::vector<std::string> names;
    for (const Plugin* plugin : plugins)
        if (names.size() < most) names.push_back(plugin->name);
    return names;
}

} // namespace

bool tell_misnomer(Composition& c) {
    if (c.q.misnomers.empty()) return false;
    const Misnomer& one = c.q.misnomers.front();
    begin_unknown(c, "a plugin called " + quoted(one.said));
    if (!c.q.plugins.empty()) {
        tell_known_plugins(c);
        return true;
    }
    if (!one.nearest) return true;
    c.telling.say("The nearest name I have is " + one.nearest->name
                  + ", which is another one: ask for it if you mean it");
    c.answer.asks = "Do you mean the " + one.nearest->name + '?';
    return true;
}

bool tell_unheard(Composition& c) {
    if (!c.q.platforms.empty() || c.q.is("order")) return false;
    const auto run =
        std::find_if(c.q.unknown.begin(), c.q.unknown.end(),
                     [&](const UnknownWords& one) { return stands_for_name(c.q, one); });
    if (run == c.q.unknown.end()) return false;
    begin_unknown(c, quoted(with_beginning(c.q, *run)));
    tell_known_plugins(c);
    if (!c.q.plugins.empty()) return true;
    if (!c.q.begun.empty())
        c.telling.say("Names that begin so: " + in_words(names_of(c.q.begun, 5)), 1);
    const MixEntry* operation = word_before(c.q, run->first) == "in" ? operation_asked(c) : nullptr;
    if (operation) {
        c.answer.kind = AnswerKind::how_to;
        c.telling.say("What I know of " + quoted(operation->name) + " is of others");
        tell_ways(c, *operation, {});
        return true;
    }
    const std::vector<std::string> plugins = plugins_with_use(c);
    if (!plugins.empty())
        c.telling.say("For " + in_words(c.q.roles) + " I have settings of " + in_words(plugins), 1);
    const bool is_source =
        c.q.roles.empty() && c.q.begun.empty() && !has_model_number(*run)
        && !is_word_of(word_before(c.q, run->first), {"with", "through", "using", "via", "in"});
    if (is_source) {
        c.answer.asks =
            "If it is a source, which of these is it nearest to: acoustic guitar, piano, "
            "strings, brass, synth?";
        c.telling.say(c.answer.asks);
    }
    return true;
}

bool tell_elsewhere(Composition& c) {
    if (c.q.elsewhere.empty() || !c.q.hosts.empty()) return false;
    const MixEntry* operation = operation_asked(c);
    if (!operation && (!c.q.roles.empty() || !c.q.plugins.empty()) && !c.q.is("how"))
        return false; // of the mix, wherever it is made
    begin_unknown(c, "my way around " + in_words(c.q.elsewhere));
    if (!operation) return true;
    c.answer.kind = AnswerKind::how_to;
    c.telling.say("Elsewhere it goes like this");
    tell_ways(c, *operation, {});
    return true;
}

namespace {

using Family = std::array<std::string_view, 8>;
/// Sources that are much alike.
constexpr std::array<Family, 3> alike{{{"lead vocal", "vocals", "backing vocal", "dialogue"},
                                       {"electric guitar", "acoustic guitar"},
                                       {"bass", "synth bass"}}};
constexpr Family kit{"kick", "snare", "toms", "hi-hat", "overheads", "room", "percussion", "drums"};

bool is_in(const Family& family, std::string_view role) {
    return std::find(family.begin(), family.end(), role) != family.end();
}

} // namespace

bool is_akin(const std::string& one, const std::string& other) {
    const bool is_whole_kit = one == "drums" || other == "drums";
    return one == other || (is_whole_kit && is_in(kit, one) && is_in(kit, other))
           || std::any_of(alike.begin(), alike.end(), [&](const Family& family) {
                  return is_in(family, one) && is_in(family, other);
              });
}

bool is_of_kit(std::string_view role) { return is_in(kit, role); }

bool tell_other_source(Composition& c, const MixEntry& entry) {
    const auto is_general = [](const std::string& role) {
        return is_word_of(role, {"any", "music", "master", "reverb", "delay"});
    };
    if (c.q.roles.empty() || entry.on.empty()
        || !is_kind(entry,
                    {MixKind::descriptor, MixKind::phrase, MixKind::problem, MixKind::principle}))
        return false;
    for (const std::string& role : c.q.roles)
        for (const std::string& on : entry.on)
            if (is_general(on) || is_general(role) || is_akin(role, on)) return false;
    c.answer.kind = AnswerKind::diagnosis;
    c.answer.known = false;
    const std::string source = in_words(c.q.roles);
    c.telling.say("What I know of " + quoted(lower_first(entry.name)) + " is about "
                  + in_words(entry.on) + ", not about " + source);
    c.answer.asks = "What is heard on the " + source + ", and about where in Hz?";
    c.telling.say(c.answer.asks);
    c.rest_on(entry.origin);
    return true;
}

} // namespace prefade
