// Brackets with a host on a string, and the controls and values of their tests.
#pragma once

#include "connectors/bracket.h"
#include "tests/support/approved.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

inline constexpr MoveId move_id{7};
inline const ControlPath lead{StripId{1}};
inline const ControlPath bass{StripId{2}};
inline const ControlValue before{Decibel{-3.0}}, target{Decibel{-6.0}};

/// A host on a string: keeps what it was asked and told, answers when the test says so.
struct BracketRig final : BracketPort {
    struct Asked {
        Token token;
        ControlPath path;
    };
    struct Written {
        ControlPath path;
        Address address;
        ControlValue value;
        TimePoint at;
    };
    std::vector<Asked> asked;
    std::vector<Written> written;
    std::vector<ControlPath> others; ///< that may have borne any address
    std::optional<ControlValue> born;
    /// What was told of a control (second) before a message of ours brought it to the first.
    std::vector<std::pair<ControlValue, ControlValue>> told_then;
    bool rolls{false}, glides{true}, answers_at_once{false};

    TimePoint now{10s};
    DialectOutput out;
    Brackets brackets;

    explicit BracketRig(LinkTraits link = {}) : brackets(*this, link) {}

    void request_proof(Token token, const ControlPath& path, TimePoint, DialectOutput&) override {
        asked.push_back({token, path});
        if (answers_at_once) brackets.proof(token, {true, {}, 5, before}, now, out);
    }
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint at,
               DialectOutput&) override {
        written.push_back({path, address, value, at});
    }
    std::vector<ControlPath> bearers(const ControlPath&, Address, TimePoint) const override {
        return others;
    }
    bool rolling() const override { return rolls; }
    bool can_glide(const ControlPath&) const override { return glides; }
    std::optional<ControlValue> held_before(const ControlPath&,
                                            const ControlValue& found) const override {
        for (const auto& [ours, then] : told_then)
            if (ours == found) return then;
        return std::nullopt;
    }
    std::optional<ControlValue> born_with(const ControlPath&, TimePoint) const override {
        return born;
    }

    Result<void> begin(Milliseconds glide = {}, const ControlPath& path = lead,
                       MoveId id = move_id) {
        return brackets.begin(approved(id, path, before, target, glide), now, out);
    }
    /// Answers the newest question about `path`.
    void prove(const ControlPath& path, const ControlValue& value, Address address = 5) {
        answer(path, {true, {}, address, value});
    }
    void disprove(const ControlPath& path) {
        answer(path, {false, "another strip is there", 0, {}});
    }
    void answer(const ControlPath& path, const Proof& proof) {
        const auto found = std::find_if(asked.rbegin(), asked.rend(),
                                        [&](const Asked& a) { return a.path == path; });
        REQUIRE(found != asked.rend());
        brackets.proof(found->token, proof, now, out);
    }
    void tell(const ControlPath& path, const ControlValue& value) {
        brackets.observe(path, value, now, out);
    }
    /// Time passes as the desk lets it: tick by tick.
    void pass(Duration span) {
        const TimePoint end = now + span;
        while (true) {
            const TimePoint next = brackets.tick(now, out);
            if (next > end) break;
            now = std::max(next, now);
        }
        now = end;
        brackets.tick(now, out);
    }
    template <class T> int told() const {
        return static_cast<int>(
            std::count_if(out.observed.begin(), out.observed.end(),
                          [](const Observation& o) { return std::holds_alternative<T>(o.what); }));
    }
    template <class T> const T& last() const {
        const auto found =
            std::find_if(out.observed.rbegin(), out.observed.rend(),
                         [](const Observation& o) { return std::holds_alternative<T>(o.what); });
        REQUIRE(found != out.observed.rend());
        return std::get<T>(found->what);
    }
    int ends() const {
        return told<WriteProved>() + told<WriteSuperseded>() + told<WriteRefused>()
               + told<WriteUnproved>() + told<WriteFailed>();
    }
    void written_and_in_place() {
        REQUIRE(begin());
        prove(lead, before);
        tell(lead, target);
        prove(lead, target);
        REQUIRE(told<WriteInPlace>() == 1);
    }
};

inline LinkTraits late() { return {false, 1500ms, 250ms}; }

} // namespace prefade::test
