// What a dialect says happened, in our vocabulary. The desk applies each to the Session and,
// for the outcome of our own writes, to the pending moves. Plain values; any thread.
#pragma once

#include "core/capabilities.h"
#include "core/session.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace prefade {

/// The whole list of strips now, in mixer order. A strip already known by its id keeps its values,
/// inserts, sends and meters; ids that are missing are gone. `structure_changed`: strips came,
/// went, moved or were exchanged, so the epoch rises. A strip whose identity could not be proved
/// across the change arrives with a new id, or with `identity_broken`.
struct StripsListed {
    struct Entry {
        StripId id;
        std::string name;
        bool name_is_short{false};
        StripKind kind{StripKind::audio_track};
        bool hidden{false};
        bool identity_broken{false};
    };
    std::vector<Entry> strips;
    bool structure_changed{false};
};

/// A rename that the host told as such: same strip, new name, same id.
struct StripRenamed {
    StripId strip;
    std::string name;
};

struct ControlChanged {
    ControlPath path;
    ControlValue value;
    /// nobody: more is known of where it stood before. us: a pot that a write of ours has turned, as near as it came.
    enum class By { anybody, nobody, us };
    By by{By::anybody};
};
struct ArmChanged {
    StripId strip;
    bool armed{false};
};
struct AutomationChanged {
    StripId strip;
    AutomationMode mode{AutomationMode::off};
};
struct Metered {
    StripId strip;
    Reading reading;
};
/// What a source has heard of one stretch of time. Strips that it does not name were not heard.
struct SpectraHeard {
    struct Entry {
        StripId strip;
        BandEnergies energies{};
    };
    std::vector<Entry> strips;
    Tap tap{Tap::unknown};
    double seconds{0.0}; ///< from the stretch before to this one
};
/// All conflicts there are now, the worst first.
struct MaskingHeard {
    std::vector<Masking> conflicts; ///< `since` and `at` are set when they are taken up
};
struct Touched {
    StripId strip;
    bool touched{false};
};
/// All inserts of one strip, in signal order; known ids keep their parameters.
struct InsertsListed {
    StripId strip;
    std::vector<Insert> inserts; ///< id, plugin, slot, bypassed
    bool structure_changed{false};
};
/// All parameters of one insert.
struct ParametersListed {
    StripId strip;
    InsertId insert;
    std::vector<Parameter> parameters;
};
struct SendsListed {
    StripId strip;
    std::vector<Send> sends;
    bool structure_changed{false};
};
struct MarkersListed {
    std::vector<Marker> markers;
};
/// The host showed the dB of a fader beside its position.
struct FaderShown {
    FaderPoint point;
};
struct TransportChanged {
    std::optional<bool> rolling, recording;
    std::optional<double> seconds;
};
/// The host answers, for the first time or again. Strips, markers and transport are void from here
/// on and are told anew; ids may go on meaning the same strips.
struct HostFound {
    std::string name, version, address;
    bool demo{false}; ///< the embedded demo, no DAW of the user's
};
struct HostLost {
    std::string reason;
};
struct SessionNamed {
    std::string name;
};
struct CapabilitiesChanged {
    Capabilities capabilities;
};

// What became of a write of ours, told by the bracket around it (connectors/bracket.h). For every
// encoded move exactly one of WriteProved, WriteSuperseded, WriteRefused, WriteUnproved or
// WriteFailed ends it; WriteMisled may come before or after that end.

/// The target's value as proved just before the first byte: what undo goes back to.
struct WriteBegins {
    MoveId move;
    ControlValue before;
};
/// The host echoed the target value from the right control; the hold runs.
struct WriteInPlace {
    MoveId move;
    ControlValue read_back;
};
/// Identity proved before and after, value echoed, held and read back at the end of the hold.
struct WriteProved {
    MoveId move;
    ControlValue read_back;
};
/// A hand or automation moved the control on; the glide stopped there.
struct WriteSuperseded {
    MoveId move;
    ControlValue found;
    std::string reason;
};
/// Nothing was sent: the proof before the write failed, or the control had changed.
struct WriteRefused {
    MoveId move;
    std::string reason;
};
/// Bytes were sent, but neither success nor harm could be proved.
struct WriteUnproved {
    MoveId move;
    std::string reason;
    std::optional<ControlValue> found;
};
/// Bytes were sent and the target provably does not hold our value, or a glide was cut short.
struct WriteFailed {
    MoveId move;
    std::string reason;
    std::optional<ControlValue> found;
};
/// Another control was hit by our write. `restored`: it provably holds its former value again.
struct WriteMisled {
    MoveId move;
    ControlPath hit;
    ControlValue before;
    bool restored{false};
};
/// Something a person should know that changes no state: a malformed message, a host's odd answer.
struct Noticed {
    std::string text;
};
/// How far the host is with what it must do before it answers; no trouble.
struct Progressed {
    std::string text;
};

using Happening =
    std::variant<StripsListed, StripRenamed, ControlChanged, ArmChanged, AutomationChanged, Metered,
                 SpectraHeard, MaskingHeard, Touched, InsertsListed, ParametersListed, SendsListed,
                 MarkersListed, FaderShown, TransportChanged, HostFound, HostLost, SessionNamed,
                 CapabilitiesChanged, WriteBegins, WriteInPlace, WriteProved, WriteSuperseded,
                 WriteRefused, WriteUnproved, WriteFailed, WriteMisled, Noticed, Progressed>;

struct Observation {
    TimePoint at{};
    Happening what;
};

} // namespace prefade
