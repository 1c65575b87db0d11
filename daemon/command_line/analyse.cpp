#include "daemon/command_line/analyse.h"

#include "daemon/command_line/parallel.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

namespace prefade::command_line {
namespace {

constexpr std::size_t lanes =
    8; ///< channels that one meter hears for the price of few, see LoudnessMeter::make
constexpr double like_length =
    2.0; ///< files in step: the longest is at most this times the shortest
constexpr std::size_t other_descriptors = 24;      ///< that are open for other things than sound
constexpr std::size_t most_threads_a_core = 4;     ///< more wait for each other, and take memory
constexpr std::size_t threads_for_slow_disks = 16; ///< however few cores there are

/// What may go on at a time, so that neither descriptors nor memory run out.
struct Bounds {
    std::size_t threads; ///< each also has one file of the cache open
    std::size_t files;   ///< sound files of each
};

Bounds bounds(std::size_t threads_wanted) {
    const std::size_t limit = most_open_files();
    const std::size_t room =
        std::max<std::size_t>(limit, other_descriptors + 2) - other_descriptors;
    const std::size_t of_use = std::max<std::size_t>(
        threads_for_slow_disks, most_threads_a_core * std::thread::hardware_concurrency());
    const std::size_t threads =
        std::clamp<std::size_t>(threads_wanted, 1, std::min(of_use, room / 2));
    return {threads, std::clamp<std::size_t>(room / threads - 1, 1, lanes)};
}

/// A file on its way to its analysis.
struct Item {
    std::size_t index{0}; ///< in the task
    int sample_rate{0};
    std::size_t channels{0};
    std::uint64_t frames{0}; ///< a guess where the file does not tell
    std::uint64_t samples() const { return frames * channels; }
};

class Analysis {
public:
    explicit Analysis(const AnalysisTask& task) : task_(task), bounds_(bounds(task.jobs)) {
        const Error not_yet{ErrorCode::unavailable, "was not looked at", {}};
        for (const auto& path : task.files) files_.push_back({path, not_yet});
    }

    Result<std::vector<AnalysedFile>> run() {
        std::vector<std::optional<Item>> items(files_.size());
        for (const AnalysedFile& file : files_) {
            std::error_code failed;
            const auto size = std::filesystem::file_size(file.path, failed);
            if (!failed) total_ += size;
        }
        step(files_.size(), [&](std::size_t i) { items[i] = look_at(i); });

        std::vector<Item> to_measure;
        for (std::optional<Item>& item : items)
            if (item) to_measure.push_back(std::move(*item));
        const auto groups = grouped(std::move(to_measure));
        step_ = AnalysisProgress::Step::measuring;
        heard_ = total_ = 0;
        for (const auto& group : groups)
            for (const Item& item : group) total_ += item.samples();
        const bool has_idle_threads = groups.size() < bounds_.threads;
        step(groups.size(), [&](std::size_t i) { measure(groups[i], has_idle_threads); });
        if (done_ < files_.size()) return ended();
        return std::move(files_);
    }

private:
    void step(std::size_t count, const std::function<void(std::size_t)>& work) {
        const TimePoint start = Clock::now();
        in_parallel(
            count, bounds_.threads,
            [&](std::size_t i) {
                if (!task_.ended()) work(i);
            },
            [&] {
                const auto total = static_cast<double>(std::max<std::uint64_t>(total_, 1));
                const double part = std::min(1.0, static_cast<double>(heard_.load()) / total);
                task_.tell({step_, files_.size(), done_, part, Clock::now() - start});
            });
    }

    bool hear(std::uint64_t amount) {
        heard_ += amount;
        return !task_.ended();
    }

    /// What is to be measured of a file; nothing where the cache knows it, or where it is broken.
    std::optional<Item> look_at(std::size_t index) {
        AnalysedFile& file = files_[index];
        const WallTime opened = std::chrono::system_clock::now();
        auto bytes = FileBytes::open(file.path);
        const auto known = bytes ? find(file, **bytes, opened) : bytes.error();
        if (known && *known) return std::nullopt;
        const Result<Item> item = known ? look_inside(index, **bytes) : known.error();
        if (item) return *item;
        settle(index, item.error());
        return std::nullopt;
    }

    /// Whether the cache knows all of a file that is asked for; then that is settled.
    Result<bool> find(AnalysedFile& file, FileBytes& bytes, WallTime opened) {
        if (!task_.cache) return false;
        if (const auto key = task_.cache->key_of(file.path, bytes.stamp()); key && take(file, *key))
            return true;
        if (!task_.cache->may_hold(bytes.size())) return false;
        const auto key = HashedBytes(bytes).key([this](std::uint64_t read) { return hear(read); });
        if (!key) return key.error();
        if (!bytes.is_unchanged()) return false; // what was read is of no state it ever was in
        if (!take(file, *key)) return false;
        task_.cache->remember(file.path, bytes.stamp(), *key, opened);
        return true;
    }

    bool take(AnalysedFile& file, const ContentKey& key) {
        auto kept = task_.cache->find(key);
        if (!kept) return false;
        if (task_.bands) {
            if (kept->spectrum) file.bands = task_.cache->bands(key);
            if (!file.bands) return false;
        } else
            kept->spectrum.reset();
        file.from_cache = true;
        file.key = key;
        file.analysis = std::move(*kept);
        ++done_;
        return true;
    }

    static Result<Item> look_inside(std::size_t index, FileBytes& bytes) {
        auto file = AudioFile::open(bytes);
        if (!file) return file.error();
        const auto frames = file->format().frames;
        return Item{index, file->format().sample_rate, file->channels(),
                    frames ? *frames : guessed_frames(*file)};
    }

