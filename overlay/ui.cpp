#include "overlay/ui.h"

#include <tuple>

namespace prefade::overlay {
namespace {

bool looks_same(const Picture& a, const Picture& b, bool status) {
    const auto all_but_status = [](const Picture& p) {
        return std::tie(p.host, p.host_name, p.session, p.host_line, p.transport, p.clock,
                        p.recording, p.mode, p.last_error, p.advice, p.strips, p.moves,
                        p.conflicts);
    };
    return all_but_status(a) == all_but_status(b) && (!status || a.status == b.status);
}

} // namespace

bool looks_same(const View& a, const View& b, bool status) {
    return a.line == b.line && a.trouble == b.trouble && a.may_start == b.may_start
           && a.around == b.around && a.asked == b.asked && a.notices == b.notices
           && a.picture.has_value() == b.picture.has_value()
           && (!a.picture || looks_same(*a.picture, *b.picture, status));
}

} // namespace prefade::overlay
