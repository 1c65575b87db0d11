// The questions of tests/knowledge/questions: asked of the answerer, and looked at for facts that must and must not be in
// the answer. Shared by the tests and the benchmark.
#pragma once

#include "knowledge/answer.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

struct AskedQuestion {
    std::string ask, after;            ///< `after` is asked before it
    std::vector<std::string> kinds;    ///< any of these; the first names it in scores
    std::vector<std::string> must;     ///< each in the answer, in any case; "a|b": one of them
    std::vector<std::string> must_not; ///< none of them
    std::optional<std::string> plugin; ///< id
    std::optional<bool> known;
    bool session{false};           ///< with the session of `asked_session`
    bool asks{false};              ///< something is to be asked back
    std::vector<std::string> move; ///< strip, control, value
    std::string moves;             ///< "none" or "some"
    std::string where;             ///< file:line
};

/// All questions of the *.toml of a folder, in order. Throws on a file that is not right.
std::vector<AskedQuestion> read_questions(const std::filesystem::path& folder);

/// A session of a song: vocals, kick, snare, bass, guitars, two pads of one name, and a strip whose name gives orders.
Session asked_session(TimePoint now);

/// What is wrong with the answer; empty: it is right.
std::vector<std::string> faults_of(const AskedQuestion& question, const GivenAnswer& answer);
/// Settings of controls that neither the plugin nor the table of figures has.
std::vector<std::string> invented_controls(const GivenAnswer& answer, const PluginCatalog& plugins);

struct QuestionScore {
    std::size_t asked{0}, right{0};
};
struct QuestionRun {
    std::map<std::string, QuestionScore> by_kind;
    QuestionScore all;
    std::size_t invented{0}, forbidden{0}; ///< controls, facts
    std::size_t moved_wrongly{0}; ///< another move than asked for, or none, or one too many
    std::size_t known_wrongly{0}; ///< claims to know, or not to know
    std::size_t too_long{0};      ///< to be listened to, where it was not asked for in detail
    std::vector<double> milliseconds;
    std::vector<std::string> faults; ///< one line each: where, question, what
};
QuestionRun ask_all(Answerer& answerer, const Library& library,
                    const std::vector<AskedQuestion>& questions);
/// Faults that no share of right answers makes good.
std::size_t grave_faults(const QuestionRun& run);
/// Kinds in which more than one answer of ten is wrong; where fewer than ten were asked, more than one.
std::vector<std::string> weak_kinds(const QuestionRun& run);
/// "setting 40/44, value 12/13 ...; 180 of 192, 93.8 %".
std::string score_text(const QuestionRun& run);

} // namespace prefade::test
