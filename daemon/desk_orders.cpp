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
        for (std::size_t i = 0; i < answered.orders.size(); ++i) {
            Json& one = told.at(i);
            if (!answered.orders[i]) {
                one["outcome"] = name_in(outcome_names, Outcome::Kind::refused);
                one["reason"] = answered.orders[i].error().message;
                continue;
            }
            Move move = *answered.orders[i];
            move.source = source_of(answered.door);
            const ControlPath path = move.path;
            const MoveId id = propose_order(std::move(move), now, effects);
            const MoveRecord& record = *moves_.find(id);
            if (path.control == Control::parameter) {
                const auto [before, is_first] =
                    last_of.try_emplace({path.strip, path.insert()}, id);
                if (!is_first) comes_after_[id] = std::exchange(before->second, id);
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

/// Moves that one answer proposes for one plug-in are a set in its order: where a bell stands, then how much it does. A
/// later one waits until the one before it is in place.
Result<void> Desk::approve(MoveId id, TimePoint now, Effects& effects) {
    if (const auto after = comes_after_.find(id); after != comes_after_.end()) {
        const MoveRecord* first = moves_.find(after->second);
        const bool is_in_place =
            first && first->outcome && first->outcome->kind == Outcome::Kind::confirmed;
        if (!is_in_place)
            return Error{ErrorCode::refused,
                         "move " + std::to_string(after->second.value)
                             + " comes first, and is not in place",
                         {}};
    }
    return with_moves(now, effects, [&](const auto& around) { return moves_.approve(id, around); });
}

} // namespace prefade
