// The demo host and the real desk with the shipped rules, joined without a wire or a thread: time runs as fast as the
// mixer computes.
#pragma once

#include "connectors/demo/dialect.h"
#include "connectors/demo/engine.h"
#include "connectors/demo/studio.h"
#include "daemon/desk.h"
#include "tests/support/catch.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

using namespace std::chrono_literals;

/// All players, recorded once for this process: some seconds of computing.
inline demo::Recordings whole_song() {
    static const auto recorded = [] {
        std::vector<std::vector<std::int16_t>> all;
        for (std::size_t i = 0; i < demo::instrument_count; ++i)
            all.push_back(demo::record(static_cast<demo::Instrument>(i)));
        return all;
    }();
    demo::Recordings recordings;
    for (std::size_t i = 0; i < recordings.size(); ++i) recordings[i] = recorded[i];
    return recordings;
}

class DemoDesk {
public:
    struct Fired {
        Advice advice;
        std::string strip; ///< name of the first that it is about; empty for the session
        Duration after{};  ///< of playback
    };

    explicit DemoDesk(const demo::Faults& faults)
        : engine(demo::build_session(whole_song(), faults), demo::session_name, {},
                 demo::song_frames),
          desk_(setup()) {
        carry_out(desk_.attach(std::make_unique<demo::Dialect>("usual"), "usual", now_));
        run(1s);
        REQUIRE(desk_.session().host.state == HostState::connected);
        engine.play(true);
        played_from_ = now_;
    }

    void run(Duration span) {
        for (const TimePoint end = now_ + span; now_ < end;) {
            now_ += demo::step_span;
            engine.step();
            deliver();
            carry_out(desk_.handle(Tick{}, now_));
            deliver();
            note_advice();
        }
    }
    const Session& session() const { return desk_.session(); }
    const std::vector<Fired>& fired() const { return fired_; }
    Duration played() const { return now_ - played_from_; }

    demo::Engine engine;

private:
    static Desk::Setup setup() {
        const auto root = std::filesystem::path(PREFADE_TESTS_DIR).parent_path();
        Desk::Setup s;
        LoadedRules loaded = RuleBook::load({root / "knowledge/rules"});
        REQUIRE(loaded.errors.empty());
        static const auto plugins = std::make_shared<const PluginCatalog>(
            PluginCatalog::load({root / "knowledge/plugins"}).catalog);
        loaded.book.know(plugins);
        s.rules = std::move(loaded.book);
        auto roles = RoleBook::load(root / "knowledge/roles.toml");
        REQUIRE(roles);
        const auto folder = root / "knowledge";
        s.priorities =
            Priorities(MixKnowledge::load({folder / "targets.toml", folder / "pairs.toml"},
                                          {roles->roles(), {}, {}})
                           .knowledge);
        s.roles = std::move(*roles);
        s.version = "test";
        s.steady = TimePoint{1h};
        return s;
    }
    void deliver() {
        for (int rounds = 0; rounds < 1000; ++rounds) {
            std::vector<WireMessage> messages;
            for (OscMessage& message : engine.take_sent())
                messages.emplace_back(std::move(message));
            if (messages.empty()) return;
            carry_out(desk_.handle(WireArrived{std::move(messages)}, now_));
        }
        FAIL("the two never stop talking");
    }
    void carry_out(const Effects& effects) {
        for (const Effect& effect : effects)
            if (const auto* wire = std::get_if<ToWire>(&effect))
                for (const WireMessage& message : wire->messages)
                    engine.receive(std::get<OscMessage>(message));
    }
    void note_advice() {
        for (Advice& advice : desk_.advice()) {
            const bool known = std::any_of(fired_.begin(), fired_.end(), [&](const Fired& f) {
                return f.advice.id == advice.id;
            });
            if (known) continue;
            const Strip* strip =
                advice.about.empty() ? nullptr : session().find(advice.about.front().strip);
            fired_.push_back({std::move(advice), strip ? strip->name : std::string(), played()});
        }
    }

    Desk desk_;
    TimePoint now_{1h}, played_from_{1h};
    std::vector<Fired> fired_;
};

} // namespace prefade::test
