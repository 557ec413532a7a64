#include "adapters/process/process_runtime.h"

#include "adapters/process/instance.h"
#include "adapters/process/stamped_log.h"
#include "adapters/process/supervisor.h"
#include "adapters/support/basic_environment.h"
#include "adapters/support/control_group.h"
#include "adapters/support/files.h"
#include "adapters/support/folder_lock.h"
#include "adapters/support/log_reader.h"
#include "adapters/support/show_command.h"
#include "adapters/support/show_spec.h"
#include "adapters/support/subprocess.h"

namespace ringmaster::process {
namespace {

using support::FolderLock;

// Another worker in the same show's folder starts or ends it, which takes at most this long beside its stop
// grace.
constexpr auto kPatience = std::chrono::seconds(30);
constexpr auto kFollowInterval = std::chrono::milliseconds(100);

}  // namespace

Result<Endpoint> ProcessRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    TRY(check(spec));
    TRY(progress.pulse());
    const auto folder = state_.folder_of(spec.show);
    const auto lock = TRY(FolderLock::take(folder, FolderLock::Missing::Make,
                                           kPatience + settings_.stop_grace, *clock_, progress));
    if (const auto endpoint = TRY(adopt(spec))) return *endpoint;
    TRY(clear(spec.show, progress));
    auto record = reserve(spec, progress);
    auto started = record ? start(spec, *record, progress) : Result<void>(Fail(record.error()));
    if (started) return record->endpoint;
    NoProgress quiet;  // what stopped us must not stop the cleaning up
    auto cleared = clear(spec.show, quiet);
    if (cleared) cleared = support::remove_tree(folder);
    if (!cleared) return Fail(std::move(started).error().while_doing(cleared.error().describe()));
    return Fail(started.error());
}

Result<void> ProcessRuntime::check(const ShowSpec& spec) const {
    TRY(support::check_show(spec, settings_.repository));
    if (settings_.command.empty())
        return Fail(Error::invalid_input("the runtime \"process\" has no command to run")
                        .hint("set [shows.run] command; the app finds its port in $PORT"));
    if (spec.artifact.directory.empty())
        return Fail(
            Error::invalid_input("the runtime \"process\" needs a folder to run in, and the build made none")
                .hint("use the build engine \"command\", or \"none\" with a folder or a checkout"));
    return {};
}

// The endpoint of what runs already, if it is what is asked for.
Result<std::optional<Endpoint>> ProcessRuntime::adopt(const ShowSpec& spec) {
    auto record = TRY(state_.read(spec.show));
    if (!record || record->is_being_removed) return std::nullopt;
    const bool is_same = record->artifact == spec.artifact && record->commit == spec.commit;
    if (!is_same || !support::is_running(record->app)) return std::nullopt;
    record->requested_by = spec.requested_by;
    record->expires_at = spec.expires_at;
    TRY(state_.write(*record));
    return record->endpoint;
}

// A record with a port of its own. The lock on the whole state folder keeps two shows from choosing the same
// one; its name in the search keeps other folders' shows away, whose apps may not listen yet.
Result<ServiceRecord> ProcessRuntime::reserve(const ShowSpec& spec, Progress& progress) {
    const auto lock = TRY(
        FolderLock::take(settings_.state_folder, FolderLock::Missing::Make, kPatience, *clock_, progress));
    const auto port =
        TRY(find_free_port(settings_.address, settings_.ports,
                           settings_.state_folder + spec.show.repository.text() + spec.show.service_name(),
                           state_.ports_on_record()));
    ServiceRecord record{.show = spec.show, .commit = spec.commit};
    record.artifact = spec.artifact;
    record.requested_by = spec.requested_by;
    record.created_at = spec.created_at;
    record.started_at = clock_->now();
    record.expires_at = spec.expires_at;
    record.endpoint = {settings_.host.empty() ? settings_.address : settings_.host, port};
    record.instance = entropy_->hex(16);
    TRY(state_.write(record));
    return record;
}

Result<void> ProcessRuntime::start(const ShowSpec& spec, ServiceRecord& record, Progress& progress) {
    if (settings_.limits.processes)
        record.control_group =
            support::make_control_group(record.instance, *settings_.limits.processes).value_or("");
    auto program = TRY(support::ChildProgram::prepare(app_process(spec, record)));
    auto supervisor =
        TRY(Supervisor::start(std::move(program), state_.folder_of(spec.show), settings_.max_log_bytes));
    record.supervisor = supervisor.identity();
    TRY(state_.write(record));
    TRY(progress.pulse());
    const pid_t app = TRY_WHILE(supervisor.go(), "starting {}", spec.show.service_name());
    // One that has ended already has no identity any more; its end is on record then.
    if (const auto identity = TRY(support::identify(app)))
        record.app = *identity;
    else
        record.app.pid = app;
    return state_.write(record);
}

