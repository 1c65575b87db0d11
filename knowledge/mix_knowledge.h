// What an engineer knows beside rules and plugins, as the files knowledge/*.toml hold it: targets, pairs that
// hide each other, EQ and dynamics to start from, chains, what descriptors and clients' phrases mean, automation,
// pacing, albums, words, ways in a DAW. Every number has a unit, every entry a source. How to write one:
// docs/knowledge.md. Immutable once loaded; load() reads files, otherwise pure; any thread.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "knowledge/control_unit.h"
#include "knowledge/plugin.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

enum class MixKind : std::uint8_t {
    measure, ///< something that can be read of a session, or not yet
    platform,
    genre,
    instrument, ///< levels to start from
    pair,       ///< one source hides another
    priority,   ///< of a genre: who is protected
    eq,
    zone, ///< a named range of frequencies
    dynamics,
    diagnosis, ///< what a trace of gain reduction shows
    chain,
    descriptor, ///< "dark": each step is one interpretation
    phrase,     ///< what a client says: each step is one hypothesis
    problem,    ///< a fault of a recording
    automation,
    pacing,
    album,
    term,
    operation, ///< each step is the way in one host
    principle,
};
inline constexpr Names<MixKind, 20> mix_kind_names{{{MixKind::measure, "measure"},
                                                    {MixKind::platform, "platform"},
                                                    {MixKind::genre, "genre"},
                                                    {MixKind::instrument, "instrument"},
                                                    {MixKind::pair, "pair"},
                                                    {MixKind::priority, "priority"},
                                                    {MixKind::eq, "eq"},
                                                    {MixKind::zone, "zone"},
                                                    {MixKind::dynamics, "dynamics"},
                                                    {MixKind::diagnosis, "diagnosis"},
                                                    {MixKind::chain, "chain"},
                                                    {MixKind::descriptor, "descriptor"},
                                                    {MixKind::phrase, "phrase"},
                                                    {MixKind::problem, "problem"},
                                                    {MixKind::automation, "automation"},
                                                    {MixKind::pacing, "pacing"},
                                                    {MixKind::album, "album"},
                                                    {MixKind::term, "term"},
                                                    {MixKind::operation, "operation"},
                                                    {MixKind::principle, "principle"}}};

/// Who can tell a measure today.
enum class MeasuredBy : std::uint8_t {
    session,  ///< the host's meters and controls, live
    analysis, ///< sound files or stems of the session
    nobody,   ///< no part of this program yet
};
inline constexpr Names<MeasuredBy, 3> measured_by_names{{{MeasuredBy::session, "session"},
                                                         {MeasuredBy::analysis, "analysis"},
                                                         {MeasuredBy::nobody, "not yet"}}};

enum class Direction : std::uint8_t { up, down };
inline constexpr Names<Direction, 2> direction_names{
    {{Direction::up, "up"}, {Direction::down, "down"}}};

/// A number that entries give, its unit and what it is; the table is in mix_figures.cpp.
struct FigureForm {
    std::string_view name;
    ControlUnit unit{ControlUnit::number};
    std::string_view what;
};
const std::vector<FigureForm>& figure_forms();

struct Figure {
    std::string name; ///< of a FigureForm
    Amount amount;    ///< in its unit
};

/// A host whose ways are told apart, and what people call it.
struct WayHost {
    std::string_view id, name;
};
inline constexpr std::array<WayHost, 6> way_hosts{{{"ardour", "Ardour"},
                                                   {"reaper", "REAPER"},
                                                   {"live", "Ableton Live"},
                                                   {"logic", "Logic"},
                                                   {"protools", "Pro Tools"},
                                                   {"cubase", "Cubase"}}};
std::vector<std::string_view> host_ids();

