// The state machine behind ardour::Dialect. One class, its concepts in four files: engine.cpp (life,
// listing, hold, schedule), feedback.cpp (what Ardour tells by itself), plugins.cpp (inserts, sends,
// parameters), writes.cpp (proofs and writes for the brackets). Pure; desk thread.
//
// Life: searching (asks /set_surface every second) -> listing (surface set up without feedback, list
// read) -> connected (feedback on, dump of everything) -> searching again after 2.5 s of
// silence, or when it turns out to know us no more.
//
// Hold: when feedback names a strip otherwise than the list, the numbers may have shifted. From that
// message on strip feedback is held back until the list has been read again, then applied by it.
#pragma once

#include "connectors/ardour/answers.h"
#include "connectors/ardour/dialect.h"
#include "connectors/ardour/inquiry.h"
#include "connectors/ardour/mixer.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::ardour {

class Dialect::Engine final : private BracketPort {
public:
    Engine(const HostProfile& profile, std::string address, LinkTraits link, BracketTiming timing);

    Capabilities capabilities() const;
    void receive(const OscMessage& message, TimePoint now, DialectOutput& out);
    TimePoint tick(TimePoint now, DialectOutput& out);
    Result<void> encode(const ApprovedMove& move, TimePoint now, DialectOutput& out);
    void halt(std::optional<MoveId> move, TimePoint now, DialectOutput& out) {
        brackets_.halt(move, now, out);
    }
    void resync(TimePoint now, DialectOutput& out);
    Result<void> watch(StripId strip, InsertId insert, TimePoint until, TimePoint now,
                       DialectOutput& out);
    Result<void> transport(bool roll, TimePoint now, DialectOutput& out);
    void farewell(DialectOutput& out);
    /// Something the host sent makes no sense: counted, told at most once a second.
    void complain(std::string what, TimePoint now, DialectOutput& out);

private:
    enum class State { searching, listing, connected };

    // ---- engine.cpp: life, listing, hold, schedule
    void connect(TimePoint now, DialectOutput& out);
    void lose(std::string why, TimePoint now, DialectOutput& out);
    void doubt_heartbeat(TimePoint now, DialectOutput& out);
    void hear_surface(const OscMessage& message, TimePoint now, DialectOutput& out);
    void set_surface(bool with_feedback, DialectOutput& out);
    void answered(const Answer& answer, TimePoint now, DialectOutput& out);
    void want_list();
    /// The frame of `answer` holds `strip` on both sides.
    bool is_about(const Answer& answer, const KnownStrip& strip) const;
    /// Asks for everything again while a strip has never told its fader.
    void ask_missing(TimePoint now, DialectOutput& out);
    void take_lines(const Answer& answer, TimePoint now, DialectOutput& out);
    void take_list(TimePoint now, DialectOutput& out);
    void take_switches(const Answer& answer, TimePoint now, DialectOutput& out);
    void hold(const OscMessage& message, TimePoint now, DialectOutput& out);
    void hear_notice();
    void release_hold(TimePoint now, DialectOutput& out);
    /// Asks what is due and sends the next question.
    void carry_on(TimePoint now, DialectOutput& out);
    void repeat_silence(TimePoint now, DialectOutput& out);
    void observe(Happening what, TimePoint now, DialectOutput& out);
    /// A control's value as the host tells it: to the session and to the brackets.
    void tell(const ControlPath& path, ControlValue value, TimePoint now, DialectOutput& out);
    void take_update(Mixer::Update update, TimePoint now, DialectOutput& out);

    // ---- feedback.cpp
    struct Feedback;
    friend struct Feedback;
    static Metered metered(const KnownStrip& strip, Decibel level, TimePoint now);
    void hear_feedback(const OscMessage& message, TimePoint now, DialectOutput& out);
    bool hear_strip(const OscMessage& message, TimePoint now, DialectOutput& out);
    void hear_name(Ssid ssid, const OscMessage& message, TimePoint now, DialectOutput& out);
    void hear_transport(const OscMessage& message, TimePoint now, DialectOutput& out);
    void hear_marker(const std::string& text, TimePoint now, DialectOutput& out);

