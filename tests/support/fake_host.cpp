#include "tests/support/fake_host.h"

#include <algorithm>
#include <utility>

namespace prefade::test {

// ---- the hand -------------------------------------------------------------------------------

std::uint32_t FakeHost::add(FakeStrip strip, std::size_t position) {
    strip.id = ++last_id_;
    for (FakeSend& send : strip.sends) send.id = ++last_id_;
    for (FakeInsert& insert : strip.inserts) insert.id = ++last_id_;
    const auto at = std::min(position, strips_.size());
    const std::uint32_t id = strip.id;
    strips_.insert(strips_.begin() + static_cast<std::ptrdiff_t>(at), std::move(strip));
    restructured();
    return id;
}

void FakeHost::remove(std::uint32_t strip) {
    std::erase_if(strips_, [&](const FakeStrip& s) { return s.id == strip; });
    std::erase_if(changes_, [&](const auto& c) { return c.first.strip.value == strip; });
    restructured();
}

void FakeHost::rename(std::uint32_t strip, const std::string& name) {
    const bool taken = std::any_of(strips_.begin(), strips_.end(),
                                   [&](const FakeStrip& s) { return s.name == name; });
    FakeStrip* found = find(strip);
    if (taken || !found) return;
    for (FakeStrip& s : strips_)
        for (FakeSend& send : s.sends)
            if (send.destination == found->name) send.destination = name;
    found->name = name;
    restructured();
}

void FakeHost::move_strip(std::uint32_t strip, std::size_t position) {
    const int from = index_of(strip);
    if (from < 0) return;
    FakeStrip moved = std::move(strips_[static_cast<std::size_t>(from)]);
    strips_.erase(strips_.begin() + from);
    const auto at = std::min(position, strips_.size());
    strips_.insert(strips_.begin() + static_cast<std::ptrdiff_t>(at), std::move(moved));
    restructured();
}

void FakeHost::move_insert(std::uint32_t strip, std::size_t from, std::size_t to) {
    FakeStrip* s = find(strip);
    if (!s || from >= s->inserts.size() || to >= s->inserts.size() || from == to) return;
    FakeInsert moved = std::move(s->inserts[from]);
    s->inserts.erase(s->inserts.begin() + static_cast<std::ptrdiff_t>(from));
    s->inserts.insert(s->inserts.begin() + static_cast<std::ptrdiff_t>(to), std::move(moved));
    restructured();
}

void FakeHost::replace_insert(std::uint32_t strip, std::size_t slot, const std::string& plugin) {
    FakeStrip* s = find(strip);
    if (!s || slot >= s->inserts.size()) return;
    const InsertId gone{s->inserts[slot].id};
    std::erase_if(changes_, [&](const auto& c) { return c.first.insert() == gone; });
    FakeInsert fresh;
    fresh.id = ++last_id_;
    fresh.plugin = plugin;
    s->inserts[slot] = fresh;
    restructured();
}

void FakeHost::move_bank(int presses) {
    if (addressing_ != Addressing::by_bank) return;
    const int last = std::max(0, static_cast<int>(strips_.size()) - bank_width);
    const int to = std::clamp(first_ + presses, 0, last);
    if (to == first_) return;
    first_ = to;
    ++layout_;
    sent_.push_back({"/layout", {static_cast<std::int32_t>(++number_)}});
}

void FakeHost::set(const ControlPath& real, const ControlValue& value) {
    FakeStrip* strip = find(real.strip.value);
    if (!strip) return;
    change(*strip, real.control, slot_in(*strip, real), real.parameter, to_float(value), By::hand);
}

void FakeHost::touch(std::uint32_t strip, bool touched) {
    if (addressing_ != Addressing::by_id) return; // no index or bank protocol of ours tells touches
    sent_.push_back({"/touch",
                     {static_cast<std::int32_t>(++number_), static_cast<std::int32_t>(strip),
                      static_cast<std::int32_t>(touched ? 1 : 0)}});
}

void FakeHost::restructured() {
    ++revision_;
    ++layout_;
    first_ = std::clamp(first_, 0, std::max(0, static_cast<int>(strips_.size()) - bank_width));
    sent_.push_back({"/layout", {static_cast<std::int32_t>(++number_)}});
}

// ---- the wire -------------------------------------------------------------------------------

void FakeHost::receive(const OscMessage& message) {
    if (!answering) return;
    const auto first_integer = [&]() -> int {
        const auto* held = message.arguments.empty()
                               ? nullptr
                               : std::get_if<std::int32_t>(&message.arguments.front());
        return held ? *held : 0;
    };
    if (message.address == "/look")
        sent_.push_back(to_message(picture(first_integer())));
    else if (message.address == "/bank")
        move_bank(first_integer());
    else if (message.address == "/set")
        if (const auto setting = setting_from(message)) written(*setting);
}

void FakeHost::restart() {
    sent_.clear();
    number_ = 0;
    revision_ = layout_ = 1;
    first_ = 0;
    answering = true;
}

std::vector<OscMessage> FakeHost::take_sent() {
    auto taken = std::exchange(sent_, {});
    if (!answering) taken.clear();
    return taken;
}

Picture FakeHost::picture(int nonce) {
    Picture p{nonce, ++number_, revision_, layout_, 0, static_cast<int>(strips_.size()), {}};
    if (addressing_ != Addressing::by_bank) {
        p.strips = strips_;
        return p;
    }
    p.first = first_;
    for (int cell = 0; cell < bank_width && first_ + cell < p.total; ++cell) {
        const FakeStrip& s = strips_[static_cast<std::size_t>(first_ + cell)];
        p.strips.push_back({s.id, s.name.substr(0, short_name), s.fader, s.pan, s.mute, {}, {}});
    }
    return p;
}

void FakeHost::written(const Setting& setting) {
    FakeStrip* strip = nullptr;
    int slot = setting.part;
    if (addressing_ == Addressing::by_id) {
        strip = find(static_cast<std::uint32_t>(setting.key));
        if (!strip) return;
        ControlPath real{StripId{strip->id}, setting.control, {}, 0};
        if (setting.control == Control::send || setting.control == Control::send_enabled)
            real.on = SendId{static_cast<std::uint32_t>(setting.part)};
        else if (setting.control == Control::parameter || setting.control == Control::bypass)
            real.on = InsertId{static_cast<std::uint32_t>(setting.part)};
        slot = slot_in(*strip, real);
    } else {
        const int index = setting.key + (addressing_ == Addressing::by_bank ? first_ : 0);
        if (index < 0 || index >= static_cast<int>(strips_.size())) return;
        strip = &strips_[static_cast<std::size_t>(index)];
    }
    const ControlPath hit = real_path(*strip, setting.control, slot, setting.parameter);
    const std::uint32_t part = hit.insert() ? hit.insert().value : hit.send().value;
    const bool meant = hit.strip.value == setting.witness_strip && part == setting.witness_part;
    change(*strip, setting.control, slot, setting.parameter, setting.value,
           meant ? By::write : By::stray);
}

void FakeHost::change(FakeStrip& strip, Control control, int slot, int parameter, float value,
                      By by) {
    if (!slot_of(strip, control, slot, parameter) && !switch_of(strip, control, slot)) return;
    const ControlPath path = real_path(strip, control, slot, parameter);
    const auto before = this->value(path);
    if (on_set) on_set(path, by, *before, from_float(control, value));
    if (before == ControlValue{from_float(control, value)}) return;
    if (float* number = slot_of(strip, control, slot, parameter))
        *number = value;
    else if (bool* on = switch_of(strip, control, slot))
        *on = value != 0.0F;
    const auto known = changes_.find(path);
    const bool again = by == By::stray && known != changes_.end() && known->second.by == By::stray;
    if (!again) changes_.insert_or_assign(path, Change{by, *before});
    if (by == By::stray) ++strays_;
    push(strip, control, slot, parameter, value);
}

/// Feedback only on change, as Ardour; by bank only for what the window shows.
void FakeHost::push(const FakeStrip& strip, Control control, int slot, int parameter, float value) {
    Setting s{++number_, revision_, layout_, index_of(strip.id), control, slot, parameter,
              value,     0,         0};
    if (addressing_ == Addressing::by_id) {
        const ControlPath path = real_path(strip, control, slot, parameter);
        s.key = static_cast<int>(strip.id);
        s.part = static_cast<int>(path.insert() ? path.insert().value : path.send().value);
    } else if (addressing_ == Addressing::by_bank) {
        s.key -= first_;
        const bool shown = s.key >= 0 && s.key < bank_width;
        if (!shown
            || (control != Control::fader && control != Control::pan && control != Control::mute))
            return;
    }
    sent_.push_back(to_message("/value", s));
}

// ---- the books ------------------------------------------------------------------------------

const FakeStrip* FakeHost::find(std::uint32_t strip) const {
    const auto found = std::find_if(strips_.begin(), strips_.end(),
                                    [&](const FakeStrip& s) { return s.id == strip; });
    return found == strips_.end() ? nullptr : &*found;
}

FakeStrip* FakeHost::find(std::uint32_t strip) {
    return const_cast<FakeStrip*>(std::as_const(*this).find(strip));
}

int FakeHost::index_of(std::uint32_t strip) const {
    const FakeStrip* found = find(strip);
    return found ? static_cast<int>(found - strips_.data()) : -1;
}

int FakeHost::slot_in(const FakeStrip& strip, const ControlPath& real) {
    const auto at = [](const auto& parts, std::uint32_t id) {
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (parts[i].id == id) return static_cast<int>(i);
        return -1;
    };
    if (real.insert()) return at(strip.inserts, real.insert().value);
    if (real.send()) return at(strip.sends, real.send().value);
    return 0;
}

ControlPath FakeHost::real_path(const FakeStrip& strip, Control control, int slot,
                                int parameter) const {
    ControlPath path{StripId{strip.id}, control, {}, 0};
    const auto at = static_cast<std::size_t>(slot);
    if ((control == Control::send || control == Control::send_enabled) && at < strip.sends.size())
        path.on = SendId{strip.sends[at].id};
    if ((control == Control::parameter || control == Control::bypass) && at < strip.inserts.size())
        path.on = InsertId{strip.inserts[at].id};
    if (control == Control::parameter) path.parameter = static_cast<std::uint16_t>(parameter);
    return path;
}

std::optional<ControlValue> FakeHost::value(const ControlPath& real) const {
    const FakeStrip* strip = find(real.strip.value);
    const int slot = strip ? slot_in(*strip, real) : -1;
    if (slot < 0) return std::nullopt;
    if (const float* number = slot_of(*strip, real.control, slot, real.parameter))
        return from_float(real.control, *number);
    if (const bool* on = switch_of(*strip, real.control, slot)) return ControlValue{*on};
    return std::nullopt;
}

const FakeHost::Change* FakeHost::last_change(const ControlPath& real) const {
    const auto found = changes_.find(real);
    return found == changes_.end() ? nullptr : &found->second;
}

} // namespace prefade::test
