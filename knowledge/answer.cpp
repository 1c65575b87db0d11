#include "knowledge/answer.h"

#include "knowledge/answer_parts.h"

#include <array>
#include <utility>

namespace prefade {

namespace {

constexpr std::size_t most_words = 120;       ///< what can be listened to
constexpr std::size_t most_words_asked = 300; ///< "in detail"

constexpr std::size_t most_remembered = 5; ///< questions

using Part = bool (*)(Composition&);

bool tell_named_plugin(Composition& c) {
    if (c.q.is("compare") && c.q.plugins.size() > 1) return tell_comparison(c);
    if (c.q.plugins.size() > 1 && (contains(c.q.words, "or") || contains(c.q.words, "vs")))
        return tell_comparison(c);
    return !c.q.plugins.empty() && tell_plugin(c, *c.q.plugins.front());
}

bool tell_plugin_of_host(Composition& c) {
    if (c.q.hosts.empty() || c.q.kinds.empty() || c.q.is("how")) return false;
    const Plugin* plugin = plugin_for(c);
    return plugin && tell_plugin(c, *plugin);
}

constexpr std::array<Part, 19> parts{tell_orders_in_disguise,
                                     tell_choice,
                                     tell_command,
                                     tell_session,
                                     tell_misnomer,
                                     tell_unheard,
                                     tell_elsewhere,
                                     tell_chain,
                                     tell_named_plugin,
                                     tell_time,
                                     tell_operation,
                                     tell_begun,
                                     tell_plugin_of_host,
                                     tell_target,
                                     tell_term,
                                     tell_zone,
                                     tell_meaning,
                                     tell_source,
                                     tell_nearest};

} // namespace

struct Answerer::Impl {
    std::shared_ptr<const Library> library;
    std::unique_ptr<KnowledgeSearch> search;
    std::unique_ptr<Lexicon> lexicon;
    const Question* before(const Question& asked) const;

    std::vector<std::string> last_words; ///< of the question before, understood or not
    std::vector<Question> memory;        ///< the last ones that were answered, the newest last
    std::optional<Wish> wish;            ///< the last question, where it was one
};

/// The question that this one leans on: "same compressor" on the last that was about a plugin.
const Question* Answerer::Impl::before(const Question& asked) const {
    if (!asked.leans || memory.empty()) return nullptr;
    if (!asked.kinds.empty() && asked.plugins.empty())
        for (auto past = memory.rbegin(); past != memory.rend(); ++past)
            if (!past->plugins.empty()) return &*past;
    return &memory.back();
}

Answerer::Answerer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Answerer::~Answerer() = default;

Result<std::unique_ptr<Answerer>> Answerer::open(std::shared_ptr<const Library> library) {
    auto search = KnowledgeSearch::open(library->plugins, library->mix);
    if (!search) return search.error();
    auto impl = std::make_unique<Impl>();
    impl->lexicon = std::make_unique<Lexicon>(library->plugins, library->mix, library->words,
                                              (*search)->vocabulary());
    impl->search = std::move(*search);
    impl->library = std::move(library);
    return std::unique_ptr<Answerer>(new Answerer(std::move(impl)));
}

GivenAnswer Answerer::ask(std::string_view question, const SessionFacts& facts) {
    Question q = understand(question, *impl_->lexicon, impl_->library->mix);
    q.words_before =
        std::exchange(impl_->last_words, q.words); // also of one that was not understood
    if (const Question* before = impl_->before(q)) lean_on(q, *before);
    q.wished_before = std::exchange(impl_->wish, std::nullopt);
    Composition c{*impl_->library, *impl_->search, facts, q};
    bool is_told = false;
    for (const Part part : parts)
        if (!is_told) is_told = part(c);
    if (!is_told) tell_unknown(c);
    impl_->wish = c.wished;
    c.answer.text = c.telling.text(q.is("more") ? most_words_asked : most_words);
    if (c.answer.kind != AnswerKind::unknown) {
        if (impl_->memory.size() == most_remembered) impl_->memory.erase(impl_->memory.begin());
        q.ordered = c.ordered;
        impl_->memory.push_back(std::move(q));
    }
    return std::move(c.answer);
}

void Answerer::forget() {
    impl_->memory.clear();
    impl_->last_words.clear();
    impl_->wish.reset();
}

} // namespace prefade
