#include "core/session.h"

#include "core/observation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace prefade {

std::string_view unit_of(MeterKind kind) noexcept {
    switch (kind) {
    case MeterKind::sample_peak:
    case MeterKind::rms:
    case MeterKind::vu:
    case MeterKind::segments: return "dBFS";
    case MeterKind::true_peak: return "dBTP";
    case MeterKind::gain_reduction: return "dB";
    case MeterKind::lufs_momentary:
    case MeterKind::lufs_short_term:
    case MeterKind::lufs_integrated: return "LUFS";
    }
    return "";
}

// ---- Parameter scale -----------------------------------------------------------------------

namespace {
bool is_log(const Parameter& p) noexcept {
    return p.logarithmic && p.minimum > 0.0 && p.maximum > p.minimum;
}
} // namespace

Normalized normalized_of(const Parameter& p, double plain) noexcept {
    if (!(p.maximum > p.minimum)) return Normalized{0.0};
    const double inside = std::clamp(plain, p.minimum, p.maximum);
    if (is_log(p))
        return Normalized{std::log(inside / p.minimum) / std::log(p.maximum / p.minimum)};
    return Normalized{(inside - p.minimum) / (p.maximum - p.minimum)};
}

double plain_of(const Parameter& p, Normalized value) noexcept {
    const double range = p.maximum - p.minimum;
    if (!(range > 0.0)) return p.minimum;
    if (value.value() >= 1.0) return p.maximum;
    if (value.value() <= 0.0) return p.minimum;
    if (is_log(p)) return p.minimum * std::exp(value.value() * std::log(p.maximum / p.minimum));
    const double plain = p.minimum + value.value() * range;
    return std::abs(plain) < range * 1e-12 ? 0.0 : plain; // what rounding leaves of a true zero
}

// ---- PeakRing ------------------------------------------------------------------------------

namespace {
std::int64_t tick_of(TimePoint at) noexcept { return at.time_since_epoch() / PeakRing::step; }
} // namespace

void PeakRing::add(double value, TimePoint at) noexcept {
    const std::int64_t tick = tick_of(at);
    if (tick < 0) return;
    Cell& cell = cells_[static_cast<std::size_t>(tick) % steps];
    if (cell.tick > tick) return; // older than the whole ring
    if (cell.tick < tick)
        cell = {tick, value};
    else
        cell.maximum = std::max(cell.maximum, value);
}

std::optional<double> PeakRing::maximum(TimePoint now, Duration span) const noexcept {
    const std::int64_t last = tick_of(now), first = tick_of(now - span);
    std::optional<double> found;
    for (const Cell& cell : cells_)
        if (cell.tick >= first && cell.tick <= last && cell.tick >= 0)
            found = found ? std::max(*found, cell.maximum) : cell.maximum;
    return found;
}

std::size_t PeakRing::filled(TimePoint now, Duration span) const noexcept {
    const std::int64_t last = tick_of(now), first = tick_of(now - span);
    return static_cast<std::size_t>(std::count_if(cells_.begin(), cells_.end(), [&](const Cell& c) {
        return c.tick >= 0 && c.tick >= first && c.tick <= last;
    }));
}

std::optional<double> PeakRing::mean(TimePoint now, Duration span) const noexcept {
    const std::int64_t last = tick_of(now), first = tick_of(now - span);
    double sum = 0.0;
    int count = 0;
    for (const Cell& cell : cells_)
        if (cell.tick >= 0 && cell.tick >= first && cell.tick <= last) {
            sum += std::max(cell.maximum, -120.0);
            ++count;
        }
    if (count == 0) return std::nullopt;
    return sum / count;
}

// ---- questions -----------------------------------------------------------------------------

const Meter* Strip::meter(MeterKind of, Tap at, Channel channel) const noexcept {
    for (const Meter& m : meters)
        if (m.latest.kind == of && m.latest.tap == at && m.latest.channel == channel) return &m;
    return nullptr;
}

namespace {

template <class Range, class IdType> auto* find_by_id(Range& range, IdType id) noexcept {
    const auto found =
        std::find_if(range.begin(), range.end(), [&](const auto& x) { return x.id == id; });
    return found == range.end() ? nullptr : &*found;
}

template <class T> std::optional<Known<ControlValue>> widen(const Known<T>& known) {
    if (!known.value) return std::nullopt;
    return Known<ControlValue>{ControlValue{*known.value}, known.at};
}

} // namespace

const Strip* Session::find(StripId id) const noexcept { return find_by_id(strips, id); }

const Insert* Session::find(StripId strip, InsertId id) const noexcept {
    const Strip* s = find(strip);
    return s ? find_by_id(s->inserts, id) : nullptr;
}

