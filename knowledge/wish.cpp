#include "knowledge/wish.h"

#include "knowledge/plugin_table.h"
#include "knowledge/setting_order.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>

namespace prefade {

namespace {

constexpr double flat = 0.05;          ///< dB: a band that does nothing
constexpr double same_place = 1.0 / 3; ///< octaves around the range of a way
constexpr double widest_other_q = 2.0; ///< times or part of the Q that a way names
/// Of a bell, where a way names none: 2.5 to 0.5 octaves, and 1.4.
constexpr double least_q = 0.5, usual_q = 1.0, most_q = 3.0;

double middle(const Amount& amount) { return (amount.from + amount.to) / 2.0; }
double to_two_digits(double hertz) {
    const double unit = std::pow(10.0, std::floor(std::log10(hertz)) - 1.0);
    return std::round(hertz / unit) * unit;
}

const Figure* figure_of(const MixStep& step, std::string_view name) {
    const auto found = std::find_if(step.figures.begin(), step.figures.end(),
                                    [&](const Figure& figure) { return figure.name == name; });
    return found == step.figures.end() ? nullptr : &*found;
}

struct Width {
    InsertControl control;
    double q{0.0};
};

/// A bell or a shelf and where it stands.
struct Band {
    InsertControl frequency, gain;
    std::optional<Width> width; ///< of a bell
    double hertz{0.0}, decibel{0.0};
};

/// Strips and what is said of them.
class Reasons {
public:
    void add(const std::string& why, const Strip& strip) {
        for (auto& [said, names] : all_)
            if (said == why) return names.push_back(name_of(strip));
        all_.push_back({why, {name_of(strip)}});
    }
    std::string text() const {
        std::vector<std::string> parts;
        for (const auto& [why, names] : all_) parts.push_back(why + ": " + in_words(names));
        return in_words(parts, "; ");
    }

private:
    std::vector<std::pair<std::string, std::vector<std::string>>> all_;
};

class WayMaker {
public:
    WayMaker(const Composition& c, const Wish& wish)
        : c_(c),
          wish_(wish),
          plugins_(
              std::shared_ptr<const PluginCatalog>(std::shared_ptr<void>(), &c.library.plugins)) {
        const bool needs_eq =
            std::any_of(wish.ways.begin(), wish.ways.end(),
                        [](const MixStep* step) { return step->band.has_value(); });
        if (needs_eq) known_ = plugins_.list(*c.facts.session);
    }

    GivenWay make(const MixStep& step) {
        GivenWay way;
        way.does = step.does;
        if (!step.by_fader && !step.band) {
            way.by_hand = true;
            way.but = "that is done by hand";
            return way;
        }
        reasons_ = {};
        const std::vector<const Strip*> strips = strips_meant(step);
        if (strips.empty()) {
            way.but = !step.on.empty() ? "no strip here is " + in_words(step.on, " or ")
                      : wish_.is_named ? "no such strip is here"
                                       : "it does not say for which strip";
            if (!step.on.empty() && wish_.is_named) way.but += " among those named";
            return way;
        }
        std::vector<std::string> says;
        // All strips of one source or none: two sides of a pair stay alike.
        for (const auto& of_role : by_role(one_stage_of(strips))) add(step, of_role, way, says);
        way.says = in_words(says);
        way.but = reasons_.text();
        return way;
    }

private:
    std::vector<const Strip*> strips_meant(const MixStep& step) const {
        std::vector<const Strip*> meant;
        for (const Strip& strip : c_.facts.session->strips) {
            const bool is_named =
                std::find(wish_.strips.begin(), wish_.strips.end(), strip.id) != wish_.strips.end();
            if (wish_.is_named && !is_named) continue;
            if (step.on.empty() ? is_named : contains(step.on, strip.role)) meant.push_back(&strip);
        }
        return meant;
    }

    static std::vector<std::vector<const Strip*>> by_role(const std::vector<const Strip*>& strips) {
        std::vector<std::vector<const Strip*>> groups;
        for (const Strip* strip : strips) {
            const auto of_role = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
                return group.front()->role == strip->role;
            });
            if (of_role == groups.end())
                groups.push_back({strip});
            else
                of_role->push_back(strip);
        }
        return groups;
    }

