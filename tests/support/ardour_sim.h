// An Ardour 7.3 that speaks exactly the OSC measured from the real one (tests/transcripts/ardour_*.jsonl,
// tests/e2e/ardour): one thread that answers in order, numbers that shift with the list, feedback only
// on change, no word about errors. Messages in, messages out, time given; no socket, no clock.
#pragma once

#include "connectors/message.h"
#include "core/units.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prefade::test {

struct SimParameter {
    std::string label;
    std::int32_t flags{128};
    float low{0}, high{1}, value{0};
    std::string format;
    std::vector<std::pair<float, std::string>> points;
};
struct SimPlugin {
    std::string name;
    std::vector<SimParameter> parameters;
    bool active{true};
};
struct SimSend {
    std::string to;
    float gain{1}; ///< linear
    bool enabled{true};
};
struct SimStrip {
    std::string type{"AT"}, name;
    float gain{1}, trim{1}; ///< linear
    float pan{0.5F};        ///< 0 = hard right, 1 = hard left
    bool mute{false}, solo{false}, record{false}, hidden{false};
    std::int32_t gain_mode{0}; ///< of fader automation: 1 = play
    float meter{-193};
    std::int32_t inputs{1}, outputs{2}; ///< channels
    std::vector<SimPlugin> plugins;
    std::vector<SimSend> sends;
};

float gain_of(double db);
double db_of(float gain);

class ArdourSim {
public:
    ArdourSim() = default;

    // ---- what the session holds; silent changes (plugins, sends) may be made directly
    SimStrip& add(SimStrip strip, std::optional<std::size_t> position = {});
    SimStrip& strip(const std::string& name);
    bool has(const std::string& name) const;
    std::size_t size() const { return strips_.size(); }
    std::string session_name{"mix"};
    std::string marker{"-> start"};

    // ---- what a person at the screen does
    void remove(const std::string& name);
    void rename(const std::string& name, const std::string& to);
    void move(const std::string& name, std::size_t position);
    void hide(const std::string& name, bool hidden);
    void set_gain(const std::string& name, double db);
    void set_mute(const std::string& name, bool mute);
    void set_pan(const std::string& name, float pan);
    void set_meter(const std::string& name, float db);
    void set_mode(const std::string& name, std::int32_t mode);
    void roll(bool rolling);
    void locate(double seconds, const std::string& marker_text);

    // ---- the process
    void kill();    ///< nothing more is said or heard
    void restart(); ///< up again, knowing no client

    // ---- the link
    void receive(const OscMessage& message, TimePoint now);
    /// Heartbeat, meters, the list's delayed renumbering.
    void tick(TimePoint now);
    std::vector<OscMessage> take_sent() { return std::exchange(sent_, {}); }
    bool answers_elsewhere{
        false}; ///< all it says goes to port 8000 until a client asks for its own

    std::function<bool()> loses = [] { return false; };       ///< asked for each message, both ways
    Duration meter_interval = std::chrono::milliseconds(100); ///< Ardour's own; shorter to load us
    Duration renumbering_delay = std::chrono::milliseconds(100);
    Duration switch_delay =
        std::chrono::milliseconds(20); ///< mute and solo wait for the next period
    std::vector<OscMessage> heard;     ///< sets only: what would have changed something
    std::uint64_t dumps{0};

private:
    using Shared = std::shared_ptr<SimStrip>;
    Shared find(const std::string& name) const;
    std::int32_t ssid_of(const SimStrip& strip) const;
    SimStrip* numbered(std::int32_t ssid) const;
    void say(std::string address, std::vector<OscArgument> arguments);
    void tell(const SimStrip& strip, const char* address, OscArgument value);
    void list_changed();
    void renumber();
    void set_surface(const std::vector<OscArgument>& arguments);
    void dump();
    void dump_strip(std::int32_t ssid, const SimStrip& strip);
    void dump_global();
    void list_line(std::int32_t ssid, const SimStrip& strip);
    void legacy_list();
    bool query(const OscMessage& message);
    bool set(const OscMessage& message);
    void list_plugins(std::int32_t ssid);
    void list_sends(std::int32_t ssid);
    void describe(std::int32_t ssid, std::int32_t plugin);
    void tell_transport();
    void set_gain(SimStrip& strip, float gain);

    std::vector<Shared> strips_;   ///< the session's, in mixer order
    std::vector<Shared> numbered_; ///< this client's: the ssid is the position + 1
    std::optional<TimePoint> dirty_;
    std::vector<std::pair<TimePoint, std::function<void()>>> later_;
    TimePoint now_{}, next_heartbeat_{}, next_meters_{};
    bool removed_{false};
    bool up_{true}, known_{false}, rolling_{false}, heartbeat_{false};
    std::int32_t types_{31}, feedback_{0};
    double playhead_{0};
    std::vector<OscMessage> sent_;
    std::vector<std::pair<const SimStrip*, float>> told_meters_;
};

} // namespace prefade::test
