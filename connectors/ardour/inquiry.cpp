#include "connectors/ardour/inquiry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace prefade::ardour {
namespace {

/// Answers that no feedback looks like.
constexpr std::array<std::string_view, 5> plain_answers{
    "/strip", "/strip/sends", "/strip/plugin/list", "/strip/plugin/descriptor",
    "/strip/plugin/descriptor_end"};

/// "/strip/name_17/3" taken apart.
struct Numbered {
    std::string_view word; ///< "/strip/name_"
    std::uint32_t number{0};
    std::int32_t ssid{0};
};

template <class Integer> bool read_all(std::string_view text, Integer& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Numbered> numbered(std::string_view address) {
    const std::size_t slash = address.rfind('/'), line = address.rfind('_');
    if (!address.starts_with("/strip/") || slash == std::string_view::npos
        || line == std::string_view::npos || line > slash)
        return std::nullopt;
    Numbered parsed{address.substr(0, line + 1), 0, 0};
    if (!read_all(address.substr(line + 1, slash - line - 1), parsed.number)
        || !read_all(address.substr(slash + 1), parsed.ssid))
        return std::nullopt;
    return parsed;
}

std::string with_number(std::string_view word, std::uint32_t number, std::int32_t ssid) {
    return std::string(word) + std::to_string(number) + '/' + std::to_string(ssid);
}

constexpr std::string_view name_word = "/strip/name_";

} // namespace

void Inquiry::ask(Question question) {
    if (question.about == Question::About::proof)
        for (Question& waiting : waiting_)
            if (waiting.about == question.about && waiting.path == question.path
                && waiting.asks == question.asks) {
                waiting.tokens.insert(waiting.tokens.end(), question.tokens.begin(),
                                      question.tokens.end());
                return;
            }
    const auto behind = std::find_if(waiting_.begin(), waiting_.end(),
                                     [&](const Question& q) { return q.about > question.about; });
    waiting_.insert(behind, std::move(question));
}

void Inquiry::pump(TimePoint now, DialectOutput& out) {
    if (flying_ || waiting_.empty()) return;
    flying_ = Flight{};
    flying_->answer.question = std::move(waiting_.front());
    waiting_.pop_front();
    launch(now, out);
}

void Inquiry::launch(TimePoint now, DialectOutput& out) {
    Flight& flight = *flying_;
    const Question& question = flight.answer.question;
    flight.number = last_number_ + 1;
    last_number_ += 2;
    flight.begun = false;
    flight.answer.heard.clear();
    flight.deadline = now + retry_ * (1 << flight.attempt);
    out.to_send.emplace_back(OscMessage{with_number(name_word, flight.number, question.ssid), {}});
    for (OscMessage ask : question.asks) {
        if (ask.address.ends_with('_'))
            ask.address = with_number(ask.address, flight.number, question.ssid);
        out.to_send.emplace_back(std::move(ask));
    }
    out.to_send.emplace_back(
        OscMessage{with_number(name_word, flight.number + 1, question.ssid), {}});
}

bool Inquiry::hear(const OscMessage& message, std::optional<Answer>& done) {
    const auto is_plain = std::find(plain_answers.begin(), plain_answers.end(), message.address)
                          != plain_answers.end();
    const auto parsed = is_plain ? std::nullopt : numbered(message.address);
    if (!is_plain && !parsed) return false;
    if (!flying_) return true;
    Flight& flight = *flying_;
    if (is_plain) {
        if (flight.begun) flight.answer.heard.push_back(message);
        return true;
    }
    if (parsed->ssid != flight.answer.question.ssid) return true;
    const auto* text =
        message.arguments.empty() ? nullptr : std::get_if<std::string>(&message.arguments.front());
    if (parsed->word != name_word) {
        if (flight.begun && parsed->number == flight.number)
            flight.answer.heard.push_back({std::string(parsed->word), message.arguments});
    } else if (parsed->number == flight.number && text) {
        flight.answer.name_before = *text;
        flight.answer.heard.clear(); // whatever came before is older than the question
        flight.begun = true;
    } else if (parsed->number == flight.number + 1 && text && flight.begun) {
        flight.answer.name_after = *text;
        flight.answer.complete = true;
        done = std::move(flight.answer);
        flying_.reset();
    }
    return true;
}

void Inquiry::outdate(std::string_view word, std::int32_t ssid) {
    if (!flying_ || flying_->answer.question.ssid != ssid) return;
    std::erase_if(flying_->answer.heard, [&](const OscMessage& m) { return m.address == word; });
}

std::optional<Answer> Inquiry::expire(TimePoint now, DialectOutput& out) {
    if (!flying_ || now < flying_->deadline) return std::nullopt;
    if (++flying_->attempt < attempts) {
        launch(now, out);
        return std::nullopt;
    }
    Answer given_up = std::move(flying_->answer);
    flying_.reset();
    return given_up;
}

bool Inquiry::has(Question::About about) const {
    return (flying_ && flying_->answer.question.about == about)
           || std::any_of(waiting_.begin(), waiting_.end(),
                          [&](const Question& q) { return q.about == about; });
}

void Inquiry::clear() {
    waiting_.clear();
    flying_.reset();
}

} // namespace prefade::ardour
