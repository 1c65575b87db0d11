#include "daemon/command_line/coach_view.h"

#include "core/text.h"
#include "core/values.h"
#include "daemon/command_line/render.h"

#include <algorithm>
#include <cmath>

namespace prefade::command_line {
namespace {

std::uint64_t id_of(const Json& object) {
    const double id = number_of(object, "id", 0.0);
    return id >= 1.0 && id < 1e15 ? static_cast<std::uint64_t>(id) : 0;
}

/// What can be done about an advice, in one line.
std::string offer(const Json& advice) {
    const Json& suggests = list_of(advice, "suggests");
    if (suggests.empty()) return {};
    return "`prefade apply " + whole_text(member(advice, "id"))
           + "`: " + text_of(suggests.front(), "says");
}

std::string lasted(const Json& advice) { return age_text(member(advice, "age_ms")); }

} // namespace

// ---- what happened --------------------------------------------------------------------------

std::vector<Happened> Watcher::take(const Json& snapshot) {
    std::vector<Happened> news;
    take_host(snapshot, news);
    take_advice(snapshot, news);
    take_moves(snapshot, news);
    first_ = false;
    return news;
}

void Watcher::take_host(const Json& snapshot, std::vector<Happened>& news) {
    const Json& host = member(snapshot, "host");
    const std::string state = text_of(host, "state"), address = text_of(host, "address"),
                      progress = text_of(host, "progress");
    if (first_ || state != host_state_ || address != host_address_ || progress != host_progress_)
        news.push_back({Happened::Kind::host, host});
    host_state_ = state;
    host_address_ = address;
    host_progress_ = progress;
    const Json& transport = member(snapshot, "transport");
    const Json& rolling = member(transport, "rolling");
    if (rolling.is_boolean() && rolling != rolling_) {
        news.push_back({Happened::Kind::transport, transport});
        rolling_ = rolling;
    }
}

void Watcher::take_advice(const Json& snapshot, std::vector<Happened>& news) {
    std::map<std::uint64_t, Json> now;
    for (const Json& advice : list_of(snapshot, "advice"))
        if (const std::uint64_t id = id_of(advice)) now.emplace(id, advice);
    const bool connected = host_state_ == "connected";
    for (const auto& [id, advice] : firing_)
        if (!now.contains(id))
            news.push_back({connected ? Happened::Kind::ends : Happened::Kind::withdrawn, advice});
    for (const Json& advice : list_of(snapshot, "advice"))
        if (!firing_.contains(id_of(advice))) news.push_back({Happened::Kind::fires, advice});
    firing_ = std::move(now);
}

void Watcher::take_moves(const Json& snapshot, std::vector<Happened>& news) {
    for (const Json& record : list_of(snapshot, "moves")) {
        const std::uint64_t id = id_of(record);
        if (!member(record, "outcome").is_null()) {
            if (ended_.insert(id).second && !first_)
                news.push_back({Happened::Kind::moved, record});
        } else if (member(record, "stage") == "proposed" && proposed_.insert(id).second) {
            news.push_back({Happened::Kind::proposed, record});
        }
    }
}

std::string log_line(const Happened& happened, const std::string& time) {
    const Json& what = happened.what;
    const std::string number = '[' + whole_text(member(what, "id")) + "] ";
    std::string text = time + ' ';
    switch (happened.kind) {
    case Happened::Kind::fires: {
        text += padded(severity_text(what), 8) + number + text_of(what, "says");
        if (const std::string numbers = evidence_line(what); !numbers.empty())
            text += " {" + numbers + '}';
        const std::string can = offer(what);
        return can.empty() ? text : text + ' ' + can;
    }
    case Happened::Kind::ends:
        return text + padded("over", 8) + number + joined(list_of(what, "strips")) + ": "
               + text_of(what, "rule") + " no longer fires, after " + lasted(what);
    case Happened::Kind::withdrawn:
        return text + padded("unknown", 8) + number + joined(list_of(what, "strips")) + ": "
               + text_of(what, "rule") + " cannot be judged without the DAW";
    case Happened::Kind::moved:
    case Happened::Kind::proposed: return text + padded("move", 8) + move_line(what);
    case Happened::Kind::host:
        text += padded("DAW", 8) + host_line(what);
        return text_of(what, "state") == "searching"
                   ? text + "; `prefade doctor` says what is missing"
                   : text;
    case Happened::Kind::transport:
        return text + padded("DAW", 8)
               + (flag_of(what, "rolling") ? "plays" : "stopped: levels are read while it plays");
    }
    return text;
}

std::string spoken_line(const Happened& happened) {
    const Json& what = happened.what;
    const std::string strips = joined(list_of(what, "strips"));
    const std::string of = strips.empty() ? "the session" : strips;
    switch (happened.kind) {
    case Happened::Kind::fires: return speakable(what);
    case Happened::Kind::ends: return "Over, " + of + ": " + text_of(what, "rule") + '.';
    case Happened::Kind::withdrawn:
        return "Unknown, " + of + ": " + text_of(what, "rule")
               + " cannot be judged without the DAW.";
    case Happened::Kind::moved:
    case Happened::Kind::proposed: return spoken(move_line(what)) + '.';
    case Happened::Kind::host: return host_line(what) + '.';
    case Happened::Kind::transport: return flag_of(what, "rolling") ? "Plays." : "Stopped.";
    }
    return {};
}

Json event_json(const Happened& happened, WallTime at) {
    constexpr std::pair<const char*, const char*> names[] = {
        {"fires", "advice"},  {"ends", "advice"}, {"withdrawn", "advice"},   {"moved", "move"},
        {"proposed", "move"}, {"host", "host"},   {"transport", "transport"}};
    const auto& [event, member_name] = names[static_cast<std::size_t>(happened.kind)];
    return {{"at", to_iso8601(at)}, {"event", event}, {member_name, happened.what}};
}

// ---- the picture ----------------------------------------------------------------------------

namespace {

class Picture {
public:
    Picture(const Json& snapshot, const CoachState& state)
        : snapshot_(snapshot),
          state_(state),
          look_{state.columns, state.colour} {}

