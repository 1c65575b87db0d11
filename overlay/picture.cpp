#include "overlay/picture.h"

#include "core/values.h"
#include "core/wording.h"
#include "overlay/visual_text.h"

#include <algorithm>
#include <limits>
#include <map>

namespace prefade::overlay {
namespace {

constexpr double silence = -std::numeric_limits<double>::infinity();

/// A member as it is drawn.
std::string shown(const Json& object, std::string_view name) {
    return visual(text_of(object, name));
}

std::string with_arrows(std::string text) {
    for (std::size_t at = 0; (at = text.find(" -> ", at)) != std::string::npos;)
        text.replace(at, 4, " \u2192 ");
    return text;
}

std::string capitals(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::uint64_t id_of(const Json& object, std::string_view name = "id") {
    const double id = number_of(object, name, 0.0);
    return id >= 1.0 && id < 1e15 ? static_cast<std::uint64_t>(id) : 0;
}

TimePoint before(TimePoint came, const Json& age_ms) {
    return age_ms.is_number() ? came - Milliseconds{age_ms.get<double>()}.span() : TimePoint{};
}

double level_of(const Json& level) { return level.is_number() ? level.get<double>() : silence; }

Severity severity_of(const Json& object) {
    return value_in(severity_names, text_of(object, "severity")).value_or(Severity::hint);
}

// ---- strips ---------------------------------------------------------------------------------

MeterView meter_of(const Json& strip, TimePoint came) {
    const Json& reading = level_meter(strip);
    MeterView view;
    if (reading.is_null()) return view;
    view.there = true;
    view.level = level_of(member(reading, "value"));
    if (const Json& hold = member(reading, "maximum_10s"); !hold.is_null())
        view.hold = level_of(hold);
    view.resolution = std::max(0.0, number_of(reading, "resolution_db", 0.0));
    view.at.point = before(came, member(reading, "age_ms"));
    return view;
}

std::string states_of(const Json& strip) {
    std::string text;
    const std::pair<const char*, const char*> words[] = {
        {"touched", "your hand"}, {"solo", "solo"}, {"mute", "muted"}, {"arm", "armed"}};
    for (const auto& [name, word] : words)
        if (flag_of(strip, name)) text += (text.empty() ? "" : ", ") + std::string(word);
    const std::string automation = text_of(strip, "automation");
    if (!automation.empty() && automation != "off")
        text += (text.empty() ? "" : ", ") + ("automation " + automation);
    return text;
}

StripRow strip_of(const Json& strip, TimePoint came) {
    StripRow row;
    row.id = static_cast<std::uint32_t>(id_of(strip));
    row.name = shown(strip, "name");
    row.role = shown(strip, "role");
    row.kind = text_of(strip, "kind");
    if (const Json& fader = member(strip, "fader_db"); !fader.is_null())
        row.fader = level_of(fader);
    row.states = states_of(strip);
    row.search = lower_case(text_of(strip, "name") + '\n' + text_of(strip, "role"));
    row.muted = flag_of(strip, "mute");
    row.meter = meter_of(strip, came);
    return row;
}

// ---- advice ---------------------------------------------------------------------------------

AdviceCard card_of(const Json& advice, TimePoint came) {
    AdviceCard card;
    card.id = id_of(advice);
    card.severity = severity_of(advice);
    card.word = severity_text(advice);
    card.strips = visual(joined(list_of(advice, "strips")));
    if (card.strips.empty()) card.strips = "The session";
    card.says = shown(advice, "says");
    card.rule = text_of(advice, "rule");
    card.source = text_of(advice, "source");
    for (const Json& one : list_of(advice, "evidence")) {
        const std::string strip = text_of(one, "strip_name");
        card.evidence.push_back({visual((strip.empty() ? "" : strip + ": ") + evidence_text(one)),
                                 {before(came, member(one, "age_ms"))}});
    }
    for (const Json& move : list_of(advice, "suggests"))
        card.doses.push_back(with_arrows(shown(move, "says")));
    return card;
}

void mark_trouble(const Json& snapshot, std::vector<StripRow>& strips) {
    std::map<std::uint32_t, Severity> worst;
    for (const Json& advice : list_of(snapshot, "advice"))
        for (const Json& path : list_of(advice, "about")) {
            const auto strip = static_cast<std::uint32_t>(id_of(path, "strip"));
            const auto [at, fresh] = worst.emplace(strip, severity_of(advice));
            if (!fresh) at->second = std::max(at->second, severity_of(advice));
        }
    for (StripRow& row : strips)
        if (const auto found = worst.find(row.id); found != worst.end())
            row.trouble = found->second;
}

// ---- moves ----------------------------------------------------------------------------------

MoveState state_of(const Json& record) {
    const std::string outcome = text_of(record, "outcome");
    if (outcome.empty()) return is_proposed(record) ? MoveState::proposed : MoveState::pending;
    constexpr std::pair<std::string_view, MoveState> states[] = {
        {"confirmed", MoveState::confirmed},
        {"unconfirmed", MoveState::unconfirmed},
        {"superseded", MoveState::superseded},
        {"refused", MoveState::refused},
        {"failed", MoveState::failed}};
    for (const auto& [name, state] : states)
        if (name == outcome) return state;
    return MoveState::unknown;
}

MoveRow row_of(const Json& record) {
    MoveRow row;
    row.id = id_of(record);
    row.state = state_of(record);
    row.word = row.state == MoveState::proposed ? "WAITS FOR YOUR YES"
                                                : capitals(stage_or_outcome(record));
    row.control = visual(control_text(record));
    row.before = value_text(record, "before");
    row.target = value_text(record, "target");
    row.read_back = value_text(record, "read_back");
    row.reason = shown(record, "reason");
    row.why = shown(record, "why");
    row.source = text_of(record, "source");
    row.when = member(record, "when").is_null() ? "" : time_text(member(record, "when"));
    if (const std::uint64_t advice = id_of(record, "advice")) row.advice = advice;
    row.undone = flag_of(record, "undone");
    row.can_undo = !row.undone && row.source != "undo"
                   && (row.state == MoveState::confirmed || row.state == MoveState::unconfirmed
                       || row.state == MoveState::superseded || row.state == MoveState::failed);
    return row;
}

// ---- status ---------------------------------------------------------------------------------

StatusView status_of(const Json& snapshot) {
    StatusView view;
    if (const Json& can = list_of(member(snapshot, "capabilities"), "can"); !can.empty())
        view.can = can;
    const Json& traffic = member(snapshot, "traffic");
    view.rates = level_text(member(traffic, "received_per_second"), 0) + "/s in, "
                 + level_text(member(traffic, "sent_per_second"), 0) + "/s out";
    const double lost = number_of(traffic, "dropped", 0.0) + number_of(traffic, "malformed", 0.0);
    view.lost = lost == 0.0 ? "none"
                            : whole_text(member(traffic, "dropped")) + " dropped, "
                                  + whole_text(member(traffic, "malformed")) + " malformed";
    return view;
}

/// Of a level whose source tells steps of `resolution` dB.
int decimals_of(double resolution) { return resolution >= 1.0 ? 0 : 1; }

int rank_of(const StripRow& row) { return row.trouble ? 1 + static_cast<int>(*row.trouble) : 0; }

/// Advice first, then who is loudest; what is muted bothers nobody.
bool is_worse(const StripRow* a, const StripRow* b) {
    if (rank_of(*a) != rank_of(*b)) return rank_of(*a) > rank_of(*b);
    if (a->muted != b->muted) return b->muted;
    return a->meter.hold.value_or(silence) > b->meter.hold.value_or(silence);
}

} // namespace

std::string MeterView::level_text() const {
    return prefade::level_text(level, decimals_of(resolution), true);
}

std::string MeterView::hold_text() const {
    return hold ? prefade::level_text(*hold, decimals_of(resolution), true) : "";
}

bool MeterView::is_stale(TimePoint now) const noexcept {
    return now - at.point > Milliseconds{stale_ms}.span();
}

namespace {

/// "63 Hz", "2.4 kHz"
std::string frequency_text(double hertz) {
    if (hertz < 1000.0) return level_text(hertz, 0) + " Hz";
    return level_text(hertz / 1000.0, 1) + " kHz";
}

ConflictRow conflict_of(const Json& masking, TimePoint came) {
    ConflictRow row;
    row.masker = static_cast<std::uint32_t>(id_of(masking, "masker"));
    row.target = static_cast<std::uint32_t>(id_of(masking, "target"));
    row.masker_name = shown(masking, "masker_name");
    row.target_name = shown(masking, "target_name");
    row.where = frequency_text(number_of(masking, "centre_hz", 0.0));
    row.share = number_of(masking, "share", 0.0);
    row.room = shown(masking, "mover_name") + ": "
               + level_text(number_of(masking, "gain_db", 0.0), 1, true) + " dB at " + row.where
               + ", Q " + level_text(number_of(masking, "q", 0.0), 1) + "; would leave "
               + level_text(number_of(masking, "share_after", 0.0) * 100.0, 0) + " %";
    row.since.point = before(came, member(masking, "since_ms"));
    row.at.point = before(came, member(masking, "age_ms"));
    return row;
}

} // namespace

Picture picture_of(const Json& snapshot, TimePoint came) {
    Picture picture;
    const Json& host = member(snapshot, "host");
    const Json& transport = member(snapshot, "transport");
    picture.host =
        value_in(host_state_names, text_of(host, "state")).value_or(HostState::searching);
    picture.host_name = capitals(text_of(host, "name"));
    picture.session = shown(host, "session");
    picture.host_line = visual(host_line(host));
    const Json& rolling = member(transport, "rolling");
    picture.recording = flag_of(transport, "recording");
    picture.transport = !rolling.is_boolean() ? "" : rolling.get<bool>() ? "playing" : "stopped";
    if (rolling.is_boolean()) picture.clock = clock_text(member(transport, "seconds"));
    if (picture.clock == "-") picture.clock.clear();
    picture.mode = value_in(mode_names, text_of(snapshot, "mode")).value_or(Mode::ask);
    picture.last_error = shown(snapshot, "last_error");
    for (const Json& advice : list_of(snapshot, "advice"))
        picture.advice.push_back(card_of(advice, came));
    picture.held_back = held_back_text(snapshot, false);
    for (const Json& strip : list_of(snapshot, "strips"))
        picture.strips.push_back(strip_of(strip, came));
    mark_trouble(snapshot, picture.strips);
    const Json& moves = list_of(snapshot, "moves");
    for (auto record = moves.rbegin(); record != moves.rend(); ++record)
        picture.moves.push_back(row_of(*record));
    for (const Json& masking : list_of(snapshot, "masking"))
        picture.conflicts.push_back(conflict_of(masking, came));
    const Json& can = list_of(member(snapshot, "capabilities"), "can");
    picture.is_heard = std::find(can.begin(), can.end(), "read_spectrum") != can.end();
    picture.status = status_of(snapshot);
    return picture;
}

bool says_the_same(std::string_view a, std::string_view b) {
    constexpr std::string_view passed_over[] = {"_ms\":",
                                                "\"sequence\":",
                                                "\"received\":",
                                                "\"sent\":",
                                                "\"received_per_second\":",
                                                "\"sent_per_second\":"};
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    const auto past_number = [&](std::string_view text, std::size_t at) {
        while (at < text.size() && is_digit(text[at])) ++at;
        return at;
    };
    std::size_t i = 0, j = 0;
    for (;;) {
        const auto [in_a, in_b] =
            std::mismatch(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(),
                          b.begin() + static_cast<std::ptrdiff_t>(j), b.end());
        i = static_cast<std::size_t>(in_a - a.begin());
        j = static_cast<std::size_t>(in_b - b.begin());
        if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
        std::size_t start = i; // of the number in which they part
        while (start > 0 && is_digit(a[start - 1])) --start;
        const std::string_view before = a.substr(0, start);
        if (std::none_of(std::begin(passed_over), std::end(passed_over),
                         [&](std::string_view key) { return before.ends_with(key); }))
            return false;
        const std::size_t end_a = past_number(a, i), end_b = past_number(b, j);
        if (end_a == i && end_b == j) return false; // no numbers: they differ in something else
        i = end_a;
        j = end_b;
    }
}

std::vector<const StripRow*> listed(const Picture& picture, const std::string& filter,
                                    bool by_trouble) {
    const std::string wanted = lower_case(filter);
    std::vector<const StripRow*> rows;
    for (const StripRow& row : picture.strips)
        if (row.search.find(wanted) != std::string::npos) rows.push_back(&row);
    if (by_trouble) std::stable_sort(rows.begin(), rows.end(), is_worse);
    return rows;
}

std::vector<const StripRow*> worst_meters(const Picture& picture, std::size_t count) {
    std::vector<const StripRow*> rows;
    for (const StripRow& row : picture.strips)
        if (row.meter.there && !row.muted) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), is_worse);
    rows.resize(std::min(rows.size(), count));
    return rows;
}

