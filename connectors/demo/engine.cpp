#include "connectors/demo/engine.h"

#include "connectors/demo/song.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace prefade::demo {
namespace {

constexpr std::uint64_t meter_steps = 5, loudness_steps = 25, alive_steps = 50;

float dbfs(float linear) { return linear > 0.0F ? 20.0F * std::log10(linear) : -INFINITY; }

std::uint64_t frame_at(double seconds) {
    return static_cast<std::uint64_t>(std::llround(std::max(0.0, seconds) * sample_rate));
}

/// "-18.0 dB", "320 Hz", "3.00 :1": what its knob would show.
std::string text_of(const ParameterSpec& spec, float value) {
    char number[24];
    const char* form = std::abs(value) >= 100.0F ? "%.0f" : spec.unit == "dB" ? "%.1f" : "%.2f";
    std::snprintf(number, sizeof number, form, static_cast<double>(value));
    return spec.unit.empty() ? number : std::string(number) + ' ' + std::string(spec.unit);
}

bool has_dynamics(const MixerStrip& strip) {
    return std::any_of(strip.inserts.begin(), strip.inserts.end(), [](const Slot& slot) {
        return slot.processor->kind() == ProcessorKind::compressor
               || slot.processor->kind() == ProcessorKind::limiter;
    });
}

} // namespace

Engine::Engine(Mixer mixer, std::string session, std::vector<SessionMarker> markers,
               std::uint64_t length)
    : mixer_(std::move(mixer)),
      session_(std::move(session)),
      markers_(std::move(markers)),
      length_(length),
      loop_to_(length) {}

// ---- controls -------------------------------------------------------------------------------

/// Null where there is no such control. The master has neither trim nor solo.
const float* Engine::number(const Place& place) const {
    const MixerStrip* strip = mixer_.find(place.strip);
    if (!strip) return nullptr;
    switch (place.control) {
    case Control::trim: return strip->role == StripRole::master ? nullptr : &strip->trim_db;
    case Control::fader: return &strip->fader_db;
    case Control::pan: return &strip->pan;
    case Control::send: {
        const SendLine* send = mixer_.find_send(place.strip, place.part);
        return send ? &send->level_db : nullptr;
    }
    default: return nullptr;
    }
}

const bool* Engine::toggle(const Place& place) const {
    const MixerStrip* strip = mixer_.find(place.strip);
    if (!strip) return nullptr;
    switch (place.control) {
    case Control::mute: return &strip->mute;
    case Control::solo: return strip->role == StripRole::master ? nullptr : &strip->solo;
    case Control::send_enabled: {
        const SendLine* send = mixer_.find_send(place.strip, place.part);
        return send ? &send->enabled : nullptr;
    }
    case Control::bypass: {
        const Slot* insert = mixer_.find_slot(place.strip, place.part);
        return insert ? &insert->bypassed : nullptr;
    }
    default: return nullptr;
    }
}

const Processor* Engine::processor(const Place& place) const {
    const Slot* insert =
        place.control == Control::parameter ? mixer_.find_slot(place.strip, place.part) : nullptr;
    const bool there = insert && place.parameter >= 1
                       && place.parameter <= parameters_of(insert->processor->kind()).size();
    return there ? insert->processor.get() : nullptr;
}

std::optional<float> Engine::value(const Place& place) const {
    if (const float* held = number(place)) return *held;
    if (const bool* on = toggle(place)) return *on ? 1.0F : 0.0F;
    if (const Processor* plugin = processor(place)) return plugin->value(place.parameter);
    return std::nullopt;
}

bool Engine::set(const Place& place, float value) {
    if (std::isnan(value) || !this->value(place)) return false;
    // The looks above are const; the mixer is ours.
    if (auto* held = const_cast<float*>(number(place))) {
        if (place.control == Control::pan)
            *held = std::clamp(value, -1.0F, 1.0F);
        else if (place.control == Control::trim)
            *held = std::clamp(value, -trim_top_db, trim_top_db);
        else
            *held = std::min(value, fader_top_db);
    } else if (auto* on = const_cast<bool*>(toggle(place))) {
        *on = value != 0.0F;
    } else {
        const_cast<Processor*>(processor(place))->set(place.parameter, value);
    }
    tell_value(place);
    if (place.control == Control::parameter) // and its text
        tell_parameters(place.strip, *mixer_.find_slot(place.strip, place.part));
    return true;
}

