#include "tests/support/fake_dialect.h"

#include <algorithm>
#include <utility>

namespace prefade::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration silence = 2500ms;   // then the host is lost
constexpr Duration calm_look = 500ms;  // between looks while nothing is wanted
constexpr Duration brisk_look = 100ms; // while something is, or the host has been silent
constexpr Duration touch_span = 3s;    // a release may be lost: a touch ends by itself
constexpr Duration refreshed = 1s;     // by bank the age of a value matters
// By bank a switch found otherwise than it was last seen may have been hit, or set while out of sight.
constexpr Duration longest_unseen = 10s;
constexpr Duration memory = 60s;       // of rearrangements: beyond any survey
constexpr Duration press_pause = 400ms;

bool on_send(Control c) { return c == Control::send || c == Control::send_enabled; }
bool on_insert(Control c) { return c == Control::parameter || c == Control::bypass; }

/// index or cell | control | slot | parameter: no two controls share one at the same time.
Address packed(int key, const ControlPath& path, int part) {
    return static_cast<Address>(key) << 24 | static_cast<Address>(path.control) << 16
           | static_cast<Address>(part) << 8 | path.parameter;
}

/// Calls f(path, part) for every control of `entry`.
template <class Entry, class F> void each_control(const Entry& entry, bool by_bank, F f) {
    for (const Control control : {Control::fader, Control::pan, Control::mute})
        f(ControlPath{entry.id, control, {}, 0}, 0, entry.fresh);
    if (by_bank) return;
    for (std::size_t i = 0; i < entry.sends.size(); ++i)
        for (const Control control : {Control::send, Control::send_enabled})
            f(ControlPath{entry.id, control, SendId{entry.sends[i].id}, 0}, static_cast<int>(i),
              entry.sends[i].fresh);
    for (std::size_t i = 0; i < entry.inserts.size(); ++i) {
        const InsertId insert{entry.inserts[i].id};
        f(ControlPath{entry.id, Control::bypass, insert, 0}, static_cast<int>(i),
          entry.inserts[i].fresh);
        for (std::uint16_t p = 0; p < parameters_each; ++p)
            f(ControlPath{entry.id, Control::parameter, insert, p}, static_cast<int>(i),
              entry.inserts[i].fresh);
    }
}

template <class Entry> std::optional<int> part_of(const Entry& entry, const ControlPath& path) {
    const auto& parts = on_send(path.control) ? entry.sends : entry.inserts;
    const std::uint32_t id = on_send(path.control) ? path.send().value : path.insert().value;
    if (!on_send(path.control) && !on_insert(path.control)) return 0;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].id == id) return static_cast<int>(i);
    return std::nullopt;
}

} // namespace

std::optional<float> held(const FakeStrip& strip, Control control, int part, int parameter) {
    if (const float* number = slot_of(strip, control, part, parameter)) return *number;
    if (const bool* on = switch_of(strip, control, part)) return *on ? 1.0F : 0.0F;
    return std::nullopt;
}

void hold(FakeStrip& strip, Control control, int part, int parameter, float value) {
    if (float* number = slot_of(strip, control, part, parameter))
        *number = value;
    else if (bool* on = switch_of(strip, control, part))
        *on = value != 0.0F;
}

float born(Control control) {
    if (control == Control::parameter) return default_parameter;
    return control == Control::send_enabled ? 1.0F : 0.0F;
}

FakeDialect::FakeDialect(Addressing addressing, const LinkTraits& link, const BracketTiming& timing)
    : addressing_(addressing),
      link_(link),
      brackets_(*this, link, timing) {}

