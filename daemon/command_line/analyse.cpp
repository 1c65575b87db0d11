#include "daemon/command_line/analyse.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace prefade::command_line {
namespace {

constexpr std::size_t lanes =
    8; ///< channels that one meter hears for the price of few, see LoudnessMeter::make
constexpr double like_length =
    2.0; ///< files in step: the longest is at most this times the shortest
constexpr Duration look_interval = std::chrono::milliseconds(100);
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

/// Does `work(i)` for each i below `count` on up to `jobs` threads, and `meanwhile()` on this one.
void in_parallel(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work,
                 const std::function<void()>& meanwhile) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::condition_variable finished;
    std::size_t working = std::min(count, std::max<std::size_t>(jobs, 1));
    std::vector<std::jthread> threads;
    const std::size_t started = working;
    for (std::size_t t = 0; t < started; ++t)
        threads.emplace_back([&] {
            for (std::size_t i = next++; i < count; i = next++) work(i);
            const std::lock_guard lock(mutex);
            if (--working == 0) finished.notify_all();
        });
    std::unique_lock lock(mutex);
    while (!finished.wait_for(lock, look_interval, [&] { return working == 0; })) {
        lock.unlock();
        meanwhile();
        lock.lock();
    }
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
        for (const auto& path : task.files) files_.push_back({path, not_yet, false});
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
        measuring_ = true;
        heard_ = total_ = 0;
        for (const auto& group : groups)
            for (const Item& item : group) total_ += item.samples();
        step(groups.size(), [&](std::size_t i) { measure(groups[i]); });
        if (task_.cache && !groups.empty()) task_.cache->trim();
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
                task_.tell({measuring_, files_.size(), done_, part, Clock::now() - start});
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
        auto kept = bytes ? find(file.path, **bytes, opened) : bytes.error();
        if (kept && *kept) {
            file.from_cache = true;
            settle(index, std::move(**kept));
            return std::nullopt;
        }
        const Result<Item> item = kept ? look_inside(index, **bytes) : kept.error();
        if (item) return *item;
        settle(index, item.error());
        return std::nullopt;
    }

    /// What the cache knows of a file.
    Result<std::optional<FileAnalysis>> find(const std::filesystem::path& path, FileBytes& bytes,
                                             WallTime opened) {
        std::optional<FileAnalysis> kept;
        if (!task_.cache) return kept;
        if (const auto key = task_.cache->key_of(path, bytes.stamp()))
            kept = task_.cache->find(*key);
        if (kept || !task_.cache->may_hold(bytes.size())) return kept;
        const auto key = HashedBytes(bytes).key([this](std::uint64_t read) { return hear(read); });
        if (!key) return key.error();
        if (!bytes.is_unchanged()) return kept; // what was read is of no state it ever was in
        kept = task_.cache->find(*key);
        if (kept) task_.cache->remember(path, bytes.stamp(), *key, opened);
        return kept;
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
    };

    void measure(const std::vector<Item>& group) {
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
            opened.push_back({item, now, std::move(*bytes), std::move(hashed)});
            sources.push_back(task_.cache ? static_cast<ByteSource*>(opened.back().hashed.get())
                                          : opened.back().bytes.get());
        }
        std::vector<double> done(opened.size());
        auto results = analyse_files(sources, [&](std::uint64_t, std::span<const double> parts) {
            double samples = 0.0;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const double more = std::max(parts[i] - done[i], 0.0);
                samples += more * static_cast<double>(opened[i].item.samples());
                done[i] += more;
            }
            return hear(static_cast<std::uint64_t>(samples));
        });
        for (std::size_t i = 0; i < opened.size(); ++i) finish(opened[i], std::move(results[i]));
    }

    void finish(Opened& file, Result<FileAnalysis> result) {
        std::optional<Result<ContentKey>> key; // of the bytes that were decoded, no others
        if (task_.cache && result && result->repeatable)
            key = file.hashed->key([this](std::uint64_t) { return !task_.ended(); });
        if (result && !file.bytes->is_unchanged())
            result->faults.push_back("it was changed while it was read: look again");
        else if (key && *key) {
            task_.cache->keep(**key, *result);
            task_.cache->remember(files_[file.item.index].path, file.bytes->stamp(), **key,
                                  file.at);
        }
        settle(file.item.index, std::move(result));
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
    bool measuring_{false};
};

} // namespace

Result<std::vector<AnalysedFile>> analyse(const AnalysisTask& task) { return Analysis(task).run(); }

} // namespace prefade::command_line
