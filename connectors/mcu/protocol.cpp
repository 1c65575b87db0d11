#include "connectors/mcu/protocol.h"

#include "connectors/mcu/codec.h"
#include "connectors/mcu/handshake.h"

#include <utility>

namespace prefade::mcu {
namespace {

class MackieControl final : public Protocol {
public:
    explicit MackieControl(std::size_t units) {
        for (std::size_t unit = 0; unit < units; ++unit) handshakes_.emplace_back(unit);
    }

    std::string_view name() const override { return "Mackie Control"; }

    Result<Heard> read(const MidiMessage& message, TimePoint) override {
        auto told = from_host(message.bytes);
        if (!told) return told.error();
        Heard heard;
        if (const auto answer = handshakes_.at(message.port).answer(*told))
            heard.answers = said(message.port, *answer);
        heard.told.push_back(std::move(*told));
        return heard;
    }

    std::vector<MidiMessage> write(std::size_t unit, const FromSurface& message) override {
        return said(unit, message);
    }

    std::vector<MidiMessage> hello() const override {
        std::vector<MidiMessage> all;
        for (std::size_t unit = 0; unit < handshakes_.size(); ++unit)
            all.push_back(said(unit, handshakes_[unit].hello()).front());
        return all;
    }

private:
    static std::vector<MidiMessage> said(std::size_t unit, const FromSurface& message) {
        auto bytes = to_bytes(message);
        PREFADE_ASSERT(bytes, "a message that no surface can send");
        return {{std::move(*bytes), static_cast<std::uint8_t>(unit)}};
    }

    std::vector<Handshake> handshakes_; ///< one a unit
};

} // namespace

std::unique_ptr<Protocol> mackie_control(std::size_t units) {
    return std::make_unique<MackieControl>(units);
}

} // namespace prefade::mcu
