// Catch2, whichever major version is installed: Debian 12 has 2.13, Homebrew and vcpkg have 3.
// Every test includes this header and none of Catch2's own.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
