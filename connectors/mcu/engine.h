// The state machine behind mcu::Dialect. One class, its concepts in ten files: engine.cpp (life, walk, which strip is
// which), reading.cpp (what the window tells), writes.cpp (proofs, writes, the way to a strip's bank), put_back.cpp
// (what the host tells of one that went astray), strays.cpp (what a write may have hit), turning.cpp (what pots hold),
// visits.cpp, sends.cpp, plugins.cpp and pots.cpp (what a strip has beside what its cell shows: sends, inserts and their
// parameters). Pure; desk thread.
//
// Life: searching (says hello every two seconds) -> painting (the host paints; until it is calm) -> walking (the banks
// are read) -> connected -> walking again when the window shows what the list does not -> searching when the host says
// goodbye, or is silent where its profile says that it never is.
#pragma once

#include "connectors/mcu/bank_walk.h"
#include "connectors/mcu/cell_history.h"
#include "connectors/mcu/dial.h"
#include "connectors/mcu/dialect.h"
#include "connectors/mcu/law_probe.h"
#include "connectors/mcu/pans.h"
#include "connectors/mcu/protocol.h"
#include "connectors/mcu/surface.h"
#include "connectors/mcu/visit.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace prefade::mcu {

class Dialect::Engine final : private BracketPort {
public:
    Engine(const HostProfile& profile, std::string address, std::size_t units,
           std::unique_ptr<Protocol> protocol, BracketTiming timing);

    Capabilities capabilities() const;
    void receive(const MidiMessage& message, TimePoint now, DialectOutput& out);
    TimePoint tick(TimePoint now, DialectOutput& out);
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out);
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out);
    void resync(TimePoint now, DialectOutput& out);
    Result<void> look(StripId strip, TimePoint now);
    Result<void> watch(StripId strip, InsertId insert, TimePoint now);
    void farewell(DialectOutput& out);
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out);
    /// Something the host sent makes no sense: counted, told at most once a second.
    void complain(std::string what, TimePoint now, DialectOutput& out);
    std::string_view protocol() const { return protocol_->name(); }

