// [[case]] tables: a little session over time and what must fire when.
#include "analysis/spectrum.h"
#include "knowledge/functions.h"
#include "knowledge/rule_reader.h"

#include <algorithm>
#include <cmath>

namespace prefade {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\n\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

/// What one step of a series may say.
enum class Holds { db, pan, on_off, automation, meter, setting };

bool read_value(std::string_view word, Holds holds, Unit meter_unit, CaseStep& step) {
    if (word == "none") return true;
    if (holds == Holds::setting) {
        step.word = word;
        return !word.empty();
    }
    if (holds == Holds::automation) {
        step.word = word;
        return value_in(automation_mode_names, word).has_value();
    }
    if (holds == Holds::on_off) {
        step.control = word == "on";
        return word == "on" || word == "off";
    }
    const auto quantity = parse_quantity(word);
    if (!quantity) return false;
    if (holds == Holds::db) step.control = Decibel{quantity->number};
    if (holds == Holds::pan) step.control = Pan{quantity->number / 100.0};
    if (holds == Holds::meter) step.number = quantity->number;
    return quantity->unit
           == (holds == Holds::db    ? Unit::db
               : holds == Holds::pan ? Unit::percent
                                     : meter_unit);
}

std::string wanted(Holds holds, Unit meter_unit) {
    switch (holds) {
    case Holds::db: return "as \"-6 dB\"";
    case Holds::pan: return "as \"-100 %\"";
    case Holds::on_off: return "on or off";
    case Holds::setting: return "an amount, as \"-20 dB\", or a choice";
    case Holds::automation: return "one of: " + all_names(automation_mode_names);
    case Holds::meter:
        return "as \"-12 " + std::string(symbol(meter_unit)) + "\", the unit of the rule's reading";
    }
    return "";
}

/// "-12 dBFS for 2 s, none for 1 s, 0.4 dBFS": the last holds to the end.
CaseSeries read_series(TableReader& table, std::string_view key, Holds holds,
                       Unit meter_unit = Unit::none) {
    CaseSeries series;
    const auto written = table.text(key);
    if (!written) return series;
    std::string_view rest = *written;
    Duration at{};
    for (bool more = true; more;) {
        const std::size_t comma = rest.find(',');
        more = comma != std::string_view::npos;
        std::string_view word = trimmed(rest.substr(0, comma));
        rest = more ? rest.substr(comma + 1) : std::string_view{};
        std::optional<Quantity> span;
        const std::size_t lasts = word.find(" for ");
        if (lasts != std::string_view::npos) {
            span = parse_quantity(trimmed(word.substr(lasts + 5)));
            word = trimmed(word.substr(0, lasts));
            if (!span || span->unit != Unit::seconds || span->number < 0.0
                || span->number > 3600.0) {
                table.complain(key, "after 'for' comes a time, as 2 s");
                return series;
            }
        } else if (more) {
            table.complain(key, "all but the last value say for how long, as \"on for 2 s, off\"");
            return series;
        }
        CaseStep step;
        step.from = at;
        if (!read_value(word, holds, meter_unit, step)) {
            table.complain(key, "\"" + std::string(word) + "\" must be none or "
                                    + wanted(holds, meter_unit));
            return series;
        }
        series.push_back(std::move(step));
        if (span)
            at += std::chrono::duration_cast<Duration>(std::chrono::duration<double>(span->number));
    }
    return series;
}

/// A full-scale sine is at half of full power; the whole of a case's tone lies 20 dB lower.
constexpr double tone_power = 0.005;

/// As much energy in each octave.
BandEnergies pink() {
    BandEnergies energies{};
    const double octaves =
        std::log2(erb_band(erb_band_count - 1).high.value() / erb_band(0).low.value());
    for (std::size_t b = 0; b < erb_band_count; ++b)
        energies[b] = static_cast<float>(
            tone_power * std::log2(erb_band(b).high.value() / erb_band(b).low.value()) / octaves);
    return energies;
}

/// "200 Hz..500 Hz +8 dB": a change of the bands whose middle lies there. False: it says something else.
bool shape(std::string_view text, BandEnergies& energies) {
    const std::size_t dots = text.find(".."), sign = text.find_last_of("+-");
    if (dots == std::string_view::npos || sign == std::string_view::npos || sign < dots)
        return false;
    const auto from = parse_quantity(trimmed(text.substr(0, dots)));
    const auto to = parse_quantity(trimmed(text.substr(dots + 2, sign - dots - 2)));
    std::string_view change = text.substr(sign);
    if (change.starts_with('+')) change.remove_prefix(1);
    const auto by = parse_quantity(change);
    if (!from || !to || !by || from->unit != Unit::hertz || to->unit != Unit::hertz
        || by->unit != Unit::db)
        return false;
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        const double centre = erb_band(b).centre.value();
        if (centre >= from->number && centre < to->number)
            energies[b] *= static_cast<float>(std::pow(10.0, by->number / 10.0));
    }
    return true;
}

/// "pink, 200 Hz..500 Hz +8 dB, 8 kHz..20 kHz -12 dB"
std::optional<BandEnergies> read_tone(TableReader& table) {
    const auto written = table.text("tone");
    if (!written) return std::nullopt;
    std::string_view rest = *written;
    std::size_t comma = rest.find(',');
    bool is_right = trimmed(rest.substr(0, comma)) == "pink";
    BandEnergies energies = pink();
    while (is_right && comma != std::string_view::npos) {
        rest = rest.substr(comma + 1);
        comma = rest.find(',');
        is_right = shape(trimmed(rest.substr(0, comma)), energies);
    }
    if (!is_right)
        table.complain("tone",
                       "a tone is \"pink\", and what differs from it: \"pink, 200 Hz..500 Hz "
                       "+8 dB\"");
    return energies;
}

