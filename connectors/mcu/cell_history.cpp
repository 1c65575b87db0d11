#include "connectors/mcu/cell_history.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr std::size_t most = 20'000; ///< items: 64 cells under automation for some ten seconds

} // namespace

void CellHistory::add(Item item) {
    while (!items_.empty() && (item.at - items_.front().at > memory || items_.size() >= most))
        items_.pop_front();
    items_.push_back(std::move(item));
}

void CellHistory::named(std::size_t cell, std::string name, TimePoint now) {
    add({cell, now, What::name, false, 0, std::move(name)});
}

void CellHistory::told(std::size_t cell, std::uint16_t position, TimePoint now) {
    add({cell, now, What::fader, false, position, {}});
}

void CellHistory::sent(std::size_t cell, StripId strip, std::uint16_t position, TimePoint now) {
    add({cell, now, What::fader, true, position, {}, strip});
}

void CellHistory::lit(std::size_t cell, Control of, bool is_on, TimePoint now) {
    const What what = of == Control::mute ? What::mute : What::solo;
    const auto [was, is_new] = lights_.try_emplace({cell, what}, is_on);
    if (!is_new && std::exchange(was->second, is_on) == is_on) return;
    add({cell, now, what, false, is_on, {}});
}

void CellHistory::pressed(std::size_t cell, StripId strip, Control of, TimePoint now) {
    add({cell, now, of == Control::mute ? What::mute : What::solo, true, 0, {}, strip});
    pressed_ = now;
}

void CellHistory::turned_window(TimePoint now) {
    while (!turns_.empty() && now - turns_.front() > memory) turns_.pop_front();
    turns_.push_back(now);
}

/// Names that came into the message's cell while it was on its way, and not by a turn of ours after it.
template <class Visit> void CellHistory::each_arrival(const Item& sent, Visit visit) const {
    const auto turn = std::lower_bound(turns_.begin(), turns_.end(), sent.at);
    const TimePoint end =
        std::min(sent.at + on_its_way, turn == turns_.end() ? TimePoint::max() : *turn);
    auto item = std::lower_bound(items_.begin(), items_.end(), sent.at,
                                 [](const Item& each, TimePoint at) { return each.at < at; });
    for (; item != items_.end() && item->at <= end; ++item)
        if (item->what == What::name && item->cell == sent.cell)
            visit(static_cast<std::size_t>(item - items_.begin()));
}

void CellHistory::clear() {
    items_.clear();
    turns_.clear();
    pressed_.reset();
    lights_.clear();
}

/// Of a position that we sent to this cell.
bool CellHistory::is_echo(std::size_t index) const {
    const Item& told = items_[index];
    return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
        return item.ours && item.what == What::fader && item.cell == told.cell
               && item.value == told.value && item.at <= told.at && told.at - item.at <= on_its_way;
    });
}

/// Where the message's cell came to show its name while it was on its way.
std::set<std::size_t> CellHistory::arrivals(const Item& sent, const Comer& comer) const {
    std::set<std::size_t> found;
    if (sent.strip == comer.id) return found;
    each_arrival(sent, [&](std::size_t at) {
        if (items_[at].name == comer.name) found.insert(at);
    });
    return found;
}

/// The position that came with this name: told just before it, or else just after it, unless it came with the next name.
/// No echo of ours, which may come at once.
std::optional<std::uint16_t> CellHistory::painted_with(std::size_t arrival) const {
    const Item& name = items_[arrival];
    const auto is_it = [&](std::size_t i) {
        return !items_[i].ours && items_[i].what == What::fader && items_[i].cell == name.cell
               && !is_echo(i);
    };
    for (std::size_t i = arrival; i-- > 0 && items_[i].at + stroke >= name.at;)
        if (is_it(i)) return items_[i].value;
    std::optional<std::uint16_t> found;
    for (std::size_t i = arrival + 1; i < items_.size() && items_[i].at <= name.at + 2 * stroke;
         ++i) {
        if (items_[i].what == What::name && items_[i].cell == name.cell) return std::nullopt;
        if (!found && is_it(i) && items_[i].at <= name.at + stroke) found = items_[i].value;
    }
    return found;
}

std::optional<std::uint16_t> CellHistory::before(std::uint16_t position, const Comer& comer) const {
    std::set<std::uint16_t> found;
    for (const Item& item : items_)
        if (item.ours && item.what == What::fader && item.value == position)
            for (const std::size_t arrival : arrivals(item, comer))
                if (const auto painted = painted_with(arrival)) found.insert(*painted);
    return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

std::set<std::string> CellHistory::met(std::size_t cell, TimePoint since) const {
    std::set<std::string> names;
    for (const Item& sent : items_)
        if (sent.ours && sent.cell == cell && sent.at >= since)
            each_arrival(sent, [&](std::size_t at) { names.insert(items_[at].name); });
    return names;
}

bool CellHistory::met(const std::string& name, TimePoint since) const {
    bool is_met = false;
    for (const Item& sent : items_)
        if (sent.ours && sent.at >= since && !is_met)
            each_arrival(sent, [&](std::size_t at) { is_met = is_met || items_[at].name == name; });
    return is_met;
}

/// What is not told anew was as it stood.
std::optional<std::uint16_t> CellHistory::shown_at(std::size_t arrival) const {
    if (const auto painted = painted_with(arrival)) return painted;
    for (std::size_t i = arrival; i-- > 0;)
        if (!items_[i].ours && items_[i].what == What::fader
            && items_[i].cell == items_[arrival].cell)
            return items_[i].value;
    return std::nullopt;
}

/// From when the name came until the next did.
bool CellHistory::has_shown(std::size_t arrival, std::uint16_t position) const {
    if (shown_at(arrival) == position) return true;
    const std::size_t cell = items_[arrival].cell;
    for (std::size_t i = arrival + 1; i < items_.size(); ++i) {
        if (items_[i].cell != cell || items_[i].ours) continue;
        if (items_[i].what == What::name) return false;
        if (items_[i].what == What::fader && items_[i].value == position) return true;
    }
    return false;
}

/// Its light was told with its name, and then the other one, when it was pressed after that. A light that is told before
/// the name is that of the strip that was there; one that is told with the next name is the next one's.
std::optional<CellHistory::Turned> CellHistory::turned(Control of, const Comer& comer) const {
    const What what = of == Control::mute ? What::mute : What::solo;
    std::set<std::size_t> lights;
    if (!pressed_ || comer.since > *pressed_ + on_its_way) return std::nullopt;
    for (const Item& press : items_) {
        if (!press.ours || press.what != what) continue;
        for (const std::size_t arrival : arrivals(press, comer)) {
            if (comer.fader && !has_shown(arrival, *comer.fader)) continue;
            const auto light = lit_after(arrival, what);
            if (light && items_[*light].at >= comer.since
                && items_[*light].at <= press.at + on_its_way)
                lights.insert(*light);
        }
    }
    if (lights.empty()) return std::nullopt;
    return Turned{items_[*lights.begin()].value == 0, items_[*lights.rbegin()].value != 0};
}

std::optional<std::size_t> CellHistory::lit_after(std::size_t arrival, What what) const {
    std::optional<std::size_t> found;
    for (std::size_t i = arrival + 1; i < items_.size(); ++i) {
        if (items_[i].cell != items_[arrival].cell || items_[i].ours) continue;
        if (found && (items_[i].what == what || items_[i].at > items_[*found].at + stroke))
            return found;
        if (items_[i].what == What::name) return std::nullopt;
        if (items_[i].what == what) found = i;
    }
    return found;
}

} // namespace prefade::mcu
