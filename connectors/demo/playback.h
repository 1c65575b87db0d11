// Lets a person hear the demo: a sound device that pulls from a ring. Built where PortAudio was found; else, or
// without a device, there is none, and the demo is silent.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace prefade::demo {

/// PortAudio was found when this was built.
bool playback_is_built_in() noexcept;

class Playback {
public:
    virtual ~Playback() = default;
    /// engine thread; never blocks: what the ring has no room for is dropped.
    virtual void push(std::span<const float> left, std::span<const float> right) = 0;
};

/// Null where nothing can be played; `reason` says why.
std::unique_ptr<Playback> open_playback(std::string& reason);

} // namespace prefade::demo
