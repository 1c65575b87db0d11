// Whether a complaint was made, at its place.
#pragma once

#include "core/result.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

/// One of the errors ends its place with `where` (":3:8") and has `message` in its words.
inline bool is_told(const std::vector<prefade::Error>& errors, const std::string& where,
                    const std::string& message) {
    bool found = false;
    for (const prefade::Error& error : errors) {
        UNSCOPED_INFO(error.where << ": " << error.message);
        found =
            found
            || (error.where.size() >= where.size()
                && error.where.compare(error.where.size() - where.size(), where.size(), where) == 0
                && error.message.find(message) != std::string::npos);
    }
    return found;
}
