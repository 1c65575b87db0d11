#include "connectors/mcu/law_probe.h"

#include <charconv>
#include <cmath>

namespace prefade::mcu {
namespace {

using namespace std::chrono_literals;

/// A host that writes the text first writes the fader within this.
constexpr Duration text_ahead = 20ms;
constexpr double lowest = -200.0, highest = 24.0; ///< dB; beyond them a text is no fader's

} // namespace

std::optional<double> level_in(std::string_view text) {
    const auto trim = [&] {
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    };
    trim();
    if (text.ends_with("dB") || text.ends_with("db")) text.remove_suffix(2);
    trim();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    trim();
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    double level = 0.0;
    const auto [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), level, std::chars_format::fixed);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (negative) level = -level;
    return level >= lowest && level <= highest ? std::optional(level) : std::nullopt;
}

void LawProbe::told(const Surface& surface, const Surface::Change& change, TimePoint now) {
    if (change.cell >= cells_.size()) return; // the master has no display
    Pair& pair = cells_[change.cell];
    if (change.part == Surface::Part::fader && change.differs) {
        pair.position = surface.at(change.cell).fader;
        pair.moved_at = now;
        moved_at_ = now;
        pair.taken = false;
    } else if (change.part == Surface::Part::lower) {
        pair.level = level_in(surface.lower(change.cell));
        pair.shown_at = now;
    }
}

void LawProbe::forget() {
    cells_.assign(cells_.size(), {});
    moved_at_.reset();
}

std::vector<FaderPoint> LawProbe::tick(TimePoint now) {
    std::vector<FaderPoint> at_rest;
    for (Pair& pair : cells_) {
        if (pair.taken || !pair.position || !pair.level) continue;
        if (now - pair.moved_at < calm || now - pair.shown_at < calm) continue;
        const Duration behind = pair.shown_at - pair.moved_at;
        if (behind < -text_ahead || behind > patience) continue;
        pair.taken = true;
        at_rest.push_back({Decibel{*pair.level}, *pair.position});
    }
    return at_rest;
}

} // namespace prefade::mcu
