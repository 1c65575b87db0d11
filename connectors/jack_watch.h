// Whether the JACK server lives: RtMidi says nothing when it dies, and then waits for ever for room to send.
#pragma once

#include "core/result.h"

#include <memory>
#include <string>

namespace prefade {

class JackWatch {
public:
    /// A client of its own of the server that JACK_DEFAULT_SERVER names; starts none. Errors: none runs, or this
    /// build knows no JACK.
    static Result<std::unique_ptr<JackWatch>> begin(const std::string& client_name);
    ~JackWatch();
    JackWatch(const JackWatch&) = delete;
    JackWatch& operator=(const JackWatch&) = delete;

    bool has_ended() const noexcept; ///< any thread; never turns back

private:
    struct Impl;
    explicit JackWatch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
