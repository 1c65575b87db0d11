// Units as types: a number that crosses a module border says what it is. Silence is -inf dB.
// NaN never enters: whoever decodes outside input refuses it first. Pure; any thread.
#pragma once

#include <chrono>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace prefade {

using Clock = std::chrono::steady_clock; ///< ages and time-outs
using TimePoint = Clock::time_point;
using Duration = Clock::duration;
using WallTime = std::chrono::system_clock::time_point; ///< journal and reports

/// Level relative to full scale or to unity gain, or a difference of levels, in dB. -inf is silence.
struct Decibel {
    constexpr Decibel() noexcept = default;
    constexpr explicit Decibel(double db) noexcept : db_(db) {}
    constexpr double value() const noexcept { return db_; }
    static constexpr Decibel silence() noexcept {
        return Decibel{-std::numeric_limits<double>::infinity()};
    }
    constexpr bool is_silence() const noexcept {
        return db_ == -std::numeric_limits<double>::infinity();
    }
    friend constexpr auto operator<=>(Decibel, Decibel) = default;
    friend constexpr Decibel operator+(Decibel a, Decibel b) noexcept {
        return Decibel{a.db_ + b.db_};
    }
    friend constexpr Decibel operator-(Decibel a, Decibel b) noexcept {
        return Decibel{a.db_ - b.db_};
    }
    constexpr Decibel operator-() const noexcept { return Decibel{-db_}; }

private:
    double db_{0.0};
};

/// |a - b| in dB; two silences are 0 apart, silence and anything else infinitely far.
inline Decibel distance(Decibel a, Decibel b) noexcept {
    return a == b ? Decibel{0.0} : Decibel{std::abs(a.value() - b.value())};
}

/// A difference of loudness, in LU.
struct LoudnessUnits {
    constexpr LoudnessUnits() noexcept = default;
    constexpr explicit LoudnessUnits(double lu) noexcept : lu_(lu) {}
    constexpr double value() const noexcept { return lu_; }
    friend constexpr auto operator<=>(LoudnessUnits, LoudnessUnits) = default;

private:
    double lu_{0.0};
};

/// Loudness by ITU-R BS.1770, in LUFS. Two of them do not add; their difference is LU.
struct Lufs {
    constexpr Lufs() noexcept = default;
    constexpr explicit Lufs(double lufs) noexcept : lufs_(lufs) {}
    constexpr double value() const noexcept { return lufs_; }
    friend constexpr auto operator<=>(Lufs, Lufs) = default;
    friend constexpr LoudnessUnits operator-(Lufs a, Lufs b) noexcept {
        return LoudnessUnits{a.lufs_ - b.lufs_};
    }
    friend constexpr Lufs operator+(Lufs a, LoudnessUnits b) noexcept {
        return Lufs{a.lufs_ + b.value()};
    }

private:
    double lufs_{-std::numeric_limits<double>::infinity()};
};

/// Inter-sample peak by ITU-R BS.1770 annex 2, in dBTP.
struct TruePeak {
    constexpr TruePeak() noexcept = default;
    constexpr explicit TruePeak(double dbtp) noexcept : dbtp_(dbtp) {}
    constexpr double value() const noexcept { return dbtp_; }
    friend constexpr auto operator<=>(TruePeak, TruePeak) = default;

private:
    double dbtp_{-std::numeric_limits<double>::infinity()};
};

struct Hertz {
    constexpr Hertz() noexcept = default;
    constexpr explicit Hertz(double hz) noexcept : hz_(hz) {}
    constexpr double value() const noexcept { return hz_; }
    friend constexpr auto operator<=>(Hertz, Hertz) = default;

private:
    double hz_{0.0};
};

/// A span of time that people set (a glide, an age limit), in ms.
struct Milliseconds {
    constexpr Milliseconds() noexcept = default;
    constexpr explicit Milliseconds(double ms) noexcept : ms_(ms) {}
    constexpr double value() const noexcept { return ms_; }
    friend constexpr auto operator<=>(Milliseconds, Milliseconds) = default;
    constexpr Duration span() const noexcept {
        return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms_));
    }
    static constexpr Milliseconds of(Duration d) noexcept {
        return Milliseconds{std::chrono::duration<double, std::milli>(d).count()};
    }

private:
    double ms_{0.0};
};

/// Position between the speakers: -1 hard left, 0 centre, +1 hard right.
struct Pan {
    constexpr Pan() noexcept = default;
    constexpr explicit Pan(double position) noexcept : position_(position) {}
    constexpr double value() const noexcept { return position_; }
    friend constexpr auto operator<=>(Pan, Pan) = default;

private:
    double position_{0.0};
};

/// 0..1 of one parameter of one host. Never compared with that of another parameter; the
/// engineering value needs the plugin's entry or the host's own text.
struct Normalized {
    constexpr Normalized() noexcept = default;
    constexpr explicit Normalized(double part) noexcept : part_(part) {}
    constexpr double value() const noexcept { return part_; }
    friend constexpr auto operator<=>(Normalized, Normalized) = default;

private:
    double part_{0.0};
};

/// The number that a plug-in's display shows of a parameter whose host tells no range, in the display's own unit. Never
/// compared with that of another parameter.
struct Displayed {
    constexpr Displayed() noexcept = default;
    constexpr explicit Displayed(double number) noexcept : number_(number) {}
    constexpr double value() const noexcept { return number_; }
    friend constexpr auto operator<=>(Displayed, Displayed) = default;

private:
    double number_{0.0};
};

} // namespace prefade
