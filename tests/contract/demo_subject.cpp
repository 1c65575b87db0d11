// The demo's dialect at the demo's own engine, with a small session.
#include "connectors/demo/dialect.h"
#include "connectors/demo/engine.h"
#include "tests/contract/subject.h"

#include <array>
#include <cmath>

namespace prefade::test {
namespace {

using demo::MixerStrip;
using demo::ProcessorKind;
using demo::StripRole;

class DemoSubject final : public HostSubject {
public:
    explicit DemoSubject(Traits which)
        : HostSubject(std::move(which)),
          engine_(mixer(), "contract", {}, 441'000) {
        attach(std::make_unique<demo::Dialect>("here"));
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const MixerStrip& strip : engine_.mixer().strips()) all.push_back(strip.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const auto place = place_of(target);
        return place ? engine_.value(*place) : std::nullopt;
    }
    float on_the_wire(const Target& target, const ControlValue& value) const override {
        if (const auto* level = std::get_if<Decibel>(&value))
            return static_cast<float>(level->value());
        if (const auto* pan = std::get_if<Pan>(&value)) return static_cast<float>(pan->value());
        if (const auto* on = std::get_if<bool>(&value)) return *on ? 1.0F : 0.0F;
        const auto& specs = demo::parameters_of(ProcessorKind::compressor);
        const auto& spec = specs[target.parameter - 1U];
        const auto part = static_cast<float>(std::get<Normalized>(value).value());
        return spec.minimum + part * (spec.maximum - spec.minimum);
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        engine_.set(*place_of(target), on_the_wire(target, value));
    }
    void rename(const std::string& strip, const std::string& name) override {
        engine_.rename(engine_.find(strip)->id, name);
    }
    void remove(const std::string& strip) override { engine_.remove(engine_.find(strip)->id); }
    void move_first(const std::string& strip) override { engine_.move(engine_.find(strip)->id, 0); }
    void play(const std::string& strip, double peak_db) override {
        const MixerStrip& played = *engine_.find(strip);
        const double peak =
            32768.0 * std::pow(10.0, (peak_db - static_cast<double>(played.fader_db)) / 20.0);
        auto& recording = recordings_.at(played.id - 1);
        for (std::size_t i = 0; i < recording.size(); ++i)
            recording[i] = static_cast<std::int16_t>(std::lround(i % 50 < 25 ? peak : -peak));
        if (!engine_.rolling()) engine_.play(true);
    }
    void kill() override { alive_ = false; }
    void start_again() override {
        engine_.take_sent(); // what the old one still had to say
        alive_ = true;
    }
    void cut(bool cut) override { cut_ = cut; }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return heard_; }

private:
    demo::Mixer mixer() {
        demo::Mixer made;
        const auto strip = [&](std::uint32_t id, const char* name, StripRole role, float fader_db) {
            MixerStrip added;
            added.id = id;
            added.name = name;
            added.role = role;
            added.fader_db = fader_db;
            if (role == StripRole::track)
                added.sources.push_back({demo::Recording(recordings_.at(id - 1)), 1.0F});
            if (added.name == "Vox") {
                added.inserts.push_back({11, demo::make_processor(ProcessorKind::eq), false});
                added.inserts.push_back(
                    {12, demo::make_processor(ProcessorKind::compressor), false});
                added.inserts.back().processor->set(1, 0.0F); // threshold: out of the way
                added.sends.push_back({13, 4, -9.5F, true});
            }
            made.add(std::move(added));
        };
        strip(1, "Kick", StripRole::track, -3.25F);
        strip(2, "Bass", StripRole::track, -5.3F);
        strip(3, "Vox", StripRole::track, -2.6F);
        strip(4, "Reverb", StripRole::bus, -6.5F);
        strip(5, "Master", StripRole::master, 0.0F);
        return made;
    }
    std::optional<demo::Place> place_of(const Target& target) const {
        const MixerStrip* strip = engine_.find(target.strip);
        if (!strip) return std::nullopt;
        demo::Place place{strip->id, target.control, 0, target.parameter};
        for (const demo::Slot& slot : strip->inserts)
            if (!target.on.empty() && demo::name_of(slot.processor->kind()) == target.on)
                place.part = slot.id;
        for (const demo::SendLine& send : strip->sends)
            if (engine_.mixer().find(send.destination)->name == target.on) place.part = send.id;
        if (target.control != Control::parameter) place.parameter = 0;
        return place;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span; now_ < end;) {
            now_ = std::min(now_ + 5ms, end);
            for (; stepped_ + demo::step_span <= now_; stepped_ += demo::step_span) engine_.step();
            tick();
            for (int rounds = 0; rounds < 1000; ++rounds) {
                const auto said = engine_.take_sent();
                if (said.empty()) break;
                for (const OscMessage& message : said)
                    if (alive_ && !cut_) hear({message});
            }
        }
    }
    void to_host(const WireMessage& wire) override {
        const auto& message = std::get<OscMessage>(wire);
        const bool set = message.address == "/demo/set";
        sent_ += set ? 1 : 0;
        if (!alive_ || cut_) return;
        heard_ += set ? 1 : 0;
        engine_.receive(message);
    }

    std::array<std::array<std::int16_t, 500>, 3> recordings_{};
    demo::Engine engine_;
    TimePoint stepped_{1h};
    bool alive_{true}, cut_{false};
    std::size_t sent_{0}, heard_{0};
};

} // namespace

std::unique_ptr<HostSubject> demo_host() {
    HostSubject::Traits traits;
    traits.name = "the demo";
    traits.meters = true;
    traits.send = {"Vox", Control::send, "Reverb", 0};
    traits.parameter = {"Vox", Control::parameter, "Compressor", 1};
    traits.never = {"Master", Control::trim, {}, 0};
    return std::make_unique<DemoSubject>(std::move(traits));
}

} // namespace prefade::test
