#include "connectors/registry.h"

#include "connectors/ardour/dialect.h"
#include "connectors/ardour/preferences.h"
#include "connectors/demo/dialect.h"
#include "connectors/demo/wire.h"
#include "connectors/host_profile.h"
#include "connectors/hui/protocol.h"
#include "connectors/join/dialect.h"
#include "connectors/join/wire.h"
#include "connectors/mcu/dialect.h"
#include "connectors/midi_wire.h"
#include "connectors/osc_probe.h"
#include "connectors/osc_wire.h"
#include "connectors/ptsl/dialect.h"
#ifdef PREFADE_PTSL
#include "connectors/ptsl/wire.h"
#endif

#include <algorithm>
#include <charconv>
#include <set>

namespace prefade {
namespace {

/// A protocol we speak: how to make its dialect, and what to say so that a host answers.
struct Protocol {
    std::string_view dialect;
    std::unique_ptr<Dialect> (*make)(const HostProfile& profile, const std::string& address);
    OscMessage hello;        ///< changes nothing in the host
    OscMessage plea;         ///< before a hello that was not answered: answer us, not elsewhere
    std::string_view answer; ///< the address of its answer
    OscMessage goodbye;      ///< so that it forgets who asked
    std::vector<HostSetting> (*settings)(); ///< as the host's own files on this machine have them
    bool (*is_here)();                      ///< its program or files of it are on this machine
};

const Protocol protocols[] = {
    {"ardour",
     [](const HostProfile& profile, const std::string& address) -> std::unique_ptr<Dialect> {
         return std::make_unique<ardour::Dialect>(profile, address);
     },
     {"/set_surface", {}},
     {"/set_surface/port", {std::int32_t{0}}},
     "/set_surface",
     {"/set_surface/feedback", {std::int32_t{0}}},
     [] { return ardour::surface_settings(ardour::preferences_folder()); },
     [] { return !ardour::preferences_folder().empty() || ardour::is_installed(); }},
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

/// One port where a host may be.
struct Candidate {
    FoundHost host;
    std::uint16_t port;
    const Protocol* protocol;
    bool was_silent{false}, asked{false}, there{false};
};

std::vector<Candidate> candidates_of(const HostProfile& profile) {
    std::vector<Candidate> all;
    if (const Protocol* protocol = find_protocol(profile.dialect))
        for (const std::uint16_t port : profile.ports)
            all.push_back({{profile.name, Place{"127.0.0.1", port}.text()}, port, protocol});
    return all;
}

void take_answer(const OscProbe::Heard& heard, std::vector<Candidate>& candidates) {
    for (Candidate& each : candidates)
        if (each.asked && each.port == heard.port && heard.message.address == each.protocol->answer)
            each.there = true;
}

/// Says hello to all that are not known to be there, takes answers until `enough` or `patience` is over,
/// and says goodbye to all it asked.
Result<void> ask(OscProbe& probe, std::vector<Candidate>& candidates, Duration patience,
                 bool (*enough)(const std::vector<Candidate>&)) {
    if (const auto opened = probe.open(); !opened) return opened;
    while (probe.receive(TimePoint{})) { // answers to a round before
    }
    for (Candidate& each : candidates) {
        if (each.there) continue;
        if (each.was_silent)
            if (const auto sent = probe.send(each.port, each.protocol->plea); !sent) return sent;
        if (const auto sent = probe.send(each.port, each.protocol->hello); !sent) return sent;
        each.asked = true;
    }
    const TimePoint deadline = Clock::now() + patience;
    while (!enough(candidates)) {
        const auto heard = probe.receive(deadline);
        if (!heard) break;
        take_answer(*heard, candidates);
    }
    for (const Candidate& each : candidates)
        if (each.asked)
            if (const auto sent = probe.send(each.port, each.protocol->goodbye); !sent) return sent;
    return {};
}

bool all_there(const std::vector<Candidate>& candidates) {
    return std::all_of(candidates.begin(), candidates.end(),
                       [](const Candidate& c) { return c.there; });
}
bool any_there(const std::vector<Candidate>& candidates) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [](const Candidate& c) { return c.there; });
}

/// Where `profile`'s host answers; its first port when it does nowhere.
Result<Place> place_of(const HostProfile& profile) {
    Place place{"127.0.0.1", profile.ports.front()};
    if (profile.ports.size() == 1) return place;
    OscProbe probe;
    auto candidates = candidates_of(profile);
    if (const auto asked = ask(probe, candidates, seek_patience, any_there); !asked)
        return asked.error();
    for (const Candidate& each : candidates)
        if (each.there) {
            place.port = each.port;
            break;
        }
    return place;
}

/// A control surface that we play by MIDI, through ports that we make; nobody is asked whether they are there.
struct SurfaceKind {
    std::string_view dialect;
    std::size_t most_units;
    std::unique_ptr<mcu::Protocol> (*protocol)(std::size_t units);
};

const SurfaceKind surfaces[] = {{"mackie", MidiWire::most_units, mcu::mackie_control},
                                {"hui", hui::most_units, hui::protocol}};

const SurfaceKind* find_surface(std::string_view dialect) {
    for (const SurfaceKind& surface : surfaces)
        if (surface.dialect == dialect) return &surface;
    return nullptr;
}

/// "jack", "alsa:3", ":2": the MIDI system and the number of units; each may be left out.
Result<MidiWire::Setup> surface_setup(const std::string& address, std::size_t most_units) {
    const Error wrong{ErrorCode::invalid,
                      '"' + address
                          + "\" is no MIDI surface; write jack, alsa, :3 or jack:3, the "
                            "number being its units, 1 to "
                          + std::to_string(most_units),
                      {}};
    MidiWire::Setup setup;
    const auto colon = address.find(':');
    const std::string system = address.substr(0, colon);
    if (system == "jack")
        setup.system = MidiWire::System::jack;
    else if (system == "alsa")
        setup.system = MidiWire::System::alsa;
    else if (!system.empty())
        return wrong;
    if (colon == std::string::npos) return setup;
    const char *from = address.data() + colon + 1, *end = address.data() + address.size();
    const auto [at, failed] = std::from_chars(from, end, setup.units);
    if (failed != std::errc{} || at != end || setup.units == 0 || setup.units > most_units)
        return wrong;
    return setup;
}

/// Profiles of this dialect are called, one question after the other; they are opened by name only.
constexpr std::string_view scripting_dialect = "ptsl";

/// Where it was built without gRPC the surface stays alone.
Connector join_scripting(Connector surface, [[maybe_unused]] const HostProfile& profile) {
#ifdef PREFADE_PTSL
    constexpr std::size_t letters = 4; // a HUI's
    const std::uint16_t port = profile.ports.front();
    const std::string place = Place{"127.0.0.1", port}.text();
    surface.address += ", " + place;
    surface.wire = std::make_unique<JoinedWire>(
        std::move(surface.wire), std::make_unique<ptsl::Wire>(ptsl::Wire::Setup{port}));
    surface.dialect = std::make_unique<JoinedDialect>(
        JoinedDialect::Setup{profile.name, profile.title, surface.address, letters},
        std::move(surface.dialect), std::make_unique<ptsl::Dialect>(profile, place));
#endif
    return surface;
}

Result<Connector> open_surface(const HostProfile& profile, const SurfaceKind& kind,
                               const std::string& address) {
    const auto setup = surface_setup(address, kind.most_units);
    if (!setup) return setup.error();
    auto wire = std::make_unique<MidiWire>(*setup);
    const std::string shown = wire->describe();
    Connector surface{
        profile.name, shown, std::move(wire),
        std::make_unique<mcu::Dialect>(profile, shown, setup->units, kind.protocol(setup->units))};
    if (profile.joined_with.empty()) return surface;
    if (profile.joined_with != scripting_dialect)
        return Error{ErrorCode::unsupported, "nothing here speaks \"" + profile.joined_with + '"',
                     profile.name + ".toml"};
    return join_scripting(std::move(surface), profile);
}

Result<Connector> open_scripting(const HostProfile& profile, const std::string& address) {
#ifdef PREFADE_PTSL
    const auto place = parse_place(address, profile.ports.front());
    if (!place) return place.error();
    if (place->host != "127.0.0.1" && place->host != "localhost")
        return Error{ErrorCode::refused,
                     '"' + place->host + "\" is not this machine; " + profile.title
                         + " is called on 127.0.0.1 only",
                     {}};
    return Connector{profile.name, place->text(),
                     std::make_unique<ptsl::Wire>(ptsl::Wire::Setup{place->port}),
                     std::make_unique<ptsl::Dialect>(profile, place->text())};
#else
    return Error{ErrorCode::unsupported,
                 "this Prefade was built without gRPC, by which " + profile.title + " is called",
                 address};
#endif
}

constexpr const char* demo_name = "demo";

Result<Connector> open_demo(const std::string& address, const LocalSetup& local) {
    const auto faults = demo::faults_from(address);
    if (!faults) return faults.error();
    const std::string shown =
        "the session inside Prefade, faults: " + (address.empty() ? "usual" : address);
    return Connector{demo_name, shown,
                     std::make_unique<demo::DemoWire>(demo::DemoWire::Setup{
                         local.cache, *faults, local.listen, demo::song_recipe()}),
                     std::make_unique<demo::Dialect>(shown)};
}

Result<HostProfile> find_profile(const std::string& name, const std::filesystem::path& profiles) {
    const auto known = load_host_profiles(profiles);
    if (!known) return known.error();
    std::string names;
    for (const HostProfile& profile : *known) {
        if (profile.name == name) return profile;
        names += profile.name + ", ";
    }
    names += demo_name;
    return Error{
        ErrorCode::not_found, "there is no host \"" + name + "\"; there are: " + names, {}};
}

} // namespace

