// The Ardour dialect at a simulated Ardour, with and without lost messages.
#include "connectors/ardour/dialect.h"
#include "tests/contract/subject.h"
#include "tests/support/sim_desk.h"

#include <algorithm>

namespace prefade::test {
namespace {

class ArdourSubject final : public HostSubject {
public:
    ArdourSubject(Traits which, unsigned lost_percent)
        : HostSubject(std::move(which)),
          lost_percent_(lost_percent) {
        fill(sim_);
        sim_.loses = [this] { return loses(); };
        attach(std::make_unique<ardour::Dialect>(ardour_profile(), "127.0.0.1:3819", LinkTraits{}));
    }

    std::vector<std::string> names() const override { return names_; }
    std::optional<float> held(const Target& target) const override {
        auto& sim = const_cast<ArdourSim&>(sim_); // `strip` gives the strip to change; not here
        if (!sim.has(target.strip)) return std::nullopt;
        const SimStrip& strip = sim.strip(target.strip);
        switch (target.control) {
        case Control::fader: return static_cast<float>(db_of(strip.gain));
        case Control::trim: return static_cast<float>(db_of(strip.trim));
        case Control::pan: return strip.pan;
        case Control::mute: return strip.mute ? 1.0F : 0.0F;
        case Control::solo: return strip.solo ? 1.0F : 0.0F;
        default: return of_part(strip, target);
        }
    }
    float on_the_wire(const Target& target, const ControlValue& value) const override {
        if (const auto* level = std::get_if<Decibel>(&value))
            return static_cast<float>(level->value());
        if (const auto* pan = std::get_if<Pan>(&value))
            return static_cast<float>((1.0 - pan->value()) / 2.0); // 0 is hard right
        if (const auto* on = std::get_if<bool>(&value)) return *on ? 1.0F : 0.0F;
        const Parameter* parameter = session().parameter(*path(target));
        return static_cast<float>(plain_of(*parameter, std::get<Normalized>(value)));
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        if (target.control == Control::fader)
            sim_.set_gain(target.strip, std::get<Decibel>(value).value());
        else
            sim_.set_mute(target.strip, std::get<bool>(value));
    }
    void rename(const std::string& strip, const std::string& name) override {
        sim_.rename(strip, name);
        std::replace(names_.begin(), names_.end(), strip, name);
    }
    void remove(const std::string& strip) override {
        sim_.remove(strip);
        std::erase(names_, strip);
    }
    void move_first(const std::string& strip) override {
        sim_.move(strip, 0);
        std::erase(names_, strip);
        names_.insert(names_.begin(), strip);
    }
    void play(const std::string& strip, double peak_db) override {
        sim_.set_meter(strip, static_cast<float>(peak_db));
    }
    void kill() override { sim_.kill(); }
    void start_again() override { sim_.restart(); }
    void cut(bool cut) override { cut_ = cut; }
    std::size_t sets_sent() const override { return sim_.heard.size(); } // it hears at once
    std::size_t sets_heard() const override { return sim_.heard.size(); }

private:
    static std::optional<float> of_part(const SimStrip& strip, const Target& target) {
        for (const SimSend& send : strip.sends) {
            if (send.to != target.on) continue;
            if (target.control == Control::send) return static_cast<float>(db_of(send.gain));
            return send.enabled ? 1.0F : 0.0F;
        }
        for (const SimPlugin& plugin : strip.plugins) {
            if (plugin.name != target.on) continue;
            if (target.control == Control::bypass) return plugin.active ? 0.0F : 1.0F;
            return plugin.parameters.at(target.parameter - 1U).value;
        }
        return std::nullopt;
    }
    bool loses() {
        random_ = random_ * 1664525U + 1013904223U;
        return cut_ || (random_ >> 16) % 100 < lost_percent_;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span; now_ < end;) {
            now_ = std::min(now_ + 5ms, end);
            sim_.tick(now_);
            tick();
            for (int rounds = 0; rounds < 1000; ++rounds) {
                const auto said = sim_.take_sent();
                if (said.empty()) break;
                for (const OscMessage& message : said) hear({message});
            }
        }
    }
    void to_host(const WireMessage& message) override {
        sim_.receive(std::get<OscMessage>(message), now_);
    }

    ArdourSim sim_;
    std::vector<std::string> names_{"Kick", "Bass", "Vox", "Reverb", "Drums", "Master"};
    const unsigned lost_percent_;
    std::uint32_t random_{20'240'611};
    bool cut_{false};
};

std::unique_ptr<HostSubject> ardour_losing(unsigned percent) {
    HostSubject::Traits traits;
    traits.name = percent ? "Ardour, simulated, messages lost" : "Ardour, simulated";
    traits.certain = percent == 0;
    traits.tries = traits.certain ? 1 : 12;
    traits.grain = 4e-6F; // Ardour keeps the gain, and tells its dB: both in 32 bits
    traits.meters = true;
    traits.send = {"Vox", Control::send, "Reverb", 0};
    traits.parameter = {"Vox", Control::parameter, "ACE Compressor", 2};
    traits.never = {"Drums", Control::trim, {}, 0}; // a VCA
    return std::make_unique<ArdourSubject>(std::move(traits), percent);
}

} // namespace

std::unique_ptr<HostSubject> ardour_sim() { return ardour_losing(0); }
std::unique_ptr<HostSubject> ardour_sim_losing() { return ardour_losing(10); }

} // namespace prefade::test
