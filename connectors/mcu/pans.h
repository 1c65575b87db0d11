// The pans of a mixer on a surface: a pot that is turned by ticks, a ring of eleven lights that shows it coarsely, and
// where the host prints it while it moves, a text that shows it to the hundredth. What a text said holds while the ring
// stands where it stood with it. Pure; desk thread.
#pragma once

#include "connectors/host_profile.h"
#include "connectors/mcu/dial.h"
#include "connectors/mcu/surface.h"
#include "core/ids.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace prefade::mcu {

/// As the form says; nothing for every other text: a level, a name, a blank.
std::optional<Pan> pan_in(std::string_view text, PanText form);
/// Eleven steps from -1 to +1; nothing when the ring shows no pan.
std::optional<Pan> pan_of(const std::optional<Ring>& ring);

class Pans {
public:
    explicit Pans(const SurfaceTraits& traits);

    bool can_turn() const noexcept { return ticks_ > 0.0; }
    /// What it can be brought to and shown in, of -1 .. +1; wider once a tick has turned out to go further.
    double step() const noexcept;

    // ---- reading
    /// True: a text of the lower row is a pan.
    bool told(const Surface& surface, const Surface::Change& change, TimePoint now);
    /// The cell is this strip's: what its text says is the strip's.
    void take(const Surface& surface, std::size_t cell, StripId strip);
    /// The cells are, or may be, other strips' now: what is being turned rests.
    void forget_window();
    void clear();
    std::optional<Pan> value(StripId strip, const std::optional<Ring>& ring) const;
    /// The ring alone has told it last, and this is the same place, told by a text.
    bool is_finer(StripId strip, const std::optional<Ring>& ring, Pan value) const;
    /// This value of the strip has been told on.
    void note_told(StripId strip, const std::optional<Ring>& ring, Pan value);
    /// `former` was told by the ring alone, and `found` is what the ring shows so.
    bool same_reading(StripId strip, Pan former, Pan found) const;

    // ---- turning
    /// What undo brings back was perhaps known by the ring alone: then by the ticks that it was turned.
    void begin(StripId strip, std::size_t cell, Pan target, const std::optional<Ring>& ring,
               bool is_undo, TimePoint now);
    struct Turned {
        std::size_t cell;
        int ticks;
    };
    std::vector<Turned> tick(const Surface& surface, TimePoint now);
    void rest(StripId strip); ///< turned no further
    TimePoint due() const;
    bool is_busy() const;
    bool is_turning(StripId strip) const;
    /// Ours is being turned, or did not come to its target: what it holds is of our doing, as far as anybody can tell.
    bool is_on_its_way(StripId strip) const;
    /// A write of ours has ended there, and `value` is as near to the target as it can be; before one, where it is known
    /// as exactly as it will be told.
    bool arrived(StripId strip, const std::optional<Ring>& ring, Pan value, Pan target) const;
    /// When it was turned last: what is known of its cell before that says nothing of what the turn did.
    std::optional<TimePoint> turned_at(StripId strip) const;

private:
    struct Exact {
        Pan value;
        std::uint8_t ring;
    };
    struct Step { ///< how it was brought on from where it stood
        Pan from;
        bool is_coarse;
        int ticks;
    };
    struct History {
        std::vector<Step> steps;
        std::optional<Pan> left; ///< where the last has left it
    };
    struct Turn {
        std::size_t cell;
        Dial dial;
        Pan from, target;
        bool from_is_coarse, target_is_coarse;
        std::optional<std::size_t> back_to; ///< a step of the history
        bool is_noted{false};               ///< it is over, and in the history
    };
    void note(StripId strip, Turn& turn, const Surface& surface);
    std::optional<Pan> text_in(const Surface& surface, std::size_t cell) const;
    bool is_coarse(StripId strip, const std::optional<Ring>& ring) const;

    const double ticks_;
    const PanText form_;
    double widest_tick_; ///< of those that were turned
    std::map<StripId, Exact> exact_;
    std::map<StripId, Pan> told_by_ring_; ///< what was told last of the ring alone
    std::set<StripId> known_by_ring_;     ///< nothing finer was told since
    std::map<StripId, Pan>
        passed_over_; ///< texts that say more than was known of what undo brought back
    std::map<StripId, History> histories_;
    std::map<StripId, Turn> turns_; ///< the last of each strip, over or not
};

} // namespace prefade::mcu
