#include "connectors/demo/dialect.h"

#include "connectors/demo/mixer.h"

#include <algorithm>
#include <utility>

namespace prefade::demo {
namespace {

using namespace std::chrono_literals;

constexpr Duration hello_pause = 500ms;
constexpr Duration silence_limit = 2500ms;  ///< a sign of life comes every 500 ms
constexpr Duration look_pause = 500ms;      ///< between two looks at a plugin someone watches
constexpr std::uint32_t told_percents = 20; ///< progress is told in steps of this
/// Of a float of the size of a level: what is read is what was set.
constexpr Decibel step{0.001};

StripKind kind_of(std::uint32_t told) {
    if (told == static_cast<std::uint32_t>(StripRole::track)) return StripKind::audio_track;
    return told == static_cast<std::uint32_t>(StripRole::master) ? StripKind::master
                                                                 : StripKind::audio_bus;
}

} // namespace

Dialect::Dialect(std::string address, BracketTiming timing)
    : address_(std::move(address)),
      brackets_(*this, LinkTraits{}, timing) {}

Capabilities Dialect::capabilities() const {
    Capabilities can;
    for (const Capability each :
         {Capability::read_trim,       Capability::write_trim,      Capability::read_fader,
          Capability::write_fader,     Capability::read_pan,        Capability::write_pan,
          Capability::read_send,       Capability::write_send,      Capability::read_mute,
          Capability::write_mute,      Capability::read_solo,       Capability::write_solo,
          Capability::read_meter_peak, Capability::read_loudness,   Capability::read_spectrum,
          Capability::list_inserts,    Capability::read_parameter,  Capability::write_parameter,
          Capability::write_bypass,    Capability::parameter_text,  Capability::full_names,
          Capability::stable_ids,      Capability::sees_all_strips, Capability::reports_touch,
          Capability::transport,       Capability::markers})
        can.with(each);
    can.meter_interval = Milliseconds{50.0};
    can.fader_top = Decibel{static_cast<double>(fader_top_db)};
    can.trim_top = Decibel{static_cast<double>(trim_top_db)};
    can.fader_step = step;
    return can;
}

// ---- life -----------------------------------------------------------------------------------

void Dialect::say_hello(TimePoint now, DialectOutput& out) {
    next_hello_ = now + hello_pause;
    out.to_send.emplace_back(OscMessage{"/demo/hello", {}});
}

void Dialect::lose(TimePoint now, DialectOutput& out) {
    connected_ = rolling_ = false;
    asked_.clear();
    watched_.clear();
    out.observed.push_back({now, HostLost{"the demo has been silent for 2.5 s"}});
    brackets_.host_lost(now, out);
    say_hello(now, out);
}

TimePoint Dialect::tick(TimePoint now, DialectOutput& out) {
    if (connected_ && now - heard_at_ >= silence_limit) lose(now, out);
    TimePoint next = brackets_.tick(now, out);
    if (!brackets_.busy()) asked_.clear();
    if (!connected_) {
        if (now >= next_hello_) say_hello(now, out);
        return std::min(next, next_hello_);
    }
    std::erase_if(watched_, [&](const auto& watched) { return watched.second <= now; });
    if (!watched_.empty()) {
        if (now >= next_look_) {
            next_look_ = now + look_pause;
            for (const auto& [part, until] : watched_)
                out.to_send.emplace_back(MessageWriter("/demo/look")
                                             .number(part.first.value)
                                             .number(part.second.value)
                                             .take());
        }
        next = std::min(next, next_look_);
    }
    return std::min(next, heard_at_ + silence_limit);
}

void Dialect::complain(const std::string& what, TimePoint now, DialectOutput& out) {
    if (now < next_complaint_) return;
    next_complaint_ = now + 1s;
    out.observed.push_back({now, Noticed{"demo: " + what}});
}

void Dialect::resync(TimePoint now, DialectOutput& out) {
    if (connected_) say_hello(now, out);
}

Result<void> Dialect::watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                            DialectOutput& out) {
    if (!connected_) return Error{ErrorCode::unavailable, "the demo is not connected", {}};
    if (!parameters_.contains({strip, insert}))
        return Error{ErrorCode::not_found, "the demo has no such insert", {}};
    TimePoint& watched = watched_[{strip, insert}];
    watched = std::max(watched, until); // a short look cuts nobody's long one
    next_look_ = now + look_pause;
    out.to_send.emplace_back(
        MessageWriter("/demo/look").number(strip.value).number(insert.value).take());
    return {};
}

Result<void> Dialect::transport(bool roll, TimePoint, DialectOutput& out) {
    if (!connected_) return Error{ErrorCode::unavailable, "the demo is not connected", {}};
    out.to_send.emplace_back(MessageWriter("/demo/play").number(roll).take());
    return {};
}

