// The hosts we know and how to open one: the only place that puts wires and dialects together. A new
// DAW with a protocol of its own is one line in registry.cpp. desk thread.
#pragma once

#include "connectors/dialect.h"
#include "connectors/wire.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace prefade {

/// One way to one host. The desk gets the dialect, the loop the wire.
struct Connector {
    std::string host;           ///< "ardour"
    std::string address;        ///< for people: "127.0.0.1:3819"
    std::unique_ptr<Wire> wire; ///< not open yet
    std::unique_ptr<Dialect> dialect;
};

/// What belongs to this user and machine. An empty folder: there is none.
struct LocalSetup {
    std::filesystem::path cache; ///< folder for what can be made again
    std::filesystem::path laws;  ///< folder of fader laws that were measured here, NAME.toml
    bool listen{false};          ///< play the demo on the sound device, where there is one
};

/// `demo` is the session inside this program; its `address` says which faults are planted in it
/// (connectors/demo/faults.h), empty: the usual ones. Of all others
/// `address`: "HOST", "HOST:PORT", ":PORT"; or empty: where the profile's ports are several, the first
/// that answers within 300 ms (it blocks for that long), else the profile's first. `profiles` is the
/// folder of config/hosts. Of a MIDI surface `address` is "jack:3", "alsa", ":2" or empty: the MIDI system and its units.
/// Errors: no such host (with the known names), bad address, not loopback.
Result<Connector> open_host(const std::string& name, const std::string& address,
                            const std::filesystem::path& profiles, const LocalSetup& local = {});

struct FoundHost {
    std::string name;    ///< as open_host takes it
    std::string address; ///< as open_host takes it
};

constexpr Duration seek_patience = std::chrono::milliseconds(300);

/// Asks every known host at every place its profile names whether it is there, on loopback. All rounds
/// go out of one socket: a host may keep a client for every socket that asks. Whoever was asked is told
/// to forget it again, so that one that answers too late does too. Whoever was silent in the round before
/// is asked to answer to the port it is asked from; else nothing changes in the host. One thread uses it.
class HostSeeker {
public:
    explicit HostSeeker(std::filesystem::path profiles);
    ~HostSeeker();
    /// Blocks for `patience`, or until all have answered. `connected`: an address that is not asked and
    /// counts as found; may be empty.
    Result<std::vector<FoundHost>> look(const std::string& connected = {},
                                        Duration patience = seek_patience);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One round, for start-up and `prefade doctor`.
Result<std::vector<FoundHost>> find_hosts(const std::filesystem::path& profiles,
                                          Duration patience = seek_patience);

/// One setting of a host as its own files on this machine have it.
struct HostSetting {
    enum class State { right, wrong, unknown } state{State::unknown};
    std::string found; ///< for people, with the file
};

/// What a host needs before it can be heard, and what of it is done.
struct HostSetup {
    std::string name, title;
    std::vector<std::string> steps; ///< clicks, in this order
    std::vector<HostSetting> settings;
    bool here{false};        ///< its program or files of it were found on this machine
    bool comes_to_us{false}; ///< it is not asked: Prefade makes MIDI ports, which it is told of
};

/// Reads the profile and the host's own files; changes nothing. Errors: no such host (with the known
/// names), an unreadable profile.
Result<HostSetup> look_at_setup(const std::string& name, const std::filesystem::path& profiles);

/// Of every host there is a profile of; none where the profiles cannot be read.
std::vector<HostSetup> look_at_setups(const std::filesystem::path& profiles);

} // namespace prefade
