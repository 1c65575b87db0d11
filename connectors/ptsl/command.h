// The commands of Pro Tools' scripting interface that Prefade sends, since when each is there, and what its errors
// mean. Pure; any thread.
#pragma once

#include "core/capabilities.h"
#include "core/names.h"
#include "core/result.h"

#include <compare>
#include <set>
#include <string>
#include <string_view>

namespace prefade::ptsl {

/// Of the scripting interface: 1 to 5 up to Pro Tools 2024.10, then year and month: 2025.6.
struct Version {
    int number{1}, minor{0}, revision{0};
    friend auto operator<=>(const Version&, const Version&) = default;
};
std::string to_text(const Version& version);

/// The newest version whose facts we have: a newer server is spoken to as this one.
inline constexpr Version newest_known{2025, 10, 0};

/// By the number it has on the wire.
enum class Command {
    get_track_list = 3,
    host_ready_check = 13,
    get_session_sample_rate = 35,
    get_session_time_code_rate = 38,
    get_session_name = 42,
    get_session_path = 43,
    get_session_start_time = 44,
    get_session_length = 45,
    get_version = 55,
    get_transport_armed = 58,
    get_transport_state = 59,
    toggle_play_state = 64,
    get_memory_locations = 69,
    register_connection = 70,
    set_track_mute_state = 85,
    set_track_solo_state = 86,
    set_track_record_enable_state = 88,
    get_session_ids = 97,
    subscribe_to_events = 132,
    poll_events = 135,
    unsubscribe_from_events = 136,
    get_track_control_info = 148,
    get_track_control_breakpoints = 149,
    set_track_control_breakpoints = 150,
};
inline constexpr Names<Command, 24> command_names{{
    {Command::get_track_list, "GetTrackList"},
    {Command::host_ready_check, "HostReadyCheck"},
    {Command::get_session_sample_rate, "GetSessionSampleRate"},
    {Command::get_session_time_code_rate, "GetSessionTimeCodeRate"},
    {Command::get_session_name, "GetSessionName"},
    {Command::get_session_path, "GetSessionPath"},
    {Command::get_session_start_time, "GetSessionStartTime"},
    {Command::get_session_length, "GetSessionLength"},
    {Command::get_version, "GetPTSLVersion"},
    {Command::get_transport_armed, "GetTransportArmed"},
    {Command::get_transport_state, "GetTransportState"},
    {Command::toggle_play_state, "TogglePlayState"},
    {Command::get_memory_locations, "GetMemoryLocations"},
    {Command::register_connection, "RegisterConnection"},
    {Command::set_track_mute_state, "SetTrackMuteState"},
    {Command::set_track_solo_state, "SetTrackSoloState"},
    {Command::set_track_record_enable_state, "SetTrackRecordEnableState"},
    {Command::get_session_ids, "GetSessionIDs"},
    {Command::subscribe_to_events, "SubscribeToEvents"},
    {Command::poll_events, "PollEvents"},
    {Command::unsubscribe_from_events, "UnsubscribeFromEvents"},
    {Command::get_track_control_info, "GetTrackControlInfo"},
    {Command::get_track_control_breakpoints, "GetTrackControlBreakpoints"},
    {Command::set_track_control_breakpoints, "SetTrackControlBreakpoints"},
}};

/// The first version that may have it. One that has it by this may still answer that it does not: version 1 goes from
/// Pro Tools 2022.12 to 2023.9, and for the numbers from 136 on it is not known (UNCERTAIN) whether 2025.6 or 2025.10
/// brought them.
Version first_with(Command command) noexcept;

/// What one host has, as its version says and as it answered since.
class Commands {
public:
    Commands() = default;
    explicit Commands(const Version& version) : version_(version) {}
    const Version& version() const noexcept { return version_; }
    bool has(Command command) const {
        return first_with(command) <= version_ && !missing_.contains(command);
    }
    void miss(Command command) { missing_.insert(command); } ///< the host said that it has it not
private:
    Version version_;
    std::set<Command> missing_;
};

/// What the host can tell and do through this door. It has no live faders, pans, sends and meters.
Capabilities capabilities_of(const Commands& commands);

/// What is said of a command that the host does not have.
Error missing(Command command, const Version& version);

/// The host's word that it does not have the command: what an older one, or another edition, answers.
inline constexpr int unsupported_command = 133;
/// Fewer at a time are asked for then.
inline constexpr int response_too_long = 136;

inline constexpr int no_open_session = 106;

inline constexpr int no_code = -1;

/// What the host said against a command, by its number; `message` is its own words and may be empty. Numbers that are
/// not known are `unavailable` with the number in the text.
Error error_of(Command command, int code, const std::string& message);

/// The first complaint in an answer's error text that is no mere warning. The number stands there as a number, as
/// digits or as a name; what is no JSON, or tells nothing, is a complaint in words too, with no_code.
struct Complaint {
    int code{no_code};
    std::string message;
};
Complaint complaint_in(std::string_view error_json);

} // namespace prefade::ptsl
