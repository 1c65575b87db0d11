// Any text as the body of an answer of Pro Tools': no crash, and nothing that is no number gets through.
#include "connectors/ptsl/answers.h"
#include "connectors/ptsl/command.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace prefade::ptsl;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    if (auto part = track_list_in(body)) {
        TrackListing listing(3);
        const auto whole = listing.take(std::move(*part));
        PREFADE_PROMISE(whole || !whole.error().message.empty());
    }
    if (const auto part = memory_locations_in(body)) {
        const SessionClock clock{48'000, TimeCodeRate{30, true, true}, "00:00:00;00"};
        for (const prefade::Marker& marker : markers_of(part->items, clock))
            PREFADE_PROMISE(std::isfinite(marker.seconds) && marker.seconds >= 0.0);
    }
    if (const auto points = breakpoints_in(body))
        for (const Breakpoint& point : *points) PREFADE_PROMISE(std::isfinite(point.value));
    if (const auto ranges = control_ranges_in(body))
        for (const ControlRange& range : *ranges)
            PREFADE_PROMISE(std::isfinite(range.minimum) && range.minimum <= range.maximum);
    if (const auto rate = sample_rate_in(body)) PREFADE_PROMISE(*rate > 0);
    if (const auto rate = time_code_rate_in(body)) PREFADE_PROMISE(rate->a_second() > 0.0);
    const auto version = version_in(body);
    PREFADE_PROMISE(!version || version->number > 0);
    const auto state = transport_state_in(body);
    PREFADE_PROMISE(!state || state->rolling || !state->recording);
    const auto event = event_in(body);
    PREFADE_PROMISE(event || !event.error().message.empty());
    const Complaint complaint = complaint_in(body);
    PREFADE_PROMISE(
        !error_of(Command::get_track_list, complaint.code, complaint.message).message.empty());
    return 0;
}
