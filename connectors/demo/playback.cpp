#include "connectors/demo/playback.h"

#ifdef PREFADE_PLAYBACK
#include "connectors/demo/song.h"

#include <portaudio.h>

#include <array>
#include <atomic>
#endif

namespace prefade::demo {

#ifdef PREFADE_PLAYBACK
namespace {

/// One writer (the engine), one reader (the device): nothing is allocated or locked after the start.
class Ring {
public:
    void push(float left, float right) {
        const std::size_t at = written_.load(std::memory_order_relaxed);
        if (at - read_.load(std::memory_order_acquire) >= frames_.size()) return;
        frames_[at % frames_.size()] = {left, right};
        written_.store(at + 1, std::memory_order_release);
    }
    /// Silence when nothing is there.
    std::array<float, 2> pull() {
        const std::size_t at = read_.load(std::memory_order_relaxed);
        if (at == written_.load(std::memory_order_acquire)) return {0.0F, 0.0F};
        const std::array<float, 2> frame = frames_[at % frames_.size()];
        read_.store(at + 1, std::memory_order_release);
        return frame;
    }

private:
    std::array<std::array<float, 2>, 16'384> frames_{}; // 370 ms
    std::atomic<std::size_t> written_{0}, read_{0};
};

class Device final : public Playback {
public:
    ~Device() override {
        if (stream_) Pa_CloseStream(stream_);
        Pa_Terminate();
    }
    /// Empty when it plays.
    std::string start() {
        const PaError opened = Pa_OpenDefaultStream(&stream_, 0, 2, paFloat32, sample_rate,
                                                    paFramesPerBufferUnspecified, &fill, this);
        if (opened != paNoError) return Pa_GetErrorText(opened);
        // A tenth of a second ahead, so that a late engine is not heard.
        for (int i = 0; i < sample_rate / 10; ++i) ring_.push(0.0F, 0.0F);
        const PaError started = Pa_StartStream(stream_);
        return started == paNoError ? std::string() : Pa_GetErrorText(started);
    }
    void push(std::span<const float> left, std::span<const float> right) override {
        for (std::size_t i = 0; i < left.size(); ++i) ring_.push(left[i], right[i]);
    }

private:
    /// Audio callback: no allocation, lock, log or file.
    static int fill(const void*, void* output, unsigned long frames,
                    const PaStreamCallbackTimeInfo*, PaStreamCallbackFlags, void* self) noexcept {
        auto* samples = static_cast<float*>(output);
        auto& ring = static_cast<Device*>(self)->ring_;
        for (unsigned long i = 0; i < frames; ++i) {
            const auto frame = ring.pull();
            *samples++ = frame[0];
            *samples++ = frame[1];
        }
        return paContinue;
    }
    PaStream* stream_{nullptr};
    Ring ring_;
};

} // namespace

bool playback_is_built_in() noexcept { return true; }

std::unique_ptr<Playback> open_playback(std::string& reason) {
    if (const PaError ready = Pa_Initialize(); ready != paNoError) {
        reason = std::string("the demo stays silent: ") + Pa_GetErrorText(ready);
        return nullptr;
    }
    auto device = std::make_unique<Device>();
    const std::string wrong =
        Pa_GetDefaultOutputDevice() == paNoDevice ? "there is no sound device" : device->start();
    if (wrong.empty()) return device;
    reason = "the demo stays silent: " + wrong;
    return nullptr;
}

#else

bool playback_is_built_in() noexcept { return false; }

std::unique_ptr<Playback> open_playback(std::string& reason) {
    reason = "the demo stays silent: built without PortAudio";
    return nullptr;
}

#endif

} // namespace prefade::demo
