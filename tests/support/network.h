// The network as the kernel sees it, by /proc: which sockets a process holds, what left an interface, and
// an empty network to run in. Linux only; test's main thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace prefade::test {

struct HeldSocket {
    std::string kind; ///< "udp", "tcp", "udp6", "tcp6", "unix", else "unknown": raw, netlink ...
    std::string
        address; ///< "127.0.0.1", in hex for IPv6; the path of a local one, empty when it has none
    std::uint16_t port{0};
    friend bool operator==(const HeldSocket&, const HeldSocket&) = default;

    /// Bound to this machine alone, or no network socket at all.
    bool is_local() const;
    std::string text() const { return kind + ' ' + address + ':' + std::to_string(port); }
};

/// What the process holds now, its descriptors looked up in the tables of its own network.
std::vector<HeldSocket> sockets_of(pid_t pid);

/// Packets of this network that left by, or wanted to go to, anything but loopback, since it exists.
struct Departed {
    std::uint64_t sent{0};     ///< bytes out of every interface but lo
    std::uint64_t no_route{0}; ///< packets there was no way for
};
Departed departed();

/// A network of its own with nothing but loopback, from here to the end of the object for the calling
/// thread and for all threads and processes it starts.
class EmptyNetwork {
public:
    EmptyNetwork();
    ~EmptyNetwork(); ///< back to the network before, where that is allowed
    EmptyNetwork(const EmptyNetwork&) = delete;
    EmptyNetwork& operator=(const EmptyNetwork&) = delete;

    /// Empty when all is well, else why there is none: namespaces are not permitted here.
    const std::string& problem() const noexcept { return problem_; }

private:
    int before_{-1};
    std::string problem_;
};

} // namespace prefade::test
