#include "connectors/demo/studio.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace prefade::demo {
namespace {

struct Setting {
    std::size_t number;
    float value;
};
struct InsertPlan {
    ProcessorKind kind;
    std::vector<Setting> settings;
};
struct SendPlan {
    const char* to;
    float level_db;
};
struct StripPlan {
    const char* name;
    StripRole role;
    std::optional<Instrument> plays;
    const char* output; ///< "": the master
    float fader_db, pan;
    std::vector<InsertPlan> inserts{};
    std::vector<SendPlan> sends{};
    float trim_db{0.0F};
    bool mute{false}, solo{false}, hum{false};
};

// Numbers of the parameters, as processors.cpp lists them.
constexpr std::size_t low_freq = 1, low_gain = 2, low_mid_freq = 3, low_mid_gain = 4, low_mid_q = 5,
                      high_mid_freq = 6, high_mid_gain = 7, high_gain = 10;
constexpr std::size_t threshold = 1, ratio = 2, attack = 3, release = 4, makeup = 5;
constexpr std::size_t input_gain = 1, ceiling = 2;

constexpr float hum_gain = 0.012F; // of a recording that peaks at -6 dBFS: -44 dBFS

InsertPlan eq(std::vector<Setting> settings = {}) {
    return {ProcessorKind::eq, std::move(settings)};
}
InsertPlan compressor(float at, float by, float in_ms = 10.0F, float out_ms = 120.0F,
                      float make_up = 0.0F) {
    return {ProcessorKind::compressor,
            {{threshold, at}, {ratio, by}, {attack, in_ms}, {release, out_ms}, {makeup, make_up}}};
}

using Strips = std::vector<StripPlan>;

StripPlan& strip_of(Strips& strips, std::string_view name) {
    return *std::find_if(strips.begin(), strips.end(),
                         [&](const StripPlan& s) { return s.name == name; });
}

/// Who plays, where it goes, fader in dB, pan. Recordings peak at -6 dBFS.
Strips faders_in_order() {
    using I = Instrument;
    constexpr auto track = StripRole::track, bus = StripRole::bus, master = StripRole::master;
    return {
        {"Kick", track, I::kick, "Drum Bus", -3.0F, 0.0F},
        {"Snare", track, I::snare, "Drum Bus", -3.5F, 0.0F},
        {"Hats", track, I::hats, "Drum Bus", -13.0F, 0.25F},
        {"Overheads", track, I::overheads, "Drum Bus", -12.0F, 0.0F},
        {"Bass", track, I::bass, "", -6.5F, 0.0F},
        {"Gtr L", track, I::guitar_left, "", -11.0F, -1.0F},
        {"Gtr R", track, I::guitar_right, "", -10.0F, 1.0F},
        {"Keys", track, I::keys, "", -11.0F, -0.3F},
        {"Pad", track, I::pad, "", -15.0F, 0.2F},
        {"Lead Vox", track, I::lead, "Vocal Bus", -3.0F, 0.0F},
        {"BV High", track, I::backing_high, "Vocal Bus", -10.0F, -0.6F},
        {"BV Low", track, I::backing_low, "Vocal Bus", -10.0F, 0.6F},
        {"Drum Bus", bus, {}, "", 0.0F, 0.0F},
        {"Vocal Bus", bus, {}, "", 0.0F, 0.0F},
        {"Reverb", bus, {}, "", 0.0F, 0.0F},
        {"Echo", bus, {}, "", 0.0F, 0.0F},
        {"Master", master, {}, "", 0.0F, 0.0F},
    };
}

/// With plugins and sends: a mix in order.
Strips mix_in_order() {
    Strips strips = faders_in_order();
    const auto insert = [&](const char* on, std::vector<InsertPlan> plugins) {
        strip_of(strips, on).inserts = std::move(plugins);
    };
    insert("Kick",
           {eq({{low_mid_freq, 320}, {low_mid_gain, -4}, {high_mid_gain, 2}}), compressor(-14, 3)});
    insert("Snare", {eq({{low_gain, -3}}), compressor(-16, 3, 5)});
    insert("Hats", {eq({{low_gain, -9}, {low_freq, 300}})});
    insert("Overheads", {eq({{low_gain, -4}})});
    insert("Bass", {eq({{low_mid_freq, 250}, {low_mid_gain, -2}}), compressor(-20, 4, 15, 200, 2)});
    insert("Gtr L", {eq({{low_gain, -4}, {low_freq, 120}})});
    insert("Gtr R", {eq({{low_gain, -4}, {low_freq, 120}})});
    insert("Keys", {eq({{low_gain, -3}})});
    insert("Pad", {eq({{low_gain, -5}, {low_freq, 200}})});
    insert("Lead Vox",
           {eq({{low_gain, -3}, {low_freq, 150}, {high_mid_freq, 3500}, {high_mid_gain, 2}}),
            compressor(-18, 3, 5, 100, 2)});
    insert("BV High", {eq({{low_gain, -5}, {low_freq, 200}}), compressor(-18, 3)});
    insert("BV Low", {eq({{low_gain, -5}, {low_freq, 200}}), compressor(-18, 3)});
    insert("Drum Bus", {compressor(-14, 2, 20, 150)});
    insert("Vocal Bus", {compressor(-14, 2, 10, 150)});
    insert("Reverb", {{ProcessorKind::plate, {}}, eq({{low_gain, -6}, {low_freq, 200}})});
    insert("Echo", {{ProcessorKind::echo, {}}, eq({{low_gain, -6}, {low_freq, 250}})});
    insert("Master", {eq(), {ProcessorKind::limiter, {{ceiling, -1}}}});

    const auto send = [&](const char* from, const char* to, float level_db) {
        strip_of(strips, from).sends.push_back({to, level_db});
    };
    send("Snare", "Reverb", -14);
    send("Gtr L", "Reverb", -22);
    send("Gtr R", "Reverb", -22);
    send("Keys", "Reverb", -20);
    send("Pad", "Reverb", -18);
    send("Lead Vox", "Reverb", -15);
    send("Lead Vox", "Echo", -14);
    send("BV High", "Reverb", -13);
    send("BV Low", "Reverb", -13);
    return strips;
}

void set(StripPlan& strip, ProcessorKind kind, const std::vector<Setting>& settings) {
    for (InsertPlan& insert : strip.inserts)
        if (insert.kind == kind) // the last of a number counts
            insert.settings.insert(insert.settings.end(), settings.begin(), settings.end());
}

/// What the table in faults.cpp says, done.
void plant(const Faults& faults, Strips& strips) {
    const auto strip = [&](std::string_view name) -> StripPlan& { return strip_of(strips, name); };
    const auto planted = [&](Fault fault) { return has(faults, fault); };
    if (planted(Fault::clipping_keys)) strip("Keys").trim_db = 21.0F;
    if (planted(Fault::quiet_vocal)) strip("Lead Vox").fader_db -= 15.0F;
    if (planted(Fault::over_limited))
        set(strip("Master"), ProcessorKind::limiter, {{input_gain, 10}, {ceiling, -0.3F}});
    if (planted(Fault::guitars_one_side)) strip("Gtr R").pan = -1.0F;
    if (planted(Fault::dead_echo)) strip("Echo").mute = true;
    if (planted(Fault::low_fader)) {
        strip("Gtr L").trim_db = 13.0F;
        strip("Gtr L").fader_db -= 13.0F;
    }
    if (planted(Fault::hot_bus))
        set(strip("Drum Bus"), ProcessorKind::compressor, {{makeup, 8.4F}});
    if (planted(Fault::missing_backing)) strip("BV Low").plays.reset();
    if (planted(Fault::solo_left_on)) strip("Hats").solo = true;
    if (planted(Fault::kick_and_bass))
        for (const char* name : {"Kick", "Bass"})
            set(strip(name), ProcessorKind::eq, {{low_mid_freq, 60}, {low_mid_gain, 6}});
    if (planted(Fault::muddy_vocal))
        set(strip("Lead Vox"), ProcessorKind::eq,
            {{low_mid_freq, 280}, {low_mid_gain, 7}, {low_mid_q, 0.8F}, {high_gain, -12}});
    strip("Gtr L").hum = planted(Fault::guitar_hum);
}

MixerStrip built(const StripPlan& plan, std::uint32_t& last_id, const Recordings& recordings) {
    MixerStrip strip;
    strip.name = plan.name;
    strip.role = plan.role;
    strip.trim_db = plan.trim_db;
    strip.fader_db = plan.fader_db;
    strip.pan = plan.pan;
    strip.mute = plan.mute;
    strip.solo = plan.solo;
    const auto recording = [&](Instrument i) { return recordings[static_cast<std::size_t>(i)]; };
    if (plan.plays) strip.sources.push_back({recording(*plan.plays), 1.0F});
    if (plan.hum) strip.sources.push_back({recording(Instrument::hum), hum_gain});
    for (const InsertPlan& insert : plan.inserts) {
        Slot slot{++last_id, make_processor(insert.kind), false};
        for (const Setting& s : insert.settings) slot.processor->set(s.number, s.value);
        strip.inserts.push_back(std::move(slot));
    }
    return strip;
}

} // namespace

Mixer build_session(const Recordings& recordings, const Faults& faults) {
    Strips strips = mix_in_order();
    plant(faults, strips);
    const auto id_of = [&](std::string_view name) -> std::uint32_t {
        for (std::size_t i = 0; i < strips.size(); ++i)
            if (strips[i].name == name) return static_cast<std::uint32_t>(i + 1);
        return 0;
    };
    auto last_id =
        static_cast<std::uint32_t>(strips.size()); // of inserts and sends, after the strips
    Mixer mixer;
    for (const StripPlan& plan : strips) {
        MixerStrip strip = built(plan, last_id, recordings);
        strip.id = id_of(plan.name);
        strip.output = id_of(plan.output);
        for (const SendPlan& send : plan.sends)
            strip.sends.push_back({++last_id, id_of(send.to), send.level_db, true});
        mixer.add(std::move(strip));
    }
    return mixer;
}

} // namespace prefade::demo