    // ---- plugins.cpp
    Question framed(Question::About about, const KnownStrip& strip,
                    std::vector<OscMessage> asks) const;
    Question parts_question(const KnownStrip& strip) const;
    Question poll_question(const KnownStrip& strip) const;
    Question descriptor_question(const KnownStrip& strip, std::size_t slot) const;
    struct Parts {
        bool inserts{false}, sends{false};
    };
    Parts take_parts(const Answer& answer, KnownStrip& strip, TimePoint now, DialectOutput& out);
    bool take_descriptor(const Answer& answer, KnownStrip& strip, std::size_t slot, TimePoint now,
                         DialectOutput& out);
    void keep_parameters(KnownStrip& strip, std::size_t slot, std::vector<Parameter> parameters,
                         TimePoint now, DialectOutput& out);
    void take_polled(const Answer& answer, KnownStrip& strip, TimePoint now, DialectOutput& out);
    void tell_polled(KnownStrip& strip, Control control, const ControlValue& value, TimePoint now,
                     DialectOutput& out);
    std::optional<Question> next_to_read(TimePoint now);

    // ---- writes.cpp
    void request_proof(Token token, const ControlPath& path, TimePoint now,
                       DialectOutput& out) override;
    void write(const ControlPath& path, Address address, const ControlValue& value, TimePoint now,
               DialectOutput& out) override;
    std::vector<ControlPath> bearers(const ControlPath& target, Address address,
                                     TimePoint since) const override;
    std::optional<ControlValue> taken_by(const ControlPath& path, const ControlPath& target,
                                         const ControlValue& value) const override;
    bool rolling() const override { return rolling_; }
    bool can_glide(const ControlPath& path) const override;
    const Parameter* known_parameter(const ControlPath& path) const; ///< null when not read
    /// Why this path cannot be written at all; empty when it can.
    std::string impossible(const ControlPath& path) const;
    std::string out_of_range(const Move& move) const;
    /// Why its automation forbids a write; empty when it does not, or where Ardour tells no mode.
    std::string automated(const ControlPath& path) const;
    struct Wanted {
        std::vector<Token> tokens;
        ControlPath path;
        int tries{0};
    };
    void ask_proof(Wanted wanted);
    void ready(const std::vector<Token>& tokens, const Proof& proof);
    void take_proof(const Answer& answer, TimePoint now, DialectOutput& out);
    Proof proof_from(const Answer& answer, KnownStrip& strip, TimePoint now, DialectOutput& out);
    void deliver_proofs(TimePoint now, DialectOutput& out);

    const HostProfile profile_;
    const std::string address_;
    Brackets brackets_;
    Inquiry inquiry_;
    Mixer mixer_;

    State state_{State::searching};
    TimePoint heard_at_{}, heartbeat_at_{}, next_search_{}, next_list_{}, next_read_{},
        next_silence_{}, next_unknown_{}, next_missing_{}, next_doubt_{};
    bool doubted_{false};       ///< asked whether it still knows us
    bool asked_in_vain_{false}; ///< the search went unanswered so far
    bool list_wanted_{false};
    std::map<Ssid, ListedLine> lines_; ///< of the list being read, over several rounds
    bool switches_told_{false}; ///< a mute, solo or arm was told since the list was asked for
    std::map<std::string, StripId> renames_; ///< told since the last list

    std::optional<std::vector<OscMessage>>
        held_;                              ///< strip feedback since the numbers may have shifted
    bool noticed_{false};                   ///< "/strip/list" was told since the hold began
    std::size_t newest_dump_{0};            ///< where in held_ the newest dump begins
    std::optional<std::size_t> valid_from_; ///< where the last dump that a notice ended begins
    bool releasing_{false};
    TimePoint next_dump_{TimePoint::max()}; ///< when all is asked for again

    std::vector<Wanted> unproved_; ///< wait for the list
    std::vector<std::pair<Token, Proof>>
        proofs_ready_; ///< answered without asking; delivered outside of the call

    bool rolling_{false}, record_ready_{false}, recording_{false};
    double playhead_{0.0};
    std::string position_;                  ///< "Verse <-> Chorus": the marker text as told last
    std::map<std::string, double> markers_; ///< by name, in seconds, as passed
    struct Silence {
        bool silent{true}; ///< nothing but silence was told since the dump
        TimePoint at{};
    };
    std::map<StripId, Silence> meters_;
    Ssid selected_{0}; ///< of the message before, if that was /strip/select: a dump's head

    std::map<std::pair<StripId, InsertId>, TimePoint> watched_; ///< until when
    std::map<std::pair<StripId, InsertId>, TimePoint> read_at_; ///< last descriptor
    std::size_t crawl_{0};                                      ///< index of the strip read next

    TimePoint next_complaint_{};
    int complaints_{0};
};

} // namespace prefade::ardour
