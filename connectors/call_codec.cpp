#include "connectors/call_codec.h"

#include "core/names.h"

#include <nlohmann/json.hpp>

namespace prefade {
namespace {

constexpr Names<CallMessage::End, 4> end_names{{{CallMessage::End::answered, "answered"},
                                                {CallMessage::End::failed, "failed"},
                                                {CallMessage::End::unsupported, "unsupported"},
                                                {CallMessage::End::away, "away"}}};

Error no_call(const std::string& why) { return {ErrorCode::invalid, "no call: " + why, {}}; }

} // namespace

Json to_json(const CallMessage& call) {
    Json json{{"call", call.command}, {"number", call.number}};
    if (!call.body.empty()) json["body"] = call.body;
    if (call.end != CallMessage::End::answered) json["end"] = name_in(end_names, call.end);
    if (call.code != -1) json["code"] = call.code;
    if (!call.why.empty()) json["why"] = call.why;
    return json;
}

Result<CallMessage> call_from(const Json& json) {
    if (!json.is_object() || !json.contains("call") || !json["call"].is_string())
        return no_call("it names no command");
    CallMessage call;
    call.command = json["call"].get<std::string>();
    if (!json.contains("number") || !json["number"].is_number_unsigned()
        || json["number"].get<std::uint64_t>() > UINT32_MAX)
        return no_call("\"number\" is no number");
    call.number = json["number"].get<std::uint32_t>();
    const std::pair<const char*, std::string CallMessage::*> texts[] = {
        {"body", &CallMessage::body}, {"why", &CallMessage::why}};
    for (const auto& text : texts) {
        if (!json.contains(text.first)) continue;
        if (!json[text.first].is_string()) return no_call(std::string(text.first) + " is no text");
        call.*text.second = json[text.first].get<std::string>();
    }
    if (json.contains("code")) {
        if (!json["code"].is_number_integer() || json["code"].get<std::int64_t>() < -1
            || json["code"].get<std::int64_t>() > 9999)
            return no_call("\"code\" is no number up to 9999");
        call.code = json["code"].get<std::int32_t>();
    }
    if (json.contains("end")) {
        const auto end = json["end"].is_string()
                             ? value_in(end_names, json["end"].get_ref<const std::string&>())
                             : std::nullopt;
        if (!end) return no_call("it ended in no known way; there are: " + all_names(end_names));
        call.end = *end;
    }
    return call;
}

std::vector<std::uint8_t> encode_call(const CallMessage& call) {
    const std::string text = to_line(to_json(call));
    return {text.begin(), text.end()};
}

Result<CallMessage> decode_call(std::span<const std::uint8_t> bytes) {
    const auto json = parse_json(std::string(bytes.begin(), bytes.end()));
    if (!json) return json.error();
    return call_from(*json);
}

} // namespace prefade
