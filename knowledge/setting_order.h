// An order on a plugin of a strip, "set the compressor on Vox to a ratio of 4", as a parameter of the host and its value
// there. The right insert, the right control and a value that the catalog converts for certain, or a doubt. Used by
// knowledge/order.cpp.
#pragma once

#include "knowledge/order_words.h"

#include <optional>
#include <string>

namespace prefade {

struct SettingOrder {
    GivenMove move;      ///< when there is no doubt
    std::string says;    ///< `ratio of "ACE Compressor" on "Vox" from 2:1 to 4:1`
    std::string doubt;   ///< why nothing is proposed; empty: there is none
    std::string asks;    ///< what would help
    bool is_known{true}; ///< false: what is spoken of is not here
    const Plugin* plugin{nullptr};
    const PluginControl* control{nullptr};
    std::optional<GivenLook> look; ///< what is to be read before it can be proposed
};

/// A parameter to a position, as a move. Nothing where it goes in whole steps and that is none.
std::optional<GivenMove> parameter_move(const Strip& strip, const Insert& insert,
                                        const Parameter& parameter, Normalized position,
                                        std::string before);

/// Nothing: the words are no order on a plugin.
std::optional<SettingOrder> read_setting(const Composition& c, OrderWords words);

} // namespace prefade
