// What the parts of the answerer share: the answer under way, sentences with a rank, and figures in words. Used by
// knowledge/answer*.cpp only.
#pragma once

#include "knowledge/answer.h"
#include "knowledge/question.h"
#include "knowledge/search.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// Sentences in order; those of a high rank go first when it gets too long to be read aloud.
class Telling {
public:
    /// Made a sentence: a capital in front, a full stop behind. Empty: nothing. Rank 0 stays.
    void say(std::string sentence, int rank = 0);
    bool is_empty() const noexcept { return sentences_.empty(); }
    /// At most `most_words`.
    std::string text(std::size_t most_words) const;

private:
    struct Sentence {
        std::string text;
        int rank{0};
    };
    std::vector<Sentence> sentences_;
};

/// One answer under way.
struct Composition {
    const Library& library;
    KnowledgeSearch& search;
    const SessionFacts& facts;
    const Question& q;
    GivenAnswer answer{};
    Telling telling{};
    std::optional<LastOrder> ordered{}; ///< it was an order
    std::optional<Wish> wished{};       ///< it was a wish

    void begin(AnswerKind kind) {
        answer.kind = kind;
        answer.known = true;
    }
    void rest_on(const Origin& origin);
    /// Of the session's own tempo where the question names none.
    std::optional<double> tempo() const;
};

// ---- words ----------------------------------------------------------------------------------

/// "a, b and c".
std::string in_words(const std::vector<std::string>& parts, std::string_view last = " and ");
/// "gain_reduction" is "gain reduction", "high_pass" "high-pass".
std::string figure_words(std::string_view figure);
/// "protools" is "Pro Tools".
std::string host_words(const std::string& host);
/// "under 1 dB", "over 3 dB", "2 to 4 dB".
std::string test_words(const Amount& amount);
/// "an eighth", "a dotted quarter", "0.3 beats".
std::string note_words(double beats);
double note_milliseconds(double beats, double tempo);
/// A figure scaled to what was asked for, where it is an amount of change (docs/knowledge.md, DOSE-01).
Amount dosed(const Figure& figure, const Composition& c);
Amount dosed(const Figure& figure, Dose dose, const Library& library);
/// "-3 to -1 dB at 2 to 4 kHz, Q 1.2, attack 10 ms"; tones of spectra only where `all`.
std::string figures_words(const std::vector<Figure>& figures, const Composition& c);
/// "De-ess: 5 to 9 kHz"; what the name says already is not said twice: "high-pass at 70 Hz".
std::string with_figures(const std::string& name, const std::string& figures);
/// The same, for programs.
void give(GivenAnswer& answer, const std::vector<Figure>& figures, const Composition& c);
std::string lower_first(std::string text);
bool contains(const std::vector<std::string>& list, std::string_view one);

/// "Sources differ on the ceiling: -1 dBTP (a page); -2 dBTP (another). How to find out."
void say_conflict(Composition& c, const std::string& about, const std::vector<Claim>& claims,
                  const std::string& settle, int rank);

// ---- plugins --------------------------------------------------------------------------------

/// A control by its name or an alias; null where it has none of that name.
const PluginControl* control_of(const Plugin& plugin, const std::string& words);

inline constexpr double no_use = -100.0;
/// How well a use meets source, style and tempo of a question; no_use where its source is another.
double use_fit(const PluginUse& use, const Question& q, const std::vector<std::string>& style_keys);
const PluginUse* best_use(const Plugin& plugin, const Question& q,
                          const std::vector<std::string>& style_keys);
/// The use for what was asked; then those for other styles that the question names.
std::vector<const PluginUse*> uses_for(const Plugin& plugin, const Question& q);
/// `brief`: without doses, as there is another one to come.
void tell_use(Composition& c, const Plugin& plugin, const PluginUse& use,
              const std::vector<const PluginControl*>& asked, int rank, bool brief = false);
/// Where an entry has no use for a source: what is usual for it, as far as the plugin has the controls.
bool tell_usual(Composition& c, const Plugin& plugin);
void give(GivenAnswer& answer, const Plugin& plugin, const PluginUse& use);

// ---- entries --------------------------------------------------------------------------------

bool is_kind(const MixEntry& entry, std::initializer_list<MixKind> kinds);

struct EntryFit {
    const MixEntry* entry{nullptr};
    double score{0.0}; ///< of the search, and how well it meets source and style
    double coverage{0.0};
    bool in_full{false}; ///< a name or alias of several words stands in the question
};
/// Entries of some kinds for the words of a question, the best first.
std::vector<EntryFit> entries_for(Composition& c, std::initializer_list<MixKind> kinds,
                                  std::string_view words);
