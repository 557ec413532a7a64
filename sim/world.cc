#include "sim/world.h"

namespace ringmaster::sim {
namespace {

constexpr TimePoint kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours(12)};

ShowPolicy draw_policy(const Options& options) {
    ShowPolicy policy{.limit = 0, .health = {.timeout = std::chrono::minutes(1)}};
    Random random(mix(options.seed, 0x9011c7));
    if (random.one_in(4)) policy.limit = static_cast<int>(random.between(1, options.pull_requests));
    if (random.one_in(6)) policy.forks = random.one_in(2) ? ForkPolicy::Never : ForkPolicy::Allow;
    if (random.one_in(4)) policy.drafts = random.one_in(2) ? DraftPolicy::Skip : DraftPolicy::Always;
    if (options.has_hooks) {
        policy.seed = {.arguments = {"seed"}};
        policy.teardown = {.arguments = {"leave"}, .timeout = std::chrono::seconds(15)};
    }
    return policy;
}

}  // namespace

std::string_view to_string(Right right) {
    switch (right) {
        case Right::Definitions:
            return "label definitions";
        case Right::Comments:
            return "comments";
        case Right::Deployments:
            return "deployment records";
        case Right::Everything:
            return "everything but reading";
    }
    return "";
}

World::World(const Options& given)
    : options(given),
      policy(draw_policy(given)),
      scheduler(mix(given.seed, 0x5c), kStart),
      fate(given.seed, given.faults, given.taken_out),
      story(given.wants_story, kStart),
      engine(given.seed),
      referee(*this) {}

void World::spawn(Process& process, TimePoint when, std::function<void()> body) {
    const auto fiber = scheduler.spawn(when, [&process, body = std::move(body)] {
        try {
            if (!process.is_dead) body();
        } catch (const Crashed&) {
            // It left its code without doing anything more; nothing remains to be done.
        }
    });
    process.fibers.push_back(fiber);
    actors.resize(static_cast<std::size_t>(fiber) + 1);
    actors.back().process = &process;
}

Process& World::start_process(const std::string& name) {
    processes.push_back(std::make_unique<Process>());
    Process& process = *processes.back();
    process.name = name;
    process.stream = mix(options.seed, 0x9c0);
    for (const char c : name) process.stream = mix(process.stream, static_cast<unsigned char>(c));
    process.started = now();
    return process;
}

void World::kill(Process& process) {
    if (process.is_dead) return;
    process.is_dead = true;
    ++stats.changes;
    referee.process_died(process);
    for (const auto fiber : process.fibers) scheduler.wake(fiber);
    if (on_death) on_death(process);
}

}  // namespace ringmaster::sim