    std::vector<std::string> lines() {
        header();
        const std::vector<std::string> meters = meter_lines(), moves = move_lines();
        const std::size_t below = meters.size() + moves.size();
        advice(state_.rows > lines_.size() + below ? state_.rows - lines_.size() - below : 4);
        lines_.insert(lines_.end(), meters.begin(), meters.end());
        lines_.insert(lines_.end(), moves.begin(), moves.end());
        if (lines_.size() > state_.rows) lines_.resize(state_.rows);
        return std::move(lines_);
    }

private:
    std::string line(std::string_view text, Tone tone = Tone::plain) const {
        return toned(cut(text, state_.columns), tone, look_);
    }

    void header() {
        const Json& host = member(snapshot_, "host");
        const Json& transport = member(snapshot_, "transport");
        const std::string state = text_of(host, "state"), mode = text_of(snapshot_, "mode");
        std::string text = "Prefade  " + host_line(host);
        lines_.push_back(line(text, state == "connected" ? Tone::good
                                    : state == "lost"    ? Tone::bad
                                                         : Tone::warn));
        text = "mode " + mode;
        if (state == "connected") {
            const Json& rolling = member(transport, "rolling");
            text += std::string("  |  ")
                    + (!rolling.is_boolean()             ? "transport not known"
                       : flag_of(transport, "recording") ? "RECORDING"
                       : rolling.get<bool>()             ? "playing"
                                             : "stopped: levels are read while it plays")
                    + "  |  " + clock_text(member(transport, "seconds")) + "  |  "
                    + std::to_string(list_of(snapshot_, "strips").size()) + " strips  |  "
                    + level_text(member(member(snapshot_, "traffic"), "received_per_second"), 0)
                    + " messages/s";
        } else {
            text += "  |  `prefade setup ardour` says what the DAW needs, `prefade doctor` what is "
                    "missing";
        }
        lines_.push_back(line(text));
        if (state_.hosts_found.size() > 1) {
            text = "several DAWs answer; choose with `prefade host NAME`:";
            for (const std::string& found : state_.hosts_found) text += ' ' + printable(found);
            lines_.push_back(line(text, Tone::warn));
        }
        if (!state_.socket.empty())
            lines_.push_back(
                line("commands: prefade --socket " + printable(state_.socket) + " COMMAND",
                     Tone::faint));
        if (const std::string error = text_of(snapshot_, "last_error"); !error.empty())
            lines_.push_back(line("last error: " + error, Tone::warn));
        lines_.emplace_back();
    }

    void title(std::vector<std::string>& to, const std::string& text) const {
        const std::string shown = cut(text + ' ', state_.columns);
        const std::size_t rest = state_.columns - std::min(state_.columns, display_width(shown));
        to.push_back(toned(shown + std::string(rest, '-'), Tone::faint, look_));
    }

    /// The one to do now in full, the others folded to a line each, as far as there is room.
    void advice(std::size_t room) {
        const Json& all = list_of(snapshot_, "advice");
        const std::string held = held_back_text(snapshot_);
        title(lines_, "ADVICE " + std::to_string(all.size())
                          + (held.empty() ? "" : ", held back: " + held));
        if (all.empty()) lines_.push_back(line("  nothing fires", Tone::faint));
        room -= std::min<std::size_t>(room, 3); // title, a line for what is left out, an empty one
        std::size_t short_ones = std::min(all.size(), room), used = 0;
        for (std::size_t i = 0; i < all.size() && short_ones > 0; ++i, --short_ones) {
            std::vector<std::string> block = advice_block(all[i], i == 0);
            if (used + block.size() + short_ones - 1 > room) block = advice_block(all[i], false);
            used += block.size();
            lines_.insert(lines_.end(), block.begin(), block.end());
        }
        if (const std::size_t left_out = all.size() - std::min(all.size(), room))
            lines_.push_back(
                line("  and " + std::to_string(left_out) + " more: `prefade advice`", Tone::faint));
        lines_.emplace_back();
    }

