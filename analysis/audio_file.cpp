#include "analysis/audio_file.h"

#include "analysis/audio_header.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <mutex>
#include <utility>

#include <sndfile.h>

namespace prefade {
namespace {

constexpr std::uint64_t not_known =
    std::numeric_limits<sf_count_t>::max(); ///< libsndfile's word for it

/// What libsndfile reads from: a window on the bytes, so that its many small reads are few of ours.
class Window {
public:
    explicit Window(ByteSource& bytes) : bytes_(bytes), held_(window_bytes) {}

    sf_count_t size() const { return static_cast<sf_count_t>(bytes_.size()); }
    sf_count_t seek(sf_count_t offset, int whence) {
        if (whence == SEEK_END && is_stream_) return -1;
        const sf_count_t from = whence == SEEK_CUR ? at_ : whence == SEEK_END ? size() : 0;
        at_ = std::max<sf_count_t>(0, from + offset);
        return at_;
    }
    sf_count_t tell() const { return at_; }
    sf_count_t read(void* into, sf_count_t wanted) {
        auto* out = static_cast<std::byte*>(into);
        sf_count_t done = 0;
        while (done < wanted) {
            if (at_ < begin_ || at_ >= begin_ + static_cast<sf_count_t>(filled_)) {
                if (!fill()) break;
            }
            const auto offset = static_cast<std::size_t>(at_ - begin_);
            const std::size_t count =
                std::min(filled_ - offset, static_cast<std::size_t>(wanted - done));
            std::memcpy(out + done, held_.data() + offset, count);
            done += static_cast<sf_count_t>(count);
            at_ += static_cast<sf_count_t>(count);
        }
        return done;
    }
    const std::optional<Error>& failed() const { return failed_; }

    /// Has no end that can be looked for, so that nothing is guessed from it.
    void become_stream() {
        is_stream_ = true;
        at_ = 0;
    }
    /// Shows other bytes than there are in one place.
    void mend(MendedBytes mended) {
        mended_ = std::move(mended);
        filled_ = 0;
        at_ = 0;
    }

private:
    static constexpr std::size_t window_bytes = 1U << 18;

    bool fill() {
        const auto got = bytes_.read(static_cast<std::uint64_t>(at_), held_);
        if (!got && !failed_) failed_ = got.error();
        begin_ = at_;
        filled_ = got ? *got : 0;
        for (std::size_t i = 0; i < mended_.bytes.size(); ++i) {
            const std::uint64_t place = mended_.at + i - static_cast<std::uint64_t>(begin_);
            if (place < filled_) held_[place] = static_cast<std::byte>(mended_.bytes[i]);
        }
        return filled_ != 0;
    }

