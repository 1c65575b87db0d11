// What the window shows, computed from what the daemon tells: texts, meters, and what is to be pressed, ready to be
// drawn. Made once a snapshot on the reader thread; immutable afterwards. No ImGui here. Pure; any thread.
#pragma once

#include "core/advice.h"
#include "core/json.h"
#include "core/snapshot.h"
#include "core/units.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::overlay {

/// When something was so. Two pictures that differ in it alone look the same.
struct At {
    TimePoint point{};
    friend bool operator==(At, At) noexcept { return true; }
};

/// The level meter of a strip, with the resolution that its source has.
struct MeterView {
    bool there{false};
    double level{0.0};          ///< dB of full scale; -inf is silence
    std::optional<double> hold; ///< largest of the last 10 s; nothing when none came
    double resolution{0.0};     ///< dB, smallest step the source shows
    At at;                      ///< of the reading

    /// "-12.3", with as many decimals as the resolution has.
    std::string level_text() const;
    std::string hold_text() const; ///< empty when nothing came
    /// Older than the words of the terminal call stale.
    bool is_stale(TimePoint now) const noexcept;
    friend bool operator==(const MeterView&, const MeterView&) = default;
};

struct StripRow {
    std::uint32_t id{0};
    std::string name, role, kind;
    std::optional<double> fader; ///< dB; nothing when it is not known
    std::string states;          ///< "muted, soloed, armed, touched"; may be empty
    std::string search;          ///< name and role, lower case, in the order they are written
    bool muted{false};
    MeterView meter;
    std::optional<Severity> trouble; ///< the worst advice about it
    friend bool operator==(const StripRow&, const StripRow&) = default;
};

/// One strip hides another.
struct ConflictRow {
    std::uint32_t masker{0}, target{0}; ///< ids of strips
    std::string masker_name, target_name;
    std::string where; ///< "63 Hz"
    double share{0.0}; ///< of the time both play, 0 to 1
    std::string room;  ///< who should be turned there, by how much, and what that would leave
    At since, at;      ///< there for the first time; told last
    friend bool operator==(const ConflictRow&, const ConflictRow&) = default;
};

struct EvidenceView {
    std::string text;
    At at;
    friend bool operator==(const EvidenceView&, const EvidenceView&) = default;
};

struct AdviceCard {
    std::uint64_t id{0};
    Severity severity{Severity::hint};
    std::string word; ///< "FAULT"
    std::string strips, says, rule, source;
    std::vector<EvidenceView> evidence;
    std::vector<std::string> doses; ///< what `apply` would do, by choice
    friend bool operator==(const AdviceCard&, const AdviceCard&) = default;
};

enum class MoveState {
    proposed,
    pending,
    confirmed,
    unconfirmed,
    superseded,
    refused,
    failed,
    unknown
};

struct MoveRow {
    std::uint64_t id{0};
    MoveState state{MoveState::proposed};
    std::string word;                      ///< "WAITS FOR YOUR YES", "SENT", "CONFIRMED"
    std::string control, before, target;   ///< `"Bass" fader`, "-5.30 dB", "-9.00 dB"
    std::string read_back;                 ///< "-"
    std::string reason, why, source, when; ///< may be empty
    std::optional<std::uint64_t> advice;   ///< that it takes
    bool undone{false};
    bool can_undo{false};
    friend bool operator==(const MoveRow&, const MoveRow&) = default;
};

/// What the status panel adds; changes once a second without anything else having changed.
struct StatusView {
    Json can; ///< names of capabilities; null before the DAW has said
    std::string rates, lost;
    friend bool operator==(const StatusView&, const StatusView&) = default;
};

/// Everything of one snapshot.
struct Picture {
    HostState host{HostState::searching};
    std::string host_name; ///< "ARDOUR", in capitals as the header shows it; empty: none yet
    std::string session;
    std::string host_line; ///< "connected to ..."
    std::string transport; ///< "playing", "stopped"
    std::string clock;     ///< "1:02.5"
    bool recording{false};
    Mode mode{Mode::ask};
    std::string last_error;
    std::vector<AdviceCard> advice; ///< the first one is the one to do now
    std::string held_back; ///< "1 dismissed, 2 not now"; what is folded is seen; may be empty
    std::vector<StripRow> strips;       ///< in mixer order
    std::vector<MoveRow> moves;         ///< newest first
    std::vector<ConflictRow> conflicts; ///< the worst first
    bool is_heard{false};               ///< a source lets the tracks' sound be heard
    StatusView status;

    friend bool operator==(const Picture&, const Picture&) = default;
};

/// `came`: when the snapshot arrived; the ages in it are counted back from there.
Picture picture_of(const Json& snapshot, TimePoint came);

/// Whether two lines with snapshots differ in nothing but ages, counts of messages and their own number. Much cheaper than reading them.
bool says_the_same(std::string_view a, std::string_view b);

/// The strips whose name or role holds `filter`, in any case; by trouble (advice, then peak hold) or in mixer order.
std::vector<const StripRow*> listed(const Picture& picture, const std::string& filter,
                                    bool by_trouble);
/// The worst `count` that have a meter and are not muted: by trouble.
std::vector<const StripRow*> worst_meters(const Picture& picture, std::size_t count);
/// The newest move that takes this advice; null when none does.
const MoveRow* move_of(const Picture& picture, const AdviceCard& advice);
/// When a meter that is fresh now will look stale without another snapshot; nothing when none will.
std::optional<TimePoint> next_stale(const Picture& picture, TimePoint now);

// ---- what tools answer ----------------------------------------------------------------------

/// A DAW that Prefade knows, as it is on this machine.
struct KnownDaw {
    std::string name, title;
    bool here{false};    ///< its program or files are on this machine
    bool answers{false}; ///< it runs and talks
    std::vector<std::string> found, steps;
    friend bool operator==(const KnownDaw&, const KnownDaw&) = default;
};

/// What `host` and `status` say beside the snapshots.
struct Surroundings {
    bool asked{false};                  ///< else nothing is known yet
    std::vector<std::string> answering; ///< "ardour=127.0.0.1:3819"
    std::vector<KnownDaw> daws;
    std::string version;                 ///< of the daemon
    std::vector<std::string> cannot_say; ///< "3 rules, the song does not play: a, b, c"
    friend bool operator==(const Surroundings&, const Surroundings&) = default;
};
void take_host(Surroundings& into, const Json& answer);
void take_status(Surroundings& into, const Json& answer);

/// A rule that speaks of what was asked.
/// A question and what the daemon answered.
struct Asked {
    std::string question, says;
    std::string sources;               ///< in one line; may be empty
    std::vector<std::uint64_t> moves;  ///< that it proposes: ids of rows of the moves
    std::vector<std::string> refusals; ///< why others it would have proposed are none
    friend bool operator==(const Asked&, const Asked&) = default;
};
Asked asked_of(const std::string& question, const Json& answer);

/// One line about what came of a command; nothing where the next snapshot shows it.
std::optional<std::string> notice_of(const std::string& tool, const Json& answer);

} // namespace prefade::overlay
