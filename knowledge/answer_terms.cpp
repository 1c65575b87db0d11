// Answers that are one thing: a zone of frequencies, a word of the trade, the length of a note.
#include "knowledge/answer_parts.h"
#include "knowledge/spelling.h"

#include <algorithm>
#include <cmath>

namespace prefade {

bool tell_zone(Composition& c) {
    const Question& q = c.q;
    if (q.is_any({"trouble", "mend"}) || !q.roles.empty()) return false;
    const MixEntry* zone = nullptr;
    for (const SpokenAmount& one : q.amounts)
        for (const MixEntry& entry : c.library.mix.entries()) {
            if (entry.kind != MixKind::zone || zone) continue;
            const Amount* frequency = entry.figure("frequency");
            const auto hertz = in_unit(one.amount, ControlUnit::hertz);
            if (frequency && hertz && one.amount.unit != ControlUnit::number
                && hertz->from >= frequency->from && hertz->to <= frequency->to)
                zone = &entry;
        }
    const bool asks_where = contains(q.controls, "frequency") || contains(q.words, "where")
                            || contains(q.words, "lives") || contains(q.words, "band");
    if (!zone && !q.zones.empty() && asks_where) zone = q.zones.front();
    if (!zone) return false;
    tell_entry(c, *zone);
    return true;
}

bool tell_term(Composition& c) {
    if (c.q.terms.empty() || !c.q.is_any({"define", "compare", "does", "why"})) return false;
    if (c.q.tempo || !c.q.roles.empty() || !c.q.genre_ids.empty())
        return false;       // of a use, not the word
    std::size_t beside = 0; // words that the terms do not take up
    for (const std::string& word : c.q.content_words)
        beside += std::none_of(c.q.terms.begin(), c.q.terms.end(), [&](const MixEntry* term) {
            std::vector<std::string> names = term->aliases;
            names.push_back(term->name);
            return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                return contains(spoken_words(name), word);
            });
        });
    if (beside > 2) return false;
    std::size_t told = 0;
    for (const MixEntry* term : c.q.terms)
        if (told++ < (c.q.is("compare") ? 2U : 1U)) tell_entry(c, *term);
    if (told > 1 && c.q.is("compare")) c.answer.kind = AnswerKind::comparison;
    for (const MixEntry& entry :
         c.library.mix.entries()) // a principle of that name says what is usual
        if (told == 1 && entry.kind == MixKind::principle
            && spoken_key(entry.name) == spoken_key(c.q.terms.front()->name))
            tell_principle(c, entry.id, 1);
    return true;
}

namespace {

/// "A delay at 95 bpm": the notes that delays are set to, and what is said of them.
bool tell_delays(Composition& c) {
    c.begin(AnswerKind::value);
    std::vector<std::string> notes;
    for (const double beats : {1.0, 0.75, 0.5, 0.25}) {
        const double ms = std::round(note_milliseconds(beats, *c.q.tempo));
        notes.push_back(note_words(beats) + ' ' + said({ms, ms, ControlUnit::milliseconds}));
        c.answer.settings.push_back({"delay", ms, std::nullopt, "", "ms", ""});
    }
    c.telling.say("At " + to_text(*c.q.tempo, ControlUnit::bpm) + ' ' + in_words(notes));
    const MixEntry* times = c.library.mix.find(MixKind::principle, "DL-01");
    if (const Amount* slap = times ? times->figure("delay") : nullptr) {
        c.telling.say("A slap is " + said(*slap) + " at any tempo");
        c.rest_on(times->origin);
    }
    if (c.q.is("more")) tell_principle(c, "TEMPO-01", 2);
    return true;
}

/// "A quarter at 0 bpm".
bool tell_odd_tempo(Composition& c) {
    const bool is_of_time =
        c.q.beats || contains(c.q.kinds, "delay") || contains(c.q.controls, "release");
    if (!c.q.has_odd_tempo || c.q.tempo || !is_of_time) return false;
    c.begin(AnswerKind::value);
    c.answer.known = false;
    c.telling.say("No song has that tempo: I count from "
                  + to_text(slowest_song, ControlUnit::number) + " to "
                  + to_text(fastest_song, ControlUnit::bpm));
    c.answer.asks = "At which tempo?";
    c.telling.say(c.answer.asks);
    return true;
}

} // namespace

bool tell_time(Composition& c) {
    const Question& q = c.q;
    if (tell_odd_tempo(c)) return true;
    if (!q.beats && q.tempo && contains(q.kinds, "delay")) return tell_delays(c);
    const bool is_release = q.tempo && contains(q.controls, "release") && q.roles.empty();
    const std::optional<double> beats =
        q.beats || !is_release ? q.beats : 1.0; // breathing with the beat
    if (!beats) return false;
    const MixEntry* rule = c.library.mix.find(MixKind::principle, "TEMPO-01");
    const auto tempo = c.tempo();
    c.begin(AnswerKind::value);
    if (rule) c.rest_on(rule->origin);
    if (!tempo) {
        c.answer.asks = "At which tempo?";
        c.telling.say(c.answer.asks);
        if (rule) c.telling.say(rule->says);
        return true;
    }
    const auto milliseconds = [](double ms) { return said({ms, ms, ControlUnit::milliseconds}); };
    const double exact = note_milliseconds(*beats, *tempo);
    const double ms = std::round(exact * 10.0) / 10.0;
    c.telling.say(note_words(*beats) + " at " + to_text(*tempo, ControlUnit::bpm) + " is "
                  + milliseconds(ms));
    c.answer.settings.push_back({"time", ms, std::nullopt, "", "ms", ""});
    const MixEntry* breathing = c.library.mix.find(MixKind::principle, "TEMPO-03");
    const Amount* factor = breathing ? breathing->figure("factor") : nullptr;
    if (factor && (contains(q.controls, "release") || contains(q.kinds, "compressor"))) {
        const auto part = [&](double x) { return std::round(exact * x); };
        c.telling.say("A release that has recovered by then takes "
                      + said({part(factor->from), part(factor->to), ControlUnit::milliseconds}));
        c.telling.say(breathing->says, 1);
        c.answer.settings.push_back({"release", std::nullopt,
                                     std::pair{part(factor->from), part(factor->to)}, "", "ms",
                                     ""});
        c.rest_on(breathing->origin);
    }
    if (rule && q.is_any({"more", "why"})) c.telling.say(rule->says, 2);
    return true;
}

} // namespace prefade