    /// By the bytes that its first second takes.
    static std::uint64_t guessed_frames(AudioFile& file) {
        const auto second = static_cast<std::size_t>(file.format().sample_rate);
        std::vector<float> beginning(second * file.channels());
        const auto frames = static_cast<double>(file.read(beginning));
        const double part = file.progress();
        return part > 0.0 ? static_cast<std::uint64_t>(frames / part) : second;
    }

    /// Files that one thread measures in step, the longest work first. Where there are fewer files than threads have
    /// lanes, they are spread over the threads rather.
    std::vector<std::vector<Item>> grouped(std::vector<Item> items) const {
        std::size_t channels = 0;
        for (const Item& item : items) channels += item.channels;
        const std::size_t room = std::min(lanes, channels / bounds_.threads);
        std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
            return std::pair(a.sample_rate, a.frames) > std::pair(b.sample_rate, b.frames);
        });
        std::vector<std::vector<Item>> groups;
        std::size_t taken = 0;
        for (Item& item : items) {
            const bool fits = !groups.empty() && taken + item.channels <= room
                              && groups.back().size() < bounds_.files
                              && groups.back().front().sample_rate == item.sample_rate
                              && static_cast<double>(groups.back().front().frames)
                                     <= like_length * static_cast<double>(item.frames);
            if (!fits) {
                groups.emplace_back();
                taken = 0;
            }
            taken += item.channels;
            groups.back().push_back(std::move(item));
        }
        const auto work = [](const std::vector<Item>& group) {
            std::uint64_t samples = 0;
            for (const Item& item : group) samples += item.samples();
            return samples;
        };
        std::stable_sort(groups.begin(), groups.end(),
                         [&](const auto& a, const auto& b) { return work(a) > work(b); });
        return groups;
    }

    /// A file while it is measured.
    struct Opened {
        const Item& item;
        WallTime at;
        std::unique_ptr<FileBytes> bytes;
        std::unique_ptr<HashedBytes> hashed; ///< as they are decoded
        std::shared_ptr<BandTrack> bands_over_time;
    };

    void measure(const std::vector<Item>& group, bool decode_ahead) {
        std::vector<Opened> opened;
        std::vector<ByteSource*> sources;
        for (const Item& item : group) {
            const WallTime now = std::chrono::system_clock::now();
            auto bytes = FileBytes::open(files_[item.index].path);
            if (!bytes) { // it was there a moment ago
                settle(item.index, bytes.error());
                continue;
            }
            auto hashed = std::make_unique<HashedBytes>(**bytes);
            auto bands = task_.bands ? std::make_shared<BandTrack>(*task_.bands) : nullptr;
            opened.push_back({item, now, std::move(*bytes), std::move(hashed), std::move(bands)});
            sources.push_back(task_.cache ? static_cast<ByteSource*>(opened.back().hashed.get())
                                          : opened.back().bytes.get());
        }
        std::vector<double> done(opened.size());
        AlsoMeasured also;
        also.decode_ahead = decode_ahead;
        also.spectrum = task_.bands != nullptr;
        also.on_bands = [&](std::size_t i, const BandEnergies& frame) {
            opened[i].bands_over_time->add(frame);
        };
        const auto heard = [&](std::uint64_t, std::span<const double> parts) {
            double samples = 0.0;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const double more = std::max(parts[i] - done[i], 0.0);
                samples += more * static_cast<double>(opened[i].item.samples());
                done[i] += more;
            }
            return hear(static_cast<std::uint64_t>(samples));
        };
        auto results = analyse_files(sources, heard, also);
        for (std::size_t i = 0; i < opened.size(); ++i) finish(opened[i], std::move(results[i]));
    }

    void finish(Opened& file, Result<FileAnalysis> result) {
        std::optional<Result<ContentKey>> key; // of the bytes that were decoded, no others
        if (task_.cache && result && result->repeatable)
            key = file.hashed->key([this](std::uint64_t) { return !task_.ended(); });
        if (result && !file.bytes->is_unchanged())
            result->faults.push_back("it was changed while it was read: look again");
        else if (key && *key)
            keep(file, **key, *result);
        if (result && !files_[file.item.index].bands)
            files_[file.item.index].bands = std::move(file.bands_over_time);
        settle(file.item.index, std::move(result));
    }

    void keep(const Opened& file, const ContentKey& key, const FileAnalysis& analysis) {
        AnalysedFile& known = files_[file.item.index];
        known.key = key;
        if (file.bands_over_time) // where they are kept they take no memory
            known.bands = task_.cache->keep_bands(key, *file.bands_over_time);
        task_.cache->keep(key, analysis);
        task_.cache->remember(known.path, file.bytes->stamp(), key, file.at);
    }

    void settle(std::size_t index, Result<FileAnalysis> result) {
        if (result || result.error().code != ErrorCode::unavailable) ++done_; // else it was ended
        files_[index].analysis = std::move(result);
    }

    Error ended() const {
        return {ErrorCode::unavailable,
                "ended with " + std::to_string(done_) + " of " + std::to_string(files_.size())
                    + " files measured"
                    + (task_.cache ? "; those are kept, the same command goes on from there" : ""),
                {}};
    }

    const AnalysisTask& task_;
    const Bounds bounds_;
    std::vector<AnalysedFile> files_; ///< each written by the thread that works on it
    std::atomic<std::uint64_t> heard_{0};
    std::uint64_t total_{0}; ///< bytes to look at, then samples to measure
    std::atomic<std::size_t> done_{0};
    AnalysisProgress::Step step_{};
};

} // namespace

Result<std::vector<AnalysedFile>> analyse(const AnalysisTask& task) { return Analysis(task).run(); }

} // namespace prefade::command_line
