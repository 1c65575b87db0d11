// Full-text search over plugins and mixing knowledge: SQLite FTS5 in memory, ranked by BM25 with names before
// aliases before roles before text. Understands spoken and misspelt names and amounts with a unit ("3k", "100 ms").
// Finds what is near; whoever answers decides whether it is near enough. One thread at a time.
#pragma once

#include "core/result.h"
#include "knowledge/mix_knowledge.h"
#include "knowledge/plugin_catalog.h"
#include "knowledge/spelling.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prefade {

/// A plugin or an entry, exactly one of the two.
struct SearchHit {
    const Plugin* plugin{nullptr};
    const MixEntry* entry{nullptr};
    double score{0.0}; ///< higher is nearer; comparable within one search only
    /// 0..1: how much of what was asked for its text holds, rare words counting more.
    double coverage{0.0};
};

class KnowledgeSearch {
public:
    /// Both must outlive the search and stay as they are. Takes some 10 ms. Errors: internal, when this
    /// SQLite is built without FTS5.
    static Result<std::unique_ptr<KnowledgeSearch>> open(const PluginCatalog& plugins,
                                                         const MixKnowledge& mix);
    ~KnowledgeSearch();

    /// The best first. Words that no text holds are taken for the nearest that one does.
    std::vector<SearchHit> find(std::string_view text, std::size_t most = 10);

    /// All words of all texts.
    const Vocabulary& vocabulary() const;

private:
    struct Impl;
    explicit KnowledgeSearch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade
