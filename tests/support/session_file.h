// An Ardour session file read independently of the product: what the strips hold according to the XML.
// Pure; any thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

struct FileSend {
    std::string destination;
    double level_db{0.0};
    bool enabled{true};
};
struct FilePlugin {
    std::string name;
    bool active{true};
    std::map<std::string, double> parameters; ///< by label, plain values as saved
};
struct FileStrip {
    std::string name, kind; ///< "audio track", "audio bus", "VCA", "master"
    double fader_db{0.0};   ///< of the strip itself, its VCAs not counted
    std::vector<std::string> vcas;
    std::optional<double> trim_db, pan; ///< pan: -1 left..1 right
    bool mute{false}, solo{false};
    std::string automation; ///< of the fader: "Off", "Play" ...
    std::vector<FileSend> sends;
    std::vector<FilePlugin> plugins; ///< in signal order
};

/// In mixer order: tracks and busses, VCAs, master. Throws std::runtime_error when it is no session.
std::vector<FileStrip> read_session_file(const std::filesystem::path& file);

} // namespace prefade::test
