// Ardour's Mackie surface over real MIDI ports on a real JACK server; the same session read over OSC at the same time is
// the truth.
#pragma once

#include "tests/e2e/studio.h"
#include "tests/support/jack_patchbay.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace prefade::test {

/// JACK clients of this process and its children use the server of that Ardour.
void use_jack_of(const ArdourRig& ardour);

/// Ardour's ports and those of each unit, as Ardour's own settings connect them.
std::vector<JackPatchbay::Cable> cables(int units);

/// The daemon has said for the `nth` time that it is connected. Ardour sometimes misses that a cable was plugged (7.3: one
/// time in ten, nothing comes then however long one waits).
std::function<bool()> is_heard(const std::filesystem::path& log, int nth,
                               const std::string& host = "ardour-mackie");

struct Surface {
    explicit Surface(int units, const ArdourRig::Setup& setup,
                     const std::string& host = "ardour-mackie")
        : ardour(setup),
          witness(ardour.port()),
          patchbay((use_jack_of(ardour), cables(units)),
                   is_heard(ardour.folder() / "prefade" / "prefaded.log", 1, host)),
          prefaded({ardour.folder() / "prefade", host + "=jack:" + std::to_string(units), {}, {}}) {
    }

    ArdourRig ardour;
    ArdourWitness witness;
    JackPatchbay patchbay;
    PrefadedRig prefaded;

    RpcClient& rpc() { return prefaded.rpc(); }
    /// What Ardour tells over OSC of all that stands in its Mackie banks, in order.
    std::vector<WitnessedStrip> banked() {
        std::vector<WitnessedStrip> all;
        for (const auto& [ssid, strip] : witness.strips())
            if (strip.type != "MA") all.push_back(strip);
        return all;
    }
};

/// Ardour may miss the connection of one unit of several, which the daemon cannot tell from a unit that shows nothing: then
/// all once more.
std::unique_ptr<Surface> surface(int units, const ArdourRig::Setup& setup,
                                 const std::string& host = "ardour-mackie");

/// All letters of `cut` are in `name`, in this order: how Ardour shortens a name to six.
bool is_cut_of(const std::string& cut, const std::string& name);

/// Between the strips that the daemon tells and those that Ardour does, one line each.
std::vector<std::string> differences(const Json& told, const std::vector<WitnessedStrip>& is);

} // namespace prefade::test
