#include "tests/support/jack_patchbay.h"

#include "core/units.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <jack/jack.h>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 4s; ///< a daemon has said hello twice by then
constexpr Duration look = 100ms;

} // namespace

JackPatchbay::JackPatchbay(std::vector<Cable> cables, std::function<bool()> is_heard)
    : cables_(std::move(cables)),
      is_heard_(std::move(is_heard)),
      client_(jack_client_open("patchbay", JackNoStartServer, nullptr)) {
    if (client_ == nullptr) throw std::runtime_error("no JACK server to plug cables at");
    if (jack_activate(client_) != 0) {
        jack_client_close(client_);
        throw std::runtime_error("the JACK server takes no further client");
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

JackPatchbay::~JackPatchbay() {
    thread_.request_stop();
    thread_.join();
    jack_client_close(client_);
}

/// One cable more, as a person would: Ardour misses some of several that come at once.
bool JackPatchbay::plug() const {
    return std::all_of(cables_.begin(), cables_.end(), [&](const Cable& cable) {
        return jack_connect(client_, cable.from.c_str(), cable.to.c_str()) == EEXIST;
    });
}

void JackPatchbay::pull() const {
    for (const Cable& cable : cables_)
        jack_disconnect(client_, cable.from.c_str(), cable.to.c_str());
}

void JackPatchbay::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    TimePoint in_since = TimePoint::max();
    while (!stop.stop_requested() && !(in_since != TimePoint::max() && is_heard_())) {
        const TimePoint now = Clock::now();
        if (in_since != TimePoint::max() && now - in_since >= patience) {
            pull();
            in_since = TimePoint::max();
        }
        if (in_since == TimePoint::max() && plug()) in_since = now;
        wake_.wait_for(lock, stop, look, [] { return false; });
    }
}

} // namespace prefade::test
