#include "sim/simulation.h"

#include <algorithm>

#include "sim/people.h"

namespace ringmaster::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// When people and faults end. The last deeds come a little later than people.cc's active time.
constexpr Duration kActive = minutes(45);
// After that: the longest lease and its margin (6 min), the longest build twice (a failed version is tried
// once more) with its 1 min of waiting for an answer, and the queue's longest wait (15 min) before it.
constexpr Duration kSettling = minutes(75);
// Lease tokens that ran out are swept after an hour.
constexpr Duration kTokensSwept = minutes(70);
constexpr Duration kRestart = seconds(20);
// Old events come in within a minute; each is looked into at once, and again 10 s later.
constexpr Duration kRepetition = minutes(3);

class Simulation {
 public:
    explicit Simulation(const Options& options) : world_(options), people_(world_) {}
    Outcome run();

 private:
    void set_up();
    void plan();
    void start_replica(int index);
    void carry_out(const Deed& deed);
    void run_command(const Deed& deed);
    void jump_clock(const Deed& deed);
    void take_right(Right right, std::uint64_t luck);
    void deliver(int number);
    void send(const Event& event, Duration delay);
    bool run_until(TimePoint when);
    void repeat_events();
    void finish();

    World world_;
    People people_;
    std::vector<std::unique_ptr<Replica>> replicas_;  ///< those that died too: late effects may refer to them
    std::vector<Replica*> serving_;                   ///< by index; null while it is down
    std::vector<int> incarnations_;
    std::vector<std::unique_ptr<CommandRun>> commands_;
    std::vector<std::uint64_t> deeds_;
    std::vector<Event> sent_;
    std::uint64_t fingerprint_ = 0;
};

