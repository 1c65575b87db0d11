#include "daemon/journal.h"

#include "daemon/journal_file.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace prefade {
namespace {

constexpr std::size_t most_begins = 1024;
constexpr Duration first_pause =
    std::chrono::milliseconds(100); ///< after a failed write, doubled up to
constexpr Duration longest_pause = std::chrono::seconds(5);
constexpr Duration patience_at_end = std::chrono::seconds(2);

/// What waits to be written or read. Guarded by Impl::mutex.
struct Work {
    std::deque<MoveRecord> begins;
    std::map<MoveId, MoveRecord> finishes;    ///< the newest state of each
    std::map<std::string, std::string> keeps; ///< the newest of each session
    std::deque<std::string> loads;
    bool empty() const {
        return begins.empty() && finishes.empty() && keeps.empty() && loads.empty();
    }
};

} // namespace

struct Journal::Impl {
    Impl(JournalFile opened, std::function<void(JournalReport)> to)
        : file(std::move(opened)),
          report(std::move(to)) {}

    std::optional<JournalFile> file; ///< journal thread, once it runs
    std::vector<MoveRecord> found;
    MoveId last;

    std::mutex mutex;
    std::condition_variable wake;
    Work work;
    bool ending{false}, ended{false};

    std::mutex report_mutex;
    std::function<void(JournalReport)> report; ///< null once the owner is gone

    bool troubled{false}; ///< journal thread: a write failed and was told

    void say(JournalReport what) {
        const std::lock_guard lock(report_mutex);
        if (report) report(std::move(what));
    }
    void run();
    void begin(const std::deque<MoveRecord>& records);
    Result<void> finish(const Work& taken);
    bool answer(const std::string& session_key);
    bool succeeded(const Result<void>& written);
    bool write(Work& taken);
    void put_back(Work rest);
    void close();
};

bool Journal::Impl::succeeded(const Result<void>& written) {
    if (written) {
        troubled = false;
        return true;
    }
    if (!troubled) say({JournalReport::Kind::trouble, {}, written.error().message, {}, nullptr});
    troubled = true;
    return false;
}

void Journal::Impl::begin(const std::deque<MoveRecord>& records) {
    if (records.empty()) return;
    const Result<void> written = file->together([&] {
        Result<void> done;
        for (auto r = records.begin(); done && r != records.end(); ++r) done = file->begin(*r);
        return done;
    });
    for (const MoveRecord& r : records)
        say({written ? JournalReport::Kind::begun : JournalReport::Kind::begin_failed,
             r.move.id,
             written ? "" : written.error().message,
             {},
             nullptr});
}

Result<void> Journal::Impl::finish(const Work& taken) {
    if (taken.finishes.empty() && taken.keeps.empty()) return {};
    return file->together([&] {
        Result<void> done;
        for (auto f = taken.finishes.begin(); done && f != taken.finishes.end(); ++f)
            done = file->finish(f->second);
        for (auto k = taken.keeps.begin(); done && k != taken.keeps.end(); ++k)
            done = file->keep(k->first, k->second);
        return done;
    });
}

/// False when the file could not be read: asked again later, for an empty answer would be kept over it.
bool Journal::Impl::answer(const std::string& session_key) {
    const auto kept = file->kept(session_key);
    if (!kept) return succeeded(kept.error());
    JournalReport report_back{JournalReport::Kind::session, {}, {}, session_key, nullptr};
    if (const auto json = parse_json(*kept); json && !kept->empty())
        report_back.kept = std::make_shared<const Json>(*json);
    say(std::move(report_back));
    return true;
}

/// Takes out of `taken` what is done with; false when the disk did not let it finish.
bool Journal::Impl::write(Work& taken) {
    begin(taken.begins); // each is answered here and now, whatever the answer is
    taken.begins.clear();
    for (; !taken.loads.empty(); taken.loads.pop_front())
        if (!answer(taken.loads.front())) return false;
    return succeeded(finish(taken));
}