    /// A track and the bus or VCA that it goes through would be turned twice: neither of them.
    std::vector<const Strip*> one_stage_of(const std::vector<const Strip*>& strips) {
        std::vector<const Strip*> kept;
        for (const Strip* strip : strips) {
            const bool is_double =
                std::any_of(strips.begin(), strips.end(), [&](const Strip* other) {
                    return other != strip && !(is_track(*strip) && is_track(*other))
                           && (is_akin(strip->role, other->role) || strip->kind == StripKind::vca
                               || other->kind == StripKind::vca);
                });
            if (is_double)
                reasons_.add("stages of one signal, perhaps; name one", *strip);
            else
                kept.push_back(strip);
        }
        return kept;
    }

    void add(const MixStep& step, std::vector<const Strip*> strips, GivenWay& way,
             std::vector<std::string>& says) {
        std::erase_if(strips, [&](const Strip* strip) {
            const bool is_silent = strip->mute.value.value_or(false);
            if (is_silent) reasons_.add("muted", *strip);
            return is_silent;
        });
        if (strips.empty()) return;
        std::vector<GivenMove> moves;
        std::vector<std::string> words;
        std::vector<const Strip*> can, cannot;
        for (const Strip* strip : strips) {
            const bool is_done = step.by_fader ? turn_fader(*strip, step, moves, words)
                                               : turn_band(*strip, step, moves, words);
            (is_done ? can : cannot).push_back(strip);
        }
        if (!cannot.empty()) {
            for (const Strip* strip : can)
                reasons_.add("only together with " + name_of(*cannot.front()), *strip);
            return;
        }
        way.moves.insert(way.moves.end(), moves.begin(), moves.end());
        says.insert(says.end(), words.begin(), words.end());
    }

    static bool is_track(const Strip& strip) {
        return strip.kind == StripKind::audio_track || strip.kind == StripKind::midi_track;
    }

    /// Always false: why not.
    bool but(const std::string& why, const Strip& strip) {
        reasons_.add(why, strip);
        return false;
    }

    bool turn_fader(const Strip& strip, const MixStep& step, std::vector<GivenMove>& moves,
                    std::vector<std::string>& words) {
        const Figure* level = figure_of(step, "level");
        const Known<Decibel>& fader = strip.fader;
        if (!level || !fader.value) return but("the fader is not read yet", strip);
        const double now = fader.value->value();
        if (!std::isfinite(now)) return but("the fader is closed", strip);
        const double to = tenths(now + middle(dosed(*level, wish_.dose, c_.library)));
        if (!(to <= c_.facts.fader_top.value() && to >= lowest_fader))
            return but("the fader does not go so far", strip);
        moves.push_back({{strip.id, Control::fader},
                         strip.name,
                         "fader",
                         to_text(to, ControlUnit::number) + "dB",
                         decibels(now)});
        words.push_back("fader of " + name_of(strip) + " from " + decibels(now) + " to "
                        + decibels(to));
        return true;
    }

    // ---- EQ ---------------------------------------------------------------------------------

    /// Ids of frequency, gain and switch of a band in the entries of the catalog.
    struct BandIds {
        std::string_view frequency, gain, on;
    };
    static std::vector<BandIds> ids_of(BandShape shape) {
        switch (shape) {
        case BandShape::bell: return {{"frequency", "gain", ""}};
        case BandShape::low_shelf:
            return {{"low-frequency", "low-gain", "low-filter"},
                    {"low-shelf-frequency", "low-shelf-gain", ""}};
        case BandShape::high_shelf:
            return {{"high-frequency", "high-gain", "high-filter"},
                    {"high-shelf-frequency", "high-shelf-gain", ""}};
        }
        return {};
    }

    static const PluginControl* control_in(const Plugin& plugin, std::string_view id) {
        const auto found =
            std::find_if(plugin.controls.begin(), plugin.controls.end(),
                         [&](const PluginControl& control) { return control.id == id; });
        return found == plugin.controls.end() ? nullptr : &*found;
    }

