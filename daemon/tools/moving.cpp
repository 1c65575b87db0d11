// What moves a control, or ends and undoes a move.
#include "daemon/addressing.h"
#include "daemon/tools/handlers.h"

#include <algorithm>

namespace prefade {

namespace {

/// The move a `set` means; unavailable while the parameters of its insert are not read.
Result<Move> move_of(const ToolContext& c) {
    const Session& session = c.desk.session();
    const auto strip = find_strip(session, text_of(c, "strip"));
    if (!strip) return strip.error();
    const auto path = find_control(**strip, text_of(c, "control"));
    if (!path) return path.error();
    const auto value = parse_value(session, *path, text_of(c, "value"));
    if (!value) return value.error();
    Move move;
    move.path = *path;
    move.target = *value;
    move.source = source_of(c.call.door);
    move.why = text_of(c, "why");
    move.epoch = session.epoch;
    if (const std::string glide = text_of(c, "glide"); !glide.empty()) {
        const auto span = parse_glide(glide);
        if (!span) return span.error();
        move.glide = *span;
    }
    return move;
}

} // namespace

ToolReply run_set(const ToolContext& c) {
    const auto move = move_of(c);
    if (!move
        && move.error().code
               == ErrorCode::unavailable) { // the parameters are not read yet: ask, then again
        const auto found = find_strip(c.desk.session(), text_of(c, "strip"));
        const StripId id = (*found)->id; // the strip may move in memory while the host answers
        if (!(*found)->sends_listed || !(*found)->inserts_listed) {
            const auto looked = c.desk.look(id, c.now, c.effects);
            if (!looked) return looked.error();
        }
        const Strip* strip = c.desk.session().find(id);
        const std::string control = text_of(c, "control");
        const auto insert = strip ? find_insert(*strip, insert_part(*strip, control))
                                  : Result<const Insert*>(Error{ErrorCode::not_found, {}, {}});
        if (insert) { // else the strip's inserts or sends are asked for, or come by themselves
            const auto read = read_parameters(c, *strip, *insert, TimePoint{});
            if (!read) return read.error();
        }
        if (c.desk.wait_until_read(c.call, c.now)) return AnswerLater{};
    }
    if (!move) return move.error();
    const bool by_user = c.call.door == Door::local;
    const MoveId id = c.desk.propose(*move, by_user, c.now, c.effects);
    c.desk.answer_when_done(c.call, {id});
    return AnswerLater{};
}

ToolReply run_apply(const ToolContext& c) {
    const auto id = id_of<AdviceId>(c, "advice");
    if (!id) return id.error();
    const auto advice = c.desk.advice();
    const auto found =
        std::find_if(advice.begin(), advice.end(), [&](const Advice& a) { return a.id == *id; });
    if (found == advice.end())
        return Error{ErrorCode::not_found,
                     "advice " + std::to_string(id->value)
                         + " does not fire (any more); `prefade advice` lists what does",
                     {}};
    if (found->suggests.empty())
        return Error{ErrorCode::unsupported, "this advice suggests no move: " + found->says, {}};
    const double choice = c.arguments.value("choice", 1.0);
    if (!(choice >= 1.0 && choice <= static_cast<double>(found->suggests.size())))
        return Error{ErrorCode::invalid,
                     "choice goes from 1 to " + std::to_string(found->suggests.size()),
                     {}};
    Move move = found->suggests[static_cast<std::size_t>(choice) - 1];
    move.advice = *id;
    move.source = Source::rule;
    const MoveId made = c.desk.propose(std::move(move), true, c.now, c.effects);
    c.desk.answer_when_done(c.call, {made});
    return AnswerLater{};
}

ToolReply run_dismiss(const ToolContext& c) {
    const auto id = id_of<AdviceId>(c, "advice");
    if (!id) return id.error();
    if (const auto done = c.desk.dismiss(*id, c.now, c.effects); !done) return done.error();
    return reply({{"dismissed", id->value}});
}

ToolReply run_later(const ToolContext& c) {
    const bool back = flag_of(c, "back"), whole_rule = flag_of(c, "rule");
    if (c.arguments.contains("advice") ? back : whole_rule)
        return Error{
            ErrorCode::invalid, "later takes an advice, with --rule if wanted, or --back", {}};
    if (back) c.desk.bring_back();
    if (c.arguments.contains("advice")) {
        const auto id = id_of<AdviceId>(c, "advice");
        if (!id) return id.error();
        if (const auto rests = c.desk.put_to_rest(*id, whole_rule); !rests) return rests.error();
    }
    Json later = Json::array();
    for (const Rest& one : c.desk.at_rest())
        later.push_back({{"rule", one.rule},
                         {"strip", one.strip},
                         {"send", one.send},
                         {"whole_rule", one.whole_rule}});
    return reply({{"later", std::move(later)}});
}

ToolReply run_approve(const ToolContext& c) {
    const auto id = id_of<MoveId>(c, "move");
    if (!id) return id.error();
    if (const auto approved = c.desk.approve(*id, c.now, c.effects); !approved)
        return approved.error();
    c.desk.answer_when_done(c.call, {*id});
    return AnswerLater{};
}

ToolReply run_reject(const ToolContext& c) {
    const auto id = id_of<MoveId>(c, "move");
    if (!id) return id.error();
    if (const auto rejected = c.desk.reject(*id, c.now, c.effects); !rejected)
        return rejected.error();
    return reply({{"rejected", id->value}});
}

ToolReply run_stop(const ToolContext& c) {
    c.desk.stop(c.now, c.effects);
    return reply({{"mode", name_in(mode_names, c.desk.mode())}, {"stopped", true}});
}

ToolReply run_undo(const ToolContext& c) {
    if (flag_of(c, "all")) {
        const auto ids = c.desk.undoable();
        if (ids.empty())
            return Error{ErrorCode::not_found, "there is no move of this run to undo", {}};
        c.desk.undo_in_order(c.call, ids);
        return AnswerLater{};
    }
    MoveId id;
    if (c.arguments.contains("move")) {
        const auto asked = id_of<MoveId>(c, "move");
        if (!asked) return asked.error();
        id = *asked;
    } else {
        const auto ids = c.desk.undoable();
        if (ids.empty())
            return Error{ErrorCode::not_found, "there is no move of this run to undo", {}};
        id = ids.front();
    }
    const auto undone = c.desk.undo(id, c.now, c.effects);
    if (!undone) return undone.error();
    c.desk.answer_when_done(c.call, {*undone});
    return AnswerLater{};
}

} // namespace prefade