Capabilities FakeDialect::capabilities() const {
    Capabilities can;
    can.fader_top = Decibel{6.0};
    for (const Capability c : {Capability::read_fader, Capability::write_fader, Capability::read_pan,
                               Capability::write_pan, Capability::read_mute, Capability::write_mute})
        can.with(c);
    if (by_bank()) {
        can.bank_width = bank_width;
        return can;
    }
    for (const Capability c :
         {Capability::read_send, Capability::write_send, Capability::list_inserts,
          Capability::read_parameter, Capability::write_parameter, Capability::write_bypass,
          Capability::full_names, Capability::sees_all_strips})
        can.with(c);
    if (ids_are_real()) can.with(Capability::stable_ids).with(Capability::reports_touch);
    return can;
}

const FakeDialect::Entry* FakeDialect::find(StripId id) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

FakeDialect::Entry* FakeDialect::find(StripId id) {
    return const_cast<Entry*>(std::as_const(*this).find(id));
}

const FakeDialect::Entry* FakeDialect::at(int position) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& e) { return e.position == position; });
    return found == entries_.end() ? nullptr : &*found;
}

bool FakeDialect::in_window(const Entry& entry) const {
    if (entry.position < 0) return false;
    return !by_bank() || (entry.position >= first_ && entry.position < first_ + bank_width);
}

std::optional<ControlPath> FakeDialect::witness(const ControlPath& path) const {
    const auto strip = strip_witness_.find(path.strip);
    if (strip == strip_witness_.end()) return std::nullopt;
    ControlPath real{StripId{strip->second}, path.control, {}, path.parameter};
    const std::uint32_t part = path.insert() ? path.insert().value : path.send().value;
    if (part == 0) return real;
    const auto known = part_witness_.find(part);
    if (known == part_witness_.end()) return std::nullopt;
    if (path.insert())
        real.on = InsertId{known->second};
    else
        real.on = SendId{known->second};
    return real;
}

// ---- what the host says ---------------------------------------------------------------------

void FakeDialect::receive(const WireMessage& message, TimePoint now, DialectOutput& out) {
    const auto* osc = std::get_if<OscMessage>(&message);
    if (!osc) return;
    if (osc->address == "/picture") {
        if (const auto picture = picture_from(*osc)) take(*picture, now, out);
    } else if (!connected_) {
        return;
    } else if (osc->address == "/value") {
        if (const auto setting = setting_from(*osc)) take(*setting, now, out);
    } else if (osc->address == "/touch") {
        take_touch(*osc, now, out);
    } else if (osc->address == "/layout" && osc->arguments.size() == 1) {
        if (const auto* number = std::get_if<std::int32_t>(&osc->arguments[0]))
            doubt(*number, now, out);
    }
}

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

/// Something moved after the last picture: until there is a newer one no index says what it was.
void FakeDialect::doubt(int number, TimePoint now, DialectOutput& out) {
    if (number <= std::max(number_, doubt_)) return;
    heard_at_ = now;
    const bool told = in_doubt();
    doubt_ = number;
    if (!told) brackets_.structure_changed(now, out);
    look(now, out);
}

void FakeDialect::take(const Picture& picture, TimePoint now, DialectOutput& out) {
    if (picture.nonce <= lost_nonce_ || (connected_ && picture.number <= number_)) return;
    const bool found = !connected_;
    if (found) {
        connected_ = true;
        layout_ = revision_ = -1;
        for (Entry& e : entries_) e.fresh = true;
        out.observed.push_back({now, HostFound{"fake", "1", {}}});
        out.observed.push_back({now, SessionNamed{name_of(addressing_)}});
    }
    heard_at_ = now;
    const bool surprise = picture.layout != layout_ && !found && !in_doubt();
    const bool revised = picture.revision != revision_;
    number_ = picture.number;
    answered_ = std::max(answered_, picture.nonce);
    const bool listed = place(picture, now);
    if (listed || revised) list(revised, now, out);
    if (surprise) brackets_.structure_changed(now, out);
    for (std::size_t i = 0; i < window_.size(); ++i) {
        Entry& entry = *find(window_[i]);
        if (entry.number <= picture.number)
            update(entry, picture.strips[i], picture.number, now, out);
    }
    if (!in_doubt()) answer(picture, now, out);
    walk(now, out);
}

