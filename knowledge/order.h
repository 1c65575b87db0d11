// An order, understood word by word: of which strips, what is to be done, by how much. A word that is not understood
// leaves a doubt, and an order in doubt moves nothing: it is asked back. Used by knowledge/answer_orders.cpp.
#pragma once

#include "knowledge/setting_order.h"

#include <optional>
#include <string>
#include <vector>

namespace prefade {

/// What is to be done to one or several strips, all of which are known.
struct Order {
    std::vector<const Strip*> strips;
    std::string control; ///< fader, mute, solo, pan
    std::string value;   ///< as `prefade set` takes it; empty: a level or a step of the fader
    std::optional<double> level;           ///< dB
    double step{0.0};                      ///< dB, without a level
    bool goes_up{false}, goes_down{false}; ///< as it was said
};

/// Orders that can be proposed, or a doubt.
struct ReadOrders {
    bool is_order{false}; ///< words that tell to do something to a strip
    std::vector<Order> orders;
    std::optional<SettingOrder> setting; ///< instead: of a plugin
    std::string doubt;                   ///< why nothing is proposed; empty: there is none
    std::string asks;                    ///< what would help
    bool is_known{true}; ///< false: what is spoken of is not here, or not to be moved
};

ReadOrders read_orders(const Composition& c);

} // namespace prefade
