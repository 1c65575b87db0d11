// A value or an Error: what every fallible call of normal life returns. It has the names of
// std::expected (which this compiler lacks) so that the change is one line later.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace prefade {

enum class ErrorCode {
    invalid,     ///< the caller's words are off: syntax, unit, range
    not_found,   ///< the named thing does not exist; the message lists what does
    ambiguous,   ///< more than one thing matches; the message lists them
    refused,     ///< a safety rule said no
    unsupported, ///< this host or build cannot
    unavailable, ///< no host, no journal, no network: may work later
    io,          ///< file, socket, database
    internal,    ///< a bug: the invariant is in the message
};

struct Error {
    ErrorCode code{ErrorCode::internal};
    std::string message; ///< names the thing, the value, the limit and what to do
    std::string where;   ///< file:line:column, path or peer; may be empty
};

template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return held_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T& value() & { return std::get<0>(held_); }
    const T& value() const& { return std::get<0>(held_); }
    T&& value() && { return std::get<0>(std::move(held_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const { return std::get<1>(held_); }

    /// `next(value)` if there is one, else the error passed on. `next` returns a Result.
    template <class F> auto and_then(F&& next) const& -> decltype(next(value())) {
        if (has_value()) return std::forward<F>(next)(value());
        return error();
    }

private:
    std::variant<T, Error> held_;
};

template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}
    bool has_value() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error& error() const { return error_; }

private:
    Error error_;
    bool failed_{false};
};

} // namespace prefade

/// A broken invariant stops the program with a message, also in release.
#define PREFADE_ASSERT(condition, message)                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "prefade: broken invariant: %s (%s:%d)\n", message, __FILE__,     \
                         __LINE__);                                                                \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
