#include "daemon/command_line/stems_view.h"

#include "core/text.h"
#include "daemon/command_line/sound_files.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

/// The seven regions that engineers speak of. Their limits are usage, a little different from book to book.
struct Region {
    const char* title;
    const char* name;
    double from, to; ///< Hz
};
constexpr std::array<Region, 7> regions{{{"SUB", "sub", 20.0, 60.0},
                                         {"BASS", "bass", 60.0, 250.0},
                                         {"LOMID", "low mids", 250.0, 500.0},
                                         {"MID", "mids", 500.0, 2000.0},
                                         {"HIMID", "high mids", 2000.0, 4000.0},
                                         {"PRES", "presence", 4000.0, 6000.0},
                                         {"BRILL", "brilliance", 6000.0, 20000.0}}};
constexpr double nothing_db = -60.0; ///< what lies so far under the whole is shown as nothing
constexpr std::size_t most_told = 12, most_times = 4;
constexpr double throughout = 0.8; ///< of the song

BandEnergies energies_of(const BandLevels& levels) {
    BandEnergies energies{};
    for (std::size_t b = 0; b < energies.size(); ++b)
        energies[b] = 0.5F * std::pow(10.0F, 0.1F * levels[b]);
    return energies;
}

/// dB against all of its energy; "-": as good as nothing.
std::string part_text(const BandEnergies& energies, const Region& region) {
    double whole = 0.0;
    for (const float energy : energies) whole += static_cast<double>(energy);
    const double part = energy_between(energies, Hertz{region.from}, Hertz{region.to});
    const double db = 10.0 * std::log10(part / whole);
    return db > nothing_db ? fixed(db, 1) : "-";
}

/// Of the band that is strongest in it.
std::string crest_text(const SpectrumOfFile& spectrum, const Region& region) {
    std::size_t strongest = erb_band_count;
    for (std::size_t b = 0; b < erb_band_count; ++b) {
        const double centre = erb_band(b).centre.value();
        if (centre >= region.from && centre < region.to
            && (strongest == erb_band_count || spectrum.levels[b] > spectrum.levels[strongest]))
            strongest = b;
    }
    return std::isfinite(spectrum.levels[strongest])
               ? fixed(static_cast<double>(spectrum.crest[strongest]), 1)
               : "-";
}

std::string tilt_text(const SpectrumOfFile& spectrum) {
    return spectrum.tilt ? fixed(spectrum.tilt->value(), 1) : "-";
}

/// "80 Hz", "2.8 kHz"
std::string hertz_text(double hz) {
    if (hz < 1000.0) return fixed(hz, 0) + " Hz";
    return fixed(hz / 1000.0, hz < 9950.0 ? 1 : 0) + " kHz";
}

std::string range_text(double low, double high) {
    std::string from = hertz_text(low);
    const std::string to = hertz_text(high);
    if ((low < 1000.0) == (high < 1000.0)) from.resize(from.find(' '));
    return from + " to " + to;
}

std::string percent_text(double share) { return fixed(100.0 * share, 0) + " %"; }

double song_seconds(const StemSet& set, const std::vector<AnalysedFile>& files) {
    double end = 0.0;
    for (const Stem& stem : set.stems)
        end = std::max(end, stem.start_s + files[stem.file].analysis->seconds());
    return end;
}

/// The longest times, in the order of the song.
std::string times_text(std::vector<MaskedTime> when, double song_s) {
    double sum = 0.0;
    for (MaskedTime& time : when) {
        time.to = std::min(time.to, song_s);
        sum += time.to - time.from;
    }
    if (when.empty()) return {};
    if (sum >= throughout * song_s) return "throughout";
    const std::size_t more = when.size() > most_times ? when.size() - most_times : 0;
    if (more) {
        std::stable_sort(when.begin(), when.end(), [](const MaskedTime& a, const MaskedTime& b) {
            return a.to - a.from > b.to - b.from;
        });
        when.resize(most_times);
        std::sort(when.begin(), when.end(),
                  [](const MaskedTime& a, const MaskedTime& b) { return a.from < b.from; });
    }
    std::string out;
    for (const MaskedTime& time : when)
        out += (out.empty() ? "" : ", ") + duration_text(time.from) + "-" + duration_text(time.to);
    return out + (more ? " and " + counted(more, "more time") : "");
}

class SetText {
public:
    SetText(const StemSet& set, const std::vector<AnalysedFile>& files, const std::string& genre,
            const Look& look)
        : set_(set),
          files_(files),
          genre_(genre),
          look_(look) {}

    std::string text() {
        const std::string where = set_.folder.empty() ? "." : printable(set_.folder.string());
        out_ = '\n'
               + toned("Who hides whom: " + counted(set_.stems.size(), "stem") + " in " + where,
                       Tone::strong, look_)
               + '\n';
        say("", premises());
        for (const StemSet::LeftOut& one : set_.left_out)
            say("", printable(files_[one.file].path.filename().string()) + " is left out: it "
                        + one.reason);
        if (!set_.masking)
            say("", "not compared: " + printable(set_.masking.error().message));
        else
            conflicts();
        return out_;
    }

private:
    /// `first` heads the first line; those that follow stand under its end.
    void say(const std::string& first, const std::string& words) {
        const std::string indent(first.size(), ' ');
        const std::size_t room = look_.width > indent.size() + 20 ? look_.width - indent.size() : 0;
        bool is_first = true;
        for (const std::string& line : wrapped(words, room)) {
            out_ += (is_first ? first : indent) + line + '\n';
            is_first = false;
        }
    }

