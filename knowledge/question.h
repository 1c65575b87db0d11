// A question understood: what it is about (plugins, sources, styles, tempo, platform, amounts) and which words say
// what is wanted. A question that leans on the one before takes over what it leaves out. Pure; any thread.
#pragma once

#include "core/session.h"
#include "knowledge/lexicon.h"
#include "knowledge/spoken.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

inline constexpr double slowest_song = 20.0,
                        fastest_song = 400.0; ///< bpm, as core/brief takes them

/// What an order moved: one fader by a step, or something else.
struct LastOrder {
    StripId strip;
    double from{0.0}, step{0.0}; ///< dB; a step of 0: no such move
    std::uint64_t epoch{0};      ///< of the session: later the id may be another strip's
};

/// A run of words that nobody knows.
struct UnknownWords {
    std::string text;
    std::size_t first{0}, count{0}; ///< of the words
};

enum class Dose { normal, gentle, strong };

/// A wish, as it was answered: what the next words may choose from.
struct Wish {
    const MixEntry* descriptor{nullptr};
    std::vector<const MixStep*> ways; ///< in the order they were told
    bool is_named{false};             ///< it is for `strips` alone; else for all of a way's sources
    std::vector<StripId> strips;
    Dose dose{Dose::normal};
    bool is_open{false};    ///< one of its ways may be chosen
    std::uint64_t epoch{0}; ///< of the session: later an id may be another strip's
};

struct Question {
    using Dose = prefade::Dose;

    std::string text;
    std::vector<std::string> words;   ///< slips mended
    std::vector<std::size_t> clauses; ///< words that stand behind a comma, a full stop or the like
    std::vector<Mention> mentions;

    std::vector<const Plugin*> plugins; ///< in the order they are named
    std::vector<const Plugin*> begun;   ///< which it may be, where a name is not complete
    std::vector<Misnomer> misnomers;
    std::vector<UnknownWords> unknown;

    std::vector<std::string> roles, styles, controls, kinds, hosts; ///< ids of words.toml
    std::vector<std::string> elsewhere; ///< hosts that nothing is known of
    std::vector<const MixEntry*> platforms, genres, descriptors, terms, zones;
    std::vector<SpokenAmount> amounts; ///< but the tempo
    std::optional<double> tempo;       ///< bpm
    bool has_odd_tempo{false};         ///< one was said that no song has
    std::optional<double> beats;       ///< length of a note
    Dose dose{Dose::normal};
    bool leans{false};                     ///< on the question before
    std::vector<std::string> words_before; ///< of the question before, whether it leans or not
    std::optional<LastOrder> ordered, ordered_before; ///< it was an order, and the one before was
    std::optional<Wish> wished_before;                ///< the question just before was one

    bool is(std::string_view cue) const;
    bool is_any(std::initializer_list<std::string_view> cues) const;
    /// Words that say something, in their order: what entries are searched for.
    std::string content;
    std::vector<std::string> content_words;
    /// Keys (spoken_key) that styles of entries may meet: ids, words and genres of what was said.
    std::vector<std::string> style_keys;
    std::vector<std::string> genre_ids; ///< named, or leant to by a style
};

Question understand(std::string_view text, const Lexicon& lexicon, const MixKnowledge& mix);

/// Takes what `asked` leaves out from the question before, where it leans on it ("and for bass?").
void lean_on(Question& asked, const Question& before);

} // namespace prefade
