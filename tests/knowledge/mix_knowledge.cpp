// The shipped files of mixing knowledge.
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/roles.h"
#include "knowledge/rule_cases.h"
#include "tests/support/catch.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

using namespace prefade;

namespace {

const std::string knowledge_folder = PREFADE_TESTS_DIR "/../knowledge/";

KnownNames shipped_names() {
    KnownNames names;
    const auto roles = RoleBook::load(knowledge_folder + "roles.toml");
    REQUIRE(roles);
    names.roles = roles->roles();
    const LoadedPlugins plugins = PluginCatalog::load({knowledge_folder + "plugins"});
    for (const Plugin& plugin : plugins.catalog.plugins()) names.plugins.push_back(plugin.id);
    const LoadedRules rules = RuleBook::load({knowledge_folder + "rules"});
    for (const Rule& rule : rules.book.rules()) names.rules.push_back(rule.id);
    return names;
}

LoadedMix load_shipped(const KnownNames& names) {
    std::vector<std::filesystem::path> files;
    for (const std::string_view name : MixKnowledge::file_names())
        files.push_back(knowledge_folder + std::string(name));
    return MixKnowledge::load(files, names);
}

const MixKnowledge& shipped_mix() {
    static const MixKnowledge knowledge = [] {
        LoadedMix loaded = load_shipped(shipped_names());
        for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
        return std::move(loaded.knowledge);
    }();
    return knowledge;
}

std::vector<const MixEntry*> entries_of(MixKind kind) {
    std::vector<const MixEntry*> some;
    for (const MixEntry& entry : shipped_mix().entries())
        if (entry.kind == kind) some.push_back(&entry);
    return some;
}

} // namespace

TEST_CASE("all mixing knowledge that is shipped loads, fifty descriptors and thirty phrases") {
    const KnownNames names = shipped_names();
    const auto start = std::chrono::steady_clock::now();
    const LoadedMix loaded = load_shipped(names);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    for (const Error& error : loaded.errors) FAIL_CHECK(error.where << ": " << error.message);
    std::printf("%zu entries of %zu files of mixing knowledge loaded in %.1f ms\n",
                loaded.knowledge.entries().size(), loaded.files, took.count());
    std::map<MixKind, std::size_t> count;
    for (const MixEntry& entry : loaded.knowledge.entries()) ++count[entry.kind];
    const std::pair<MixKind, std::size_t> at_least[] = {
        {MixKind::measure, 50},    {MixKind::platform, 20},   {MixKind::genre, 18},
        {MixKind::instrument, 20}, {MixKind::pair, 18},       {MixKind::priority, 14},
        {MixKind::eq, 30},         {MixKind::zone, 13},       {MixKind::dynamics, 39},
        {MixKind::diagnosis, 6},   {MixKind::chain, 15},      {MixKind::descriptor, 50},
        {MixKind::phrase, 30},     {MixKind::automation, 20}, {MixKind::pacing, 6},
        {MixKind::album, 8},       {MixKind::term, 60},       {MixKind::operation, 12},
        {MixKind::problem, 15},    {MixKind::principle, 60}};
    CHECK(std::size(at_least) == mix_kind_names.size());
    for (const auto& [kind, least] : at_least) {
        INFO(name_in(mix_kind_names, kind));
        CHECK(count[kind] >= least);
    }
}

TEST_CASE("every descriptor means several different things, each with quantities and a measure") {
    for (const MixEntry* entry : entries_of(MixKind::descriptor)) {
        INFO(entry->origin.where << ": " << entry->id);
        std::set<std::string> does, by;
        for (const MixStep& step : entry->steps) {
            does.insert(step.does);
            by.insert((step.tool ? std::string(name_in(plugin_kind_names, *step.tool)) : "hand")
                      + '/' + step.measure);
            CHECK_FALSE(step.figures.empty());
            const MixEntry* measure = shipped_mix().find(MixKind::measure, step.measure);
            REQUIRE(measure);
        }
        CHECK(does.size() == entry->steps.size());
        CHECK(by.size() >= 2); // not one move in several sizes
    }
}

TEST_CASE("every phrase has a hypothesis that can be looked at today, and says which cannot") {
    std::size_t today = 0, all = 0;
    for (const MixEntry* entry : entries_of(MixKind::phrase)) {
        INFO(entry->origin.where << ": " << entry->id);
        bool is_one = false;
        for (const MixStep& step : entry->steps) {
            const MixEntry* measure = shipped_mix().find(MixKind::measure, step.measure);
            REQUIRE(measure);
            const bool can = measure->measured_by != MeasuredBy::nobody;
            is_one = is_one || can;
            today += can ? 1 : 0;
            ++all;
            CHECK(step.confirms->unit == measure->unit);
        }
        CHECK(is_one);
        CHECK(entry->aliases.size() >= 4);
    }
    std::printf("%zu of %zu hypotheses can be measured today\n", today, all);
    CHECK(today * 3 > all * 2);
}

TEST_CASE("every entry says what it rests on, and every number is one") {
    for (const MixEntry& entry : shipped_mix().entries()) {
        INFO(entry.origin.where);
        CHECK_FALSE(entry.origin.source.empty());
        std::vector<const std::vector<Figure>*> all{&entry.figures};
        for (const MixStep& step : entry.steps) {
            CHECK_FALSE(step.origin.source.empty());
            all.push_back(&step.figures);
        }
        for (const std::vector<Figure>* figures : all)
            for (const Figure& figure : *figures) {
                INFO(figure.name);
                CHECK(std::isfinite(figure.amount.from)); // "300..inf ms" is 300 ms or more
                CHECK(figure.amount.from <= figure.amount.to);
            }
    }
}

TEST_CASE("what sources disagree on is kept with all its sides") {
    const MixEntry* soundcloud = shipped_mix().find(MixKind::platform, "soundcloud");
    REQUIRE(soundcloud);
    CHECK(soundcloud->origin.basis == Basis::uncertain);
    CHECK_FALSE(soundcloud->figure("loudness"));
    REQUIRE(soundcloud->conflicts.size() == 1);
    CHECK(soundcloud->conflicts[0].claims.size() == 3);
    std::size_t conflicts = 0;
    for (const MixEntry& entry : shipped_mix().entries()) conflicts += entry.conflicts.size();
    CHECK(conflicts >= 8);
}

TEST_CASE("entries are called by their words in any spelling, and never taken for a neighbour") {
    struct Row {
        MixKind kind;
        const char *words, *id;
    };
    const Row table[] = {
        {MixKind::descriptor, "Darker", "dark"},
        {MixKind::descriptor, "in-your-face", "forward"},
        {MixKind::phrase, "the chorus is missing energy", "chorus-missing-energy"},
        {MixKind::phrase, "Can't hear the vocal", "cannot-hear-vocal"},
        {MixKind::platform, "You Tube", "youtube"},
        {MixKind::genre, "Hip Hop", "hip-hop"},
        {MixKind::term, "LRA", "loudness-range"},
        {MixKind::chain, "ballad vocal chain", "vocal-ballad"},
        {MixKind::operation, "Bounce", "export-mix"},
    };
    for (const Row& row : table) {
        INFO(row.words);
        const auto found = shipped_mix().called(row.kind, row.words);
        REQUIRE(found);
        CHECK((*found)->id == row.id);
    }
    const auto none = shipped_mix().called(MixKind::descriptor, "darkerr");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::not_found);
    CHECK(none.error().message.find("the nearest is \"darker\", which is not taken for it")
          != std::string::npos);
    CHECK_FALSE(shipped_mix().called(MixKind::phrase, ""));
}
