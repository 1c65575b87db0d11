// Speaks the protocol of the fake hosts, as carefully as a dialect must over such a link. By id the host's
// own ids are identities. By index and bank nothing is but what can be compared: over a change of the
// structure a strip is the same only where values that no other strip has say so (a name alone can wander
// from strip to strip), else it gets a new id. A value we wrote ourselves says nothing: it may have gone
// astray. Desk thread, like any dialect.
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
    struct Part { ///< an insert or a send
        std::uint32_t id;
        TimePoint made;
        bool fresh{true}; ///< its values were not told yet
    };
    struct Entry {
        StripId id;
        FakeStrip told;    ///< as last told; `id` is the witness, or by id the identity
        FakeStrip trusted; ///< the same without values that a stray write of ours may have left
        std::vector<Part> sends, inserts; ///< ours, in order
        int position{-1};                 ///< at the present revision; -1: not found again yet
        int was{-1};                      ///< at the revision before
        int number{0};                    ///< of the message that told it last
        bool born_known{true};            ///< `trusted` is more than a guess
        StripId likely;                   ///< the missing one that it probably is
        TimePoint made{}, told_at{};
        bool fresh{true};
    };
    struct Asked {
        Token token;
        ControlPath path;
        int nonce;
        TimePoint at;
    };
    struct Rearranged {
        TimePoint noticed;
        bool once;                          ///< a single change: nothing was anywhere in between
        std::vector<StripId> before, after; ///< by index or cell
    };
    /// What may have become of the inserts between two pictures.
    enum class PartChange { none, one_seen, one_hidden, several };

    // what the host says (fake_dialect.cpp)
    void take(const Picture& picture, TimePoint now, DialectOutput& out);
    void take(const Setting& setting, TimePoint now, DialectOutput& out);
    void take_touch(const OscMessage& message, TimePoint now, DialectOutput& out);
    void doubt(int number, TimePoint now, DialectOutput& out);
    void update(Entry& entry, const FakeStrip& said, int number, TimePoint now, DialectOutput& out);
    void learn(Entry& entry, const ControlPath& path, int part, float value, TimePoint now,
               DialectOutput& out);
    bool held_unseen(const ControlPath& path, float value) const;
    bool unseen_for(Duration span, TimePoint now) const;
    void trust(Entry& entry);
    Entry* pushed_to(const Setting& setting);
    void look_around(TimePoint now, DialectOutput& out);
    void lose(TimePoint now, DialectOutput& out);
    void release_touches(TimePoint now, DialectOutput& out);

    // which strip is which (fake_identity.cpp)
    bool place(const Picture& picture, TimePoint now); ///< true: the list of strips is another one
    bool place_known(const Picture& picture, bool revised, bool once, std::vector<StripId>& window,
                     TimePoint now);
    bool place_new(const Picture& picture, bool revised, bool one_more,
                   std::vector<StripId>& window, TimePoint now);
    std::vector<int> same_strips(const Picture& picture, bool once) const;
    std::vector<int> same_by_name(const Picture& picture) const;
    std::vector<int> same_by_value(const Picture& picture, bool once, int needed) const;
    PartChange part_change(const Picture& picture, const std::vector<int>& same, bool once) const;
    Entry minted(const FakeStrip& said, bool made_now, const Entry* likely, TimePoint now);
    void adopt_parts(Entry& entry, const FakeStrip& said, PartChange change, TimePoint now);
    bool may_be_same(const FakeInsert& was, const FakeInsert& is) const;
    std::vector<int> same_inserts(const Entry& entry, const FakeStrip& said,
                                  PartChange change) const;
    std::vector<int> same_sends(const Entry& entry, const FakeStrip& said, PartChange change) const;
    struct Feature { ///< a value that may tell a strip from others
        Control control;
        int part, parameter;
        float value;
    };
    std::vector<Feature> features(const FakeStrip& strip) const;
    bool goes_on(const Entry& entry) const;
    const Entry* missing_called(const std::string& name) const;
    const Entry* beside(const std::vector<StripId>& window, std::size_t cell) const;
    const Entry* last_missing() const;
    std::ptrdiff_t named(const std::string& name) const;
    bool is_only(const Entry& entry, const Feature& feature) const;
    bool tells_apart(Control control, float value) const;
    bool names_differ() const;
    bool made_now(const Picture& picture, std::size_t cell, const std::vector<StripId>& window,
                  bool one_more) const;
    bool known_without(const Entry& entry, const ControlPath& path, int part) const;
    void list(bool structure_changed, TimePoint now, DialectOutput& out);
    bool complete() const;

    // what the brackets ask (fake_brackets.cpp)
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
    std::optional<int> wanted_bank(TimePoint now) const;
    bool ids_are_real() const { return addressing_ == Addressing::by_id; }
    bool in_doubt() const { return doubt_ > number_; }
    bool by_bank() const { return addressing_ == Addressing::by_bank; }

    const Entry* find(StripId id) const;
    Entry* find(StripId id);
    const Entry* at(int position) const;
    bool in_window(const Entry& entry) const;

    const Addressing addressing_;
    const LinkTraits link_;
    Brackets brackets_;
    std::vector<Entry> entries_;
    std::vector<Asked> asked_;
    std::vector<Rearranged> rearranged_;
    std::vector<StripId> window_; ///< what bears the addresses now
    std::map<StripId, std::uint32_t> strip_witness_;
    std::map<std::uint32_t, std::uint32_t>
        part_witness_; ///< of inserts and sends: one count for both
    std::map<StripId, std::pair<int, TimePoint>> touches_; ///< number of the message, until when
    bool connected_{false};
    TimePoint heard_at_{}, looked_at_{TimePoint::min()}, next_look_{};
    TimePoint bank_settled_{}, next_press_{};
    TimePoint glance_{};         ///< by bank every strip is to be seen once after this
    int pressed_nonce_{0};       ///< a picture that answers this shows what the last press did
    int nonce_{0}, answered_{0}; ///< answered: every question up to this
    int lost_nonce_{0};          ///< what was asked before belongs to a host that is gone
    int number_{0}, doubt_{0};   ///< of the last picture; of a change told after it
    int revision_{0}, layout_{0}, first_{0}, total_{0};
    int complete_total_{0}; ///< of strips, when all were last known
    std::uint32_t minted_{0};
    bool walking_{false};
};

/// Where a strip keeps a control's value, switches as 0 and 1; nothing where there is no such control.
std::optional<float> held(const FakeStrip& strip, Control control, int part, int parameter);
void hold(FakeStrip& strip, Control control, int part, int parameter, float value);
/// What a host gives a control that it just made.
float born(Control control);

} // namespace prefade::test
