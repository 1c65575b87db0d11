// A dialect that says what a test tells it to say and keeps what it was asked to do. For tests of the
// desk, which must not care what a host is.
#pragma once

#include "connectors/dialect.h"

#include <utility>
#include <vector>

namespace prefade::test {

struct ScriptedDialect final : Dialect {
    Capabilities can;
    std::vector<Observation> next;     ///< told at the next tick
    std::vector<ApprovedMove> encoded; ///< licences that reached us, in order
    std::vector<std::optional<MoveId>> halted;
    std::vector<InsertId> watched;
    int resyncs{0};
    std::optional<Error> encode_error;
    std::optional<OscMessage> last_words;

    Capabilities capabilities() const override { return can; }
    void receive(const WireMessage&, TimePoint now, DialectOutput& out) override { tell(now, out); }
    TimePoint tick(TimePoint now, DialectOutput& out) override {
        tell(now, out);
        return now + std::chrono::seconds(1);
    }
    Result<void> encode(const ApprovedMove& move, TimePoint, DialectOutput& out) override {
        if (encode_error) return *encode_error;
        encoded.push_back(move);
        out.to_send.push_back(
            OscMessage{"/written", {static_cast<std::int32_t>(move.move().id.value)}});
        return {};
    }
    void halt(std::optional<MoveId> move, TimePoint, DialectOutput&) override {
        halted.push_back(move);
    }
    void resync(TimePoint, DialectOutput&) override { ++resyncs; }
    Result<void> watch(StripId, InsertId insert, TimePoint, TimePoint, DialectOutput&) override {
        watched.push_back(insert);
        return {};
    }
    Result<void> transport(bool, TimePoint, DialectOutput&) override { return {}; }
    void farewell(DialectOutput& out) override {
        if (last_words) out.to_send.push_back(*last_words);
    }

private:
    void tell(TimePoint now, DialectOutput& out) {
        for (Observation& o : next) {
            if (o.at == TimePoint{}) o.at = now;
            out.observed.push_back(std::move(o));
        }
        next.clear();
    }
};

} // namespace prefade::test