// ---- what the host says ---------------------------------------------------------------------

void Dialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    if (const auto* osc = std::get_if<OscMessage>(&message))
        hear(*osc, now, out);
    else
        complain("a MIDI message on its wire", now, out);
}

void Dialect::hear(const OscMessage& message, TimePoint now, DialectOutput& out) {
    MessageReader in(message);
    if (!connected_ && message.address != "/demo/host") {
        if (message.address == "/demo/making") {
            next_hello_ = now + 4 * hello_pause;
            const std::uint32_t percent = in.number();
            if (!in.good() || (percent < 100 && percent < made_ + told_percents)) return;
            made_ = percent;
            out.observed.push_back({now, Progressed{"its music is being made, once: "
                                                    + std::to_string(percent) + " %"}});
        } else if (message.address == "/demo/failed") {
            out.observed.push_back({now, Noticed{in.text()}});
        } else if (message.address == "/demo/note") {
            out.observed.push_back({now, Progressed{in.text()}});
        }
        return;
    }
    heard_at_ = now;
    using Hear = void (Dialect::*)(MessageReader&, TimePoint, DialectOutput&);
    static const std::map<std::string, Hear, std::less<>> heard{
        {"/demo/host", &Dialect::hear_host},       {"/demo/strips", &Dialect::hear_strips},
        {"/demo/inserts", &Dialect::hear_inserts}, {"/demo/sends", &Dialect::hear_sends},
        {"/demo/value", &Dialect::hear_value},     {"/demo/parameters", &Dialect::hear_parameters},
        {"/demo/meters", &Dialect::hear_meters},   {"/demo/proof", &Dialect::hear_proof},
        {"/demo/spectra", &Dialect::hear_spectra}, {"/demo/loudness", &Dialect::hear_loudness},
    };
    if (const auto found = heard.find(message.address); found != heard.end()) {
        (this->*found->second)(in, now, out);
    } else if (message.address == "/demo/transport") {
        const bool rolls = in.number() != 0;
        const auto seconds = static_cast<double>(in.real());
        if (in.good()) {
            rolling_ = rolls;
            out.observed.push_back({now, TransportChanged{rolls, false, seconds}});
        }
    } else if (message.address == "/demo/renamed") {
        const StripId strip{in.number()};
        const std::string name = in.text();
        if (!in.good()) return complain(message.address + " makes no sense", now, out);
        for (Listed& listed : strips_)
            if (listed.id == strip) listed.name = name;
        out.observed.push_back({now, StripRenamed{strip, name}});
    } else if (message.address == "/demo/touch") {
        const StripId strip{in.number()};
        const bool touched = in.number() != 0;
        if (!in.good()) return complain(message.address + " makes no sense", now, out);
        out.observed.push_back({now, Touched{strip, touched}});
        if (touched) brackets_.touched(strip, now, out);
    } else if (message.address == "/demo/markers") {
        MarkersListed markers;
        while (in.more()) {
            std::string name = in.text();
            markers.markers.push_back({std::move(name), static_cast<double>(in.real())});
        }
        if (in.good()) out.observed.push_back({now, std::move(markers)});
    } else if (message.address != "/demo/alive" && message.address != "/demo/done") {
        complain("it says " + message.address + ", which is not known here", now, out);
    }
    if (!in.good()) complain(message.address + " makes no sense", now, out);
}

void Dialect::hear_host(MessageReader& in, TimePoint now, DialectOutput& out) {
    const std::string version = in.text(), session = in.text();
    if (!in.good() || connected_) return; // an answer to a resync: all of it follows
    connected_ = true;
    strips_.clear();
    inserts_.clear();
    sends_.clear();
    parameters_.clear();
    out.observed.push_back({now, HostFound{"demo", version, address_, true}});
    out.observed.push_back({now, CapabilitiesChanged{capabilities()}});
    out.observed.push_back({now, SessionNamed{session}});
}

void Dialect::hear_strips(MessageReader& in, TimePoint now, DialectOutput& out) {
    std::vector<Listed> told;
    StripsListed list;
    while (in.more()) {
        const StripId id{in.number()};
        std::string name = in.text();
        const StripKind kind = kind_of(in.number());
        list.strips.push_back({id, name, false, kind, false, false});
        told.push_back({id, std::move(name), kind});
    }
    if (!in.good()) return;
    list.structure_changed =
        told.size() != strips_.size()
        || !std::equal(told.begin(), told.end(), strips_.begin(),
                       [](const Listed& a, const Listed& b) { return a.id == b.id; });
    const bool changed = list.structure_changed;
    strips_ = std::move(told);
    out.observed.push_back({now, std::move(list)});
    if (changed) brackets_.structure_changed(now, out);
}

