#include "connectors/midi_wire.h"

#include "connectors/jack_watch.h"
#include "connectors/midi_stream.h"

#include <RtMidi.h>

#include <utility>

namespace prefade {
namespace {

std::string api_text(RtMidi::Api api) {
    switch (api) {
    case RtMidi::UNIX_JACK: return "JACK";
    case RtMidi::LINUX_ALSA: return "ALSA";
    case RtMidi::MACOSX_CORE: return "CoreMIDI";
    case RtMidi::WINDOWS_MM: return "Windows";
    default: return "no MIDI";
    }
}

std::string advice_for(RtMidi::Api api) {
    switch (api) {
    case RtMidi::UNIX_JACK: return "start JACK, then Prefade";
    case RtMidi::LINUX_ALSA:
        return "load the sequencer (modprobe snd-seq), or start JACK, then Prefade";
    case RtMidi::WINDOWS_MM:
        return "make the cables \"Prefade 1 in\" and \"Prefade 1 out\" with loopMIDI";
    default: return {};
    }
}

/// RtMidi's complaints, which it throws from constructors and tells a callback afterwards.
class Complaints {
public:
    void attach(RtMidi& to) { to.setErrorCallback(&Complaints::hear, this); }
    std::string take() { return std::exchange(text_, {}); }

private:
    static void hear(RtMidiError::Type type, const std::string& text, void* own) {
        if (type != RtMidiError::WARNING && type != RtMidiError::DEBUG_WARNING)
            static_cast<Complaints*>(own)->text_ = text;
    }
    std::string text_;
};

/// One unit: its two ports. Stays where it is: RtMidi knows its address.
struct Unit {
    Unit(RtMidi::Api api, const std::string& name, std::uint8_t which, Receiver to)
        : number(which),
          receive(std::move(to)),
          in(api, name + " in", queue_unused),
          out(api, name + " out") {
        complaints.attach(in);
        complaints.attach(out);
        in.ignoreTypes(false, true,
                       true); // system exclusive is wanted, clock and active sensing are not
        in.setCallback(&Unit::arrived, this);
    }

    static void arrived(double, std::vector<unsigned char>* bytes, void* own) {
        auto& unit = *static_cast<Unit*>(own);
        const TimePoint at = Clock::now();
        const std::size_t lost = unit.stream.lost();
        for (auto& message : unit.stream.take(*bytes))
            unit.receive({at, std::move(message),
                          unit.stream.lost() == lost ? std::uint32_t{0} : std::uint32_t{1},
                          unit.number});
    }

    static constexpr unsigned queue_unused = 1;
    // What RtMidi's thread uses comes first: it must outlive the port whose end stops that thread.
    Complaints complaints;
    std::uint8_t number;
    Receiver receive;
    MidiStream stream; ///< RtMidi's thread
    RtMidiIn in;
    RtMidiOut out;
};

#ifdef _WIN32
/// The port whose name holds `name`: Windows puts a number behind it.
bool open_cable(RtMidi& port, const std::string& name) {
    for (unsigned i = 0; i < port.getPortCount(); ++i)
        if (port.getPortName(i).find(name) != std::string::npos) {
            port.openPort(i, name);
            return true;
        }
    return false;
}
bool open_ports(Unit& unit, const std::string& name) {
    return open_cable(unit.in, name + " in") && open_cable(unit.out, name + " out");
}
#else
bool open_ports(Unit& unit, const std::string& name) {
    unit.in.openVirtualPort(name);
    unit.out.openVirtualPort(name);
    return true;
}
#endif

} // namespace

struct MidiWire::Impl {
    explicit Impl(Setup wanted) : setup(std::move(wanted)) {}

    std::string name_of(std::size_t unit) const {
        return setup.name + ' ' + std::to_string(unit + 1);
    }
    Result<RtMidi::Api> choose();
    Result<void> open_unit(std::size_t number, const Receiver& receive);

