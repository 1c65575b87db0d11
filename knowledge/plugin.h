// One plugin (or piece of hardware) as its entry in knowledge/plugins/ describes it: controls with unit,
// range and law, controls that do not exist, uses with their reason. How to write one: docs/plugins.md.
// Immutable once loaded; pure; any thread.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "core/units.h"
#include "knowledge/control_law.h"
#include "knowledge/control_unit.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// What a fact rests on, the best first.
enum class Basis : std::uint8_t {
    measured,  ///< read from an installed version
    manual,    ///< the maker's own words
    published, ///< somebody else's words: a test, a forum, a table
    derived,   ///< arithmetic from other facts
    expertise, ///< working practice of engineers
    uncertain, ///< sources differ, or only one that may be wrong: read it back from the host
};
inline constexpr Names<Basis, 6> basis_names{{{Basis::measured, "MEASURED"},
                                              {Basis::manual, "MANUAL"},
                                              {Basis::published, "PUBLISHED"},
                                              {Basis::derived, "DERIVED"},
                                              {Basis::expertise, "EXPERTISE"},
                                              {Basis::uncertain, "UNCERTAIN"}}};

/// Of every fact; where an entry's part says neither, it is the entry's.
struct Origin {
    Basis basis{Basis::expertise};
    std::string source;
    std::string where; ///< file:line:column
};

enum class PluginKind : std::uint8_t {
    compressor,
    limiter,
    multiband,
    gate,
    de_esser,
    leveller,
    transient,
    resonance,
    eq,
    dynamic_eq,
    channel_strip,
    reverb,
    delay,
    saturation,
    pitch,
    ducker,
    stereo,
    utility,
    repair,
    meter,
    suite,
};
inline constexpr Names<PluginKind, 21> plugin_kind_names{
    {{PluginKind::compressor, "compressor"},
     {PluginKind::limiter, "limiter"},
     {PluginKind::multiband, "multiband"},
     {PluginKind::gate, "gate"},
     {PluginKind::de_esser, "de-esser"},
     {PluginKind::leveller, "leveller"},
     {PluginKind::transient, "transient shaper"},
     {PluginKind::resonance, "resonance suppressor"},
     {PluginKind::eq, "eq"},
     {PluginKind::dynamic_eq, "dynamic eq"},
     {PluginKind::channel_strip, "channel strip"},
     {PluginKind::reverb, "reverb"},
     {PluginKind::delay, "delay"},
     {PluginKind::saturation, "saturation"},
     {PluginKind::pitch, "pitch"},
     {PluginKind::ducker, "ducker"},
     {PluginKind::stereo, "stereo"},
     {PluginKind::utility, "utility"},
     {PluginKind::repair, "repair"},
     {PluginKind::meter, "meter"},
     {PluginKind::suite, "suite"}}};

/// How it comes; "stock" is part of a DAW, in no format of its own.
enum class PluginFormat : std::uint8_t {
    stock,
    hardware,
    service,
    lv2,
    vst2,
    vst3,
    au,
    aax,
    clap,
    jsfx,
    lua,
};
inline constexpr Names<PluginFormat, 11> plugin_format_names{{{PluginFormat::stock, "stock"},
                                                              {PluginFormat::hardware, "hardware"},
                                                              {PluginFormat::service, "service"},
                                                              {PluginFormat::lv2, "LV2"},
                                                              {PluginFormat::vst2, "VST2"},
                                                              {PluginFormat::vst3, "VST3"},
                                                              {PluginFormat::au, "AU"},
                                                              {PluginFormat::aax, "AAX"},
                                                              {PluginFormat::clap, "CLAP"},
                                                              {PluginFormat::jsfx, "JSFX"},
                                                              {PluginFormat::lua, "Lua"}}};

struct PluginControl {
    struct Mark {
        double panel{0.0}, value{0.0};
    };
    std::string id, name;
    std::vector<std::string> aliases; ///< other words for it
    /// As hosts name the parameter; "{n}" is the number of the band, "{1}" at the end says that a name without one is
    /// the first. As many as there are bands name them in order.
    std::vector<std::string> reported;
    std::optional<std::uint16_t> parameter; ///< the host's number of it, of the first band; from 0
    std::uint16_t bands{1}, stride{0};      ///< how many there are; parameters from one to the next
    ControlUnit unit{ControlUnit::number};  ///< of everything below; a choice has none
    std::optional<double> lowest, highest;  ///< both or neither
    std::optional<double> usual;            ///< in a new instance
    std::vector<double> steps;              ///< it takes only these; rising or falling
    std::vector<std::string> choices;       ///< or only these words
    std::string usual_choice;
    std::optional<ControlLaw> law; ///< nothing: read the host's text
    std::vector<double> positions; ///< where steps or choices lie in 0..1; empty: not known
    bool is_exact{false};          ///< of law and positions: known, and not a fit
    bool is_bell{false};           ///< of a frequency: each of its bands is a bell, always
    std::string direction;         ///< "7 is the fastest"
    std::string note;
    std::vector<Mark> marks; ///< what panel numbers stand for, as far as known, rising
    ControlUnit marks_unit{ControlUnit::number};
    Origin origin;

