#include "adapters/aws/ecs_runtime.h"

#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/service_condition.h"
#include "adapters/aws/task_wait.h"
#include "adapters/support/show_spec.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

std::string tag_or_nothing(const Tags& tags, const std::string& key) {
    const auto found = tags.find(key);
    return found == tags.end() ? "" : found->second;
}

}  // namespace

EcsRuntime::EcsRuntime(EcsSettings settings, AwsClient& client, Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      api_(client, settings_.cluster),
      addresses_(client, settings_.address, settings_.port),
      routes_(client, settings_) {}

Result<void> EcsRuntime::check(const ShowSpec& spec) const {
    TRY(support::check_show(spec, settings_.repository));
    if (spec.artifact.image.empty())
        return Fail(Error::invalid_input("ECS needs an image to run, and the build made none")
                        .hint("use the build engine \"docker\", or \"none\" with [shows.build] image"));
    return {};
}

std::optional<EcsRuntime::Owned> EcsRuntime::if_owned(EcsService service) const {
    auto ownership = read_ownership(service.tags, service.name, settings_.repository, settings_.showtime);
    if (!ownership || ownership->show.service_name() != service.name) return std::nullopt;
    return Owned{std::move(service), *std::move(ownership)};
}

Result<std::optional<EcsRuntime::Owned>> EcsRuntime::find_owned(const ShowId& show, Progress& progress) {
    auto service = TRY(api_.describe_service(show.service_name(), progress));
    if (!service) return std::nullopt;
    auto owned = if_owned(*std::move(service));
    if (!owned || owned->ownership.show != show) return std::nullopt;
    return owned;
}

// ---- deploy ----------------------------------------------------------------------------------------------

Result<Endpoint> EcsRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    TRY(check(spec));
    auto found = TRY(find_owned(spec.show, progress));
    if (found && found->service.is_draining()) {
        TRY(wait_until_gone(spec.show, progress));
        found.reset();
    }
    if (found && TRY(is_to_be_kept(*found, spec, progress))) return adopt(*found, spec, progress);
    return start(spec, found, progress);
}

/// Whether what runs is what is asked for, and has not ended.
Result<bool> EcsRuntime::is_to_be_kept(const Owned& found, const ShowSpec& spec, Progress& progress) {
    if (found.ownership.commit != spec.commit || found.ownership.image != image_tag(spec.artifact))
        return false;
    return condition_of(found.service, TRY(all_tasks(found.service.name, progress)), clock_.now()).state !=
           ServiceState::Exited;
}

Result<Endpoint> EcsRuntime::adopt(const Owned& found, const ShowSpec& spec, Progress& progress) {
    const auto wanted = TRY(tags_of(spec, settings_.tags));
    Tags changed;
    for (const auto* key : {"ringmaster.expires", "ringmaster.requested_by"})
        if (const auto value = tag_or_nothing(wanted, key); value != tag_or_nothing(found.service.tags, key))
            changed[key] = value;
    if (!changed.empty()) TRY(api_.tag(found.service.arn, changed, progress));
    return wait_for(spec.show, found.service.task_definition, progress);
}

Result<Endpoint> EcsRuntime::start(const ShowSpec& spec, const std::optional<Owned>& found,
                                   Progress& progress) {
    const auto body = TRY(task_definition_of(settings_, spec));
    const auto revision = TRY(api_.register_task_definition(
        body, "registering the task definition of " + spec.show.service_name(), progress));
    auto endpoint = found ? change(spec, *found, revision, progress) : create(spec, revision, progress);
    if (endpoint) return endpoint;
    // What is not ours, or was removed by somebody, stays as it is; the rest must not go on costing money
    // (contract D55).
    NoProgress quiet;  // what stopped us must not stop the cleaning up
    const auto cleared = endpoint.error().kind() == ErrorKind::Conflict
                             ? api_.deregister_task_definition(revision, quiet)
                             : remove(spec.show, quiet);
    if (!cleared) return Fail(std::move(endpoint).error().while_doing(cleared.error().describe()));
    return endpoint;
}

Result<Endpoint> EcsRuntime::create(const ShowSpec& spec, const std::string& revision, Progress& progress) {
    std::string target_group;
    if (settings_.address == AddressKind::LoadBalancer)
        target_group = TRY(routes_.ensure(spec.show, progress));
    const auto body = TRY(new_service_of(settings_, spec, revision, target_group));
    const auto created = api_.create_service(
        body, fmt::format("creating the service {} in {}", spec.show.service_name(), settings_.cluster),
        progress);
    if (created) return wait_for(spec.show, revision, progress);
    if (created.error().kind() == ErrorKind::Conflict) return join(spec, revision, created.error(), progress);
    return Fail(created.error());
}

/// There is a service of this name all the same: another worker's, or our own, whose answer was lost.
Result<Endpoint> EcsRuntime::join(const ShowSpec& spec, const std::string& revision, const Error& taken,
                                  Progress& progress) {
    const auto service = TRY(api_.describe_service(spec.show.service_name(), progress));
    const auto found = service ? if_owned(*service) : std::nullopt;
    if (service && !found)
        return Fail(Error::conflict("the cluster {} has a service {} that is not of {}", settings_.cluster,
                                    service->name, settings_.repository.text())
                        .hint("delete or rename it, or use another cluster ([shows.ecs] cluster)"));
    if (!found || found->ownership.commit != spec.commit ||
        found->ownership.image != image_tag(spec.artifact))
        return Fail(taken);
    if (found->service.task_definition != revision) TRY(api_.deregister_task_definition(revision, progress));
    return wait_for(spec.show, found->service.task_definition, progress);
}

/// Another version, or a fresh start, of what is there: ECS starts it beside the old one, which goes when it
/// runs (contract D58).
Result<Endpoint> EcsRuntime::change(const ShowSpec& spec, const Owned& found, const std::string& revision,
                                    Progress& progress) {
    TRY(api_.update_service(
        changed_service_of(settings_, spec.show, revision),
        fmt::format("changing the service {} in {}", spec.show.service_name(), settings_.cluster), progress));
    // After the change, so that a crash between the two does not make the old version look like the new one.
    TRY(api_.tag(found.service.arn, TRY(tags_of(spec, settings_.tags)), progress));
    const auto endpoint = TRY(wait_for(spec.show, revision, progress));
    TRY(api_.deregister_task_definition(found.service.task_definition, progress));
    return endpoint;
}

Result<Endpoint> EcsRuntime::wait_for(const ShowId& show, const std::string& revision, Progress& progress) {
    auto endpoint = TRY(TaskWait(api_, addresses_, settings_, clock_, show, revision).wait(progress));
    remember(show.service_name(), revision, endpoint);
    return endpoint;
}

void EcsRuntime::remember(const std::string& service, const std::string& revision, const Endpoint& endpoint) {
    const std::lock_guard guard(mutex_);
    seen_.insert_or_assign(service, Seen{revision, endpoint, clock_.monotonic()});
}

}  // namespace ringmaster::aws
