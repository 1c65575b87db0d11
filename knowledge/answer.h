// The offline answerer: a question in, an answer composed of entries of the knowledge out, with its numbers, reason,
// check and sources. What the knowledge does not hold is said so, never invented; what was asked under a wrong premise is
// put right first. Orders become proposed moves, which whoever asked hands to the gate. Remembers the last question.
// One thread at a time; a question takes a few ms.
#pragma once

#include "core/brief.h"
#include "core/names.h"
#include "core/result.h"
#include "core/session.h"
#include "knowledge/library.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade {

enum class AnswerKind : std::uint8_t {
    setting,     ///< how to set a plugin, an EQ, a compressor; moves to make
    value,       ///< a range, a time, a frequency, what a position does
    diagnosis,   ///< what may be wrong, and how to tell
    comparison,  ///< two of a kind beside each other
    target,      ///< levels and loudness to land at
    translation, ///< what a word may mean
    how_to,      ///< the way in a DAW
    command,     ///< an order, as proposed moves
    chain,       ///< stages in their order
    term,        ///< what a word of the trade means
    session,     ///< what this session shows
    unknown,
};
inline constexpr Names<AnswerKind, 12> answer_kind_names{{{AnswerKind::setting, "setting"},
                                                          {AnswerKind::value, "value"},
                                                          {AnswerKind::diagnosis, "diagnosis"},
                                                          {AnswerKind::comparison, "comparison"},
                                                          {AnswerKind::target, "target"},
                                                          {AnswerKind::translation, "translation"},
                                                          {AnswerKind::how_to, "how-to"},
                                                          {AnswerKind::command, "command"},
                                                          {AnswerKind::chain, "chain"},
                                                          {AnswerKind::term, "term"},
                                                          {AnswerKind::session, "session"},
                                                          {AnswerKind::unknown, "unknown"}}};

/// One control or figure and what it is set to: a number, a range of numbers, or words.
struct GivenSetting {
    std::string control;         ///< as the plugin names it, or a figure of docs/knowledge.md
    std::optional<double> value; ///< nothing for a range and for words
    std::optional<std::pair<double, double>> range;
    std::string words;    ///< "Opto or Vocal"
    std::string unit;     ///< "ms"; empty for words and plain numbers
    std::string plugin{}; ///< id of the plugin whose control it is; empty for a figure
};

/// A move for the gate, in the words of `prefade set`.
struct GivenMove {
    ControlPath path; ///< what `control` of the strip `name` is
    std::string name, control, value;
    std::string before;                  ///< what the control is at now; empty when not known
    std::optional<Normalized> exactly{}; ///< of a parameter, where `value` is its rounding
};

/// One of the things that a wish may mean, with its moves in this session; none of them is made before it is chosen.
struct GivenWay {
    std::string does;
    std::vector<GivenMove> moves;
    std::string says;    ///< the moves in words
    std::string but;     ///< why there are none, or not for all of its strips
    bool by_hand{false}; ///< nothing that a fader or a known control does
};

/// What the DAW tells of it was not read yet, and is wanted to answer.
struct GivenLook {
    StripId strip;
    InsertId insert; ///< none: which there are
};

struct GivenAnswer {
    std::string text;
    AnswerKind kind{AnswerKind::unknown};
    bool known{false};
    std::string plugin; ///< id; empty: it is about none in particular
    std::vector<GivenSetting> settings;
    std::vector<std::string> sources;
    std::vector<GivenMove> moves;
    std::vector<GivenWay> ways{}; ///< to choose from: "do the second"
    std::optional<GivenLook> look{};
    std::string asks; ///< the one thing to ask back; empty: nothing
};

/// What is known of the session at the time of the question.
struct SessionFacts {
    const Session* session{nullptr}; ///< null: no daemon, no DAW
    Brief brief;
    TimePoint now{};
    Decibel fader_top{6.0}; ///< highest level that the host's faders take
};

class Answerer {
public:
    /// Errors: as KnowledgeSearch::open.
    static Result<std::unique_ptr<Answerer>> open(std::shared_ptr<const Library> library);
    ~Answerer();

    GivenAnswer ask(std::string_view question, const SessionFacts& facts = {});
    void forget(); ///< the last questions

private:
    struct Impl;
    explicit Answerer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
