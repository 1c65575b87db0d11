// Transcripts: what went over a wire, one JSON document a line. Written by `prefaded --record`, read
// by tests and by ReplayWire. Seconds count from the first line.
//
//   {"t":0.004,"dir":"in","addr":"/strip/gain","types":"if","args":[2,-6.0]}
//   {"t":1.250,"dir":"out","midi":"90 68 7f","port":0}
//   {"t":1.500,"dir":"in","call":"GetTransportState","number":7,"body":"{...}"}
//
// Infinities are the strings "inf" and "-inf", blobs hexadecimal text; T F N I have null as argument.
#pragma once

#include "connectors/message.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

enum class WireDirection { in, out }; ///< as we see it: `in` came from the host

struct TranscriptLine {
    double seconds{0.0};
    WireDirection direction{WireDirection::in};
    WireMessage message;
};
using Transcript = std::vector<TranscriptLine>;

/// Without the line end.
std::string to_text(const TranscriptLine& line);

/// Empty lines and lines starting with '#' are skipped; times must not fall. Errors are located:
/// `name`:line.
Result<Transcript> parse_transcript(std::string_view text, const std::string& name);
Result<Transcript> load_transcript(const std::filesystem::path& path);

/// Appends lines as they happen, flushed each, so that a crash keeps them. desk thread.
class TranscriptWriter {
public:
    /// Makes the file, readable by the user only; refuses one that exists, a link included.
    static Result<TranscriptWriter> create(const std::filesystem::path& path);
    /// Arrivals are stamped before they are written: one older than the line before counts as that one's
    /// time. Errors: disk full and the like.
    Result<void> write(WireDirection direction, const WireMessage& message, TimePoint at);

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Close>;
    static File make(const std::filesystem::path& path);
    TranscriptWriter(File file, std::filesystem::path path)
        : file_(std::move(file)),
          path_(std::move(path)) {}
    File file_;
    std::filesystem::path path_;
    std::optional<TimePoint> first_;
    TimePoint last_{};
};

} // namespace prefade
