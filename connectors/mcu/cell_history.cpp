#include "connectors/mcu/cell_history.h"

#include <algorithm>

namespace prefade::mcu {
namespace {

constexpr std::size_t most = 20'000; ///< items: 64 cells under automation for some ten seconds

} // namespace

void CellHistory::add(const Item& item) {
    while (!items_.empty() && (item.at - items_.front().at > memory || items_.size() >= most))
        items_.pop_front();
    items_.push_back(item);
}

void CellHistory::told(std::size_t cell, std::uint16_t position, TimePoint now) {
    add({cell, position, now, false});
}

void CellHistory::sent(std::size_t cell, std::uint16_t position, TimePoint now) {
    add({cell, position, now, true});
}

/// When the message of ours went out that this is the echo of; nothing when it is none.
std::optional<TimePoint> CellHistory::sent_for(const Item& told) const {
    for (auto item = items_.rbegin(); item != items_.rend(); ++item)
        if (item->ours && item->cell == told.cell && item->position == told.position
            && item->at <= told.at && told.at - item->at <= on_its_way)
            return item->at;
    return std::nullopt;
}

/// Back from an echo of ours over those of a glide to what was told before them.
std::optional<std::uint16_t> CellHistory::before_echo(std::size_t index) const {
    auto first = sent_for(items_[index]);
    for (std::size_t i = index; first && i-- > 0;) {
        const Item& item = items_[i];
        if (item.ours || item.cell != items_[index].cell) continue;
        if (const auto sent = sent_for(item)) {
            first = sent;
            continue;
        }
        if (item.at + on_its_way < *first) return std::nullopt;
        return item.position;
    }
    return std::nullopt;
}

std::optional<std::uint16_t> CellHistory::before(std::uint16_t position) const {
    std::optional<std::uint16_t> found;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i].ours || items_[i].position != position) continue;
        const auto one = before_echo(i);
        if (!one) continue;
        if (found && found != one) return std::nullopt;
        found = one;
    }
    return found;
}

} // namespace prefade::mcu
