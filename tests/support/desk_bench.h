// A desk at a scripted host, in a time that runs as the test says, and every effect it has caused.
#pragma once

#include "daemon/desk.h"
#include "tests/support/catch.h"
#include "tests/support/scripted_dialect.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

inline const TimePoint at_start{std::chrono::hours(1)};

inline Capabilities everything() {
    Capabilities can;
    can.set.set();
    can.fader_top = Decibel{6.0};
    return can;
}

/// A desk at a connected host with two strips, and the effects it has caused.
struct Bench {
    Desk desk;
    ScriptedDialect* dialect{nullptr};
    TimePoint now{at_start};
    Effects effects;
    std::uint64_t requests{0};

    explicit Bench(Mode mode = Mode::ask, RuleBook rules = {})
        : Bench(setup(mode, std::move(rules))) {}
    explicit Bench(Desk::Setup with) : desk(std::move(with)) {
        auto scripted = std::make_unique<ScriptedDialect>();
        dialect = scripted.get();
        dialect->can = everything();
        keep(desk.attach(std::move(scripted), "here", now));
        say({HostFound{"fake", "1", "here"}, SessionNamed{"song"},
             StripsListed{{{StripId{1}, "Kick", false, StripKind::audio_track, false, false},
                           {StripId{2}, "Vox", false, StripKind::audio_track, false, false}},
                          true},
             ControlChanged{{StripId{1}, Control::fader, {}, 0}, Decibel{-3.0}},
             ControlChanged{{StripId{2}, Control::fader, {}, 0}, Decibel{-6.0}}});
    }

    static Desk::Setup setup(Mode mode, RuleBook rules) {
        Desk::Setup s;
        s.policy.mode = mode;
        s.rules = std::move(rules);
        s.steady = at_start;
        return s;
    }
    void keep(Effects more) {
        for (Effect& e : more) effects.push_back(std::move(e));
    }
    void handle(const Event& event) { keep(desk.handle(event, now)); }
    void after(Duration d) {
        now += d;
        handle(Tick{});
    }
    void say(std::vector<Happening> what) {
        for (auto& w : what) dialect->next.push_back({now, std::move(w)});
        handle(WireArrived{{OscMessage{"/any", {}}}});
    }
    std::uint64_t call(const std::string& tool, Json arguments = Json::object(),
                       Door door = Door::local) {
        handle(ToolCalled{
            {7}, ++requests, door, tool, std::make_shared<const Json>(std::move(arguments))});
        return requests;
    }
    std::optional<Answer> answer(std::uint64_t request) const {
        for (const Effect& e : effects)
            if (const auto* a = std::get_if<Answer>(&e); a && a->request == request) return *a;
        return std::nullopt;
    }
    template <class T> std::size_t count() const {
        return static_cast<std::size_t>(
            std::count_if(effects.begin(), effects.end(),
                          [](const Effect& e) { return std::holds_alternative<T>(e); }));
    }
    /// The newest effect of one kind; null when there is none.
    template <class T> const T* newest() const {
        const T* found = nullptr;
        for (const Effect& e : effects)
            if (const auto* is = std::get_if<T>(&e)) found = is;
        return found;
    }
    const MoveRecord& last() const { return desk.moves().records().back(); }
    /// `set` on the Vox fader; the journal commits at once.
    std::uint64_t set_vox(const std::string& value, Door door = Door::local) {
        const auto request =
            call("set", {{"strip", "Vox"}, {"control", "fader"}, {"value", value}}, door);
        handle(JournalBegun{last().move.id});
        return request;
    }
    void confirm(Decibel at) {
        const MoveId id = last().move.id;
        say({WriteBegins{id, last().before},
             ControlChanged{{StripId{2}, Control::fader, {}, 0}, at}, WriteInPlace{id, at},
             WriteProved{id, at}});
    }
};

inline const ControlPath kick_fader{StripId{1}, Control::fader, {}, 0};
inline const ControlPath vox_fader{StripId{2}, Control::fader, {}, 0};

} // namespace prefade::test