void FakeDialect::update(Entry& entry, const FakeStrip& said, int number, TimePoint now,
                         DialectOutput& out) {
    const bool again = by_bank() && now - entry.told_at > refreshed;
    struct Change {
        ControlPath path;
        int part;
        float value;
    };
    std::vector<Change> changes; // told after all are stored: the brackets may ask in between
    each_control(entry, by_bank(), [&](const ControlPath& path, int part, bool fresh) {
        const auto is = held(said, path.control, part, path.parameter);
        if (!is) return;
        if (!fresh && !again && is == held(entry.told, path.control, part, path.parameter)) return;
        changes.push_back({path, part, *is});
    });
    entry.number = number;
    entry.told_at = again || entry.fresh ? now : entry.told_at;
    entry.told.id = said.id;
    entry.fresh = false;
    for (Part& part : entry.sends) part.fresh = false;
    for (Part& part : entry.inserts) part.fresh = false;
    for (const Change& c : changes) learn(entry, c.path, c.part, c.value, now, out);
    trust(entry);
}

void FakeDialect::learn(Entry& entry, const ControlPath& path, int part, float value, TimePoint now,
                        DialectOutput& out) {
    hold(entry.told, path.control, part, path.parameter, value);
    const ControlValue told = from_float(path.control, value);
    out.observed.push_back({now, ControlChanged{path, told}});
    brackets_.observe(path, told, now, out);
}

/// What no stray of ours can explain (any more) is what a strip like this one is known by.
void FakeDialect::trust(Entry& entry) {
    each_control(entry, by_bank(), [&](const ControlPath& path, int part, bool fresh) {
        const auto is = held(entry.told, path.control, part, path.parameter);
        if (fresh || !is || is == held(entry.trusted, path.control, part, path.parameter)) return;
        if (brackets_.may_be_stray(path, from_float(path.control, *is))) return;
        hold(entry.trusted, path.control, part, path.parameter, *is);
    });
}

/// The strip a push is about; null where its address says nothing any more, or not yet.
FakeDialect::Entry* FakeDialect::pushed_to(const Setting& s) {
    if (ids_are_real()) {
        const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
            return static_cast<int>(e.told.id) == s.key;
        });
        return found == entries_.end() ? nullptr : &*found;
    }
    if (s.layout != layout_ || s.key < 0 || s.key >= static_cast<int>(window_.size()))
        return nullptr;
    return find(window_[static_cast<std::size_t>(s.key)]);
}

void FakeDialect::take(const Setting& s, TimePoint now, DialectOutput& out) {
    if (s.layout > layout_ && s.number > number_) doubt(s.number, now, out);
    Entry* entry = pushed_to(s);
    if (!entry || entry->fresh || s.number <= entry->number) return;
    int part = s.part;
    if (ids_are_real() && s.part != 0) {
        const auto& parts = on_send(s.control) ? entry->sends : entry->inserts;
        const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& p) {
            return static_cast<int>(part_witness_.at(p.id)) == s.part;
        });
        if (found == parts.end()) return;
        part = static_cast<int>(found - parts.begin());
    }
    if (!held(entry->told, s.control, part, s.parameter)) return;
    ControlPath path{entry->id, s.control, {}, static_cast<std::uint16_t>(s.parameter)};
    if (on_send(s.control)) path.on = SendId{entry->sends[static_cast<std::size_t>(part)].id};
    if (on_insert(s.control)) path.on = InsertId{entry->inserts[static_cast<std::size_t>(part)].id};
    heard_at_ = now;
    entry->number = s.number;
    learn(*entry, path, part, s.value, now, out);
}

