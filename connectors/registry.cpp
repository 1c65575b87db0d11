#include "connectors/registry.h"

#include "connectors/ardour/dialect.h"
#include "connectors/ardour/preferences.h"
#include "connectors/host_profile.h"
#include "connectors/osc_wire.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>

namespace prefade {
namespace {

/// A protocol we speak: how to make its dialect, and what to say so that a host answers.
struct Protocol {
    std::string_view dialect;
    std::unique_ptr<Dialect> (*make)(const HostProfile& profile, const std::string& address);
    OscMessage hello;                       ///< changes nothing in the host
    std::string_view answer;                ///< the address of its answer
    OscMessage goodbye;                     ///< so that it forgets who asked
    std::vector<HostSetting> (*settings)(); ///< as the host's own files on this machine have them
};

const Protocol protocols[] = {
    {"ardour",
     [](const HostProfile& profile, const std::string& address) -> std::unique_ptr<Dialect> {
         return std::make_unique<ardour::Dialect>(profile, address);
     },
     {"/set_surface", {}},
     "/set_surface",
     {"/set_surface/feedback", {std::int32_t{0}}},
     [] { return ardour::surface_settings(ardour::preferences_folder()); }},
};

const Protocol* find_protocol(std::string_view dialect) {
    for (const Protocol& protocol : protocols)
        if (protocol.dialect == dialect) return &protocol;
    return nullptr;
}

struct Place {
    std::string host{"127.0.0.1"};
    std::uint16_t port{0};
    std::string text() const { return host + ':' + std::to_string(port); }
};

Result<Place> parse_place(const std::string& address, std::uint16_t usual) {
    Place place;
    place.port = usual;
    const auto colon = address.rfind(':');
    const std::string host = address.substr(0, colon);
    if (!host.empty()) place.host = host;
    if (colon == std::string::npos) return place;
    const char *from = address.data() + colon + 1, *end = address.data() + address.size();
    const auto [at, failed] = std::from_chars(from, end, place.port);
    if (failed != std::errc{} || at != end || place.port == 0)
        return Error{
            ErrorCode::invalid, '"' + address + "\" is no address; write 127.0.0.1:3819", {}};
    return place;
}

struct Asked {
    FoundHost host;
    const Protocol* protocol;
    std::unique_ptr<OscWire> wire;
};

/// Who answered; the wires' threads write, the asker waits.
struct Answers {
    std::mutex mutex;
    std::condition_variable arrived;
    std::set<std::size_t> from;

    void take(std::size_t index) {
        const std::lock_guard lock(mutex);
        from.insert(index);
        arrived.notify_all();
    }
};

bool answers(const OscWire& wire, const Arrival& arrival, std::string_view address) {
    std::vector<WireMessage> messages;
    if (!wire.decode(arrival.bytes, messages) || messages.empty()) return false;
    const auto* osc = std::get_if<OscMessage>(&messages.front());
    return osc && osc->address == address;
}

/// Says hello at one port and leaves the wire open for the answer.
Result<Asked> ask(const HostProfile& profile, const Protocol& protocol, std::uint16_t port,
                  std::size_t index, Answers& gathered) {
    auto wire = OscWire::to("127.0.0.1", port);
    if (!wire) return wire.error();
    OscWire& opened = **wire;
    const auto open = opened.open([&, index](const Arrival& arrival) {
        if (answers(opened, arrival, protocol.answer)) gathered.take(index);
        return true;
    });
    if (!open) return open.error();
    if (const auto sent = opened.send(protocol.hello); !sent) return sent.error();
    return Asked{{profile.name, "127.0.0.1:" + std::to_string(port)}, &protocol, std::move(*wire)};
}

Result<HostProfile> find_profile(const std::string& name, const std::filesystem::path& profiles) {
    const auto known = load_host_profiles(profiles);
    if (!known) return known.error();
    std::string names;
    for (const HostProfile& profile : *known) {
        if (profile.name == name) return profile;
        names += (names.empty() ? "" : ", ") + profile.name;
    }
    return Error{
        ErrorCode::not_found, "there is no host \"" + name + "\"; there are: " + names, {}};
}

} // namespace

Result<Connector> open_host(const std::string& name, const std::string& address,
                            const std::filesystem::path& profiles) {
    const auto profile = find_profile(name, profiles);
    if (!profile) return profile.error();
    const Protocol* protocol = find_protocol(profile->dialect);
    if (!protocol)
        return Error{ErrorCode::unsupported, "nothing here speaks \"" + profile->dialect + '"',
                     profile->name + ".toml"};
    const auto place = parse_place(address, profile->ports.front());
    if (!place) return place.error();
    auto wire = OscWire::to(place->host, place->port);
    if (!wire) return wire.error();
    return Connector{name, place->text(), std::move(*wire),
                     protocol->make(*profile, place->text())};
}

Result<std::vector<FoundHost>> find_hosts(const std::filesystem::path& profiles,
                                          Duration patience) {
    const auto known = load_host_profiles(profiles);
    if (!known) return known.error();
    Answers gathered;
    std::vector<Asked> asked;
    for (const HostProfile& profile : *known) {
        const Protocol* protocol = find_protocol(profile.dialect);
        if (!protocol) continue;
        for (const std::uint16_t port : profile.ports) {
            auto one = ask(profile, *protocol, port, asked.size(), gathered);
            if (!one) return one.error();
            asked.push_back(std::move(*one));
        }
    }
    {
        std::unique_lock lock(gathered.mutex);
        gathered.arrived.wait_for(lock, patience,
                                  [&] { return gathered.from.size() == asked.size(); });
    }
    std::vector<FoundHost> found;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const std::lock_guard lock(gathered.mutex);
        if (!gathered.from.contains(i)) continue;
        if (const auto sent = asked[i].wire->send(asked[i].protocol->goodbye); !sent)
            return sent.error();
        found.push_back(asked[i].host);
    }
    return found; // the wires close before what their threads write to goes: `asked` came last
}

Result<HostSetup> look_at_setup(const std::string& name, const std::filesystem::path& profiles) {
    const auto profile = find_profile(name, profiles);
    if (!profile) return profile.error();
    const Protocol* protocol = find_protocol(profile->dialect);
    return HostSetup{profile->name, profile->title, profile->setup,
                     protocol ? protocol->settings() : std::vector<HostSetting>{}};
}

} // namespace prefade
