#include "overlay/ui.h"

namespace prefade::overlay {

bool looks_same(const View& a, const View& b, bool status) {
    const auto frozen = [status](const View& view) {
        std::optional<Picture> picture = view.picture;
        if (picture && !status) picture->status = {};
        return picture;
    };
    return a.line == b.line && a.trouble == b.trouble && a.may_start == b.may_start
           && a.around == b.around && a.asked == b.asked && a.notices == b.notices
           && frozen(a) == frozen(b);
}

} // namespace prefade::overlay
