#include "connectors/ptsl/command.h"

#include "core/json.h"
#include "core/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace prefade::ptsl {
namespace {

/// From a number on to the next line's: since which version. PTSL as listed by the versions of Pro Tools.
struct Since {
    int first;
    Version version;
};
constexpr Since history[] = {
    {0, {1, 0, 0}},  {84, {2, 0, 0}},  {97, {3, 0, 0}},
    {98, {4, 0, 0}}, {117, {5, 0, 0}}, {118, {2025, 6, 0}}, // 136 and up: perhaps later (UNCERTAIN)
};

struct Meaning {
    int code;
    ErrorCode kind;
    std::string_view name; ///< as the host may write it instead of the number, behind a prefix
    std::string_view says;
};

/// The host's numbers. Of those without a name here it is not known how the host spells it.
constexpr Meaning meanings[] = {
    {0, ErrorCode::io, "", "it may not write there"},
    {1, ErrorCode::io, "", "its system reported an error"},
    {2, ErrorCode::io, "", "the location does not exist"},
    {3, ErrorCode::io, "", "no session was found there"},
    {4, ErrorCode::io, "", "the path is wrong"},
    {5, ErrorCode::io, "", "it cannot read there"},
    {6, ErrorCode::io, "", "the disk is full"},
    {7, ErrorCode::io, "", "there is one of that name already"},
    {8, ErrorCode::io, "", "the name has characters that are not allowed"},
    {9, ErrorCode::io, "", "the name is too long"},
    {10, ErrorCode::unavailable, "", "Pro Tools is not available"},
    {11, ErrorCode::io, "", "there is no such file"},
    {100, ErrorCode::unavailable, "UnknownError", "an error it does not name"},
    {105, ErrorCode::not_found, "NoTracksFound", "it found no tracks"},
    {106, ErrorCode::unavailable, "NoOpenedSession", "no session is open; open one"},
    {107, ErrorCode::not_found, "NoTrackFound", "it found no such track"},
    {108, ErrorCode::not_found, "NoClipsFound", "it found no clips"},
    {109, ErrorCode::not_found, "NoSelection", "nothing is selected"},
    {111, ErrorCode::not_found, "NoPresetFound", "it found no such preset"},
    {122, ErrorCode::internal, "InvalidTask", "it does not know the task"},
    {123, ErrorCode::not_found, "FileNotFound", "it found no such file"},
    {124, ErrorCode::invalid, "InvalidSelection", "the selection does not fit"},
    {125, ErrorCode::refused, "ReadOnlySession", "the session may only be read"},
    {126, ErrorCode::invalid, "InvalidParameter", "it does not accept a value"},
    {127, ErrorCode::refused, "Forbidden", "it is forbidden"},
    {129, ErrorCode::invalid, "ArgumentOutOfRange", "a value is out of range"},
    {130, ErrorCode::unsupported, "ForbiddenTrackType", "tracks of this type do not take it"},
    {unsupported_command, ErrorCode::unsupported, "UnsupportedCommand",
     "this version of Pro Tools does not have it"},
    {134, ErrorCode::unavailable, "HostNotReady", "Pro Tools is not ready yet"},
    {135, ErrorCode::refused, "CannotBeDone", "it cannot be done now"},
    {response_too_long, ErrorCode::invalid, "ResponseLengthExceeded",
     "the answer would be too long"},
    {137, ErrorCode::unavailable, "CommandTimeout", "it took Pro Tools too long"},
    {138, ErrorCode::unavailable, "HostIsBusy", "Pro Tools is busy; a dialog may be open in it"},
    {139, ErrorCode::unsupported, "", "a member of the request is outdated"},
    {140, ErrorCode::unsupported, "", "a value of the request is outdated"},
    {141, ErrorCode::unsupported, "GlobalRendererRequired", "it needs the global renderer"},
    {200, ErrorCode::unavailable, "Info", "it only informs"},
    {401, ErrorCode::unsupported, "VersionMismatch",
     "it speaks another version of the scripting interface"},
    {402, ErrorCode::unsupported, "", "it is not made yet"},
    {403, ErrorCode::unavailable, "", "it does not know us any more; connect again"},
    {501, ErrorCode::unavailable, "", "its gRPC failed"},
};

const Meaning* meaning_of(int code) {
    const auto* found = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& m) { return m.code == code; });
    return found == std::end(meanings) ? nullptr : found;
}

