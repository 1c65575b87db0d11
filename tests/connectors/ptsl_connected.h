// A client at the server that is written from the facts, and a session for it.
#pragma once

#include "connectors/ptsl/client.h"
#include "tests/support/catch.h"
#include "tests/support/ptsl_server.h"

#include <utility>
#include <vector>

namespace prefade::test {

inline ptsl::Client connected(const PtslServer& server, std::size_t page = 250) {
    auto client = ptsl::Client::connect({server.port(), std::chrono::seconds(20), page});
    if (!client) FAIL(client.error().message);
    return std::move(*client);
}

inline std::vector<PtslServer::Track> band() {
    return {{"{k}", "Kick In", "TType_Audio", true, false, false},
            {"{v}", "Lead Vox — Dbl", 2, false, true, true},
            {"{b}", "Drum Bus", "TT_Aux"},
            {"{m}", "Markers Ruler", "TType_Markers"},
            {"{o}", "Master 1", "TType_Master", false, false, false, "TAState_SetExplicitly"}};
}

} // namespace prefade::test
