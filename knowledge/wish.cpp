#include "knowledge/wish.h"

#include "knowledge/plugin_table.h"
#include "knowledge/setting_order.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace prefade {

namespace {

constexpr double flat = 0.05;          ///< dB: a bell that does nothing
constexpr double same_place = 1.0 / 3; ///< octaves: a bell there already is the one to turn

double middle(const Amount& amount) { return (amount.from + amount.to) / 2.0; }

const Figure* figure_of(const MixStep& step, std::string_view name) {
    const auto found = std::find_if(step.figures.begin(), step.figures.end(),
                                    [&](const Figure& figure) { return figure.name == name; });
    return found == step.figures.end() ? nullptr : &*found;
}

/// A bell of an EQ and where it stands.
struct Bell {
    InsertControl frequency, gain;
    double hertz{0.0}, decibel{0.0};
};

class WayMaker {
public:
    WayMaker(const Composition& c, const Wish& wish, const MixStep& step,
             std::optional<GivenLook>& look)
        : c_(c),
          wish_(wish),
          step_(step),
          look_(look),
          plugins_(
              std::shared_ptr<const PluginCatalog>(std::shared_ptr<void>(), &c.library.plugins)) {}

    GivenWay make() {
        way_.does = step_.does;
        const Figure* gain = figure_of(step_, "gain");
        const Figure* frequency = figure_of(step_, "frequency");
        const bool is_bell = step_.tool == PluginKind::eq && gain && frequency;
        if (!step_.by_fader && !is_bell) {
            way_.but = "that takes a hand";
            return std::move(way_);
        }
        const std::vector<const Strip*> strips = strips_meant();
        if (strips.empty()) {
            way_.but = step_.on.empty() ? "it does not say for which strip"
                                        : "no strip here is " + in_words(step_.on, " or ")
                                              + (wish_.strips.empty() ? "" : " among those named");
            return std::move(way_);
        }
        if (is_bell) known_ = plugins_.list(*c_.facts.session);
        for (const Strip* strip : strips)
            if (step_.by_fader)
                turn_fader(*strip);
            else
                turn_bell(*strip, *gain, *frequency);
        way_.says = in_words(says_);
        return std::move(way_);
    }

private:
    /// Always nothing: what could not be done on one strip.
    void but(const std::string& why) { way_.but += (way_.but.empty() ? "" : "; ") + why; }

    std::vector<const Strip*> strips_meant() const {
        std::vector<const Strip*> meant;
        for (const Strip& strip : c_.facts.session->strips) {
            const bool is_named =
                std::find(wish_.strips.begin(), wish_.strips.end(), strip.id) != wish_.strips.end();
            if (!wish_.strips.empty() && !is_named) continue;
            const bool is_of_way = step_.on.empty() ? is_named : contains(step_.on, strip.role);
            if (is_of_way) meant.push_back(&strip);
        }
        return meant;
    }

    void turn_fader(const Strip& strip) {
        const Figure* level = figure_of(step_, "level");
        const Known<Decibel>& fader = strip.fader;
        if (!level || !fader.value || !std::isfinite(fader.value->value()))
            return but("the fader of " + name_of(strip)
                       + (fader.value ? " is closed" : " is not read yet"));
        const double now = fader.value->value();
        const double to = tenths(now + middle(dosed(*level, wish_.dose, c_.library)));
        if (to > c_.facts.fader_top.value() || to < lowest_fader)
            return but("the fader of " + name_of(strip) + " does not go to " + decibels(to));
        way_.moves.push_back({{strip.id, Control::fader},
                              strip.name,
                              "fader",
                              to_text(to, ControlUnit::number) + "dB",
                              decibels(now)});
        says_.push_back("fader of " + name_of(strip) + " from " + decibels(now) + " to "
                        + decibels(to));
    }