Result<Connector> open_host(const std::string& name, const std::string& address,
                            const std::filesystem::path& profiles, const LocalSetup& local) {
    if (name == demo_name) return open_demo(address, local);
    auto profile = find_profile(name, profiles);
    if (!profile) return profile.error();
    if (const SurfaceKind* kind = find_surface(profile->dialect)) {
        if (const auto taken = take_measured_law(*profile, local.laws); !taken)
            return taken.error();
        return open_surface(*profile, *kind, address);
    }
    if (profile->dialect == scripting_dialect) return open_scripting(*profile, address);
    const Protocol* protocol = find_protocol(profile->dialect);
    if (!protocol)
        return Error{ErrorCode::unsupported, "nothing here speaks \"" + profile->dialect + '"',
                     profile->name + ".toml"};
    const auto place =
        address.empty() ? place_of(*profile) : parse_place(address, profile->ports.front());
    if (!place) return place.error();
    auto wire = OscWire::to(place->host, place->port);
    if (!wire) return wire.error();
    return Connector{name, place->text(), std::move(*wire),
                     protocol->make(*profile, place->text())};
}

struct HostSeeker::Impl {
    explicit Impl(std::filesystem::path folder) : profiles(std::move(folder)) {}
    std::filesystem::path profiles;
    OscProbe probe;
    std::set<std::uint16_t> silent; ///< ports that did not answer in the round before
};