const MoveRow* move_of(const Picture& picture, const AdviceCard& advice) {
    const auto found = std::find_if(picture.moves.begin(), picture.moves.end(),
                                    [&](const MoveRow& row) { return row.advice == advice.id; });
    return found == picture.moves.end() ? nullptr : &*found;
}

std::optional<TimePoint> next_stale(const Picture& picture, TimePoint now) {
    std::optional<TimePoint> next;
    for (const StripRow& row : picture.strips) {
        if (!row.meter.there || row.meter.is_stale(now)) continue;
        const TimePoint at = row.meter.at.point + Milliseconds{stale_ms}.span();
        if (!next || at < *next) next = at;
    }
    return next;
}

// ---- what tools answer ----------------------------------------------------------------------

void take_host(Surroundings& into, const Json& answer) {
    into.asked = true;
    into.answering.clear();
    into.daws.clear();
    for (const Json& one : list_of(answer, "found"))
        if (one.is_string()) into.answering.push_back(one.get<std::string>());
    for (const Json& one : list_of(answer, "known")) {
        KnownDaw daw{
            text_of(one, "name"), text_of(one, "title"), flag_of(one, "here"), false, {}, {}};
        daw.answers = std::any_of(
            into.answering.begin(), into.answering.end(),
            [&](const std::string& found) { return found.starts_with(daw.name + '='); });
        for (const Json& text : list_of(one, "settings"))
            if (text.is_string()) daw.found.push_back(text.get<std::string>());
        for (const Json& text : list_of(one, "steps"))
            if (text.is_string()) daw.steps.push_back(text.get<std::string>());
        into.daws.push_back(std::move(daw));
    }
}