CaseInsert read_insert(TableReader& table) {
    CaseInsert insert;
    insert.plugin = table.text("plugin", true).value_or("");
    insert.bypassed = read_series(table, "bypassed", Holds::on_off);
    if (auto settings = table.table("settings"))
        for (const std::string& key : settings->keys())
            insert.settings.emplace_back(key, read_series(*settings, key, Holds::setting));
    table.finish();
    return insert;
}

CaseStrip read_strip(TableReader& table, const Rule& rule) {
    CaseStrip strip;
    strip.name = table.text("name", true).value_or("");
    strip.kind = table.choice("kind", strip_kind_names).value_or(StripKind::audio_track);
    strip.role = table.text("role").value_or("");
    strip.trim = read_series(table, "trim", Holds::db);
    strip.fader = read_series(table, "fader", Holds::db);
    strip.pan = read_series(table, "pan", Holds::pan);
    strip.mute = read_series(table, "mute", Holds::on_off);
    strip.solo = read_series(table, "solo", Holds::on_off);
    strip.arm = read_series(table, "arm", Holds::on_off);
    strip.automation = read_series(table, "automation", Holds::automation);
    if (rule.needs.reading)
        strip.meter =
            read_series(table, "meter", Holds::meter, unit_of_reading(rule.needs.reading->kind));
    strip.short_term = read_series(table, "short_term", Holds::meter, Unit::lufs);
    strip.integrated = read_series(table, "integrated", Holds::meter, Unit::lufs);
    strip.true_peak = read_series(table, "true_peak", Holds::meter, Unit::dbtp);
    strip.tone = read_tone(table);
    for (TableReader& written : table.tables("send")) {
        CaseSend send;
        send.destination = written.text("to", true).value_or("");
        send.level = read_series(written, "level", Holds::db);
        send.enabled = read_series(written, "enabled", Holds::on_off);
        written.finish();
        strip.sends.push_back(std::move(send));
    }
    for (TableReader& written : table.tables("insert"))
        strip.inserts.push_back(read_insert(written));
    table.finish();
    return strip;
}

CaseMasking read_masking(TableReader& table, const RuleCase& around) {
    CaseMasking masking;
    const auto strip = [&](std::string_view key) {
        const std::string name = table.text(key, true).value_or("");
        const bool known = std::any_of(around.strips.begin(), around.strips.end(),
                                       [&](const CaseStrip& s) { return s.name == name; });
        if (!known) table.complain(key, "the case has no strip called \"" + name + "\"");
        return name;
    };
    masking.masker = strip("masker");
    masking.target = strip("target");
    masking.mover = table.has("mover") ? strip("mover") : masking.masker;
    if (const auto at = table.quantity("at", Unit::hertz)) masking.centre = Hertz{at->number};
    if (const auto share = table.quantity("share", Unit::percent))
        masking.share = share->number / 100.0;
    table.finish();
    return masking;
}

CaseExpectation read_expectation(TableReader& table, const RuleCase& around) {
    CaseExpectation expect;
    expect.line = table.line();
    const auto at = table.span("at");
    if (!at) table.complain("at", "an expectation says when, as at = \"6 s\"");
    expect.at = at.value_or(Duration{});
    if (!table.has("fires"))
        table.complain("fires", "name the strips that fire; [] when none does");
    expect.fires = table.texts("fires");
    std::sort(expect.fires.begin(), expect.fires.end());
    for (const std::string& name : expect.fires) {
        const bool known = name == "session"
                           || std::any_of(around.strips.begin(), around.strips.end(),
                                          [&](const CaseStrip& s) { return s.name == name; });
        if (!known) table.complain("fires", "the case has no strip called \"" + name + "\"");
    }
    expect.says = table.text("says").value_or("");
    expect.checks_moves = table.has("moves");
    expect.moves = table.texts("moves");
    table.finish();
    return expect;
}

} // namespace

RuleCase read_case(TableReader& table, const Rule& rule) {
    constexpr Duration longest = std::chrono::seconds(120);
    RuleCase made;
    made.line = table.line();
    made.name = table.text("name", true).value_or("");
    made.host = table.text("host").value_or(made.host);
    made.rolling = read_series(table, "rolling", Holds::on_off);
    if (auto brief = table.table("brief")) {
        for (const std::string_view key : {"genre", "platform", "target", "tempo"})
            if (const auto value = brief->text(key))
                if (const auto ok = set(made.brief, key, *value); !ok)
                    brief->complain(key, ok.error().message);
        brief->finish();
    }
    for (TableReader& strip : table.tables("strip")) made.strips.push_back(read_strip(strip, rule));
    for (TableReader& masking : table.tables("masking"))
        made.masking.push_back(read_masking(masking, made));
    for (TableReader& expect : table.tables("expect")) {
        made.expects.push_back(read_expectation(expect, made));
        made.length = std::max(made.length, made.expects.back().at);
    }
    if (made.strips.empty()) table.complain("strip", "a case has at least one [[case.strip]]");
    if (made.strips.size() > 256) table.complain("strip", "a case has at most 256 strips");
    if (made.expects.empty()) table.complain("expect", "a case has at least one [[case.expect]]");
    if (made.length > longest) table.complain("expect", "a case lasts at most 120 s");
    table.finish();
    return made;
}

} // namespace prefade