    std::vector<InsertControl> controls(const Insert& insert, std::string_view id) {
        std::vector<InsertControl> found = plugins_.controls(insert, std::string(id));
        std::erase_if(found, [&](const InsertControl& at) { return at.control->id != id; });
        return found;
    }

    /// The one EQ of the strip that has such bands and works on the sound.
    const KnownInsert* eq_of(const Strip& strip, BandShape shape) {
        const KnownInsert* found = nullptr;
        bool is_off = false;
        for (const KnownInsert& one : known_) {
            if (one.strip->id != strip.id) continue;
            const auto ids = ids_of(shape);
            const bool has_bands = one.plugin->kind == PluginKind::eq
                                   && std::any_of(ids.begin(), ids.end(), [&](const BandIds& id) {
                                          return control_in(*one.plugin, id.frequency)
                                                 && control_in(*one.plugin, id.gain);
                                      });
            if (!has_bands) continue;
            if (plugins_.is_active(*one.insert) == false) {
                is_off = true;
            } else if (found) {
                but("several EQs", strip);
                return nullptr;
            } else {
                found = &one;
            }
        }
        if (!found)
            but(!strip.inserts_listed ? "the plugins are not read yet"
                : is_off              ? "the EQ is bypassed"
                                      : "no EQ with such a band that I know",
                strip);
        if (found && found->insert->parameters.empty()) {
            but("the controls of the EQ are not read yet", strip);
            return nullptr;
        }
        return found;
    }

    /// Those that are switched on, of that shape, and whose place and gain are known for certain.
    std::vector<Band> bands_of(const KnownInsert& eq, const MixStep& step) {
        std::vector<Band> bands;
        for (const BandIds& ids : ids_of(*step.band)) {
            const auto gains = controls(*eq.insert, ids.gain);
            for (const InsertControl& frequency : controls(*eq.insert, ids.frequency)) {
                const auto of_band = [&](const InsertControl& at) {
                    return at.band == frequency.band;
                };
                const auto gain = std::find_if(gains.begin(), gains.end(), of_band);
                if (std::count_if(gains.begin(), gains.end(), of_band) != 1) continue;
                const bool fits = *step.band == BandShape::bell ? is_bell(eq, frequency)
                                                                : is_shelf_on(eq, ids.on);
                const auto hertz = value_in_unit(frequency), decibel = value_in_unit(*gain);
                if (!fits || !hertz || !decibel || !(*hertz > 0.0)) continue;
                bands.push_back({frequency, *gain, {}, *hertz, *decibel});
                if (*step.band != BandShape::bell) continue;
                bands.back().width = width_of(*eq.insert, frequency.band);
                if (!bands.back().width) bands.pop_back();
            }
        }
        return bands;
    }

    bool is_shelf_on(const KnownInsert& eq, std::string_view id) {
        if (id.empty() || !control_in(*eq.plugin, id)) return true;
        const auto switches = controls(*eq.insert, id);
        const std::string* choice = switches.size() == 1 ? choice_of(switches.front()) : nullptr;
        return choice && *choice == "on";
    }

    /// A bell for certain, and on.
    bool is_bell(const KnownInsert& eq, const InsertControl& frequency) {
        if (plugins_.is_band_on(*eq.insert, frequency.band) != true) return false;
        bool is_certain = frequency.control->is_bell;
        constexpr std::array<std::string_view, 2> ids{"type", "shape"};
        constexpr std::array<std::string_view, 4> names{"bell", "band", "peak", "peaking"};
        for (const std::string_view id : ids)
            for (const InsertControl& at : controls(*eq.insert, id)) {
                if (at.band != frequency.band) continue;
                const std::string* choice = choice_of(at);
                is_certain =
                    choice
                    && std::find(names.begin(), names.end(), spoken_key(*choice)) != names.end();
                if (!is_certain) return false;
            }
        return is_certain;
    }