/// One interpretation, hypothesis, alternative, band, stage or way. What its kind has no use for is empty.
/// Of a band of an EQ.
enum class BandShape { bell, low_shelf, high_shelf };
inline constexpr Names<BandShape, 3> band_shape_names{{{BandShape::bell, "bell"},
                                                       {BandShape::low_shelf, "low shelf"},
                                                       {BandShape::high_shelf, "high shelf"}}};

struct MixStep {
    std::string does; ///< what to do
    std::string says; ///< of a hypothesis: what may be so
    std::string why, unless;
    std::vector<std::string> on;      ///< roles, or "any", "dialogue", "music"
    std::optional<PluginKind> tool;   ///< what does it; nothing: faders, pans, arrangement
    bool by_fader{false};             ///< its level is a change of the faders, for the whole song
    std::optional<BandShape> band;    ///< its gain at its frequency is one of these, of an EQ
    std::vector<std::string> plugins; ///< ids in the catalog
    std::vector<Figure> figures;
    std::string measure;                ///< id; what should move, or what tells whether it is so
    std::optional<Direction> moves;     ///< which way it should move
    std::optional<Amount> confirms;     ///< in the measure's unit; an open end is infinite
    std::optional<Amount> refutes;      ///< never overlaps `confirms`
    std::string descriptor, rule, host; ///< ids; "ardour"
    Origin origin;

    const Amount* figure(std::string_view name) const noexcept;
};

struct MixConflict {
    std::string about, settle; ///< how to find out
    std::vector<Claim> claims; ///< at least two
};

struct MixEntry {
    MixKind kind{MixKind::principle};
    std::string id; ///< unique in its kind
    std::string name;
    std::vector<std::string> aliases;
    std::string says, why, unless;
    std::string check;                    ///< what to look at afterwards
    std::string asks;                     ///< the one question when measurements do not decide
    std::vector<std::string> on, against; ///< roles; `against` hides `on`
    std::vector<std::string> genres;      ///< ids; empty: any
    bool is_fault{false};                 ///< a descriptor whose steps take it away
    std::vector<Figure> figures;
    std::vector<MixStep> steps; ///< the best first, or in order of the signal
    std::vector<MixConflict> conflicts;
    ControlUnit unit{ControlUnit::number};      ///< of a measure
    MeasuredBy measured_by{MeasuredBy::nobody}; ///< of a measure
    /// Of a measure: functions of rules ("peak_hold"), or parts of analysis ("loudness", "spectrum", "masking").
    std::vector<std::string> from;
    Origin origin;

    const Amount* figure(std::string_view name) const noexcept;
};

/// Ids that entries may refer to.
struct KnownNames {
    std::vector<std::string> roles, plugins, rules;
};

struct LoadedMix;

class MixKnowledge {
public:
    /// Files by their name: phrases.toml holds phrases. A later entry of the same kind and id takes the place of
    /// an earlier one, unless it has errors or makes some in what was read before it: then the earlier one stays.
    /// Entries with errors are left out; a file with errors does not keep others from loading.
    static LoadedMix load(const std::vector<std::filesystem::path>& files, const KnownNames& known);
    /// One file's text; `file` is for messages and says which kinds it may hold.
    static LoadedMix parse(std::string_view text, const std::string& file, const KnownNames& known);
    /// "targets.toml", "pairs.toml" ...
    static std::vector<std::string_view> file_names();
    static bool is_file_name(std::string_view name);

    const std::vector<MixEntry>& entries() const noexcept {
        return entries_;
    } ///< as they were read
    const MixEntry* find(MixKind kind, std::string_view id) const noexcept;
    /// By id, name or alias in any spelling (spoken_key). Errors: not_found with the nearest, which is not taken.
    Result<const MixEntry*> called(MixKind kind, std::string_view words) const;

private:
    std::vector<MixEntry> entries_;
};

struct LoadedMix {
    MixKnowledge knowledge;
    std::vector<Error> errors; ///< `where` is file:line:column
    std::size_t files{0};      ///< looked at
};

} // namespace prefade