    Setup setup;
    RtMidi::Api api{RtMidi::UNSPECIFIED};
    std::unique_ptr<JackWatch> watch; ///< with JACK only; outlives the units
    std::vector<std::unique_ptr<Unit>> units;
};

Result<RtMidi::Api> MidiWire::Impl::choose() {
#if defined(__APPLE__)
    return RtMidi::MACOSX_CORE;
#elif defined(_WIN32)
    return RtMidi::WINDOWS_MM;
#else
    if (setup.system == System::alsa) return RtMidi::LINUX_ALSA;
    auto began = JackWatch::begin(setup.name);
    if (began) {
        watch = std::move(*began);
        return RtMidi::UNIX_JACK;
    }
    if (setup.system == System::usual) return RtMidi::LINUX_ALSA;
    Error error = began.error();
    error.message += "; " + advice_for(RtMidi::UNIX_JACK);
    return error;
#endif
}

Result<void> MidiWire::Impl::open_unit(std::size_t number, const Receiver& receive) {
    const std::string name = name_of(number);
    const auto failed = [&](const std::string& why) {
        return Error{ErrorCode::unavailable,
                     api_text(api) + " gives no MIDI port \"" + name + "\": " + why + "; "
                         + advice_for(api),
                     {}};
    };
    try {
        auto unit = std::make_unique<Unit>(api, name, static_cast<std::uint8_t>(number), receive);
        if (!open_ports(*unit, name)) return failed("there is no such cable");
        if (const std::string complaint = unit->complaints.take(); !complaint.empty())
            return failed(complaint);
        units.push_back(std::move(unit));
        return {};
    } catch (const RtMidiError& error) {
        return failed(error.getMessage());
    }
}

MidiWire::MidiWire(Setup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}

MidiWire::~MidiWire() { close(); }

Result<void> MidiWire::open(Receiver receive) {
    if (!impl_->units.empty())
        return Error{ErrorCode::internal, "the wire is open already", describe()};
    if (impl_->setup.units == 0 || impl_->setup.units > most_units)
        return Error{ErrorCode::invalid,
                     "a surface has 1 to " + std::to_string(most_units) + " units, not "
                         + std::to_string(impl_->setup.units),
                     {}};
    const auto api = impl_->choose();
    if (!api) return api.error();
    impl_->api = *api;
    for (std::size_t i = 0; i < impl_->setup.units; ++i)
        if (const auto opened = impl_->open_unit(i, receive); !opened) {
            close();
            return opened;
        }
    return {};
}

Result<void> MidiWire::send(const WireMessage& message) {
    const auto* midi = std::get_if<MidiMessage>(&message);
    if (midi == nullptr || midi->bytes.empty())
        return Error{ErrorCode::internal, "no MIDI message on a MIDI wire", describe()};
    if (impl_->units.empty())
        return Error{ErrorCode::unavailable, "the wire is closed", describe()};
    if (midi->port >= impl_->units.size())
        return Error{ErrorCode::internal, "there is no such unit", describe()};
    if (impl_->watch && impl_->watch->has_ended())
        return Error{ErrorCode::unavailable,
                     "the JACK server has ended, and Prefade's ports with it", describe()};
    Unit& unit = *impl_->units[midi->port];
    unit.out.sendMessage(midi->bytes.data(), midi->bytes.size());
    if (const std::string complaint = unit.complaints.take(); !complaint.empty())
        return Error{ErrorCode::io, complaint, describe()};
    return {};
}

Result<void> MidiWire::decode(const Arrival& arrival, std::vector<WireMessage>& out) const {
    constexpr std::uint8_t first_status = 0x80;
    if (arrival.bytes.empty() || arrival.bytes.front() < first_status)
        return Error{ErrorCode::invalid, "no MIDI message", describe()};
    out.emplace_back(MidiMessage{arrival.bytes, arrival.port});
    return {};
}

void MidiWire::close() {
    impl_->units.clear();
    impl_->watch.reset();
}

std::string MidiWire::describe() const {
    const std::size_t count = impl_->setup.units;
    return (impl_->units.empty() ? "MIDI" : api_text(impl_->api)) + " ports " + impl_->name_of(0)
           + (count > 1 ? " .. " + std::to_string(count) : "");
}

} // namespace prefade
