#include "knowledge/setting_order.h"

#include "knowledge/plugin_table.h"
#include "knowledge/spelling.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace prefade {

namespace {

/// Words between a plugin, its control and the value.
constexpr std::array<std::string_view, 14> joints{"the",  "a",       "an",     "on",   "of",
                                                  "in",   "to",      "at",     "with", "its",
                                                  "knob", "control", "plugin", "s"};

bool is_joint(const std::string& word) {
    return std::find(joints.begin(), joints.end(), word) != joints.end();
}

class SettingReader {
public:
    SettingReader(const Composition& c, OrderWords words)
        : c_(c),
          q_(c.q),
          words_(std::move(words)),
          all_(words_.whole()) {}
    std::optional<SettingOrder> read();

private:
    /// Nothing is proposed, and why. Always false.
    bool doubt(std::string why, std::string asks = {}) {
        order_.doubt = std::move(why);
        order_.asks = std::move(asks);
        return false;
    }
    bool not_here(std::string why, std::string asks = {}) {
        order_.is_known = false;
        return doubt(std::move(why), std::move(asks));
    }

    bool is_setting();
    bool is_one_thing();
    bool find_strip();
    bool find_inserts();
    bool is_one_plugin();
    bool find_control();
    bool find_band();
    bool find_parameter();
    bool read_switch();
    bool read_bypass();
    bool read_amount();
    std::optional<Amount> in_unit_of_control(const SpokenAmount& amount);
    bool set_value(double value);
    bool is_understood();
    bool propose(Normalized position, const std::string& before, const std::string& after);

    bool is_free(const WordSpan& span) const;
    std::string words_of(const WordSpan& span) const;
    template <class Use> bool any_run(Use use) const; ///< the longest first
    std::string plugin_name() const { return in_quotes(printable(insert_->plugin)); }
    std::string where() const { return plugin_name() + " on " + name_of(*strip_); }
    std::string wanted_plugin() const;

    struct Candidate {
        const Insert* insert{nullptr};
        const Plugin* plugin{nullptr};
        WordSpan words; ///< that name its control
        const PluginControl* control{nullptr};
    };

