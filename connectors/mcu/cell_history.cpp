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
    if (!item.ours) told_at_ = item.at;
    items_.push_back(std::move(item));
}

void CellHistory::named(std::size_t cell, std::string name, TimePoint now) {
    add({cell, now, What::name, false, 0, std::move(name)});
}

void CellHistory::told(std::size_t cell, std::uint16_t position, TimePoint now) {
    add({cell, now, What::fader, false, position, {}});
}

void CellHistory::sent(std::size_t cell, Meant meant, std::uint16_t position, TimePoint now) {
    add({cell, now, What::fader, true, position, std::move(meant.name), meant.strip,
         meant.brings_back});
}

void CellHistory::lit(std::size_t cell, Control of, bool is_on, TimePoint now) {
    const What what = of == Control::mute ? What::mute : What::solo;
    const auto [was, is_new] = lights_.try_emplace({cell, what}, is_on);
    if (!is_new && std::exchange(was->second, is_on) == is_on) return;
    add({cell, now, what, false, is_on, {}});
}

void CellHistory::pressed(std::size_t cell, Meant meant, Control of, TimePoint now) {
    add({cell, now, of == Control::mute ? What::mute : What::solo, true, 0, std::move(meant.name),
         meant.strip, meant.brings_back});
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
    if (sent.brings_back ? sent.name == comer.name : sent.strip == comer.id) return found;
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
    for (std::size_t i = arrival; i-- > 0 && items_[i].at + stroke >= name.at;) {
        if (items_[i].what == What::name && items_[i].cell == name.cell) break; // another's
        if (is_it(i)) return items_[i].value;
    }
    std::optional<std::size_t> found;
    for (std::size_t i = arrival + 1; i < items_.size() && items_[i].at <= name.at + 2 * stroke;
         ++i) {
        const bool is_next = items_[i].what == What::name && items_[i].cell == name.cell;
        if (is_next && found && !are_one_paint(*found, i)) break;
        if (is_next) return std::nullopt;
        if (!found && is_it(i) && items_[i].at <= name.at + stroke) found = i;
    }
    return found ? std::optional(items_[*found].value) : std::nullopt;
}

/// A host tells a window in one go.
bool CellHistory::are_one_paint(std::size_t first, std::size_t last) const {
    if (items_[last].at - items_[first].at > stroke) return false;
    TimePoint at = items_[first].at;
    for (std::size_t i = first + 1; i <= last; ++i) {
        if (items_[i].ours) continue;
        if (items_[i].at - at > breath) return false;
        at = items_[i].at;
    }
    return true;
}

std::optional<std::uint16_t> CellHistory::before(std::uint16_t position, const Comer& comer) const {
    std::set<std::uint16_t> found;
    for (const Item& item : items_)
        if (item.ours && item.what == What::fader && item.value == position)
            for (const std::size_t arrival : arrivals(item, comer))
                if (const auto painted = painted_with(arrival)) found.insert(*painted);
    return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

bool CellHistory::may_be_ours(std::uint16_t position, const Comer& comer) const {
    return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
        return item.ours && item.what == What::fader && item.value == position
               && !arrivals(item, comer).empty();
    });
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
                && items_[*light].at <= press.at + on_its_way
                && !is_turned_back(*light, comer.name))
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
        if (found && (items_[i].what == what || !are_one_paint(*found, i))) return found;
        if (items_[i].what == What::name) return std::nullopt;
        if (items_[i].what == what) found = i;
    }
    return found;
}

/// Another name came to the cell with it.
bool CellHistory::is_of_next(std::size_t told) const {
    for (std::size_t i = told + 1; i < items_.size() && are_one_paint(told, i); ++i)
        if (items_[i].what == What::name && items_[i].cell == items_[told].cell) return true;
    return false;
}

/// By a press of ours after the light that told of the other one.
bool CellHistory::is_turned_back(std::size_t light, const std::string& name) const {
    bool is_pressed = false;
    for (std::size_t i = light + 1; i < items_.size(); ++i) {
        const Item& item = items_[i];
        if (item.cell != items_[light].cell) continue;
        if (item.what == What::name && !item.ours) return false;
        if (item.what != items_[light].what) continue;
        if (item.ours)
            is_pressed = is_pressed || (item.brings_back && item.name == name);
        else
            return is_pressed && item.value != items_[light].value && !is_of_next(i);
    }
    return false;
}

/// The name that its cell shows since the message was sent, where it became another then and no turn of ours did that.
std::optional<std::size_t> CellHistory::comer_after(std::size_t sent) const {
    const Item& message = items_[sent];
    const auto turn = std::lower_bound(turns_.begin(), turns_.end(), message.at);
    if (turn != turns_.end()) return std::nullopt;
    std::optional<std::size_t> found;
    for (std::size_t i = sent + 1; i < items_.size(); ++i)
        if (items_[i].what == What::name && items_[i].cell == message.cell) found = i;
    if (!found || items_[*found].name.empty() || items_[*found].name == message.name)
        return std::nullopt;
    return found;
}

