#include "tests/support/failing_disk.h"

#include <atomic>
#include <csignal>
#include <new>

namespace prefade::test {
namespace {

/// Our file as SQLite sees it; the real one lies behind it in the same memory.
struct File {
    sqlite3_file base;
    FailingDisk* disk;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file).real(); }

int close_file(sqlite3_file* f) {
    const int closed = real(f)->pMethods->xClose(real(f));
    of(f).disk->closed();
    return closed;
}

int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    if (const int failed = of(f).disk->judge_read()) return failed;
    return real(f)->pMethods->xRead(real(f), to, size, at);
}

int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    bool half = false;
    if (const int failed = of(f).disk->judge(half)) return failed;
    const int done = real(f)->pMethods->xWrite(real(f), from, half ? size / 2 : size, at);
    if (half) std::raise(SIGKILL);
    return done;
}

int truncate(sqlite3_file* f, sqlite3_int64 size) {
    return real(f)->pMethods->xTruncate(real(f), size);
}

int sync(sqlite3_file* f, int flags) {
    bool half = false;
    if (const int failed = of(f).disk->judge(half)) return failed;
    if (half) std::raise(SIGKILL);
    return real(f)->pMethods->xSync(real(f), flags);
}

int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return real(f)->pMethods->xFileSize(real(f), size);
}
int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int reserved(sqlite3_file* f, int* out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int control(sqlite3_file* f, int code, void* argument) {
    return real(f)->pMethods->xFileControl(real(f), code, argument);
}
int sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int traits(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }

// Version 1: no shared memory, which one daemon a journal never needs.
const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = close_file;
    m.xRead = read;
    m.xWrite = write;
    m.xTruncate = truncate;
    m.xSync = sync;
    m.xFileSize = file_size;
    m.xLock = lock;
    m.xUnlock = unlock;
    m.xCheckReservedLock = reserved;
    m.xFileControl = control;
    m.xSectorSize = sector;
    m.xDeviceCharacteristics = traits;
    return m;
}();

sqlite3_vfs* below() { return sqlite3_vfs_find("unix"); }

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* f, int flags, int* out) {
    File& file = *new (f) File{{nullptr}, static_cast<FailingDisk*>(vfs->pAppData)};
    const int opened = below()->xOpen(below(), name, file.real(), flags, out);
    if (opened != SQLITE_OK) return opened;
    file.base.pMethods = &methods;
    file.disk->opened();
    return opened;
}

} // namespace

FailingDisk::FailingDisk() {
    static std::atomic<int> made{0};
    name_ = "failing" + std::to_string(++made);
    vfs_ = *below();
    vfs_.szOsFile += static_cast<int>(sizeof(File));
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.pNext = nullptr;
    vfs_.xOpen = open_file;
    sqlite3_vfs_register(&vfs_, 0);
}

FailingDisk::~FailingDisk() {
    {
        std::unique_lock guard(mutex_);
        changed_.wait(guard, [&] { return open_ == 0; });
    }
    sqlite3_vfs_unregister(&vfs_);
}

void FailingDisk::opened() {
    const std::lock_guard guard(mutex_);
    ++open_;
}

void FailingDisk::closed() {
    const std::lock_guard guard(mutex_);
    --open_;
    changed_.notify_all();
}

bool FailingDisk::wait_stalled(Duration limit) {
    std::unique_lock guard(mutex_);
    return changed_.wait_for(guard, limit, [&] { return stalled_ > 0; });
}

void FailingDisk::set(Mode mode) {
    const std::lock_guard guard(mutex_);
    mode_ = mode;
    changed_.notify_all();
}

void FailingDisk::kill_at(std::uint64_t operation) {
    const std::lock_guard guard(mutex_);
    kill_at_ = operations_ + operation;
}

std::uint64_t FailingDisk::operations() const {
    const std::lock_guard guard(mutex_);
    return operations_;
}

int FailingDisk::judge(bool& half) {
    std::unique_lock guard(mutex_);
    ++operations_;
    half = kill_at_ != 0 && operations_ >= kill_at_;
    if (mode_ == Mode::stalled) {
        ++stalled_;
        changed_.notify_all();
        changed_.wait(guard, [&] { return mode_ != Mode::stalled; });
        --stalled_;
    }
    if (mode_ == Mode::full) return SQLITE_FULL;
    return mode_ == Mode::broken ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int FailingDisk::judge_read() {
    const std::lock_guard guard(mutex_);
    return mode_ == Mode::broken ? SQLITE_IOERR_READ : SQLITE_OK;
}

} // namespace prefade::test
