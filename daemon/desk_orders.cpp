// What somebody's words were understood as goes through the gate like any other move, and waits there for a yes.
#include "core/json.h"
#include "daemon/desk.h"

#include <nlohmann/json.hpp>

namespace prefade {

void Desk::answer_question(const QuestionAnswered& answered, TimePoint now, Effects& effects) {
    Answer answer = answered.answer;
    if (answer.result && !answered.orders.empty()) {
        Json result = *answer.result;
        Json& told = result["moves"];
        for (std::size_t i = 0; i < answered.orders.size(); ++i) {
            Json& one = told.at(i);
            if (!answered.orders[i]) {
                one["outcome"] = name_in(outcome_names, Outcome::Kind::refused);
                one["reason"] = answered.orders[i].error().message;
                continue;
            }
            Move move = *answered.orders[i];
            move.source = source_of(answered.door);
            const MoveId id = propose_order(std::move(move), now, effects);
            const MoveRecord& record = *moves_.find(id);
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

} // namespace prefade
