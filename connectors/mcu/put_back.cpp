// A message of ours came to another strip, and the host tells so within the time of a way there and back: that strip is put
// back in its cell. What this does not reach is found once the banks were read anew: strays.cpp.
#include "connectors/mcu/engine.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr Duration followed_for = std::chrono::seconds(1); ///< while the window may still show it
constexpr std::size_t most_put_back = 32; ///< in a second: no storm, whatever a host tells
/// Live paints ten times a second, lights and names one after the other.
constexpr Duration lights_told = std::chrono::milliseconds(100);

} // namespace

/// What it held before any message of ours came to it. Nothing where that cannot be told.
std::optional<std::uint16_t> Dialect::Engine::before_us(const CellHistory::Hit& hit) const {
    CellHistory::Comer comer{{}, hit.name};
    const auto of_name = [&](const Entry& entry) { return entry.seen.name == hit.name; };
    const auto entry = std::find_if(entries_.begin(), entries_.end(), of_name);
    const bool is_known = entry != entries_.end();
    const bool is_single = !is_double(hit.name) && is_in_one_cell(hit.name);
    if (is_known && is_single) comer.id = entry->id;
    auto former = hit.former;
    const Seen* seen = is_known && is_single ? &entry->seen : nullptr;
    if (hit.of != Control::fader) {
        // A light that came with its name may be its own: what was read of it before must say the same.
        const auto& read = !seen                     ? std::optional<bool>{}
                           : hit.of == Control::mute ? seen->mute
                                                     : seen->solo;
        return former && read == (*former != 0) ? former : std::nullopt;
    }
    // What its cell showed is its own only if it was told with its name, or read of it before.
    if (!former && seen && hit.shown == seen->fader) former = seen->fader;
    // What a host does not tell of a fader that is held is as it was read last, or was made.
    if (!protocol_->tells_held() && is_known && is_single) former = entry->seen.fader;
    if (!protocol_->tells_held() && !is_known && is_single && history_.was_inserted(hit.name))
        former = born();
    constexpr int most = 8;
    for (int hits = 0; former && history_.may_be_ours(*former, comer); ++hits)
        former = hits < most ? history_.before(*former, comer) : std::nullopt;
    return former;
}

bool Dialect::Engine::is_in_one_cell(const std::string& name) const {
    std::size_t cells = 0;
    for (std::size_t cell = 0; cell < surface_.size(); ++cell)
        cells += surface_.upper(cell) == name;
    return cells == 1;
}

/// A strip that stands where a message of ours came to it, as the host has just told, is brought back at once: nobody has to
/// know which one it is, and every moment counts until it is moved on. What this does not reach the look at strays finds.
void Dialect::Engine::put_back_hits(TimePoint now, DialectOutput& out) {
    if (history_.is_painting(now))
        return; // what was told just now may be of a name that comes with it
    tell_brought_back(now, out);
    if (turning_ || visit_ || !other_mode().empty()) return;
    for (const CellHistory::Hit& hit : history_.hits(now, protocol_->tells_held()))
        if (const auto former = before_us(hit))
            put_back({{}, hit.target, hit.cell, hit.of, hit.name, hit.now, *former, now}, now, out);
    if (!renamed_at_) return;
    // Those that were moved on before they were reached.
    const auto all = brought_back_;
    for (const BroughtBack& one : all) {
        if (one.is_back || now - one.at > followed_for) continue;
        const auto cell = cell_showing(one);
        if (!cell) continue;
        // A light of the strip that was there before is not its own; and a press is given time to show.
        const bool is_switch = one.of != Control::fader;
        if (is_switch && (*cell == one.cell || now - *renamed_at_ < lights_told)) continue;
        if (*cell == one.cell && now - one.at < CellHistory::on_its_way) continue;
        std::erase_if(brought_back_, [&](const BroughtBack& each) {
            return !each.is_back && each.name == one.name && each.of == one.of;
        });
        BroughtBack next = one;
        next.cell = *cell;
        next.at = now;
        put_back(next, now, out);
    }
}

