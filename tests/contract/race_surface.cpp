#include "tests/contract/race_surface.h"

#include "connectors/bracket.h"
#include "connectors/bracket_values.h"
#include "connectors/mcu/dialect.h"
#include "daemon/desk.h"
#include "tests/support/catch.h"
#include "tests/support/figures.h"
#include "tests/support/hui_rig.h"
#include "tests/support/mackie_profile.h"

#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <utility>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

Desk::Setup desk_setup() {
    Desk::Setup s;
    s.version = "race";
    s.policy.value_age = Milliseconds{30'000.0};
    s.steady = TimePoint{1h};
    return s;
}

/// One control of one real strip.
struct Account {
    int rightful{0};           ///< last value of a hand, or of a move that was meant for it
    TimePoint hand_at{};       ///< when a hand last set it
    std::vector<int> former{}; ///< what was rightful before
    MoveId of{};               ///< the move that made it rightful; 0: a hand, or the host
    std::set<int> of_move{};   ///< what was rightful before that move, and its steps so far
    /// What brought it from there last, and from what it was before: a message that was meant for another strip, or one that
    /// was sent to this one as the surface showed it, to bring it back.
    enum class By { nobody, stray, repair };
    By by{By::nobody};
    TimePoint strayed_at{}, repaired_at{}; ///< last
};

struct Watched {
    std::uint32_t strip{0}; ///< the real one that was meant; 0: nobody could say
    bool is_fader{true};
    int target{0};
    std::vector<int> steps; ///< values that are sent for it
    TimePoint proposed{};
    MoveId undoes;
    bool passed_gate{false}, disturbed{false}, ended{false};
};

/// What differs between the two protocols, for the world around them.
struct MackieSide {
    using Habits = MackieHabits;
    using Host = MackieHost;
    using Strip = MackieStrip;
    static constexpr const char* name = "a Mackie Control";

    static HostProfile profile(const Habits& habits) {
        HostProfile profile = mackie_profile(habits);
        profile.surface.longest_silence = 2500ms;
        return profile;
    }
    static std::unique_ptr<Dialect> dialect(const HostProfile& profile) {
        return std::make_unique<mcu::Dialect>(profile, "here", 1);
    }
    static void start(Host& host, TimePoint now) {
        if (host.habits.greeting == MackieHabits::Greeting::none) host.wake(now);
    }
    static void beat(Host& host, TimePoint now) { host.beat(now); }
    bool is_write(const MidiMessage& message) {
        return (message.bytes[0] & 0xF0U) == 0xE0
               || (message.bytes[0] == 0x90 && message.bytes[1] >= 0x08 && message.bytes[1] < 0x18
                   && message.bytes[2] != 0);
    }
};

struct HuiSide {
    using Habits = HuiHabits;
    using Host = HuiHost;
    using Strip = HuiStrip;
    static constexpr const char* name = "a HUI";

    static HostProfile profile(const Habits& habits) { return hui_profile(habits); }
    static std::unique_ptr<Dialect> dialect(const HostProfile& profile) {
        return std::make_unique<mcu::Dialect>(profile, "here", 1, hui::protocol(1));
    }
    static void start(Host& host, TimePoint now) { host.tick(now); }
    static void beat(Host& host, TimePoint now) { host.tick(now); }
    /// The second half of one: what comes between the two is the worst moment of all.
    bool is_write(const MidiMessage& message) {
        std::vector<hui::FromSurface> told;
        REQUIRE(reader.take(message.bytes, told));
        return std::any_of(told.begin(), told.end(), [](const hui::FromSurface& one) {
            const auto* press = std::get_if<hui::Press>(&one);
            return std::holds_alternative<hui::Fader>(one)
                   || (press && press->down && press->of.zone < 8
                       && press->of.port != hui::fader_touch);
        });
    }
    hui::SurfaceReader reader;
};

template <class Side> class SurfaceWorld {
    using MixerStrip = typename Side::Strip;

public:
    SurfaceWorld(const typename Side::Habits& habits, std::uint32_t seed, Duration pause)
        : random_(seed),
          pause_(pause),
          profile_(Side::profile(habits)),
          host_(habits, 1, {}),
          desk_(desk_setup()) {
        for (int i = 0; i < 14; ++i) {
            host_.strips.push_back(new_strip());
            host_.strips.back().fader = static_cast<std::uint16_t>(1500 + below(14'000));
            host_.strips.back().mute = below(4) == 0;
        }
        for (const MixerStrip& strip : host_.strips) open_books(strip);
        host_.on_write = [this](const MixerStrip& strip, bool is_fader) {
            reached(strip, is_fader);
        };
        carry_out(desk_.attach(Side::dialect(profile_), "here", now_));
        note_window();
        Side::start(host_, now_);
        run(25s, false);
    }

    void round(int moves) {
        next_hand_ = now_ + about(2500ms);
        next_change_ = now_ + about(9s);
        for (int i = 0; i < moves; ++i) {
            propose();
            run(about(1500ms), true);
            if (below(100) < 20) undo();
        }
        settle();
    }
    const RaceTally& tally() const { return tally_; }

private:
    // ---- the clock
    void run(Duration span, bool hands) {
        for (const TimePoint end = now_ + span;;) {
            TimePoint next =
                std::min({end, host_.next_arrival(), desk_.next_deadline(), next_beat_});
            if (hands) next = std::min({next, next_hand_, next_change_});
            now_ = std::max(now_, next);
            if (now_ >= next_beat_) {
                next_beat_ = now_ + 100ms;
                Side::beat(host_, now_);
            }
            for (MidiMessage& message : host_.tell(now_))
                carry_out(desk_.handle(WireArrived{{std::move(message)}}, now_));
            if (now_ >= desk_.next_deadline()) carry_out(desk_.handle(Tick{}, now_));
            if (hands && now_ >= next_hand_) hand();
            if (hands && now_ >= next_change_) change();
            if (now_ >= end) return;
        }
    }
    void carry_out(Effects effects) {
        std::vector<MoveId> begun;
        for (Effect& effect : effects) {
            if (auto* wire = std::get_if<ToWire>(&effect)) {
                for (const WireMessage& message : wire->messages)
                    to_host(std::get<MidiMessage>(message));
            } else if (const auto* begin = std::get_if<JournalBegin>(&effect)) {
                begun.push_back(begin->record.move.id);
                note_steps(begin->record);
            } else if (const auto* finish = std::get_if<JournalFinish>(&effect)) {
                ended(finish->record);
            }
        }
        for (const MoveId id : begun) {
            if (const auto found = watched_.find(id); found != watched_.end())
                found->second.passed_gate = true;
            carry_out(desk_.handle(JournalBegun{id}, now_));
        }
    }
    void to_host(const MidiMessage& message) {
        const bool is_write = side_.is_write(message);
        // The worst moment: while a write is on its way.
        if (is_write && below(100) < 12 && now_ - changed_at_ >= pause_)
            next_change_ = std::min(next_change_, now_);
        if (is_write && now_ >= next_change_) change();
        host_.hear(message, now_);
        note_window();
    }

    // ---- ours
    /// What a move may send to the control it is meant for: nothing else that reaches it is its doing.
    void note_steps(const MoveRecord& record) {
        const auto found = watched_.find(record.move.id);
        if (found == watched_.end()) return;
        Watched& w = found->second;
        w.steps.assign(1, w.target);
        if (!w.is_fader) return;
        constexpr Duration step = BracketTiming{}.step;
        const Duration glide = record.move.glide.span();
        const auto steps = static_cast<int>((glide + step - Duration{1}) / step);
        for (int i = 1; i < steps; ++i)
            w.steps.push_back(static_cast<int>(profile_.surface.law.position_of(std::get<Decibel>(
                part_way(record.before, record.move.target, static_cast<double>(i) / steps)))));
    }
    const MixerStrip* real(std::uint32_t id) const {
        for (const MixerStrip& strip : host_.strips)
            if (strip.id == id) return &strip;
        return nullptr;
    }
    /// The real strip that shows this name, if only one did lately.
    std::uint32_t meant_by(const std::string& name) const {
        std::uint32_t found = 0;
        for (const auto& [at, strip, shown] : names_) {
            if (shown != name) continue;
            const bool lately = now_ - at < 20s;
            const MixerStrip* is = real(strip);
            if (!lately && !(is && host_.cut(is->name) == name)) continue;
            if (found != 0 && found != strip) return 0;
            found = strip;
        }
        return found;
    }
    void propose() {
        const auto& strips = desk_.session().strips;
        for (int tries = 0; tries < 50 && !strips.empty(); ++tries) {
            const Strip& strip =
                strips[static_cast<std::size_t>(below(static_cast<int>(strips.size())))];
            const bool is_fader = below(100) < 75;
            Move move;
            move.path = {strip.id, is_fader ? Control::fader : Control::mute, {}, 0};
            move.epoch = desk_.session().epoch;
            const auto value = desk_.session().value(move.path);
            if (!value || desk_.moves().under_way(move.path)) continue;
            Watched watched;
            watched.strip = meant_by(strip.name);
            if (watched.strip == 0) continue;
            if (is_fader) {
                const int position = 1500 + below(14'000);
                move.target = profile_.surface.law.level_of(static_cast<std::uint32_t>(position));
                watched.target = position;
                if (below(100) < 25) move.glide = Milliseconds{50.0 + below(350)};
            } else {
                move.target = !std::get<bool>(*value->value);
                watched.target = std::get<bool>(move.target) ? 1 : 0;
            }
            watched.is_fader = is_fader;
            watched.proposed = now_;
            ++tally_.moves;
            begin(std::move(move), watched);
            return;
        }
    }
    void begin(Move move, const Watched& watched) {
        Effects effects;
        const MoveId id = desk_.propose(std::move(move), true, now_, effects);
        watched_[id] = watched;
        carry_out(std::move(effects));
    }
    void undo() {
        if (done_.empty()) return;
        const MoveId id = done_[static_cast<std::size_t>(below(static_cast<int>(done_.size())))];
        const Watched was = watched_.at(id);
        Effects effects;
        const auto begun = desk_.undo(id, now_, effects);
        if (!begun) {
            ++tally_.undo_refused;
            return;
        }
        std::erase(done_, id);
        Watched back = was;
        back.undoes = id;
        back.passed_gate = back.disturbed = back.ended = false;
        back.proposed = now_;
        back.target = before_[id];
        watched_[*begun] = back;
        ++tally_.undos;
        carry_out(std::move(effects));
    }
    void ended(const MoveRecord& record) {
        const auto found = watched_.find(record.move.id);
        if (found == watched_.end() || !record.outcome || found->second.ended) return;
        found->second.ended = true; // what its look at strays finds later is told once more
        const Watched& w = found->second;
        const auto kind = record.outcome->kind;
        const bool is_undo = w.undoes != MoveId{};
        if (kind == Outcome::Kind::confirmed) confirmed_.insert(record.move.id);
        if (kind == Outcome::Kind::confirmed) {
            const MixerStrip* strip = real(w.strip);
            const int held = !strip ? -1 : w.is_fader ? strip->fader : strip->mute;
            // What a hand did while the news of it is on its way takes nothing away.
            const Duration blind = 2 * host_.habits.latency + 400ms;
            const bool excused = !strip || (now_ - account(w.strip, w.is_fader).hand_at < blind);
            const auto level = [&](int position) {
                return ControlValue{
                    profile_.surface.law.level_of(static_cast<std::uint32_t>(position))};
            };
            const bool is_so =
                w.is_fader ? strip && nearly_equal(level(held), level(w.target)) : held == w.target;
            if (!is_so && !excused) {
                ++tally_.false_confirmed;
            }
            if (is_undo)
                ++tally_.undone;
            else
                done_.push_back(record.move.id);
            if (!is_undo && w.is_fader)
                before_[record.move.id] = static_cast<int>(
                    profile_.surface.law.position_of(std::get<Decibel>(record.before)));
            else if (!is_undo)
                before_[record.move.id] = std::get<bool>(record.before) ? 1 : 0;
        }
        if (is_undo) {
            if (kind == Outcome::Kind::refused)
                ++tally_.undo_refused;
            else if (kind != Outcome::Kind::confirmed)
                ++tally_.undo_open;
            return;
        }
        switch (kind) {
        case Outcome::Kind::confirmed: ++tally_.confirmed; break;
        case Outcome::Kind::refused: ++tally_.refused; break;
        case Outcome::Kind::unconfirmed: ++tally_.unconfirmed; break;
        case Outcome::Kind::superseded: ++tally_.superseded; break;
        case Outcome::Kind::failed:
        case Outcome::Kind::unknown: ++tally_.failed; break;
        }
        if (kind == Outcome::Kind::refused && !w.passed_gate) ++tally_.refused_by_gate;
        if (w.passed_gate && !w.disturbed) {
            ++tally_.undisturbed;
            if (kind == Outcome::Kind::confirmed) ++tally_.undisturbed_confirmed;
        }
    }

    // ---- hands
    void hand() {
        next_hand_ = now_ + about(2500ms);
        if (host_.strips.empty()) return;
        MixerStrip& strip =
            host_.strips[static_cast<std::size_t>(below(static_cast<int>(host_.strips.size())))];
        const bool is_fader = below(100) < 75;
        if (is_fader)
            strip.fader = static_cast<std::uint16_t>(1500 + below(14'000));
        else
            strip.mute = !strip.mute;
        Account& books = account(strip.id, is_fader);
        books.former.push_back(books.rightful);
        books.by = Account::By::nobody;
        books.rightful = is_fader ? strip.fader : strip.mute;
        books.hand_at = now_;
        books.of = {};
        for (auto& [id, w] : watched_) w.disturbed = w.disturbed || w.strip == strip.id;
        host_.changed(now_);
    }
    /// Banks, names, order: each disturbs what is under way.
    void change() {
        changed_at_ = now_;
        next_change_ = now_ + about(9s);
        for (auto& [id, w] : watched_) w.disturbed = true;
        auto& strips = host_.strips;
        const auto some = [&] {
            return static_cast<std::ptrdiff_t>(below(static_cast<int>(strips.size())));
        };
        switch (below(6)) {
        case 0: host_.bank(below(2) ? 8 : -8, now_); break;
        case 1: host_.bank(below(2) ? 1 : -1, now_); break;
        case 2:
            if (strips.size() < 20) {
                strips.insert(strips.begin() + some(), new_strip());
                for (const MixerStrip& strip : strips)
                    if (!books_.contains({strip.id, true})) open_books(strip);
            }
            break;
        case 3:
            if (strips.size() > 9) strips.erase(strips.begin() + some());
            break;
        case 4: {
            MixerStrip& strip = strips[static_cast<std::size_t>(some())];
            strip.name = new_name();
            names_.push_back({now_, strip.id, host_.cut(strip.name)});
            break;
        }
        default: {
            const auto from = some(), to = some();
            MixerStrip moved = strips[static_cast<std::size_t>(from)];
            strips.erase(strips.begin() + from);
            strips.insert(strips.begin() + std::min<std::ptrdiff_t>(to, std::ssize(strips)), moved);
        }
        }
        host_.changed(now_);
        note_window();
    }
    std::string new_name() {
        // One in eight looks like another once it is cut.
        if (below(8) == 0) return "Guitar " + std::to_string(++minted_);
        return "T" + std::to_string(++minted_);
    }
    MixerStrip new_strip() {
        MixerStrip strip;
        strip.id = ++strips_made_;
        strip.name = new_name();
        strip.fader = 12'808; // 0 dB by the profile's law: as every host makes them
        return strip;
    }

    // ---- books
    Account& account(std::uint32_t strip, bool is_fader) { return books_[{strip, is_fader}]; }
    void open_books(const MixerStrip& strip) {
        account(strip.id, true).rightful = strip.fader;
        account(strip.id, false).rightful = strip.mute;
        names_.push_back({now_, strip.id, host_.cut(strip.name)});
    }
    /// The strip that the surface showed in this cell when what the host hears now was sent.
    std::uint32_t shown_in(std::size_t cell) const {
        std::uint32_t strip = 0;
        for (const Window& window : windows_)
            if (window.since + host_.habits.latency < now_)
                strip = cell < window.strips.size() ? window.strips[cell] : 0;
        return strip;
    }
    void note_window() {
        Window window{now_, {}};
        for (std::size_t cell = 0; cell < 8 && host_.first() + cell < host_.strips.size(); ++cell)
            window.strips.push_back(host_.strips[host_.first() + cell].id);
        if (!windows_.empty() && windows_.back().strips == window.strips) return;
        while (windows_.size() > 1 && windows_[1].since + 1s < now_) windows_.pop_front();
        windows_.push_back(std::move(window));
    }
    /// A write of ours reached that strip.
    void reached(const MixerStrip& strip, bool is_fader) {
        const int value = is_fader ? strip.fader : strip.mute;
        Account& books = account(strip.id, is_fader);
        if (value == books.rightful) { // put back
            books.by = Account::By::nobody;
            return;
        }
        const auto cell = static_cast<std::size_t>(&strip - host_.strips.data()) - host_.first();
        const bool was_shown = shown_in(cell) == strip.id;
        for (const auto& [id, w] : watched_) {
            const bool is_its = std::any_of(w.steps.begin(), w.steps.end(), [&](int sent) {
                return std::abs(sent - value) <= (is_fader ? 1 : 0); // the law rounds
            });
            // A press turns a switch, and a hand has turned it while the press was on its way: the press was meant for it.
            const Duration blind = 2 * host_.habits.latency + 400ms;
            const bool is_inverted = !w.is_fader && now_ - books.hand_at < blind;
            // What another move brings to a control that is being moved is as much astray as elsewhere.
            if (w.strip != strip.id || w.is_fader != is_fader || (!is_its && !is_inverted)
                || (!is_fader && !was_shown) || desk_.moves().is_done(id))
                continue;
            if (std::exchange(books.of, id) != id) books.of_move.clear();
            books.of_move.insert(books.rightful);
            books.former.push_back(books.rightful);
            books.by = Account::By::nobody;
            books.rightful = value; // a step of a glide, or its target
            return;
        }
        if (was_shown) {
            books.by = Account::By::repair;
            books.repaired_at = now_;
            return;
        }
        ++strayed_;
        books.by = Account::By::stray;
        books.strayed_at = now_;
    }
    /// What it holds is its own, though older than it should be: it was brought back to before a move of its own that was never
    /// confirmed, or a hand's value was taken for a stray. A switch has but two values: of that one something must have given
    /// reason to turn it.
    bool is_its_own(const Account& books, int held, bool is_fader) const {
        if (books.by != Account::By::repair || confirmed_.contains(books.of)) return false;
        const bool is_undone = books.of != MoveId{} && books.of_move.contains(held);
        const bool was_its =
            std::find(books.former.begin(), books.former.end(), held) != books.former.end();
        const bool is_overruled =
            books.of == MoveId{} && was_its
            && (is_fader || now_ - books.strayed_at < 120s
                || books.repaired_at - books.hand_at < 2 * host_.habits.latency + 400ms);
        return is_undone || is_overruled;
    }
    void settle() {
        run(90s, false);
        for (const MixerStrip& strip : host_.strips)
            for (const bool is_fader : {true, false}) {
                const int held = is_fader ? strip.fader : strip.mute;
                if (held != account(strip.id, is_fader).rightful) {
                    Account& books = account(strip.id, is_fader);
                    if (is_its_own(books, held, is_fader)) {
                        ++tally_.older_value;
                        books.rightful = held;
                        continue;
                    }
                    ++tally_.wrong_controls;
                    account(strip.id, is_fader).rightful = held; // counted once
                }
            }
        for (const auto& [id, w] : watched_)
            if (!desk_.moves().is_done(id)) ++tally_.unsettled;
        tally_.repaired = strayed_ - tally_.wrong_controls;
        watched_.clear();
        done_.clear();
        before_.clear();
    }

    int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    Duration about(Duration mean) {
        const double u = (static_cast<double>(random_()) + 1.0) / 4294967297.0;
        return std::chrono::duration_cast<Duration>(mean * std::min(4.0, -std::log(u)));
    }

    struct Named {
        TimePoint at;
        std::uint32_t strip;
        std::string shown;
    };
    std::mt19937 random_;
    const Duration pause_; ///< of the other hand
    HostProfile profile_;
    typename Side::Host host_;
    Side side_;
    Desk desk_;
    TimePoint now_{1h}, changed_at_{}, next_beat_{}, next_hand_{TimePoint::max()},
        next_change_{TimePoint::max()};
    std::map<std::pair<std::uint32_t, bool>, Account> books_;
    std::vector<Named> names_;
    struct Window { ///< of the host
        TimePoint since;
        std::vector<std::uint32_t> strips;
    };
    std::deque<Window> windows_;
    std::map<MoveId, Watched> watched_;
    std::map<MoveId, int> before_;
    std::set<MoveId> confirmed_;
    std::vector<MoveId> done_;
    std::uint32_t strips_made_{0};
    int minted_{0}, strayed_{0};
    RaceTally tally_;
};

template <class Side>
void run_race(const typename Side::Habits& habits, const RaceSeeds& seeds, int moves,
              const SurfacePace& pace) {
    constexpr int each = 50;
    RaceTally sum;
    for (int i = 0; i < seeds.worlds; ++i) {
        const std::uint32_t seed = seeds.first + static_cast<std::uint32_t>(i);
        SurfaceWorld<Side> world(habits, seed, pace.pause);
        for (int done = 0; done < moves; done += each) world.round(std::min(each, moves - done));
        const RaceTally& one = world.tally();
        INFO(habits.name << " as " << Side::name << ", seed " << seed);
        CHECK(one.false_confirmed == 0);
        CHECK(one.unsettled == 0);
        sum += one;
    }
    char text[560];
    std::snprintf(
        text, sizeof text,
        "race over %s, %s, %s: %d moves: %d confirmed, %d refused (%d by the gate), %d "
        "unconfirmed, %d superseded, %d failed; strays repaired %d, wrong controls %d (bar 0), "
        "put back to an older value %d, false confirmed %d (bar 0); undo: %d of %d exact, %d "
        "refused, %d not proved; "
        "undisturbed: %d, confirmed %.1f %% (bar 60 %%)",
        Side::name, habits.name.c_str(), pace.name, sum.moves, sum.confirmed, sum.refused,
        sum.refused_by_gate, sum.unconfirmed, sum.superseded, sum.failed, sum.repaired,
        sum.wrong_controls, sum.older_value, sum.false_confirmed, sum.undone, sum.undos,
        sum.undo_refused, sum.undo_open, sum.undisturbed,
        percent(sum.undisturbed_confirmed, sum.undisturbed));
    figure(text);
    CHECK(sum.moves >= moves * seeds.worlds * 9 / 10);
    CHECK(10'000 * sum.wrong_controls <= pace.most_wrong * sum.moves);
    CHECK(percent(sum.undisturbed_confirmed, sum.undisturbed) >= 60.0);
}

} // namespace

void run_surface_race(const MackieHabits& habits, const RaceSeeds& seeds, int moves,
                      const SurfacePace& pace) {
    run_race<MackieSide>(habits, seeds, moves, pace);
}
void run_surface_race(const HuiHabits& habits, const RaceSeeds& seeds, int moves,
                      const SurfacePace& pace) {
    run_race<HuiSide>(habits, seeds, moves, pace);
}

} // namespace prefade::test
