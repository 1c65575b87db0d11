#include "daemon/desk.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace prefade {
namespace {

/// Rules are judged and a snapshot is made at most this often, and in step: what a rule finds goes out in
/// the same instant. See docs/decisions/008.
constexpr Duration beat = std::chrono::milliseconds(50);
constexpr Duration auto_pause =
    std::chrono::seconds(5); ///< between two tries of auto on one advice
constexpr Duration watch_span =
    std::chrono::seconds(30); ///< parameters stay fresh this long after a look
constexpr Duration look_pause = std::chrono::seconds(2); ///< between two plugins read for the rules
constexpr Duration look_span = std::chrono::milliseconds(400); ///< long enough to be read once
constexpr std::size_t moves_shown = 50;

std::shared_ptr<const Json> shared(Json json) {
    return std::make_shared<const Json>(std::move(json));
}

} // namespace

Desk::Desk(Setup setup)
    : policy_(std::move(setup.policy)),
      mode_(policy_.mode),
      roles_(std::move(setup.roles)),
      masking_(std::move(setup.priorities)),
      evaluator_(std::move(setup.rules)),
      brief_(setup.brief),
      default_brief_(setup.brief),
      version_(std::move(setup.version)),
      wall_start_(setup.wall),
      steady_start_(setup.steady),
      moves_(std::move(setup.history), setup.last_move) {
    session_.host.since = setup.steady;
}

Desk::~Desk() = default;

WallTime Desk::wall(TimePoint now) const {
    return wall_start_ + std::chrono::duration_cast<WallTime::duration>(now - steady_start_);
}

/// Calls the moves with what they need to see, and processes what the dialect did meanwhile.
template <class F> auto Desk::with_moves(TimePoint now, Effects& effects, F&& f) {
    DialectOutput output;
    const MoveSurroundings around{session_,       capabilities_, policy_,     mode_,
                                  dialect_.get(), session_key_,  generation_, now,
                                  wall(now),      effects,       output};
    changed_ = true;
    if constexpr (std::is_void_v<decltype(f(around))>) {
        f(around);
        process(output, now, effects);
    } else {
        auto result = f(around);
        process(output, now, effects);
        return result;
    }
}

// ---- events ---------------------------------------------------------------------------------

Effects Desk::handle(const Event& event, TimePoint now) {
    Effects effects;
    heard(event, now, effects);
    advance(now, effects);
    return effects;
}

void Desk::heard(const Event& event, TimePoint now, Effects& effects) {
    if (const auto* arrived = std::get_if<WireArrived>(&event)) {
        if (!dialect_) return;
        DialectOutput output;
        for (const WireMessage& message : arrived->messages)
            dialect_->receive(message, now, output);
        process(output, now, effects);
        dialect_due_ = now; // what arrived may have brought a deadline nearer
    } else if (const auto* called = std::get_if<ToolCalled>(&event)) {
        call(*called, now, effects);
    } else if (const auto* overrun = std::get_if<WireOverrun>(&event)) {
        effects.push_back(Log{std::to_string(overrun->dropped)
                              + " messages were dropped; asking the host again"});
        if (!dialect_) return;
        DialectOutput output;
        dialect_->resync(now, output);
        process(output, now, effects);
    } else if (const auto* begun = std::get_if<JournalBegun>(&event)) {
        with_moves(now, effects,
                   [&](const auto& around) { moves_.journal_begun(begun->move, around); });
        dialect_due_ = now;
    } else if (const auto* failed = std::get_if<JournalFailed>(&event)) {
        last_error_ = "journal: " + failed->reason;
        with_moves(now, effects, [&](const auto& around) {
            moves_.journal_failed(failed->move, failed->reason, around);
        });
    } else if (const auto* troubled = std::get_if<JournalTroubled>(&event)) {
        last_error_ = "journal: " + troubled->reason;
        effects.push_back(Log{last_error_});
        changed_ = true;
    } else if (const auto* gone = std::get_if<CallerGone>(&event)) {
        std::erase_if(waiters_, [&](const Waiter& w) {
            return w.caller == gone->caller && w.to_undo.empty();
        });
        std::erase_if(retries_, [&](const Retry& r) { return r.call.caller == gone->caller; });
    } else if (const auto* counted = std::get_if<WireCounted>(&event)) {
        traffic_ = counted->traffic;
    } else if (const auto* malformed = std::get_if<WireMalformed>(&event)) {
        last_error_ = "not a message: " + malformed->reason;
    } else if (const auto* broke = std::get_if<WireBroke>(&event)) {
        last_error_ = broke->reason;
        effects.push_back(Log{broke->reason});
    } else if (const auto* loaded = std::get_if<SessionLoaded>(&event)) {
        if (loaded->session_key == session_key_) load_kept(*loaded, effects);
    } else if (const auto* seen = std::get_if<HostsSeen>(&event)) {
        changed_ = changed_ || hosts_seen_ != seen->hosts;
        hosts_seen_ = seen->hosts;
        if (!seen->known.empty()) hosts_known_ = seen->known;
    } else if (const auto* answered = std::get_if<QuestionAnswered>(&event)) {
        answer_question(*answered, now, effects);
    } else if (std::holds_alternative<ShutDown>(event)) {
        stop(now, effects);
        for (Effect& e : detach("the daemon was stopped", now)) effects.push_back(std::move(e));
    }
}

