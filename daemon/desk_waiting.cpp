// Calls that are answered later: once parameters were read, or moves are done (Desk::settle_waiters).
#include "daemon/desk.h"

#include <nlohmann/json.hpp>

namespace prefade {
namespace {

constexpr Duration retry_span = std::chrono::seconds(3);

} // namespace

/// Runs the calls that wait for parameters again; those that need wait no more are forgotten.
void Desk::retry_calls(TimePoint now, Effects& effects) {
    for (std::size_t i = 0; i < retries_.size();) {
        retries_[i].waiting = false;
        const ToolCalled again = retries_[i].call; // the call may add to the list
        call(again, now, effects);
        if (retries_[i].waiting)
            ++i;
        else
            retries_.erase(retries_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

bool Desk::wait_until_read(const ToolCalled& called, TimePoint now) {
    for (Retry& r : retries_)
        if (r.call.caller == called.caller && r.call.request == called.request)
            return r.waiting = now < r.until;
    retries_.push_back({called, now, now + retry_span, true});
    return true;
}

TimePoint Desk::first_called(const ToolCalled& called, TimePoint now) const {
    for (const Retry& r : retries_)
        if (r.call.caller == called.caller && r.call.request == called.request) return r.since;
    return now;
}

void Desk::answer_when_done(const ToolCalled& call, std::vector<MoveId> ids) {
    waiters_.push_back({call.caller, call.request, {}, std::move(ids), {}});
}

void Desk::undo_in_order(const ToolCalled& call, std::vector<MoveId> ids) {
    waiters_.push_back({call.caller, call.request, {ids.begin(), ids.end()}, {}, {}});
}

} // namespace prefade
