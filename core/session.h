// The session as the host tells it: strips, sends, inserts, meters, transport: plain values with
// ages. `apply` is the only writer. Owned by the desk thread; everyone else gets a snapshot.
#pragma once

#include "core/bands.h"
#include "core/control.h"
#include "core/known.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

struct Observation;

enum class MeterKind {
    sample_peak,
    true_peak,
    rms,
    vu,
    segments,
    gain_reduction,
    lufs_momentary,
    lufs_short_term,
    lufs_integrated
};
inline constexpr Names<MeterKind, 9> meter_kind_names{{
    {MeterKind::sample_peak, "sample_peak"},
    {MeterKind::true_peak, "true_peak"},
    {MeterKind::rms, "rms"},
    {MeterKind::vu, "vu"},
    {MeterKind::segments, "segments"},
    {MeterKind::gain_reduction, "gain_reduction"},
    {MeterKind::lufs_momentary, "lufs_momentary"},
    {MeterKind::lufs_short_term, "lufs_short_term"},
    {MeterKind::lufs_integrated, "lufs_integrated"},
}};

enum class Channel { sum, left, right };
inline constexpr Names<Channel, 3> channel_names{
    {{Channel::sum, "sum"}, {Channel::left, "left"}, {Channel::right, "right"}}};

/// Where on the strip a meter listens. A rule names the tap it needs; unknown is not enough.
enum class Tap { unknown, input, pre_fader, post_fader };
inline constexpr Names<Tap, 4> tap_names{{{Tap::unknown, "unknown"},
                                          {Tap::input, "input"},
                                          {Tap::pre_fader, "pre_fader"},
                                          {Tap::post_fader, "post_fader"}}};

/// One measured value. Age, kind and resolution are part of it: a stale or coarse reading shows.
struct Reading {
    MeterKind kind{MeterKind::sample_peak};
    Channel channel{Channel::sum};
    Tap tap{Tap::unknown};
    double value{0.0};  ///< in the unit that `kind` fixes: dBFS, dBTP, dB or LUFS; -inf is silence
    Decibel resolution; ///< smallest step the source can show
    TimePoint at{};
};

/// Unit of `kind`'s values: "dBFS", "dBTP", "dB" or "LUFS".
std::string_view unit_of(MeterKind kind) noexcept;

/// Maxima of one reading over the last ten seconds in steps of 100 ms, for peak holds.
class PeakRing {
public:
    static constexpr Duration step = std::chrono::milliseconds(100);
    static constexpr std::size_t steps = 100;

    void add(double value, TimePoint at) noexcept;
    /// Largest value since `now - span` (at most 10 s); empty when nothing arrived in that time.
    std::optional<double> maximum(TimePoint now, Duration span) const noexcept;
    /// Number of 100 ms steps within `span` that saw at least one value.
    std::size_t filled(TimePoint now, Duration span) const noexcept;
    /// The arithmetic mean of the step maxima within `span`, -inf counted as -120.
    std::optional<double> mean(TimePoint now, Duration span) const noexcept;

private:
    struct Cell {
        std::int64_t tick{-1};
        double maximum{0.0};
    };
    std::array<Cell, steps> cells_{};
};

/// A reading and its recent past.
struct Meter {
    Reading latest;
    PeakRing recent;
};

/// How the energy of a strip lies over frequency: the mean over what sounded in about the last ten seconds of it.
struct Spectrum {
    Tap tap{Tap::unknown};
    BandEnergies energies{};
    double seconds{0.0}; ///< of sound in it, at most `memory`
    TimePoint at{};      ///< of its latest part

    static constexpr double memory = 10.0; ///< seconds; a verse's tone, not the song's
    static constexpr float silence =
        2.0e-7F; ///< mean square: -70 dBFS of a full-scale sine and up is sound
};

enum class StripKind {
    audio_track,
    midi_track,
    audio_bus,
    midi_bus,
    vca,
    master,
    monitor,
    foldback,
    other
};
inline constexpr Names<StripKind, 9> strip_kind_names{{
    {StripKind::audio_track, "audio track"},
    {StripKind::midi_track, "MIDI track"},
    {StripKind::audio_bus, "audio bus"},
    {StripKind::midi_bus, "MIDI bus"},
    {StripKind::vca, "VCA"},
    {StripKind::master, "master"},
    {StripKind::monitor, "monitor"},
    {StripKind::foldback, "foldback"},
    {StripKind::other, "other"},
}};

enum class AutomationMode { off, read, touch, latch, write };
inline constexpr Names<AutomationMode, 5> automation_mode_names{{
    {AutomationMode::off, "off"},
    {AutomationMode::read, "read"},
    {AutomationMode::touch, "touch"},
    {AutomationMode::latch, "latch"},
    {AutomationMode::write, "write"},
}};

struct Parameter {
    std::uint16_t number{0}; ///< the host's own
    std::string name;
    Known<Normalized> value;
    /// The number in `text`, in `unit`, of a host that tells neither value nor range.
    Known<Displayed> displayed;
    double plain{0.0}; ///< the host's own number, in `unit`; valid while `value` is known
    double minimum{0.0}, maximum{1.0}; ///< of `plain`
    bool logarithmic{false}, stepped{false}, toggle{false};
    std::string unit;   ///< as the host prints it: "dB", "ms", ""
    std::string text;   ///< display text, from the host or in its format
    bool output{false}; ///< a reading of the plugin (gain reduction), not a control
};

