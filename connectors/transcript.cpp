#include "connectors/transcript.h"

#include "connectors/call_codec.h"
#include "core/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <type_traits>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace prefade {
namespace {

// ---- out ------------------------------------------------------------------------------------

std::string hex(const std::vector<std::uint8_t>& bytes, const char* between) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(byte));
        if (!text.empty()) text += between;
        text += two;
    }
    return text;
}

Json number(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

/// Type tag and JSON form of one argument.
std::pair<char, Json> written(const OscArgument& argument) {
    return std::visit(
        [](const auto& value) -> std::pair<char, Json> {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::int32_t>)
                return {'i', value};
            else if constexpr (std::is_same_v<T, float>)
                return {'f', number(static_cast<double>(value))};
            else if constexpr (std::is_same_v<T, std::string>)
                return {'s', value};
            else if constexpr (std::is_same_v<T, OscBlob>)
                return {'b', hex(value.bytes, "")};
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return {'h', value};
            else if constexpr (std::is_same_v<T, double>)
                return {'d', number(value)};
            else if constexpr (std::is_same_v<T, bool>)
                return {value ? 'T' : 'F', nullptr};
            else if constexpr (std::is_same_v<T, OscNil>)
                return {'N', nullptr};
            else if constexpr (std::is_same_v<T, OscInfinitum>)
                return {'I', nullptr};
            else
                return {'t', Json::array({value.seconds, value.fraction})};
        },
        argument);
}

// ---- in -------------------------------------------------------------------------------------

Error bad(std::string what) { return {ErrorCode::invalid, std::move(what), {}}; }

Result<std::vector<std::uint8_t>> bytes_from_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        std::uint8_t byte = 0;
        const auto pair = text.substr(i, 2);
        const auto [end, error] = std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
        if (pair.size() != 2 || error != std::errc{} || end != pair.data() + 2)
            return bad("\"" + std::string(text) + "\" is no hexadecimal text");
        bytes.push_back(byte);
        i += 2;
    }
    return bytes;
}

std::optional<double> number_from(const Json& json) {
    if (json.is_number()) return json.get<double>();
    if (json == "inf") return std::numeric_limits<double>::infinity();
    if (json == "-inf") return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

template <class Integer> std::optional<Integer> integer_from(const Json& json) {
    if (!json.is_number_integer()) return std::nullopt;
    if (json.is_number_unsigned()
        && json.get<std::uint64_t>()
               > static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()))
        return std::nullopt;
    if (!json.is_number_unsigned()
        && (json.get<std::int64_t>() < std::numeric_limits<Integer>::min()
            || json.get<std::int64_t>()
                   > static_cast<std::int64_t>(std::numeric_limits<Integer>::max())))
        return std::nullopt;
    return json.get<Integer>();
}

std::optional<OscArgument> text_or_bytes(char tag, const Json& json) {
    if (!json.is_string()) return std::nullopt;
    const auto& text = json.get_ref<const std::string&>();
    if (tag == 's')
        return text.find('\0') == std::string::npos ? std::optional<OscArgument>{text}
                                                    : std::nullopt;
    auto bytes = bytes_from_hex(text);
    if (!bytes) return std::nullopt;
    return OscArgument{OscBlob{std::move(*bytes)}};
}

std::optional<OscArgument> time_from(const Json& json) {
    if (!json.is_array() || json.size() != 2) return std::nullopt;
    const auto seconds = integer_from<std::uint32_t>(json[0]),
               fraction = integer_from<std::uint32_t>(json[1]);
    if (!seconds || !fraction) return std::nullopt;
    return OscArgument{OscTime{*seconds, *fraction}};
}

std::optional<OscArgument> argument_from(char tag, const Json& json) {
    switch (tag) {
    case 'i':
        if (const auto value = integer_from<std::int32_t>(json)) return OscArgument{*value};
        return std::nullopt;
    case 'h':
        if (const auto value = integer_from<std::int64_t>(json)) return OscArgument{*value};
        return std::nullopt;
    case 'f':
        if (const auto value = number_from(json)) return OscArgument{static_cast<float>(*value)};
        return std::nullopt;
    case 'd':
        if (const auto value = number_from(json)) return OscArgument{*value};
        return std::nullopt;
    case 's':
    case 'b': return text_or_bytes(tag, json);
    case 't': return time_from(json);
    case 'T': return OscArgument{true};
    case 'F': return OscArgument{false};
    case 'N': return OscArgument{OscNil{}};
    case 'I': return OscArgument{OscInfinitum{}};
    default: return std::nullopt;
    }
}

Result<OscMessage> osc_from(const Json& json) {
    const auto types = json.find("types"), args = json.find("args");
    if (!json["addr"].is_string() || types == json.end() || !types->is_string()
        || args == json.end() || !args->is_array())
        return bad("an OSC line needs \"addr\" and \"types\" as strings and \"args\" as a list");
    const auto& tags = types->get_ref<const std::string&>();
    if (tags.size() != args->size())
        return bad(std::to_string(tags.size()) + " types and " + std::to_string(args->size())
                   + " args");
    OscMessage message{json["addr"].get<std::string>(), {}};
    if (message.address.find('\0') != std::string::npos) return bad("NUL in the address");
    for (std::size_t i = 0; i < tags.size(); ++i) {
        auto argument = argument_from(tags[i], (*args)[i]);
        if (!argument) return bad("argument " + std::to_string(i + 1) + " is no '" + tags[i] + "'");
        message.arguments.push_back(std::move(*argument));
    }
    return message;
}

