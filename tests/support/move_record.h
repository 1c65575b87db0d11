// Records for tests of the journal: one fader, each move with a target that no other has.
#pragma once

#include "core/move.h"

#include <chrono>
#include <string>

namespace prefade::test {

inline MoveRecord record_of(std::uint32_t id) {
    MoveRecord r;
    r.move.id = MoveId{id};
    r.move.path = {StripId{1}, Control::fader, {}, 0};
    r.move.target = Decibel{-0.001 * id};
    r.move.why = "move " + std::to_string(id);
    r.session_key = "fake/song";
    r.strip_name = "Vox";
    r.before = Decibel{-6.0};
    r.before_text = "-6.00 dB";
    r.target_text = to_text(r.move.target);
    r.approved_by = "user";
    r.stage = MoveStage::journalling;
    r.begun_at = WallTime{std::chrono::hours(400'000)};
    return r;
}

inline MoveRecord ended(MoveRecord r, Outcome::Kind kind, std::string reason = {}) {
    r.stage = MoveStage::done;
    r.ended_at = r.begun_at + std::chrono::seconds(1);
    r.outcome = Outcome{kind, std::nullopt, std::move(reason)};
    if (kind == Outcome::Kind::confirmed) r.outcome->read_back = r.move.target;
    return r;
}

} // namespace prefade::test