ProcessSpec ProcessRuntime::app_process(const ShowSpec& spec, const ServiceRecord& record) const {
    ProcessSpec process;
    process.arguments = {"/bin/sh", "-c", settings_.command};
    process.directory = spec.artifact.directory;
    process.limits = settings_.limits;
    process.limits.control_group = record.control_group;
    auto& environment = process.environment;
    environment = support::basic_environment();
    const auto add = [&](const std::map<std::string, std::string>& more) {
        for (const auto& [name, value] : more) environment[name] = value;
    };
    add(settings_.environment);
    add(spec.environment);
    if (!spec.is_from_fork) add(settings_.secrets);
    add({{"PORT", std::to_string(record.endpoint.port)},
         {"HOST", settings_.address},
         {"RINGMASTER_PR", std::to_string(spec.show.pull_request_number)},
         {"RINGMASTER_SHA", spec.commit.text()},
         {"RINGMASTER_REPOSITORY", spec.show.repository.text()},
         {kInstanceVariable, record.instance}});
    return process;
}

Result<Service> ProcessRuntime::look_at(const ServiceRecord& record) const {
    const auto condition = TRY(condition_of(record, [&] { return state_.read_end(record.show); }));
    return Service{.show = record.show,
                   .name = record.show.service_name(),
                   .state = condition.state,
                   .endpoint = record.endpoint,
                   .created_at = record.created_at,
                   .expires_at = record.expires_at,
                   .detail = condition.detail};
}

Result<std::optional<Service>> ProcessRuntime::find(const ShowId& show) {
    const auto record = TRY(state_.read(show));
    if (!record) return std::nullopt;
    return TRY(look_at(*record));
}

Result<std::vector<Service>> ProcessRuntime::list_managed() {
    std::vector<Service> services;
    for (const auto& record : TRY(state_.list(settings_.repository)))
        services.push_back(TRY(look_at(record)));
    return services;
}

Result<PullRequestServices> ProcessRuntime::list_of(int pull_request_number, Others) {
    return pick_services(TRY(list_managed()), pull_request_number);
}

Result<void> ProcessRuntime::remove(const ShowId& show, Progress& progress) {
    const auto folder = state_.folder_of(show);
    const auto lock = FolderLock::take(folder, FolderLock::Missing::Fail, kPatience + settings_.stop_grace,
                                       *clock_, progress);
    if (!lock && lock.error().kind() == ErrorKind::NotFound) return {};
    if (!lock) return Fail(lock.error());
    TRY_WHILE(clear(show, progress), "removing {}", show.service_name());
    return support::remove_tree(folder);
}

// Ends whatever the folder speaks of and empties it. The caller holds its lock.
Result<void> ProcessRuntime::clear(const ShowId& show, Progress& progress) {
    auto record = TRY(state_.read(show));
    if (record) {
        record->is_being_removed = true;
        (void)state_.write(*record);  // only for who looks meanwhile; a full disk must not keep a show alive
        TRY(end(*record, progress));
    }
    return state_.empty(show);
}

Result<void> ProcessRuntime::end(const ServiceRecord& record, Progress& progress) {
    TRY(support::end_processes([&] { return processes_of(record); }, settings_.stop_grace, *clock_,
                               progress));
    // Without anything to supervise it ends by itself, if it is not stuck.
    TRY(support::end_processes([&] { return supervisor_of(record); }, Duration::zero(), *clock_, progress));
    support::remove_control_group(record.control_group);
    return {};
}

// Beside the app, with what it was given: the variables of a pull request are known to nobody else.
Result<void> ProcessRuntime::run_in(const ShowId& show, const ShowCommand& command, Progress& progress) {
    const auto record = TRY(state_.read(show));
    if (!record || record->is_being_removed || !support::is_running(record->app))
        return Fail(Error::not_found("there is no show {} of {} that runs", show.base_name(),
                                     show.repository.text()));
    const auto environment = TRY(variables_of(*record));
    if (!environment)
        return Fail(Error::failed("what {} was given as variables cannot be read any more: the app has "
                                  "written over it",
                                  show.service_name())
                        .hint("start it from a shell that stays: command = \"my-app; exit $?\""));
    ProcessSpec process{.arguments = command.arguments, .directory = record->artifact.directory};
    process.environment = *environment;
    process.limits = settings_.limits;
    process.limits.control_group = record->control_group;
    process.timeout = command.timeout;
    process.max_output_bytes = 0;  // its lines are heard as they come
    const auto result = support::PosixSubprocess().run(process, progress);
    if (!result && result.error().kind() == ErrorKind::NotFound)
        return Fail(Error::failed("{}", result.error().message()).hint(result.error().hint()));
    if (!result) return Fail(result.error());
    return support::check_command_end(result->exit_code);
}

Result<void> ProcessRuntime::logs(const ShowId& show, const LogOptions& options, Progress& progress) {
    if (!TRY(find(show)))
        return Fail(Error::not_found("there is no show {} of {}", show.base_name(), show.repository.text()));
    SinceFilter filter(options.since);
    support::LogReader reader(state_.folder_of(show), kLogName,
                              [&](std::string_view line) { return filter.pass(line); });
    TRY(reader.read_tail(options.tail_lines, progress));
    while (options.follow) {
        const auto service =
            TRY(find(show));  // before reading, so that nothing written before its end is missed
        TRY(reader.read_new(progress));
        if (!service || service->state == ServiceState::Exited) break;
        TRY(clock_->sleep(kFollowInterval, progress));
    }
    reader.finish(progress);
    return {};
}

}  // namespace ringmaster::process