/// The host's own number <-> 0..1: linear between minimum and maximum, or logarithmic where the
/// parameter is (both ends above 0). Exact both ways for every number a float can hold, within
/// 5e-9 of the range around 0; that close to 0 it answers 0.
Normalized normalized_of(const Parameter& parameter, double plain) noexcept;
double plain_of(const Parameter& parameter, Normalized value) noexcept;

struct Insert {
    InsertId id;
    std::string plugin;           ///< as the host names it
    std::uint16_t slot{0};        ///< position now, in signal order, from 0
    std::uint64_t since_epoch{0}; ///< its identity is proved unbroken since this epoch
    Known<bool> bypassed;
    std::vector<Parameter> parameters; ///< empty until asked for
};

struct Send {
    SendId id;
    std::string destination;
    std::uint16_t slot{0};
    std::uint64_t since_epoch{0};
    Known<Decibel> level;
    Known<bool> enabled;
};

struct Strip {
    StripId id;
    std::string name;
    bool name_is_short{false}; ///< cut by a scribble strip, not the full name
    StripKind kind{StripKind::audio_track};
    std::string role; ///< "lead vocal"; guessed or set by the user; may be empty
    bool role_set_by_user{false};
    std::uint16_t position{0};    ///< in mixer order, from 0
    std::uint64_t since_epoch{0}; ///< its identity is proved unbroken since this epoch
    bool hidden{false};
    Known<Decibel> trim, fader;
    TimePoint trim_moved_at{},
        fader_moved_at{}; ///< when they last became another value; epoch if never
    Known<Pan> pan;
    Known<AutomationMode> automation;
    Known<bool> mute, solo, arm;
    bool touched{false};
    TimePoint hand_at{}; ///< when a hand last moved a control here; epoch if never
    std::vector<Send> sends;
    std::vector<Insert> inserts;
    bool sends_listed{false}, inserts_listed{false}; ///< else an empty list means: not told yet
    std::vector<Meter> meters;
    std::optional<Spectrum> spectrum; ///< where a source lets it be heard

    const Meter* meter(MeterKind of, Tap at, Channel channel = Channel::sum) const noexcept;
};

struct Marker {
    std::string name;
    double seconds{0.0};
};

struct Transport {
    Known<bool> rolling, recording;
    Known<double> seconds; ///< playhead
};

enum class HostState { searching, connecting, connected, lost };
inline constexpr Names<HostState, 4> host_state_names{{{HostState::searching, "searching"},
                                                       {HostState::connecting, "connecting"},
                                                       {HostState::connected, "connected"},
                                                       {HostState::lost, "lost"}}};

/// One strip hides another in one zone: what both have played of late.
struct Masking {
    StripId masker, target;
    Hertz low, centre, high; ///< of the zone; the centre is where most is hidden
    double together{
        0.0};          ///< share of the target's time in the zone when the masker plays too, 0 to 1
    double share{0.0}; ///< of that, the time it is hidden, 0 to 1
    Decibel depth;     ///< mean excitation of the masker over the target's energy there
    StripId mover;     ///< who should make room: the masker, or a target that is outranked
    Decibel gain;      ///< of a bell on the mover, at the centre
    double q{0.0};     ///< centre over the width at half the gain
    double share_after{0.0}; ///< hidden share that is predicted for after that move
    TimePoint since{};       ///< told for the first time
    TimePoint at{};          ///< told last

    bool same_place(const Masking& other) const noexcept {
        return masker == other.masker && target == other.target && low == other.low;
    }
};

struct Host {
    std::string name;         ///< "ardour"; empty until one is chosen
    std::string version;      ///< as the host tells it; may be empty
    std::string address;      ///< where we reach it, for people
    std::string session_name; ///< as the host tells it; may be empty
    bool demo{false};         ///< the embedded demo: every view says so
    std::string progress; ///< what has to be done before it is connected, for people; may be empty
    HostState state{HostState::searching};
    TimePoint since{}; ///< of `state`
};

/// A point of the law of a host's faders.
struct FaderPoint {
    Decibel level;
    std::uint16_t position{0}; ///< 0 .. 16383
    friend bool operator==(const FaderPoint&, const FaderPoint&) = default;
};

struct Session {
    Host host;
    std::uint64_t epoch{1}; ///< bumped by every structural change
    Transport transport;
    std::vector<Strip> strips; ///< in mixer order
    std::vector<Marker> markers;
    std::vector<Masking> masking; ///< the worst first; empty too where nothing can be heard
    /// As the host itself has shown them, rising; none where it says dB or shows nothing.
    std::vector<FaderPoint> fader_points;

    const Strip* find(StripId id) const noexcept;
    const Insert* find(StripId strip, InsertId id) const noexcept;
    const Send* find(StripId strip, SendId id) const noexcept;
    /// Value and age of a control; empty when the control or its value is not known.
    std::optional<Known<ControlValue>> value(const ControlPath& path) const;
    const Parameter* parameter(const ControlPath& path) const noexcept;
    /// The epoch since which everything `path` names is proved to be the same thing; nothing if
    /// it does not exist now.
    std::optional<std::uint64_t> identity_since(const ControlPath& path) const noexcept;
    /// "Lead Vox" fader; "Vox" ACE EQ / Gain 2; for people.
    std::string describe(const ControlPath& path) const;
    /// "-4.50 dB", "on"; a parameter in the host's own number and unit: "-24 dB"; for people.
    std::string describe(const ControlPath& path, const ControlValue& value) const;
};

/// The only writer of a Session. Observations about strips that are not listed are dropped; so is what a
/// list says of an id a second time.
void apply(Session& session, const Observation& observation);

} // namespace prefade
