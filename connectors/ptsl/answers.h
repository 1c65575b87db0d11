// The JSON bodies of Pro Tools' scripting interface, both ways: requests as text, answers as plain values. Answers are
// read with patience, for the host is not strict: numbers may be digits in a string, enumerations are numbers or
// names, with the old prefixes or the new, and an empty list may be an empty object. What cannot be read all the same
// is an error in words; nothing here throws. Pure; any thread.
#pragma once

#include "connectors/ptsl/command.h"
#include "core/result.h"
#include "core/session.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prefade::ptsl {

// ---- tracks

enum class TrackType {
    unknown,
    midi,
    audio,
    aux,
    video,
    vca,
    tempo,
    markers,
    meter,
    key_signature,
    chord_symbols,
    instrument,
    master,
    heat,
    basic_folder,
    routing_folder,
    comp_lane
};

struct Track {
    std::string id; ///< stable in the session
    std::string name;
    TrackType type{TrackType::unknown};
    int index{0}; ///< order in the mixer; whether from 0 or 1 is UNCERTAIN
    std::string color;
    std::optional<bool> muted, soloed, armed; ///< nothing where the host does not say
    bool hidden{false}, inactive{false};
};

/// The kind of strip a track has in the mixer; nothing for rulers, video and the lanes of a comp. Whether a folder that
/// routes nothing has a strip is UNCERTAIN: it has mute and solo, so here it has one.
std::optional<StripKind> strip_kind(TrackType type) noexcept;

/// A part of a list, and how long the list is.
struct Page {
    std::size_t limit{0}, offset{0};
};
template <class Item> struct Part {
    std::vector<Item> items;
    std::optional<std::size_t> total; ///< where the host says
};

/// A list that comes in parts, put together: whole or not at all.
template <class Element, class Key> class Listing {
public:
    using Item = Element;
    static constexpr std::size_t most_items = 10'000;
    explicit Listing(std::size_t limit) : limit_(limit) {}
    Page next() const { return {limit_, items_.size()}; }
    /// Half as many at a time from here on; false when it is one already.
    bool shrink() {
        if (limit_ == 1) return false;
        limit_ /= 2;
        return true;
    }
    /// True when the list is whole. Errors: it changed between two parts (`unavailable`: begin anew), it has no end.
    Result<bool> take(Part<Item> part);
    std::vector<Item> items() && { return std::move(items_); }

private:
    std::size_t limit_;
    std::optional<std::size_t> total_;
    std::vector<Item> items_;
    std::set<decltype(Key{}(std::declval<const Item&>()))> keys_;
};

struct TrackKey {
    std::string operator()(const Track& track) const { return track.id; }
};
using TrackListing = Listing<Track, TrackKey>;

/// Version 1 hears an older word for the limit beside the newer one (UNCERTAIN whether it knows both).
std::string track_list_request(const Page& page, const Version& version);
/// An error where a track has neither id nor name, or two have one id.
Result<Part<Track>> track_list_in(std::string_view body);

// ---- the session

/// "01:00:00:00" on a clock of so many frames a second; drop-frame skips numbers, not frames.
struct TimeCodeRate {
    int frames{0}; ///< counted in a second: 24, 25, 30 ...
    bool drop{false};
    bool pulled_down{false}; ///< frames * 1000 / 1001 a second of real time
    double a_second() const noexcept { return pulled_down ? frames * 1000.0 / 1001.0 : frames; }
};

Result<std::uint32_t> sample_rate_in(std::string_view body); ///< Hz
Result<TimeCodeRate> time_code_rate_in(std::string_view body);
/// The text of one member; an error where there is none.
Result<std::string> text_in(std::string_view body, const char* member);
Result<std::string> session_path_in(std::string_view body);
Result<bool> flag_in(std::string_view body, const char* member);
Result<Version> version_in(std::string_view body);

/// What the host's clocks count in; nothing where it does not say.
struct SessionClock {
    std::optional<std::uint32_t> sample_rate;
    std::optional<TimeCodeRate> rate;
    std::string start; ///< session_start_time, as the host wrote it
};

/// Seconds from the session's start to a time as the host writes it: samples ("480000"), minutes and seconds
/// ("1:02.500"), or time code, which counts from the session's own start. Nothing for bars, feet, or what is no time.
/// Which of these the host uses in an answer follows its main counter (UNCERTAIN).
std::optional<double> seconds_in(std::string_view text, const SessionClock& clock);

