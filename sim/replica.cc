#include "sim/replica.h"

#include <algorithm>

#include "server/webhook.h"

namespace ringmaster::sim {
namespace {

constexpr int kWorkersOfAReplica = 2;
constexpr Duration kSweepInterval = std::chrono::minutes(2);     // server.h, ServerOptions
constexpr Duration kSweepAgainAfter = std::chrono::seconds(15);  // server.cc, after one that failed
constexpr Duration kLongestNap = std::chrono::minutes(10);

server::ShowWorkOptions work_options() {
    return {};
}

}  // namespace

Replica::Replica(World& world, Process& process)
    : world_(world),
      process_(process),
      office_(world, process),
      spread_(mix(process.stream, 0x59)),
      queue_({}, spread_),
      work_(office_.service, work_options(), stop_, metrics_,
            [this](std::string_view line) { world_.story.tell(world_.now(), process_.name, "{}", line); }) {
    metrics_.declare_counter("ringmaster_work_total", "Looks at pull requests, by why and how they ended.");
    server::declare_show_metrics(metrics_);
    for (int i = 0; i < kWorkersOfAReplica; ++i) world.spawn(process, world.now(), [this] { work(); });
    world.spawn(process, world.now(), [this] { sweep_on(); });
}

void Replica::add(const std::string& key, server::Cause cause) {
    (void)queue_.add(key, cause, office_.clock.monotonic());
    for (const auto fiber : idle_) world_.scheduler.wake(fiber);
}

void Replica::hear_of(const Event& event) {
    if (process_.is_dead) return;
    office_.broken_forge.was_told(event.number, event.head);
    add(server::queue_key(world_.repository, event.number), server::Cause::Event);
}

void Replica::work() {
    const auto self = world_.scheduler.current();
    for (;;) {
        const Duration now = office_.clock.monotonic();
        const auto ticket = queue_.take(now);
        if (!ticket) {
            const auto due = queue_.next_due();
            idle_.push_back(self);
            world_.scheduler.wait_until(world_.now() +
                                        (due ? std::max(*due - now, Duration(1)) : kLongestNap));
            std::erase(idle_, self);
            office_.line.check_alive();
            continue;
        }
        ++world_.stats.looks;
        const auto outcome = work_.look(*ticket);
        queue_.done(ticket->key, outcome, office_.clock.monotonic());
    }
}

void Replica::sweep_on() {
    for (;;) {
        const auto swept = work_.sweep([this](const std::string& key) { add(key, server::Cause::Sweep); });
        ++world_.stats.looks;
        world_.scheduler.wait_until(world_.now() + (swept ? kSweepInterval : kSweepAgainAfter));
        office_.line.check_alive();
    }
}

std::string_view to_string(Command::What what) {
    switch (what) {
        case Command::What::Sync:
            return "sync";
        case Command::What::Start:
            return "start";
        case Command::What::Stop:
            return "stop";
        case Command::What::Sweep:
            return "cleanup";
        case Command::What::StartHead:
            return "start --sha HEAD";
        case Command::What::SyncEarlier:
            return "sync --sha EARLIER";
    }
    return "";
}

CommandRun::CommandRun(World& world, Process& process, const Command& command)
    : world_(world), process_(process), office_(world, process) {
    world.spawn(process, world.now(), [this, command] { run(command); });
}

shows::SyncRequest CommandRun::request_for(const Command& command) {
    shows::SyncRequest request{.number = command.number,
                               .actor = std::string(kMaintainer),
                               .wait_for_claim = std::chrono::minutes(2)};
    const auto& commits = world_.forge.item(command.number).commits;
    switch (command.what) {
        case Command::What::Start:
            request.purpose = shows::Purpose::Start;
            break;
        case Command::What::Stop:
            request.purpose = shows::Purpose::Stop;
            break;
        case Command::What::StartHead:
            request.purpose = shows::Purpose::Start;
            request.sha_prefix = commits.back().text();
            world_.referee.approved(command.number, commits.back().short_sha());
            break;
        case Command::What::SyncEarlier:
            request.asker = shows::Asker::Workflow;
            request.sha_prefix = commits.front().short_sha().text();
            break;
        case Command::What::Sync:
        case Command::What::Sweep:
            break;
    }
    return request;
}

void CommandRun::run(const Command& command) {
    shows::SilentReporter reporter;
    NoProgress progress;
    ++world_.stats.looks;
    if (command.what == Command::What::Sweep) {
        const shows::SweepOptions options;
        const auto plan = shows::plan_sweep(office_.service, options);
        if (plan) (void)shows::perform_sweep(office_.service, *plan, options, reporter, progress);
    } else {
        const shows::SyncRequest request = request_for(command);
        const bool asks = request.purpose != shows::Purpose::Sync;
        const int deeds = asks ? world_.referee.command_began(command.number) : 0;
        if (!asks) world_.referee.sync_began(command.number);
        const auto done = office_.service.sync(request, reporter, progress);
        world_.story.tell(world_.now(), process_.name, "ends: {}",
                          done ? done->action_taken : done.error().describe());
        std::optional<Wish> result;
        if (done && done->action_taken == "create_environment") result = Wish::Show;
        if (done && done->action_taken == "destroy_environment") result = Wish::NoShow;
        if (!asks) world_.referee.sync_ended(command.number);
        if (asks) world_.referee.command_ended(command.number, deeds, result);
    }
    world_.referee.process_ended(process_);
    is_over_ = true;
}

}  // namespace ringmaster::sim
