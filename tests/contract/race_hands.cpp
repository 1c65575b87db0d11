// The hands of the race, and the books that say what they, we and strays did to each control.
#include "tests/contract/race_world.h"

#include <algorithm>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t fewest = 9, most = 16; // strips: more than a bank
const char* const plugins[] = {"EQ", "Compressor", "Gate", "Delay"};

} // namespace

// ---- hands ----------------------------------------------------------------------------------

FakeStrip RaceWorld::new_strip() {
    FakeStrip strip;
    strip.name = new_name(++names_);
    return strip;
}

/// One in 25 names is told apart only behind the letters that a scribble strip shows.
std::string RaceWorld::new_name(int number) {
    static const char* const words[] = {"Kick", "Bass", "Gtr", "Keys", "Vox", "Tom", "Pad", "Str"};
    return (chance(4) ? "Lead Vocal" : words[below(8)]) + (' ' + std::to_string(number));
}

void RaceWorld::populate() {
    for (int i = 0; i < 12; ++i) {
        FakeStrip strip = new_strip();
        if (!chance(5)) strip.fader = between(-30, 5);
        if (!chance(10)) strip.pan = between(-1, 1);
        strip.mute = chance(15);
        for (const char* bus : {"Reverb", "Echo"})
            if (chance(60)) strip.sends.push_back({0, bus, between(-30, 0), true});
        for (int n = below(4); n > 0; --n) {
            FakeInsert insert;
            insert.plugin = plugins[below(4)];
            for (float& p : insert.parameters)
                if (!chance(30)) p = between(0, 1);
            strip.inserts.push_back(insert);
        }
        host_.add(std::move(strip), 99);
    }
}

void RaceWorld::hand_sets(const FakeStrip& strip) {
    ControlPath path{StripId{strip.id}, Control::fader, {}, 0};
    ControlValue value{Decibel{static_cast<double>(between(-40, 5))}};
    const int dice = below(10);
    if (dice < 2) {
        path.control = Control::pan;
        value = Pan{static_cast<double>(between(-1, 1))};
    } else if (dice < 3) {
        path.control = Control::mute;
        value = !strip.mute;
    } else if (dice < 4 && !strip.sends.empty()) {
        path.control = Control::send;
        path.on = SendId{strip.sends.front().id};
        value = Decibel{static_cast<double>(between(-40, 5))};
    } else if (dice < 6 && !strip.inserts.empty()) {
        path.control = Control::parameter;
        path.on = InsertId{
            strip.inserts[static_cast<std::size_t>(below(static_cast<int>(strip.inserts.size())))]
                .id};
        path.parameter = static_cast<std::uint16_t>(below(parameters_each));
        value = Normalized{static_cast<double>(between(0, 1))};
    } else if (dice < 7) {
        value = Decibel{chance(50) ? 0.0 : -6.0}; // what many strips hold
    }
    host_.set(path, value);
}

void RaceWorld::place(std::uint32_t strip) {
    handled_[strip] = now_;
    host_.set({StripId{strip}, Control::fader, {}, 0},
              Decibel{static_cast<double>(between(-30, 5))});
    host_.set({StripId{strip}, Control::pan, {}, 0}, Pan{static_cast<double>(between(-1, 1))});
}

void RaceWorld::hand() {
    next_hand_ = now_ + about(pace_.hand);
    const FakeStrip strip =
        host_.strips()[static_cast<std::size_t>(below(static_cast<int>(host_.strips().size())))];
    handled_[strip.id] = now_;
    if (chance(20)) {
        host_.touch(strip.id, true);
        releases_.emplace_back(now_ + about(500ms), strip.id);
    }
    hand_sets(strip);
}