void Dialect::hear_inserts(MessageReader& in, TimePoint now, DialectOutput& out) {
    const StripId strip{in.number()};
    InsertsListed list{strip, {}, false};
    std::vector<std::pair<InsertId, std::string>> told;
    while (in.more()) {
        Insert insert;
        insert.id = InsertId{in.number()};
        insert.plugin = in.text();
        insert.slot = static_cast<std::uint16_t>(list.inserts.size());
        told.emplace_back(insert.id, insert.plugin);
        list.inserts.push_back(std::move(insert));
    }
    if (!in.good()) return;
    const auto known = inserts_.find(strip);
    list.structure_changed = known != inserts_.end() && known->second != told;
    const bool changed = list.structure_changed;
    inserts_[strip] = std::move(told);
    out.observed.push_back({now, std::move(list)});
    if (changed) brackets_.structure_changed(now, out);
}

void Dialect::hear_sends(MessageReader& in, TimePoint now, DialectOutput& out) {
    const StripId strip{in.number()};
    SendsListed list{strip, {}, false};
    std::vector<std::pair<SendId, std::string>> told;
    while (in.more()) {
        Send send;
        send.id = SendId{in.number()};
        send.destination = in.text();
        send.slot = static_cast<std::uint16_t>(list.sends.size());
        told.emplace_back(send.id, send.destination);
        list.sends.push_back(std::move(send));
    }
    if (!in.good()) return;
    const auto known = sends_.find(strip);
    list.structure_changed = known != sends_.end() && known->second != told;
    const bool changed = list.structure_changed;
    sends_[strip] = std::move(told);
    out.observed.push_back({now, std::move(list)});
    if (changed) brackets_.structure_changed(now, out);
}

void Dialect::hear_value(MessageReader& in, TimePoint now, DialectOutput& out) {
    const Place place = in.place();
    const float wire = in.real();
    const auto path = in.good() ? path_of(place) : std::nullopt;
    const auto value = path ? value_of(*path, wire) : std::nullopt;
    if (!value) return;
    out.observed.push_back({now, ControlChanged{*path, *value}});
    brackets_.observe(*path, *value, now, out);
}

void Dialect::hear_parameters(MessageReader& in, TimePoint now, DialectOutput& out) {
    const StripId strip{in.number()};
    const InsertId insert{in.number()};
    std::vector<Parameter> parameters;
    while (in.more()) {
        Parameter p;
        p.number = static_cast<std::uint16_t>(in.number());
        p.name = in.text();
        p.unit = in.text();
        p.minimum = static_cast<double>(in.real());
        p.maximum = static_cast<double>(in.real());
        const std::uint32_t flags = in.number();
        p.logarithmic = (flags & 1U) != 0;
        p.output = (flags & 2U) != 0;
        p.plain = static_cast<double>(in.real());
        p.text = in.text();
        p.value.learn(normalized_of(p, p.plain), now);
        parameters.push_back(std::move(p));
    }
    if (!in.good()) return;
    parameters_[{strip, insert}] = parameters;
    out.observed.push_back({now, ParametersListed{strip, insert, parameters}});
    for (const Parameter& p : parameters)
        if (!p.output)
            brackets_.observe({strip, Control::parameter, insert, p.number}, *p.value.value, now,
                              out);
}

void Dialect::hear_meters(MessageReader& in, TimePoint now, DialectOutput& out) {
    constexpr Decibel resolution{0.01}; // a float of the sample itself
    std::vector<Metered> told;
    while (in.more()) {
        const StripId strip{in.number()};
        const auto reading = [&](MeterKind kind, Tap tap, float value) {
            told.push_back(
                {strip, {kind, Channel::sum, tap, static_cast<double>(value), resolution, now}});
        };
        const float pre = in.real(), post = in.real(), reduction = in.real();
        reading(MeterKind::sample_peak, Tap::post_fader, post); // first, as a DAW's own meter
        reading(MeterKind::sample_peak, Tap::pre_fader, pre);
        if (reduction >= 0.0F) reading(MeterKind::gain_reduction, Tap::pre_fader, reduction);
    }
    if (!in.good()) return;
    for (const Metered& metered : told) out.observed.push_back({now, metered});
}

void Dialect::hear_spectra(MessageReader& in, TimePoint now, DialectOutput& out) {
    SpectraHeard heard;
    heard.tap = Tap::post_fader;
    heard.seconds = static_cast<double>(in.real());
    while (in.more()) {
        SpectraHeard::Entry& entry = heard.strips.emplace_back();
        entry.strip = StripId{in.number()};
        for (float& energy : entry.energies) energy = in.real();
    }
    if (in.good()) out.observed.push_back({now, std::move(heard)});
}