    ByteSource& bytes_;
    std::vector<std::byte> held_;
    sf_count_t at_{0}, begin_{0};
    std::size_t filled_{0};
    std::optional<Error> failed_;
    MendedBytes mended_;
    bool is_stream_{false};
};

SF_VIRTUAL_IO window_io() {
    return {[](void* w) { return static_cast<Window*>(w)->size(); },
            [](sf_count_t offset, int whence, void* w) {
                return static_cast<Window*>(w)->seek(offset, whence);
            },
            [](void* into, sf_count_t count, void* w) {
                return static_cast<Window*>(w)->read(into, count);
            },
            [](const void*, sf_count_t, void*) { return sf_count_t{0}; },
            [](void* w) { return static_cast<Window*>(w)->tell(); }};
}

struct Named {
    int format;
    const char* name;
};
constexpr Named containers[] = {
    {SF_FORMAT_WAV, "WAV"},  {SF_FORMAT_WAVEX, "WAV"}, {SF_FORMAT_RF64, "RF64"},
    {SF_FORMAT_W64, "W64"},  {SF_FORMAT_AIFF, "AIFF"}, {SF_FORMAT_FLAC, "FLAC"},
    {SF_FORMAT_OGG, "Ogg"},  {SF_FORMAT_CAF, "CAF"},   {SF_FORMAT_AU, "AU"},
    {SF_FORMAT_MPEG, "MP3"},
};
constexpr Named encodings[] = {
    {SF_FORMAT_PCM_S8, "8 bit"},
    {SF_FORMAT_PCM_U8, "8 bit"},
    {SF_FORMAT_PCM_16, "16 bit"},
    {SF_FORMAT_PCM_24, "24 bit"},
    {SF_FORMAT_PCM_32, "32 bit"},
    {SF_FORMAT_FLOAT, "32 bit float"},
    {SF_FORMAT_DOUBLE, "64 bit float"},
    {SF_FORMAT_VORBIS, "Vorbis"},
    {SF_FORMAT_OPUS, "Opus"},
    {SF_FORMAT_MPEG_LAYER_I, "MPEG layer I"},
    {SF_FORMAT_MPEG_LAYER_II, "MPEG layer II"},
    {SF_FORMAT_MPEG_LAYER_III, "MPEG layer III"},
};

/// Our name, else the library's.
template <std::size_t N> std::string name_of(const Named (&known)[N], int format, int question) {
    for (const Named& one : known)
        if (one.format == format) return one.name;
    SF_FORMAT_INFO told{};
    told.format = format;
    return sf_command(nullptr, question, &told, sizeof told) == 0 && told.name ? told.name : "?";
}

Speaker speaker_of(int place, bool has_sides) {
    switch (place) {
    case SF_CHANNEL_MAP_MONO:
    case SF_CHANNEL_MAP_CENTER:
    case SF_CHANNEL_MAP_FRONT_CENTER: return Speaker::centre;
    case SF_CHANNEL_MAP_LEFT:
    case SF_CHANNEL_MAP_FRONT_LEFT: return Speaker::left;
    case SF_CHANNEL_MAP_RIGHT:
    case SF_CHANNEL_MAP_FRONT_RIGHT: return Speaker::right;
    case SF_CHANNEL_MAP_LFE: return Speaker::low_frequency;
    case SF_CHANNEL_MAP_REAR_CENTER: return Speaker::rear_centre;
    // The pair behind is that of 5.1 where there is no pair at the sides.
    case SF_CHANNEL_MAP_REAR_LEFT: return has_sides ? Speaker::left_rear : Speaker::left_surround;
    case SF_CHANNEL_MAP_REAR_RIGHT:
        return has_sides ? Speaker::right_rear : Speaker::right_surround;
    case SF_CHANNEL_MAP_SIDE_LEFT: return Speaker::left_side;
    case SF_CHANNEL_MAP_SIDE_RIGHT: return Speaker::right_side;
    case SF_CHANNEL_MAP_TOP_CENTER:
    case SF_CHANNEL_MAP_TOP_FRONT_LEFT:
    case SF_CHANNEL_MAP_TOP_FRONT_RIGHT:
    case SF_CHANNEL_MAP_TOP_FRONT_CENTER:
    case SF_CHANNEL_MAP_TOP_REAR_LEFT:
    case SF_CHANNEL_MAP_TOP_REAR_RIGHT:
    case SF_CHANNEL_MAP_TOP_REAR_CENTER: return Speaker::height;
    default: return Speaker::other;
    }
}

/// Vorbis and Opus in Ogg: libsndfile hands on the order of the stream, and says nothing of it. Those that are no layout
/// of loudspeakers (ambisonics, or whatever one likes) are told from the others by Opus alone.
ChannelLayout xiph_layout(std::size_t channels, int encoding, ByteSource& bytes) {
    if (encoding == SF_FORMAT_OPUS && channels > 2 && !opus_names_speakers(bytes))
        return ChannelLayout(channels, Speaker::other);
    return vorbis_layout(channels);
}

ChannelLayout layout_of(SNDFILE* file, const SF_INFO& info, ByteSource& bytes) {
    const auto channels = static_cast<std::size_t>(info.channels);
    const int encoding = info.format & SF_FORMAT_SUBMASK;
    if (encoding == SF_FORMAT_VORBIS || encoding == SF_FORMAT_OPUS)
        return xiph_layout(channels, encoding, bytes);
    std::vector<int> places(channels, SF_CHANNEL_MAP_INVALID);
    const int room = static_cast<int>(channels * sizeof(int));
    const bool told = sf_command(file, SFC_GET_CHANNEL_MAP_INFO, places.data(), room) == SF_TRUE
                      && std::none_of(places.begin(), places.end(),
                                      [](int place) { return place == SF_CHANNEL_MAP_INVALID; });
    if (!told) return default_layout(channels);
    const bool has_sides = std::any_of(places.begin(), places.end(), [](int place) {
        return place == SF_CHANNEL_MAP_SIDE_LEFT || place == SF_CHANNEL_MAP_SIDE_RIGHT;
    });
    ChannelLayout layout;
    for (const int place : places) layout.push_back(speaker_of(place, has_sides));
    return layout;
}

std::optional<std::uint64_t> time_reference_of(SNDFILE* file) {
    SF_BROADCAST_INFO told{};
    if (sf_command(file, SFC_GET_BROADCAST_INFO, &told, sizeof told) != SF_TRUE)
        return std::nullopt;
    return std::uint64_t{told.time_reference_high} << 32 | told.time_reference_low;
}

AudioFormat format_of(SNDFILE* file, const SF_INFO& info, ByteSource& bytes) {
    AudioFormat format;
    format.container = name_of(containers, info.format & SF_FORMAT_TYPEMASK, SFC_GET_FORMAT_INFO);
    format.encoding = name_of(encodings, info.format & SF_FORMAT_SUBMASK, SFC_GET_FORMAT_INFO);
    format.sample_rate = info.samplerate;
    format.layout = layout_of(file, info, bytes);
    if (const auto frames = static_cast<std::uint64_t>(info.frames); frames != not_known)
        format.frames = frames;
    format.time_reference = time_reference_of(file);
    return format;
}

/// What the library says, as part of a sentence of ours.
std::string plain(std::string said) {
    constexpr std::string_view lead = "Error : ";
    if (said.starts_with(lead)) said.erase(0, lead.size());
    while (said.ends_with('.') || said.ends_with('\n')) said.pop_back();
    return said;
}

/// Why the library does not open it.
Error refusal(ByteSource& bytes, const std::string& said) {
    constexpr const char* read_here =
        "WAV, RF64, AIFF, FLAC, Ogg Vorbis, Opus, MP3, CAF and W64 are read";
    const std::string content = foreign_content(bytes);
    if (content == "text") return {ErrorCode::invalid, "is no sound file: it holds text", {}};
    if (!content.empty())
        return {
            ErrorCode::unsupported, "is " + content + ", which is not read here; " + read_here, {}};
    if (said == "Format not recognised." || said == "File contains data in an unknown format.")
        return {ErrorCode::invalid,
                std::string("is no sound file of a known format; ") + read_here,
                {}};
    return {ErrorCode::invalid, "cannot be decoded: " + plain(said), {}};
}

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds);
    return text;
}

