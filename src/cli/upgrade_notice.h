#pragma once
// The notice of a newer version: when it may be given, how often, and what it says. Nobody waits for it: a
// process in the background asks the forge once a day and writes the answer down; a later command reads it.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "cli/environment.h"
#include "cli/output.h"

namespace ringmaster::cli {

/// How the program came onto this machine.
enum class Installation { Apt, Pip, Binary };
/// By where the program's file is. `is_of_a_package`: dpkg says that the file is one of its own.
Installation installation_of(std::string_view program_path, bool is_of_a_package);

/// What is remembered between runs, in a small file. Any text reads; what makes no sense is as if it were not
/// there.
struct UpgradeMemory {
    std::optional<TimePoint> asked;  ///< when the forge was asked last
    std::optional<TimePoint> told;   ///< when the notice was given last
    std::string latest;              ///< "1.4.2"; empty = not known
    bool operator==(const UpgradeMemory&) const = default;
};
UpgradeMemory parse_upgrade_memory(std::string_view text);
std::string print_upgrade_memory(const UpgradeMemory& memory);

/// "1.4.2" of a release's tag ("v1.4.2"); nullopt for anything else, pre-releases included.
std::optional<std::string> version_of_tag(std::string_view tag);
/// Both "1.4.2"; what is not is never newer.
bool is_newer(std::string_view version, std::string_view than);

/// Only a person at a terminal is told: not a job, not a script, not who reads JSON.
bool may_tell_of_upgrades(const Environment& environment, const Traits& err, bool as_json);

struct UpgradeStep {
    bool ask = false;      ///< start asking in the background
    std::string notice;    ///< to print now; empty = nothing
    UpgradeMemory memory;  ///< as it is afterwards
};
/// At most one question and one notice a day.
UpgradeStep next_upgrade_step(const UpgradeMemory& memory, TimePoint now, std::string_view our_version,
                              Installation installation, std::string_view releases_page);

}  // namespace ringmaster::cli
