#include "knowledge/answer_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace prefade {

namespace {

std::size_t words_in(std::string_view text) {
    std::size_t count = 0;
    bool is_open = false;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\n';
        if (!is_space && !is_open) ++count;
        is_open = !is_space;
    }
    return count;
}

/// Figures of change, which follow "a bit" and "a lot"; the others say where or how fast.
constexpr std::array<std::string_view, 5> doses{"gain", "level", "drive", "send", "decay_change"};
/// Told in one breath with a gain.
constexpr std::array<std::string_view, 3> of_a_band{"gain", "frequency", "q"};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

const Figure* figure_named(const std::vector<Figure>& figures, std::string_view name) {
    for (const Figure& figure : figures)
        if (figure.name == name) return &figure;
    return nullptr;
}

} // namespace

void Telling::say(std::string sentence, int rank) {
    while (!sentence.empty() && (sentence.back() == ' ' || sentence.back() == '\n'))
        sentence.pop_back();
    if (sentence.empty()) return;
    if (sentence.front() >= 'a' && sentence.front() <= 'z')
        sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
    if (std::string_view(".!?:").find(sentence.back()) == std::string_view::npos) sentence += '.';
    sentences_.push_back({std::move(sentence), rank});
}

std::string Telling::text(std::size_t most_words) const {
    std::vector<Sentence> left = sentences_;
    const auto length = [&left] {
        std::size_t words = 0;
        for (const Sentence& one : left) words += words_in(one.text);
        return words;
    };
    while (left.size() > 1 && length() > most_words) {
        const auto goes =
            std::max_element(left.begin(), left.end(), [](const Sentence& a, const Sentence& b) {
                return a.rank <= b.rank; // the last of the highest
            });
        left.erase(goes);
    }
    std::string text;
    for (const Sentence& one : left) text += (text.empty() ? "" : " ") + one.text;
    return text;
}

void Composition::rest_on(const Origin& origin) {
    if (origin.source.empty()) return;
    std::string basis(name_in(basis_names, origin.basis));
    for (char& c : basis) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    std::string source = origin.source + " (" + basis + ')';
    if (std::find(answer.sources.begin(), answer.sources.end(), source) == answer.sources.end())
        answer.sources.push_back(std::move(source));
}

std::optional<double> Composition::tempo() const { return q.tempo ? q.tempo : facts.brief.tempo; }

std::string in_words(const std::vector<std::string>& parts, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += i + 1 == parts.size() ? std::string(last) : ", ";
        text += parts[i];
    }
    return text;
}

