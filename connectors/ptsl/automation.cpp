// Bodies about automation lanes: what a control's values go from and to, and its breakpoints.
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/reading.h"

namespace prefade::ptsl {
namespace {

// The host's numbers.
constexpr int main_section = 1, first_send = 2, first_insert = 12;
constexpr int level_type = 1, pan_type = 2, mute_type = 4, parameter_type = 5;
constexpr int stereo_pan = 1, pan_position = 1;
constexpr int mono_channel = 1, left_channel = 2, right_channel = 3;
constexpr int samples_type = 1;

int section_of(const AutomatedControl& control) {
    switch (control.section) {
    case AutomatedControl::Section::main: return main_section;
    case AutomatedControl::Section::send: return first_send + control.slot;
    case AutomatedControl::Section::insert: return first_insert + control.slot;
    }
    return 0;
}

int type_of(AutomatedControl::Kind kind) {
    switch (kind) {
    case AutomatedControl::Kind::level: return level_type;
    case AutomatedControl::Kind::pan: return pan_type;
    case AutomatedControl::Kind::mute: return mute_type;
    case AutomatedControl::Kind::parameter: return parameter_type;
    }
    return 0;
}

int channel_of(Channel channel) {
    if (channel == Channel::sum) return mono_channel;
    return channel == Channel::left ? left_channel : right_channel;
}

Json control_id(const AutomatedControl& control) {
    Json id{{"section", section_of(control)}, {"control_type", type_of(control.kind)}};
    if (control.kind == AutomatedControl::Kind::pan)
        id["pan"] = {{"pan_space", stereo_pan},
                     {"parameter", pan_position},
                     {"channel", channel_of(control.channel)}};
    if (control.kind == AutomatedControl::Kind::parameter)
        id["plugin"] = {{"multimono_index", 0},
                        {"control_id", control.parameter_id},
                        {"control_name", control.parameter_name}};
    return id;
}

} // namespace

std::string control_request(const std::string& track_id, const AutomatedControl& control,
                            bool many_tracks) {
    Json body{{"control_id", control_id(control)}};
    if (many_tracks) {
        body["track_ids"] = Json::array({track_id});
        body["track_names"] = Json::array();
    } else {
        body["track_id"] = track_id;
        body["track_name"] = "";
    }
    return text_of(body);
}

Result<std::vector<ControlRange>> control_ranges_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    std::vector<ControlRange> ranges;
    const auto list = list_in(*json, "control_info");
    if (!list) return list.error();
    for (const Json& each : **list) {
        const auto lowest = number_of(at(each, "min_value")),
                   highest = number_of(at(each, "max_value"));
        if (!lowest || !highest || *lowest > *highest)
            return broken("the range of a control is no range");
        const auto steps = integer_of(at(each, "steps")).value_or(0);
        ranges.push_back(
            {*lowest, *highest, steps < 0 || steps > INT32_MAX ? 0 : static_cast<int>(steps)});
    }
    return ranges;
}

Result<std::vector<Breakpoint>> breakpoints_in(std::string_view body) {
    const auto json = object_in(body);
    if (!json) return json.error();
    std::vector<Breakpoint> breakpoints;
    const auto list = list_in(*json, "breakpoints");
    if (!list) return list.error();
    for (const Json& each : **list) {
        const Json& time = at(each, "time");
        const auto value = number_of(at(each, "value"));
        const auto samples = integer_of(at(time, "location"));
        const Json& type = at(time, "time_type");
        const bool in_samples =
            integer_of(type) == std::int64_t{samples_type} || bare_name(type) == "Samples";
        if (!value) return broken("a breakpoint's value is no number");
        if (!samples || !in_samples) return broken("a breakpoint's time is not in samples");
        breakpoints.push_back({*samples, *value});
    }
    return breakpoints;
}

std::string breakpoints_request(const std::string& track_id, const AutomatedControl& control,
                                const std::vector<Breakpoint>& breakpoints) {
    Json body{{"track_id", track_id}, {"track_name", ""}, {"control_id", control_id(control)}};
    Json& list = body["breakpoints"] = Json::array();
    for (const Breakpoint& each : breakpoints)
        list.push_back(
            {{"time", {{"location", std::to_string(each.samples)}, {"time_type", samples_type}}},
             {"value", each.value}});
    return text_of(body);
}

} // namespace prefade::ptsl