void Desk::call(const ToolCalled& called, TimePoint now, Effects& effects) {
    const auto answer = [&](std::shared_ptr<const Json> result, Error error) {
        effects.push_back(
            Answer{called.caller, called.request, std::move(result), std::move(error)});
    };
    const Tool* tool = find_tool(called.tool);
    const bool offered =
        tool
        && (called.door == Door::local || (called.door == Door::mcp && tool->described.mcp)
            || (called.door == Door::model && tool->described.model));
    if (!offered) {
        std::string known;
        for (const Tool& t : all_tools()) known += (known.empty() ? "" : ", ") + t.described.name;
        answer(nullptr, {ErrorCode::not_found,
                         "there is no tool \"" + called.tool + "\"; there are: " + known,
                         {}});
        return;
    }
    if (const auto checked = check_arguments(tool->described, *called.arguments); !checked) {
        answer(nullptr, checked.error());
        return;
    }
    ToolReply reply = tool->run({*this, called, *called.arguments, now, effects});
    if (auto* result = std::get_if<std::shared_ptr<const Json>>(&reply))
        answer(std::move(*result), {});
    else if (auto* error = std::get_if<Error>(&reply))
        answer(nullptr, std::move(*error));
}

// ---- what the host says ---------------------------------------------------------------------

void Desk::process(DialectOutput& output, TimePoint now, Effects& effects) {
    for (const Observation& observation : output.observed) observe(observation, now, effects);
    if (!output.to_send.empty()) effects.push_back(ToWire{std::move(output.to_send)});
}

void Desk::observe(const Observation& observation, TimePoint now, Effects& effects) {
    if (const auto* changed = std::get_if<ControlChanged>(&observation.what))
        notice_hand(*changed, observation.at, now, effects);
    for (const ControlChanged& changed : changes_in(observation))
        notice_hand(changed, observation.at, now, effects);
    if (const auto* renamed = std::get_if<StripRenamed>(&observation.what))
        carry_role(*renamed, effects);
    apply(session_, observation);
    changed_ = true;
    if (const auto* heard = std::get_if<SpectraHeard>(&observation.what))
        if (auto news = masking_.hear(*heard, session_, brief_, observation.at))
            apply(session_, {observation.at, std::move(*news)});
    notice_structure(observation, now, effects);
    if (Moves::concerned_by(observation))
        with_moves(now, effects, [&](const auto& around) { moves_.observe(observation, around); });
}

/// A value that nothing of ours explains was set by a hand, or by automation where that plays.
void Desk::notice_hand(const ControlChanged& changed, TimePoint at, TimePoint now,
                       Effects& effects) {
    const auto before = session_.value(changed.path);
    if (!before || changed.by != ControlChanged::By::anybody
        || nearly_equal(*before->value, changed.value))
        return;
    if (moves_.explains(changed.path, changed.value, capabilities_.pan_step, now)) return;
    if (moves_.follows_vca(session_, changed.path, *before->value, changed.value)) return;
    if (automation_plays(*session_.find(changed.path.strip))) return;
    hand_on(changed.path, at, now, effects);
}