bool Engine::rename(std::uint32_t strip, const std::string& name) {
    MixerStrip* found = mixer_.find(strip);
    if (!found) return false;
    found->name = name;
    sent_.push_back(MessageWriter("/demo/renamed").number(strip).text(name).take());
    return true;
}

void Engine::remove(std::uint32_t strip) {
    mixer_.remove(strip);
    tell_strips();
    for (const MixerStrip& left : mixer_.strips()) tell_parts(left); // sends to it are gone
}

void Engine::move(std::uint32_t strip, std::size_t position) {
    mixer_.move(strip, position);
    tell_strips();
}

void Engine::touch(std::uint32_t strip, bool touched) {
    sent_.push_back(MessageWriter("/demo/touch").number(strip).number(touched).take());
}

const MixerStrip* Engine::find(const std::string& name) const {
    for (const MixerStrip& strip : mixer_.strips())
        if (strip.name == name) return &strip;
    return nullptr;
}

// ---- transport ------------------------------------------------------------------------------

double Engine::seconds() const { return static_cast<double>(position_) / sample_rate; }

void Engine::play(bool roll) {
    if (rolling_ && !roll) {
        mixer_.silence();
        ears_.forget();
        rolling_ = false;
        tell_meters();
    }
    rolling_ = roll;
    tell_transport();
}

void Engine::locate(double seconds) {
    position_ = std::min(frame_at(seconds), length_ - 1);
    tell_transport();
}

void Engine::loop(double from, double to) {
    loop_from_ = std::min(frame_at(from), length_);
    loop_to_ = std::min(frame_at(to), length_);
    if (loop_from_ >= loop_to_) {
        loop_from_ = 0;
        loop_to_ = length_;
    }
}

void Engine::step() {
    ++steps_;
    if (rolling_) {
        mixer_.process(position_);
        ears_.listen(mixer_);
        tell_spectra();
        if (steps_ % loudness_steps == 0) tell_loudness();
        position_ += block_frames;
        if (position_ >= loop_to_) position_ = loop_from_ + (position_ - loop_to_);
        if (steps_ % meter_steps == 0) {
            tell_meters();
            tell_transport();
        }
    }
    if (steps_ % alive_steps == 0) sent_.push_back({"/demo/alive", {}});
}

// ---- the door -------------------------------------------------------------------------------

void Engine::receive(const OscMessage& message) {
    MessageReader in(message);
    if (message.address == "/demo/hello") return tell_all();
    if (message.address == "/demo/set") {
        const Place place = in.place();
        const float value = in.real();
        if (in.good()) set(place, value);
    } else if (message.address == "/demo/prove") {
        const std::uint64_t token = in.token();
        const Place place = in.place();
        if (!in.good()) return;
        const auto held = value(place);
        sent_.push_back(MessageWriter("/demo/proof")
                            .token(token)
                            .number(held.has_value())
                            .real(held.value_or(0.0F))
                            .take());
    } else if (message.address == "/demo/look") {
        const std::uint32_t strip = in.number(), insert = in.number();
        if (const Slot* slot = in.good() ? mixer_.find_slot(strip, insert) : nullptr)
            tell_parameters(strip, *slot);
    } else if (message.address == "/demo/play") {
        const bool roll = in.number() != 0;
        if (in.good()) play(roll);
    } else if (message.address == "/demo/locate") {
        const float to = in.real();
        if (in.good()) locate(static_cast<double>(to));
    } else if (message.address == "/demo/loop") {
        const float from = in.real(), to = in.real();
        if (in.good()) loop(static_cast<double>(from), static_cast<double>(to));
    }
}

std::vector<OscMessage> Engine::take_sent() { return std::exchange(sent_, {}); }

