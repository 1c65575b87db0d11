// The inserts of a strip, and the parameters of one: names and texts as the columns show them, page by page. To open one is
// somebody's wish alone, for a host that has a screen opens its window too (Ardour 7.3, by its source).
#include "connectors/mcu/engine.h"
#include "connectors/mcu/known_list.h"

#include <algorithm>
#include <utility>

namespace prefade::mcu {
namespace {

constexpr std::size_t most_parameters = 1024; ///< that are read of one insert

} // namespace

Result<void> Dialect::Engine::watch(StripId strip, InsertId insert, TimePoint now) {
    if (!profile_.surface.shows_plugins)
        return Error{ErrorCode::unsupported,
                     "no inserts of " + profile_.title + " are read over "
                         + std::string(protocol_->name()),
                     {}};
    if (const auto may = may_visit(strip); !may) return may;
    const auto parts = parts_.find(strip);
    const bool is_known =
        parts != parts_.end() && parts->second.inserts
        && std::any_of(parts->second.inserts->begin(), parts->second.inserts->end(),
                       [&](const KnownInsert& each) { return each.id == insert; });
    if (!is_known)
        return Error{ErrorCode::not_found, "the strip has no such insert (any more)", {}};
    add_errand(strip, assign_plugin, insert, now);
    return {};
}

void Dialect::Engine::take_inserts(TimePoint now, DialectOutput& out) {
    std::vector<KnownInsert> inserts;
    for (std::size_t column = 0; !visit_->found_nothing() && column < surface_.size(); ++column)
        if (const std::string name = surface_.lower(column); !name.empty())
            inserts.push_back({{}, name, column});
    Parts& parts = parts_[visited_];
    const bool is_same = go_on(parts.inserts, inserts, minted_inserts_);
    InsertsListed listed{visited_, {}, parts.inserts && !is_same};
    for (const KnownInsert& insert : inserts) {
        Insert told;
        told.id = insert.id;
        told.plugin = insert.name;
        told.slot = static_cast<std::uint16_t>(insert.column);
        listed.inserts.push_back(std::move(told));
    }
    parts.inserts = inserts;
    observe(std::move(listed), now, out);
}

void Dialect::Engine::read_pages(TimePoint now, DialectOutput& out) {
    if (!opened_) return open_insert(now);
    if (!visit_->is_last_page() && take_page(now) && pages_.size() < most_parameters)
        return visit_->turn_page(now);
    end_errand(assign_plugin, opened_);
    observe(ParametersListed{visited_, std::exchange(opened_, {}), std::move(pages_)}, now, out);
    pages_.clear();
    visit_->leave(now); // the columns do not show the list any more
}

/// The one that was asked for first, while the list shows it.
void Dialect::Engine::open_insert(TimePoint now) {
    const auto errand = next_errand(now);
    if (!errand || errand->strip != visited_ || errand->assignment != assign_plugin
        || !errand->insert)
        return;
    for (const KnownInsert& insert : *parts_[visited_].inserts) {
        if (insert.id != errand->insert) continue;
        if (surface_.lower(insert.column) != insert.name) break;
        opened_ = insert.id;
        pages_.clear();
        return visit_->open(insert.column, now);
    }
    end_errand(assign_plugin, errand->insert); // it is gone
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
        pages_.push_back(std::move(parameter));
    }
    return true;
}

} // namespace prefade::mcu
