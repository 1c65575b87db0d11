#include "tests/support/fake_dialect.h"

#include "tests/support/fake_controls.h"

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
constexpr Duration memory = 60s;       // of rearrangements: beyond any survey

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
    for (const Capability c :
         {Capability::read_fader, Capability::write_fader, Capability::read_pan,
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

/// Something moved after the last picture: until there is a newer one no index says what it was.
void FakeDialect::doubt(int number, TimePoint now, DialectOutput& out) {
    if (number <= std::max(number_, doubt_)) return;
    heard_at_ = now;
    const bool told = in_doubt();
    doubt_ = number;
    if (!told) brackets_.structure_changed(now, out);
    look_around(now, out);
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

void FakeDialect::look_around(TimePoint now, DialectOutput& out) {
    if (looked_at_ == now) return; // the question of this instant asks it too
    looked_at_ = now;
    out.to_send.push_back(OscMessage{"/look", {static_cast<std::int32_t>(++nonce_)}});
}

void FakeDialect::resync(TimePoint now, DialectOutput& out) {
    glance_ = now;
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
    const TimePoint due =
        looked_at_ == TimePoint::min() ? now : looked_at_ + (brisk ? brisk_look : calm_look);
    if (now >= due) look_around(now, out);
    return std::min(next, std::max(due, looked_at_ + brisk_look));
}

} // namespace prefade::test
