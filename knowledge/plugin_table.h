// The plugins of a session as the catalog knows them: which entry an insert is, and its controls in their units. A name
// that the catalog does not have is no plugin here, and a value that cannot be converted for certain is none. Keeps
// what it has looked up. Belongs to the thread of its evaluator.
#pragma once

#include "core/session.h"
#include "knowledge/expression.h"
#include "knowledge/plugin_catalog.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// A control of an insert and where it stands.
struct InsertControl {
    const PluginControl* control{nullptr};
    const Parameter* parameter{nullptr};
    std::uint16_t band{0}; ///< from 1; 0 where there is one only
};

/// What was computed of one insert, by number of its measure, until a value of it is told anew.
class InsertMemo {
public:
    const Value* find(std::uint32_t measure) const noexcept;
    void keep(std::uint32_t measure, Value value);

private:
    friend class PluginTable;
    struct Stamp {
        const Plugin* plugin{nullptr};
        const Parameter* parameters{nullptr};
        std::size_t count{0};
        TimePoint newest{}, switched{};
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    Stamp stamp_;
    std::uint64_t seen_{0};
    std::vector<std::optional<Value>> values_;
};

/// An insert whose plugin is in the catalog.
struct KnownInsert {
    const Strip* strip{nullptr};
    const Insert* insert{nullptr};
    const Plugin* plugin{nullptr};
    InsertMemo* memo{nullptr};
};

class PluginTable {
public:
    /// Null: no plugin is known.
    explicit PluginTable(std::shared_ptr<const PluginCatalog> catalog = {});

    /// All of the session, strip by strip in the order of the signal; valid until the next call or change.
    const std::vector<KnownInsert>& list(const Session& session);
    const std::vector<KnownInsert>& listed() const noexcept { return listed_; } ///< the last time

    /// By the name the host gives it, exactly or as PluginCatalog::reported; null when that is not one entry's.
    const Plugin* plugin(const Insert& insert);
    /// The controls that answer to `words` (Plugin::control), band by band; none when the entry has no such control
    /// or the host tells no parameter of it.
    std::vector<InsertControl> controls(const Insert& insert, const std::string& words);
    /// Whether it works on the sound: neither bypassed by the host nor switched off by a control of its own. Nothing
    /// when the host does not tell.
    std::optional<bool> is_active(const Insert& insert);
    /// Whether a band is switched on, by all of its switches; true where bands have none. Nothing when one cannot be
    /// told, or two parameters claim to be it.
    std::optional<bool> is_band_on(const Insert& insert, std::uint16_t band);

private:
    InsertMemo* memo_of(StripId strip, const Insert& insert, const Plugin* plugin);
    const PluginControl* find(const Plugin& plugin, const std::string& words);
    BandOf band_of(const Plugin& plugin, const std::string& parameter);

    std::shared_ptr<const PluginCatalog> catalog_;
    std::string host_; ///< "ardour", "live-mackie"
    std::vector<KnownInsert> listed_;
    std::map<std::pair<StripId, InsertId>, InsertMemo> memos_;
    std::uint64_t lists_{0};
    std::map<std::string, const Plugin*, std::less<>> plugins_; ///< by the host's name
    std::map<std::pair<const Plugin*, std::string>, const PluginControl*> by_words_;
    std::map<std::pair<const Plugin*, std::string>, BandOf> by_parameter_;
};

/// What a parameter stands at, in the unit of its control: from the host's own number where it has a unit of the same
/// kind, by the control's law, or from the host's text. Nothing when none of them is certain.
std::optional<double> value_in_unit(const InsertControl& at);
/// The same backwards. Nothing when it cannot be told, or the control does not take that value.
std::optional<Normalized> normalized_in_unit(const InsertControl& at, double value);
/// The choice that a switch stands at; null when it cannot be told.
const std::string* choice_of(const InsertControl& at);
/// Where that choice lies. Nothing when it cannot be told.
std::optional<Normalized> normalized_of_choice(const InsertControl& at, std::string_view choice);

} // namespace prefade