HostSeeker::HostSeeker(std::filesystem::path profiles)
    : impl_(std::make_unique<Impl>(std::move(profiles))) {}

HostSeeker::~HostSeeker() = default;

Result<std::vector<FoundHost>> HostSeeker::look(const std::string& connected, Duration patience) {
    const auto known = load_host_profiles(impl_->profiles);
    if (!known) return known.error();
    const auto there = parse_place(connected, 0);
    std::vector<Candidate> candidates;
    for (const HostProfile& profile : *known)
        for (Candidate& each : candidates_of(profile)) {
            each.there = there && there->port == each.port
                         && (there->host == "127.0.0.1" || there->host == "localhost");
            each.was_silent = impl_->silent.contains(each.port);
            candidates.push_back(std::move(each));
        }
    if (const auto asked = ask(impl_->probe, candidates, patience, all_there); !asked)
        return asked.error();
    std::vector<FoundHost> found;
    impl_->silent.clear();
    for (const Candidate& each : candidates)
        if (each.there)
            found.push_back(each.host);
        else
            impl_->silent.insert(each.port);
    return found;
}

Result<std::vector<FoundHost>> find_hosts(const std::filesystem::path& profiles,
                                          Duration patience) {
    return HostSeeker(profiles).look({}, patience);
}

namespace {

HostSetup setup_of(const HostProfile& profile) {
    HostSetup setup{profile.name, profile.title, profile.setup,
                    {},           false,         find_surface(profile.dialect) != nullptr};
    if (const Protocol* protocol = find_protocol(profile.dialect)) {
        setup.settings = protocol->settings();
        setup.here = protocol->is_here();
    }
    return setup;
}

} // namespace

Result<HostSetup> look_at_setup(const std::string& name, const std::filesystem::path& profiles) {
    const auto profile = find_profile(name, profiles);
    if (!profile) return profile.error();
    return setup_of(*profile);
}

std::vector<HostSetup> look_at_setups(const std::filesystem::path& profiles) {
    std::vector<HostSetup> setups;
    if (const auto known = load_host_profiles(profiles))
        for (const HostProfile& profile : *known) setups.push_back(setup_of(profile));
    return setups;
}

} // namespace prefade