void Dialect::hear_loudness(MessageReader& in, TimePoint now, DialectOutput& out) {
    constexpr Decibel resolution{0.01};
    std::vector<Metered> told;
    while (in.more()) {
        const StripId strip{in.number()};
        const auto kind = value_in(meter_kind_names, in.text());
        const auto value = static_cast<double>(in.real());
        if (kind && in.good())
            told.push_back({strip, {*kind, Channel::sum, Tap::post_fader, value, resolution, now}});
    }
    if (!in.good()) return;
    for (const Metered& metered : told) out.observed.push_back({now, metered});
}

// ---- writes ---------------------------------------------------------------------------------

const Parameter* Dialect::parameter(const ControlPath& path) const {
    const auto insert = parameters_.find({path.strip, path.insert()});
    if (insert == parameters_.end()) return nullptr;
    for (const Parameter& p : insert->second)
        if (p.number == path.parameter) return &p;
    return nullptr;
}

std::optional<ControlPath> Dialect::path_of(const Place& place) const {
    ControlPath path{StripId{place.strip}, place.control, {}, place.parameter};
    if (place.control == Control::send || place.control == Control::send_enabled)
        path.on = SendId{place.part};
    if (place.control == Control::parameter || place.control == Control::bypass)
        path.on = InsertId{place.part};
    const bool listed = std::any_of(strips_.begin(), strips_.end(),
                                    [&](const Listed& s) { return s.id == path.strip; });
    return listed ? std::optional(path) : std::nullopt;
}

std::optional<ControlValue> Dialect::value_of(const ControlPath& path, float wire) const {
    const auto value = static_cast<double>(wire);
    switch (path.control) {
    case Control::trim:
    case Control::fader:
    case Control::send: return Decibel{value};
    case Control::pan: return Pan{value};
    case Control::mute:
    case Control::solo:
    case Control::send_enabled:
    case Control::bypass: return wire != 0.0F;
    case Control::parameter: break;
    }
    const Parameter* p = parameter(path);
    return p ? std::optional<ControlValue>(normalized_of(*p, value)) : std::nullopt;
}

float Dialect::wire_of(const ControlPath& path, const ControlValue& value) const {
    if (const auto* level = std::get_if<Decibel>(&value)) return static_cast<float>(level->value());
    if (const auto* pan = std::get_if<Pan>(&value)) return static_cast<float>(pan->value());
    if (const auto* on = std::get_if<bool>(&value)) return *on ? 1.0F : 0.0F;
    const Parameter* p = parameter(path);
    return p ? static_cast<float>(plain_of(*p, std::get<Normalized>(value))) : 0.0F;
}

Result<void> Dialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    if (!connected_) return Error{ErrorCode::unavailable, "the demo is not connected", {}};
    const ControlPath& path = move.move().path;
    const auto strip = std::find_if(strips_.begin(), strips_.end(),
                                    [&](const Listed& s) { return s.id == path.strip; });
    if (strip == strips_.end())
        return Error{ErrorCode::not_found, "the demo has no such strip any more", {}};
    if (strip->kind == StripKind::master
        && (path.control == Control::trim || path.control == Control::solo))
        return Error{ErrorCode::unsupported, "the demo's master has neither trim nor solo", {}};
    if (path.control == Control::parameter && !parameter(path))
        return Error{ErrorCode::not_found, "the demo has no such parameter", {}};
    return brackets_.begin(move, now, out);
}

void Dialect::halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
    brackets_.halt(move, now, out);
}

namespace {

Place place_of(const ControlPath& path) {
    const std::uint32_t part = path.insert() ? path.insert().value : path.send().value;
    return {path.strip.value, path.control, part, path.parameter};
}

} // namespace

void Dialect::request_proof(Token token, const ControlPath& path, TimePoint, DialectOutput& out) {
    asked_[token] = path;
    out.to_send.emplace_back(
        MessageWriter("/demo/prove").token(token).place(place_of(path)).take());
}

void Dialect::hear_proof(MessageReader& in, TimePoint now, DialectOutput& out) {
    const Token token = in.token();
    const bool there = in.number() != 0;
    const float wire = in.real();
    const auto asked = asked_.extract(token);
    if (!in.good() || asked.empty()) return;
    const ControlPath path = asked.mapped();
    Proof proof;
    proof.same = there;
    if (there)
        proof.value = value_of(path, wire);
    else
        proof.mismatch = "it is gone from the demo session";
    brackets_.proof(token, proof, now, out);
}

void Dialect::write(const ControlPath& path, Address, const ControlValue& value, TimePoint,
                    DialectOutput& out) {
    if (path.control == Control::parameter && !parameter(path)) return; // gone since it was proved
    out.to_send.emplace_back(
        MessageWriter("/demo/set").place(place_of(path)).real(wire_of(path, value)).take());
}

} // namespace prefade::demo