void RaceWorld::restructure() {
    const bool bank = addressing_ == Addressing::by_bank;
    next_restructure_ = now_ + (chance(30) ? about(30ms) : about(pace_.restructure));
    const int count = static_cast<int>(host_.strips().size());
    const FakeStrip strip = host_.strips()[static_cast<std::size_t>(below(count))];
    const int dice = below(100);
    if (bank && dice < 45) {
        host_.move_bank(chance(50) ? (chance(50) ? 8 : -8) : (chance(50) ? 1 : -1));
    } else if (dice < 60) {
        host_.move_strip(strip.id, static_cast<std::size_t>(below(count)));
    } else if (dice < 72) {
        // A name that wanders: sometimes the one that another strip has just lost.
        host_.rename(strip.id, chance(30) && !lost_name_.empty() ? lost_name_ : new_name(++names_));
        lost_name_ = strip.name;
    } else if (dice < 80 && host_.strips().size() < most) {
        // Nobody leaves a new strip as it came for long.
        const auto id = host_.add(new_strip(), static_cast<std::size_t>(below(count + 1)));
        placings_.emplace_back(now_ + about(700ms), id);
    } else if (dice < 88 && host_.strips().size() > fewest) {
        host_.remove(strip.id);
        lost_name_ = strip.name;
        std::erase_if(accounts_, [&](const auto& a) { return a.first.strip.value == strip.id; });
    } else if (strip.inserts.size() > 1 && dice < 94) {
        host_.move_insert(strip.id,
                          static_cast<std::size_t>(below(static_cast<int>(strip.inserts.size()))),
                          static_cast<std::size_t>(below(static_cast<int>(strip.inserts.size()))));
    } else if (!strip.inserts.empty()) {
        host_.replace_insert(
            strip.id, static_cast<std::size_t>(below(static_cast<int>(strip.inserts.size()))),
            plugins[below(4)]);
    }
}

// ---- books ----------------------------------------------------------------------------------

/// A set of the target or of a step towards it; a repair, which goes back, is none.
bool RaceWorld::of_a_move(const ControlPath& real, float value) const {
    return std::any_of(watched_.begin(), watched_.end(), [&](const auto& entry) {
        const Watched& w = entry.second;
        if (w.real != real) return false;
        if (same_bits(w.target, value)) return true;
        return w.glides && !same_bits(value, w.before) && value >= std::min(w.before, w.target)
               && value <= std::max(w.before, w.target);
    });
}

void RaceWorld::set_reached(const ControlPath& real, FakeHost::By by, const ControlValue& before,
                            const ControlValue& value) {
    const float was = to_float(before), is = to_float(value);
    auto [at, fresh] = accounts_.try_emplace(real);
    Account& account = at->second;
    if (fresh) account.rightful = was;
    // Astray from another move, it may still be what a move of this control is about.
    const bool ours = by != FakeHost::By::hand && of_a_move(real, is);
    account.sets.push_back({now_, by, ours, was, is});
    account.stray_last = by == FakeHost::By::stray;
    if (by == FakeHost::By::stray && !ours) {
        if (!account.strayed && !same_bits(was, is)) {
            account.strayed = true;
            account.before_stray = was;
        }
        return;
    }
    if (by == FakeHost::By::write && !ours) {
        if (account.strayed && same_bits(is, account.before_stray)) {
            ++tally_.repaired;
            account.strayed = false;
        }
        return;
    }
    account.rightful = is;
    account.strayed = false;
}

const std::vector<RaceWorld::Set>& RaceWorld::sets_of(const ControlPath& real) const {
    static const std::vector<Set> none;
    const auto found = accounts_.find(real);
    return found == accounts_.end() ? none : found->second.sets;
}

void RaceWorld::settle() {
    const TimePoint give_up = now_ + 150s;
    TimePoint quiet_since = now_;
    while (now_ < give_up && now_ - quiet_since < 4s) {
        run_until(now_ + 250ms, false);
        if (dialect_->busy() || desk_.moves().any_under_way()) quiet_since = now_;
    }
    if (now_ >= give_up) ++tally_.unsettled;
}

void RaceWorld::close_books() {
    for (const auto& [real, account] : accounts_) {
        const auto value = host_.value(real);
        if (!value) continue;
        if (account.strayed && account.stray_last
            && !same_bits(to_float(*value), account.before_stray))
            ++tally_.wrong_controls;
        else if (!same_bits(to_float(*value), account.rightful))
            ++tally_.older_value;
    }
    // The next round opens new books.
    host_.forget_changes();
    accounts_.clear();
    done_.clear();
    std::erase_if(made_, [&](const auto& m) { return now_ - m.second > 30s; });
    std::erase_if(watched_, [](const auto& w) { return w.second.proposed == TimePoint{}; });
}

} // namespace prefade::test