    /// Of a bell; nothing where it cannot be told.
    std::optional<Width> width_of(const Insert& insert, std::uint16_t band) {
        for (const std::string_view id : {"q", "bandwidth"})
            for (const InsertControl& at : controls(insert, id)) {
                const auto value = at.band == band ? value_in_unit(at) : std::nullopt;
                if (!value || !(*value > 0.0)) continue;
                if (at.control->unit == ControlUnit::octaves)
                    return Width{at, 1.0 / (2.0 * std::sinh(std::numbers::ln2 / 2.0 * *value))};
                if (at.control->unit == ControlUnit::number) return Width{at, *value};
            }
        return std::nullopt;
    }
    static double in_unit_of(const InsertControl& at, double q) {
        return at.control->unit == ControlUnit::octaves
                   ? std::round(20.0 / std::numbers::ln2 * std::asinh(1.0 / (2.0 * q))) / 10.0
                   : q;
    }

    struct Qs {
        double from, to, wanted;
    };
    /// What a bell may have that is at work already, and what a flat one is set to.
    static Qs qs_of(const MixStep& step) {
        const Figure* q = figure_of(step, "q");
        if (!q) return {least_q, most_q, usual_q};
        return {q->amount.from / widest_other_q, q->amount.to * widest_other_q, middle(q->amount)};
    }

    bool turn_band(const Strip& strip, const MixStep& step, std::vector<GivenMove>& moves,
                   std::vector<std::string>& words) {
        const Amount &places = figure_of(step, "frequency")->amount,
                     &gain = figure_of(step, "gain")->amount;
        const KnownInsert* eq = eq_of(strip, *step.band);
        if (!eq) return false;
        std::vector<Band> bands = bands_of(*eq, step);
        if (bands.empty()) return but("no band of the EQ can be read for certain", strip);
        const double place = to_two_digits(std::sqrt(places.from * places.to));
        const auto is_there = [&](const Band& band) {
            return std::log2(places.from / band.hertz) <= same_place
                   && std::log2(band.hertz / places.to) <= same_place;
        };
        // One that works elsewhere is somebody's choice.
        const Qs qs = qs_of(step);
        const auto is_alike = [&](const Band& band) {
            return !band.width || (band.width->q >= qs.from && band.width->q <= qs.to);
        };
        std::erase_if(bands, [&](const Band& band) {
            return std::abs(band.decibel) >= flat && !(is_there(band) && is_alike(band));
        });
        if (bands.empty()) return but("no band of the EQ is free", strip);
        // The one that is at work there already, else the nearest.
        const Band& band =
            *std::min_element(bands.begin(), bands.end(), [&](const Band& a, const Band& b) {
                const auto rank = [&](const Band& one) {
                    return std::pair(std::abs(one.decibel) < flat,
                                     std::abs(std::log2(one.hertz / place)));
                };
                return rank(a) < rank(b);
            });
        const Figure dose{"gain", gain};
        const double to =
            std::round(10.0 * (band.decibel + middle(dosed(dose, wish_.dose, c_.library)))) / 10.0;
        std::vector<std::string> says;
        // Place and width while it is flat, so that nothing is heard of them.
        if (!is_there(band) && !turn(strip, *eq->insert, band.frequency, place, moves, says))
            return false;
        if (!is_alike(band)
            && !turn(strip, *eq->insert, band.width->control,
                     in_unit_of(band.width->control, qs.wanted), moves, says))
            return false;
        if (!turn(strip, *eq->insert, band.gain, to, moves, says)) return false;
        words.push_back(in_quotes(printable(eq->insert->plugin)) + " on " + name_of(strip) + ": "
                        + in_words(says));
        return true;
    }

