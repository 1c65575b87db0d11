// Speaks the protocol of the fake hosts, as carefully as a dialect must over such a link. By id the host's
// own ids are identities. By index and bank nothing is but what can be compared: over a change of the
// structure a strip is the same only where values that no other strip has say so (a name alone can wander
// from strip to strip), else it gets a new id. Desk thread, like any dialect.
#pragma once

#include "connectors/bracket.h"
#include "connectors/dialect.h"
#include "tests/support/fake_protocol.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

class FakeDialect final : public Dialect,
                          private BracketPort {
public:
    FakeDialect(Addressing addressing, const LinkTraits& link, const BracketTiming& timing = {});

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override {
        brackets_.halt(move, now, out);
    }
    void resync(TimePoint now, DialectOutput& out) override;
    Result<void> watch(StripId, InsertId, TimePoint, TimePoint, DialectOutput&) override {
        return {};
    }
    Result<void> transport(bool, TimePoint, DialectOutput&) override {
        return Error{ErrorCode::unsupported, "this fake has no transport", {}};
    }

    /// For the test's books: the real control that `path` was minted for.
    std::optional<ControlPath> witness(const ControlPath& path) const;
    bool busy() const { return brackets_.busy() || !complete(); }

private:
    struct Entry {
        StripId id;
        FakeStrip told;                ///< as last told; `id` is the witness, or by id the identity
        std::vector<SendId> sends;     ///< ours, in order
        std::vector<InsertId> inserts; ///< ours, in order
        std::vector<TimePoint> inserts_made;
        int position{-1}; ///< at the present revision; -1: not found again yet
        int number{0};    ///< of the message that told it last
        TimePoint made{}, told_at{};
        bool fresh{true}; ///< nothing was told of it yet
    };
    struct Asked {
        Token token;
        ControlPath path;
        int nonce;
        TimePoint at;
    };
    struct Rearranged {
        TimePoint noticed;
        int from, to; ///< revisions
        std::vector<StripId> before, after;
    };

    // what the host says (fake_dialect.cpp)
    void take(const Picture& picture, TimePoint now, DialectOutput& out);
    void take(const Setting& setting, TimePoint now, DialectOutput& out);
    void touched(const OscMessage& message, TimePoint now, DialectOutput& out);
    void update(Entry& entry, const FakeStrip& told, int number, TimePoint now, DialectOutput& out);
    void tell(const ControlPath& path, const ControlValue& value, TimePoint now,
              DialectOutput& out);
    void look(TimePoint now, DialectOutput& out);
    void lose(TimePoint now, DialectOutput& out);
    void find_host(TimePoint now, DialectOutput& out);

    // which strip is which (fake_identity.cpp)
    void place(const Picture& picture, TimePoint now);
    Entry* same_strip(const FakeStrip& told, const Picture& picture);
    void mint(const FakeStrip& told, int position, TimePoint now);
    void adopt_parts(Entry& entry, const FakeStrip& told, TimePoint now);
    void list(bool structure_changed, TimePoint now, DialectOutput& out);
    void list_parts(const Entry& entry, bool structure_changed, TimePoint now, DialectOutput& out);
    bool complete() const;

    // what the brackets ask (fake_dialect.cpp)
    void request_proof(Token token, const ControlPath& path, TimePoint now,
                       DialectOutput& out) override;
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
               DialectOutput& out) override;
    std::vector<ControlPath> bearers(const ControlPath& target, Address address,
                                     TimePoint since) const override;
    bool rolling() const override { return false; }
    std::optional<ControlValue> born_with(const ControlPath& path, TimePoint since) const override;
    void answer(const Picture& picture, TimePoint now, DialectOutput& out);
    std::optional<Proof> prove(const ControlPath& path, const Picture& picture,
                               TimePoint now) const;
    void walk(TimePoint now, DialectOutput& out);
    bool ids_are_real() const { return addressing_ == Addressing::by_id; }
    bool by_bank() const { return addressing_ == Addressing::by_bank; }

    const Entry* find(StripId id) const;
    std::optional<int> part_of(const Entry& entry, const ControlPath& path) const;
    std::optional<ControlValue> value_of(const Entry& entry, const ControlPath& path) const;

    const Addressing addressing_;
    const LinkTraits link_;
    Brackets brackets_;
    std::vector<Entry> entries_;
    std::vector<Asked> asked_;
    std::vector<Rearranged> rearranged_;
    std::map<StripId, std::uint32_t> strip_witness_;
    std::map<std::uint32_t, std::uint32_t>
        part_witness_; ///< of inserts and sends: one count for both
    bool connected_{false};
    TimePoint heard_at_{}, next_look_{}, looked_at_{TimePoint::min()}, bank_settled_{};
    int nonce_{0}, number_{0}, revision_{0}, layout_{0}, first_{0}, total_{0};
    std::uint32_t minted_{0};
    bool walking_right_{true};
    bool walk_wanted_{false}; ///< a proof is asked of a strip outside of the bank
    StripId walk_to_{};
};

} // namespace prefade::test
