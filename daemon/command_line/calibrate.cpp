#include "daemon/command_line/calibrate.h"

#include "connectors/host_profile.h"
#include "connectors/registry.h"
#include "core/places.h"
#include "core/text.h"
#include "core/values.h"
#include "daemon/command_line/client.h"
#include "daemon/command_line/terminal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace prefade::command_line {
namespace {

using namespace std::chrono_literals;

constexpr double foot = -40.0, unity = 0.0; ///< dB that the points reach from and to, at least
constexpr double widest = 6.0;              ///< dB between two neighbours above the foot
constexpr std::size_t fewest = 12;
constexpr Duration look = 300ms; ///< between two questions
constexpr Duration rest = 10s;   ///< once there are enough: more are welcome for so long

std::string db(double level) { return level_text(level, 1, true) + " dB"; }

Error cannot(std::string why) { return {ErrorCode::unavailable, std::move(why), {}}; }

Result<void> put(const std::string& text) {
    if (print(text)) return {};
    return Error{ErrorCode::io, "standard output cannot be written", {}};
}

/// That the daemon hears this host, and that its faders are positions.
Result<void> check_host(Client& client, const std::string& host) {
    const auto status = client.call("status", Json::object());
    if (!status) return status.error();
    const Json& connected = member(*status, "host");
    const std::string name = text_of(connected, "name");
    if (text_of(connected, "state") != "connected" || name != host)
        return cannot("the daemon is not connected to " + host + ": start `prefaded --host " + host
                      + "` and do what `prefade setup " + host + "` says");
    const Json& can = list_of(member(*status, "capabilities"), "can");
    const auto has = [&](const char* what) {
        return std::find(can.begin(), can.end(), what) != can.end();
    };
    if (!has("fader_positions"))
        return Error{ErrorCode::unsupported,
                     has("read_fader")
                         ? "the faders of " + name + " are read already: nothing is to be measured"
                         : "no display of " + name
                               + " shows the dB of a fader: its law is measured by hand, see "
                                 "docs/hosts/"
                               + name + ".md",
                     {}};
    return {};
}

Result<std::vector<FaderLaw::Point>> points_now(Client& client) {
    const auto answer = client.call("host", Json::object());
    if (!answer) return answer.error();
    if (text_of(member(*answer, "host"), "state") == "lost") return cannot("the DAW has gone");
    return points_in(*answer);
}

const char* const how =
    "Move one fader in the DAW from its bottom to its top, in some twenty steps, with a breath of\n"
    "half a second after each. The surface's display must show its level in dB meanwhile. Prefade\n"
    "sees eight strips at a time: go on moving until the first level appears. Ctrl-C ends.\n\n";

/// Follows the fader until enough is known; the points then.
Result<std::vector<FaderLaw::Point>> follow(Client& client, TimePoint until, bool quiet) {
    std::vector<FaderLaw::Point> points;
    TimePoint last_news = Clock::now();
    while (!end_asked() && Clock::now() < until) {
        auto now = points_now(client);
        if (!now) return now.error();
        for (const FaderLaw::Point& point : *now) {
            if (std::find(points.begin(), points.end(), point) != points.end()) continue;
            last_news = Clock::now();
            const std::string missing = missing_in(*now);
            if (quiet) continue;
            if (const auto put_ =
                    put(padded(db(point.level), 10, true) + "   "
                        + (missing.empty() ? "enough; more is welcome" : missing) + '\n');
                !put_)
                return put_.error();
        }
        points = std::move(*now);
        if (missing_in(points).empty() && Clock::now() - last_news >= rest) break;
        if (const auto waited = client.snapshot(std::min(until, Clock::now() + look)); !waited)
            return waited.error();
    }
    return points;
}

} // namespace

std::vector<FaderLaw::Point> points_in(const Json& answer) {
    std::vector<FaderLaw::Point> points;
    for (const Json& one : list_of(answer, "fader_points"))
        points.push_back({number_of(one, "level_db", 0.0),
                          static_cast<std::uint32_t>(number_of(one, "position", 0.0))});
    return points;
}

std::string missing_in(const std::vector<FaderLaw::Point>& points) {
    if (points.empty()) return "nothing is known yet";
    if (points.front().level > foot) return "further down: " + db(foot) + " or below is missing";
    if (points.back().level < unity) return "further up: " + db(unity) + " or above is missing";
    for (std::size_t i = 1; i < points.size(); ++i)
        if (points[i].level > foot
            && points[i].level - std::max(points[i - 1].level, foot) > widest)
            return "a step between " + db(points[i - 1].level) + " and " + db(points[i].level)
                   + " is missing";
    if (points.size() < fewest)
        return "more steps: " + std::to_string(fewest - points.size()) + " are missing";
    return {};
}

Result<void> calibrate(const std::filesystem::path& socket, const std::string& host,
                       std::optional<Duration> span, bool json) {
    catch_signals();
    const TimePoint until = span ? Clock::now() + *span : TimePoint::max();
    const auto data = data_folder();
    if (!data) return data.error();
    if (const auto known = look_at_setup(host, *data / "config/hosts"); !known)
        return known.error();
    const auto profile = load_host_profile(*data / "config/hosts" / (host + ".toml"));
    if (!profile) return profile.error();
    auto client = Client::connect(socket);
    if (!client) return client.error();
    if (const auto fits = check_host(*client, host); !fits) return fits;
    if (!json)
        if (const auto told = put(how); !told) return told;
    const auto points = follow(*client, until, json);
    if (!points) return points.error();
    if (const std::string missing = missing_in(*points); !missing.empty())
        return cannot("nothing was kept: " + missing);
    const std::string day = to_iso8601(std::chrono::system_clock::now()).substr(0, 10);
    const auto file = keep_measured_law(*profile, *points, day, config_folder() / "laws");
    if (!file) return file.error();
    if (json)
        return put(Json({{"host", host},
                         {"points", points->size()},
                         {"lowest_db", points->front().level},
                         {"highest_db", points->back().level},
                         {"file", file->string()}})
                       .dump(2)
                   + '\n');
    return put("\nKept in " + printable(file->string()) + ": " + std::to_string(points->size())
               + " points from " + db(points->front().level) + " to " + db(points->back().level)
               + ". prefaded takes it up when it starts next; to be rid of it, delete the file.\n");
}

} // namespace prefade::command_line