    bool turn(const Strip& strip, const Insert& insert, const InsertControl& at, double value,
              std::vector<GivenMove>& moves, std::vector<std::string>& says) {
        const ControlUnit unit = at.control->unit;
        const std::string name = printable(at.parameter->name);
        const double now = *value_in_unit(at);
        if (!at.control->takes({value, value, unit}))
            return but(name + " does not go to " + said({value, value, unit}), strip);
        const std::string before = said({now, now, unit});
        const auto position = normalized_in_unit(at, value);
        auto move = position ? parameter_move(strip, insert, *at.parameter, *position, before)
                             : std::nullopt;
        if (!move) return but(name + " cannot be set for certain", strip);
        moves.push_back(std::move(*move));
        says.push_back(name + " from " + before + " to " + said({value, value, unit}));
        return true;
    }

    const Composition& c_;
    const Wish& wish_;
    PluginTable plugins_;
    std::vector<KnownInsert> known_;
    Reasons reasons_;
};

/// It is one of the words that were understood as this.
bool covers(const Mention& m, std::size_t word) {
    return word >= m.first && word < m.first + m.count;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Where the words name sources, but for strips by their names.
std::vector<const Mention*> sources_in(const Question& q, const std::vector<NamedStrips>& strips) {
    std::vector<const Mention*> sources;
    for (const Mention& m : q.mentions) {
        const bool is_of_name =
            std::any_of(strips.begin(), strips.end(), [&](const NamedStrips& named) {
                return m.first < named.first + named.count && named.first < m.first + m.count;
            });
        if (m.list && m.list->of == WordClass::role && m.first < q.words.size() && !is_of_name)
            sources.push_back(&m);
    }
    return sources;
}

/// "Less warm", "but not the hats", "too dark", "duller", "brighter over the guitars": what it may mean is told, and
/// nothing offered.
bool is_turned_round(const Composition& c, const MixEntry& descriptor,
                     const std::vector<NamedStrips>& strips) {
    const Question& q = c.q;
    if (q.descriptors.size() > 1) return true; // which is for what
    const Mention* said = nullptr;
    for (const Mention& m : q.mentions)
        if (m.entry == &descriptor && m.first < q.words.size()) said = &m;
    if (!said) return true;
    const auto is_of_name = [&](std::size_t word) {
        return covers(*said, word)
               || std::any_of(strips.begin(), strips.end(), [&](const NamedStrips& named) {
                      return word >= named.first && word < named.first + named.count;
                  });
    };
    bool takes_away = false;
    for (std::size_t i = 0; i < q.words.size(); ++i) {
        if (is_of_name(i)) continue;
        const std::string& word = q.words[i];
        if (is_one_of(word, {"instead", "than", "why", "if", "through", "from"})) return true;
        takes_away = takes_away
                     || is_one_of(word, {"less", "too", "remove", "reduce", "lose", "take", "lower",
                                         "kill", "tame", "cut", "fix", "clean", "rid"});
    }
    if (takes_away != descriptor.is_fault) return true;
    const bool is_barred = std::any_of(q.mentions.begin(), q.mentions.end(), [&](const Mention& m) {
        return m.list && m.list->of == WordClass::wording && m.first < q.words.size()
               && !is_of_name(m.first)
               && (m.list->id == "negation" || m.list->id == "except" || m.list->id == "than");
    });
    if (is_barred) return true;
    // A source behind the word is what it is for only as "more warmth on the vocal".
    std::vector<std::size_t> behind;
    for (const NamedStrips& named : strips)
        if (named.first > said->first) behind.push_back(named.first);
    for (const Mention* source : sources_in(q, strips))
        if (source->first > said->first && source->list->id != "master")
            behind.push_back(source->first);
    return std::any_of(behind.begin(), behind.end(), [&](std::size_t at) {
        while (at > 0 && is_one_of(q.words[at - 1], {"the", "a", "an", "my", "this", "and"})) --at;
        const bool follows_source =
            at > 0 && std::any_of(behind.begin(), behind.end(), [&](std::size_t other) {
                return other + 1 == at;
            });
        return !follows_source
               && (at == 0 || !is_one_of(q.words[at - 1], {"on", "of", "for", "in", "to"}));
    });
}

} // namespace

