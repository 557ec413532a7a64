#pragma once
#include <string_view>

namespace ringmaster::cli {

/// The same as project(VERSION) in CMakeLists.txt (a test compares).
inline constexpr std::string_view kVersion = "0.1.0";
/// The release of superset-showtime whose behaviour the name `showtime` stands for.
inline constexpr std::string_view kShowtimeVersion = "0.7.1";

}  // namespace ringmaster::cli