    bool is_choice() const noexcept { return !choices.empty(); }
    /// Errors: invalid for a choice, unsupported when the law is not known.
    Result<double> to_unit(Normalized normalized) const;
    /// Errors: as to_unit; invalid outside the range or between steps, with what there is.
    Result<Normalized> from_unit(double value) const;
    /// The choice whose position is nearest. Errors: as to_unit.
    Result<std::string> choice_at(Normalized normalized) const;
    /// By its words, in any spelling. Errors: invalid with the choices; unsupported.
    Result<Normalized> from_choice(std::string_view choice) const;
    /// Inside the range, and on a step where it has steps; both ends of a range of amounts.
    Result<void> takes(const Amount& amount) const;
    /// Its number in the list of choices, by its words in any spelling (choice_key) that is one choice's alone.
    std::optional<std::size_t> choice_named(std::string_view choice) const;
};

/// A control that people ask for and that is not there.
struct MissingControl {
    std::string name;
    std::vector<std::string> aliases;
    std::string instead; ///< what to do
    Origin origin;
};

/// What one position of a switch does.
struct PluginMode {
    std::string control, choice, does;
    Origin origin;
};

struct PluginSetting {
    std::string control;              ///< id
    std::uint16_t band{0};            ///< from 1; 0: any
    std::vector<std::string> choices; ///< of a choice: one of these; else empty
    Amount amount;                    ///< in the control's unit
    std::string where;
};

struct PluginUse {
    std::vector<std::string> sources; ///< roles and buses: "lead vocal", "drums", "mix bus"
    std::vector<std::string> styles;  ///< "ballad", "hip-hop"; empty: any
    std::optional<Amount> tempo;      ///< bpm; nothing: any
    std::vector<PluginSetting> settings;
    std::string turn;                     ///< a control turned until `gain_reduction` shows
    std::optional<Amount> gain_reduction; ///< dB
    std::string aim;                      ///< what to hear or read when it is right; may be empty
    std::string why;
    Origin origin;
};

struct PluginMistake {
    std::string does, instead;
    Origin origin;
};

struct PluginFact {
    std::string says;
    Origin origin;
};

struct PluginRelative {
    std::string id, how;
    Origin origin;
};

/// One side where sources differ.
struct Claim {
    std::string says, source;
};

/// Where sources differ: all that they say, and how to find out.
struct PluginConflict {
    std::string about;
    std::string control; ///< id; empty: none in particular
    std::vector<Claim> claims;
    std::string settle;
    Origin origin;
};

/// Names in one host; "any" for those it has in every one.
struct ReportedNames {
    std::string host;
    std::vector<std::string> names;
};

struct BandOf {
    const PluginControl* control{nullptr};
    std::uint16_t band{0}; ///< from 1; 0 where the name says none
};

struct Plugin {
    std::string id; ///< also the file's name
    std::string name, maker, what;
    std::string based_on; ///< id of the entry whose parts it took over; empty: none
    PluginKind kind{PluginKind::utility};
    std::vector<PluginFormat> formats;
    std::vector<ReportedNames> reported;
    std::vector<std::string> aliases;
    std::vector<PluginControl> controls;
    std::vector<MissingControl> missing;
    std::vector<PluginMode> modes;
    std::vector<PluginUse> uses;
    std::vector<PluginMistake> mistakes;
    std::vector<PluginFact> facts;
    std::vector<PluginRelative> relatives;
    std::vector<PluginConflict> conflicts;
    Origin origin;

    const PluginControl* find(std::string_view control_id) const noexcept;
    /// By id, name, alias or a host's name for it, in any spelling. Errors: unsupported when the control
    /// does not exist, with what to do instead; not_found with those that are there.
    Result<const PluginControl*> control(std::string_view words) const;
    /// Exactly as a host names a parameter. Errors: not_found, with nothing near taken.
    Result<BandOf> reported_control(std::string_view parameter) const;
    const MissingControl* missing_control(std::string_view words) const;
};

} // namespace prefade