struct CloseFile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

/// libsndfile keeps the last error of opening in a global of its own.
std::mutex& opening() {
    static std::mutex mutex;
    return mutex;
}

} // namespace

class AudioFile::Decoder {
public:
    explicit Decoder(ByteSource& bytes) : bytes_(bytes), window_(bytes) {}

    Result<void> open() {
        if (bytes_.size() == 0) return Error{ErrorCode::invalid, "is empty (0 bytes)", {}};
        SF_INFO info{};
        std::string said = try_to_open(info);
        if (!file_ || info.frames == 0)
            if (auto mended = mended_size(bytes_)) {
                window_.mend(std::move(*mended));
                said = try_to_open(info);
            }
        if (file_ && (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG
            && !mp3_tells_length(bytes_)) {
            window_.become_stream(); // else it ends where the library guesses that it does
            said = try_to_open(info);
        }
        if (!file_ && window_.failed()) return *window_.failed();
        if (!file_) return refusal(bytes_, said);
        format_ = format_of(file_.get(), info, bytes_);
        promised_ = promised_audio(bytes_);
        if (format_.frames == 0U)
            return Error{ErrorCode::invalid, "has a header and no audio behind it", {}};
        return {};
    }

    std::size_t read(std::span<float> interleaved) {
        const std::size_t channels = format_.layout.size();
        const std::size_t wanted = interleaved.size() / channels;
        std::size_t done = 0;
        while (done < wanted) { // a decoder may give less than it is asked for before the end
            const sf_count_t got = sf_readf_float(file_.get(), interleaved.data() + done * channels,
                                                  static_cast<sf_count_t>(wanted - done));
            if (got <= 0) {
                if (sf_error(file_.get()) != SF_ERR_NO_ERROR && stopped_by_.empty())
                    stopped_by_ = plain(sf_strerror(file_.get()));
                break;
            }
            done += static_cast<std::size_t>(got);
        }
        read_ += done;
        return done;
    }

    double progress() const {
        const double part =
            format_.frames
                ? static_cast<double>(read_) / static_cast<double>(*format_.frames)
                : static_cast<double>(window_.tell()) / static_cast<double>(bytes_.size());
        return std::clamp(part, 0.0, 1.0);
    }

    bool reading_failed() const { return window_.failed().has_value(); }

    std::vector<std::string> faults() const {
        std::vector<std::string> all;
        const std::string heard = length(static_cast<double>(read_));
        if (window_.failed())
            all.push_back("reading it failed after " + heard + ": " + window_.failed()->message);
        else if (promised_ && promised_->present < promised_->promised)
            all.push_back("cut short: " + heard + " of " + length(promised_frames())
                          + " are there");
        else if (format_.frames && read_ < *format_.frames)
            all.push_back("cut short or damaged: " + heard + " of "
                          + length(static_cast<double>(*format_.frames)) + " can be decoded"
                          + reason());
        else if (!format_.frames && format_.container == "Ogg")
            all.push_back("cut short: its end is missing, " + heard + " are there");
        else if (!stopped_by_.empty() || leaves_bytes())
            all.push_back("damaged: " + heard + " can be decoded, what comes after cannot"
                          + reason());
        if (promised_ && promised_->beyond > promised_->promised / 100)
            all.push_back("longer than its header can say (WAV counts to 4 GB; RF64 goes on): "
                          + heard + " were read, " + std::to_string(promised_->beyond)
                          + " bytes were not");
        return all;
    }

    const AudioFormat& format() const { return format_; }
    std::uint64_t frames_read() const { return read_; }

private:
    /// What the library says against it.
    std::string try_to_open(SF_INFO& info) {
        const std::lock_guard lock(opening());
        info = {};
        SF_VIRTUAL_IO io = window_io();
        file_.reset(); // one at a time looks through the window
        file_.reset(sf_open_virtual(&io, SFM_READ, &info, &window_));
        return file_ ? "" : sf_strerror(nullptr);
    }

    double promised_frames() const {
        return static_cast<double>(read_) * static_cast<double>(promised_->promised)
               / static_cast<double>(std::max<std::uint64_t>(promised_->present, 1));
    }
    std::string length(double frames) const { return seconds_text(frames / format_.sample_rate); }
    std::string reason() const { return stopped_by_.empty() ? "" : " (" + stopped_by_ + ')'; }
    /// A decoder that gives up in the middle may keep silent about it; where the length is told it is missed there.
    bool leaves_bytes() const {
        return !format_.frames && window_.tell() < static_cast<sf_count_t>(bytes_.size());
    }

    ByteSource& bytes_;
    Window window_;
    std::unique_ptr<SNDFILE, CloseFile> file_;
    std::optional<PromisedAudio> promised_;
    AudioFormat format_;
    std::uint64_t read_{0};
    std::string stopped_by_; ///< in the library's words
};

Result<AudioFile> AudioFile::open(ByteSource& bytes) {
    auto decoder = std::make_unique<Decoder>(bytes);
    if (const auto opened = decoder->open(); !opened) return opened.error();
    return AudioFile(std::move(decoder));
}

AudioFile::AudioFile(std::unique_ptr<Decoder> decoder) : decoder_(std::move(decoder)) {}
AudioFile::AudioFile(AudioFile&&) noexcept = default;
AudioFile& AudioFile::operator=(AudioFile&&) noexcept = default;
AudioFile::~AudioFile() = default;

const AudioFormat& AudioFile::format() const noexcept { return decoder_->format(); }
std::size_t AudioFile::read(std::span<float> interleaved) { return decoder_->read(interleaved); }
std::uint64_t AudioFile::frames_read() const noexcept { return decoder_->frames_read(); }
double AudioFile::progress() const noexcept { return decoder_->progress(); }
bool AudioFile::reading_failed() const noexcept { return decoder_->reading_failed(); }
std::vector<std::string> AudioFile::faults() const { return decoder_->faults(); }

} // namespace prefade
