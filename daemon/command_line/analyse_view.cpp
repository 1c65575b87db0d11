#include "daemon/command_line/analyse_view.h"

#include "core/text.h"
#include "daemon/command_line/stems_view.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

constexpr double shortest_loudness_s = 0.4; ///< one block of BS.1770

template <class Unit> std::string one_decimal(const std::optional<Unit>& level) {
    return level ? fixed(level->value(), 1) : "-";
}

/// "5:00:00", "3:42", "12.3 s", "0.021 ms"
std::string length_text(double seconds) {
    if (seconds < 0.1) return fixed(1000.0 * seconds, 3) + " ms";
    if (seconds < 59.95) return fixed(seconds, 1) + " s";
    return duration_text(seconds);
}

/// "44.1 kHz"
std::string rate_text(int rate) {
    char text[32];
    std::snprintf(text, sizeof text, "%g kHz", rate / 1000.0);
    return text;
}

bool is_broken(const AnalysedFile& file) {
    return !file.analysis || !file.analysis->faults.empty();
}

double rounded_hz(Hertz frequency) { return std::round(10.0 * frequency.value()) / 10.0; }

/// All that is wrong with a file, in one line.
std::string faults_in_words(const AnalysedFile& file) {
    if (!file.analysis) return file.analysis.error().message;
    std::string all;
    for (const std::string& fault : file.analysis->faults) all += (all.empty() ? "" : "; ") + fault;
    return all;
}

Table::Cell remark_on(const AnalysedFile& file) {
    if (is_broken(file))
        return {printable(faults_in_words(file)), file.analysis ? Tone::warn : Tone::bad};
    const LoudnessOfFile& loudness = file.analysis->loudness;
    if (!loudness.sample_peak) return {"silence", Tone::faint};
    if (loudness.true_peak && loudness.true_peak->value() > 0.0)
        return {"over full scale", Tone::warn};
    if (file.analysis->seconds() < shortest_loudness_s)
        return {"too short for loudness", Tone::faint};
    return {};
}

/// The folder that all files lie in or under; empty for one file.
fs::path folder_shown(const std::vector<AnalysedFile>& files) {
    if (files.size() < 2) return {};
    std::vector<fs::path> paths;
    for (const AnalysedFile& file : files) paths.push_back(file.path);
    return common_folder(paths);
}

/// Of the first stem, in seconds from midnight; no value where none tells.
std::optional<double> first_start(const AnalysisReport& report) {
    std::optional<double> first;
    for (const AnalysedFile& file : report.files)
        if (const auto start = file.analysis ? file.analysis->start() : std::nullopt)
            first = std::min(first.value_or(*start), *start);
    return first;
}

Table table_of(const AnalysisReport& report, const fs::path& common) {
    const auto first = first_start(report);
    std::vector<Table::Column> columns = {
        {"FILE", false, 0, 16}, {"LUFS", true, 0, 0},    {"LRA", true, 1, 0},
        {"dBTP", true, 0, 0},   {"PLR", true, 2, 0},     {"RATE", true, 4, 0},
        {"CH", true, 5, 0},     {"FORMAT", false, 6, 0}, {"LENGTH", true, 3, 0}};
    if (first) columns.push_back({"START", true, 4, 0});
    columns.push_back({"REMARKS", false, 0, 8});
    Table table(columns);
    for (const AnalysedFile& file : report.files) {
        std::vector<Table::Cell> row;
        row.emplace_back(name_under(file.path, common));
        if (!file.analysis)
            row.insert(row.end(), columns.size() - 2, "-");
        else {
            const FileAnalysis& is = *file.analysis;
            const LoudnessOfFile& loudness = is.loudness;
            row.emplace_back(one_decimal(loudness.integrated), Tone::strong);
            row.emplace_back(one_decimal(loudness.range)
                             + (loudness.range && !loudness.range_is_stable ? "?" : ""));
            row.emplace_back(one_decimal(loudness.true_peak));
            row.emplace_back(one_decimal(loudness.peak_to_loudness));
            row.emplace_back(rate_text(is.format.sample_rate));
            row.emplace_back(std::to_string(is.format.layout.size()));
            row.emplace_back(printable(is.format.container + ' ' + is.format.encoding));
            row.emplace_back(length_text(is.seconds()));
            if (first) row.emplace_back(is.start() ? length_text(*is.start() - *first) : "-");
        }
        row.push_back(remark_on(file));
        table.add(std::move(row));
    }
    return table;
}

