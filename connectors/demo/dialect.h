// The demo host as any other: its protocol (protocol.h) to observations and back. Its ids are real identities, so an
// address cannot come to mean another control. Pure; desk thread.
#pragma once

#include "connectors/bracket.h"
#include "connectors/demo/protocol.h"
#include "connectors/dialect.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace prefade::demo {

class Dialect final : public prefade::Dialect,
                      private BracketPort {
public:
    /// `address`: where the host is, for HostFound.
    explicit Dialect(std::string address, BracketTiming timing = {});

    Capabilities capabilities() const override;
    void receive(const WireMessage& message, TimePoint now, DialectOutput& out) override;
    TimePoint tick(TimePoint now, DialectOutput& out) override;
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) override;
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) override;
    void resync(TimePoint now, DialectOutput& out) override;
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out) override;
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out) override;

private:
    using PartKey = std::pair<StripId, InsertId>;
    struct Listed {
        StripId id;
        std::string name;
        StripKind kind;
        friend bool operator==(const Listed&, const Listed&) = default;
    };

    void hear(const OscMessage& message, TimePoint now, DialectOutput& out);
    void hear_host(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_strips(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_inserts(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_sends(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_value(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_parameters(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_meters(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_spectra(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_loudness(MessageReader& in, TimePoint now, DialectOutput& out);
    void hear_proof(MessageReader& in, TimePoint now, DialectOutput& out);
    void say_hello(TimePoint now, DialectOutput& out);
    void lose(TimePoint now, DialectOutput& out);
    void complain(const std::string& what, TimePoint now, DialectOutput& out);
    const Parameter* parameter(const ControlPath& path) const;
    std::optional<ControlPath> path_of(const Place& place) const;
    /// As the host tells it; nothing for a parameter that was not listed.
    std::optional<ControlValue> value_of(const ControlPath& path, float wire) const;
    float wire_of(const ControlPath& path, const ControlValue& value) const;

    void request_proof(Token token, const ControlPath& path, TimePoint now,
                       DialectOutput& out) override;
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
               DialectOutput& out) override;
    std::vector<ControlPath> bearers(const ControlPath&, Address, TimePoint) const override {
        return {}; // the address is an identity
    }
    bool rolling() const override { return rolling_; }

    const std::string address_;
    Brackets brackets_;
    bool connected_{false}, rolling_{false};
    std::uint32_t made_{0}; ///< percent of its music, as told last
    TimePoint heard_at_{}, next_hello_{}, next_complaint_{}, next_look_{};
    std::vector<Listed> strips_;
    std::map<StripId, std::vector<std::pair<SendId, std::string>>> sends_;
    std::map<StripId, std::vector<std::pair<InsertId, std::string>>> inserts_;
    std::map<PartKey, std::vector<Parameter>> parameters_;
    std::map<PartKey, TimePoint> watched_; ///< until when
    std::map<Token, ControlPath> asked_;
};

} // namespace prefade::demo
