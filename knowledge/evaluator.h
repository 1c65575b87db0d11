// Runs the rules over the session. For each rule and strip (or send, plugin, or the session) the state goes
// inactive -> pending (true, shorter than `for`) -> firing -> resolved. What a rule needs and does not
// get makes it "cannot say": nothing new fires then, and what fires stays, with its evidence ageing
// visibly, until it can be judged again or a control it wanted moved has been moved.
// Knows no clock and no host. Desk thread.
#pragma once

#include "core/advice.h"
#include "core/brief.h"
#include "core/session.h"
#include "knowledge/plugin_table.h"
#include "knowledge/ranking.h"
#include "knowledge/rule.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace prefade {

struct AdviceChanges {
    std::vector<Advice> fired; ///< new, each with an id never used before
    std::vector<Advice> ended; ///< state resolved, as last seen
    std::vector<AdviceId>
        updated; ///< still firing, with new words or numbers (at most once a second)
    bool empty() const noexcept { return fired.empty() && ended.empty() && updated.empty(); }
};

/// A rule that has no answer for a strip, and why.
struct CannotSay {
    std::string rule;
    StripId strip; ///< none in session scope
    SendId send;
    std::string reason;
    InsertId insert{};
};

/// A silenced advice by names, which outlive a run as ids do not.
struct Dismissal {
    std::string rule, strip, send; ///< of a rule on inserts `send` is the plugin
    std::optional<double>
        worst;         ///< the first evidence when it was dismissed; none: until it resolved
    TimePoint until{}; ///< not again before; means nothing in another run
    friend bool operator==(const Dismissal&, const Dismissal&) = default;
};

/// An advice, or a whole rule, that is not wanted in this session.
struct Rest {
    std::string rule, strip, send;
    bool whole_rule{false};
};

class Evaluator {
public:
    explicit Evaluator(RuleBook book);

    /// Twenty times a second. While a hand is on a control, and for `hand_rests` after, nothing new fires: it waits.
    AdviceChanges evaluate(const Session& session, const Brief& brief, TimePoint now);
    static constexpr Duration hand_rests = std::chrono::seconds(2);

    /// In the order of knowledge/ranking.h: the first is the one to do now.
    std::span<const Advice> firing() const noexcept { return firing_; }
    const Advice* find(AdviceId id) const noexcept;

    /// Takes a firing advice away until its numbers get clearly worse, or, for a rule without numbers,
    /// until it resolved and came again; for `shortest_dismissal` in any case. Error: no such advice fires.
    Result<Advice> dismiss(AdviceId id, TimePoint now);
    static constexpr Duration shortest_dismissal = std::chrono::seconds(30);
    /// For keeping across runs; `restore` takes them by name when the strips are there.
    std::vector<Dismissal> dismissals() const;
    void restore(std::vector<Dismissal> dismissals);

    /// "Not now": takes a firing advice away, or with `whole_rule` all of its rule on every strip, until brought
    /// back. Not kept across runs. Error: no such advice fires.
    Result<Advice> put_to_rest(AdviceId id, bool whole_rule);
    /// What rests, by names; a rest without strip and send is a whole rule's, or of the scope session.
    const std::vector<Rest>& at_rest() const noexcept { return at_rest_; }
    void bring_back() { at_rest_.clear(); }
    /// Of the last evaluation.
    const HeldBack& held_back() const noexcept { return held_back_; }

    /// What has no answer now. Computed on call: for `status` and `doctor`, not for every tick.
    std::vector<CannotSay> cannot_say(const Session& session, const Brief& brief,
                                      TimePoint now) const;

    /// Those on the strips whose plugin the book knows, as of the last evaluation; valid while its session is
    /// not changed.
    std::span<const KnownInsert> inserts() const noexcept { return plugins_.listed(); }

    const RuleBook& book() const noexcept { return book_; }

private:
    struct Key {
        std::uint32_t rule{0};
        StripId strip;
        SendId send;
        InsertId insert{};
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Instance {
        bool firing{false}; ///< else pending
        TimePoint since{};  ///< of pending
        std::optional<TimePoint> clear_since;
        TimePoint refreshed{};
        std::uint64_t seen{0}; ///< evaluation that last met its strip
        Advice advice;         ///< while firing
        Rank rank;             ///< while firing
        std::vector<std::optional<ControlValue>>
            controls; ///< of advice.suggests when it was worded
    };
    using Instances = std::map<Key, Instance>;
    /// Strips by name, for the destinations of sends; null where two bear the same.
    using Destinations = std::unordered_map<std::string_view, const Strip*>;

    Frame base_frame(const Session& session, const Brief& brief, TimePoint now) const;
    template <class Visit>
    void visit(std::uint32_t rule, const Frame& base, const Destinations& destinations,
               Visit visit) const;
    Destinations destinations_of(const Session& session) const;

    void step(const Key& key, const Frame& frame, AdviceChanges& changes);
    void consider(const Key& key, const Value& when, const Frame& frame, AdviceChanges& changes);
    void keep_or_end(Instances::iterator at, const Value& when, const Frame& frame,
                     AdviceChanges& changes);
    void fire(const Key& key, Instance& instance, const Frame& frame, AdviceChanges& changes);
    void end(Instances::iterator at, AdviceChanges& changes);
    void end_unseen(AdviceChanges& changes);
    Result<Instances::iterator> standing(AdviceId id);
    bool rests(const Key& key, const Frame& frame) const;
    bool is_dismissed(const Key& key, const Frame& frame);
    void forget_dismissal(const Key& key, const Frame& frame);
    void sort_firing();

    RuleBook book_;
    Instances instances_; ///< only what is pending or firing
    std::vector<Dismissal> dismissed_;
    std::vector<Rest> at_rest_;
    HeldBack held_back_;
    bool hand_on_{false};            ///< at this evaluation
    std::vector<Advice> firing_;     ///< in order
    std::map<Key, Dismissal> names_; ///< of what fires, for dismissing without a session
    mutable MeasureCache cache_;
    mutable PluginTable plugins_;
    std::optional<TimePoint> rolling_since_;
    std::uint64_t evaluations_{0};
    std::uint32_t last_id_{0};
};

} // namespace prefade
