// Measures a host's fader law from what it shows: a fader at rest, and the dB of it in the lower row beneath. Writes
// nothing: a person moves the fader, in the host. Pure; desk thread.
#pragma once

#include "connectors/mcu/surface.h"
#include "core/session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::mcu {

/// "-12.3", "+ 0.5dB", "6.0 dB" -> dB. Nothing for every other text, "-inf" included: silence has no place on a law.
std::optional<double> level_in(std::string_view text);

class LawProbe {
public:
    /// A fader and its text belong together when both have rested for so long ...
    static constexpr Duration calm = std::chrono::milliseconds(150);
    /// ... and the text came with the fader's last step or so soon after it. Hosts show it within 200 ms (Live, by its
    /// script); a person rests longer between two steps.
    static constexpr Duration patience = std::chrono::milliseconds(400);
    /// A fader that was moved within this is still in somebody's hand.
    static constexpr Duration in_hand = std::chrono::seconds(15);

    explicit LawProbe(std::size_t cells) : cells_(cells) {}

    void told(const Surface& surface, const Surface::Change& change, TimePoint now);
    /// The window shows other strips now.
    void forget();
    /// What has come to rest since the last look.
    std::vector<FaderPoint> tick(TimePoint now);
    bool is_in_hand(TimePoint now) const { return moved_at_ && now - *moved_at_ < in_hand; }

private:
    struct Pair {
        std::optional<std::uint16_t> position;
        std::optional<double> level;
        TimePoint moved_at{}, shown_at{};
        bool taken{true};
    };
    std::vector<Pair> cells_;
    std::optional<TimePoint> moved_at_;
};

} // namespace prefade::mcu