// ---- memory locations

struct MemoryLocation {
    int number{0};
    std::string name;
    std::string start; ///< as the host wrote it
    friend bool operator==(const MemoryLocation&, const MemoryLocation&) = default;
};
struct MemoryLocationKey {
    int operator()(const MemoryLocation& location) const { return location.number; }
};
using MemoryListing = Listing<MemoryLocation, MemoryLocationKey>;
/// Those whose time can be told, in the order of time.
std::vector<Marker> markers_of(const std::vector<MemoryLocation>& locations,
                               const SessionClock& clock);

std::string memory_locations_request(const Page& page);
Result<Part<MemoryLocation>> memory_locations_in(std::string_view body);

// ---- transport

struct TransportState {
    bool rolling{false}, recording{false};
    std::string
        name; ///< the host's own, without its prefix: "Playing"; digits where it is not known
};
Result<TransportState> transport_state_in(std::string_view body);

// ---- switches of tracks

/// Tracks are addressed by name here: the host offers no other way.
std::string track_state_request(const std::string& name, bool enabled);

// ---- events

enum class EventKind {
    session_opened = 1,
    session_created = 2,
    session_closed = 3,
    record_enable_changed = 4,
    menu_item_selected = 5,
    input_monitor_changed = 6,
    solo_changed = 7,
    mute_changed = 8,
    batch_job_changed = 9
};
struct Event {
    EventKind kind{EventKind::session_opened};
    std::string track_id;      ///< of the changes of a track's switch
    std::optional<bool> state; ///< of those that have one
};
/// With a `track_id` only that track's; the switches of tracks are told for each that is asked for.
struct Subscription {
    EventKind kind{EventKind::session_opened};
    std::string track_id;
};
std::string events_request(const std::vector<Subscription>& subscriptions);
/// Nothing where the answer holds no event. A kind that is not known is an error.
Result<std::optional<Event>> event_in(std::string_view body);

// ---- automation

/// A control that has an automation lane. Writing its breakpoints is an *automation write*: an edit of the session,
/// in its undo list, heard where the track's automation is read; never a move of the fader.
struct AutomatedControl {
    enum class Section { main, send, insert } section{Section::main};
    int slot{0}; ///< of a send or an insert, 0 to 9: A to J
    enum class Kind { level, pan, mute, parameter } kind{Kind::level};
    Channel channel{Channel::sum};            ///< of a pan: sum is a mono track's only one
    std::string parameter_id, parameter_name; ///< of a parameter
};
struct ControlRange {
    double minimum{0.0}, maximum{0.0};
    int steps{0};
    /// Whether a level is in dB or 0..1 is told by no member: one that reaches +12 and begins below 0 is dB
    /// (UNCERTAIN).
    bool in_decibel() const noexcept { return minimum < 0.0 && maximum == 12.0; }
};
struct Breakpoint {
    std::int64_t samples{0}; ///< from the start of the session
    double value{0.0};
};

std::string control_request(const std::string& track_id, const AutomatedControl& control,
                            bool many_tracks);
Result<std::vector<ControlRange>> control_ranges_in(std::string_view body);
/// An error where a value is no finite number or a time is not in samples.
Result<std::vector<Breakpoint>> breakpoints_in(std::string_view body);
std::string breakpoints_request(const std::string& track_id, const AutomatedControl& control,
                                const std::vector<Breakpoint>& breakpoints);

// ---- connection

std::string register_request(); ///< says that we are Prefade

template <class Element, class Key> Result<bool> Listing<Element, Key>::take(Part<Element> part) {
    const Error changed{
        ErrorCode::unavailable, "Pro Tools' list changed while it was read; ask again", {}};
    const std::size_t count = part.items.size();
    if (total_ && part.total != total_) return changed;
    total_ = part.total;
    if (items_.size() + count > most_items || total_.value_or(0) > most_items)
        return Error{ErrorCode::unsupported,
                     "Pro Tools' list is longer than " + std::to_string(most_items)
                         + ", which is more than is read here",
                     {}};
    for (Item& item : part.items) {
        if (!keys_.insert(Key{}(item)).second) return changed;
        items_.push_back(std::move(item));
    }
    if (!total_) return count != limit_; // a host that does not count: the last part is a short one
    if (items_.size() > *total_ || (count == 0 && items_.size() < *total_)) return changed;
    return items_.size() == *total_;
}

} // namespace prefade::ptsl
