#include "tests/bench/desk_at_sim.h"

#include "connectors/ardour/dialect.h"
#include "tests/support/ardour_sim_server.h"

#include <algorithm>
#include <stdexcept>

namespace prefade::bench {

using namespace std::chrono_literals;

Desk::Setup DeskAtSim::setup(TimePoint now) {
    Desk::Setup made;
    LoadedRules rules = RuleBook::load({PREFADE_TESTS_DIR "/../knowledge/rules"});
    auto roles = RoleBook::load(PREFADE_TESTS_DIR "/../knowledge/roles.toml");
    if (!rules.errors.empty() || !roles) throw std::runtime_error("the knowledge does not load");
    made.rules = std::move(rules.book);
    made.roles = std::move(*roles);
    made.steady = now;
    return made;
}

DeskAtSim::DeskAtSim(std::size_t tracks)
    : metered_(test::add_mix(sim_, tracks)),
      desk_(setup(now)) {
    sim_.meter_interval = Duration::zero();
    const HostProfile ardour{"ardour", "Ardour", "ardour", {3819}, Decibel{6.0}, Decibel{20.0}};
    carry_out(desk_.attach(
        std::make_unique<ardour::Dialect>(ardour, "127.0.0.1:3819", LinkTraits{}), "", now));
    const auto is_read = [&] {
        const auto& strips = desk_.session().strips;
        return strips.size() == metered_.size()
               && std::all_of(strips.begin(), strips.end(), [](const Strip& s) {
                      return s.kind != StripKind::audio_track || s.inserts.size() == 2;
                  });
    };
    for (int i = 0; i < 600 && !is_read(); ++i) pass(100ms);
    if (!is_read()) throw std::runtime_error("the simulated session is not read");
    sim_.roll(true);
    pass(100ms);
}

void DeskAtSim::carry_out(const Effects& effects) {
    for (const Effect& effect : effects) {
        if (const auto* wire = std::get_if<ToWire>(&effect))
            for (const WireMessage& message : wire->messages)
                sim_.receive(std::get<OscMessage>(message), now);
        if (const auto* publish = std::get_if<Publish>(&effect)) {
            newest_ = publish->snapshot;
            ++published_;
        }
    }
}

WireArrived DeskAtSim::said() {
    WireArrived arrived;
    for (OscMessage& message : sim_.take_sent()) arrived.messages.emplace_back(std::move(message));
    return arrived;
}

void DeskAtSim::pass(Duration span) {
    for (const TimePoint end = now + span; now < end;) {
        now += 5ms;
        sim_.tick(now);
        for (WireArrived arrived = said(); !arrived.messages.empty(); arrived = said())
            carry_out(desk_.handle(arrived, now));
        if (now >= desk_.next_deadline()) carry_out(desk_.handle(Tick{}, now));
    }
}

WireArrived DeskAtSim::frame() {
    ++frame_;
    for (std::size_t i = 0; i < metered_.size(); ++i)
        metered_[i]->meter = test::ArdourSimServer::music(i, frame_);
    sim_.tick(now);
    return said();
}

void DeskAtSim::handle(const Event& event) {
    for (const Effect& effect : desk_.handle(event, now))
        if (const auto* publish = std::get_if<Publish>(&effect)) {
            newest_ = publish->snapshot;
            ++published_;
        }
}

} // namespace prefade::bench
