#include "connectors/ardour/engine.h"

#include <algorithm>
#include <utility>

namespace prefade::ardour {
namespace {

using namespace std::chrono_literals;

constexpr Duration search_pause = 1s;
constexpr Duration silence_limit = 2500ms; ///< Ardour's heartbeat comes every 1.0-1.1 s
constexpr Duration heartbeat_patience = 1500ms, doubt_pause = 500ms;
constexpr Duration forgotten_limit = 2900ms; ///< neither a heartbeat nor an answer about it
constexpr Duration list_pause = 5s;
constexpr Duration first_reading_pause = 20ms, reading_pause = 250ms;
constexpr int torn_tries = 10; ///< for a descriptor of which parts were lost
constexpr Duration missing_pause = 3s;
/// Ardour 7.3 can crash when it is set up anew just while it numbers or names strips (measured).
constexpr Duration settling_pause = 300ms;
constexpr int most_missed = 3;             ///< dumps asked for a strip that tells no fader
constexpr std::size_t hold_limit = 30'000; ///< messages; a dump of 200 strips has 5,800

// Bits of /set_surface, see Ardour's manual, "OSC feedback".
constexpr std::int32_t all_strip_types = 1023; ///< hidden ones too, so hiding shifts no number
constexpr std::int32_t buttons = 1, levels = 2, heartbeat = 8, transport_states = 16, meters = 128,
                       min_sec = 2048, slashed_reply = 16384;
constexpr std::int32_t feedback_wanted =
    buttons | levels | heartbeat | transport_states | meters | min_sec | slashed_reply;

} // namespace

Dialect::Engine::Engine(const HostProfile& profile, std::string address, LinkTraits link,
                        BracketTiming timing)
    : profile_(profile),
      address_(std::move(address)),
      brackets_(*this, link, timing),
      inquiry_(link.retry / 4) {}

Capabilities Dialect::Engine::capabilities() const {
    Capabilities can;
    for (const Capability each :
         {Capability::read_trim,       Capability::write_trim,      Capability::read_fader,
          Capability::write_fader,     Capability::read_pan,        Capability::write_pan,
          Capability::read_send,       Capability::write_send,      Capability::read_mute,
          Capability::write_mute,      Capability::read_solo,       Capability::write_solo,
          Capability::read_meter_peak, Capability::list_inserts,    Capability::read_parameter,
          Capability::write_parameter, Capability::write_bypass,    Capability::parameter_text,
          Capability::full_names,      Capability::sees_all_strips, Capability::reports_automation,
          Capability::transport,       Capability::markers})
        can.with(each);
    can.meter_interval = Milliseconds{100.0};
    can.fader_top = profile_.fader_top;
    can.trim_top = profile_.trim_top;
    can.fader_step = Decibel{0.001};
    return can;
}

// ---- life -----------------------------------------------------------------------------------

void Dialect::Engine::observe(Happening what, TimePoint now, DialectOutput& out) {
    out.observed.push_back({now, std::move(what)});
}

void Dialect::Engine::tell(const ControlPath& path, ControlValue value, TimePoint now,
                           DialectOutput& out) {
    observe(ControlChanged{path, value}, now, out);
    brackets_.observe(path, value, now, out);
}

void Dialect::Engine::complain(std::string what, TimePoint now, DialectOutput& out) {
    ++complaints_;
    if (now < next_complaint_) return;
    if (complaints_ > 1)
        what += " (and " + std::to_string(complaints_ - 1) + " more since the last notice)";
    observe(Noticed{"Ardour: " + std::move(what)}, now, out);
    next_complaint_ = now + 1s;
    complaints_ = 0;
}

void Dialect::Engine::set_surface(bool with_feedback, DialectOutput& out) {
    const std::int32_t feedback = with_feedback ? feedback_wanted : slashed_reply;
    out.to_send.emplace_back(OscMessage{"/set_surface",
                                        {std::int32_t{0}, all_strip_types, feedback,
                                         std::int32_t{0}, std::int32_t{0}, std::int32_t{0}}});
}

void Dialect::Engine::connect(TimePoint now, DialectOutput& out) {
    state_ = State::listing;
    asked_in_vain_ = false;
    heard_at_ = heartbeat_at_ = now;
    observe(HostFound{"ardour", {}, address_}, now, out);
    observe(CapabilitiesChanged{capabilities()}, now, out);
    set_surface(false, out);
    lines_.clear();
    want_list();
}

void Dialect::Engine::lose(std::string why, TimePoint now, DialectOutput& out) {
    state_ = State::searching;
    next_search_ = now;
    inquiry_.clear();
    unproved_.clear();
    proofs_ready_.clear();
    brackets_.host_lost(now, out);
    mixer_.doubt();
    list_wanted_ = false;
    lines_.clear();
    renames_.clear();
    held_.reset();
    next_dump_ = TimePoint::max();
    rolling_ = record_ready_ = recording_ = doubted_ = false;
    position_.clear();
    markers_.clear();
    meters_.clear();
    watched_.clear();
    read_at_.clear();
    observe(HostLost{std::move(why)}, now, out);
}

/// It talks but sends no heartbeat: lost on the way, or another process that knows no surface of ours?
/// The bare question is answered with the feedback that the asker has.
void Dialect::Engine::doubt_heartbeat(TimePoint now, DialectOutput& out) {
    if (now - heartbeat_at_ >= forgotten_limit)
        return lose("no heartbeat from Ardour, and no answer about it", now, out);
    if (now - heartbeat_at_ < heartbeat_patience || now < next_doubt_) return;
    next_doubt_ = now + doubt_pause;
    doubted_ = true;
    out.to_send.emplace_back(OscMessage{"/set_surface", {}});
}

void Dialect::Engine::hear_surface(const OscMessage& message, TimePoint now, DialectOutput& out) {
    constexpr std::size_t place = 2;
    const auto* feedback = message.arguments.size() > place
                               ? std::get_if<std::int32_t>(&message.arguments[place])
                               : nullptr;
    if (!feedback || !std::exchange(doubted_, false)) return;
    if (*feedback == feedback_wanted)
        heartbeat_at_ = now;
    else
        lose("Ardour was started anew and knows us no more", now, out);
}

void Dialect::Engine::farewell(DialectOutput& out) {
    // Ardour never forgets a client, and a dead one goes on costing its meters.
    if (state_ != State::searching)
        out.to_send.emplace_back(OscMessage{"/set_surface/feedback", {std::int32_t{0}}});
}

void Dialect::Engine::resync(TimePoint now, DialectOutput& out) {
    if (state_ != State::connected) return;
    brackets_.structure_changed(now, out);
    held_.reset();
    lines_.clear();
    want_list();
    crawl_ = 0;
    read_at_.clear();
    set_surface(true, out);
    carry_on(now, out);
}

Result<void> Dialect::Engine::transport(bool roll, TimePoint, DialectOutput& out) {
    if (state_ != State::connected)
        return Error{ErrorCode::unavailable, "Ardour is not connected", {}};
    out.to_send.emplace_back(OscMessage{roll ? "/transport_play" : "/transport_stop", {}});
    return {};
}

void Dialect::Engine::receive(const OscMessage& message, TimePoint now, DialectOutput& out) {
    if (state_ == State::searching) {
        // Only this answer proves an Ardour that listens; anything else may be an old process's last word.
        if (message.address == "/set_surface" && !message.arguments.empty()) connect(now, out);
    } else {
        heard_at_ = now;
        std::optional<Answer> done;
        if (!inquiry_.hear(message, done)) {
            if (state_ == State::connected && message.address == "/set_surface")
                hear_surface(message, now, out);
            else if (state_ == State::connected)
                hear_feedback(message, now, out);
        } else if (done) {
            answered(*done, now, out);
        }
    }
    carry_on(now, out);
}

TimePoint Dialect::Engine::tick(TimePoint now, DialectOutput& out) {
    if (state_ != State::searching && now - heard_at_ >= silence_limit)
        lose("no word from Ardour for 2.5 s", now, out);
    if (state_ == State::connected) doubt_heartbeat(now, out);
    if (state_ == State::searching) {
        if (now >= next_search_) {
            // In port mode Manual Ardour answers to port 8000 of this machine whoever asks; and 7.3 in mode
            // Auto does so for good when it was asked while it still read its session (measured).
            if (std::exchange(asked_in_vain_, true))
                out.to_send.emplace_back(OscMessage{"/set_surface/port", {std::int32_t{0}}});
            out.to_send.emplace_back(OscMessage{"/set_surface", {}});
            next_search_ = now + search_pause;
        }
        return std::min(next_search_, brackets_.tick(now, out));
    }
    if (auto given_up = inquiry_.expire(now, out)) answered(*given_up, now, out);
    const TimePoint bracket = brackets_.tick(now, out);
    if (state_ == State::connected) repeat_silence(now, out);
    carry_on(now, out);
    TimePoint next = std::min({bracket, inquiry_.due(), heard_at_ + silence_limit});
    if (state_ == State::connected) {
        next = std::min({next, std::max(heartbeat_at_ + heartbeat_patience, next_doubt_),
                         heartbeat_at_ + forgotten_limit, next_list_, next_silence_});
        if (!held_ && !list_wanted_) next = std::min(next, next_dump_);
        if (inquiry_.is_idle()) next = std::min(next, next_read_);
    }
    return std::max(next, now + 1ms);
}

void Dialect::Engine::carry_on(TimePoint now, DialectOutput& out) {
    if (state_ == State::searching) return;
    if (state_ == State::connected && now >= next_list_) want_list();
    if (state_ == State::connected && now >= next_dump_ && !held_ && !list_wanted_) {
        next_dump_ = TimePoint::max();
        set_surface(true, out);
    }
    if (list_wanted_ && !inquiry_.has(Question::About::listing)) {
        list_wanted_ = switches_told_ = false;
        next_list_ = now + list_pause;
        inquiry_.ask({Question::About::listing, 1, {OscMessage{"/strip", {}}}, {}, {}, {}, {}, 0});
    }
    if (state_ == State::connected && !held_ && inquiry_.is_idle() && now >= next_read_)
        if (auto question = next_to_read(now)) inquiry_.ask(std::move(*question));
    deliver_proofs(now, out);
    inquiry_.pump(now, out);
}

void Dialect::Engine::answered(const Answer& answer, TimePoint now, DialectOutput& out) {
    const Question& question = answer.question;
    if (question.about == Question::About::listing) {
        take_lines(answer, now, out);
        return;
    }
    if (question.about == Question::About::proof) {
        take_proof(answer, now, out);
        return;
    }
    KnownStrip* strip = mixer_.find(question.strip);
    const bool same = strip && answer.complete && is_about(answer, *strip);
    if (answer.complete && strip && !same) want_list();
    next_read_ = now + reading_pause;
    if (!same || held_) return;
    if (question.about == Question::About::parts) {
        take_parts(answer, *strip, now, out);
        take_polled(answer, *strip, now, out);
        if (crawl_ < mixer_.size()) next_read_ = now + first_reading_pause;
        return;
    }
    const auto insert = std::find_if(strip->inserts.begin(), strip->inserts.end(),
                                     [&](const KnownInsert& i) { return i.id == question.insert; });
    if (insert == strip->inserts.end()) return;
    const auto slot = static_cast<std::size_t>(insert - strip->inserts.begin());
    if (take_descriptor(answer, *strip, slot, now, out)) {
        // At most 64 values in 100 ms.
        next_read_ =
            now + first_reading_pause + 100ms * strip->inserts[slot].parameters.size() / 64;
    } else if (question.tries < torn_tries) {
        Question again = question;
        ++again.tries;
        inquiry_.ask(std::move(again));
    }
}

bool Dialect::Engine::is_about(const Answer& answer, const KnownStrip& strip) const {
    if (answer.name_before != strip.line.name || answer.name_after != strip.line.name) return false;
    bool typed = !mixer_.shares_name(strip);
    for (const OscMessage& message : answer.heard)
        if (const auto line = line_from(message)) {
            if (line->second.line != strip.line) return false;
            typed = true;
        }
    return typed;
}

// ---- the list -------------------------------------------------------------------------------

void Dialect::Engine::want_list() { list_wanted_ = true; }

/// A list is taken when its numbers have no gap and a whole further round told nothing new, or when it
/// is the known one: a lost last line would otherwise look like a strip that is gone.
void Dialect::Engine::take_lines(const Answer& answer, TimePoint now, DialectOutput& out) {
    if (list_wanted_ || !answer.complete) { // something happened meanwhile, or silence
        want_list();
        if (answer.complete) lines_.clear();
        return;
    }
    bool news = false;
    for (const OscMessage& message : answer.heard) {
        const auto line = line_from(message);
        if (!line) {
            complain("a line of the strip list makes no sense", now, out);
            continue;
        }
        const auto [entry, is_new] = lines_.try_emplace(line->first, line->second);
        news = news || is_new;
        if (is_new || entry->second.line == line->second.line) continue;
        lines_.clear(); // two states of the mixer: begin again with the later one
        lines_.insert(*line);
        news = true;
    }
    const bool whole =
        !lines_.empty() && lines_.rbegin()->first == static_cast<Ssid>(lines_.size());
    bool known = whole && lines_.size() == mixer_.size();
    for (const auto& [ssid, line] : lines_) known = known && mixer_.at(ssid)->line == line.line;
    if (!whole || (news && !known)) return want_list();
    const bool current = known && !held_ && state_ == State::connected && !switches_told_;
    take_list(now, out);
    if (current) take_switches(answer, now, out);
}

/// Their feedback may have been lost. Only of a list that says nothing else new, and with no feedback
/// since it was asked for: that would be newer.
void Dialect::Engine::take_switches(const Answer& answer, TimePoint now, DialectOutput& out) {
    for (const OscMessage& message : answer.heard) {
        const auto line = line_from(message);
        KnownStrip* strip = line ? mixer_.at(line->first) : nullptr;
        if (!strip || strip->line != line->second.line) continue;
        const ListedLine& listed = line->second;
        if (listed.mute >= 0) tell_polled(*strip, Control::mute, listed.mute != 0, now, out);
        if (listed.solo >= 0) tell_polled(*strip, Control::solo, listed.solo != 0, now, out);
        if (listed.armed >= 0) observe(ArmChanged{strip->id, listed.armed != 0}, now, out);
    }
}

void Dialect::Engine::take_list(TimePoint now, DialectOutput& out) {
    const auto listed = std::exchange(lines_, {});
    std::vector<StripLine> lines;
    lines.reserve(listed.size());
    for (const auto& [ssid, line] : listed) lines.push_back(line.line);
    take_update(mixer_.list(lines, std::exchange(renames_, {}), now), now, out);
    // A MIDI track has no audio inputs; its instrument feeds the outputs.
    for (const auto& [ssid, line] : listed)
        mixer_.at(ssid)->channels = line.inputs > 0 ? line.inputs : line.outputs;
    next_list_ = now + list_pause;
    if (state_ == State::listing) {
        state_ = State::connected;
        heartbeat_at_ = now;
        crawl_ = 0;
        next_missing_ = now + missing_pause; // time for the dump this asks for
        set_surface(true, out);
    }
    if (held_) release_hold(now, out);
    ask_missing(now, out);
}

void Dialect::Engine::take_update(Mixer::Update update, TimePoint now, DialectOutput& out) {
    for (Happening& what : update.happenings) observe(std::move(what), now, out);
    if (!update.structure_changed) return;
    crawl_ = 0;
    brackets_.structure_changed(now, out);
}

// ---- hold -----------------------------------------------------------------------------------

void Dialect::Engine::hold(const OscMessage& message, TimePoint now, DialectOutput& out) {
    if (!held_) {
        held_.emplace();
        noticed_ = false;
        newest_dump_ = 0;
        valid_from_ = 0;
        lines_.clear();
        want_list();
        brackets_.structure_changed(now, out);
    }
    // In a dump /strip/select of the same number comes just before the name; the first is number 1.
    if (message.address == "/strip/name" && selected_ == 1) newest_dump_ = held_->size();
    if (held_->size() < hold_limit)
        held_->push_back(message);
    else
        valid_from_.reset(); // too much to keep: dumped again on release
}

/// The numbers shifted, and a dump of everything that went before this notice has the new ones. Ardour
/// tells several, one behind the other, when a strip is removed.
void Dialect::Engine::hear_notice() {
    lines_.clear();
    want_list();
    if (!held_) return;
    const bool dumped =
        !std::exchange(noticed_, true) || (valid_from_ && newest_dump_ > *valid_from_);
    if (dumped && held_->size() < hold_limit)
        valid_from_ = newest_dump_;
    else
        valid_from_.reset();
}

void Dialect::Engine::release_hold(TimePoint now, DialectOutput& out) {
    const std::vector<OscMessage> messages = std::move(*held_);
    held_.reset();
    // What came before the last whole dump may belong to numbers between the two lists.
    bool clear = valid_from_.has_value();
    releasing_ = true;
    for (std::size_t i = valid_from_.value_or(0); clear && i < messages.size(); ++i) {
        hear_strip(messages[i], now, out);
        clear = releasing_; // a name that contradicts the new list ends it
    }
    releasing_ = false;
    if (!clear) next_dump_ = now + settling_pause;
}

void Dialect::Engine::ask_missing(TimePoint now, DialectOutput& out) {
    if (held_ || now < next_missing_) return;
    bool missing = false;
    for (Ssid ssid = 1; KnownStrip* strip = mixer_.at(ssid); ++ssid)
        if (!strip->heard && strip->dumps_missed < most_missed) {
            ++strip->dumps_missed;
            missing = true;
        }
    if (!missing) return;
    next_missing_ = now + missing_pause;
    set_surface(true, out);
}

void Dialect::Engine::repeat_silence(TimePoint now, DialectOutput& out) {
    if (now < next_silence_) return;
    next_silence_ = now + 1s;
    if (!rolling_ || held_) return;
    // Meters come only when they change: up to Ardour's last word a silent strip was silent.
    for (Ssid ssid = 1; const KnownStrip* strip = mixer_.at(ssid); ++ssid) {
        if (!strip->has_audio_meter()) continue;
        Silence& meter = meters_[strip->id];
        if (!meter.silent || now - meter.at < 1s) continue;
        meter.at = now;
        observe(metered(*strip, Decibel::silence(), heard_at_), now, out);
    }
}

} // namespace prefade::ardour