/// What a list of sends, plugins or parameters changes, control by control. While rolling they may follow
/// lanes that no host tells of, so only a standing transport shows a hand.
std::vector<ControlChanged> Desk::changes_in(const Observation& observation) const {
    std::vector<ControlChanged> changes;
    if (session_.transport.rolling.value.value_or(true)) return changes;
    const auto add = [&](const ControlPath& path, const auto& known) {
        if (known.value) changes.push_back({path, *known.value});
    };
    if (const auto* listed = std::get_if<SendsListed>(&observation.what)) {
        for (const Send& send : listed->sends) {
            add({listed->strip, Control::send, send.id, 0}, send.level);
            add({listed->strip, Control::send_enabled, send.id, 0}, send.enabled);
        }
    } else if (const auto* inserts = std::get_if<InsertsListed>(&observation.what)) {
        for (const Insert& insert : inserts->inserts)
            add({inserts->strip, Control::bypass, insert.id, 0}, insert.bypassed);
    } else if (const auto* read = std::get_if<ParametersListed>(&observation.what)) {
        for (const Parameter& p : read->parameters)
            if (const ControlPath path{read->strip, Control::parameter, read->insert, p.number};
                !p.output) {
                add(path, p.value);
                add(path, p.displayed);
            }
    }
    return changes;
}

/// From here on the strip is left alone for a while, and nothing moves by itself any more.
void Desk::hand_on(const ControlPath& path, TimePoint at, TimePoint now, Effects& effects) {
    const Strip* strip = session_.find(path.strip);
    if (!strip) return;
    apply(session_, {at, Touched{path.strip, strip->touched}});
    halt_on(path.strip, now, effects);
    if (mode_ != Mode::automatic) return;
    effects.push_back(Log{"a hand moved " + session_.describe(path) + ": auto is off"});
    set_mode(Mode::ask, now, effects);
}

/// No further step of a glide on this strip.
void Desk::halt_on(StripId strip, TimePoint now, Effects& effects) {
    DialectOutput output;
    for (const MoveId id : moves_.sent_to(strip)) dialect_->halt(id, now, output);
    process(output, now, effects);
}

bool Desk::automation_plays(const Strip& strip) const {
    return session_.transport.rolling.value.value_or(false)
           && strip.automation.value.value_or(AutomationMode::off) != AutomationMode::off;
}

void Desk::notice_structure(const Observation& observation, TimePoint now, Effects& effects) {
    const auto& what = observation.what;
    if (const auto* touched = std::get_if<Touched>(&what)) {
        if (!touched->touched) return;
        halt_on(touched->strip, now, effects);
        if (mode_ != Mode::automatic) return;
        effects.push_back(Log{"a hand is on a fader: auto is off"});
        set_mode(Mode::ask, now, effects);
    } else if (const auto* superseded = std::get_if<WriteSuperseded>(&what)) {
        const MoveRecord* record = moves_.find(superseded->move);
        const Strip* strip = record ? session_.find(record->move.path.strip) : nullptr;
        if (strip && !automation_plays(*strip))
            hand_on(record->move.path, observation.at, now, effects);
    } else if (std::holds_alternative<StripsListed>(what)
               || std::holds_alternative<StripRenamed>(what)) {
        assign_roles();
    } else if (std::holds_alternative<SessionNamed>(what)) {
        name_session(effects);
        with_moves(now, effects, [&](const auto& around) { moves_.name_session(around); });
    } else if (std::holds_alternative<HostFound>(what)) {
        ++generation_;
        // What auto was given was given for what was there before.
        if (std::exchange(is_connected_, true) && mode_ == Mode::automatic) {
            effects.push_back(Log{"another host is there in place of the former: auto is off"});
            set_mode(Mode::ask, now, effects);
        }
        session_.host.address = address_;
        capabilities_ = dialect_->capabilities();
        effects.push_back(Log{"connected to " + session_.host.name + " at " + address_});
        name_session(effects);
        masking_.forget();
    } else if (const auto* lost = std::get_if<HostLost>(&what)) {
        is_connected_ = false;
        last_error_ = lost->reason;
        effects.push_back(Log{"host lost: " + lost->reason});
        if (mode_ == Mode::automatic) set_mode(Mode::ask, now, effects);
    } else if (const auto* capable = std::get_if<CapabilitiesChanged>(&what)) {
        capabilities_ = capable->capabilities;
    } else if (std::holds_alternative<ParametersListed>(what)
               || std::holds_alternative<InsertsListed>(what)
               || std::holds_alternative<SendsListed>(what)) {
        retry_calls(now, effects);
    } else if (const auto* progressed = std::get_if<Progressed>(&what)) {
        effects.push_back(Log{progressed->text});
    } else if (const auto* noticed = std::get_if<Noticed>(&what)) {
        last_error_ = noticed->text;
        effects.push_back(Log{noticed->text});
    }
}

