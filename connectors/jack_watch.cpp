#include "connectors/jack_watch.h"

#include <atomic>
#include <utility>

#ifdef PREFADE_JACK
#include <jack/jack.h>
#endif

namespace prefade {

#ifdef PREFADE_JACK

struct JackWatch::Impl {
    jack_client_t* client{nullptr};
    std::atomic<bool> ended{false};

    ~Impl() {
        if (client != nullptr) jack_client_close(client);
    }
};

Result<std::unique_ptr<JackWatch>> JackWatch::begin(const std::string& client_name) {
    // The library talks on standard error; what goes wrong is said in our words.
    jack_set_error_function([](const char*) {});
    jack_set_info_function([](const char*) {});
    auto impl = std::make_unique<Impl>();
    impl->client = jack_client_open(client_name.c_str(), JackNoStartServer, nullptr);
    if (impl->client == nullptr)
        return Error{ErrorCode::unavailable, "no JACK server runs on this machine", client_name};
    jack_on_shutdown(
        impl->client, [](void* own) { static_cast<Impl*>(own)->ended = true; }, impl.get());
    if (jack_activate(impl->client) != 0)
        return Error{ErrorCode::unavailable, "the JACK server takes no further client",
                     client_name};
    return std::unique_ptr<JackWatch>(new JackWatch(std::move(impl)));
}

bool JackWatch::has_ended() const noexcept { return impl_->ended; }

#else

struct JackWatch::Impl {};

Result<std::unique_ptr<JackWatch>> JackWatch::begin(const std::string& client_name) {
    return Error{ErrorCode::unsupported, "this build knows no JACK", client_name};
}

bool JackWatch::has_ended() const noexcept { return true; }

#endif

JackWatch::JackWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JackWatch::~JackWatch() = default;

} // namespace prefade
