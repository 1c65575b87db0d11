// What every end-to-end test works in: a real Ardour on the test session, a witness beside it, and a
// daemon connected to it. One per test file: a start takes 8 s.
#pragma once

#include "tests/support/ardour_rig.h"
#include "tests/support/osc_peer.h"
#include "tests/support/prefaded_rig.h"
#include "tests/support/session_file.h"

#include <string>
#include <vector>

namespace prefade::test {

struct Studio {
    explicit Studio(const ArdourRig::Setup& setup = {}, std::string policy = {})
        : ardour(setup),
          witness(ardour.port()),
          prefaded({ardour.folder() / "prefade", ardour.address(), {}, std::move(policy)}) {}

    ArdourRig ardour;
    ArdourWitness witness;
    PrefadedRig prefaded;

    RpcClient& rpc() { return prefaded.rpc(); }
    /// A strip as the daemon tells it now.
    Json strip(const std::string& name);
    /// A fader as Ardour itself reports it now, dB.
    double reported_fader(const std::string& strip);
};

/// Differences between what the daemon tells (`strips`, with parameters) and what the session file
/// holds, one line each; none when all is equal: names, kinds and order, faders and sends within 0.1 dB,
/// trims, pans, switches, inserts, every parameter as a float. A fader whose lane plays is left out: Ardour
/// reports neither its stored value nor the lane's before it rolls.
std::vector<std::string> differences(const Json& strips, const std::vector<FileStrip>& file);

/// Differences between two moments as Ardour itself reported them, one line each, but for the fader of
/// `except`. A strip that is in only one of them is no difference.
std::vector<std::string> differences(const std::map<std::string, WitnessedStrip>& before,
                                     const std::map<std::string, WitnessedStrip>& after,
                                     const std::string& except = {});

/// "a; b; c", for messages.
std::string joined(const std::vector<std::string>& lines);
/// "12.3": `value` with so many decimals.
std::string text_of(double value, int decimals = 1);
/// The value below which `part` of them lie; they are sorted here.
double percentile(std::vector<double> values, double part);

} // namespace prefade::test