// ---- time -----------------------------------------------------------------------------------

void Desk::advance(TimePoint now, Effects& effects) {
    if (dialect_ && now >= dialect_due_) {
        DialectOutput output;
        dialect_due_ = dialect_->tick(now, output);
        process(output, now, effects);
    }
    TimePoint moves_due = TimePoint::max();
    if (moves_.any_under_way())
        moves_due =
            with_moves(now, effects, [&](const auto& around) { return moves_.tick(around); });
    if (now >= next_evaluation_) {
        next_evaluation_ = now + beat;
        evaluate(now, effects);
    }
    if (std::any_of(retries_.begin(), retries_.end(),
                    [&](const Retry& r) { return now >= r.until; }))
        retry_calls(now, effects);
    settle_waiters(now, effects);
    if (changed_ && now >= next_publish_) publish(now, effects);
    next_ = std::min({moves_due, next_evaluation_, dialect_ ? dialect_due_ : TimePoint::max(),
                      changed_ ? next_publish_ : TimePoint::max()});
}

void Desk::evaluate(TimePoint now, Effects& effects) {
    const HeldBack held_before = evaluator_.held_back();
    const AdviceChanges changes = evaluator_.evaluate(session_, brief_, now);
    for (const Advice& advice : changes.fired)
        effects.push_back(Log{"advice " + advice.rule + ": " + advice.says});
    look_at_plugins(now, effects);
    if (!changes.empty() || held_before != evaluator_.held_back()) changed_ = true;
    if (mode_ == Mode::automatic) act_on_advice(now, effects);
}

/// The plugins that rules know are read again one after the other, or nobody would notice a knob that was turned. One at a
/// time, so that a host which answers one question at a time keeps most of its answers for levels. Where the host shows a
/// window of a few strips, a plugin is opened to be read, and its strip selected: that is a person's wish alone.
void Desk::look_at_plugins(TimePoint now, Effects& effects) {
    const auto known = evaluator_.inserts();
    if (now < next_look_ || known.empty() || !dialect_ || capabilities_.bank_width > 0) return;
    next_look_ = now + look_pause;
    const KnownInsert& next = known[looked_at_++ % known.size()];
    DialectOutput output;
    (void)dialect_->watch(next.strip->id, next.insert->id, now + look_span, now, output);
    process(output, now, effects);
}

/// Mode auto: a firing advice's first move, cut to what one step may be, once in a while.
void Desk::act_on_advice(TimePoint now, Effects& effects) {
    std::erase_if(tried_, [&](const auto& tried) { return now - tried.second > auto_pause; });
    for (const Advice& advice : this->advice()) {
        if (advice.suggests.empty() || tried_.contains(advice.id) || moves_.open_for(advice.id)
            || turned_down_.contains(advice.id))
            continue;
        Move move = advice.suggests.front();
        const Strip* strip = session_.find(move.path.strip);
        const auto current = session_.value(move.path);
        if (!strip || !current || !covers(policy_, *strip, move.path.control)) continue;
        if (const auto* target = std::get_if<Decibel>(&move.target)) {
            const double from = std::get<Decibel>(*current->value).value(),
                         step = policy_.step.value();
            const double to = std::clamp(target->value(), from - step, from + step);
            if (to != target->value())
                move.why += " (cut to the step limit of " + to_text(policy_.step) + ')';
            move.target = Decibel{to};
        }
        move.source = Source::rule;
        move.advice = advice.id;
        move.glide = std::max(move.glide, policy_.glide);
        tried_[advice.id] = now;
        const Verdict verdict = with_moves(
            now, effects, [&](const auto& around) { return moves_.judge(move, around); });
        if (verdict.kind != Verdict::Kind::refused) // nobody asked: no record of what cannot be
            propose(std::move(move), false, now, effects);
    }
}

