#include "tests/truth/renders.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

namespace prefade::truth {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view midi_folder = "/usr/share/games/openttd/baseset/openmsx";

constexpr std::array<std::string_view, 6> tuning_songs{"be_sharp_bw_redfarn", "chemistry_lab",
                                                       "flying_scotsman",     "linns_basket",
                                                       "moo_redfarn",         "the_fast_route"};
constexpr std::array<std::string_view, 25> scored_songs{
    "5432gone_redfarn",    "boogi_marabi_redfarn", "busy_schedule",    "careless_perc_redfarn",
    "chuggachugga",        "city_blues_redfarn",   "coconut_run2",     "harp_harmony",
    "keep_on_rolling",     "midnight_snow_run",    "mighty_giant_run", "modern_motion",
    "mosey_along_redfarn", "no_work_song_redfarn", "relax_song",       "run_for_your_life",
    "say_what_redfarn",    "slow_neasy_redfarn",   "the_hobo_redfarn", "train_filled_with_cash",
    "ttsong_iii_imuh3",    "ttsong_iv_imuh3",      "tttheme2",         "ultimate_run",
    "wood_whistles"};

/// Mono sum of a 16-bit stereo WAV file.
std::optional<std::vector<float>> read_wav(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + at, 4);
        return value;
    };
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const std::size_t size = word(at + 4);
        if (std::string_view(bytes.data() + at, 4) == "data" && at + 8 + size <= bytes.size()) {
            std::vector<float> samples(size / 4);
            for (std::size_t i = 0; i < samples.size(); ++i) {
                std::array<std::int16_t, 2> frame{};
                std::memcpy(frame.data(), bytes.data() + at + 8 + 4 * i, 4);
                samples[i] = static_cast<float>(frame[0] + frame[1]) / 65536.0F;
            }
            return samples;
        }
        at += 8 + size + (size & 1U);
    }
    return std::nullopt;
}

/// Rank of what General MIDI's families play: a pop order.
double priority_of_family(std::string_view family) {
    constexpr std::array<std::pair<std::string_view, double>, 14> ranks{{{"synthlead", 7},
                                                                         {"reed", 7},
                                                                         {"pipe", 7},
                                                                         {"drums-kick", 6},
                                                                         {"drums-snare", 6},
                                                                         {"bass", 5},
                                                                         {"brass", 4},
                                                                         {"guitar", 3},
                                                                         {"piano", 3},
                                                                         {"organ", 3},
                                                                         {"strings", 2},
                                                                         {"ensemble", 2},
                                                                         {"synthpad", 2},
                                                                         {"drums-hats", 1}}};
    for (const auto& [name, rank] : ranks)
        if (name == family) return rank;
    return 1.0;
}

} // namespace

RenderedSet tuning_renders() { return {tuning_songs, "/usr/share/sounds/sf2/TimGM6mb.sf2"}; }
RenderedSet scored_renders() { return {scored_songs, "/usr/share/sounds/sf2/FluidR3_GM.sf2"}; }

std::optional<Song> render(const RenderedSet& set, std::string_view song, const fs::path& work) {
    const fs::path midi = fs::path(midi_folder) / (std::string(song) + ".mid");
    const fs::path folder = work / song, manifest = folder / "manifest.json";
    if (!fs::exists(midi) || !fs::exists(set.soundfont)) return std::nullopt;
    if (!fs::exists(manifest)) {
        const std::string command =
            "python3 " PREFADE_TESTS_DIR "/truth/render_stems.py --format s16 --rate 44100"
            " --split-drums --no-mix --max-seconds 16 --tail 0.5 --jobs 1 --soundfont "
            + std::string(set.soundfont) + ' ' + midi.string() + ' ' + folder.string()
            + " > /dev/null 2>&1";
        if (std::system(command.c_str()) != 0) return std::nullopt;
    }
    std::ifstream file(manifest);
    const auto told = nlohmann::json::parse(file, nullptr, false);
    if (told.is_discarded()) return std::nullopt;
    Song result{std::string(song), {}};
    for (const auto& stem : told["stems"]) {
        auto samples = read_wav(folder / stem["file"].get<std::string>());
        if (!samples) return std::nullopt;
        const auto family = stem["family"].get<std::string>();
        result.tracks.push_back({family, priority_of_family(family), std::move(*samples)});
    }
    return result;
}

} // namespace prefade::truth
