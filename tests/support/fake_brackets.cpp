// What the brackets ask of the fake dialect: moves that may begin, proofs, writes, who else may have been hit;
// and by bank the way to the strip that a question is about.
#include "tests/support/fake_controls.h"
#include "tests/support/fake_dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

// By bank a switch found otherwise than it was last seen may have been hit, or set while out of sight.
constexpr Duration longest_unseen = 10s;
constexpr Duration press_pause = 400ms;

/// index or cell | control | slot | parameter: no two controls share one at the same time.
Address packed(int key, const ControlPath& path, int part) {
    return static_cast<Address>(key) << 24 | static_cast<Address>(path.control) << 16
           | static_cast<Address>(part) << 8 | path.parameter;
}

} // namespace

// ---- what the brackets ask ------------------------------------------------------------------

bool FakeDialect::unseen_for(Duration span, TimePoint now) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Entry& e) { return now - e.told_at > span; });
}

bool FakeDialect::names_differ() const {
    return std::all_of(entries_.begin(), entries_.end(),
                       [&](const Entry& e) { return named(e.told.name) == 1; });
}

bool FakeDialect::held_unseen(const ControlPath& path, float value) const {
    return path.control != Control::mute
           && std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) {
                  return !in_window(e) && held(e.told, path.control, 0, 0) == value;
              });
}

Result<void> FakeDialect::encode(const ApprovedMove& move, TimePoint now, DialectOutput& out) {
    const ControlPath& path = move.move().path;
    const auto refuse = [](ErrorCode code, const char* why) { return Error{code, why, {}}; };
    if (!connected_) return refuse(ErrorCode::unavailable, "the host does not answer");
    const Entry* entry = find(path.strip);
    const auto part = entry ? part_of(*entry, path) : std::nullopt;
    if (!part) return refuse(ErrorCode::not_found, "there is no such control (any more)");
    const bool own = !on_send(path.control) && !on_insert(path.control);
    if (!held(entry->told, path.control, *part, path.parameter) || (by_bank() && !own))
        return refuse(ErrorCode::unsupported, "this host has no such control");
    if (by_bank() && (walking_ || !complete()))
        return refuse(ErrorCode::refused, "the banks are being read; a moment");
    if (!ids_are_real() && !known_without(*entry, path, *part))
        return refuse(ErrorCode::refused,
                      "nothing else tells it from others, should it be moved meanwhile");
    // What two of them may have left on a third could not be told from what a hand did.
    if (!ids_are_real() && std::holds_alternative<bool>(move.move().target)
        && (brackets_.in_question(path.control, true)
            || brackets_.in_question(path.control, false)))
        return refuse(ErrorCode::refused, "another such switch is not accounted for yet");
    if (by_bank() && path.control == Control::mute && unseen_for(longest_unseen, now)) {
        glance_ = now;
        return refuse(ErrorCode::refused,
                      "some strips were not seen for long: a hit could be missed; a moment");
    }
    if (by_bank() && held_unseen(path, to_float(move.move().target)))
        return refuse(ErrorCode::refused,
                      "a strip out of sight was last seen at this value: a hit could be missed");
    if (by_bank() && !names_differ())
        return refuse(
            ErrorCode::refused,
            "two strips show the same name: one that is hit could not be told from the other");
    return brackets_.begin(move, now, out);
}

void FakeDialect::request_proof(Token token, const ControlPath& path, TimePoint now,
                                DialectOutput& out) {
    look_around(now, out);
    asked_.push_back({token, path, nonce_, now});
}

void FakeDialect::write(const ControlPath& path, Address address, const ControlValue& value,
                        TimePoint, DialectOutput& out) {
    Setting s;
    s.control = path.control;
    s.parameter = path.parameter;
    s.value = to_float(value);
    const auto meant = witness(path);
    s.witness_strip = meant->strip.value;
    s.witness_part = meant->insert() ? meant->insert().value : meant->send().value;
    s.key = static_cast<int>(address >> 24);
    s.part = static_cast<int>(address >> 8 & 0xFF);
    if (ids_are_real()) s.part = static_cast<int>(s.witness_part); // there they are the host's own
    looked_at_ = TimePoint::min(); // a question of this instant was asked before the write
    out.to_send.push_back(to_message("/set", s));
}

void FakeDialect::answer(const Picture& picture, TimePoint now, DialectOutput& out) {
    std::vector<std::pair<Token, Proof>> ready;
    std::erase_if(asked_, [&](const Asked& asked) {
        if (asked.nonce > answered_) return false;
        auto proof = prove(asked.path, picture, now);
        if (proof) ready.emplace_back(asked.token, std::move(*proof));
        return proof.has_value();
    });
    for (const auto& [token, proof] : ready) brackets_.proof(token, proof, now, out);
}

