// What somebody's words were understood as goes through the gate like any other move, and waits there for a yes.
#include "core/json.h"
#include "daemon/desk.h"

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace prefade {

void Desk::answer_question(const QuestionAnswered& answered, TimePoint now, Effects& effects) {
    Answer answer = answered.answer;
    if (answer.result && !answered.orders.empty()) {
        Json result = *answer.result;
        Json& told = result["moves"];
        std::map<std::pair<StripId, InsertId>, MoveId> last_of; ///< moves of one answer
        bool is_broken = false; ///< a move of a set is not proposed, nor what comes after it
        for (std::size_t i = 0; i < answered.orders.size(); ++i) {
            Json& one = told.at(i);
            const auto refuse = [&](const std::string& why) {
                one["outcome"] = name_in(outcome_names, Outcome::Kind::refused);
                one["reason"] = why;
            };
            if (!answered.orders[i]) {
                refuse(answered.orders[i].error().message);
                is_broken = true;
                continue;
            }
            Move move = *answered.orders[i];
            const ControlPath path = move.path;
            const bool is_of_set = path.control == Control::parameter;
            if (is_of_set && is_broken) {
                refuse("what comes before it is not proposed");
                continue;
            }
            move.source = source_of(answered.door);
            const MoveId id = propose_order(std::move(move), now, effects);
            const MoveRecord& record = *moves_.find(id);
            if (is_of_set) {
                const auto [before, is_first] =
                    last_of.try_emplace({path.strip, path.insert()}, id);
                if (!is_first) comes_after_[id] = std::exchange(before->second, id);
                is_broken = record.stage != MoveStage::proposed;
            }
            one["move"] = id.value;
            one["stage"] = name_in(move_stage_names, record.stage);
            one["outcome"] =
                record.outcome ? Json(name_in(outcome_names, record.outcome->kind)) : Json();
            one["reason"] = record.outcome ? record.outcome->reason : record.proof;
        }
        answer.result = std::make_shared<const Json>(std::move(result));
    }
    if (answer.result && answered.look) {
        const auto [strip, insert] = *answered.look;
        const auto looks = insert ? watch(strip, insert, now, effects) : look(strip, now, effects);
        if (!looks) {
            Json result = *answer.result;
            result["answer"] = "That cannot be read: " + looks.error().message;
            answer.result = std::make_shared<const Json>(std::move(result));
        }
    }
    effects.push_back(std::move(answer));
}

/// Why a move of a set may not go yet; empty: it may. Those before it are in place, now, and what comes after them is as it
/// was: a bell is set to its place while it is flat.
std::string Desk::not_its_turn(MoveId id) const {
    const auto stands = [&](const ControlPath& path, const ControlValue& at) {
        const auto now = session_.value(path);
        return now && now->value && nearly_equal(*now->value, at);
    };
    for (auto after = comes_after_.find(id); after != comes_after_.end();
         after = comes_after_.find(after->second)) {
        const MoveRecord* first = moves_.find(after->second);
        const bool was_made = first && first->outcome && !first->undone
                              && first->outcome->kind == Outcome::Kind::confirmed;
        if (!was_made
            || !stands(first->move.path, first->outcome->read_back.value_or(first->move.target)))
            return "move " + std::to_string(after->second.value)
                   + " comes first, and is not in place";
    }
    const auto is_before = [&](MoveId later) {
        auto at = comes_after_.find(later);
        while (at != comes_after_.end() && at->second != id) at = comes_after_.find(at->second);
        return at != comes_after_.end();
    };
    for (const auto& [later, first] : comes_after_) {
        const MoveRecord* follows = is_before(later) ? moves_.find(later) : nullptr;
        if (follows && follows->stage == MoveStage::proposed
            && !stands(follows->move.path, follows->before))
            return "what comes after it has changed since (move " + std::to_string(later.value)
                   + "); say it again";
    }
    return {};
}

/// Moves that one answer proposes for one plug-in are a set in its order: where a bell stands, how wide it is, how much it
/// does. A later one waits until those before it are in place.
Result<void> Desk::approve(MoveId id, TimePoint now, Effects& effects) {
    if (const std::string why = not_its_turn(id); !why.empty())
        return Error{ErrorCode::refused, why, {}};
    return with_moves(now, effects, [&](const auto& around) { return moves_.approve(id, around); });
}

} // namespace prefade