Result<MidiMessage> midi_from(const Json& json) {
    if (!json["midi"].is_string()) return bad("\"midi\" is no hexadecimal text");
    auto bytes = bytes_from_hex(json["midi"].get_ref<const std::string&>());
    if (!bytes) return bytes.error();
    const auto port =
        json.contains("port") ? integer_from<std::uint8_t>(json["port"]) : std::uint8_t{0};
    if (!port) return bad("\"port\" is no number from 0 to 255");
    return MidiMessage{std::move(*bytes), *port};
}

Result<TranscriptLine> line_from(const Json& json) {
    if (!json.is_object()) return bad("no JSON object");
    TranscriptLine line;
    const auto t = json.find("t"), dir = json.find("dir");
    if (t == json.end() || !t->is_number() || t->get<double>() < 0 || t->get<double>() > 1e6)
        return bad("\"t\" is no time in seconds");
    line.seconds = t->get<double>();
    if (dir == json.end() || (*dir != "in" && *dir != "out"))
        return bad("\"dir\" is neither \"in\" nor \"out\"");
    line.direction = *dir == "in" ? WireDirection::in : WireDirection::out;
    if (json.contains("addr")) {
        auto message = osc_from(json);
        if (!message) return message.error();
        line.message = std::move(*message);
    } else if (json.contains("midi")) {
        auto message = midi_from(json);
        if (!message) return message.error();
        line.message = std::move(*message);
    } else if (json.contains("call")) {
        auto message = call_from(json);
        if (!message) return message.error();
        line.message = std::move(*message);
    } else {
        return bad("neither \"addr\" nor \"midi\" nor \"call\"");
    }
    return line;
}

} // namespace

std::string to_text(const TranscriptLine& line) {
    // By hand in this order: the eye looks for time, direction, address.
    Json t = std::round(line.seconds * 1e6) / 1e6;
    std::string text = "{\"t\":" + t.dump() + ",\"dir\":\""
                       + (line.direction == WireDirection::in ? "in" : "out") + '"';
    constexpr auto replace =
        Json::error_handler_t::replace; // names are outside text, and may be no UTF-8
    if (const auto* osc = std::get_if<OscMessage>(&line.message)) {
        std::string types;
        Json args = Json::array();
        for (const OscArgument& argument : osc->arguments) {
            auto [tag, value] = written(argument);
            types += tag;
            args.push_back(std::move(value));
        }
        return text + ",\"addr\":" + Json(osc->address).dump(-1, ' ', false, replace)
               + ",\"types\":\"" + types + "\",\"args\":" + args.dump(-1, ' ', false, replace)
               + '}';
    }
    if (const auto* call = std::get_if<CallMessage>(&line.message))
        return text + ',' + to_line(to_json(*call)).substr(1);
    const auto& midi = std::get<MidiMessage>(line.message);
    return text + ",\"midi\":\"" + hex(midi.bytes, " ") + "\",\"port\":" + std::to_string(midi.port)
           + '}';
}

Result<Transcript> parse_transcript(std::string_view text, const std::string& name) {
    Transcript transcript;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view row = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
        if (row.empty() || row.front() == '#') continue;
        const auto located = [&](const Error& error) {
            return Error{error.code, error.message, name + ':' + std::to_string(number)};
        };
        const auto json = parse_json(row);
        if (!json) return located(json.error());
        auto line = line_from(*json);
        if (!line) return located(line.error());
        if (!transcript.empty() && (*line).seconds < transcript.back().seconds)
            return located(bad("time runs backwards"));
        transcript.push_back(std::move(*line));
    }
    return transcript;
}

Result<Transcript> load_transcript(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::io, "cannot read " + path.string(), path.string()};
    std::ostringstream text;
    text << file.rdbuf();
    return parse_transcript(text.str(), path.string());
}

/// Nobody else may read it, not even between making it and saying so; errno says why there is none.
TranscriptWriter::File TranscriptWriter::make(const std::filesystem::path& path) {
#ifdef _WIN32
    return File(_wfopen(path.c_str(), L"wbx"));
#else
    const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                            S_IRUSR | S_IWUSR);
    if (made < 0) return nullptr;
    File file(::fdopen(made, "wb"));
    if (!file) ::close(made);
    return file;
#endif
}

Result<TranscriptWriter> TranscriptWriter::create(const std::filesystem::path& path) {
    File file = make(path);
    if (file) return TranscriptWriter(std::move(file), path);
    if (errno == EEXIST)
        return Error{ErrorCode::refused, path.string() + " exists; transcripts are not overwritten",
                     path.string()};
    return Error{ErrorCode::io, "cannot make " + path.string() + ": " + std::strerror(errno),
                 path.string()};
}

Result<void> TranscriptWriter::write(WireDirection direction, const WireMessage& message,
                                     TimePoint at) {
    if (!first_) first_ = last_ = at;
    last_ = std::max(last_, at);
    const double seconds = std::chrono::duration<double>(last_ - *first_).count();
    const std::string line = to_text(TranscriptLine{seconds, direction, message}) + '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()
        || std::fflush(file_.get()) != 0)
        return Error{ErrorCode::io, "cannot write " + path_.string(), path_.string()};
    return {};
}

} // namespace prefade
