#include "tests/support/osc_peer.h"

#include "connectors/osc_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prefade::test {
namespace {

std::optional<double> number(const OscMessage& message, std::size_t index) {
    if (index >= message.arguments.size()) return std::nullopt;
    const OscArgument& argument = message.arguments[index];
    if (const auto* i = std::get_if<std::int32_t>(&argument)) return *i;
    if (const auto* f = std::get_if<float>(&argument)) return static_cast<double>(*f);
    if (const auto* d = std::get_if<double>(&argument)) return *d;
    return std::nullopt;
}

std::string text(const OscMessage& message, std::size_t index) {
    if (index >= message.arguments.size()) return {};
    const auto* s = std::get_if<std::string>(&message.arguments[index]);
    return s ? *s : std::string{};
}

int whole(const OscMessage& message, std::size_t index) {
    return static_cast<int>(number(message, index).value_or(0));
}

/// buttons, levels, heartbeat, master and transport, meters, answers as /reply
constexpr std::int32_t feedback = 1 + 2 + 8 + 16 + 128 + 16384;
constexpr std::int32_t all_types = 1023;

/// Ardour answers this in turn, by one thread, so the answer comes behind all that was asked before.
const OscMessage fence{"/set_surface", {}};
bool fence_came(const std::vector<OscMessage>& so_far) {
    return std::any_of(so_far.begin(), so_far.end(),
                       [](const OscMessage& m) { return m.address == fence.address; });
}

} // namespace

OscPeer::OscPeer(std::uint16_t port) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const int wanted = 4 << 20;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ < 0 || connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("no UDP socket");
}

OscPeer::~OscPeer() { close(socket_); }

void OscPeer::send(const OscMessage& message) const {
    const auto packet = encode_osc(message);
    if (!packet) throw std::runtime_error(packet.error().message);
    refused_ = false;
    for (int attempt = 0; attempt < 2; ++attempt) { // the first may only tell of an earlier packet
        if (::send(socket_, packet->data(), packet->size(), 0) >= 0) return;
        if (errno != ECONNREFUSED) throw std::runtime_error("cannot send to Ardour");
    }
    refused_ = true;
}

std::vector<OscMessage> OscPeer::receive(Seconds limit) const {
    pollfd waiting{socket_, POLLIN, 0};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    if (poll(&waiting, 1, static_cast<int>(ms)) <= 0) return {};
    std::array<std::uint8_t, osc_packet_limit> bytes{};
    const auto size = recv(socket_, bytes.data(), bytes.size(), 0);
    refused_ = size < 0 && errno == ECONNREFUSED;
    if (size <= 0) return {};
    auto messages = decode_osc(std::span(bytes.data(), static_cast<std::size_t>(size)));
    return messages ? std::move(*messages) : std::vector<OscMessage>{};
}

ArdourWitness::ArdourWitness(std::uint16_t port)
    : socket_(port),
      hand_(port),
      thread_([this](const std::stop_token& stop) { read(stop); }) {
    begin();
}

void ArdourWitness::begin() {
    {
        const std::lock_guard lock(mutex_);
        strips_.clear();
        rolling_ = false;
    }
    socket_.send({"/set_surface",
                  {std::int32_t{0}, all_types, feedback, std::int32_t{0}, std::int32_t{0},
                   std::int32_t{0}}});
    // The hand hears nothing, but counts the strips as the witness does: hidden ones too.
    hand_.send({"/set_surface",
                {std::int32_t{0}, all_types, std::int32_t{0}, std::int32_t{0}, std::int32_t{0},
                 std::int32_t{0}}});
    ask(fence, fence_came, Seconds(20));
}

ArdourWitness::~ArdourWitness() {
    thread_.request_stop();
    thread_.join();
    socket_.send({"/set_surface",
                  {std::int32_t{0}, all_types, std::int32_t{0}, std::int32_t{0}, std::int32_t{0},
                   std::int32_t{0}}});
}

void ArdourWitness::read(const std::stop_token& stop) {
    while (!stop.stop_requested())
        for (const OscMessage& message : socket_.receive(Seconds(0.1)))
            take(message, std::chrono::steady_clock::now());
}

