// Questions to Ardour, one in flight at a time. Ardour answers in the order asked, but says nothing
// to what it does not know, and most answers do not say what they answer. So each question goes out
// in one frame between two that carry a number of their own:
//
//   /strip/name_17/3   /strip/plugin/list ,i 3   /strip/fader_17/3   /strip/name_18/3
//
// Ardour reads only the beginning of such a word, and answers with the path as it came (7.3,
// measured). What arrives between the two names belongs to this question and to no earlier one, and
// the names prove which strip it was about, before and after. Pure; desk thread.
#pragma once

#include "connectors/bracket.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::ardour {

struct Question {
    enum class About { listing, proof, parts, descriptor }; ///< in order of urgency
    About about{About::listing};
    std::int32_t ssid{1}; ///< whose name frames it
    /// An address that ends in '_' gets the number and the ssid: "/strip/fader_" -> "/strip/fader_17/3".
    std::vector<OscMessage> asks;
    // What the asker wants back with the answer:
    std::vector<Token> tokens; ///< all wait for this proof
    ControlPath path;
    StripId strip;
    InsertId insert;
    int tries{0};
};

struct Answer {
    Question question;
    bool complete{false}; ///< both names came; else the host did not answer in several tries
    std::string name_before, name_after;
    std::vector<OscMessage> heard; ///< with addresses as they were asked: "/strip/fader_"
};

class Inquiry {
public:
    /// `retry`: how soon a question that was not answered is asked again; doubled with each attempt.
    explicit Inquiry(Duration retry) : retry_(retry) {}

    /// Queues behind what is as urgent. A proof that waits for the same path takes the tokens instead.
    void ask(Question question);
    /// Sends the next question when none is in flight.
    void pump(TimePoint now, DialectOutput& out);
    /// True when `message` answers questions, this one or one long given up: it is no feedback.
    bool hear(const OscMessage& message, std::optional<Answer>& done);
    /// The host told by itself what `word` ("/strip/fader_") asks of `ssid`: an answer that came before is
    /// old news, and is not heard of.
    void outdate(std::string_view word, std::int32_t ssid);
    /// Asks again what was not answered in time; gives up after `attempts`.
    std::optional<Answer> expire(TimePoint now, DialectOutput& out);

    bool is_idle() const noexcept { return !flying_ && waiting_.empty(); }
    bool has(Question::About about) const;
    void clear();
    /// When `expire` has something to do; TimePoint::max() when nothing is in flight.
    TimePoint due() const noexcept { return flying_ ? flying_->deadline : TimePoint::max(); }

private:
    static constexpr int attempts = 6;
    struct Flight {
        Answer answer;
        std::uint32_t number{0}; ///< of the frame's beginning; its end has the next
        int attempt{0};
        bool begun{false};
        TimePoint deadline{};
    };
    void launch(TimePoint now, DialectOutput& out);

    Duration retry_;
    std::deque<Question> waiting_;
    std::optional<Flight> flying_;
    std::uint32_t last_number_{0};
};

} // namespace prefade::ardour
