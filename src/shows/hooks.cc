#include "shows/hooks.h"

namespace ringmaster::shows {

namespace {

bool is_of_the_pulse(const Error& error) {
    return error.kind() == ErrorKind::Conflict || error.kind() == ErrorKind::Interrupted;
}

}  // namespace

Result<std::optional<std::string>> tear_down(Runtime& runtime, const ShowPolicy& policy, const ShowId& show,
                                             Progress& progress) {
    if (!policy.teardown.is_set()) return std::nullopt;
    const auto found = runtime.find(show);
    const bool is_running = found && *found && (*found)->state == ServiceState::Running;
    if (!is_running) return std::nullopt;
    const auto done = runtime.run_in(show, policy.teardown, progress);
    if (!done && is_of_the_pulse(done.error())) return Fail(done.error());
    if (done || done.error().kind() == ErrorKind::NotFound) return std::nullopt;
    return fmt::format("the teardown of {} did not work, it is removed all the same: {}", show.base_name(),
                       done.error().describe());
}

}  // namespace ringmaster::shows
