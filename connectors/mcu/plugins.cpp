// The inserts of a strip, and the parameters of one: names and texts as the columns show them, page by page. To open one is
// somebody's wish alone, for a host that has a screen opens its window too (Ardour 7.3, by its source). A text that is a
// number is a value, which its pot can be brought to; what its range is no host tells.
#include "connectors/mcu/engine.h"
#include "connectors/mcu/known_list.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr std::size_t most_parameters = 1024; ///< that are read of one insert
constexpr std::size_t letters = 6;            ///< of a column, before the blank

} // namespace

/// "-24.5", "400.0", "12.5 ms". A whole number that fills the column may have lost its last digits, and is none; so is one
/// with an exponent.
std::optional<Dialect::Engine::ShownNumber> Dialect::Engine::number_in(std::string_view text) {
    const std::size_t width = text.size();
    if (text.starts_with('+')) text.remove_prefix(1);
    ShownNumber number;
    const char* const end = text.data() + text.size();
    const auto [rest, failed] =
        std::from_chars(text.data(), end, number.value, std::chars_format::fixed);
    if (failed != std::errc{} || !std::isfinite(number.value)) return std::nullopt;
    const std::string_view digits(text.data(), static_cast<std::size_t>(rest - text.data()));
    number.unit.assign(rest, end);
    number.unit.erase(0, number.unit.find_first_not_of(' '));
    if (number.unit.find_first_of("0123456789+-.,") != std::string::npos) return std::nullopt;
    const auto point = digits.find('.');
    // "19920 Hz" shows as "19920 ".
    number.is_cut = width + (number.unit.empty() ? 1 : 0) >= letters;
    if (point == std::string_view::npos && number.unit.empty() && width >= letters)
        return std::nullopt;
    const auto decimals = point == std::string_view::npos ? 0U : digits.size() - point - 1;
    number.step = std::pow(10.0, -static_cast<double>(decimals));
    return number;
}

Result<void> Dialect::Engine::watch(StripId strip, InsertId insert, TimePoint now) {
    if (!profile_.surface.shows_plugins)
        return Error{ErrorCode::unsupported,
                     "no inserts of " + profile_.title + " are read over "
                         + std::string(protocol_->name()),
                     {}};
    if (const auto may = may_visit(strip); !may) return may;
    if (!find_insert(strip, insert))
        return Error{ErrorCode::not_found, "the strip has no such insert (any more)", {}};
    add_errand(strip, assign_plugin, insert, now);
    return {};
}

Dialect::Engine::KnownInsert* Dialect::Engine::find_insert(StripId strip, InsertId insert) {
    return const_cast<KnownInsert*>(std::as_const(*this).find_insert(strip, insert));
}

const Dialect::Engine::KnownInsert* Dialect::Engine::find_insert(StripId strip,
                                                                 InsertId insert) const {
    const auto parts = parts_.find(strip);
    if (parts == parts_.end() || !parts->second.inserts) return nullptr;
    for (const KnownInsert& each : *parts->second.inserts)
        if (each.id == insert) return &each;
    return nullptr;
}

Dialect::Engine::KnownParameter* Dialect::Engine::find_parameter(const ControlPath& path) {
    return const_cast<KnownParameter*>(std::as_const(*this).find_parameter(path));
}

const Dialect::Engine::KnownParameter*
Dialect::Engine::find_parameter(const ControlPath& path) const {
    const KnownInsert* insert = find_insert(path.strip, path.insert());
    if (!insert || path.parameter == 0 || path.parameter > insert->parameters.size())
        return nullptr;
    return &insert->parameters[path.parameter - 1U];
}

std::size_t Dialect::Engine::page_of(std::uint16_t parameter) const {
    return (parameter - 1U) / surface_.size();
}

std::vector<std::string> Dialect::Engine::titles(const KnownInsert& insert,
                                                 std::size_t page) const {
    std::vector<std::string> names(surface_.size());
    for (std::size_t column = 0; column < names.size(); ++column)
        if (const std::size_t at = page * names.size() + column; at < insert.parameters.size())
            names[column] = insert.parameters[at].name;
    return names;
}

/// Of the page that is open.
ControlPath Dialect::Engine::shown_parameter(std::size_t column) const {
    const auto number = static_cast<std::uint16_t>(page_ * surface_.size() + column + 1);
    return {visited_, Control::parameter, opened_, number};
}

/// The columns stand under the names of this page.
bool Dialect::Engine::shows_page(const KnownInsert& insert, std::size_t page) const {
    const auto names = titles(insert, page);
    for (std::size_t column = 0; column < names.size(); ++column)
        if (surface_.upper(column) != names[column]) return false;
    return true;
}

