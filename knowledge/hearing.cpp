// Functions of rules about what a source has heard: tone, loudness, and who hides whom. A part of the one table in
// functions.cpp.
#include "analysis/spectrum.h"
#include "knowledge/functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace prefade {
namespace {

using types::number, types::text;
using namespace std::chrono_literals;

constexpr Duration newest = 3s; ///< what was heard before that is not of now
/// A tone is judged by this much of it and more.
constexpr double enough = 4.0; // seconds of sound

Value heard_at(double value, TimePoint at) { return {value, Missing::none, at}; }

// ---- tone -----------------------------------------------------------------------------------------

struct Tone {
    const Spectrum* spectrum{nullptr};
    Missing missing{Missing::none};
};

Tone tone_of(const Asked& asked) {
    const auto& heard = asked.strip->spectrum;
    if (!heard) return {nullptr, Missing::not_heard};
    if (asked.frame.now - heard->at > newest) return {nullptr, Missing::stale};
    if (heard->seconds < enough) return {nullptr, Missing::too_few};
    return {&*heard, Missing::none};
}

Value band(const Asked& asked) {
    const Tone tone = tone_of(asked);
    if (!tone.spectrum) return Value::unknown(tone.missing);
    const auto& arguments = asked.measure.arguments;
    double whole = 0.0;
    for (const float energy : tone.spectrum->energies) whole += static_cast<double>(energy);
    const double part =
        energy_between(tone.spectrum->energies, Hertz{arguments[0]}, Hertz{arguments[1]});
    return heard_at(10.0 * std::log10(part / whole), tone.spectrum->at);
}

Value tilt(const Asked& asked) {
    const Tone tone = tone_of(asked);
    if (!tone.spectrum) return Value::unknown(tone.missing);
    AverageSpectrum average;
    average.add(tone.spectrum->energies);
    const auto slope = average.tilt();
    return slope ? heard_at(slope->value(), tone.spectrum->at) : Value::unknown(Missing::undefined);
}

Value heard_for(const Asked& asked) {
    const auto& heard = asked.strip->spectrum;
    return heard ? heard_at(heard->seconds, heard->at) : Value::unknown(Missing::not_heard);
}

// ---- loudness -------------------------------------------------------------------------------------

/// A loudness of the last 3 s is of the strip's present level once that stands for as long.
bool is_of_present_level(const Strip& strip, Duration window, TimePoint now) {
    const TimePoint moved = std::max(strip.trim_moved_at, strip.fader_moved_at);
    return moved == TimePoint{} || now - moved >= window;
}

Value reading_of(const Asked& asked, MeterKind kind, Duration window) {
    const Meter* meter = asked.strip->meter(kind, Tap::post_fader);
    if (!meter) return Value::unknown(Missing::no_meter);
    if (asked.frame.now - meter->latest.at > newest) return Value::unknown(Missing::stale);
    if (!is_of_present_level(*asked.strip, window, asked.frame.now))
        return Value::unknown(Missing::too_few);
    return heard_at(meter->latest.value, meter->latest.at);
}

Value short_term(const Asked& asked) {
    return reading_of(asked, MeterKind::lufs_short_term, 3500ms);
}
Value integrated(const Asked& asked) { return reading_of(asked, MeterKind::lufs_integrated, 0s); }
Value true_peak(const Asked& asked) { return reading_of(asked, MeterKind::true_peak, 0s); }

Value peak_to_loudness(const Asked& asked) {
    const Value peak = true_peak(asked), loudness = integrated(asked);
    if (!peak.is_known()) return peak;
    if (!loudness.is_known()) return loudness;
    return heard_at(peak.number() - loudness.number(), std::min(peak.at, loudness.at));
}

Value peak_to_short_term(const Asked& asked) {
    const Value loudness = short_term(asked);
    if (!loudness.is_known()) return loudness;
    const Meter* meter = asked.strip->meter(MeterKind::sample_peak, Tap::post_fader);
    const auto peak = meter ? meter->recent.maximum(asked.frame.now, 3s) : std::nullopt;
    return peak ? heard_at(*peak - loudness.number(), loudness.at)
                : Value::unknown(Missing::no_meter);
}

// ---- who hides it ---------------------------------------------------------------------------------

/// The worst conflict in which the strip is hidden; null when it is in none.
const Masking* worst(const Asked& asked) {
    for (const Masking& conflict : asked.frame.session.masking)
        if (conflict.target == asked.strip->id && asked.frame.now - conflict.at <= newest)
            return &conflict;
    return nullptr;
}

Value hidden(const Asked& asked) {
    const auto& heard = asked.strip->spectrum;
    if (!heard) return Value::unknown(Missing::not_heard);
    if (asked.frame.now - heard->at > newest) return Value::unknown(Missing::stale);
    const Masking* conflict = worst(asked);
    return conflict ? heard_at(conflict->share * 100.0, conflict->at) : heard_at(0.0, heard->at);
}

template <class Ask> Value of_worst(const Asked& asked, Ask ask) {
    const Masking* conflict = worst(asked);
    return conflict ? ask(*conflict) : Value::unknown(Missing::undefined);
}

std::string_view name_of(const Asked& asked, StripId id) {
    const Strip* strip = asked.frame.session.find(id);
    return strip ? std::string_view(strip->name) : std::string_view();
}
std::string_view role_of(const Asked& asked, StripId id) {
    const Strip* strip = asked.frame.session.find(id);
    return strip ? std::string_view(strip->role) : std::string_view();
}

constexpr auto as_it_is = Function::Of::itself;

/// `costly`: kept for an evaluation, for all rules that ask the same.
constexpr Function costly(Function function) {
    function.costly = true;
    return function;
}
constexpr Function band_function(Function function) {
    function.of_band = true;
    return costly(function);
}

constexpr std::array table{
    band_function(
        {Function::Owner::strip, "band", 2, number(Unit::db), as_it_is, band,
         "its energy between two frequencies, against all of its energy; of what sounded in "
         "the last ten seconds of it"}),
    costly({Function::Owner::strip, "tilt", 0, number(Unit::db), as_it_is, tilt,
            "slope of its spectrum from 100 Hz to 10 kHz, for each octave: -3 dB is pink noise"}),
    Function{Function::Owner::strip, "heard_for", 0, number(Unit::seconds), as_it_is, heard_for,
             "how much sound its tone is known by, at most 10 s"},
    Function{Function::Owner::strip, "short_term", 0, number(Unit::lufs), as_it_is, short_term,
             "loudness of the last 3 s; unknown for as long after its fader was moved"},
    Function{Function::Owner::strip, "integrated", 0, number(Unit::lufs), as_it_is, integrated,
             "loudness since the song was started"},
    Function{Function::Owner::strip, "true_peak", 0, number(Unit::dbtp), as_it_is, true_peak,
             "highest true peak since the song was started"},
    Function{Function::Owner::strip, "plr", 0, number(Unit::db), as_it_is, peak_to_loudness,
             "true peak over integrated loudness"},
    Function{Function::Owner::strip, "psr", 0, number(Unit::db), as_it_is, peak_to_short_term,
             "highest peak of the last 3 s over the loudness of the last 3 s"},
    costly({Function::Owner::strip, "masked", 0, number(Unit::percent), as_it_is, hidden,
            "of the time that both play, the part in which another track hides it where that is "
            "worst; 0 % "
            "when nobody hides it"}),
    Function{Function::Owner::strip, "masked_by", 0, text, as_it_is,
             [](const Asked& a) {
                 return of_worst(a, [&](const Masking& m) {
                     return Value{name_of(a, m.masker), Missing::none, m.at};
                 });
             },
             "name of the track that hides it most"},
    Function{Function::Owner::strip, "masked_by_role", 0, text, as_it_is,
             [](const Asked& a) {
                 return of_worst(a, [&](const Masking& m) {
                     return Value{role_of(a, m.masker), Missing::none, m.at};
                 });
             },
             "role of that track"},
    Function{Function::Owner::strip, "masked_at", 0, number(Unit::hertz), as_it_is,
             [](const Asked& a) {
                 return of_worst(a,
                                 [](const Masking& m) { return heard_at(m.centre.value(), m.at); });
             },
             "where most of it is hidden"},
    Function{Function::Owner::strip, "makes_room", 0, text, as_it_is,
             [](const Asked& a) {
                 return of_worst(a, [&](const Masking& m) {
                     return Value{name_of(a, m.mover), Missing::none, m.at};
                 });
             },
             "name of the track to be turned there: the one that hides it, or itself where it "
             "ranks lower"},
    Function{Function::Owner::strip, "room_gain", 0, number(Unit::db), as_it_is,
             [](const Asked& a) {
                 return of_worst(a,
                                 [](const Masking& m) { return heard_at(m.gain.value(), m.at); });
             },
             "gain of a bell there that would do"},
    Function{Function::Owner::strip, "room_q", 0, number(Unit::none), as_it_is,
             [](const Asked& a) {
                 return of_worst(a, [](const Masking& m) { return heard_at(m.q, m.at); });
             },
             "Q of that bell"},
    Function{Function::Owner::strip, "masked_after", 0, number(Unit::percent), as_it_is,
             [](const Asked& a) {
                 return of_worst(
                     a, [](const Masking& m) { return heard_at(m.share_after * 100.0, m.at); });
             },
             "what would be left of `masked` with it"},
};

} // namespace

std::span<const Function> hearing_functions() { return table; }

} // namespace prefade
