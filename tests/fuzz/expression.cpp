// Any text as a rule's condition: no crash, an error points into the text, and what compiles evaluates.
#include "knowledge/expression.h"
#include "tests/fuzz/fuzz.h"

#include <string_view>

using namespace prefade;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    MeasureTable measures;
    const auto scope = scope_names[data[0] % scope_names.size()].first;
    auto compiled =
        Expression::compile(text, {scope, ReadingNeed{}, measures, (data[0] & 8U) != 0});
    if (const auto* error = std::get_if<ExpressionError>(&compiled)) {
        PREFADE_PROMISE(error->offset <= text.size() && !error->message.empty());
        return 0;
    }
    const auto& expression = std::get<Expression>(compiled);
    Session session;
    const TimePoint now{std::chrono::seconds(100)};
    for (std::uint32_t i = 1; i <= 3; ++i) {
        Strip strip;
        strip.id = StripId{i};
        strip.name = "Strip";
        if (i != 3) strip.fader.learn(Decibel{-6.0}, now);
        session.strips.push_back(strip);
    }
    session.strips[0].sends.push_back({});
    const Brief brief;
    Frame frame{session, brief, now, now};
    (void)expression.evaluate(frame);
    frame.strip = frame.each = frame.master = &session.strips[0];
    frame.send = &session.strips[0].sends[0];
    (void)expression.evaluate(frame);
    (void)expression.about(frame);
    return 0;
}
