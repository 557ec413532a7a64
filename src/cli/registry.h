#pragma once
#include "cli/command.h"

namespace ringmaster::cli {

/// The program under its own name.
const Program& ringmaster_program();
/// The program under the names it replaces, `showtime` and `superset-showtime`: their commands and options.
const Program& showtime_program();
/// By argv[0]: the file's name decides.
const Program& program_called(std::string_view path);

inline constexpr const char* kShowsGroup = "Shows";
inline constexpr const char* kFlowsGroup = "Flows";
inline constexpr const char* kUpkeepGroup = "Upkeep";
inline constexpr const char* kServiceGroup = "Service";
inline constexpr const char* kSetUpGroup = "Set-up";
inline constexpr const char* kOtherGroup = "Other";

}  // namespace ringmaster::cli
