// What every fuzz target says when a promise is broken: the message and a stop, so that libFuzzer keeps the
// input.
#pragma once

#include <cstdio>
#include <cstdlib>

#define PREFADE_PROMISE(condition)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "broken promise: %s (%s:%d)\n", #condition, __FILE__, __LINE__);  \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
