#include "daemon/command_line/analysis_cache.h"

#include "core/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include <xxhash.h>
#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

namespace prefade::command_line {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view draft_mark = ".making-";
constexpr std::uintmax_t most_bytes = std::uintmax_t{2} << 30;

std::string hex_digits(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

std::string checksum(const std::string& text) {
    return hex_digits(XXH3_64bits(text.data(), text.size()));
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

class HashState {
public:
    HashState() : state_(XXH3_createState()) { XXH3_128bits_reset(state_.get()); }
    void add(std::span<const std::byte> bytes) {
        XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
    }
    XXH128_hash_t hash() const { return XXH3_128bits_digest(state_.get()); }

private:
    std::unique_ptr<XXH3_state_t, FreeState> state_;
};

std::string hex_digits(const XXH128_hash_t& hash) {
    return hex_digits(hash.high64) + hex_digits(hash.low64);
}

unsigned long process_number() {
#ifdef _WIN32
    return static_cast<unsigned long>(_getpid());
#else
    return static_cast<unsigned long>(::getpid());
#endif
}

/// No value: there is none.
std::optional<std::string> text_in_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

bool is_key(std::string_view text) {
    return text.size() > 33 && text.size() < 64 && text[32] == '-'
           && std::all_of(text.begin(), text.end(), [](char c) {
                  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
              });
}

/// Of a key: behind the hash and a dash.
std::uint64_t size_in(const ContentKey& key) {
    return std::strtoull(key.c_str() + 33, nullptr, 10);
}

/// By way of a draft that is nobody else's, of this process or of one that has its number elsewhere, and goes away unless it
/// was renamed. Empty when all went well.
std::string write_whole(const fs::path& file, const std::function<bool(std::FILE*)>& fill) {
    static std::atomic<unsigned long> drafts{0};
    fs::path draft;
    std::FILE* out = nullptr;
    do {
        draft = file.parent_path()
                / (std::string(draft_mark) + std::to_string(process_number()) + '-'
                   + std::to_string(drafts.fetch_add(1)));
        out = std::fopen(draft.string().c_str(), "wbx");
    } while (!out && errno == EEXIST);
    if (!out) return std::strerror(errno);
    std::string reason;
    if (!fill(out)) reason = std::strerror(errno);
    if (std::fclose(out) != 0 && reason.empty()) reason = std::strerror(errno);
    std::error_code failed;
    if (reason.empty()) fs::rename(draft, file, failed);
    if (failed) reason = failed.message();
    if (!reason.empty()) fs::remove(draft, failed);
    return reason;
}

// Band energies are kept as a line of fixed length that says what they are, then the frames.
constexpr std::size_t bands_head_size = 64;
constexpr const char* bands_head_form = "prefade-bands %d %llu %16s";

std::string bands_head(std::uint64_t frames, const std::string& checksum_of_frames) {
    char text[bands_head_size + 1];
    std::snprintf(text, sizeof text, bands_head_form, analysis_version,
                  static_cast<unsigned long long>(frames), checksum_of_frames.c_str());
    std::string head(text);
    head.resize(bands_head_size, ' ');
    return head;
}

Result<std::string> checksum(const BandTrack& track) {
    const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
    XXH3_64bits_reset(state.get());
    const auto read = track.each([&](std::span<const PackedBands> frames) {
        XXH3_64bits_update(state.get(), frames.data(), frames.size_bytes());
        return true;
    });
    if (!read) return read.error();
    return hex_digits(XXH3_64bits_digest(state.get()));
}

} // namespace

class HashedBytes::State : public HashState {};

HashedBytes::HashedBytes(ByteSource& bytes) : bytes_(bytes), state_(std::make_unique<State>()) {}
HashedBytes::~HashedBytes() = default;

Result<std::size_t> HashedBytes::read(std::uint64_t offset, std::span<std::byte> into) {
    auto got = bytes_.read(offset, into);
    if (got && offset <= hashed_ && offset + *got > hashed_) {
        state_->add(into.first(*got).subspan(static_cast<std::size_t>(hashed_ - offset)));
        hashed_ = offset + *got;
    }
    return got;
}

Result<ContentKey> HashedBytes::key(const std::function<bool(std::uint64_t)>& heard) {
    std::vector<std::byte> block(std::size_t{1} << 20);
    while (true) {
        const auto got = read(hashed_, block);
        if (!got) return got.error();
        if (*got == 0) break;
        if (!heard(*got)) return Error{ErrorCode::unavailable, "the analysis was ended", {}};
    }
    return hex_digits(state_->hash()) + '-' + std::to_string(hashed_);
}

AnalysisCache::AnalysisCache(fs::path folder) : folder_(std::move(folder)) {
    std::error_code failed;
    for (fs::directory_iterator at(folder_, failed), end; !failed && at != end;
         at.increment(failed)) {
        const std::string key = at->path().stem().string();
        if (at->path().extension() == ".json" && is_key(key)) sizes_.insert(size_in(key));
    }
}

fs::path AnalysisCache::entry(const ContentKey& key) const { return folder_ / (key + ".json"); }
fs::path AnalysisCache::bands_entry(const ContentKey& key) const {
    return folder_ / (key + ".bands");
}
fs::path AnalysisCache::comparison_entry(std::string_view of) const {
    HashState state;
    state.add(std::as_bytes(std::span(of)));
    return folder_ / (hex_digits(state.hash()) + ".pairs");
}

fs::path AnalysisCache::entry(const fs::path& path, const FileStamp& stamp) const {
    const std::uint64_t words[] = {stamp.device, stamp.inode, stamp.size,
                                   static_cast<std::uint64_t>(stamp.modified_ns),
                                   static_cast<std::uint64_t>(stamp.changed_ns)};
    std::error_code failed; // the path as it is then, which is one too
    const fs::path absolute = fs::absolute(path, failed).lexically_normal();
    const std::u8string name = (failed ? path : absolute).u8string();
    HashState state;
    state.add(std::as_bytes(std::span(words)));
    state.add(std::as_bytes(std::span(name)));
    return folder_ / (hex_digits(state.hash()) + ".key");
}

void AnalysisCache::damaged(const fs::path& file) {
    trouble("what was kept of an earlier look is damaged, so it is measured again (" + file.string()
            + ")");
}

/// What lies in a file with its version and its checksum.
std::optional<Json> AnalysisCache::held_in(const fs::path& file) {
    const auto text = text_in_file(file);
    if (!text) return std::nullopt;
    auto kept = parse_json(*text);
    if (kept && kept->is_object() && kept->contains("version") && kept->contains("analysis")) {
        if ((*kept)["version"] != analysis_version) return std::nullopt;
        Json& held = (*kept)["analysis"];
        if (kept->value("checksum", Json()) == checksum(dumped(held))) return std::move(held);
    }
    damaged(file);
    return std::nullopt;
}

std::optional<FileAnalysis> AnalysisCache::find(const ContentKey& key) {
    const auto held = held_in(entry(key));
    if (!held) return std::nullopt;
    if (auto analysis = file_analysis_from_json(*held)) return std::move(*analysis);
    damaged(entry(key));
    return std::nullopt;
}

std::shared_ptr<const BandTrack> AnalysisCache::bands(const ContentKey& key) {
    const fs::path file = bands_entry(key);
    std::string head(bands_head_size, ' ');
    std::ifstream in(file, std::ios::binary);
    if (!in) return nullptr;
    int version = 0;
    unsigned long long frames = 0;
    char digits[17] = "";
    in.read(head.data(), bands_head_size);
    if (in && std::sscanf(head.c_str(), bands_head_form, &version, &frames, digits) == 3) {
        if (version != analysis_version) return nullptr;
        std::error_code failed;
        auto track = std::make_shared<const BandTrack>(file, bands_head_size, frames);
        const bool is_whole =
            fs::file_size(file, failed) == bands_head_size + frames * sizeof(PackedBands)
            && !failed;
        if (const auto sum = checksum(*track); is_whole && sum && *sum == digits) return track;
    }
    damaged(file);
    return nullptr;
}

std::shared_ptr<const BandTrack> AnalysisCache::keep_bands(const ContentKey& key,
                                                           const BandTrack& track) {
    const auto sum = checksum(track);
    if (!sum) return nullptr;
    const std::string head = bands_head(track.frames(), *sum);
    const bool written = write(bands_entry(key), [&](std::FILE* out) {
        bool good = std::fwrite(head.data(), 1, head.size(), out) == head.size();
        const auto all = track.each([&](std::span<const PackedBands> frames) {
            good = good
                   && std::fwrite(frames.data(), sizeof(PackedBands), frames.size(), out)
                          == frames.size();
            return good;
        });
        return good && all;
    });
    if (!written) return nullptr;
    return std::make_shared<const BandTrack>(bands_entry(key), bands_head_size, track.frames());
}

std::optional<Json> AnalysisCache::comparison(std::string_view of) {
    return held_in(comparison_entry(of));
}

void AnalysisCache::keep_comparison(std::string_view of, const Json& found) {
    keep_json(comparison_entry(of), found);
}

bool AnalysisCache::may_hold(std::uint64_t bytes) const {
    const std::lock_guard lock(mutex_);
    return sizes_.contains(bytes);
}

void AnalysisCache::keep_json(const fs::path& file, const Json& held) {
    write(file, dumped({{"version", analysis_version},
                        {"analysis", held},
                        {"checksum", checksum(dumped(held))}}));
}

void AnalysisCache::keep(const ContentKey& key, const FileAnalysis& analysis) {
    keep_json(entry(key), to_json(analysis));
    const std::lock_guard lock(mutex_);
    sizes_.insert(size_in(key));
}

std::optional<ContentKey> AnalysisCache::key_of(const fs::path& path, const FileStamp& stamp) {
    if (stamp.inode == 0) return std::nullopt;
    auto text = text_in_file(entry(path, stamp));
    if (!text || !is_key(*text) || size_in(*text) != stamp.size)
        return std::nullopt; // the content itself tells it then
    return text;
}

void AnalysisCache::remember(const fs::path& path, const FileStamp& stamp, const ContentKey& key,
                             WallTime opened) {
    const std::int64_t opened_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(opened.time_since_epoch()).count();
    constexpr std::int64_t too_young_ns = 2'000'000'000; // FAT counts in steps of two seconds
    if (stamp.inode != 0
        && opened_ns - std::max(stamp.modified_ns, stamp.changed_ns) >= too_young_ns)
        write(entry(path, stamp), key);
}

bool AnalysisCache::write(const fs::path& file, const std::function<bool(std::FILE*)>& fill) {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    const std::string reason = failed ? failed.message() : write_whole(file, fill);
    if (!reason.empty())
        trouble("nothing can be kept for a second look: " + folder_.string() + ": " + reason);
    return reason.empty();
}

bool AnalysisCache::write(const fs::path& file, const std::string& text) {
    return write(file, [&](std::FILE* out) {
        return std::fwrite(text.data(), 1, text.size(), out) == text.size();
    });
}

void AnalysisCache::trim(std::size_t most) {
    std::error_code failed;
    const auto now = fs::file_time_type::clock::now();
    std::vector<std::pair<fs::file_time_type, fs::path>> kept;
    std::uintmax_t bytes = 0;
    for (fs::directory_iterator at(folder_, failed), end; !failed && at != end;
         at.increment(failed)) {
        std::error_code gone; // another process was faster
        const auto written = at->last_write_time(gone);
        if (gone) continue;
        if (!at->path().filename().string().starts_with(draft_mark)) {
            kept.emplace_back(written, at->path());
            if (const auto size = at->file_size(gone); !gone) bytes += size;
        } else if (now - written > std::chrono::hours(1))
            fs::remove(at->path(), gone);
    }
    // Of each what was measured, its bands, and where it was seen.
    if (kept.size() <= 3 * most && bytes <= most_bytes) return;
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(kept.size() / 2);
    std::nth_element(kept.begin(), middle, kept.end());
    for (auto old = kept.begin(); old != middle; ++old) fs::remove(old->second, failed);
}

void AnalysisCache::trouble(const std::string& words) {
    const std::lock_guard lock(mutex_);
    if (std::find(troubles_.begin(), troubles_.end(), words) == troubles_.end())
        troubles_.push_back(words);
}

std::vector<std::string> AnalysisCache::troubles() const {
    const std::lock_guard lock(mutex_);
    return troubles_;
}

} // namespace prefade::command_line
