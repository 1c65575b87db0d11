#include "tests/support/network.h"

#include "tests/support/process.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prefade::test {
namespace {

using Table = std::map<std::string, HeldSocket>; ///< by inode

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

/// "0100007F:0EEB": the address in the machine's order, the port.
HeldSocket endpoint(const std::string& kind, const std::string& text) {
    const auto colon = text.find(':');
    std::string address = text.substr(0, colon);
    if (address.size() == 8) {
        const in_addr raw{static_cast<in_addr_t>(std::stoul(address, nullptr, 16))};
        char written[INET_ADDRSTRLEN]{};
        inet_ntop(AF_INET, &raw, written, sizeof written);
        address = written;
    }
    return {kind, address,
            static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1), nullptr, 16))};
}

void read_internet(const std::filesystem::path& net, const std::string& kind, Table& table) {
    std::ifstream in(net / kind);
    std::string line;
    std::getline(in, line); // the head
    while (std::getline(in, line))
        if (const auto words = words_of(line); words.size() > 9)
            table[words[9]] = endpoint(kind, words[1]);
}

void read_local(const std::filesystem::path& net, Table& table) {
    std::ifstream in(net / "unix");
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line))
        if (const auto words = words_of(line); words.size() > 6)
            table[words[6]] = {"unix", words.size() > 7 ? words[7] : "", 0};
}

bool lift_loopback() {
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    const bool up = any >= 0 && ioctl(any, SIOCGIFFLAGS, &request) == 0
                    && (request.ifr_flags |= IFF_UP, ioctl(any, SIOCSIFFLAGS, &request) == 0);
    close(any);
    return up;
}

/// As an ordinary user: in a user namespace where we are root. There is no way back from that.
bool enter_as_user() {
    const auto uid = std::to_string(getuid()), gid = std::to_string(getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
    return true;
}

} // namespace

bool HeldSocket::is_local() const {
    if (kind == "unix") return true;
    if (kind == "udp" || kind == "tcp") return address.starts_with("127.");
    if (address.starts_with("0000000000000000FFFF0000")) return address.ends_with("7F"); // 127.x
    return address == "00000000000000000000000001000000";                                // ::1
}

std::vector<HeldSocket> sockets_of(pid_t pid) {
    const std::filesystem::path process = "/proc/" + std::to_string(pid);
    std::vector<std::string> inodes;
    std::error_code gone; // a descriptor may be closed while we look
    for (const auto& entry : std::filesystem::directory_iterator(process / "fd")) {
        const std::string to = std::filesystem::read_symlink(entry.path(), gone).string();
        if (to.starts_with("socket:[")) inodes.push_back(to.substr(8, to.size() - 9));
    }
    Table table;
    for (const char* kind : {"udp", "tcp", "udp6", "tcp6"})
        read_internet(process / "net", kind, table);
    read_local(process / "net", table);
    std::vector<HeldSocket> held;
    for (const std::string& inode : inodes) {
        const auto found = table.find(inode);
        held.push_back(found == table.end() ? HeldSocket{"unknown", inode, 0} : found->second);
    }
    return held;
}

Departed departed() {
    Departed all;
    std::istringstream devices(text_of_file("/proc/thread-self/net/dev"));
    for (std::string line; std::getline(devices, line);) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        const auto name = words_of(line.substr(0, colon)),
                   numbers = words_of(line.substr(colon + 1));
        if (name.front() != "lo") all.sent += std::stoull(numbers.at(8));
    }
    std::istringstream counters(text_of_file("/proc/thread-self/net/snmp"));
    std::vector<std::string> names;
    for (std::string line; std::getline(counters, line);) {
        if (!line.starts_with("Ip:")) continue;
        const auto words = words_of(line);
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == "OutNoRoutes") all.no_route = std::stoull(words.at(i));
        names = words;
    }
    return all;
}

EmptyNetwork::EmptyNetwork() : before_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    if (unshare(CLONE_NEWNET) != 0 && !enter_as_user()) {
        problem_ =
            std::string("a network namespace is not permitted here: ") + std::strerror(errno);
        return;
    }
    if (!lift_loopback()) problem_ = "loopback does not come up in the new network";
}

EmptyNetwork::~EmptyNetwork() {
    if (before_ < 0) return;
    [[maybe_unused]] const int left = setns(before_, CLONE_NEWNET); // not out of a user namespace
    close(before_);
}

} // namespace prefade::test