void take_status(Surroundings& into, const Json& answer) {
    into.version = text_of(answer, "version");
    std::map<std::string, std::pair<std::size_t, std::string>> by_reason;
    for (const Json& one : list_of(answer, "cannot_say")) {
        auto& [count, rules] = by_reason[text_of(one, "reason")];
        rules += (count++ ? ", " : "") + text_of(one, "rule");
    }
    into.cannot_say.clear();
    for (const auto& [reason, rules] : by_reason)
        into.cannot_say.push_back(std::to_string(rules.first)
                                  + (rules.first == 1 ? " rule, " : " rules, ") + reason + ": "
                                  + rules.second);
}

Asked asked_of(const std::string& question, const Json& answer) {
    Asked asked{question,
                shown(answer, "answer"),
                visual(joined(list_of(answer, "sources"), "; ")),
                {},
                {}};
    for (const Json& move : list_of(answer, "moves")) {
        if (text_of(move, "outcome") == name_in(outcome_names, Outcome::Kind::refused))
            asked.refusals.push_back(shown(move, "reason"));
        else
            asked.moves.push_back(id_of(move, "move"));
    }
    return asked;
}

std::optional<std::string> notice_of(const std::string& tool, const Json& answer) {
    if (tool == "stop") return "Stopped: no move runs, none is open. Mode watch.";
    if (tool == "later") return "Not now: rests until the session ends. Shift L brings all back.";
    if (tool == "dismiss") return "Dismissed: silent until its numbers get clearly worse.";
    if (tool == "mode") return "Mode " + mode_text(text_of(answer, "mode")) + '.';
    if (const Json& refused = list_of(answer, "refused"); !refused.empty())
        return visual(joined(refused, "; "));
    return std::nullopt;
}

} // namespace prefade::overlay