void ArdourWitness::take(const OscMessage& message, SteadyTime at) {
    const std::lock_guard lock(mutex_);
    ++messages_;
    if (asking_) answers_.push_back(message);
    if (message.address == "/strip/list" || message.address == "/strip/name") structure_at_ = at;
    if (message.address == "/transport_play") rolling_ = number(message, 0).value_or(0) > 0;
    if (message.address.starts_with("/strip/") && message.arguments.size() == 2)
        take_value(message, at);
    selected_ = message.address == "/strip/select" ? whole(message, 0) : 0;
    arrived_.notify_all();
}

void ArdourWitness::take_value(const OscMessage& message, SteadyTime at) {
    const int ssid = whole(message, 0);
    WitnessedStrip& strip = strips_[ssid];
    if (message.address == "/strip/name") {
        // in a dump of the strip /strip/select comes before the name: the number may have been another's
        if (selected_ == ssid) strip = {};
        strip.name = text(message, 1);
    }
    const auto value = number(message, 1);
    if (!value) return;
    if (message.address == "/strip/gain")
        strip.gain = value;
    else if (message.address == "/strip/trimdB")
        strip.trim = value;
    else if (message.address == "/strip/pan_stereo_position")
        strip.pan = value;
    else if (message.address == "/strip/mute")
        strip.mute = *value > 0;
    else if (message.address == "/strip/solo")
        strip.solo = *value > 0;
    else if (message.address == "/strip/meter") {
        strip.meter = *value;
        auto& highest = highest_.emplace(ssid, *value).first->second;
        highest = std::max(highest, *value);
        return;
    } else
        return;
    heard_.push_back({at, message.address, ssid, *value});
}

std::vector<OscMessage>
ArdourWitness::ask(const OscMessage& question,
                   const std::function<bool(const std::vector<OscMessage>&)>& complete,
                   Seconds limit) {
    std::unique_lock lock(mutex_);
    answers_.clear();
    asking_ = true;
    socket_.send(question);
    if (question.address != fence.address) socket_.send(fence);
    // also when the answer is there: the fence's own answer must not end the next question
    bool answered = false;
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!answered && !socket_.refused() && std::chrono::steady_clock::now() < end)
        answered = arrived_.wait_for(lock, Seconds(0.1),
                                     [&] { return complete(answers_) && fence_came(answers_); });
    asking_ = false;
    if (!answered) throw std::runtime_error("Ardour does not answer " + question.address);
    return std::move(answers_);
}

std::map<int, WitnessedStrip> ArdourWitness::strips() {
    // Not by /strip/list: that makes Ardour's observers anew, and 7.3 crashes when a strip is renamed or
    // numbered anew at that moment. So a list without that, and what was told, once both agree.
    std::map<int, WitnessedStrip> all;
    const auto agreed = [&] {
        const auto answers = ask({"/strip", {}}, fence_came, Seconds(20));
        const std::lock_guard lock(mutex_);
        all.clear();
        for (const OscMessage& m : answers) {
            if (m.address != "/strip" || m.arguments.size() != 8) continue;
            const int ssid = whole(m, 0);
            WitnessedStrip& strip = all[ssid] = strips_[ssid];
            strip.type = text(m, 1);
            const bool mixes = strip.type != "V";
            if (strip.name != text(m, 2) || !strip.gain || !strip.mute || !strip.solo
                || (mixes && !(strip.trim && strip.pan)))
                return false;
        }
        return !all.empty();
    };
    if (!eventually(Seconds(20), agreed))
        throw std::runtime_error("Ardour contradicts its own list");
    return all;
}

std::map<std::string, WitnessedStrip> ArdourWitness::by_name() {
    std::map<std::string, WitnessedStrip> all;
    for (auto& [ssid, strip] : strips()) {
        strip.meter = 0.0;
        all[strip.name] = strip;
    }
    return all;
}

int ArdourWitness::ssid(const std::string& name) {
    for (const auto& [ssid, strip] : strips())
        if (strip.name == name) return ssid;
    throw std::runtime_error("Ardour has no strip " + name);
}

WitnessedStrip ArdourWitness::strip(int ssid) const {
    const std::lock_guard lock(mutex_);
    const auto found = strips_.find(ssid);
    return found == strips_.end() ? WitnessedStrip{} : found->second;
}

double ArdourWitness::highest_meter(int ssid) const {
    const std::lock_guard lock(mutex_);
    const auto found = highest_.find(ssid);
    return found == highest_.end() ? -193.0 : found->second;
}

std::vector<Heard> ArdourWitness::heard(const std::string& address, int ssid) const {
    const std::lock_guard lock(mutex_);
    std::vector<Heard> some;
    for (const Heard& one : heard_)
        if (one.address == address && one.ssid == ssid) some.push_back(one);
    return some;
}

