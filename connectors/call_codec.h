// Calls as JSON: in transcripts, and as the bytes that a wire hands on. Pure; any thread.
//
//   {"call":"GetTrackList","number":3,"body":"{...}"}
//   {"call":"GetTrackList","number":3,"end":"failed","code":106,"why":"no session is open"}
#pragma once

#include "connectors/message.h"
#include "core/json.h"
#include "core/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace prefade {

Json to_json(const CallMessage& call);
/// Members that are not known are passed over; what is missing or of the wrong kind is an error in words.
Result<CallMessage> call_from(const Json& json);

std::vector<std::uint8_t> encode_call(const CallMessage& call);
Result<CallMessage> decode_call(std::span<const std::uint8_t> bytes);

} // namespace prefade