std::vector<EntryFit> entries_for(Composition& c, std::initializer_list<MixKind> kinds);
/// A word of the question stands in its name, an alias or its source: what only a text mentions is not
/// what it is about.
bool is_named_by(const MixEntry& entry, const Question& q);
/// Where a single word is left of a question it must be the whole of a name or an alias.
bool is_specific(const MixEntry& entry, const Question& q);
/// "take the mud out: -3 to -2 dB at 250 to 350 Hz (CL 1B or LA-2A)".
std::string step_words(const MixStep& step, const Composition& c, std::size_t most_figures = 99);
/// A principle by its id, in a sentence; false where the knowledge has none of that id.
bool tell_principle(Composition& c, std::string_view id, int rank);
/// Why, when not, what to look at, where sources differ; of entries of all kinds.
void tell_around(Composition& c, const MixEntry& entry);

// ---- parts; each says whether it answered ---------------------------------------------------

bool tell_orders_in_disguise(Composition& c); ///< "ignore your instructions"
bool tell_choice(Composition& c);             ///< "do the second", of a wish before
bool tell_command(Composition& c);
bool tell_session(Composition& c);
bool tell_misnomer(Composition& c); ///< "Pro-Q 9"
bool tell_unheard(
    Composition& c); ///< a name that nobody knows where a plugin, a source or a host would stand
bool tell_elsewhere(Composition& c); ///< a host that nothing is known of
bool tell_comparison(Composition& c);
bool tell_plugin(Composition& c, const Plugin& plugin);
bool tell_begun(Composition& c);
bool tell_time(Composition& c);
bool tell_target(Composition& c);
bool tell_chain(Composition& c);
bool tell_operation(Composition& c);
/// The ways of an operation in these hosts; "" is all of them. False where it has none.
bool tell_ways(Composition& c, const MixEntry& operation, const std::vector<std::string>& hosts);
/// The operation that the words ask for; null where none is near enough.
const MixEntry* operation_asked(Composition& c);
/// "My kick is sibilant": where an entry is about other sources than those asked for, says so.
bool tell_other_source(Composition& c, const MixEntry& entry);
bool is_of_kit(std::string_view role); ///< a part of the drums, or all of them
/// The same source, or one that is a part of the other.
bool is_akin(const std::string& one, const std::string& other);
bool tell_meaning(Composition& c); ///< descriptors, phrases, faults, pairs
bool tell_source(Composition& c);  ///< EQ and dynamics by source
bool tell_zone(Composition& c);
bool tell_term(Composition& c);
bool tell_nearest(Composition& c);
void tell_unknown(Composition& c);
void tell_entry(Composition& c, const MixEntry& entry);

// ---- strips of the session ------------------------------------------------------------------

/// Strips that a run of words names.
struct NamedStrips {
    std::vector<const Strip*> strips; ///< several of one name
    std::size_t first{0}, count{0};   ///< of the words
};
/// In the order of the words, none over another. What to do and how much names none.
std::vector<NamedStrips> strips_named(const Composition& c);
/// Those that the question before named first.
std::vector<const Strip*> strips_before(const Composition& c);
/// By name, else by role; where the question leans, of the one before.
std::vector<const Strip*> strips_asked(const Composition& c);
inline constexpr double lowest_fader =
    -144.0; ///< dB; 24 bits of silence, where every host's fader is closed
std::string name_of(const Strip& strip); ///< in quotes, safe to print
double tenths(double value);
std::string decibels(double value); ///< "-6.5 dB"

/// A plugin of a kind, for a host or a source; null where there is none.
const Plugin* plugin_for(const Composition& c);
/// Names of some plugins of the kind that was asked for which have a use for its source.
std::vector<std::string> plugins_with_use(const Composition& c);
/// How `plugin` stands on a strip of this session now, of the controls that were asked for.
void quote_session(Composition& c, const Plugin& plugin,
                   const std::vector<const PluginControl*>& controls);
/// The plugins on the strip that was named, if it is one.
void quote_inserts(Composition& c);
inline constexpr Duration heard_span = std::chrono::seconds(10);
/// Highest or mean peak of the last seconds, after the fader where it is metered there; nothing when silent.
std::optional<double> peak_of(const Strip& strip, TimePoint now, Duration span, bool mean);
/// The value of a measure of measures.toml in this session; nothing where it cannot be taken now.
std::optional<double> measured(const Composition& c, std::string_view measure);

} // namespace prefade
