// The cables of a JACK server, plugged by one client that stays: a client that comes and goes can cost a message that is
// under way just then.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct _jack_client;

namespace prefade::test {

class JackPatchbay {
public:
    struct Cable {
        std::string from, to; ///< "client:port"
    };
    /// Of the server that JACK_DEFAULT_SERVER names. Plugs the cables in their order, each as soon as both its ports are there, and pulls and plugs all
    /// of them again whenever `is_heard` has not come true four seconds after they were in; ends when it has. `is_heard` is
    /// called on a thread of its own. Throws when there is no server.
    JackPatchbay(std::vector<Cable> cables, std::function<bool()> is_heard);
    ~JackPatchbay();
    JackPatchbay(const JackPatchbay&) = delete;
    JackPatchbay& operator=(const JackPatchbay&) = delete;

private:
    void run(const std::stop_token& stop);
    bool plug() const; ///< true: all are in
    void pull() const;

    const std::vector<Cable> cables_;
    const std::function<bool()> is_heard_;
    _jack_client* client_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

} // namespace prefade::test
