// One Pro Tools by both doors: what a HUI sees of its mixer, and what its scripting interface tells of it.
#pragma once

#include "tests/support/hui_host.h"
#include "tests/support/ptsl_host.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace prefade::test {

/// A switch that one side changed is the other's too; names and order are one. A HUI shows no hidden tracks.
class JoinedHost {
public:
    struct Track {
        std::string name;
        bool hidden{false};
    };
    JoinedHost(const HuiHabits& hui_habits, ptsl::Version version, const PtslHabits& sdk_habits,
               const std::vector<Track>& tracks)
        : hui(hui_habits, 1, strips_for(tracks)),
          sdk(version, sdk_habits) {
        for (const Track& track : tracks) {
            const std::string id = "{" + std::to_string(sdk.session.tracks.size() + 1) + "}";
            sdk.session.tracks.push_back({id, track.name});
            if (track.hidden) sdk.session.tracks.back().hidden = "TAState_SetExplicitly";
        }
    }

    HuiHost hui;
    PtslHost sdk;
    bool has_hui{true}; ///< it runs, and is told of one
    bool cut{false};    ///< whatever it says is lost

    TimePoint next_deadline() const {
        return has_hui ? std::min({hui.next_deadline(), hui.next_arrival(), sdk.next_deadline()})
                       : sdk.next_deadline();
    }
    /// What has arrived by `now`.
    std::vector<WireMessage> tell(TimePoint now) {
        if (has_hui) hui.tick(now);
        std::vector<WireMessage> told;
        for (CallMessage& answer : sdk.tell(now)) told.emplace_back(std::move(answer));
        same_switches(now);
        for (MidiMessage& message : hui.tell(now))
            if (has_hui) told.emplace_back(std::move(message));
        if (cut) told.clear();
        return told;
    }
    void hear(const WireMessage& message, TimePoint now) {
        if (const auto* call = std::get_if<CallMessage>(&message))
            sdk.ask(*call);
        else if (has_hui)
            hui.hear(std::get<MidiMessage>(message), now);
        same_switches(now);
    }

    PtslTrack& track(const std::string& name) {
        return *std::find_if(sdk.session.tracks.begin(), sdk.session.tracks.end(),
                             [&](const PtslTrack& each) { return each.name == name; });
    }
    HuiStrip* strip(const std::string& name) {
        const auto at = std::find_if(hui.strips.begin(), hui.strips.end(),
                                     [&](const HuiStrip& each) { return each.name == name; });
        return at == hui.strips.end() ? nullptr : &*at;
    }
    void rename(const std::string& from, const std::string& to, TimePoint now) {
        track(from).name = to;
        if (HuiStrip* shown = strip(from)) shown->name = to;
        hui.changed(now);
    }
    void remove(const std::string& name, TimePoint now) {
        std::erase_if(sdk.session.tracks, [&](const auto& each) { return each.name == name; });
        std::erase_if(hui.strips, [&](const auto& each) { return each.name == name; });
        hui.changed(now);
    }
    void move_first(const std::string& name, TimePoint now) {
        const auto to_front = [&](auto& all) {
            const auto at = std::find_if(all.begin(), all.end(),
                                         [&](const auto& each) { return each.name == name; });
            std::rotate(all.begin(), at, at + 1);
        };
        to_front(sdk.session.tracks);
        to_front(hui.strips);
        hui.changed(now);
    }
    /// The one that was changed last, on either side, is both's.
    void same_switches(TimePoint now) {
        bool turned = false;
        for (PtslTrack& one : sdk.session.tracks) {
            HuiStrip* other = strip(one.name);
            if (!other) continue;
            auto& known = switches_[one.id];
            const auto join = [&](bool& mine, bool& theirs, bool& last) {
                if (mine == theirs) {
                    last = mine;
                    return;
                }
                turned = true;
                (mine == last ? mine : theirs) = !last;
                last = mine;
            };
            join(one.muted, other->mute, known.first);
            join(one.soloed, other->solo, known.second);
        }
        if (turned) hui.changed(now);
    }

private:
    static std::vector<HuiStrip> strips_for(const std::vector<Track>& tracks) {
        std::vector<HuiStrip> strips;
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (tracks[i].hidden) continue;
            HuiStrip strip;
            strip.name = tracks[i].name;
            strip.fader = static_cast<std::uint16_t>(6000 + 137 * i);
            strips.push_back(strip);
        }
        return strips;
    }
    std::map<std::string, std::pair<bool, bool>>
        switches_; ///< by id: mute and solo, as both had them
};

} // namespace prefade::test