void Dialect::Engine::put_back(BroughtBack one, TimePoint now, DialectOutput& out) {
    std::erase_if(put_back_at_, [&](TimePoint at) { return now - at > std::chrono::seconds(1); });
    if (put_back_at_.size() >= most_put_back) return; // the look at strays has more time
    put_back_at_.push_back(now);
    brings_back_ = true;
    const auto move = brackets_.put_back({one.target, one.of, {}, 0}, packed(one.cell, one.of),
                                         former_of(one), now, out);
    brings_back_ = false;
    if (!move) return;
    if (profile_.surface.paints_on_hello)
        say_hello(now, out); // one that does not echo says nothing else
    one.move = *move;
    brought_back_.push_back(std::move(one));
}

/// What it holds now: a position, or a switch as 0 or 1.
std::optional<std::uint16_t> Dialect::Engine::shown_in(std::size_t cell, Control of) const {
    const Cell& shown = surface_.at(cell);
    if (of == Control::fader) return shown.fader;
    const auto& lamp = of == Control::mute ? shown.mute : shown.solo;
    if (!lamp) return std::nullopt;
    return static_cast<std::uint16_t>(*lamp != LedState::off);
}

/// The only cell with its name, if it shows what ours has made of it; of several faders of one name the only one that does.
std::optional<std::size_t> Dialect::Engine::cell_showing(const BroughtBack& one) const {
    std::optional<std::size_t> found;
    bool is_other = false;
    for (std::size_t cell = 0; cell < surface_.size(); ++cell) {
        if (surface_.upper(cell) != one.name) continue;
        const bool is_it = shown_in(cell, one.of) == one.is;
        is_other = is_other || (one.of != Control::fader && (found || is_double(one.name)));
        if (is_it && std::exchange(found, cell)) is_other = true;
    }
    return is_other ? std::nullopt : found;
}

/// Once the host says so. A strip that was in no list yet is told of when it is.
void Dialect::Engine::tell_brought_back(TimePoint now, DialectOutput& out) {
    std::erase_if(brought_back_, [&](BroughtBack& one) {
        // Of several of its name another may have come there, and shows what was meant for it.
        const bool may_be_other = is_double(one.name) || !is_in_one_cell(one.name);
        const bool is_other = may_be_other && renamed_at_ && *renamed_at_ > one.at;
        one.is_back = one.is_back
                      || (!is_other && surface_.upper(one.cell) == one.name
                          && history_.is_told(one.cell, one.of, one.at)
                          && shown_in(one.cell, one.of) == one.former);
        return one.is_back && tell_restored(one, now, out);
    });
}

ControlValue Dialect::Engine::former_of(const BroughtBack& one) const {
    if (one.of == Control::fader) return profile_.surface.law.level_of(one.former);
    return one.former != 0;
}

/// False where no strip in the list goes by its name.
bool Dialect::Engine::tell_restored(const BroughtBack& one, TimePoint now, DialectOutput& out) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& e) { return e.seen.name == one.name; });
    if (found == entries_.end() || is_double(one.name)) return false;
    observe(WriteMisled{one.move, {found->id, one.of, {}, 0}, former_of(one), true}, now, out);
    return true;
}

/// The banks were read: what holds a value of ours is found by the look at strays from now on. What cannot be found by its name
/// is told, too.
void Dialect::Engine::end_putting_back(TimePoint now, DialectOutput& out) {
    const auto is_read = [&](const BroughtBack& one) {
        return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            const auto value = held(entry, one.of);
            return entry.seen.name == one.name && value && *value == former_of(one);
        });
    };
    for (const BroughtBack& one : brought_back_) {
        const bool is_single =
            std::count_if(entries_.begin(), entries_.end(),
                          [&](const Entry& entry) { return entry.seen.name == one.name; })
            == 1;
        if (is_single && !one.is_back && !is_read(one)) continue;
        if (is_single && tell_restored(one, now, out)) continue;
        observe(Noticed{"move " + std::to_string(one.move.value) + " has reached \"" + one.name
                        + "\" on its way; that "
                        + (one.is_back ? "is back at "
                                       : "could not be read again after it was put back to ")
                        + to_text(former_of(one))},
                now, out);
    }
    brought_back_.clear();
}

} // namespace prefade::mcu