std::optional<std::size_t> Dialect::Engine::column_of_parameter(const ControlPath& path) const {
    const KnownInsert* insert = find_insert(path.strip, path.insert());
    const bool is_there = insert && find_parameter(path) && visit_ && visit_->is_there()
                          && visit_->assignment() == assign_plugin && visited_ == path.strip
                          && opened_ == path.insert() && !is_listing_ && !paging_
                          && page_ == page_of(path.parameter) && shows_page(*insert, page_);
    return is_there ? std::optional((path.parameter - 1U) % surface_.size()) : std::nullopt;
}

/// Of the unit that it was read in: who goes from "ms" to "s" has another scale.
std::optional<Dialect::Engine::ShownNumber>
Dialect::Engine::shown_number(const ControlPath& path) const {
    const auto column = column_of_parameter(path);
    auto number = column ? number_in(surface_.lower(*column)) : std::nullopt;
    const auto* known = find_parameter(path);
    return number && known->number && number->is_of(*known->number) ? number : std::nullopt;
}

// ---- reading --------------------------------------------------------------------------------

/// Of a cut one only what it can be alone.
std::string Dialect::Engine::whole_unit(const ShownNumber& number) {
    if (!number.is_cut) return number.unit;
    return number.unit == "d" ? "dB" : number.unit == "H" ? "Hz" : number.unit;
}

bool Dialect::Engine::ShownNumber::is_of(const ShownNumber& other) const {
    return unit == other.unit || (is_cut && other.unit.starts_with(unit))
           || (other.is_cut && unit.starts_with(other.unit));
}

void Dialect::Engine::take_inserts(TimePoint now, DialectOutput& out) {
    std::vector<KnownInsert> inserts;
    for (std::size_t column = 0; !visit_->found_nothing() && column < surface_.size(); ++column)
        if (const std::string name = surface_.lower(column); !name.empty())
            inserts.push_back({{}, name, column, {}});
    Parts& parts = parts_[visited_];
    const bool is_same = go_on(parts.inserts, inserts, minted_inserts_);
    InsertsListed listed{visited_, {}, parts.inserts && !is_same};
    for (KnownInsert& insert : inserts) {
        if (const KnownInsert* before = find_insert(visited_, insert.id))
            insert.parameters = before->parameters;
        Insert told;
        told.id = insert.id;
        told.plugin = insert.name;
        told.slot = static_cast<std::uint16_t>(insert.column);
        listed.inserts.push_back(std::move(told));
    }
    parts.inserts = std::move(inserts);
    observe(std::move(listed), now, out);
}

/// What is open can show this. All of an insert's parameters are read from its first page on, in a visit of their own.
bool Dialect::Engine::can_show(const Errand& errand) const {
    if (!opened_) return true;
    return errand.insert == opened_ && is_listing_ == (errand.parameter == 0);
}

void Dialect::Engine::show_pages(TimePoint now, DialectOutput& out) {
    if (!opened_) return open_insert(now);
    if (paging_ && !visit_->is_last_page()) page_ = *paging_ == Page::next ? page_ + 1 : page_ - 1;
    const bool is_end = paging_ && visit_->is_last_page();
    paging_.reset();
    if (is_listing_) return read_page(is_end, now, out);
    const KnownInsert* insert = find_insert(visited_, opened_);
    if (!insert || is_end || !shows_page(*insert, page_)) return forget_parameters(now, out);
    follow_parameters(now, out);
    const auto errand = next_errand(now);
    const bool is_wanted = errand && errand->strip == visited_
                           && errand->assignment == assign_plugin && can_show(*errand);
    const bool is_turning = std::any_of(pot_turns_.begin(), pot_turns_.end(),
                                        [](const auto& each) { return !each.second.is_told; });
    if (!is_wanted || is_turning || page_of(errand->parameter) == page_) return;
    for (std::size_t column = 0; column < surface_.size(); ++column)
        if (brackets_.is_open(shown_parameter(column))) return; // it asks once more
    turn_page(page_of(errand->parameter) > page_ ? Page::next : Page::former, now);
}

void Dialect::Engine::turn_page(Page which, TimePoint now) {
    paging_ = which;
    visit_->turn_page(which == Page::next, now);
}