/// What brings back one of several strips of a name may find another of them: its fader is told as the window moves.
std::optional<std::size_t> CellHistory::namesake_after(std::size_t sent) const {
    const Item& message = items_[sent];
    if (!message.brings_back || message.what != What::fader) return std::nullopt;
    for (std::size_t i = sent + 1; i < items_.size(); ++i) {
        const Item& item = items_[i];
        if (item.ours || item.what != What::fader || item.cell != message.cell || is_echo(i))
            continue;
        std::size_t names = 0;
        for (std::size_t k = sent + 1; k < items_.size(); ++k)
            names += items_[k].what == What::name && are_one_paint(std::min(i, k), std::max(i, k));
        if (names > 1) return i;
    }
    return std::nullopt;
}

/// A host that paints everything anew tells a fader that has not moved.
bool CellHistory::is_told_again(std::size_t told) const {
    for (std::size_t i = told; i-- > 0;)
        if (!items_[i].ours && items_[i].what == What::fader && items_[i].cell == items_[told].cell)
            return items_[i].value == items_[told].value;
    return false;
}

/// No other name became another with it, and the cell told nothing with it: the strip that was there has a new name.
bool CellHistory::is_rename(std::size_t arrival) const {
    const Item& name = items_[arrival];
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const Item& item = items_[i];
        if (i == arrival || item.ours || item.at + stroke < name.at || item.at > name.at + stroke)
            continue;
        if (item.what == What::name && item.cell != name.cell) return false;
        if (item.what == What::name) continue; // told in pieces
        const bool is_no_news =
            item.what == What::fader ? is_echo(i) || is_told_again(i) : i > arrival;
        if (item.cell == name.cell && !is_no_news) return false;
    }
    return true;
}

/// What the cell told after the name came, and nothing since, is what the message says, or for a switch the other of what it
/// was.
std::optional<CellHistory::Hit> CellHistory::hit(std::size_t sent, bool tells_held) const {
    const Item& message = items_[sent];
    auto arrival = comer_after(sent);
    if (arrival && is_rename(*arrival)) return std::nullopt;
    const bool is_namesake = !arrival;
    if (is_namesake) arrival = namesake_after(sent);
    if (!arrival) return std::nullopt;
    const std::string& name = is_namesake ? message.name : items_[*arrival].name;
    std::vector<std::size_t> told;
    for (std::size_t i = *arrival + 1; i < items_.size(); ++i) {
        const Item& item = items_[i];
        if (item.cell != message.cell || item.what != message.what) continue;
        if (item.ours) return std::nullopt; // answered
        told.push_back(i);
    }
    if (told.empty()) return std::nullopt;
    const Item& last = items_[told.back()];
    if (last.at - message.at > on_its_way) return std::nullopt;
    Hit found{message.cell, Control::fader, message.strip, name, 0, {}, {}};
    if (message.what == What::fader) {
        if (last.value != message.value) return std::nullopt;
        found.former = is_namesake ? items_[*arrival].value : painted_with(*arrival);
        if (!found.former && tells_held) found.shown = shown_at(*arrival);
        found.now = last.value;
        return found;
    }
    if (told.size() != 1) return std::nullopt;
    found.of = message.what == What::mute ? Control::mute : Control::solo;
    found.former = last.value == 0;
    found.now = last.value;
    return found;
}

std::vector<CellHistory::Hit> CellHistory::hits(TimePoint now, bool tells_held) const {
    std::vector<Hit> found;
    for (std::size_t i = items_.size(); i-- > 0 && now - items_[i].at <= 2 * on_its_way;) {
        if (!items_[i].ours) continue;
        auto one = hit(i, tells_held);
        const bool is_known = one && std::any_of(found.begin(), found.end(), [&](const Hit& other) {
                                  return other.cell == one->cell && other.of == one->of;
                              });
        if (one && !is_known) found.push_back(std::move(*one));
    }
    return found;
}

bool CellHistory::brought_back(const std::string& name, std::uint16_t position) const {
    return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
        return item.ours && item.brings_back && item.what == What::fader && item.value == position
               && item.name == name;
    });
}

bool CellHistory::is_told(std::size_t cell, Control of, TimePoint since) const {
    const What what = of == Control::fader  ? What::fader
                      : of == Control::mute ? What::mute
                                            : What::solo;
    for (std::size_t i = items_.size(); i-- > 0 && items_[i].at >= since;)
        if (!items_[i].ours && items_[i].cell == cell && items_[i].what == what) return true;
    return false;
}

bool CellHistory::was_inserted(const std::string& name) const {
    const auto name_before = [&](std::size_t at) {
        for (std::size_t i = at; i-- > 0;)
            if (items_[i].what == What::name && items_[i].cell == items_[at].cell)
                return items_[i].name;
        return std::string();
    };
    for (std::size_t at = 0; at < items_.size(); ++at) {
        if (items_[at].what != What::name || items_[at].name != name || items_[at].cell == 0)
            continue;
        const std::string before = name_before(at);
        bool went_right = false, is_left_still = true;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const Item& item = items_[i];
            const bool is_with_it = item.what == What::name && i != at
                                    && are_one_paint(std::min(i, at), std::max(i, at));
            if (!is_with_it) continue;
            is_left_still = is_left_still && item.cell > items_[at].cell;
            went_right = went_right || (item.cell == items_[at].cell + 1 && item.name == before);
        }
        if (went_right && is_left_still && !before.empty()) return true;
    }
    return false;
}

bool CellHistory::is_open(TimePoint now) const {
    for (std::size_t i = items_.size(); i-- > 0 && now - items_[i].at <= on_its_way;)
        if (items_[i].ours) return true;
    return false;
}

} // namespace prefade::mcu
