// Back again: which control a record meant, and the move that puts it back.
#include "daemon/moves.h"

namespace prefade {
namespace {

std::string names_of(const MoveRecord& r) {
    std::string text = '"' + r.strip_name + '"';
    if (!r.on_name.empty()) text += ' ' + r.on_name;
    return text + ' '
           + (r.parameter_name.empty() ? std::string(name_in(control_names, r.move.path.control))
                                       : r.parameter_name);
}

/// The one element that `matches`; an error that says whether there were none or several.
template <class Range, class Matches>
auto only(const Range& range, Matches matches, const std::string& what)
    -> Result<const typename Range::value_type*> {
    const typename Range::value_type* found = nullptr;
    for (const auto& item : range) {
        if (!matches(item)) continue;
        if (found) return Error{ErrorCode::ambiguous, "there is more than one " + what, {}};
        found = &item;
    }
    if (!found) return Error{ErrorCode::not_found, "there is no " + what + " now", {}};
    return found;
}

} // namespace

bool Moves::ids_hold(MoveId id, const MoveSurroundings& around) const {
    const auto made = generations_.find(id);
    return made != generations_.end() && made->second == around.generation;
}

Result<ControlPath> Moves::locate(const MoveRecord& r, const MoveSurroundings& around) const {
    if (ids_hold(r.move.id, around)) return r.move.path;

    ControlPath path =
        r.move.path; // ids of another run or another start of the host mean nothing: by full names
    const auto strip = only(
        around.session.strips, [&](const Strip& s) { return s.name == r.strip_name; },
        "strip called \"" + r.strip_name + '"');
    if (!strip) return strip.error();
    path.strip = (*strip)->id;
    if (r.move.path.insert()) {
        const auto insert =
            only((*strip)->inserts, [&](const Insert& i) { return i.plugin == r.on_name; },
                 r.on_name + " on \"" + r.strip_name + '"');
        if (!insert) return insert.error();
        path.on = (*insert)->id;
    } else if (r.move.path.send()) {
        const auto send =
            only((*strip)->sends, [&](const Send& s) { return s.destination == r.on_name; },
                 "send of \"" + r.strip_name + "\" to " + r.on_name);
        if (!send) return send.error();
        path.on = (*send)->id;
    }
    if (path.control == Control::parameter) {
        const Parameter* p = around.session.parameter(path);
        if (!p)
            return Error{ErrorCode::unavailable,
                         "the parameters of " + names_of(r) + " are not read yet",
                         {}};
        if (p->name != r.parameter_name)
            return Error{
                ErrorCode::not_found, "parameter " + r.parameter_name + " is another one now", {}};
    }
    return path;
}

Result<Move> Moves::inverse(const MoveRecord& r, const MoveSurroundings& around) const {
    const std::string name = "move " + std::to_string(r.move.id.value) + " (" + names_of(r) + ')';
    if (r.stage != MoveStage::done)
        return Error{ErrorCode::refused, name + " is still under way", {}};
    if (!r.outcome || !wrote_something(r.outcome->kind))
        return Error{ErrorCode::refused, name + " wrote nothing: there is nothing to undo", {}};
    if (r.outcome->kind == Outcome::Kind::superseded)
        return Error{ErrorCode::refused,
                     name + " was taken over: what stands there now was not set by Prefade",
                     {}};
    if (r.undone) return Error{ErrorCode::refused, name + " is undone already", {}};
    if (r.session_key != around.session_key)
        return Error{
            ErrorCode::refused, name + " belongs to the session \"" + r.session_key + '"', {}};
    const auto path = locate(r, around);
    if (!path)
        return Error{path.error().code, name + " cannot be undone: " + path.error().message, {}};
    const auto now = around.session.value(*path);
    if (!now)
        return Error{
            ErrorCode::unavailable, "the present value of " + names_of(r) + " is not known", {}};
    const ControlValue left = r.outcome->read_back.value_or(r.move.target);
    if (nearly_equal(*now->value, r.before))
        return Error{ErrorCode::refused,
                     names_of(r) + " holds its former " + to_text(r.before) + " already",
                     {}};
    if (!nearly_equal(*now->value, left))
        return Error{ErrorCode::refused,
                     names_of(r) + " was changed since: it holds " + to_text(*now->value)
                         + ", the move left it at " + to_text(left)
                         + ". Set it by hand, or `prefade set` it",
                     {}};
    Move move;
    move.path = *path;
    move.target = r.before;
    move.source = Source::undo;
    move.why = "undo of move " + std::to_string(r.move.id.value);
    move.epoch = ids_hold(r.move.id, around) ? r.move.epoch : around.session.epoch;
    move.undoes = r.move.id;
    return move;
}

Result<MoveId> Moves::undo(MoveId id, const MoveSurroundings& around) {
    const MoveRecord* r = find(id);
    if (!r) return Error{ErrorCode::not_found, "there is no move " + std::to_string(id.value), {}};
    const auto move = inverse(*r, around);
    if (!move) return move.error();
    return propose(*move, true, around);
}

bool Moves::is_back(MoveId id, const MoveSurroundings& around) const {
    const MoveRecord* r = find(id);
    if (!r) return false;
    const auto path = locate(*r, around);
    const auto now = path ? around.session.value(*path) : std::nullopt;
    return now && nearly_equal(*now->value, r->before);
}

void Moves::name_session(const MoveSurroundings& around) {
    for (MoveRecord& r : records_) {
        if (!r.session_key.empty() || !ids_hold(r.move.id, around)) continue;
        r.session_key = around.session_key;
        if (r.stage == MoveStage::done) around.effects.push_back(JournalFinish{r});
    }
}

std::vector<MoveId> Moves::undoable(const std::string& session_key) const {
    std::vector<MoveId> ids;
    for (auto r = records_.rbegin(); r != records_.rend(); ++r)
        if (r->stage == MoveStage::done && r->outcome && wrote_something(r->outcome->kind)
            && !r->undone && r->move.source != Source::undo && r->session_key == session_key
            && generations_.contains(r->move.id))
            ids.push_back(r->move.id);
    return ids;
}

} // namespace prefade
