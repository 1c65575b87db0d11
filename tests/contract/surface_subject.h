// What a DAW on a control surface of one unit is to the contract, whichever protocol it speaks: the strips of its simulated
// host, hands on them, its death and return. How time runs and what counts as a write is the protocol's.
#pragma once

#include "connectors/host_profile.h"
#include "tests/contract/subject.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

template <class Host> class SurfaceSubject : public HostSubject {
public:
    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const Strip& strip : host_.strips) all.push_back(strip.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const Strip* strip = find_strip(target.strip);
        if (!strip) return std::nullopt;
        if (target.control == Control::fader) return static_cast<float>(strip->fader);
        if (target.control == Control::mute) return strip->mute ? 1.0F : 0.0F;
        if (target.control == Control::solo) return strip->solo ? 1.0F : 0.0F;
        if constexpr (turns_pans)
            if (target.control == Control::pan) return static_cast<float>(strip->pan);
        return std::nullopt;
    }
    float on_the_wire(const Target&, const ControlValue& value) const override {
        if (const auto* level = std::get_if<Decibel>(&value))
            return static_cast<float>(profile_.surface.law.position_of(*level));
        if (const auto* pan = std::get_if<Pan>(&value)) return static_cast<float>(pan->value());
        return std::get<bool>(value) ? 1.0F : 0.0F;
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        Strip& strip = const_cast<Strip&>(*find_strip(target.strip));
        if (target.control == Control::fader)
            strip.fader = static_cast<std::uint16_t>(on_the_wire(target, value));
        if (target.control == Control::mute) strip.mute = std::get<bool>(value);
        if (target.control == Control::solo) strip.solo = std::get<bool>(value);
        host_.changed(now_);
    }
    void rename(const std::string& strip, const std::string& name) override {
        const_cast<Strip*>(find_strip(strip))->name = name;
        host_.changed(now_);
    }
    void remove(const std::string& strip) override {
        std::erase_if(host_.strips, [&](const Strip& s) { return s.name == strip; });
        host_.changed(now_);
    }
    void move_first(const std::string& strip) override {
        auto& strips = host_.strips;
        const auto at = std::find_if(strips.begin(), strips.end(),
                                     [&](const Strip& s) { return s.name == strip; });
        std::rotate(strips.begin(), at, at + 1);
        host_.changed(now_);
    }
    void play(const std::string&, double) override { std::abort(); }
    void kill() override { alive_ = false; }
    void start_again() override {
        alive_ = true;
        host_.restart(now_);
    }
    void cut(bool cut) override { cut_ = cut; }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return heard_; }

protected:
    using Strip = typename decltype(Host::strips)::value_type;
    static constexpr bool turns_pans = requires(Strip & strip) { strip.pan; };

    template <class Habits>
    SurfaceSubject(Traits which, const Habits& habits, HostProfile profile)
        : HostSubject(std::move(which)),
          profile_(std::move(profile)),
          host_(habits, 1, mixer()) {}

    virtual bool is_set(const MidiMessage& message) = 0;

    HostProfile profile_;
    Host host_;
    bool alive_{true}, cut_{false};

private:
    static std::vector<Strip> mixer() {
        std::vector<Strip> strips;
        for (const char* name : {"Kick", "Bass", "Vox", "Guitar by the window", "Keys", "Strings",
                                 "Choir", "Room", "Reverb", "Echo", "Shaker in the left corner"}) {
            Strip strip;
            strip.name = name;
            strip.fader = static_cast<std::uint16_t>(9000 + 211 * strips.size());
            strips.push_back(strip);
        }
        return strips;
    }
    const Strip* find_strip(const std::string& name) const {
        for (const Strip& strip : host_.strips)
            if (strip.name == name) return &strip;
        return nullptr;
    }
    void to_host(const WireMessage& wire) override {
        const auto& message = std::get<MidiMessage>(wire);
        const bool sets = is_set(message);
        sent_ += sets ? 1 : 0;
        if (!alive_ || cut_) return;
        heard_ += sets ? 1 : 0;
        host_.hear(message, now_);
    }

    std::size_t sent_{0}, heard_{0};
};

} // namespace prefade::test
