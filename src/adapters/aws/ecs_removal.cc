// The end of a show on ECS: its service and tasks, confirmed, then every revision of its task definition.

#include <algorithm>

#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/ecs_runtime.h"

namespace ringmaster::aws {
namespace {

// A revision that was registered by a worker that died before it used it is among the newest. A family that
// is shared with others (superset-showtime deregistered nothing) may have thousands.
constexpr std::size_t kMostRevisions = 20;

}  // namespace

Result<void> EcsRuntime::remove(const ShowId& show, Progress& progress) {
    const auto found = TRY(find_owned(show, progress));
    if (found) TRY_WHILE(end_service(*found, progress), "removing {}", show.service_name());
    if (settings_.address == AddressKind::LoadBalancer) TRY(routes_.remove(show, progress));
    return deregister_all(show, found ? found->service.task_definition : "", progress);
}

Result<void> EcsRuntime::end_service(const Owned& found, Progress& progress) {
    if (!found.service.is_draining()) {
        const auto deleted = api_.delete_service(found.service.name, progress);
        const bool is_there = !deleted && deleted.error().kind() != ErrorKind::NotFound;
        if (is_there) return deleted;
    }
    return wait_until_gone(found.ownership.show, progress);
}

/// Gone is: ECS says INACTIVE or does not know it, and each of its tasks has stopped (contract D17, D24).
Result<void> EcsRuntime::wait_until_gone(const ShowId& show, Progress& progress) {
    const auto deadline = clock_.monotonic() + settings_.removal_timeout;
    const auto lives = [&](const EcsTask& task) {
        return task.service_name == show.service_name() && !task.is_stopped();
    };
    for (;;) {
        if (!TRY(api_.describe_service(show.service_name(), progress)) &&
            std::ranges::none_of(TRY(api_.stopped_tasks(family_of(settings_, show), progress)), lives))
            return {};
        if (clock_.monotonic() >= deadline)
            return Fail(Error::timed_out("{} is still being stopped by ECS after {}", show.service_name(),
                                         format_duration_for_people(settings_.removal_timeout))
                            .hint("look at its tasks at AWS; the next sweep tries again"));
        TRY(clock_.sleep(settings_.poll_interval, progress));
    }
}

Result<void> EcsRuntime::deregister_all(const ShowId& show, const std::string& own_revision,
                                        Progress& progress) {
    if (!own_revision.empty()) TRY(api_.deregister_task_definition(own_revision, progress));
    const auto revisions =
        TRY(api_.list_task_definitions(family_of(settings_, show), kMostRevisions, progress));
    for (std::size_t i = 0; i < std::min(revisions.size(), kMostRevisions); ++i)
        if (revisions[i] != own_revision && TRY(is_revision_of(revisions[i], show, progress)))
            TRY(api_.deregister_task_definition(revisions[i], progress));
    return {};
}

Result<bool> EcsRuntime::is_revision_of(const std::string& revision, const ShowId& show, Progress& progress) {
    {
        const std::lock_guard guard(mutex_);
        if (foreign_revisions_.contains(revision)) return false;
    }
    const auto tags = TRY(api_.task_definition_tags(revision, progress));
    const auto ownership = read_ownership(tags, "", settings_.repository, Showtime::Ignore);
    if (ownership && ownership->show == show) return true;
    if (!ownership) {
        const std::lock_guard guard(mutex_);
        foreign_revisions_.insert(revision);
    }
    return false;
}

}  // namespace ringmaster::aws