std::string figure_words(std::string_view figure) {
    if (figure == "q") return "Q";
    if (is_one_of(figure, {"high_pass", "low_pass", "pre_delay"})) {
        std::string text(figure);
        std::replace(text.begin(), text.end(), '_', '-');
        return text;
    }
    if (figure == "balance_verse") return "over the rest in the verse";
    if (figure == "balance_chorus") return "over the rest in the chorus";
    if (figure == "plr") return "PLR";
    if (figure == "psr") return "PSR";
    if (figure == "rms") return "RMS";
    std::string text(figure);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string host_words(const std::string& host) {
    const auto found = std::find_if(way_hosts.begin(), way_hosts.end(),
                                    [&](const WayHost& one) { return one.id == host; });
    return found == way_hosts.end() ? host : std::string(found->name);
}

std::string test_words(const Amount& amount) {
    const auto end = [&](double at) { return said({at, at, amount.unit}); };
    if (std::isinf(amount.from)) return "under " + end(amount.to);
    if (std::isinf(amount.to)) return "over " + end(amount.from);
    return said(amount);
}

std::string note_words(double beats) {
    struct Note {
        double beats;
        std::string_view name;
    };
    constexpr std::array<Note, 7> notes{{{4.0, "whole note"},
                                         {2.0, "half note"},
                                         {1.0, "quarter"},
                                         {0.5, "eighth"},
                                         {0.25, "sixteenth"},
                                         {0.125, "thirty-second"},
                                         {0.0625, "sixty-fourth"}}};
    const auto is = [beats](double other) { return std::abs(beats - other) < 1e-6; };
    for (const Note& note : notes) {
        const std::string name(note.name);
        if (is(note.beats)) return (note.name.front() == 'e' ? "an " : "a ") + name;
        if (is(note.beats * 1.5)) return "a dotted " + name;
        if (is(note.beats * 2.0 / 3.0))
            return name == "eighth" ? "an eighth triplet" : "a " + name + " triplet";
    }
    return to_text(beats, ControlUnit::number) + " beats";
}

double note_milliseconds(double beats, double tempo) { return 60'000.0 / tempo * beats; }

Amount dosed(const Figure& figure, const Composition& c) {
    const bool is_change =
        c.answer.kind == AnswerKind::translation || c.answer.kind == AnswerKind::diagnosis;
    return dosed(figure, is_change ? c.q.dose : Dose::normal, c.library);
}

Amount dosed(const Figure& figure, Dose dose, const Library& library) {
    const bool follows = std::find(doses.begin(), doses.end(), figure.name) != doses.end();
    if (!follows || dose == Dose::normal) return figure.amount;
    const MixEntry* rule = library.mix.find(MixKind::principle, "DOSE-01");
    const Amount* factors = rule ? rule->figure("factor") : nullptr;
    if (!factors) return figure.amount;
    const double factor = dose == Dose::gentle ? factors->from : factors->to;
    const auto rounded = [](double x) { return std::isinf(x) ? x : std::round(x * 100.0) / 100.0; };
    return {rounded(figure.amount.from * factor), rounded(figure.amount.to * factor),
            figure.amount.unit};
}

std::string figures_words(const std::vector<Figure>& figures, const Composition& c) {
    std::vector<std::string> parts;
    const Figure* gain = figure_named(figures, "gain");
    const Figure* frequency = figure_named(figures, "frequency");
    const Figure* q = figure_named(figures, "q");
    if (gain || frequency) {
        const bool is_among_others = // "3 dB, attack 1 ms": of what, has to be said
            gain && !frequency
            && std::any_of(figures.begin(), figures.end(), [](const Figure& one) {
                   return std::find(of_a_band.begin(), of_a_band.end(), one.name)
                          == of_a_band.end();
               });
        std::string band = is_among_others ? "gain " : "";
        if (gain) band += said(dosed(*gain, c));
        if (frequency) band += (gain ? " at " : "") + said(frequency->amount);
        if (q) band += ", Q " + said(q->amount);
        parts.push_back(std::move(band));
    }
    for (const Figure& figure : figures) {
        const bool told =
            (gain || frequency)
            && std::find(of_a_band.begin(), of_a_band.end(), figure.name) != of_a_band.end();
        if (told || figure.name.starts_with("tone_")) continue;
        if (figure.name == "note") {
            std::string note = note_words(figure.amount.from);
            if (figure.amount.is_range()) note += " to " + note_words(figure.amount.to);
            if (const auto tempo = c.tempo()) {
                const double ms = std::round(note_milliseconds(figure.amount.from, *tempo));
                note += ", " + said({ms, ms, ControlUnit::milliseconds}) + " at "
                        + to_text(*tempo, ControlUnit::bpm);
            }
            parts.push_back(std::move(note));
        } else if (figure.name == "decay_change") {
            const Amount amount = dosed(figure, c);
            const bool is_shorter = amount.to < 0.0 || amount.from < 0.0;
            const double a = std::min(std::abs(amount.from), std::abs(amount.to));
            const double b = std::max(std::abs(amount.from), std::abs(amount.to));
            parts.push_back("decay " + said({a, b, amount.unit})
                            + (is_shorter ? " shorter" : " longer"));
        } else if (figure.name == "bits") {
            parts.push_back(said(figure.amount));
        } else if (figure.name.starts_with("balance_")) {
            parts.push_back(said(figure.amount) + ' ' + figure_words(figure.name));
        } else {
            parts.push_back(figure_words(figure.name) + ' ' + said(dosed(figure, c)));
        }
    }
    return in_words(parts, ", ");
}

std::string with_figures(const std::string& name, const std::string& figures) {
    if (figures.empty()) return name;
    std::string small = name;
    for (char& c : small) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (figures.starts_with(small + ' ')) return name + ": " + figures.substr(small.size() + 1);
    return name + ": " + figures;
}

void give(GivenAnswer& answer, const std::vector<Figure>& figures, const Composition& c) {
    for (const Figure& figure : figures) {
        if (figure.name.starts_with("tone_")) continue;
        const Amount amount = dosed(figure, c);
        GivenSetting setting;
        setting.control = figure.name;
        if (amount.is_range())
            setting.range = {amount.from, amount.to};
        else
            setting.value = amount.from;
        if (amount.unit != ControlUnit::number)
            setting.unit = std::string(name_in(control_unit_names, amount.unit));
        answer.settings.push_back(std::move(setting));
    }
}

void say_conflict(Composition& c, const std::string& about, const std::vector<Claim>& claims,
                  const std::string& settle, int rank) {
    std::vector<std::string> sides;
    for (const Claim& claim : claims) sides.push_back(claim.says + " (" + claim.source + ')');
    c.telling.say("Sources differ on " + about + ": " + in_words(sides, "; ") + ". " + settle,
                  rank);
}

std::string lower_first(std::string text) {
    // "FET, fast" and "De-ess" keep or lose their capital: only a capital before a small letter is dropped
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    while (!text.empty() && text.back() == '.') text.pop_back();
    return text;
}

bool contains(const std::vector<std::string>& list, std::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

} // namespace prefade