const Send* Session::find(StripId strip, SendId id) const noexcept {
    const Strip* s = find(strip);
    return s ? find_by_id(s->sends, id) : nullptr;
}

const Parameter* Session::parameter(const ControlPath& path) const noexcept {
    const Insert* insert = find(path.strip, path.insert());
    if (!insert) return nullptr;
    for (const Parameter& p : insert->parameters)
        if (p.number == path.parameter) return &p;
    return nullptr;
}

std::optional<Known<ControlValue>> Session::value(const ControlPath& path) const {
    const Strip* s = find(path.strip);
    if (!s) return std::nullopt;
    switch (path.control) {
    case Control::trim: return widen(s->trim);
    case Control::fader: return widen(s->fader);
    case Control::pan: return widen(s->pan);
    case Control::mute: return widen(s->mute);
    case Control::solo: return widen(s->solo);
    case Control::send:
    case Control::send_enabled: {
        const Send* send = find(path.strip, path.send());
        if (!send) return std::nullopt;
        return path.control == Control::send ? widen(send->level) : widen(send->enabled);
    }
    case Control::bypass: {
        const Insert* insert = find(path.strip, path.insert());
        return insert ? widen(insert->bypassed) : std::nullopt;
    }
    case Control::parameter: {
        const Parameter* p = parameter(path);
        if (!p) return std::nullopt;
        return p->value.value ? widen(p->value) : widen(p->displayed);
    }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> Session::identity_since(const ControlPath& path) const noexcept {
    const Strip* s = find(path.strip);
    if (!s) return std::nullopt;
    if (path.insert()) {
        const Insert* insert = find(path.strip, path.insert());
        if (!insert) return std::nullopt;
        return std::max(s->since_epoch, insert->since_epoch);
    }
    if (path.send()) {
        const Send* send = find(path.strip, path.send());
        if (!send) return std::nullopt;
        return std::max(s->since_epoch, send->since_epoch);
    }
    return s->since_epoch;
}

std::string Session::describe(const ControlPath& path) const {
    const Strip* s = find(path.strip);
    std::string text = s ? '"' + s->name + '"' : "strip " + std::to_string(path.strip.value);
    if (path.insert()) {
        const Insert* insert = find(path.strip, path.insert());
        text += ' ' + (insert ? insert->plugin : "insert " + std::to_string(path.insert().value));
        if (path.control == Control::parameter) {
            const Parameter* p = parameter(path);
            return text + " / " + (p ? p->name : "parameter " + std::to_string(path.parameter));
        }
    }
    if (path.send()) {
        const Send* send = find(path.strip, path.send());
        const std::string to =
            send ? '"' + send->destination + '"' : std::to_string(path.send().value);
        return text + (path.control == Control::send ? " send to " : " send switch to ") + to;
    }
    return text + ' ' + std::string(name_in(control_names, path.control));
}

std::string Session::describe(const ControlPath& path, const ControlValue& value) const {
    const Parameter* p = path.control == Control::parameter ? parameter(path) : nullptr;
    const auto* part = std::get_if<Normalized>(&value);
    const auto* displayed = std::get_if<Displayed>(&value);
    if (!p || (!part && !displayed)) return to_text(value);
    const double plain = part ? plain_of(*p, *part) : displayed->value();
    if (p->toggle) return plain > (p->minimum + p->maximum) / 2.0 ? "on" : "off";
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", plain);
    return p->unit.empty() ? text : std::string(text) + ' ' + p->unit;
}

// ---- apply: the only writer ----------------------------------------------------------------

namespace {

struct Applier {
    Session& session;
    TimePoint at;

    Strip* strip(StripId id) { return find_by_id(session.strips, id); }

    void operator()(const StripsListed& listed) {
        // Where an identity broke, nothing thought up before may reach what bears the id now.
        if (listed.structure_changed
            || std::any_of(listed.strips.begin(), listed.strips.end(),
                           [](const auto& entry) { return entry.identity_broken; }))
            ++session.epoch;
        std::vector<Strip> now;
        now.reserve(listed.strips.size());
        for (const auto& entry : listed.strips) {
            if (!entry.id || find_by_id(now, entry.id)) continue; // an id names one strip
            Strip s;
            if (Strip* known = strip(entry.id); known && !entry.identity_broken)
                s = std::move(*known);
            else
                s.since_epoch = session.epoch;
            s.id = entry.id;
            s.name = entry.name;
            s.name_is_short = entry.name_is_short;
            s.kind = entry.kind;
            s.hidden = entry.hidden;
            s.position = static_cast<std::uint16_t>(now.size());
            now.push_back(std::move(s));
        }
        const auto is_gone = [&](StripId id) {
            return std::none_of(listed.strips.begin(), listed.strips.end(), [&](const auto& entry) {
                return entry.id == id && !entry.identity_broken;
            });
        };
        std::erase_if(session.masking,
                      [&](const Masking& m) { return is_gone(m.masker) || is_gone(m.target); });
        session.strips = std::move(now);
    }
    void operator()(const StripRenamed& renamed) {
        if (Strip* s = strip(renamed.strip)) s->name = renamed.name;
    }
    void operator()(const ControlChanged& changed) { set(changed.path, changed.value); }
    void operator()(const ArmChanged& changed) {
        if (Strip* s = strip(changed.strip)) s->arm.learn(changed.armed, at);
    }
    void operator()(const AutomationChanged& changed) {
        if (Strip* s = strip(changed.strip)) s->automation.learn(changed.mode, at);
    }
    void operator()(const Metered& metered) {
        Strip* s = strip(metered.strip);
        if (!s) return;
        const Reading& r = metered.reading;
        for (Meter& m : s->meters)
            if (m.latest.kind == r.kind && m.latest.tap == r.tap && m.latest.channel == r.channel) {
                m.latest = r;
                m.recent.add(r.value, r.at);
                return;
            }
        s->meters.push_back({r, {}});
        s->meters.back().recent.add(r.value, r.at);
    }
    void operator()(const SpectraHeard& heard) {
        if (!(heard.seconds > 0.0)) return;
        for (const auto& entry : heard.strips)
            if (Strip* s = strip(entry.strip)) hear(*s, entry.energies, heard);
    }
    void operator()(const MaskingHeard& heard) {
        std::vector<Masking> now;
        for (Masking conflict : heard.conflicts) {
            if (!strip(conflict.masker) || !strip(conflict.target)) continue;
            conflict.since = conflict.at = at;
            for (const Masking& before : session.masking)
                if (before.same_place(conflict)) conflict.since = before.since;
            now.push_back(conflict);
        }
        session.masking = std::move(now);
    }
    void operator()(const Touched& touched) {
        if (Strip* s = strip(touched.strip)) {
            s->touched = touched.touched;
            s->hand_at = at;
        }
    }
    void operator()(const InsertsListed& listed) {
        Strip* s = strip(listed.strip);
        if (!s) return;
        if (listed.structure_changed) ++session.epoch;
        s->inserts_listed = true;
        merge(s->inserts, listed.inserts, [](Insert& kept, const Insert& told) {
            kept.plugin = told.plugin;
            kept.slot = told.slot;
            if (told.bypassed.value) kept.bypassed = told.bypassed;
        });
    }
    void operator()(const ParametersListed& listed) {
        Strip* s = strip(listed.strip);
        if (!s) return;
        if (auto* insert = find_by_id(s->inserts, listed.insert))
            insert->parameters = listed.parameters;
    }
    void operator()(const SendsListed& listed) {
        Strip* s = strip(listed.strip);
        if (!s) return;
        if (listed.structure_changed) ++session.epoch;
        s->sends_listed = true;
        merge(s->sends, listed.sends, [](Send& kept, const Send& told) {
            kept.destination = told.destination;
            kept.slot = told.slot;
            if (told.level.value) kept.level = told.level;
            if (told.enabled.value) kept.enabled = told.enabled;
        });
    }
    void operator()(const MarkersListed& listed) { session.markers = listed.markers; }
    void operator()(const FaderShown& shown) {
        // A law only rises: what does not fit to the newest point is older than it, or was misread.
        const FaderPoint& fresh = shown.point;
        auto& points = session.fader_points;
        std::erase_if(points, [&](const FaderPoint& p) {
            return (p.position <= fresh.position) != (p.level < fresh.level)
                   || p.position == fresh.position || p.level == fresh.level;
        });
        points.insert(
            std::find_if(points.begin(), points.end(),
                         [&](const FaderPoint& p) { return p.position > fresh.position; }),
            fresh);
    }
    void operator()(const TransportChanged& changed) {
        if (changed.rolling) session.transport.rolling.learn(*changed.rolling, at);
        if (changed.recording) session.transport.recording.learn(*changed.recording, at);
        if (changed.seconds) session.transport.seconds.learn(*changed.seconds, at);
    }
    void operator()(const HostFound& found) {
        session.strips.clear(); // every value before is void until it is read anew
        session.markers.clear();
        session.masking.clear();
        if (session.host.name != found.name) session.fader_points.clear();
        session.transport = {};
        session.host.name = found.name;
        session.host.version = found.version;
        session.host.address = found.address;
        session.host.demo = found.demo;
        session.host.progress.clear();
        session.host.session_name.clear(); // it may have opened another one
        set_state(HostState::connected);
        ++session.epoch; // whatever was thought up before may be about another session
    }
    void operator()(const HostLost&) {
        set_state(HostState::lost);
        session.transport = {};
    }
    void operator()(const Progressed& progressed) {
        if (session.host.state != HostState::connected) session.host.progress = progressed.text;
    }
    void operator()(const SessionNamed& named) { session.host.session_name = named.name; }
    // Told to the desk; they change no value of the session.
    void operator()(const CapabilitiesChanged&) {}
    void operator()(const WriteBegins&) {}
    void operator()(const WriteInPlace&) {}
    void operator()(const WriteProved&) {}
    void operator()(const WriteSuperseded&) {}
    void operator()(const WriteRefused&) {}
    void operator()(const WriteUnproved&) {}
    void operator()(const WriteFailed&) {}
    void operator()(const WriteMisled&) {}
    void operator()(const Noticed&) {}

private:
    void set_state(HostState state) {
        session.host.state = state;
        session.host.since = at;
    }

    template <class T, class Keep>
    void merge(std::vector<T>& kept, const std::vector<T>& told, Keep keep) {
        std::vector<T> now;
        now.reserve(told.size());
        for (const T& item : told) {
            if (!item.id || find_by_id(now, item.id)) continue;
            if (T* known = find_by_id(kept, item.id)) {
                keep(*known, item);
                now.push_back(std::move(*known));
            } else {
                now.push_back(item);
                now.back().since_epoch = session.epoch;
            }
        }
        kept = std::move(now);
    }

    /// A mean at first, that forgets once it is as long as its memory. Silence says nothing of a tone.
    void hear(Strip& s, const BandEnergies& energies, const SpectraHeard& heard) const {
        float whole = 0.0F;
        for (const float energy : energies) {
            if (!std::isfinite(energy) || energy < 0.0F) return;
            whole += energy;
        }
        if (whole < Spectrum::silence) return;
        if (!s.spectrum || s.spectrum->tap != heard.tap)
            s.spectrum = Spectrum{heard.tap, {}, 0.0, at};
        Spectrum& mean = *s.spectrum;
        mean.seconds = std::min(mean.seconds + heard.seconds, Spectrum::memory);
        const auto part = static_cast<float>(std::min(1.0, heard.seconds / mean.seconds));
        for (std::size_t b = 0; b < energies.size(); ++b)
            mean.energies[b] += part * (energies[b] - mean.energies[b]);
        mean.at = at;
    }

    void learn_gain(Known<Decibel>& gain, TimePoint& moved_at, const ControlValue& value) const {
        if (gain.value && !nearly_equal(*gain.value, value)) moved_at = at;
        gain.learn(std::get<Decibel>(value), at);
    }
    void learn(Parameter& p, const ControlValue& value) const {
        if (const auto* shown = std::get_if<Displayed>(&value)) {
            p.displayed.learn(*shown, at);
            p.text = p.unit.empty() ? to_text(value) : to_text(value) + ' ' + p.unit;
            return;
        }
        p.value.learn(std::get<Normalized>(value), at);
        p.plain = plain_of(p, *p.value.value);
    }
    void set(const ControlPath& path, const ControlValue& value) {
        Strip* s = strip(path.strip);
        if (!s || !fits(path.control, value)) return;
        switch (path.control) {
        case Control::trim: learn_gain(s->trim, s->trim_moved_at, value); break;
        case Control::fader: learn_gain(s->fader, s->fader_moved_at, value); break;
        case Control::pan: s->pan.learn(std::get<Pan>(value), at); break;
        case Control::mute: s->mute.learn(std::get<bool>(value), at); break;
        case Control::solo: s->solo.learn(std::get<bool>(value), at); break;
        case Control::send:
            if (Send* send = find_by_id(s->sends, path.send()))
                send->level.learn(std::get<Decibel>(value), at);
            break;
        case Control::send_enabled:
            if (Send* send = find_by_id(s->sends, path.send()))
                send->enabled.learn(std::get<bool>(value), at);
            break;
        case Control::bypass:
            if (Insert* insert = find_by_id(s->inserts, path.insert()))
                insert->bypassed.learn(std::get<bool>(value), at);
            break;
        case Control::parameter:
            if (Insert* insert = find_by_id(s->inserts, path.insert()))
                for (Parameter& p : insert->parameters)
                    if (p.number == path.parameter) learn(p, value);
            break;
        }
    }
};

} // namespace

void apply(Session& session, const Observation& observation) {
    std::visit(Applier{session, observation.at}, observation.what);
}

} // namespace prefade
