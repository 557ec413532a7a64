#pragma once
// A control group of the kernel's for one tree of processes: it bounds how many they are, root's and those
// that leave their process group included, which RLIMIT_NPROC does not. Both versions of the interface know
// the files pids.max and cgroup.procs
// (https://docs.kernel.org/admin-guide/cgroup-v2.html#pid, …/cgroup-v1/pids.html).

#include <cstdint>
#include <optional>
#include <string>

namespace ringmaster::support {

/// Makes one, below ours or beside it, for at most `most` processes and threads, and gives its folder. Ones
/// of ours that were left empty go on the way. nullopt: the controller is not there, or we may not: root may,
/// and services and users to whom systemd delegates (Delegate=yes).
std::optional<std::string> make_control_group(const std::string& name, std::uint64_t most);
/// Once its processes have ended; one that is not empty stays, and is passed over. "" is none.
void remove_control_group(const std::string& folder) noexcept;
/// In a forked child: moves the calling process there.
bool enter_control_group(const char* procs_file) noexcept;

}  // namespace ringmaster::support
