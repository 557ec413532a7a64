#pragma once
// Everything there is in one history: time, fate, the forge, the engine, the processes that work on them, and
// the referee who watches.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/show_policy.h"
#include "sim/engine_model.h"
#include "sim/faults.h"
#include "sim/forge_model.h"
#include "sim/options.h"
#include "sim/referee.h"
#include "sim/scheduler.h"
#include "sim/story.h"

namespace ringmaster::sim {

/// Thrown from port calls of a process that is dead, to leave its code; nothing it does on the way out has
/// any effect on the world.
struct Crashed {};

/// One run of the program: a server replica from its start to its end, or one command.
struct Process {
    std::string name;
    std::uint64_t stream = 0;  ///< names its draws
    std::uint64_t calls = 0;
    Duration clock_offset{0};  ///< how far its machine's clock is ahead
    TimePoint started;
    bool is_dead = false;
    std::vector<Scheduler::FiberId> fibers;
};

/// What the servers' token may do besides reading and putting labels on; people take rights away.
enum class Right : std::uint8_t { Definitions, Comments, Deployments, Everything };
inline constexpr std::size_t kRights = 4;
std::string_view to_string(Right right);

/// Who is who. An onlooker may put existing labels on, as GitHub's triage role may.
inline constexpr std::string_view kMaintainer = "ada";
inline constexpr std::string_view kOnlooker = "tim";

/// Whoever runs on a fiber: what the referee needs to know of him.
struct Actor {
    Process* process = nullptr;
    int run = 0;                 ///< the claim he works under; 0: none
    int run_number = 0;          ///< … on this pull request
    bool listing_broke = false;  ///< a listing of the sweep he is in failed
    /// What he has read of each pull request is no older than this.
    std::map<int, TimePoint> looked_at;
    std::vector<std::string> labels_at_claim;
    std::optional<TimePoint> last_look(int number) const {
        const auto found = looked_at.find(number);
        return found == looked_at.end() ? std::nullopt : std::optional(found->second);
    }
};

struct Stats {
    std::uint64_t port_calls = 0;
    std::uint64_t forge_requests = 0;
    std::uint64_t looks = 0;    ///< syncs, by anyone
    std::uint64_t changes = 0;  ///< things people did, crashes, mishaps: what there is to react to
    Duration building{0};
    std::uint64_t builds = 0;
};

struct World {
    explicit World(const Options& options);

    TimePoint now() const { return scheduler.now(); }
    /// The actor on the running fiber.
    Actor& actor() { return actors[static_cast<std::size_t>(scheduler.current())]; }
    /// Starts a process's fiber; when `body` ends by a crash, that is all.
    void spawn(Process& process, TimePoint when, std::function<void()> body);
    Process& start_process(const std::string& name);
    /// The process is gone: whatever its fibers wait for, they never do anything again.
    void kill(Process& process);

    bool may(Right right) const { return !denied.contains(right) && !denied.contains(Right::Everything); }

    const Options& options;
    /// What this history's repository wants of its shows: drawn from the seed.
    ShowPolicy policy;
    std::multiset<Right> denied;
    Scheduler scheduler;
    Fate fate;
    Story story;
    ForgeModel forge;
    EngineModel engine;
    Stats stats;
    Referee referee;
    std::vector<Actor> actors;  ///< by fiber
    std::vector<std::unique_ptr<Process>> processes;
    /// Told when a pull request changed visibly, so that webhooks go out.
    std::function<void(int number)> on_change;
    /// Told when a process died.
    std::function<void(Process&)> on_death;
    RepositoryName repository{"circus", "ring"};
};

}  // namespace ringmaster::sim