std::string broken_files(const AnalysisReport& report, const fs::path& common, const Look& look) {
    std::string out;
    for (const AnalysedFile& file : report.files) {
        if (!is_broken(file)) continue;
        const std::string line =
            name_under(file.path, common) + ": " + printable(faults_in_words(file));
        for (const std::string& part : wrapped(line, look.width)) out += part + '\n';
    }
    for (const std::string& folder : report.unread) out += printable(folder) + '\n';
    return out.empty() ? out : '\n' + out;
}

std::string closing(const AnalysisReport& report) {
    double length = 0.0;
    std::size_t known = 0;
    for (const AnalysedFile& file : report.files) {
        if (file.analysis) length += file.analysis->seconds();
        known += file.from_cache ? 1 : 0;
    }
    const double took = std::chrono::duration<double>(report.took).count();
    std::string out = counted(report.files.size(), "file") + ", " + length_text(length)
                      + " of sound, in " + fixed(took, 1) + " s";
    if (known) out += "; " + std::to_string(known) + " known from an earlier look";
    if (report.passed_over)
        out += "; passed over: " + counted(report.passed_over, "file") + " that "
               + (report.passed_over == 1 ? "is" : "are") + " no sound by name, or hidden";
    return out + '\n';
}

} // namespace

Json to_json(const AnalysisReport& report) {
    Json measures{"loudness"}, bands = Json::array();
    if (report.spectrum) {
        measures = {"loudness", "spectrum", "masking"};
        for (std::size_t b = 0; b < erb_band_count; ++b)
            bands.push_back({{"low_hz", rounded_hz(erb_band(b).low)},
                             {"centre_hz", rounded_hz(erb_band(b).centre)},
                             {"high_hz", rounded_hz(erb_band(b).high)}});
    }
    Json files = Json::array();
    for (const AnalysedFile& file : report.files) {
        Json one = file.analysis ? to_json(*file.analysis) : Json::object();
        one["path"] = file.path.string();
        one["error"] = file.analysis ? Json() : Json(file.analysis.error().message);
        one["from_cache"] = file.from_cache;
        files.push_back(std::move(one));
    }
    Json json = {{"schema", "prefade-analyse-1"},
                 {"version", PREFADE_VERSION},
                 {"measures", std::move(measures)},
                 {"files", std::move(files)},
                 {"passed_over", report.passed_over},
                 {"unread", report.unread},
                 {"took_s", std::chrono::duration<double>(report.took).count()},
                 {"good", what_is_broken(report).empty()}};
    if (report.spectrum) {
        json["bands"] = std::move(bands);
        json["masking"] = to_json(report.stems, report.files, report.genre);
    }
    return json;
}

std::string render(const AnalysisReport& report, const Look& look) {
    const fs::path common = folder_shown(report.files);
    std::string out;
    if (!report.files.empty()) out = table_of(report, common).text(look);
    if (report.spectrum) {
        out += render_tone(report.files, common, look);
        out += render(report.stems, report.files, report.genre, look);
    }
    out += broken_files(report, common, look);
    return out + '\n' + fitted(closing(report), look.width);
}

std::string render(const AnalysisProgress& progress) {
    using Step = AnalysisProgress::Step;
    std::string out = progress.step == Step::measuring   ? "measuring"
                      : progress.step == Step::comparing ? "comparing the stems"
                                                         : "looking at the files";
    if (progress.step == Step::measuring)
        out += ": " + std::to_string(progress.done) + " of " + counted(progress.files, "file")
               + " done";
    out += ", " + fixed(100.0 * progress.part, 0) + " %";
    const double spent = std::chrono::duration<double>(progress.spent).count();
    if (spent < 0.5 || progress.part < 0.01) return out; // too early to tell
    const double left = spent * (1.0 - progress.part) / progress.part;
    return out + ", "
           + (left < 90.0 ? fixed(std::ceil(left), 0) + " s" : fixed(left / 60.0, 0) + " min")
           + " left";
}

std::string what_is_broken(const AnalysisReport& report) {
    constexpr std::size_t named = 5;
    std::size_t broken = 0;
    std::string names;
    for (const AnalysedFile& file : report.files) {
        if (!is_broken(file)) continue;
        if (broken++ < named) names += (names.empty() ? "" : ", ") + file.path.filename().string();
    }
    std::string out;
    if (broken) {
        out = std::to_string(broken) + " of " + counted(report.files.size(), "file")
              + (broken == 1 ? " is" : " are") + " broken: " + names;
        if (broken > named) out += " and " + std::to_string(broken - named) + " more";
    }
    if (!report.unread.empty())
        out += (out.empty() ? "" : "; ") + counted(report.unread.size(), "folder")
               + " cannot be looked into";
    return out;
}

} // namespace prefade::command_line
