// Every control of a strip as the fake dialect knows it, and where on it a path points. Inside of
// FakeDialect only; desk thread.
#pragma once

#include "tests/support/fake_protocol.h"

#include <optional>

namespace prefade::test {

inline bool on_send(Control c) { return c == Control::send || c == Control::send_enabled; }
inline bool on_insert(Control c) { return c == Control::parameter || c == Control::bypass; }

/// Calls f(path, part, fresh) for every control of `entry`.
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

} // namespace prefade::test