void FakeDialect::take_touch(const OscMessage& message, TimePoint now, DialectOutput& out) {
    std::vector<int> told;
    for (const OscArgument& argument : message.arguments)
        if (const auto* number = std::get_if<std::int32_t>(&argument)) told.push_back(*number);
    if (told.size() != 3) return;
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
        return static_cast<int>(e.told.id) == told[1];
    });
    if (found == entries_.end()) return;
    auto& [number, until] = touches_[found->id];
    if (told[0] <= number) return;
    number = told[0];
    until = told[2] != 0 ? now + touch_span : TimePoint{};
    out.observed.push_back({now, Touched{found->id, told[2] != 0}});
    if (told[2] != 0) brackets_.touched(found->id, now, out);
}

void FakeDialect::release_touches(TimePoint now, DialectOutput& out) {
    for (auto& [strip, touch] : touches_) {
        if (touch.second == TimePoint{} || now < touch.second) continue;
        touch.second = TimePoint{};
        out.observed.push_back({now, Touched{strip, false}});
    }
}

// ---- time -----------------------------------------------------------------------------------

void FakeDialect::look(TimePoint now, DialectOutput& out) {
    if (looked_at_ == now) return; // the question of this instant asks it too
    looked_at_ = now;
    out.to_send.push_back(OscMessage{"/look", {static_cast<std::int32_t>(++nonce_)}});
}

void FakeDialect::resync(TimePoint now, DialectOutput& out) {
    if (connected_ && !in_doubt()) doubt(number_ + 1, now, out);
}

void FakeDialect::lose(TimePoint now, DialectOutput& out) {
    connected_ = false;
    lost_nonce_ = nonce_;
    number_ = doubt_ = 0;
    asked_.clear();
    touches_.clear();
    for (Entry& e : entries_) e.number = 0;
    out.observed.push_back({now, HostLost{"the host has been silent for 2.5 s"}});
    brackets_.host_lost(now, out);
}

TimePoint FakeDialect::tick(TimePoint now, DialectOutput& out) {
    if (connected_ && now - heard_at_ >= silence) lose(now, out);
    std::erase_if(rearranged_, [&](const Rearranged& r) { return now - r.noticed > memory; });
    std::erase_if(asked_, [&](const Asked& a) { // asked again meanwhile, if it still matters
        return now - a.at > 2 * link_.longest_delay + 2 * link_.retry;
    });
    release_touches(now, out);
    const TimePoint next = brackets_.tick(now, out);
    walk(now, out);
    const bool brisk = !connected_ || in_doubt() || walking_ || now - heard_at_ >= calm_look;
    const TimePoint due = looked_at_ == TimePoint::min() ? now
                                                         : looked_at_ + (brisk ? brisk_look : calm_look);
    if (now >= due) look(now, out);
    return std::min(next, std::max(due, looked_at_ + brisk_look));
}

// ---- what the brackets ask ------------------------------------------------------------------

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
        && (brackets_.in_question(path.control, true) || brackets_.in_question(path.control, false)))
        return refuse(ErrorCode::refused, "another such switch is not accounted for yet");
    if (by_bank() && path.control == Control::mute && unseen_for(longest_unseen, now))
        return refuse(ErrorCode::refused, "some strips were not seen for long: a hit could be missed");
    if (by_bank() && held_unseen(path, to_float(move.move().target)))
        return refuse(ErrorCode::refused,
                      "a strip out of sight was last seen at this value: a hit could be missed");
    if (by_bank() && !names_differ())
        return refuse(ErrorCode::refused,
                      "two strips show the same name: one that is hit could not be told from the other");
    return brackets_.begin(move, now, out);
}

void FakeDialect::request_proof(Token token, const ControlPath& path, TimePoint now,
                                DialectOutput& out) {
    look(now, out);
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

/// The first strip of the bank that a question, or a strip not found again yet, needs. Nothing while
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
    for (int position = 0; position < total_ && !wanted; ++position)
        if (!at(position)) wanted = std::clamp(position, 0, last);
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
    look(now, out);
    pressed_nonce_ = nonce_;
}

} // namespace prefade::test