void Desk::settle_waiters(TimePoint now, Effects& effects) {
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
        while (!waiters_[i].to_undo.empty()) {
            const MoveId id = waiters_[i].to_undo.front();
            const MoveRecord* original = moves_.find(id);
            if (original && moves_.under_way(original->move.path)) break;
            waiters_[i].to_undo.pop_front();
            // a glide that was stopped before its first step, say
            if (with_moves(now, effects, [&](const auto& a) { return moves_.is_back(id, a); }))
                continue;
            const auto undone = undo(id, now, effects);
            if (undone)
                waiters_[i].moves.push_back(*undone);
            else
                waiters_[i].refused.push_back(undone.error().message);
        }
    }
    std::erase_if(waiters_, [&](const Waiter& w) {
        if (!w.to_undo.empty()) return false;
        if (!std::all_of(w.moves.begin(), w.moves.end(),
                         [&](MoveId id) { return moves_.is_done(id); }))
            return false;
        Json moves = Json::array();
        for (const MoveId id : w.moves)
            if (const MoveRecord* r = moves_.find(id)) moves.push_back(to_json(*r));
        effects.push_back(
            Answer{w.caller, w.request, shared({{"moves", moves}, {"refused", w.refused}}), {}});
        return true;
    });
}

void Desk::publish(TimePoint now, Effects& effects) {
    next_publish_ = next_evaluation_ = now + beat;
    changed_ = false;
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->sequence = ++sequence_;
    snapshot->taken = now;
    snapshot->session = for_views(session_);
    snapshot->capabilities = capabilities_;
    snapshot->mode = mode_;
    snapshot->traffic = traffic_;
    snapshot->last_error = last_error_;
    snapshot->advice = advice();
    snapshot->held_back = held_back();
    const auto records = moves_.records();
    const auto shown = records.last(std::min(records.size(), moves_shown));
    for (const MoveRecord* r : moves_.open()) // what waits for a person is always there
        if (!shown.empty() && r->move.id < shown.front().move.id) snapshot->moves.push_back(*r);
    snapshot->moves.insert(snapshot->moves.end(), shown.begin(), shown.end());
    effects.push_back(Publish{std::move(snapshot)});
}

// ---- hosts ----------------------------------------------------------------------------------

Effects Desk::attach(std::unique_ptr<Dialect> dialect, std::string address, TimePoint now) {
    Effects effects = detach("another host was chosen", now);
    dialect_ = std::move(dialect);
    address_ = std::move(address);
    capabilities_ = dialect_->capabilities();
    session_.host.address = address_;
    session_.host.state = HostState::connecting;
    session_.host.since = now;
    dialect_due_ = now;
    changed_ = true;
    advance(now, effects);
    return effects;
}

Effects Desk::detach(const std::string& reason, TimePoint now) {
    Effects effects;
    if (!dialect_) return effects;
    if (mode_ == Mode::automatic) mode_ = Mode::ask;
    with_moves(now, effects, [&](const auto& around) {
        moves_.abandon(reason, around);
        dialect_->farewell(around.output);
    });
    dialect_.reset();
    is_connected_ = false;
    capabilities_ = {};
    const std::uint64_t epoch = session_.epoch + 1;
    session_ = {};
    session_.epoch = epoch;
    session_.host.since = now;
    ++generation_;
    changed_ = true;
    return effects;
}

// ---- what the tools do ----------------------------------------------------------------------

std::vector<Advice> Desk::advice() const {
    const auto firing = evaluator_.firing();
    return {firing.begin(), firing.end()};
}

