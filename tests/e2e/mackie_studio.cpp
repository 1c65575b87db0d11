#include "tests/e2e/mackie_studio.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace prefade::test {

void use_jack_of(const ArdourRig& ardour) {
    std::ifstream file(ardour.folder() / "run" / "env.sh");
    for (std::string word; file >> word;)
        if (word.starts_with("JACK_")) {
            const auto equals = word.find('=');
            ::setenv(word.substr(0, equals).c_str(), word.substr(equals + 1).c_str(), 1);
        }
}

std::vector<JackPatchbay::Cable> cables(int units) {
    std::vector<JackPatchbay::Cable> all;
    for (int unit = 1; unit <= units; ++unit) {
        const std::string ours = "Prefade " + std::to_string(unit);
        const std::string ext = unit == 1 ? "" : " ext " + std::to_string(unit);
        all.push_back({ours + " out:" + ours, "ardour:mackie control in" + ext});
        all.push_back({"ardour:mackie control out" + ext, ours + " in:" + ours});
    }
    return all;
}

std::function<bool()> is_heard(const std::filesystem::path& log, int nth, const std::string& host) {
    return [=] {
        const std::string text = text_of_file(log), word = "connected to " + host;
        int found = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            ++found;
        return found >= nth;
    };
}

std::unique_ptr<Surface> surface(int units, const ArdourRig::Setup& setup,
                                 const std::string& host) {
    for (int go = 1;; ++go) try {
            return std::make_unique<Surface>(units, setup, host);
        } catch (const std::runtime_error& error) {
            if (go == 3) throw;
            WARN("once more: " << error.what());
        }
}

bool is_cut_of(const std::string& cut, const std::string& name) {
    std::size_t at = 0;
    for (const char c : name)
        if (at < cut.size() && std::tolower(c) == std::tolower(cut[at])) ++at;
    return at == cut.size();
}

namespace {

std::string difference(const Json& told, const WitnessedStrip& is) {
    const std::string name = told["name"];
    std::string wrong;
    if (!is_cut_of(name, is.name)) wrong += " is called \"" + name + '"';
    const double fader = level_of(told["fader_db"]);
    // Both foots are silence: OSC tells -193 dB, a fader at 0 is -inf.
    if (is.gain && !(std::abs(fader - *is.gain) <= 0.1 || (*is.gain < -100 && fader < -100)))
        wrong += " fader " + text_of(fader, 2) + " for " + text_of(*is.gain, 2);
    // A ring has eleven steps; OSC counts from the right.
    if (is.pan && !(std::abs(told["pan"].get<double>() - (1.0 - 2.0 * *is.pan)) <= 0.11))
        wrong += " pan " + text_of(told["pan"], 2) + " for " + text_of(1.0 - 2.0 * *is.pan, 2);
    if (is.mute && told["mute"] != *is.mute) wrong += " mute";
    if (is.solo && told["solo"] != *is.solo) wrong += " solo";
    return wrong.empty() ? "" : is.name + wrong;
}

} // namespace

std::vector<std::string> differences(const Json& told, const std::vector<WitnessedStrip>& is) {
    std::vector<std::string> found;
    std::size_t at = 0;
    for (const Json& strip : told) {
        if (strip["kind"] == "master") continue;
        if (at == is.size()) return {"more strips than Ardour has"};
        if (auto wrong = difference(strip, is[at++]); !wrong.empty()) found.push_back(wrong);
    }
    if (at < is.size()) found.push_back(text_of(double(is.size() - at), 0) + " strips are missing");
    return found;
}

} // namespace prefade::test
