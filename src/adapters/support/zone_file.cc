#include "adapters/support/zone_file.h"

#include <algorithm>

#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

constexpr const char* kFolder = "/usr/share/zoneinfo";  // tzset(3)

// "Europe/Warsaw", "Etc/GMT+5"; never a way out of the folder.
bool can_be_zone(std::string_view name) {
    const auto is_fit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '_' || c == '-' || c == '+';
    };
    return !name.starts_with('/') && std::ranges::all_of(name, is_fit);
}

}  // namespace

Result<TimeZone> load_time_zone(std::string_view name) {
    if (name.empty() || name == "UTC") return TimeZone();
    const auto unknown =
        Error::invalid_input("there is no time zone \"{}\"", sanitize_for_terminal(truncate_utf8(name, 60)));
    if (!can_be_zone(name)) return Fail(Error(unknown).hint("write it like Europe/Warsaw"));
    const auto bytes = read_file(fmt::format("{}/{}", kFolder, name));
    if (!bytes && !exists(kFolder))
        return Fail(Error(unknown).hint("this machine knows none: install the package tzdata"));
    if (!bytes) return Fail(Error(unknown).hint("write it like Europe/Warsaw"));
    return TRY_WHILE(TimeZone::parse(*bytes), "reading the time zone {}", name);
}

}  // namespace ringmaster::support