    const Composition& c_;
    const Question& q_;
    OrderWords words_;
    OrderClause all_;
    SettingOrder order_;
    std::vector<WordSpan> taken_;      ///< words whose part is known
    std::vector<const Plugin*> named_; ///< plugins
    std::vector<std::string> kinds_;   ///< of plugins
    bool bypasses_{false};
    const Strip* strip_{nullptr};
    std::vector<Candidate> candidates_;
    const Insert* insert_{nullptr};
    std::optional<std::uint16_t> band_;
    std::vector<SpokenAmount> amounts_;
    InsertControl at_;
};

// ---- words --------------------------------------------------------------------------------------

bool SettingReader::is_free(const WordSpan& span) const {
    return std::none_of(taken_.begin(), taken_.end(),
                        [&](const WordSpan& one) { return one.meets(span); });
}

std::string SettingReader::words_of(const WordSpan& span) const {
    std::string text;
    for (std::size_t i = span.first; i < span.first + span.count; ++i)
        text += (text.empty() ? "" : " ") + q_.words[i];
    return text;
}

template <class Use> bool SettingReader::any_run(Use use) const {
    constexpr std::size_t longest = 5;
    for (std::size_t count = std::min(longest, q_.words.size()); count > 0; --count)
        for (std::size_t first = 0; first + count <= q_.words.size(); ++first) {
            const WordSpan span{first, count};
            const bool is_edge = is_joint(q_.words[first]) || is_joint(q_.words[first + count - 1]);
            if (!is_edge && is_free(span) && use(span)) return true;
        }
    return false;
}

// ---- is it one ----------------------------------------------------------------------------------

/// It tells to set something of a strip that is a plugin's: the plugin, its kind or a control is named.
bool SettingReader::is_setting() {
    bypasses_ = words_.does("bypass", all_) || words_.does("unbypass", all_);
    const bool acts = bypasses_ || words_.does("set", all_) || words_.does("turn", all_)
                      || words_.does("up", all_) || words_.does("down", all_);
    if (!acts || !words_.begins_as_order() || words_.targets().empty()) return false;
    if (words_.has_word("send", all_) || words_.has_word("sends", all_)) return false;
    const auto is_target = [&](const WordSpan& span) {
        return std::any_of(words_.targets().begin(), words_.targets().end(),
                           [&](const OrderTarget& t) { return t.span.meets(span); });
    };
    constexpr std::array<std::string_view, 4> of_strip{"level", "pan", "loudness", "balance"};
    bool names_control = false;
    for (const Mention& m : q_.mentions) {
        const WordSpan span{m.first, m.count};
        if (!m.plugin || m.first + m.count > q_.words.size() || is_target(span)) continue;
        named_.push_back(m.plugin);
        taken_.push_back(span);
    }
    const std::vector<WordSpan> names = taken_;
    for (const Mention& m : q_.mentions) {
        const WordSpan span{m.first, m.count};
        if (m.first + m.count > q_.words.size() || is_target(span)) continue;
        const bool is_of_name = std::any_of(names.begin(), names.end(),
                                            [&](const WordSpan& name) { return name.meets(span); });
        if (is_of_name) continue;
        if (m.list && m.list->of == WordClass::kind) {
            kinds_.push_back(m.list->id);
            taken_.push_back(span);
        } else if (m.list && m.list->of == WordClass::control
                   && std::find(of_strip.begin(), of_strip.end(), m.list->id) == of_strip.end()) {
            names_control = true;
        }
    }
    if (named_.empty() && kinds_.empty() && (!names_control || bypasses_)) return false;
    amounts_ = words_.amounts(all_);
    // "Set the compressor on the vocal for a ballad" asks how.
    const bool says_place =
        words_.ends_on(all_) || words_.has_word("off", all_) || words_.has_word("to", all_);
    if (amounts_.empty() && !names_control && !bypasses_ && !says_place) return false;
    for (const OrderTarget& target : words_.targets()) taken_.push_back(target.span);
    for (const SpokenAmount& amount : amounts_) taken_.push_back({amount.first, amount.count});
    return true;
}

// ---- which control ------------------------------------------------------------------------------

/// One thing, of one plugin.
bool SettingReader::is_one_thing() {
    constexpr std::array<std::string_view, 7> others{"mute", "unmute", "solo", "unsolo",
                                                     "pan",  "left",   "right"};
    const bool does_other = std::any_of(others.begin(), others.end(), [&](std::string_view verb) {
        return words_.does(verb, all_);
    });
    const bool moves = !amounts_.empty() || words_.does("up", all_) || words_.does("down", all_)
                       || words_.does("set", all_);
    if (does_other || (bypasses_ && moves))
        return doubt("More than one thing is to be done at once", "Which one?");
    const bool names_two =
        named_.size() + (std::set<std::string>(kinds_.begin(), kinds_.end())).size() > 1;
    if (names_two) return doubt("More than one plugin is named", "Which one?");
    return true;
}

bool SettingReader::find_strip() {
    const auto& targets = words_.targets();
    const OrderTarget& target = targets.front();
    if (targets.size() > 1)
        return doubt("More than one strip is named. I set one control of one plugin at a time",
                     "On which strip?");
    if (target.strips.empty())
        return not_here("No strip is called " + in_quotes(printable(target.called)),
                        "On which strip?");
    if (target.strips.size() > 1)
        return doubt(std::to_string(target.strips.size()) + " strips may be meant by "
                         + in_quotes(printable(target.called)),
                     "On which strip?");
    strip_ = target.strips.front();
    return true;
}

std::string SettingReader::wanted_plugin() const {
    return !named_.empty()   ? named_.front()->name
           : !kinds_.empty() ? (kinds_.front() == "eq" ? "EQ" : kinds_.front())
                             : std::string("plugin with such a control");
}

bool SettingReader::find_inserts() {
    if (strip_->inserts.empty() && !strip_->inserts_listed) {
        order_.look = GivenLook{strip_->id, {}};
        return doubt("The plugins of " + name_of(*strip_)
                     + " are not read yet. I read them now: say it again in a moment");
    }
    std::vector<std::string> names;
    for (const Insert& insert : strip_->inserts) {
        names.push_back(in_quotes(printable(insert.plugin)));
        const auto known = c_.library.plugins.reported(insert.plugin, c_.facts.session->host.name);
        if (!known) continue;
        const bool is_named = std::find(named_.begin(), named_.end(), *known) != named_.end();
        const bool is_kind =
            std::find(kinds_.begin(), kinds_.end(), name_in(plugin_kind_names, (*known)->kind))
            != kinds_.end();
        if (named_.empty() ? kinds_.empty() || is_kind : is_named)
            candidates_.push_back({&insert, *known, {}, nullptr});
    }
    if (!candidates_.empty()) return true;
    return not_here(name_of(*strip_) + " has no " + wanted_plugin() + " that I know. "
                    + (names.empty() ? "There is no plugin on it"
                                     : "On it " + std::string(names.size() > 1 ? "are " : "is ")
                                           + in_words(names)));
}

bool SettingReader::is_one_plugin() {
    if (candidates_.size() == 1) return true;
    std::vector<std::string> names;
    for (const Candidate& one : candidates_)
        names.push_back(in_quotes(printable(one.insert->plugin)) + " in slot "
                        + std::to_string(one.insert->slot + 1));
    return doubt("On " + name_of(*strip_) + " that may be " + in_words(names, " or "),
                 "Which plugin?");
}

bool SettingReader::find_control() {
    std::optional<Error> missing;
    for (Candidate& one : candidates_)
        any_run([&](const WordSpan& span) {
            const std::string words = words_of(span);
            const auto found = one.plugin->control(words);
            if (found) {
                one.words = span;
                one.control = *found;
            } else if (found.error().code == ErrorCode::unsupported && !missing) {
                missing = found.error();
            }
            return found.has_value();
        });
    const Plugin* only = candidates_.size() == 1 ? candidates_.front().plugin : nullptr;
    std::erase_if(candidates_, [](const Candidate& one) { return !one.control; });
    if (candidates_.empty() && missing) return not_here(missing->message);
    if (candidates_.empty()) {
        std::vector<std::string> controls;
        for (std::size_t i = 0; only && i < std::min<std::size_t>(only->controls.size(), 8); ++i)
            controls.push_back(only->controls[i].name);
        return not_here("I know no such control of " + (only ? only->name : wanted_plugin())
                            + (controls.empty() ? "" : ". It has " + in_words(controls)),
                        "Which control?");
    }
    if (!is_one_plugin()) return false;
    const Candidate& found = candidates_.front();
    insert_ = found.insert;
    taken_.push_back(found.words);
    order_.plugin = found.plugin;
    order_.control = at_.control = found.control;
    return true;
}

/// "Band 2": the number is no amount.
bool SettingReader::find_band() {
    for (auto amount = amounts_.begin(); amount != amounts_.end(); ++amount) {
        const bool is_band = amount->first > 0 && q_.words[amount->first - 1] == "band"
                             && amount->amount.unit == ControlUnit::number;
        if (!is_band) continue;
        const double number = amount->amount.from;
        if (number < 1.0 || number > at_.control->bands || number != std::floor(number))
            return doubt(at_.control->name + " of " + order_.plugin->name + " has bands 1 to "
                             + std::to_string(at_.control->bands),
                         "Which band?");
        band_ = static_cast<std::uint16_t>(number);
        taken_.push_back({amount->first - 1, 1});
        amounts_.erase(amount);
        return true;
    }
    return true;
}

bool SettingReader::find_parameter() {
    if (insert_->parameters.empty()) {
        order_.look = GivenLook{strip_->id, insert_->id};
        return doubt("The controls of " + where()
                     + " are not read yet. I read them now: say it again in a moment");
    }
    std::vector<InsertControl> found;
    for (const Parameter& parameter : insert_->parameters) {
        if (parameter.output) continue;
        const auto of = order_.plugin->reported_control(parameter.name);
        if (of && of->control == at_.control && (!band_ || of->band == *band_))
            found.push_back({at_.control, &parameter, of->band});
    }
    if (found.empty())
        return not_here("The DAW tells no " + lower_first(at_.control->name) + " of " + where());
    if (found.size() > 1)
        return doubt(at_.control->name + " of " + order_.plugin->name + " is there "
                         + std::to_string(found.size()) + " times, once a band",
                     "Which band, by its number?");
    at_ = found.front();
    return true;
}

// ---- to which value -----------------------------------------------------------------------------

/// As short as it is the same place to any host.
std::string exact(const Parameter& parameter, double plain, Normalized position) {
    constexpr double same = 1e-9; // of the range: less than a float can hold
    std::array<char, 400> text{};
    char *const begin = text.data(), *const end = begin + text.size();
    for (int digits = 1; digits < 17; ++digits) {
        double shorter = 0.0;
        std::from_chars(begin,
                        std::to_chars(begin, end, plain, std::chars_format::general, digits).ptr,
                        shorter);
        const bool is_inside = shorter >= parameter.minimum && shorter <= parameter.maximum;
        if (parameter.stepped || !is_inside
            || std::abs(normalized_of(parameter, shorter).value() - position.value()) >= same)
            continue;
        plain = shorter;
        break;
    }
    return {begin, std::to_chars(begin, end, plain, std::chars_format::fixed).ptr};
}

bool SettingReader::propose(Normalized position, const std::string& before,
                            const std::string& after) {
    const Parameter& parameter = *at_.parameter;
    auto move = parameter_move(*strip_, *insert_, parameter, position, before);
    if (!move)
        return doubt(printable(parameter.name) + " of " + where() + " goes in whole steps",
                     "To what?");
    order_.move = std::move(*move);
    order_.says = printable(parameter.name) + " of " + where()
                  + (before == after ? " to " + after + ", where it is already"
                                     : (before.empty() ? "" : " from " + before) + " to " + after);
    return true;
}

bool SettingReader::set_value(double value) {
    const PluginControl& control = *at_.control;
    if (const auto takes = control.takes({value, value, control.unit}); !takes)
        return doubt(takes.error().message, "To what?");
    const auto position = normalized_in_unit(at_, value);
    if (!position)
        return not_here("What " + to_text(value, control.unit) + " is in the DAW's numbers of "
                        + where() + " is not known for certain, so I propose no move");
    const auto before = value_in_unit(at_);
    return propose(*position,
                   before ? to_text(*before, control.unit) : printable(at_.parameter->text),
                   to_text(value, control.unit));
}

/// A number without a unit is in the control's, where there is no doubt which.
std::optional<Amount> SettingReader::in_unit_of_control(const SpokenAmount& said) {
    const PluginControl& control = *at_.control;
    Amount amount = said.amount;
    if (amount.unit == ControlUnit::number) {
        const bool is_time = in_unit({1.0, 1.0, ControlUnit::seconds}, control.unit).has_value();
        if (is_time) {
            const std::string number = to_text(amount.from, ControlUnit::number);
            doubt(control.name + " is a time", number + " ms or " + number + " s?");
            return std::nullopt;
        }
        amount.unit = control.unit;
    }
    const auto same = in_unit(amount, control.unit);
    if (!same)
        doubt(control.name + " of " + order_.plugin->name + " is not set in "
                  + std::string(name_in(control_unit_names, amount.unit)),
              "To what?");
    return same;
}

bool SettingReader::read_amount() {
    if (amounts_.size() != 1 || amounts_.front().amount.is_range())
        return doubt(amounts_.empty() ? "That says no value" : "More than one number is said",
                     "To what?");
    const SpokenAmount& said = amounts_.front();
    const auto amount = in_unit_of_control(said);
    if (!amount) return false;
    const std::string before = said.first > 0 ? q_.words[said.first - 1] : "";
    const bool down = words_.does("down", all_), up = words_.does("up", all_);
    const bool is_to = before == "to" || before == "at" || before == "of";
    if (down && up) return doubt("Up and down are both said", "Up or down?");
    if (is_to || (!down && !up && before != "by" && words_.does("set", all_)))
        return set_value(amount->from);
    if (!down && !up)
        return doubt("That can be a value or a change", "To it, or up or down by it?");
    const auto now = value_in_unit(at_);
    if (!now)
        return doubt("Where " + at_.control->name + " of " + where()
                         + " stands is not known for certain, so there is nothing to count from",
                     "To what?");
    return set_value(*now + (down ? -std::abs(amount->from) : std::abs(amount->from)));
}

/// "To opto", "on".
bool SettingReader::read_switch() {
    const PluginControl& control = *at_.control;
    std::optional<std::size_t> choice;
    const auto takes = [&](const WordSpan& span) {
        choice = control.choice_named(words_of(span));
        if (choice) taken_.push_back(span);
        return choice.has_value();
    };
    const bool moves =
        words_.does("up", all_) || (words_.does("down", all_) && !words_.has_word("off", all_));
    if (moves || !amounts_.empty())
        return doubt(control.name + " of " + order_.plugin->name + " is a switch", "To what?");
    if (!any_run(takes))
        for (std::size_t i = q_.words.size(); i > 0 && !choice; --i) {
            const std::string& word = q_.words[i - 1];
            const bool is_joining = word == "on" && !words_.ends_on(all_)
                                    && (i < 2 || q_.words[i - 2] != "to"); // "on Vox"
            if (is_free({i - 1, 1}) && !is_joining) takes({i - 1, 1});
        }
    if (!choice)
        return doubt(control.name + " of " + order_.plugin->name + " has "
                         + in_words(control.choices, " or "),
                     "Which one?");
    const auto position = normalized_of_choice(at_, control.choices[*choice]);
    if (!position)
        return not_here("What " + in_quotes(control.choices[*choice])
                        + " is in the DAW's numbers of " + where()
                        + " is not known for certain, so I propose no move");
    const std::string* stands = choice_of(at_);
    return propose(*position, stands ? *stands : printable(at_.parameter->text),
                   control.choices[*choice]);
}

bool SettingReader::read_bypass() {
    if (!is_one_plugin()) return false;
    insert_ = candidates_.front().insert;
    order_.plugin = candidates_.front().plugin;
    const bool on = words_.does("bypass", all_);
    if (on == words_.does("unbypass", all_))
        return doubt("Both are said", "Bypass it, or let it work?");
    const Known<bool>& bypassed = insert_->bypassed;
    order_.move = {{strip_->id, Control::bypass, insert_->id, 0},
                   strip_->name,
                   "bypass/" + insert_->plugin,
                   on ? "on" : "off",
                   !bypassed.value   ? ""
                   : *bypassed.value ? "on"
                                     : "off"};
    order_.says = "bypass of " + where() + ' ' + order_.move.value;
    return true;
}

/// Every word has its part.
bool SettingReader::is_understood() {
    for (const WordSpan& span : taken_) words_.account_for(span);
    for (std::size_t i = 0; i < q_.words.size(); ++i)
        if (is_joint(q_.words[i])) words_.account_for({i, 1});
    const auto left = words_.left_over(all_);
    if (left.words.empty()) return true;
    order_.says.clear();
    return doubt("I do not know what " + in_quotes(left.words)
                     + " means for this move, so I propose none",
                 "Which control, and to what?");
}

std::optional<SettingOrder> SettingReader::read() {
    if (!is_setting()) return std::nullopt;
    if (!c_.facts.session) {
        not_here("No DAW is connected: with the daemon running and a session open this becomes a "
                 "proposed move");
        return order_;
    }
    if (!is_one_thing() || !find_strip() || !find_inserts()) return order_;
    const bool is_read = bypasses_
                             ? read_bypass()
                             : find_control() && find_band() && find_parameter()
                                   && (at_.control->is_choice() ? read_switch() : read_amount());
    if (is_read) is_understood();
    return order_;
}

} // namespace

std::optional<GivenMove> parameter_move(const Strip& strip, const Insert& insert,
                                        const Parameter& parameter, Normalized position,
                                        std::string before) {
    double plain = std::clamp(plain_of(parameter, position), parameter.minimum, parameter.maximum);
    if (parameter.stepped) {
        constexpr double rounding = 1e-6; // of a number to 0..1 and back
        if (std::abs(plain - std::round(plain)) > rounding) return std::nullopt;
        plain = std::round(plain);
        position = normalized_of(parameter, plain);
    }
    return GivenMove{{strip.id, Control::parameter, insert.id, parameter.number},
                     strip.name,
                     insert.plugin + '/' + parameter.name,
                     exact(parameter, plain, position),
                     std::move(before),
                     position};
}

std::optional<SettingOrder> read_setting(const Composition& c, OrderWords words) {
    return SettingReader(c, std::move(words)).read();
}

} // namespace prefade