/// Nothing while this picture cannot tell: told later, in another bank, or before a press settled.
std::optional<Proof> FakeDialect::prove(const ControlPath& path, const Picture& picture,
                                        TimePoint now) const {
    const Entry* entry = find(path.strip);
    if (!entry) return Proof{false, "the strip is gone, or cannot be told from others", 0, {}};
    const auto part = part_of(*entry, path);
    if (!part) return Proof{false, "it is gone, or cannot be told from others", 0, {}};
    if (!in_window(*entry) || entry->number > picture.number) return std::nullopt;
    if (by_bank() && (now < bank_settled_ || answered_ < pressed_nonce_)) return std::nullopt;
    const auto value = held(entry->told, path.control, *part, path.parameter);
    if (!value) return Proof{false, "it has no such control", 0, {}};
    const int key = ids_are_real() ? static_cast<int>(entry->told.id)
                                   : entry->position - (by_bank() ? first_ : 0);
    return Proof{true, {}, packed(key, path, *part), from_float(path.control, *value)};
}

std::vector<ControlPath> FakeDialect::bearers(const ControlPath& target, Address address,
                                              TimePoint since) const {
    if (ids_are_real()) return {};
    bool any = false, all = false;
    std::vector<StripId> strips;
    const auto key = static_cast<std::size_t>(address >> 24);
    for (const Rearranged& r : rearranged_) {
        if (r.noticed < since) continue;
        any = true;
        all = all || !r.once;
        for (const auto* list : {&r.before, &r.after}) {
            if (key >= list->size()) continue;
            strips.push_back((*list)[key]);
            all = all || !find(strips.back()); // whoever it was has another id now
        }
    }
    std::vector<ControlPath> found;
    if (!any) return found;
    for (const Entry& e : entries_) {
        if (!all && std::find(strips.begin(), strips.end(), e.id) == strips.end()) continue;
        each_control(e, by_bank(), [&](const ControlPath& path, int, bool) {
            if (path.control == target.control && path.parameter == target.parameter
                && path != target)
                found.push_back(path);
        });
    }
    return found;
}

std::optional<ControlValue> FakeDialect::born_with(const ControlPath& path, TimePoint since) const {
    const Entry* entry = find(path.strip);
    const auto part = entry ? part_of(*entry, path) : std::nullopt;
    if (!part) return std::nullopt;
    TimePoint made = entry->made;
    const auto at = static_cast<std::size_t>(*part);
    if (on_send(path.control)) made = entry->sends[at].made;
    if (on_insert(path.control)) made = entry->inserts[at].made;
    const auto value = held(entry->trusted, path.control, *part, path.parameter);
    if (made < since || !value || !entry->born_known) return std::nullopt;
    return from_float(path.control, *value);
}

// ---- banks ----------------------------------------------------------------------------------

/// The first strip of the bank that a question, a strip not found again yet, or one to be
/// seen once more, needs. Nothing while
/// the present one still has to answer a question.
std::optional<int> FakeDialect::wanted_bank(TimePoint now) const {
    const int last = std::max(0, total_ - bank_width);
    std::optional<int> wanted;
    for (const Asked& asked : asked_) {
        if (now - asked.at > 2 * link_.retry) continue; // nobody asks any more
        const Entry* entry = find(asked.path.strip);
        if (!entry || entry->position < 0) continue;
        if (in_window(*entry)) return first_;
        if (!wanted) wanted = std::clamp(entry->position - bank_width / 2, 0, last);
    }
    for (int position = 0; position < total_ && !wanted; ++position) {
        const Entry* entry = at(position);
        if (!entry || entry->told_at < glance_) wanted = std::clamp(position, 0, last);
    }
    return wanted;
}

/// Turns to the bank that is wanted, when no write can be under way to a cell of this one. A press of ours
/// may be: before anything is written again, `prove` waits until none can.
void FakeDialect::walk(TimePoint now, DialectOutput& out) {
    if (!by_bank() || !connected_ || in_doubt()) return;
    const auto to = wanted_bank(now);
    walking_ = to && *to != first_;
    const bool pressing = answered_ < pressed_nonce_ && now < next_press_;
    if (!walking_ || pressing || brackets_.exposed(now)) return;
    out.to_send.push_back(OscMessage{"/bank", {static_cast<std::int32_t>(*to - first_)}});
    next_press_ = now + press_pause;
    bank_settled_ = now + link_.longest_delay;
    looked_at_ = TimePoint::min();
    look_around(now, out);
    pressed_nonce_ = nonce_;
}

} // namespace prefade::test
