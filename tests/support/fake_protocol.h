// The small protocol of the fake hosts, in three addressings. Every answer is a whole picture made at one
// instant; it repeats the question's number, and the host numbers what it says, so that over a link that
// loses, doubles and reorders one can tell old from new. Writes carry an address and a value, nothing
// that the host could check: no real host has more.
//
//   /look nonce                         -> /picture nonce number revision layout first total strips...
//   /set key control part parameter value  (key: id, index or cell; part: id or slot of insert or send)
//   /bank presses                       (by bank: the window moves, clamped at both ends)
//   pushes: /value number revision layout key control part parameter value, /layout number,
//           /touch number key touched (by id)
//
// `revision` rises with every change of strips, inserts and names, `layout` also when the bank moves. They
// stand for what an ordered link tells by the order of its messages.
//
// Witness: real identities travel along, for the test's books only. By index and bank a dialect must not
// decide by them.
#pragma once

#include "connectors/message.h"
#include "core/control.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

enum class Addressing { by_id, by_index, by_bank };
inline const char* name_of(Addressing a) {
    return a == Addressing::by_id ? "by id" : a == Addressing::by_index ? "by index" : "by bank";
}

inline constexpr int bank_width = 8;
inline constexpr std::size_t short_name = 7; ///< letters of a scribble strip's cell
inline constexpr std::size_t parameters_each = 3;
inline constexpr float default_parameter = 0.5F;

struct FakeInsert {
    std::uint32_t id{0};
    std::string plugin;
    bool bypassed{false};
    std::array<float, parameters_each> parameters{default_parameter, default_parameter,
                                                  default_parameter};
};

struct FakeSend {
    std::uint32_t id{0};
    std::string destination;
    float level{0.0F};
    bool enabled{true};
};

struct FakeStrip {
    std::uint32_t id{0};
    std::string name;
    float fader{0.0F}, pan{0.0F};
    bool mute{false};
    std::vector<FakeSend> sends;
    std::vector<FakeInsert> inserts;
};

struct Picture {
    int nonce{0}, number{0}, revision{0}, layout{0}, first{0}, total{0};
    std::vector<FakeStrip>
        strips; ///< all, or by bank the eight of the window, without sends and inserts
};

/// One control of a host: where, and what it holds. `part`: 0 for the strip's own controls.
struct Setting {
    int number{0}, revision{0}, layout{0}; ///< of pushes
    int key{0};
    Control control{Control::fader};
    int part{0}, parameter{0};
    float value{0.0F};
    std::uint32_t witness_strip{0}, witness_part{0}; ///< of writes: which control is meant
};

OscMessage to_message(const Picture& picture);
std::optional<Picture> picture_from(const OscMessage& message);
OscMessage to_message(const char* address, const Setting& setting);
std::optional<Setting> setting_from(const OscMessage& message);

float to_float(const ControlValue& value);
ControlValue from_float(Control control, float value);

/// Where a control of `strip` keeps its value; null where there is no such control. `part`: position.
template <class Strip>
auto slot_of(Strip& strip, Control control, int part, int parameter) -> decltype(&strip.fader) {
    const auto at = static_cast<std::size_t>(part), number = static_cast<std::size_t>(parameter);
    switch (control) {
    case Control::fader: return &strip.fader;
    case Control::pan: return &strip.pan;
    case Control::send: return at < strip.sends.size() ? &strip.sends[at].level : nullptr;
    case Control::parameter:
        return at < strip.inserts.size() && number < parameters_each
                   ? &strip.inserts[at].parameters[number]
                   : nullptr;
    default: return nullptr;
    }
}

/// The same for switches.
template <class Strip>
auto switch_of(Strip& strip, Control control, int part) -> decltype(&strip.mute) {
    const auto at = static_cast<std::size_t>(part);
    switch (control) {
    case Control::mute: return &strip.mute;
    case Control::send_enabled: return at < strip.sends.size() ? &strip.sends[at].enabled : nullptr;
    case Control::bypass: return at < strip.inserts.size() ? &strip.inserts[at].bypassed : nullptr;
    default: return nullptr;
    }
}

} // namespace prefade::test
