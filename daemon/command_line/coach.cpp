#include "daemon/command_line/coach.h"

#include "core/values.h"
#include "daemon/command_line/client.h"
#include "daemon/command_line/coach_view.h"
#include "daemon/command_line/render.h"
#include "daemon/command_line/terminal.h"

#include <algorithm>

namespace prefade::command_line {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_wait = 200ms; ///< between two looks at the clock and the signals
constexpr Duration picture_interval = 200ms;
constexpr Duration longest_unchanged = 800ms; ///< ages go on
constexpr Duration hosts_interval = 3s;       ///< between two questions which DAWs answer

bool is_about_advice(const Happened& happened) {
    return happened.kind == Happened::Kind::fires || happened.kind == Happened::Kind::ends
           || happened.kind == Happened::Kind::withdrawn;
}

std::string line_of(const Happened& happened, LineForm form, WallTime now) {
    switch (form) {
    case LineForm::log: return log_line(happened, time_text(now));
    case LineForm::json: return to_line(event_json(happened, now));
    case LineForm::speakable: break;
    }
    return spoken_line(happened);
}

Result<void> print_news(const std::vector<Happened>& news, LineForm form, bool only_advice) {
    const WallTime now = std::chrono::system_clock::now();
    for (const Happened& one : news) {
        if (only_advice && !is_about_advice(one)) continue;
        if (!print(line_of(one, form, now) + '\n'))
            return Error{ErrorCode::io, "standard output cannot be written", {}};
    }
    return {};
}

/// An error; none when the end was asked for: Ctrl-C reaches a daemon in the same terminal too.
Result<void> unless_ended(const Error& error) {
    if (end_asked()) return {};
    return error;
}

/// Until asked to end or `until`.
Result<void> write_log(Client& client, TimePoint until, LineForm form, bool only_advice) {
    Watcher watcher;
    while (!end_asked() && Clock::now() < until) {
        auto snapshot = client.snapshot(std::min(until, Clock::now() + longest_wait));
        if (!snapshot) return unless_ended(snapshot.error());
        if (!*snapshot) continue;
        if (auto printed = print_news(watcher.take(**snapshot), form, only_advice); !printed)
            return printed;
    }
    return {};
}

Result<std::vector<std::string>> hosts_found(Client& client) {
    const auto answer = client.call("host", Json::object());
    if (!answer) return answer.error();
    std::vector<std::string> found;
    for (const Json& one : list_of(*answer, "found"))
        if (one.is_string()) found.push_back(one.get<std::string>());
    return found;
}

/// Draws until asked to end or `until`; leaves the newest snapshot in `last`.
Result<void> draw_pictures(Client& client, TimePoint until, CoachState state,
                           std::optional<Json>& last) {
    TimePoint next_picture{}, next_question{}, came{};
    bool changed = false;
    Screen screen;
    screen.draw({"Prefade  waiting for the daemon"});
    while (!end_asked() && Clock::now() < until) {
        if (const TimePoint now = Clock::now(); now >= next_question) {
            next_question = now + hosts_interval;
            auto found = hosts_found(client);
            if (!found) return unless_ended(found.error());
            state.hosts_found = std::move(*found);
        }
        auto snapshot = client.snapshot(std::min(until, Clock::now() + longest_wait));
        if (!snapshot) return unless_ended(snapshot.error());
        if (*snapshot) {
            last = std::move(*snapshot);
            came = Clock::now();
            changed = true;
        }
        screen.rest_if_asked();
        const Screen::Size size = screen.size();
        const bool resized = size.columns != state.columns || size.rows != state.rows;
        const TimePoint now = Clock::now();
        const bool due =
            now >= next_picture && (changed || now >= next_picture + longest_unchanged);
        if (!last || !(due || resized)) continue;
        state.columns = size.columns;
        state.rows = size.rows;
        state.snapshot_age_ms = Milliseconds::of(now - came).value();
        screen.draw(coach_picture(*last, state));
        next_picture = now + picture_interval;
        changed = false;
    }
    return {};
}

} // namespace

Result<void> coach(const std::filesystem::path& socket, bool usual, std::optional<Duration> span,
                   bool json) {
    catch_signals();
    const TimePoint until = span ? Clock::now() + *span : TimePoint::max();
    auto client = Client::connect(socket);
    if (!client) return client.error();
    if (auto subscribed = client->subscribe(); !subscribed) return subscribed;
    if (json || !output_is_terminal())
        return write_log(*client, until, json ? LineForm::json : LineForm::log, false);
    std::optional<Json> last;
    CoachState state;
    state.colour = look_of_output().colour;
    if (!usual) state.socket = socket.string();
    auto drawn = draw_pictures(*client, until, std::move(state), last);
    // What stays in the terminal once the picture has gone.
    if (last && !list_of(*last, "advice").empty()) print(render_advice(*last, look_of_output()));
    return drawn;
}

Result<void> follow_advice(const std::filesystem::path& socket, LineForm form) {
    catch_signals();
    auto client = Client::connect(socket);
    if (!client) return client.error();
    if (auto subscribed = client->subscribe(); !subscribed) return subscribed;
    return write_log(*client, TimePoint::max(), form, true);
}

} // namespace prefade::command_line