/// What could not be written, unless a newer state came meanwhile.
void Journal::Impl::put_back(Work rest) {
    const std::lock_guard lock(mutex);
    work.finishes.merge(rest.finishes);
    work.keeps.merge(rest.keeps);
    work.loads.insert(work.loads.begin(), rest.loads.begin(), rest.loads.end());
}

/// Before `ended` is said: whoever opens the file next finds it free.
void Journal::Impl::close() {
    if (work.empty()) succeeded(file->release());
    file.reset();
}

void Journal::Impl::run() {
    Duration pause{};
    for (bool last_try = false; !last_try;) {
        Work taken;
        {
            std::unique_lock lock(mutex);
            if (pause == Duration{})
                wake.wait(lock, [&] { return ending || !work.empty(); });
            else // a full disk: try again after a while, or at once for an intent that wants its answer
                wake.wait_for(lock, pause, [&] { return ending || !work.begins.empty(); });
            if (work.empty()) break;
            last_try = ending;
            taken = std::exchange(work, {});
        }
        if (write(taken)) {
            pause = Duration{};
            last_try = false; // there may be more by now
            continue;
        }
        pause = pause == Duration{} ? first_pause : std::min(pause * 2, longest_pause);
        put_back(std::move(taken));
    }
    close();
    const std::lock_guard lock(mutex);
    ended = true;
    wake.notify_all();
}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& file,
                                               std::function<void(JournalReport)> report,
                                               const char* vfs) {
    std::string set_aside;
    auto opened = JournalFile::open(file, vfs, most_records, set_aside);
    if (!opened) return opened.error();
    auto impl = std::make_shared<Impl>(std::move(*opened), std::move(report));
    impl->last = impl->file->last_id();
    auto found = impl->file->take_found();
    impl->found = std::move(found.records);
    const auto trouble = [&](std::string what) {
        impl->say({JournalReport::Kind::trouble, {}, std::move(what), {}, nullptr});
    };
    if (!set_aside.empty()) trouble("it was no journal and is now " + set_aside);
    if (found.unreadable > 0)
        trouble(std::to_string(found.unreadable) + " records cannot be read and are passed over");
    std::thread([impl] {
        impl->run();
    }).detach(); // see ~Journal: a dead disk must not hold up the end
    return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

Journal::Journal(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Journal::~Journal() {
    {
        std::unique_lock lock(impl_->mutex);
        impl_->ending = true;
        impl_->wake.notify_all();
        impl_->wake.wait_for(lock, patience_at_end, [&] { return impl_->ended; });
    }
    const std::lock_guard lock(impl_->report_mutex);
    impl_->report = nullptr;
}

void Journal::begin(MoveRecord record) {
    const MoveId id = record.move.id;
    bool taken = false;
    {
        const std::lock_guard lock(impl_->mutex);
        taken = impl_->work.begins.size() < most_begins;
        if (taken) impl_->work.begins.push_back(std::move(record));
    }
    impl_->wake.notify_all();
    if (!taken)
        impl_->say({JournalReport::Kind::begin_failed,
                    id,
                    "too many moves wait for the disk",
                    {},
                    nullptr});
}

void Journal::finish(MoveRecord record) {
    {
        const std::lock_guard lock(impl_->mutex);
        const MoveId id = record.move.id;
        impl_->work.finishes.insert_or_assign(id, std::move(record));
    }
    impl_->wake.notify_all();
}

void Journal::keep_session(std::string session_key, const Json& kept) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->work.keeps.insert_or_assign(std::move(session_key), to_line(kept));
    }
    impl_->wake.notify_all();
}

void Journal::load_session(std::string session_key) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->work.loads.push_back(std::move(session_key));
    }
    impl_->wake.notify_all();
}

const std::vector<MoveRecord>& Journal::found() const { return impl_->found; }

MoveId Journal::last_id() const { return impl_->last; }

} // namespace prefade