/// A number, digits, or a name behind a prefix: "PT_NoOpenedSession".
int code_in(const Json& type) {
    if (type.is_number_integer()) {
        const auto wide = type.get<std::int64_t>();
        return wide < 0 || wide > 9999 ? no_code : static_cast<int>(wide);
    }
    if (!type.is_string()) return no_code;
    const auto& text = type.get_ref<const std::string&>();
    int code = 0;
    const auto [at, failed] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (failed == std::errc{} && at == text.data() + text.size()) return code;
    const std::string_view name = std::string_view(text).substr(text.rfind('_') + 1);
    for (const Meaning& meaning : meanings)
        if (!meaning.name.empty() && meaning.name == name) return meaning.code;
    return no_code;
}

} // namespace

std::string to_text(const Version& version) {
    std::string text = std::to_string(version.number);
    if (version.minor != 0 || version.revision != 0) text += '.' + std::to_string(version.minor);
    if (version.revision != 0) text += '.' + std::to_string(version.revision);
    return text;
}

Version first_with(Command command) noexcept {
    Version version;
    for (const Since& since : history)
        if (static_cast<int>(command) >= since.first) version = since.version;
    return version;
}

Capabilities capabilities_of(const Commands& commands) {
    Capabilities all;
    for (const Capability always :
         {Capability::full_names, Capability::stable_ids, Capability::sees_all_strips,
          Capability::read_mute, Capability::read_solo})
        all.with(always);
    const auto where = [&](Command command, Capability capability) {
        if (commands.has(command)) all.with(capability);
    };
    where(Command::set_track_mute_state, Capability::write_mute);
    where(Command::set_track_solo_state, Capability::write_solo);
    where(Command::get_memory_locations, Capability::markers);
    where(Command::toggle_play_state, Capability::transport);
    return all;
}

Error missing(Command command, const Version& version) {
    return {ErrorCode::unsupported,
            "this Pro Tools has no " + std::string(name_in(command_names, command))
                + ": its scripting interface is version " + to_text(version) + ", which comes "
                + (first_with(command) <= version ? "without it"
                                                  : "before " + to_text(first_with(command))),
            {}};
}

Error error_of(Command command, int code, const std::string& message) {
    const Meaning* meaning = meaning_of(code);
    Error error;
    error.code = meaning ? meaning->kind : ErrorCode::unavailable;
    error.message = "Pro Tools did not do " + std::string(name_in(command_names, command)) + ": "
                    + (meaning ? std::string(meaning->says) : "an error that is not known here");
    constexpr std::size_t longest = 200; // a host's text is data, and may be anything
    const std::string number = code == no_code ? "no number" : std::to_string(code);
    const std::string words = message.empty() ? "" : ": " + printable(message.substr(0, longest));
    error.message += " (" + number + words + ')';
    return error;
}

Complaint complaint_in(std::string_view error_json) {
    const auto parsed = parse_json(error_json);
    if (!parsed) return {no_code, "its reason is no JSON"};
    const Json& errors =
        parsed->is_object() && parsed->contains("errors") ? (*parsed)["errors"] : *parsed;
    const auto of = [](const Json& one) -> std::optional<Complaint> {
        if (!one.is_object()) return std::nullopt;
        const auto warning = one.find("is_warning");
        if (warning != one.end() && warning->is_boolean() && warning->get<bool>())
            return std::nullopt;
        Complaint complaint;
        const auto type = one.find("command_error_type");
        if (type == one.end()) return std::nullopt;
        complaint.code = code_in(*type);
        if (const auto text = one.find("command_error_message");
            text != one.end() && text->is_string())
            complaint.message = text->get<std::string>();
        if (complaint.code == no_code) // a name that is not known here
            complaint.message =
                type->dump(-1, ' ', true, Json::error_handler_t::replace) + ' ' + complaint.message;
        return complaint;
    };
    if (errors.is_array()) {
        for (const Json& one : errors)
            if (auto complaint = of(one)) return *complaint;
    } else if (auto complaint = of(errors)) {
        return *complaint;
    }
    return {no_code, "it gave no reason"};
}

} // namespace prefade::ptsl