    /// What the answer rests on.
    std::string premises() const {
        std::string unknown, untimed;
        std::size_t timed = 0;
        for (const Stem& stem : set_.stems) {
            if (stem.role.empty()) unknown += (unknown.empty() ? "" : ", ") + printable(stem.name);
            if (stem.tells_start)
                ++timed;
            else
                untimed += (untimed.empty() ? "" : ", ") + printable(stem.name);
        }
        std::string out = "Ranks are those of " + genre_ + ", roles by the files' names";
        if (!unknown.empty()) out += "; no role is known of " + unknown;
        if (timed == 0) return out + ". No file tells when it starts: all start together.";
        out += ". Starts are those that the files tell";
        if (!untimed.empty()) out += "; these tell none and start with the first: " + untimed;
        return out + '.';
    }

    void conflicts() {
        if (set_.masking->conflicts.empty()) say("", "Nobody hides anybody where it matters.");
        const double song_s = song_seconds(set_, files_);
        for (std::size_t k = 0; k < std::min(set_.masking->conflicts.size(), most_told); ++k)
            conflict(k + 1, set_.masking->conflicts[k], song_s);
        if (const std::size_t all = set_.masking->conflicts.size(); all > most_told)
            say("", "And " + std::to_string(all - most_told) + " that are less; --json tells all.");
    }

    std::string name(std::size_t stem) const { return printable(set_.stems[stem].name); }

    void conflict(std::size_t number, const StemConflict& told, double song_s) {
        const Conflict& is = told.conflict;
        const std::string head = padded(std::to_string(number) + '.', 4);
        say(head,
            name(is.masker) + " hides " + name(is.target) + " at " + hertz_text(is.centre.value())
                + " (" + range_text(is.low.value(), is.high.value()) + "), "
                + percent_text(is.share) + " of the time both play"
                + (is.together < 0.95 ? " (" + percent_text(is.together) + " of its own)" : "")
                + ", " + fixed(std::abs(is.depth.value()), 1) + " dB "
                + (is.depth.value() < 0.0 ? "under" : "over") + " it");
        const std::string times = times_text(told.when, song_s);
        const bool lift = is.move.gain.value() > 0.0;
        say("    ", (lift ? "lift " : "cut ") + name(is.mover) + " by "
                        + fixed(std::abs(is.move.gain.value()), 1) + " dB at "
                        + hertz_text(is.move.centre.value()) + ", Q " + fixed(is.move.q, 1)
                        + ": hidden then " + percent_text(is.share_after)
                        + (times.empty() ? "" : "; worst " + times));
    }

    const StemSet& set_;
    const std::vector<AnalysedFile>& files_;
    const std::string& genre_;
    const Look& look_;
    std::string out_;
};

std::string tone_of_one(const SpectrumOfFile& spectrum, const Look& look) {
    Table table({{"TONE"}, {"Hz", true}, {"dB", true}, {"CREST", true}});
    const BandEnergies energies = energies_of(spectrum.levels);
    for (const Region& region : regions)
        table.add({region.name, fixed(region.from, 0) + "-" + fixed(region.to, 0),
                   part_text(energies, region), crest_text(spectrum, region)});
    return table.text(look) + "tilt " + tilt_text(spectrum) + " dB per octave\n";
}

} // namespace

std::string render_tone(const std::vector<AnalysedFile>& files, const fs::path& common,
                        const Look& look) {
    const auto sounds = [](const AnalysedFile& file) {
        return file.analysis && file.analysis->spectrum
               && file.analysis->spectrum->sounding_s > 0.0;
    };
    const auto count = std::count_if(files.begin(), files.end(), sounds);
    if (count == 0) return {};
    if (files.size() == 1) return '\n' + tone_of_one(*files[0].analysis->spectrum, look);
    std::vector<Table::Column> columns = {{"TONE", false, 0, 16}, {"dB/OCT", true, 0, 0}};
    for (const Region& region : regions) columns.push_back({region.title, true, 1, 0});
    Table table(columns);
    for (const AnalysedFile& file : files) {
        if (!sounds(file)) continue;
        const SpectrumOfFile& spectrum = *file.analysis->spectrum;
        const BandEnergies energies = energies_of(spectrum.levels);
        std::vector<Table::Cell> row{name_under(file.path, common)};
        row.emplace_back(tilt_text(spectrum), Tone::strong);
        for (const Region& region : regions) row.emplace_back(part_text(energies, region));
        table.add(std::move(row));
    }
    return '\n' + table.text(look);
}

std::string render(const StemSets& sets, const std::vector<AnalysedFile>& files,
                   const std::string& genre, const Look& look) {
    std::string out;
    for (const StemSet& set : sets.sets) out += SetText(set, files, genre, look).text();
    for (const NoSet& none : sets.not_compared) {
        const std::string where =
            none.folder.empty() ? "all of them" : printable(none.folder.string());
        out +=
            '\n'
            + fitted("Not compared with each other: the " + counted(none.files, "file") + " of "
                         + where + ": " + none.reason
                         + (none.reason.starts_with("neither") ? " (--together says that they are)"
                                                               : ""),
                     look.width)
            + '\n';
    }
    return out;
}

} // namespace prefade::command_line