void Engine::tell_all() {
    sent_.push_back(MessageWriter("/demo/host").text("1").text(session_).take());
    tell_strips();
    for (const MixerStrip& strip : mixer_.strips()) {
        tell_parts(strip);
        tell_values(strip);
    }
    MessageWriter markers("/demo/markers");
    for (const SessionMarker& marker : markers_)
        markers.text(marker.name)
            .real(static_cast<float>(static_cast<double>(marker.frame) / sample_rate));
    sent_.push_back(markers.take());
    tell_transport();
    sent_.push_back({"/demo/done", {}});
}

void Engine::tell_strips() {
    MessageWriter list("/demo/strips");
    for (const MixerStrip& strip : mixer_.strips())
        list.number(strip.id).text(strip.name).number(static_cast<std::int64_t>(strip.role));
    sent_.push_back(list.take());
}

void Engine::tell_parts(const MixerStrip& strip) {
    MessageWriter inserts("/demo/inserts"), sends("/demo/sends");
    inserts.number(strip.id);
    for (const Slot& slot : strip.inserts)
        inserts.number(slot.id).text(std::string(name_of(slot.processor->kind())));
    sent_.push_back(inserts.take());
    sends.number(strip.id);
    for (const SendLine& send : strip.sends) {
        const MixerStrip* to = mixer_.find(send.destination);
        sends.number(send.id).text(to ? to->name : std::string());
    }
    sent_.push_back(sends.take());
}

void Engine::tell_values(const MixerStrip& strip) {
    for (const Control control :
         {Control::trim, Control::fader, Control::pan, Control::mute, Control::solo})
        tell_value({strip.id, control, 0, 0});
    for (const SendLine& send : strip.sends) {
        tell_value({strip.id, Control::send, send.id, 0});
        tell_value({strip.id, Control::send_enabled, send.id, 0});
    }
    for (const Slot& slot : strip.inserts) {
        tell_value({strip.id, Control::bypass, slot.id, 0});
        tell_parameters(strip.id, slot);
    }
}

void Engine::tell_value(const Place& place) {
    if (const auto held = value(place))
        sent_.push_back(MessageWriter("/demo/value").place(place).real(*held).take());
}

void Engine::tell_parameters(std::uint32_t strip, const Slot& slot) {
    MessageWriter list("/demo/parameters");
    list.number(strip).number(slot.id);
    const auto specs = parameters_of(slot.processor->kind());
    for (std::size_t i = 0; i < specs.size(); ++i) {
        const ParameterSpec& spec = specs[i];
        const float held =
            spec.output ? slot.processor->gain_reduction() : slot.processor->value(i + 1);
        list.number(static_cast<std::int64_t>(i + 1))
            .text(std::string(spec.name))
            .text(std::string(spec.unit))
            .real(spec.minimum)
            .real(spec.maximum)
            .number((spec.logarithmic ? 1 : 0) | (spec.output ? 2 : 0))
            .real(held)
            .text(text_of(spec, held));
    }
    sent_.push_back(list.take());
}

void Engine::tell_transport() {
    sent_.push_back(MessageWriter("/demo/transport")
                        .number(rolling_)
                        .real(static_cast<float>(seconds()))
                        .take());
}

void Engine::tell_meters() {
    MessageWriter meters("/demo/meters");
    const std::vector<Levels> levels = mixer_.take_levels();
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const MixerStrip& strip = mixer_.strips()[i];
        meters.number(strip.id)
            .real(dbfs(levels[i].pre))
            .real(dbfs(levels[i].post))
            .real(has_dynamics(strip) ? levels[i].gain_reduction : -1.0F);
    }
    sent_.push_back(meters.take());
}

void Engine::tell_spectra() {
    if (ears_.spectra().empty()) return;
    MessageWriter spectra("/demo/spectra");
    spectra.real(static_cast<float>(ears_.seconds()));
    for (const Ears::Heard& heard : ears_.spectra()) {
        spectra.number(heard.strip);
        for (const float energy : heard.energies) spectra.real(energy);
    }
    sent_.push_back(spectra.take());
}

void Engine::tell_loudness() {
    MessageWriter loudness("/demo/loudness");
    for (const Ears::Loudness& heard : ears_.loudness())
        loudness.number(heard.strip)
            .text(std::string(name_in(meter_kind_names, heard.kind)))
            .real(heard.value);
    sent_.push_back(loudness.take());
}

} // namespace prefade::demo
