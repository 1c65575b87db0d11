// Bracketed writes: prove which control an address means, write, prove again, hold, read back; and
// put back what was hit by mistake. The one implementation for every dialect whose host may move
// things between our look and our write. Pure; desk thread.
//
// One move: prove -> WriteBegins -> write (glide: steps every 50 ms) -> echo and proof ->
// WriteInPlace -> hold -> read back -> WriteProved. After the end the bracket still watches until
// no copy of its messages can be under way any more, and repairs what one of them may have hit.
#pragma once

#include "connectors/dialect.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade {

/// How messages may travel between us and the host.
struct LinkTraits {
    bool ordered{true};        ///< never overtake each other, never doubled (loopback UDP, MIDI)
    Duration longest_delay{};  ///< a message or its double may arrive this late (0 when ordered)
    Duration retry{std::chrono::milliseconds(250)}; ///< an unanswered question is asked again after this
};

struct BracketTiming {
    Duration step{std::chrono::milliseconds(50)};          ///< between glide steps
    Duration hold{std::chrono::milliseconds(500)};         ///< no departure for this long after the echo
    Duration rolling_hold{std::chrono::milliseconds(2000)};///< and this much more while rolling
    Duration echo_deadline{std::chrono::milliseconds(2000)};
    Duration proof_deadline{std::chrono::milliseconds(1500)};
};

using Address = std::uint64_t; ///< where a control is now; meaning only for the dialect that minted it
using Token = std::uint64_t;   ///< of one question; an answer to an older one is ignored

/// The host's answer to "where is this control, and what does it hold?", joined by the dialect.
struct Proof {
    bool same{false};                  ///< provably the control the path means
    std::string mismatch;              ///< why not, for people
    Address address{0};                ///< valid when `same`
    std::optional<ControlValue> value; ///< as the host holds it now; empty when it cannot say
};

/// What a dialect lends its brackets. Questions are answered by calling back, or never (loss).
class BracketPort {
public:
    virtual ~BracketPort() = default;
    /// -> Brackets::proof(token, ...)
    virtual void request_proof(Token token, const ControlPath& path, TimePoint now, DialectOutput& out) = 0;
    virtual void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
                       DialectOutput& out) = 0;
    /// Controls other than `target` that may have borne `address` at any time since `since`. Empty
    /// when the address is an identity, or when the structure provably did not change.
    virtual std::vector<ControlPath> bearers(const ControlPath& target, Address address, TimePoint since) const = 0;
    virtual bool rolling() const = 0;
};

class Brackets {
public:
    explicit Brackets(BracketPort& port, LinkTraits link = {}, BracketTiming timing = {});
    ~Brackets();

    /// Error `refused` while an earlier write to the same control may still be under way.
    Result<void> begin(const ApprovedMove& move, TimePoint now, DialectOutput& out);
    /// Every value the host tells, echoes included, in the order the dialect observed them.
    void observe(const ControlPath& path, const ControlValue& value, TimePoint now, DialectOutput& out);
    void proof(Token token, const Proof& proof, TimePoint now, DialectOutput& out);
    /// Strips, inserts or sends came, went, moved or were exchanged: glides pause until proved again.
    void structure_changed(TimePoint now, DialectOutput& out);
    void touched(StripId strip, TimePoint now, DialectOutput& out);
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out);
    /// Every open bracket ends: refused where nothing was sent, unproved otherwise.
    void host_lost(TimePoint now, DialectOutput& out);
    /// When it next wants to be called; TimePoint::max() when nothing is open.
    TimePoint tick(TimePoint now, DialectOutput& out);
    bool busy() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