void Simulation::set_up() {
    const Options& options = world_.options;
    if (world_.fate.has(Fault::Lag)) {
        // Up to what the lease waits out: two seconds.
        Random random(mix(options.seed, 0x1a6));
        world_.forge.set_lag(Duration(random.one_in(2) ? 2000 : random.between(1, 2000)));
    }
    for (int number = 1; number <= options.pull_requests; ++number) {
        people_.open_pull_request(number);
        const ShowId foreign{{"other", "ring"}, number, *ShortSha::parse(fmt::format("{:07x}", number))};
        const Service service{.show = foreign,
                              .name = foreign.service_name(),
                              .state = ServiceState::Running,
                              .created_at = world_.now()};
        world_.engine.units.insert_or_assign(foreign, EngineModel::Unit{.service = service});
    }
    world_.on_change = [this](int number) { deliver(number); };
    world_.on_death = [this](Process& process) {
        for (std::size_t i = 0; i < serving_.size(); ++i) {
            if (!serving_[i] || &serving_[i]->process() != &process) continue;
            serving_[i] = nullptr;
            world_.scheduler.at(world_.now() + kRestart, [this, i] { start_replica(static_cast<int>(i)); });
        }
    };
    serving_.resize(static_cast<std::size_t>(options.workers));
    incarnations_.resize(serving_.size());
    for (int i = 0; i < options.workers; ++i) {
        // Replicas are not started at the same moment: their sweeps would always meet.
        Random random(mix(options.seed, 0x57a, static_cast<std::uint64_t>(i)));
        world_.scheduler.at(world_.now() + Duration(random.between(0, 120'000)),
                            [this, i] { start_replica(i); });
    }
}

void Simulation::start_replica(int index) {
    const auto i = static_cast<std::size_t>(index);
    Process& process = world_.start_process(fmt::format("server-{}/{}", index + 1, ++incarnations_[i]));
    // Clocks of machines differ, by less than the margin that the lease allows for.
    Random random(process.stream);
    process.clock_offset = Duration(random.between(-20'000, 20'000));
    world_.story.tell(world_.now(), process.name, "starts, its clock off by {} s",
                      static_cast<double>(process.clock_offset.count()) / 1000);
    replicas_.push_back(std::make_unique<Replica>(world_, process));
    serving_[i] = replicas_.back().get();
}

void Simulation::plan() {
    for (const auto& deed : plan_deeds(world_.options, world_.now())) {
        if (world_.fate.is_taken_out(deed.key)) continue;
        if (deed.what == Deed::What::JumpClock && !world_.fate.has(Fault::ClockJump)) continue;
        deeds_.push_back(deed.key);
        world_.scheduler.at(deed.when, [this, deed] { carry_out(deed); });
    }
}

void Simulation::carry_out(const Deed& deed) {
    ++world_.stats.changes;
    world_.story.tell(world_.now(), "somebody", "#{}: {} [{:x}]", deed.number, describe(deed), deed.key);
    if (deed.what == Deed::What::RunCommand) return run_command(deed);
    if (deed.what == Deed::What::JumpClock) return jump_clock(deed);
    if (deed.what == Deed::What::TakeRight) return take_right(right_of(deed), deed.luck);
    people_.carry_out(deed);
    deliver(deed.number);
}

void Simulation::run_command(const Deed& deed) {
    Process& process = world_.start_process(fmt::format("command-{}", commands_.size() + 1));
    process.clock_offset = Duration(Random(process.stream).between(-20'000, 20'000));
    commands_.push_back(std::make_unique<CommandRun>(world_, process, deed.command));
}

/// Within what the lease allows for, or far beyond it.
void Simulation::jump_clock(const Deed& deed) {
    auto* replica = serving_[deed.luck % serving_.size()];
    if (!replica) return;
    Random random(deed.luck);
    const std::int64_t most = random.one_in(2) ? 20'000 : 3'600'000;
    replica->process().clock_offset = Duration(random.between(-most, most));
    world_.story.tell(world_.now(), replica->process().name, "its clock is off by {} s now",
                      static_cast<double>(replica->process().clock_offset.count()) / 1000);
}

void Simulation::take_right(Right right, std::uint64_t luck) {
    world_.denied.insert(right);
    const auto until = world_.now() + seconds(30 + luck / kRights % 600);
    world_.scheduler.at(until, [this, right] {
        world_.story.tell(world_.now(), "somebody", "gives the token a right back: {}", to_string(right));
        world_.denied.erase(world_.denied.find(right));
    });
}

void Simulation::deliver(int number) {
    sent_.push_back({number, world_.forge.item(number).now.pull_request.head});
    const std::uint64_t key = mix(0xde117e4, sent_.size());
    Random random(mix(world_.options.seed, key));
    Duration delay(random.between(50, 3000));
    if (world_.fate.strikes(Fault::LostEvent, key)) return;
    if (world_.fate.strikes(Fault::LateEvent, key)) delay += Duration(random.between(5000, 120'000));
    const Event event = sent_.back();
    send(event, delay);
    if (world_.fate.strikes(Fault::DoubledEvent, key))
        send(event, delay + Duration(random.between(0, 30'000)));
}

void Simulation::send(const Event& event, Duration delay) {
    const std::uint64_t luck = mix(world_.options.seed, sent_.size(), 0x5e4d);
    world_.scheduler.at(world_.now() + delay, [this, event, luck] {
        std::vector<Replica*> up;
        for (auto* replica : serving_)
            if (replica) up.push_back(replica);
        if (!up.empty()) up[luck % up.size()]->hear_of(event);
    });
}

bool Simulation::run_until(TimePoint when) {
    while (world_.scheduler.next_due() <= when) {
        if (!world_.scheduler.run_next()) break;
        if (world_.referee.is_decided()) return false;
        fingerprint_ = mix(fingerprint_, static_cast<std::uint64_t>(world_.now().time_since_epoch().count()) ^
                                             (world_.stats.port_calls << 20));
    }
    return true;
}

/// Old events come in again, several times and in any order.
void Simulation::repeat_events() {
    if (sent_.empty()) return;
    world_.story.tell(world_.now(), "the forge", "delivers old events again");
    const auto before = world_.referee.pictures();
    Random random(mix(world_.options.seed, 0x4e9));
    for (int i = 0; i < 4 * world_.options.pull_requests; ++i)
        send(sent_[random.below(sent_.size())], Duration(random.between(0, 60'000)));
    if (run_until(world_.now() + kRepetition)) world_.referee.judge_repetition(before);
}

/// Every fiber leaves its code, so that nothing is leaked.
void Simulation::finish() {
    world_.on_death = nullptr;
    world_.fate.end();
    for (const auto& process : world_.processes) {
        process->is_dead = true;
        for (const auto fiber : process->fibers) world_.scheduler.wake(fiber);
    }
    const auto is_over = [&] {
        return std::ranges::all_of(world_.processes, [&](const auto& process) {
            return std::ranges::all_of(process->fibers,
                                       [&](auto fiber) { return world_.scheduler.is_finished(fiber); });
        });
    };
    while (!is_over() && world_.scheduler.run_next()) {
    }
}

Outcome Simulation::run() {
    const TimePoint start = world_.now();
    set_up();
    plan();
    bool is_well = run_until(start + kActive);
    if (is_well) {
        world_.fate.end();
        for (auto* replica : serving_)
            if (replica) replica->process().clock_offset = Duration(0);
        world_.story.tell(world_.now(), "fate", "from here on nothing goes wrong any more");
        is_well = run_until(start + kActive + kSettling);
    }
    if (is_well) is_well = run_until(start + kActive + kSettling + kTokensSwept);
    if (is_well) world_.referee.judge_settled();
    if (is_well && !world_.referee.is_decided()) repeat_events();
    if (is_well) world_.referee.judge_requests();
    Outcome outcome{.violation = world_.referee.violation(),
                    .limit = world_.referee.limit(),
                    .stats = world_.stats,
                    .fingerprint = fingerprint_,
                    .mishaps = deeds_,
                    .story = world_.story.lines(),
                    .lasted = world_.now() - start};
    const auto& struck = world_.fate.struck();
    outcome.mishaps.insert(outcome.mishaps.end(), struck.begin(), struck.end());
    finish();
    return outcome;
}

}  // namespace

Outcome simulate(const Options& options) {
    return Simulation(options).run();
}

}  // namespace ringmaster::sim