Wish wish_for(const Composition& c, const MixEntry& descriptor) {
    const Question& q = c.q;
    Wish wish;
    wish.descriptor = &descriptor;
    wish.dose = q.dose;
    for (const MixStep& step : descriptor.steps) wish.ways.push_back(&step);
    std::stable_partition(wish.ways.begin(), wish.ways.end(), [&](const MixStep* step) {
        return std::any_of(q.roles.begin(), q.roles.end(),
                           [&](const std::string& role) { return contains(step->on, role); });
    });
    if (!c.facts.session || c.facts.session->strips.empty() || q.is("define")) return wish;
    const std::vector<NamedStrips> named = strips_named(c);
    wish.is_open = !is_turned_round(c, descriptor, named);
    if (!wish.is_open) return wish;
    wish.epoch = c.facts.session->epoch;
    std::vector<std::string> roles;
    for (const Mention* source : sources_in(q, named)) roles.push_back(source->list->id);
    // "The mix" is all of it, and where another source is named where that one lies.
    if (named.empty() || roles.size() > 1) std::erase(roles, "master");
    const auto add = [&](const Strip& strip) {
        if (std::find(wish.strips.begin(), wish.strips.end(), strip.id) == wish.strips.end())
            wish.strips.push_back(strip.id);
    };
    for (const NamedStrips& run : named)
        for (const Strip* strip : run.strips) add(*strip);
    wish.is_named = !named.empty() || !roles.empty() || !q.unknown.empty();
    if (!wish.is_named && q.leans) { // "and a bit warmer"
        for (const Strip* strip : strips_before(c)) add(*strip);
        roles = wish.strips.empty() ? q.roles : std::vector<std::string>{};
        std::erase(roles, "master");
        wish.is_named = !wish.strips.empty() || !roles.empty();
    }
    for (const Strip& strip : c.facts.session->strips)
        if (contains(roles, strip.role) || (contains(roles, "drums") && is_of_kit(strip.role)))
            add(strip);
    return wish;
}

std::vector<GivenWay> ways_of(const Composition& c, const Wish& wish) {
    WayMaker maker(c, wish);
    std::vector<GivenWay> ways;
    for (const MixStep* step : wish.ways) ways.push_back(maker.make(*step));
    return ways;
}

std::vector<std::size_t> ways_chosen(const std::vector<std::string>& words) {
    struct Number {
        std::string_view ordinal, short_form, cardinal, digit;
    };
    constexpr std::array<Number, 9> numbers{{{"first", "1st", "one", "1"},
                                             {"second", "2nd", "two", "2"},
                                             {"third", "3rd", "three", "3"},
                                             {"fourth", "4th", "four", "4"},
                                             {"fifth", "5th", "five", "5"},
                                             {"sixth", "6th", "six", "6"},
                                             {"seventh", "7th", "seven", "7"},
                                             {"eighth", "8th", "eight", "8"},
                                             {"ninth", "9th", "nine", "9"}}};
    constexpr std::array<std::string_view, 25> around{
        "do",     "try", "take",   "apply", "use",  "choose", "pick", "please", "ok",
        "okay",   "yes", "go",     "with",  "let",  "s",      "lets", "us",     "the",
        "number", "way", "option", "i",     "want", "and",    "now"};
    constexpr std::array<std::string_view, 3> counts{"number", "way", "option"};
    std::vector<std::size_t> chosen;
    std::size_t ones = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        const auto found = std::find_if(numbers.begin(), numbers.end(), [&](const Number& number) {
            return word == number.ordinal || word == number.short_form || word == number.cardinal
                   || word == number.digit;
        });
        if (found == numbers.end()) {
            if (std::find(around.begin(), around.end(), word) == around.end()) return {};
            continue;
        }
        const auto number = static_cast<std::size_t>(found - numbers.begin()) + 1;
        const bool is_counted =
            i > 0 && std::find(counts.begin(), counts.end(), words[i - 1]) != counts.end();
        if (word == "one" && !is_counted && words.size() > 1)
            ++ones; // "the second one"; "do one" may be anything
        else
            chosen.push_back(number);
    }
    return ones > 0 && chosen.size() != 1 ? std::vector<std::size_t>{} : chosen;
}

} // namespace prefade