    /// The one EQ of the strip that works on the sound.
    const KnownInsert* eq_of(const Strip& strip) {
        const KnownInsert* found = nullptr;
        for (const KnownInsert& one : known_) {
            if (one.strip->id != strip.id || one.plugin->kind != PluginKind::eq) continue;
            if (found) {
                but("there are several EQs on " + name_of(strip));
                return nullptr;
            }
            found = &one;
        }
        if (!found) {
            if (!strip.inserts_listed && !look_) look_ = GivenLook{strip.id, {}};
            but(strip.inserts_listed ? "there is no EQ that I know on " + name_of(strip)
                                     : "the plugins of " + name_of(strip) + " are not read yet");
            return nullptr;
        }
        const std::string where =
            in_quotes(printable(found->insert->plugin)) + " on " + name_of(strip);
        if (found->insert->parameters.empty()) {
            if (!look_) look_ = GivenLook{strip.id, found->insert->id};
            but("the controls of " + where + " are not read yet");
            return nullptr;
        }
        if (plugins_.is_active(*found->insert) == false) {
            but(where + " is bypassed");
            return nullptr;
        }
        return found;
    }

    /// Bells that are switched on and whose place and gain are known for certain.
    std::vector<Bell> bells_of(const Insert& insert) {
        const auto only = [](std::vector<InsertControl> found, std::string_view id) {
            std::erase_if(found, [&](const InsertControl& at) {
                return at.control->id != id || at.band == 0;
            });
            return found;
        };
        std::vector<Bell> bells;
        const auto gains = only(plugins_.controls(insert, "gain"), "gain");
        for (const InsertControl& frequency :
             only(plugins_.controls(insert, "frequency"), "frequency")) {
            const auto of_band = [&](const InsertControl& at) { return at.band == frequency.band; };
            const auto gain = std::find_if(gains.begin(), gains.end(), of_band);
            if (gain == gains.end() || std::count_if(gains.begin(), gains.end(), of_band) > 1
                || plugins_.is_band_on(insert, frequency.band) != true
                || !has_bell_shape(insert, frequency.band))
                continue;
            const auto hertz = value_in_unit(frequency), decibel = value_in_unit(*gain);
            if (hertz && decibel && *hertz > 0.0)
                bells.push_back({frequency, *gain, *hertz, *decibel});
        }
        return bells;
    }

    /// Where bands can be shelves and filters too, this one is a bell.
    bool has_bell_shape(const Insert& insert, std::uint16_t band) {
        constexpr std::array<std::string_view, 2> ids{"type", "shape"};
        constexpr std::array<std::string_view, 4> names{"bell", "band", "peak", "peaking"};
        for (const std::string_view id : ids)
            for (const InsertControl& at : plugins_.controls(insert, std::string(id))) {
                if (at.control->id != id || at.band != band) continue;
                const std::string* choice = choice_of(at);
                if (!choice
                    || std::find(names.begin(), names.end(), spoken_key(*choice)) == names.end())
                    return false;
            }
        return true;
    }

    void turn_bell(const Strip& strip, const Figure& gain, const Figure& frequency) {
        const KnownInsert* eq = eq_of(strip);
        if (!eq) return;
        const std::string where =
            in_quotes(printable(eq->insert->plugin)) + " on " + name_of(strip);
        const double low = std::max(frequency.amount.from, 1.0),
                     place = std::sqrt(low * std::max(frequency.amount.to, low));
        const auto octaves = [&](const Bell& bell) {
            return std::abs(std::log2(bell.hertz / place));
        };
        std::vector<Bell> bells = bells_of(*eq->insert);
        // One that works elsewhere is somebody's choice.
        std::erase_if(bells, [&](const Bell& bell) {
            return std::abs(bell.decibel) >= flat && octaves(bell) > same_place;
        });
        if (bells.empty()) return but("no bell of " + where + " is free");
        const Bell& bell =
            *std::min_element(bells.begin(), bells.end(), [&](const Bell& a, const Bell& b) {
                return octaves(a) < octaves(b);
            });
        const bool is_there = octaves(bell) <= same_place;
        const double to = bell.decibel + middle(dosed(gain, wish_.dose, c_.library));
        std::vector<GivenMove> moves;
        std::vector<std::string> says;
        if (!is_there) // while it is flat, so that nothing is heard of it
            if (!add(strip, *eq->insert, bell.frequency, place, moves, says)) return;
        if (!add(strip, *eq->insert, bell.gain, to, moves, says)) return;
        way_.moves.insert(way_.moves.end(), moves.begin(), moves.end());
        says_.push_back(in_words(says) + " of " + where);
    }

