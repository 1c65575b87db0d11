// A simulated mixer with a hand on it, reached by the protocol of fake_protocol.h. It keeps the books
// that tell a right write from a wrong one: which control each write was meant for and which it hit.
#pragma once

#include "tests/support/fake_protocol.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

class FakeHost {
public:
    explicit FakeHost(Addressing addressing) : addressing_(addressing) {}

    // ---- the hand: paths are of real ids -----------------------------------------------------
    std::uint32_t add(FakeStrip strip,
                      std::size_t position); ///< mints the ids; the name must be free
    void remove(std::uint32_t strip);
    void rename(std::uint32_t strip, const std::string& name); ///< nothing when the name is taken
    void move_strip(std::uint32_t strip, std::size_t position);
    void move_insert(std::uint32_t strip, std::size_t from, std::size_t to);
    void replace_insert(std::uint32_t strip, std::size_t slot, const std::string& plugin);
    void move_bank(int presses);
    void set(const ControlPath& real, const ControlValue& value);
    void touch(std::uint32_t strip, bool touched);

    // ---- the wire ----------------------------------------------------------------------------
    void receive(const OscMessage& message);
    std::vector<OscMessage> take_sent();
    bool answering{true}; ///< false: the program is gone
    void restart();       ///< up again with the same session; it numbers its messages anew

    // ---- the books ---------------------------------------------------------------------------
    enum class By {
        hand,
        write, ///< of ours, meant for this control
        stray  ///< of ours, meant for another
    };
    struct Change {
        By by{By::hand};
        ControlValue before; ///< before the first of a row of strays
    };
    /// Told of every set that reached a control, before it is carried out, equal values too.
    std::function<void(const ControlPath& real, By by, const ControlValue& before,
                       const ControlValue& set)>
        on_set;
    const std::vector<FakeStrip>& strips() const { return strips_; }
    const FakeStrip* find(std::uint32_t strip) const;
    std::optional<ControlValue> value(const ControlPath& real) const;
    /// The last change of a control, if there was any.
    const Change* last_change(const ControlPath& real) const;
    const std::map<ControlPath, Change>& changes() const { return changes_; }
    void forget_changes() { changes_.clear(); }
    int strays() const { return strays_; }
    int first() const { return first_; }
    int layout() const { return layout_; }

private:
    void restructured();
    Picture picture(int nonce);
    void written(const Setting& setting);
    void change(FakeStrip& strip, Control control, int slot, int parameter, float value, By by);
    void push(const FakeStrip& strip, Control control, int slot, int parameter, float value);
    FakeStrip* find(std::uint32_t strip);
    int index_of(std::uint32_t strip) const;
    ControlPath real_path(const FakeStrip& strip, Control control, int slot, int parameter) const;
    static int slot_in(const FakeStrip& strip, const ControlPath& real);

    Addressing addressing_;
    std::vector<FakeStrip> strips_;
    std::vector<OscMessage> sent_;
    std::map<ControlPath, Change> changes_;
    std::uint32_t last_id_{0};
    int revision_{1}, layout_{1}, first_{0}, number_{0}, strays_{0};
};

} // namespace prefade::test