    std::vector<std::string> advice_block(const Json& advice, bool whole) const {
        constexpr std::size_t indent = 14;
        const std::string margin(indent, ' ');
        const std::size_t room = state_.columns > indent + 20 ? state_.columns - indent : 20;
        std::vector<std::string> block;
        const auto paragraph = [&](const std::string& text, Tone tone) {
            for (const std::string& part : wrapped(text, room))
                block.push_back(margin + toned(part, tone, look_));
        };
        if (whole) {
            paragraph(text_of(advice, "says"), Tone::plain);
            if (const std::string numbers = evidence_line(advice); !numbers.empty())
                paragraph(numbers, Tone::faint);
            if (const std::string can = offer(advice); !can.empty()) paragraph(can, Tone::good);
        } else {
            block.push_back(margin + cut(text_of(advice, "says"), room));
        }
        const std::string head = padded(whole_text(member(advice, "id")), 4, true) + ' '
                                 + padded(severity_text(advice), indent - 5);
        block.front().replace(0, indent,
                              toned(head, tone_of_severity(text_of(advice, "severity")), look_));
        return block;
    }

    /// The strips with the largest peaks of the last ten seconds, loudest first.
    std::vector<std::string> meter_lines() const {
        struct Loud {
            double peak;
            std::string name;
            const Json* meter;
        };
        std::vector<Loud> loud;
        for (const Json& strip : list_of(snapshot_, "strips")) {
            const Json& meter = level_meter(strip);
            const Json& most = member(meter, "maximum_10s");
            if (most.is_number())
                loud.push_back({most.get<double>(), text_of(strip, "name"), &meter});
        }
        std::stable_sort(loud.begin(), loud.end(),
                         [](const Loud& a, const Loud& b) { return a.peak > b.peak; });
        loud.resize(std::min(loud.size(), std::max<std::size_t>(3, state_.rows / 5)));
        std::vector<std::string> lines;
        title(lines, "LOUDEST, largest of 10 s and now");
        if (loud.empty()) lines.push_back(line("  no levels in the last ten seconds", Tone::faint));
        for (const Loud& one : loud) lines.push_back(meter_line(one.peak, one.name, *one.meter));
        lines.emplace_back();
        return lines;
    }

    std::string meter_line(double peak, const std::string& name, const Json& meter) const {
        constexpr double bottom = -48.0, top = 6.0;
        constexpr std::size_t name_width = 18;
        const Json age = number_of(meter, "age_ms", 1e9) + state_.snapshot_age_ms;
        const std::string numbers =
            padded(level_text(Json(peak), 1, true), 7, true) + ' '
            + padded(text_of(meter, "unit"), 5) + ' '
            + padded(reading_text(member(meter, "value"), age, true), 8, true);
        const std::size_t used = 2 + name_width + display_width(numbers) + 3;
        const std::size_t room = state_.columns > used + 10 ? state_.columns - used - 1 : 10;
        const auto column = [&](double db) {
            const double part = std::clamp((db - bottom) / (top - bottom), 0.0, 1.0);
            return static_cast<std::size_t>(std::lround(part * static_cast<double>(room)));
        };
        std::string bar = std::string(column(peak), '=') + std::string(room - column(peak), ' ');
        bar[std::min(column(0.0), room - 1)] = '|'; // full scale
        const Tone tone = peak > 0.0 ? Tone::bad : peak > -3.0 ? Tone::warn : Tone::good;
        return "  " + padded(cut(name, name_width), name_width) + ' ' + toned(numbers, tone, look_)
               + "  " + toned(bar, tone, look_);
    }

    std::vector<std::string> move_lines() const {
        const Json& moves = list_of(snapshot_, "moves");
        std::vector<std::string> lines;
        title(lines, "MOVES, newest first");
        if (moves.empty()) lines.push_back(line("  none yet", Tone::faint));
        const std::size_t most = std::max<std::size_t>(2, state_.rows / 8);
        for (std::size_t i = 0; i < moves.size() && lines.size() <= most; ++i) {
            const Json& record = moves[moves.size() - 1 - i];
            const Tone tone = member(record, "outcome").is_null()
                                  ? Tone::strong
                                  : tone_of_outcome(text_of(record, "outcome"));
            std::string head = "  " + padded(time_text(member(record, "when")), 9);
            const std::size_t room = state_.columns > 30 ? state_.columns - head.size() : 0;
            for (const std::string& part : wrapped(move_line(record), room)) {
                if (lines.size() > most) break;
                lines.push_back(room ? head + toned(part, tone, look_) : line(head + part, tone));
                head.assign(head.size(), ' ');
            }
        }
        return lines;
    }

    const Json& snapshot_;
    const CoachState& state_;
    Look look_;
    std::vector<std::string> lines_;
};

} // namespace

std::vector<std::string> coach_picture(const Json& snapshot, const CoachState& state) {
    return Picture(snapshot, state).lines();
}

} // namespace prefade::command_line
