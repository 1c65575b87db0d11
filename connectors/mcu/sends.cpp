// The sends of a strip, as the columns show them while it is visited.
#include "connectors/mcu/engine.h"
#include "connectors/mcu/known_list.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

/// " -12.0", "-inf": what a host prints of a send.
std::optional<Decibel> send_level_in(const std::string& text) {
    if (text == "-inf") return Decibel::silence();
    const auto level = level_in(text);
    return level ? std::optional(Decibel{*level}) : std::nullopt;
}

} // namespace

const Dialect::Engine::KnownSend* Dialect::Engine::find_send(const ControlPath& path) const {
    const auto parts = parts_.find(path.strip);
    if (parts == parts_.end() || !parts->second.sends) return nullptr;
    for (const KnownSend& send : *parts->second.sends)
        if (send.id == path.send()) return &send;
    return nullptr;
}

bool Dialect::Engine::shows_sends_of(StripId strip) const {
    return visit_ && visit_->is_there() && visit_->assignment() == assign_send && visited_ == strip;
}

/// While its column stands under its name.
std::optional<Decibel> Dialect::Engine::shown_level(const KnownSend& send) const {
    if (surface_.upper(send.column) != send.name) return std::nullopt;
    return send_level_in(surface_.lower(send.column));
}

void Dialect::Engine::take_sends(TimePoint now, DialectOutput& out) {
    std::vector<KnownSend> sends;
    for (std::size_t column = 0; !visit_->found_nothing() && column < surface_.size(); ++column)
        if (const std::string name = surface_.upper(column); !name.empty())
            sends.push_back({{}, name, column, send_level_in(surface_.lower(column))});
    Parts& parts = parts_[visited_];
    const bool is_same = go_on(parts.sends, sends, minted_sends_);
    SendsListed listed{visited_, {}, parts.sends && !is_same};
    for (const KnownSend& send : sends) {
        Send told;
        told.id = send.id;
        told.destination = send.name;
        told.slot = static_cast<std::uint16_t>(send.column);
        if (send.level) told.level.learn(*send.level, now);
        listed.sends.push_back(std::move(told));
    }
    parts.sends = sends;
    observe(std::move(listed), now, out);
    for (const KnownSend& send : sends)
        if (send.level) tell({visited_, Control::send, send.id, 0}, *send.level, now, out);
}

/// Somebody moves a send that is in sight.
void Dialect::Engine::follow_sends(TimePoint now, DialectOutput& out) {
    std::vector<std::pair<ControlPath, Decibel>> news;
    for (KnownSend& send : *parts_[visited_].sends) {
        const ControlPath path{visited_, Control::send, send.id, 0};
        const auto turn = pot_turns_.find(path);
        const bool is_turning = turn != pot_turns_.end() && !turn->second.is_told;
        const auto level = shown_level(send);
        if (is_turning || !level || level == send.level) continue;
        send.level = level;
        news.emplace_back(path, *level);
    }
    for (const auto& [path, level] : news) tell(path, level, now, out);
}

Result<void> Dialect::Engine::may_set_send(const Move& move) const {
    const auto error = [](ErrorCode code, std::string why) {
        return Error{code, std::move(why), {}};
    };
    const KnownSend* send = find_send(move.path);
    if (!send) return error(ErrorCode::not_found, "the strip has no such send (any more)");
    const auto& all = *parts_.at(move.path.strip).sends;
    if (std::count_if(all.begin(), all.end(),
                      [&](const KnownSend& each) { return each.name == send->name; })
        > 1)
        return error(ErrorCode::ambiguous,
                     "two sends show the name \"" + send->name + "\" and cannot be told apart");
    if (!send->level)
        return error(ErrorCode::unsupported, "\"" + send->name + "\" has not shown its level");
    const Decibel target = std::get<Decibel>(move.target), top = profile_.surface.law.top();
    if (target > top)
        return error(ErrorCode::refused,
                     to_text(target) + " is above the send's top of " + to_text(top));
    if (!visit_ && selected_cells(surface_).size() > 1)
        return error(ErrorCode::refused, "several strips are selected in " + profile_.title
                                             + ": to set a send would undo that");
    return {};
}

} // namespace prefade::mcu