    bool add(const Strip& strip, const Insert& insert, const InsertControl& at, double value,
             std::vector<GivenMove>& moves, std::vector<std::string>& says) {
        const ControlUnit unit = at.control->unit;
        const std::string name = printable(at.parameter->name), to = to_text(value, unit),
                          before = to_text(*value_in_unit(at), unit);
        const auto position =
            at.control->takes({value, value, unit}) ? normalized_in_unit(at, value) : std::nullopt;
        auto move = position ? parameter_move(strip, insert, *at.parameter, *position, before)
                             : std::nullopt;
        if (!move) {
            but(name + " on " + name_of(strip) + " does not go to " + to);
            return false;
        }
        moves.push_back(std::move(*move));
        says.push_back(name + " from " + before + " to " + to);
        return true;
    }

    const Composition& c_;
    const Wish& wish_;
    const MixStep& step_;
    std::optional<GivenLook>& look_;
    PluginTable plugins_;
    std::vector<KnownInsert> known_;
    GivenWay way_;
    std::vector<std::string> says_;
};

} // namespace

Wish wish_for(const Composition& c, const MixEntry& descriptor) {
    Wish wish;
    wish.descriptor = &descriptor;
    wish.dose = c.q.dose;
    for (const MixStep& step : descriptor.steps) wish.ways.push_back(&step);
    std::stable_partition(wish.ways.begin(), wish.ways.end(), [&](const MixStep* step) {
        return std::any_of(c.q.roles.begin(), c.q.roles.end(),
                           [&](const std::string& role) { return contains(step->on, role); });
    });
    for (const Strip* strip : strips_asked(c)) wish.strips.push_back(strip->id);
    return wish;
}

GivenWay way_of(const Composition& c, const Wish& wish, const MixStep& step,
                std::optional<GivenLook>& look) {
    return WayMaker(c, wish, step, look).make();
}

std::optional<std::size_t> way_chosen(const std::vector<std::string>& words) {
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
    constexpr std::array<std::string_view, 29> around{
        "do", "try",  "take", "apply",  "use",  "make",   "choose", "pick", "please",
        "ok", "okay", "yes",  "go",     "with", "for",    "let",    "s",    "lets",
        "us", "the",  "that", "number", "no",   "option", "way",    "idea", "interpretation",
        "i",  "want"};
    std::optional<std::size_t> ordinal, cardinal;
    std::size_t ordinals = 0, cardinals = 0;
    for (const std::string& word : words) {
        const auto found = std::find_if(numbers.begin(), numbers.end(), [&](const Number& number) {
            return word == number.ordinal || word == number.short_form || word == number.cardinal
                   || word == number.digit;
        });
        if (found == numbers.end()) {
            if (std::find(around.begin(), around.end(), word) == around.end()) return std::nullopt;
            continue;
        }
        const auto number = static_cast<std::size_t>(found - numbers.begin()) + 1;
        const bool is_ordinal = word == found->ordinal || word == found->short_form;
        (is_ordinal ? ordinal : cardinal) = number;
        ++(is_ordinal ? ordinals : cardinals);
    }
    // "the second one"
    if (ordinals == 1 && (cardinals == 0 || (cardinals == 1 && cardinal == 1U))) return ordinal;
    return ordinals == 0 && cardinals == 1 ? cardinal : std::nullopt;
}

} // namespace prefade
