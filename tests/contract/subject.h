// What the contract asks of: a host, the hands on it, and a desk that reaches it through the connector under
// test. A connector joins the suite with one class that makes these few things happen.
#pragma once

#include "daemon/desk.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

/// One control, by what people call it.
struct Target {
    std::string strip;
    Control control{Control::fader};
    std::string on;             ///< plugin or destination
    std::uint16_t parameter{0}; ///< the host's own number
};

class HostSubject {
public:
    struct Traits {
        std::string name;
        bool certain{true};      ///< no message is lost
        int tries{1};            ///< after so many a move must have been confirmed
        float grain{0};          ///< a value read and sent back comes out this near
        bool pan{true};          ///< can be set
        double pan_step{0};      ///< it comes as near to a target as this
        bool paints_again{true}; ///< tells what was lost on our side, when it is asked
        bool full_names{true};   ///< else cut to `short_letters`
        Target send, parameter;  ///< of Vox; without a strip where the host has no such thing
        Target never{"Kick", Control::trim, {}, 0}; ///< what this host has nowhere
        Control main{
            Control::fader}; ///< what the contract moves: a fader, or the mute of a host without
        bool meters{false};
        Duration late{}; ///< a message may be on its way this long
        std::size_t short_letters{7};
    };
    explicit HostSubject(Traits which);
    virtual ~HostSubject() = default;
    HostSubject(const HostSubject&) = delete;
    HostSubject& operator=(const HostSubject&) = delete;

    // ---- the host: a mixer that has at least the strips Kick, Bass and Vox, in this order
    virtual std::vector<std::string> names() const = 0; ///< in full, in mixer order
    /// As the host holds it, in the wire's own 32-bit number; nothing when there is no such control.
    virtual std::optional<float> held(const Target& target) const = 0;
    /// What `held` is when the host has `value`.
    virtual float on_the_wire(const Target& target, const ControlValue& value) const = 0;
    virtual void hand_sets(const Target& target, const ControlValue& value) = 0;
    virtual void rename(const std::string& strip, const std::string& name) = 0;
    virtual void remove(const std::string& strip) = 0;
    virtual void move_first(const std::string& strip) = 0;
    virtual void play(const std::string& strip, double peak_db) = 0; ///< only with meters
    virtual void kill() = 0;
    virtual void start_again() = 0;
    virtual void cut(bool cut) = 0;             ///< every message is lost from now on
    virtual std::size_t sets_sent() const = 0;  ///< by us, lost ones included
    virtual std::size_t sets_heard() const = 0; ///< by the host, since it was made

    // ---- ours
    void connect();
    void pass(Duration span);
    /// Lets time go by until `holds`, at most `limit`; false when it never did.
    bool wait(Duration limit, const std::function<bool()>& holds);
    const Session& session() const { return desk_.session(); }
    const Strip* find(const std::string& strip) const;
    std::optional<ControlPath> path(const Target& target) const;
    /// The control of a strip that is moved here, and a value for it: `level`, or `on` where it is a switch.
    Target main(const std::string& strip) const { return {strip, traits.main, {}, 0}; }
    ControlValue value(double level, bool on) const {
        return is_switch() ? ControlValue{on} : ControlValue{Decibel{level}};
    }
    bool is_switch() const { return traits.main != Control::fader; }
    std::string shown(const std::string& name) const; ///< as this door tells it
    TimePoint now() const { return now_; }

    MoveId start(const ControlPath& path, const ControlValue& value, Milliseconds glide = {});
    MoveId start(const Target& target, const ControlValue& value, Milliseconds glide = {});
    /// The record of a move that ends now; fails the test when it does not within a minute.
    const MoveRecord& end(MoveId move);
    Result<MoveRecord> undo(MoveId move); ///< error: it was not even begun
    void resync();                        ///< messages were dropped on our side
    /// Sets until it is confirmed, where messages are lost several times. Every other end on the way must
    /// give its reason.
    MoveRecord confirm(const Target& target, const ControlValue& value);
    bool was_in_place(MoveId move) const; ///< before it ended
    bool is_over(MoveId move) const { return desk_.moves().is_done(move); }

    const Traits traits;

protected:
    void attach(std::unique_ptr<Dialect> dialect);
    void hear(std::vector<WireMessage> messages);
    void tick();
    TimePoint next_deadline() const { return desk_.next_deadline(); }
    /// Lets the host and the link run to `now_ + span`, calling `hear` and `tick`.
    virtual void run(Duration span) = 0;
    virtual void to_host(const WireMessage& message) = 0;
    TimePoint now_{1h};

private:
    void carry_out(Effects effects);
    Desk desk_;
    std::map<MoveId, bool> in_place_;
};

using SubjectMaker = std::unique_ptr<HostSubject> (*)();
/// Every simulated subject of the suite.
std::vector<SubjectMaker> all_subjects();

std::unique_ptr<HostSubject> fake_by_id();
std::unique_ptr<HostSubject> fake_by_index();
std::unique_ptr<HostSubject> fake_by_bank();
std::unique_ptr<HostSubject> fake_by_index_in_order();
std::unique_ptr<HostSubject> fake_by_bank_in_order();
std::unique_ptr<HostSubject> ardour_sim();
std::unique_ptr<HostSubject> ardour_sim_losing();
std::unique_ptr<HostSubject> demo_host();
std::unique_ptr<HostSubject> mackie_ardour();
std::unique_ptr<HostSubject> mackie_live();
std::unique_ptr<HostSubject> mackie_reaper();
std::unique_ptr<HostSubject> mackie_logic();
std::unique_ptr<HostSubject> hui_plain();
std::unique_ptr<HostSubject> hui_partial_bank();
std::unique_ptr<HostSubject> hui_with_levels();
std::unique_ptr<HostSubject> hui_packed();
std::unique_ptr<HostSubject> hui_late();
std::unique_ptr<HostSubject> ptsl_plain();
std::unique_ptr<HostSubject> ptsl_without_events();
std::unique_ptr<HostSubject> ptsl_doubling();
std::unique_ptr<HostSubject> ptsl_late();
std::unique_ptr<HostSubject> ptsl_busy();
std::unique_ptr<HostSubject> ptsl_breaking();
std::unique_ptr<HostSubject> joined_plain();
std::unique_ptr<HostSubject> joined_late();

} // namespace prefade::test
