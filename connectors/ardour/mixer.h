// What we know of Ardour's mixer: which strip bears which ssid, its inserts and sends, and who bore
// what before. Mints our ids and carries them across structural changes by name: route names are
// unique in Ardour. Pure; desk thread.
#pragma once

#include "connectors/ardour/law.h"
#include "core/observation.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::ardour {

using Ssid = std::int32_t; ///< number in mixer order, from 1

/// One strip as the host lists it.
struct StripLine {
    std::string type; ///< "AT", "MT", "B", "MB", "V", "MA", "MO", "FB"
    std::string name;
    friend bool operator==(const StripLine&, const StripLine&) = default;
};
StripKind kind_of(std::string_view type) noexcept;

/// Who bore a number, and since when we know.
class Bearers {
public:
    void remember(std::vector<std::uint32_t> ids, TimePoint now);
    /// Ids that bore the number `position` + 1 at any time since `since`, the present one included.
    std::vector<std::uint32_t> of(std::size_t position, TimePoint since) const;
    void clear() { lists_.clear(); }

private:
    struct List {
        TimePoint at{};
        std::vector<std::uint32_t> ids;
    };
    std::vector<List> lists_; ///< oldest first; the last is the present one
};

struct KnownInsert {
    InsertId id;
    std::string plugin;
    bool active{true};
    std::vector<Parameter> parameters; ///< values as of the last descriptor; empty until read
};
struct KnownSend {
    SendId id;
    std::string destination;
    Decibel level;
    bool enabled{false};
};
/// Controls whose automation mode Ardour tells.
enum class Automated { fader, trim, pan, mute };

struct KnownStrip {
    StripId id;
    StripLine line;
    bool hidden{false};
    std::int32_t channels{1}; ///< of audio its meter has, of which Ardour tells the first only
    std::vector<KnownInsert> inserts; ///< Ardour's plugin number is the position + 1
    std::vector<KnownSend> sends;     ///< and its send number too
    bool parts_listed{false};         ///< inserts and sends were listed at least once
    bool heard{false};                ///< its fader was told since it is known
    int dumps_missed{0};              ///< how often all was asked for because it was not
    Bearers inserts_past, sends_past;
    std::map<Control, ControlValue> told;       ///< its own controls, as told last
    std::array<AutomationMode, 4> automation{}; ///< by Automated; off until told

    bool has_audio_meter() const { return kind_of(line.type) != StripKind::vca && channels != 0; }
};

class Mixer {
public:
    std::size_t size() const noexcept { return strips_.size(); }
    KnownStrip* at(Ssid ssid) noexcept;
    KnownStrip* find(StripId id) noexcept;
    const KnownStrip* find(StripId id) const noexcept;
    /// Another strip, of another type perhaps, has the same name: a VCA and a bus may.
    bool shares_name(const KnownStrip& strip) const;
    /// Another strip of the same type has the same name: they cannot be told apart.
    bool is_double(const KnownStrip& strip) const;
    /// 0 when the strip is not listed.
    Ssid ssid_of(StripId id) const noexcept;

    /// Takes the whole list. `renames`: new name -> the strip the host told it of, since the last list;
    /// it counts where it explains the list: the old name is gone, the new one was nobody's. Where the
    /// new one was another strip's, which of the two is left cannot be told, and neither lives on.
    struct Update {
        std::vector<Happening> happenings;
        bool structure_changed{false};
    };
    Update list(const std::vector<StripLine>& lines, const std::map<std::string, StripId>& renames,
                TimePoint now);
    StripsListed listed(bool structure_changed) const;

    /// Takes the plugins of a strip in signal order. An id lives on where the plugin's name is the only
    /// one of its kind before and after, or where nothing in the list changed.
    Update list_inserts(KnownStrip& strip, const std::vector<std::pair<std::string, bool>>& plugins,
                        TimePoint now) {
        return list_inserts(strip, plugins, {}, now);
    }
    /// Another plugin of the same name is in that slot: it gets an id of its own.
    Update exchange_insert(KnownStrip& strip, std::size_t slot, TimePoint now);
    Update list_sends(KnownStrip& strip, const std::vector<Send>& told, TimePoint now);

    /// The host was lost: names go on meaning the same strips, but nothing is proved any more.
    void doubt();

    /// Strips that bore `ssid` at any time since `since`, the present one included.
    std::vector<StripId> bearers(Ssid ssid, TimePoint since) const;

private:
    Update list_inserts(KnownStrip& strip, const std::vector<std::pair<std::string, bool>>& plugins,
                        std::optional<std::size_t> exchanged, TimePoint now);
    /// The strip among `before` that `line` goes on being, if that is sure.
    static KnownStrip* heir(const StripLine& line, const std::vector<StripLine>& lines,
                            std::vector<KnownStrip>& before,
                            const std::map<std::string, StripId>& renames);

    std::vector<KnownStrip> strips_; ///< by ssid - 1
    Bearers past_;
    bool in_doubt_{false};
    std::uint32_t last_strip_{0}, last_insert_{0}, last_send_{0};
};

} // namespace prefade::ardour
