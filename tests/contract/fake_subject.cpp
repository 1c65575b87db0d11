// The fake hosts, by id, by index and by bank of eight.
#include "tests/contract/subject.h"
#include "tests/support/fake_dialect.h"
#include "tests/support/fake_host.h"
#include "tests/support/fake_link.h"

#include <algorithm>
#include <cstdlib>

namespace prefade::test {
namespace {

/// No two values alike, as a dialect by index or bank needs it.
FakeStrip strip_of(const std::string& name, int number) {
    FakeStrip strip;
    strip.name = name;
    strip.fader = -3.2517F - 1.3729F * static_cast<float>(number);
    strip.pan = -0.61F + 0.113F * static_cast<float>(number);
    strip.sends = {{0, "Reverb", -7.5129F - 0.7133F * static_cast<float>(number), true}};
    for (const char* plugin : {"EQ", "Compressor"}) {
        FakeInsert insert;
        insert.plugin = plugin;
        for (float& p : insert.parameters) {
            static const float step = 0.0137F;
            p = 0.11F
                + step
                      * static_cast<float>(std::ptrdiff_t{number} * 3
                                           + (&p - insert.parameters.data()))
                + (insert.plugin == "EQ" ? 0.0F : 0.002F);
        }
        strip.inserts.push_back(insert);
    }
    return strip;
}

class FakeSubject final : public HostSubject {
public:
    FakeSubject(Traits which, Addressing addressing, const LinkFaults& faults)
        : HostSubject(std::move(which)),
          host_(addressing),
          link_(faults, 20'240'611),
          faults_(faults) {
        int number = 0;
        for (const char* name : {"Kick", "Bass", "Vox", "Guitar by the window", "Keys", "Strings",
                                 "Choir", "Room", "Reverb", "Echo", "Shaker in the left corner"})
            host_.add(strip_of(name, number++), 99);
        host_.take_sent();
        const LinkTraits link{faults.ordered, faults.ordered ? Duration::zero() : faults.longest,
                              250ms};
        attach(std::make_unique<FakeDialect>(addressing, link));
    }

    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (const FakeStrip& strip : host_.strips()) all.push_back(strip.name);
        return all;
    }
    std::optional<float> held(const Target& target) const override {
        const auto real = real_path(target);
        const auto value = real ? host_.value(*real) : std::nullopt;
        if (!value) return std::nullopt;
        return to_float(*value);
    }
    float on_the_wire(const Target&, const ControlValue& value) const override {
        return to_float(value);
    }
    void hand_sets(const Target& target, const ControlValue& value) override {
        host_.set(*real_path(target), value);
    }
    void rename(const std::string& strip, const std::string& name) override {
        host_.rename(id(strip), name);
    }
    void remove(const std::string& strip) override { host_.remove(id(strip)); }
    void move_first(const std::string& strip) override { host_.move_strip(id(strip), 0); }
    void play(const std::string&, double) override { std::abort(); }
    void kill() override { host_.answering = false; }
    void start_again() override { host_.restart(); }
    void cut(bool cut) override {
        LinkFaults faults = faults_;
        if (cut) faults.lost = 100;
        link_.set_faults(faults);
    }
    std::size_t sets_sent() const override { return sent_; }
    std::size_t sets_heard() const override { return sets_; }

private:
    std::uint32_t id(const std::string& strip) const {
        for (const FakeStrip& s : host_.strips())
            if (s.name == strip) return s.id;
        return 0;
    }
    std::optional<ControlPath> real_path(const Target& target) const {
        const FakeStrip* strip = host_.find(id(target.strip));
        if (!strip) return std::nullopt;
        ControlPath path{StripId{strip->id}, target.control, {}, target.parameter};
        for (const FakeInsert& insert : strip->inserts)
            if (!target.on.empty() && insert.plugin == target.on) path.on = InsertId{insert.id};
        for (const FakeSend& send : strip->sends)
            if (!target.on.empty() && send.destination == target.on) path.on = SendId{send.id};
        return path;
    }
    void run(Duration span) override {
        for (const TimePoint end = now_ + span;;) {
            for (OscMessage& message : host_.take_sent())
                link_.send(FakeLink::To::us, std::move(message), now_);
            now_ = std::max(now_, std::min({end, link_.next(), next_deadline()}));
            while (auto delivery = link_.take(now_)) {
                if (delivery->to == FakeLink::To::us) {
                    hear({std::move(delivery->message)});
                    continue;
                }
                sets_ += delivery->message.address == "/set" ? 1 : 0;
                host_.receive(delivery->message);
            }
            if (now_ >= next_deadline()) tick();
            if (now_ >= end) return;
        }
    }
    void to_host(const WireMessage& wire) override {
        const auto& message = std::get<OscMessage>(wire);
        sent_ += message.address == "/set" ? 1 : 0;
        link_.send(FakeLink::To::host, message, now_);
    }

    FakeHost host_;
    FakeLink link_;
    const LinkFaults faults_;
    std::size_t sets_{0}, sent_{0};
};

constexpr LinkFaults faulty{false, 10, 10, 10};
constexpr LinkFaults in_order{true, 0, 0, 0};

std::unique_ptr<HostSubject> fake(Addressing addressing, const LinkFaults& faults) {
    HostSubject::Traits traits;
    traits.name = std::string("the fake host ") + name_of(addressing)
                  + (faults.ordered ? ", in order" : ", messages lost, late and doubled");
    traits.certain = faults.lost == 0;
    traits.tries = traits.certain ? 1 : 12;
    if (addressing == Addressing::by_bank) traits.tries += 2; // it looks at the other banks first
    traits.full_names = addressing != Addressing::by_bank;
    if (traits.full_names) {
        traits.send = {"Vox", Control::send, "Reverb", 0};
        traits.parameter = {"Vox", Control::parameter, "Compressor", 1};
    }
    traits.late = faults.ordered ? Duration::zero() : faults.longest;
    return std::make_unique<FakeSubject>(std::move(traits), addressing, faults);
}

} // namespace

std::unique_ptr<HostSubject> fake_by_id() { return fake(Addressing::by_id, faulty); }
std::unique_ptr<HostSubject> fake_by_index() { return fake(Addressing::by_index, faulty); }
std::unique_ptr<HostSubject> fake_by_bank() { return fake(Addressing::by_bank, faulty); }
std::unique_ptr<HostSubject> fake_by_index_in_order() {
    return fake(Addressing::by_index, in_order);
}
std::unique_ptr<HostSubject> fake_by_bank_in_order() { return fake(Addressing::by_bank, in_order); }

} // namespace prefade::test