std::size_t ArdourWitness::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

void ArdourWitness::forget() {
    const std::lock_guard lock(mutex_);
    heard_.clear();
    highest_.clear();
    messages_ = 0;
}

bool ArdourWitness::rolling() const {
    const std::lock_guard lock(mutex_);
    return rolling_;
}

OscMessage ArdourWitness::plugin_list(int ssid) {
    OscMessage list; // strip, then index, name and active of each
    ask(
        {"/strip/plugin/list", {std::int32_t{ssid}}},
        [&](const std::vector<OscMessage>& so_far) {
            const auto found = std::find_if(so_far.begin(), so_far.end(), [&](const OscMessage& m) {
                return m.address == "/strip/plugin/list" && whole(m, 0) == ssid;
            });
            if (found != so_far.end()) list = *found;
            return found != so_far.end();
        },
        Seconds(5));
    return list;
}

SteadyTime ArdourWitness::structure_at() const {
    const std::lock_guard lock(mutex_);
    return structure_at_;
}

std::vector<std::string> ArdourWitness::plugins(int ssid) {
    const OscMessage list = plugin_list(ssid);
    std::vector<std::string> names;
    for (std::size_t i = 2; i < list.arguments.size(); i += 3) names.push_back(text(list, i));
    return names;
}

bool ArdourWitness::plugin_active(int ssid, int plugin) {
    return whole(plugin_list(ssid), static_cast<std::size_t>(plugin) * 3) != 0;
}

std::vector<WitnessedParameter> ArdourWitness::parameters(int ssid, int plugin) {
    const auto answers = ask(
        {"/strip/plugin/descriptor", {std::int32_t{ssid}, std::int32_t{plugin}}},
        [](const std::vector<OscMessage>& so_far) {
            return std::any_of(so_far.begin(), so_far.end(), [](const OscMessage& m) {
                return m.address == "/strip/plugin/descriptor_end";
            });
        },
        Seconds(5));
    std::vector<WitnessedParameter> all;
    for (const OscMessage& m : answers) {
        if (m.address != "/strip/plugin/descriptor" || m.arguments.size() < 11) continue;
        all.push_back({text(m, 3),
                       static_cast<float>(number(m, m.arguments.size() - 1).value_or(0)),
                       (whole(m, 4) & 128) != 0, static_cast<float>(number(m, 6).value_or(0)),
                       static_cast<float>(number(m, 7).value_or(1))});
    }
    return all;
}

std::vector<WitnessedSend> ArdourWitness::sends(int ssid) {
    std::vector<WitnessedSend> all;
    ask(
        {"/strip/sends", {std::int32_t{ssid}}},
        [&](const std::vector<OscMessage>& so_far) {
            for (const OscMessage& m : so_far) {
                if (m.address != "/strip/sends" || whole(m, 0) != ssid) continue;
                all.clear();
                for (std::size_t i = 1; i + 4 < m.arguments.size(); i += 5)
                    all.push_back({text(m, i + 1), static_cast<float>(number(m, i + 3).value_or(0)),
                                   whole(m, i + 4) != 0});
                return true;
            }
            return false;
        },
        Seconds(5));
    return all;
}

void ArdourWitness::hand(const std::string& address, std::vector<OscArgument> arguments) const {
    hand_.send({address, std::move(arguments)});
}

void ArdourWitness::play() {
    for (int tries = 5; tries != 0; --tries) {
        hand("/transport_play", {});
        if (eventually(Seconds(1), [&] { return rolling(); })) return;
    }
    throw std::runtime_error("Ardour does not play");
}

void ArdourWitness::stop() {
    for (int tries = 5; tries != 0; --tries) {
        hand("/transport_stop", {});
        if (eventually(Seconds(1), [&] { return !rolling(); })) return;
    }
    throw std::runtime_error("Ardour does not stop");
}

void ArdourWitness::locate(std::int32_t sample) const {
    hand("/locate", {sample, std::int32_t{0}});
}

double decibels_of_position(double position) {
    // pos = ((6 log2(g) + 192) / 198)^8, measured
    if (position <= 0.0) return -193.0;
    const double octaves = (std::pow(position, 1.0 / 8.0) * 198.0 - 192.0) / 6.0;
    return 20.0 * std::log10(2.0) * octaves;
}

} // namespace prefade::test