void Dialect::Engine::read_page(bool is_end, TimePoint now, DialectOutput& out) {
    if (!is_end && take_page(now) && pages_.size() < most_parameters)
        return turn_page(Page::next, now);
    end_errand(assign_plugin, opened_);
    if (KnownInsert* insert = find_insert(visited_, opened_)) {
        insert->parameters.clear();
        for (const Parameter& each : pages_)
            insert->parameters.push_back({each.name, number_in(each.text)});
    }
    observe(ParametersListed{visited_, std::exchange(opened_, {}), std::move(pages_)}, now, out);
    pages_.clear();
    visit_->leave(now); // the columns do not show the list any more
}

/// Another plug-in stands there by that name, or its pages are others: whoever wants them reads them anew.
void Dialect::Engine::forget_parameters(TimePoint now, DialectOutput& out) {
    if (KnownInsert* insert = find_insert(visited_, opened_)) insert->parameters.clear();
    observe(ParametersListed{visited_, opened_, {}}, now, out);
    visit_->leave(now);
}

/// Somebody turns a parameter that is in sight.
void Dialect::Engine::follow_parameters(TimePoint now, DialectOutput& out) {
    std::vector<std::pair<ControlPath, Displayed>> news;
    for (std::size_t column = 0; column < surface_.size(); ++column) {
        const ControlPath path = shown_parameter(column);
        const KnownParameter* known = find_parameter(path);
        const auto turn = pot_turns_.find(path);
        const bool is_turning = turn != pot_turns_.end() && !turn->second.is_told;
        const auto shown = known && !is_turning ? shown_number(path) : std::nullopt;
        if (shown && known->number->value != shown->value)
            news.emplace_back(path, Displayed{shown->value});
    }
    for (const auto& [path, number] : news) {
        note_shown(path, number);
        tell(path, number, now, out);
    }
}

/// The one that was asked for first, while the list shows it.
void Dialect::Engine::open_insert(TimePoint now) {
    const auto errand = next_errand(now);
    if (!errand || errand->strip != visited_ || errand->assignment != assign_plugin
        || !errand->insert)
        return;
    const KnownInsert* insert = find_insert(visited_, errand->insert);
    if (insert && surface_.lower(insert->column) == insert->name) {
        opened_ = insert->id;
        is_listing_ = errand->parameter == 0;
        page_ = 0;
        pages_.clear();
        return visit_->open(insert->column, now);
    }
    end_errand(assign_plugin, errand->insert); // it is gone
    if (errand->parameter != 0) visit_->leave(now);
}

/// True: the page is full, so that there may be another.
bool Dialect::Engine::take_page(TimePoint now) {
    for (std::size_t column = 0; column < surface_.size(); ++column) {
        const std::string name = surface_.upper(column);
        if (name.empty()) return false;
        Parameter parameter;
        parameter.number = static_cast<std::uint16_t>(pages_.size() + 1);
        parameter.name = name;
        parameter.text = surface_.lower(column);
        parameter.value.at = now; // what the text is of its range nobody tells
        if (const auto number = number_in(parameter.text)) {
            parameter.displayed.learn(Displayed{number->value}, now);
            parameter.unit = whole_unit(*number);
        }
        pages_.push_back(std::move(parameter));
    }
    return true;
}

// ---- writing --------------------------------------------------------------------------------

Result<void> Dialect::Engine::may_set_parameter(const Move& move) const {
    const auto error = [](ErrorCode code, std::string why) {
        return Error{code, std::move(why), {}};
    };
    const KnownInsert* insert = find_insert(move.path.strip, move.path.insert());
    const KnownParameter* parameter = find_parameter(move.path);
    if (!insert || !parameter)
        return error(ErrorCode::not_found,
                     "the strip has no such parameter (any more), or it was not read yet");
    const auto& all = *parts_.at(move.path.strip).inserts;
    if (std::count_if(all.begin(), all.end(),
                      [&](const KnownInsert& each) { return each.name == insert->name; })
        > 1)
        return error(ErrorCode::ambiguous, "two plug-ins show the name \"" + insert->name
                                               + "\" and cannot be told apart");
    const std::size_t page = page_of(move.path.parameter);
    for (std::size_t other = 0; other * surface_.size() < insert->parameters.size(); ++other)
        if (other != page && titles(*insert, other) == titles(*insert, page))
            return error(ErrorCode::ambiguous,
                         "two pages of \"" + insert->name
                             + "\" show the same names and cannot be told apart");
    if (!parameter->number || !std::holds_alternative<Displayed>(move.target))
        return error(ErrorCode::unsupported,
                     "\"" + parameter->name + "\" has shown no number: it is read only");
    if (!visit_ && selected_cells(surface_).size() > 1)
        return error(ErrorCode::refused, "several strips are selected in " + profile_.title
                                             + ": to set a parameter would undo that");
    return {};
}

} // namespace prefade::mcu