private:
    enum class State { searching, painting, walking, connected };
    struct Entry {
        StripId id;
        Seen seen;
        TimePoint seen_at{};
        TimePoint made{};      ///< by the host, where that is certain
        bool is_broken{false}; ///< while it is listed: its identity is not certain enough
        std::optional<std::uint16_t> former_fader{}; ///< when the list was read before
        struct Switch {
            std::optional<bool> read; ///< last
            TimePoint read_at{};
            bool was_turned{false}; ///< to what it is, by a press that was meant for another
        };
        Switch mute{}, solo{};
    };

    // ---- engine.cpp
    void observe(Happening what, TimePoint now, DialectOutput& out);
    void say(std::size_t unit, const FromSurface& message, DialectOutput& out);
    void click(std::uint8_t note, std::size_t unit, DialectOutput& out); ///< pressed and released
    void say_hello(TimePoint now, DialectOutput& out);
    void note(const Surface::Change& change, TimePoint now);
    void find(TimePoint now, DialectOutput& out);
    void lose(std::string why, TimePoint now, DialectOutput& out);
    void obey(const SurfaceOrder& order, TimePoint now, DialectOutput& out);
    void walk(TimePoint now, DialectOutput& out);
    void want_walk(TimePoint at);
    void adopt(TimePoint now, DialectOutput& out);
    std::vector<StripId> identify(const std::vector<Seen>& strips) const;
    void list(bool structure_changed, TimePoint now, DialectOutput& out);
    bool is_double(const std::string& name) const;
    std::vector<std::string> names() const;

    // ---- reading.cpp
    void hear(const Surface::Change& change, TimePoint now, DialectOutput& out);
    void leave_cell(std::size_t cell, TimePoint now, DialectOutput& out);
    void hear_own_fader(std::size_t cell, TimePoint now, DialectOutput& out);
    void check_window(TimePoint now, DialectOutput& out);
    void affirm(TimePoint now);
    void flush(TimePoint now, DialectOutput& out, bool all);
    void tell_cell(std::size_t cell, TimePoint now, DialectOutput& out);
    void tell_strip(Entry& entry, const Seen& seen, TimePoint now, DialectOutput& out);
    void tell_master(TimePoint now, DialectOutput& out);
    void tell_meters(TimePoint now, DialectOutput& out);
    void tell_meter(StripId strip, Channel channel, std::uint8_t step, bool is_fresh, TimePoint now,
                    DialectOutput& out);
    void tell_transport(TimePoint now, DialectOutput& out);
    void tell_law(TimePoint now, DialectOutput& out);
    void tell(const ControlPath& path, ControlValue value, TimePoint now, DialectOutput& out,
              ControlChanged::By by = ControlChanged::By::anybody);
    Entry* entry_in(std::size_t cell);
    bool window_is_sure() const;
    std::string
    other_mode() const; ///< of the surface, in which nothing is read or moved; else empty

    // ---- turning.cpp
    Result<void> may_turn() const;
    void turn_pots(TimePoint now, DialectOutput& out);
    void twist(std::size_t cell, int ticks, DialectOutput& out);
    bool pots_hold_pans() const;
    std::optional<Pan> pan(const Entry& entry) const;
    std::optional<bool> arrived(const ControlPath& path, const ControlValue& value,
                                const ControlValue& target) const override;
    bool on_its_way(const ControlPath& path) const override;
    void rest(const ControlPath& path) override;
    bool same_reading(const ControlPath& path, const ControlValue& former,
                      const ControlValue& found) const override;
    bool can_glide(const ControlPath& path) const override {
        return path.control != Control::pan && !is_visited(path.control);
    }

    struct Asked { ///< for a proof
        Token token;
        ControlPath path;
        TimePoint at;
    };

    // ---- visits.cpp
    struct KnownSend {
        SendId id;
        std::string name; ///< of its destination, as cut by the host
        std::size_t column;
        std::optional<Decibel> level;
    };
    struct ShownNumber {
        double value{0.0}, step{1.0}; ///< step: of its last digit
        std::string unit;
        bool is_cut{false}; ///< it fills its column: its last digits or letters may be missing
        bool is_of(const ShownNumber& other) const; ///< the same unit, cut or not
    };
    struct KnownParameter {
        std::string name; ///< as cut by the host
        std::optional<ShownNumber> number;
    };
    struct KnownInsert {
        InsertId id;
        std::string name; ///< of the plug-in, as cut by the host
        std::size_t column;
        std::vector<KnownParameter> parameters; ///< by their numbers, from 1; empty: not read yet
    };
    struct Parts { ///< of a strip, as a visit has shown them
        std::optional<std::vector<KnownSend>> sends;
        std::optional<std::vector<KnownInsert>> inserts;
        TimePoint read_at{};
    };
    struct Errand { ///< somebody looks at this strip
        StripId strip;
        std::uint8_t assignment{assign_send};
        InsertId insert{}; ///< whose parameters; 0: which there are
        TimePoint until{TimePoint::max()};
        std::uint16_t parameter{0}; ///< the one that is to be in sight; 0: all are read
    };
    struct PotTurn { ///< a pot of a column, brought to a value
        std::size_t column;
        Dial dial; ///< over positions of a fader, or numbers of a display
        ControlValue from, target;
        bool is_told{false}; ///< it is over, and what it holds was told
        std::optional<TimePoint>
            left_at{}; ///< its text became none of its kind: it was turned back
    };
    struct PotStep { ///< how a pot was brought on: so many ticks back, and it is where it was
        ControlValue from, left;
        int ticks;
    };
    bool can_visit() const { return shows_sends() || profile_.surface.shows_plugins; }
    bool shows_sends() const {
        return profile_.surface.send_ticks > 0.0 && profile_.surface.law.is_known();
    }
    Duration linger() const { return rolling() ? linger_ + rolling_linger_ : linger_; }
    std::optional<Errand> next_errand(TimePoint now) const;
    Result<void> may_visit(StripId strip) const;
    void add_errand(StripId strip, std::uint8_t assignment, InsertId insert, TimePoint now);
    void end_errand(std::uint8_t assignment, InsertId insert);
    void begin_visit(TimePoint now);
    void visit(TimePoint now, DialectOutput& out);
    void end_visit(TimePoint now, DialectOutput& out);
    bool is_visit_wanted(TimePoint now) const;
    void hear_visit(const Surface::Change& change, TimePoint now);
    void take_list(TimePoint now, DialectOutput& out);
    // ---- sends.cpp
    void take_sends(TimePoint now, DialectOutput& out);
    void follow_sends(TimePoint now, DialectOutput& out);
    bool shows_sends_of(StripId strip) const; ///< now
    const KnownSend* find_send(const ControlPath& path) const;
    std::optional<Decibel> shown_level(const KnownSend& send) const;
    Result<void> may_set_send(const Move& move) const;
    // ---- plugins.cpp
    enum class Page { next, former };
    static std::optional<ShownNumber> number_in(std::string_view text);
    static std::string whole_unit(const ShownNumber& number);
    KnownInsert* find_insert(StripId strip, InsertId insert);
    const KnownInsert* find_insert(StripId strip, InsertId insert) const;
    KnownParameter* find_parameter(const ControlPath& path);
    const KnownParameter* find_parameter(const ControlPath& path) const;
    std::size_t page_of(std::uint16_t parameter) const;
    std::vector<std::string> titles(const KnownInsert& insert, std::size_t page) const;
    ControlPath shown_parameter(std::size_t column) const;
    bool shows_page(const KnownInsert& insert, std::size_t page) const;
    std::optional<std::size_t> column_of_parameter(const ControlPath& path) const;
    std::optional<ShownNumber> shown_number(const ControlPath& path) const;
    void take_inserts(TimePoint now, DialectOutput& out);
    bool can_show(const Errand& errand) const;
    void show_pages(TimePoint now, DialectOutput& out);
    void turn_page(Page which, TimePoint now);
    void read_page(bool is_end, TimePoint now, DialectOutput& out);
    void forget_parameters(TimePoint now, DialectOutput& out);
    void follow_parameters(TimePoint now, DialectOutput& out);
    void open_insert(TimePoint now);
    bool take_page(TimePoint now);
    Result<void> may_set_parameter(const Move& move) const;

    // ---- pots.cpp
    static bool is_visited(Control control); ///< in sight only while its strip is visited
    std::optional<std::size_t> column_of(const ControlPath& path) const;
    std::optional<ControlValue> shown_value(const ControlPath& path) const;
    double on_dial(const ControlValue& value) const;
    void note_shown(const ControlPath& path, const ControlValue& value);
    std::optional<Proof> prove_pot(const Asked& asked, TimePoint now) const;
    void write_pot(const ControlPath& path, const ControlValue& target, TimePoint now);
    std::optional<int> ticks_back(const ControlPath& path, const ControlValue& from,
                                  const ControlValue& to);
    void note_step(const ControlPath& path, const PotTurn& turn, const ControlValue& left);
    bool is_lost(const ControlPath& path, PotTurn& turn, TimePoint now, DialectOutput& out);
    void turn_columns(TimePoint now, DialectOutput& out);
    bool pot_arrived(const ControlPath& path, const ControlValue& value,
                     const ControlValue& target) const;

    // ---- visits.cpp
    void note_selection(TimePoint now);
    void yield_to_hand(TimePoint now, DialectOutput& out);
    void give_back_selection(TimePoint now, DialectOutput& out);

    /// An address is a cell and a control.
    static Address packed(std::size_t cell, Control control) {
        return static_cast<Address>(cell) << 8U | static_cast<Address>(control);
    }
    static std::size_t cell_in(Address address) { return static_cast<std::size_t>(address >> 8U); }

    // ---- strays.cpp
    std::vector<ControlPath> bearers(const ControlPath& target, Address address,
                                     TimePoint since) const override;
    std::optional<ControlValue> taken_by(const ControlPath& path, const ControlPath& target,
                                         const ControlValue& value) const override;
    std::optional<CellHistory::Turned> turned(const Entry& entry, Control control) const;
    void note_switch(Entry& entry, Control control, bool is_on, TimePoint now);
    std::optional<ControlValue> held_before(const ControlPath& path,
                                            const ControlValue& found) const override;
    std::optional<ControlValue> born_with(const ControlPath& path, TimePoint since) const override;
    std::uint16_t born() const;

    // ---- put_back.cpp
    struct BroughtBack { ///< on its way, or told
        MoveId move;
        StripId target; ///< of that move
        std::size_t cell;
        Control of;
        std::string name;         ///< that the cell shows
        std::uint16_t is, former; ///< what ours has made of it, and of what
        TimePoint at;
        bool is_back{false}; ///< the host has said so
    };
    void put_back_hits(TimePoint now, DialectOutput& out);
    void tell_brought_back(TimePoint now, DialectOutput& out);
    ControlValue former_of(const BroughtBack& one) const;
    bool tell_restored(const BroughtBack& one, TimePoint now, DialectOutput& out);
    void end_putting_back(TimePoint now, DialectOutput& out);
    std::optional<std::uint16_t> before_us(const CellHistory::Hit& hit) const;
    bool is_in_one_cell(const std::string& name) const;
    void put_back(BroughtBack one, TimePoint now, DialectOutput& out);
    std::optional<std::uint16_t> shown_in(std::size_t cell, Control of) const;
    std::optional<std::size_t> cell_showing(const BroughtBack& one) const;

    // ---- writes.cpp
    struct Shown {
        StripId id; ///< 0 where the name is none or several's
        std::string name;
    };
    struct Rearranged {
        TimePoint at;
        std::vector<Shown> before,
            after; ///< by cell; between them the window may have been anywhere
    };
    void request_proof(Token token, const ControlPath& path, TimePoint now,
                       DialectOutput& out) override;
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
               DialectOutput& out) override;
    bool rolling() const override { return rolling_.value_or(false); }
    void answer(TimePoint now, DialectOutput& out);
    std::optional<Proof> prove(const Asked& asked, TimePoint now) const;
    std::optional<StripId> kept_waiting(TimePoint now) const;
    void turn_to(TimePoint now, DialectOutput& out);
    void turn(std::uint8_t button, TimePoint now, DialectOutput& out);
    void turn_towards(StripId strip, TimePoint now, DialectOutput& out);
    std::uint8_t button_towards(std::size_t at) const;
    Duration stay() const; ///< in a bank, on the tour through all
    std::size_t place_after(std::uint8_t note) const;
    void release(TimePoint now, DialectOutput& out);
    void let_go(std::size_t cell, DialectOutput& out);
    const Entry* find_entry(StripId id) const;
    std::optional<std::size_t> cell_of(StripId id) const;
    std::vector<Shown> shown_now() const;
    void note_window(TimePoint now);
    std::optional<ControlValue> held(const Entry& entry, Control control) const;

    const HostProfile profile_;
    const std::string address_;
    Surface surface_;
    const std::size_t units_;
    const std::unique_ptr<Protocol> protocol_;
    BankWalk walk_;
    LawProbe probe_;
    CellHistory history_;
    Pans pans_;
    Brackets brackets_;

    State state_{State::searching};
    TimePoint heard_at_{}, alive_at_{}, next_hello_{}, painted_at_{}, found_at_{},
        next_walk_{TimePoint::max()};
    std::vector<Entry> entries_;  ///< in mixer order, without the master
    std::optional<Entry> master_; ///< its fader is beside the banks
    std::size_t first_{0};        ///< entry in the first cell
    std::uint32_t minted_{0};
    std::optional<TimePoint> renamed_at_; ///< a name in the window became another, last then
    std::map<std::size_t, TimePoint>
        pending_; ///< cells with values that were not told on, since when
    std::map<std::pair<StripId, Channel>, std::uint8_t> metered_; ///< step told last
    TimePoint turned_at_{};                                       ///< the window became what it is
    TimePoint next_fall_{}, next_affirmation_{};
    std::optional<bool> rolling_, recording_; ///< as told last

    std::optional<Settling> turning_; ///< a press of ours towards a bank is not settled yet
    std::uint8_t turned_by_{0};       ///< button of the last turn
    std::size_t turned_from_{0},
        turned_to_{0}; ///< where the window stood before it, and must stand after
    TimePoint next_tour_{};
    bool tour_to_right_{true};
    std::vector<Asked> asked_;
    std::map<ControlPath, TimePoint> waiting_; ///< what is asked for, and was not answered since
    std::vector<Rearranged> rearranged_;
    std::vector<Shown>
        noted_; ///< what stood in the cells, as far as names said, when they were last noted
    struct Hold {
        TimePoint since{}; ///< its last position
        bool down{false};  ///< else let go, and ours for a little longer
    };
    std::map<std::size_t, Hold> touched_; ///< faders that we move
    std::vector<BroughtBack> brought_back_;
    bool brings_back_{false};            ///< what is written now
    std::vector<TimePoint> put_back_at_; ///< of late
    TimePoint nudged_at_{};              ///< said hello, to be told what a message has met
    std::map<std::pair<StripId, Control>, TimePoint> pressed_; ///< switches, when
    std::set<StripId>
        undoing_; ///< the pan that is to be written there is one that undo brings back

    const Duration linger_, rolling_linger_; ///< of a visit, for what a write asks once more
    std::optional<std::uint8_t> left_in_;    ///< assignment of ours, when the host was lost in it
    std::optional<Visit> visit_;
    StripId visited_;      ///< whose, also of the last one
    bool is_taken_{false}; ///< what the visit shows was read
    TimePoint wanted_at_{}, next_visit_{};
    std::vector<Errand> errands_;
    std::map<StripId, Parts> parts_;
    std::map<ControlPath, PotTurn> pot_turns_; ///< the last of each, over or not
    std::map<ControlPath, std::vector<PotStep>>
        pot_steps_;                   ///< one after the other, while nobody else has turned it
    std::optional<StripId> selected_; ///< by its light, when it was last in the window
    std::optional<StripId> theirs_;   ///< selected before we selected another: it is given back
    std::uint32_t minted_sends_{0}, minted_inserts_{0};
    InsertId opened_;              ///< whose pages the visit shows; 0: none
    bool is_listing_{false};       ///< all its parameters are read
    std::size_t page_{0};          ///< that is open, from 0
    std::optional<Page> paging_;   ///< it is being turned
    std::vector<Parameter> pages_; ///< as far as they were read

    TimePoint next_complaint_{};
    int complaints_{0};
};

} // namespace prefade::mcu