void Desk::set_mode(Mode mode, TimePoint now, Effects& effects) {
    const bool ends_moves = mode_ == Mode::automatic || mode == Mode::watch;
    if (mode_ != mode && ends_moves && dialect_) {
        DialectOutput output;
        dialect_->halt(std::nullopt, now, output);
        mode_ = mode;
        process(output, now, effects);
    }
    mode_ = mode;
    changed_ = true;
}

void Desk::stop(TimePoint now, Effects& effects) {
    for (Waiter& waiter : waiters_) {
        if (!waiter.to_undo.empty()) waiter.refused.emplace_back("stopped by the user");
        waiter.to_undo.clear();
    }
    with_moves(now, effects, [&](const auto& around) { moves_.stop(around); });
    set_mode(Mode::watch, now, effects);
}

MoveId Desk::propose(Move move, bool approved_by_user, TimePoint now, Effects& effects) {
    return with_moves(now, effects, [&](const auto& around) {
        return moves_.propose(std::move(move), approved_by_user, around);
    });
}

MoveId Desk::propose_order(Move move, TimePoint now, Effects& effects) {
    return with_moves(now, effects, [&](const auto& around) {
        return moves_.propose_order(std::move(move), around);
    });
}

Result<void> Desk::reject(MoveId id, TimePoint now, Effects& effects) {
    if (const MoveRecord* r = moves_.find(id); r && r->move.advice)
        turned_down_.insert(r->move.advice);
    return with_moves(now, effects, [&](const auto& around) { return moves_.reject(id, around); });
}

Result<MoveId> Desk::undo(MoveId id, TimePoint now, Effects& effects) {
    return with_moves(now, effects, [&](const auto& around) { return moves_.undo(id, around); });
}

std::vector<MoveId> Desk::undoable() const { return moves_.undoable(session_key_); }

Result<void> Desk::dismiss(AdviceId id, TimePoint now, Effects& effects) {
    const auto dismissed = evaluator_.dismiss(id, now);
    if (!dismissed) return dismissed.error();
    changed_ = true;
    keep(effects);
    return {};
}

Result<void> Desk::put_to_rest(AdviceId id, bool whole_rule) {
    const auto rests = evaluator_.put_to_rest(id, whole_rule);
    if (!rests) return rests.error();
    changed_ = true;
    return {};
}

void Desk::bring_back() {
    evaluator_.bring_back();
    changed_ = true;
}

Result<void> Desk::set_role(StripId strip, const std::string& role, Effects& effects) {
    if (auto done = prefade::set_role(session_, strip, role, roles_); !done) return done;
    const Strip& now = *session_.find(strip);
    if (now.role_set_by_user)
        user_roles_[now.name] = now.role;
    else
        user_roles_.erase(now.name);
    keep(effects);
    changed_ = true;
    return {};
}

void Desk::set_brief(Brief brief, Effects& effects) {
    brief_ = std::move(brief);
    keep(effects);
    changed_ = true;
}

/// What the dialect says meanwhile is taken in.
Result<void> Desk::ask(TimePoint now, Effects& effects,
                       const std::function<Result<void>(Dialect&, DialectOutput&)>& question) {
    if (!dialect_) return Error{ErrorCode::unavailable, "no DAW is connected", {}};
    DialectOutput output;
    const auto asked = question(*dialect_, output);
    dialect_due_ = now; // it may have to do now what it was not waiting for
    process(output, now, effects);
    return asked;
}

Result<void> Desk::watch(StripId strip, InsertId insert, TimePoint now, Effects& effects) {
    return ask(now, effects, [&](Dialect& dialect, DialectOutput& output) {
        return dialect.watch(strip, insert, now + watch_span, now, output);
    });
}

Result<void> Desk::look(StripId strip, TimePoint now, Effects& effects) {
    return ask(now, effects, [&](Dialect& dialect, DialectOutput& output) {
        return dialect.look(strip, now, output);
    });
}

Result<void> Desk::transport(bool roll, TimePoint now, Effects& effects) {
    return ask(now, effects, [&](Dialect& dialect, DialectOutput& output) {
        return dialect.transport(roll, now, output);
    });
}

} // namespace prefade
