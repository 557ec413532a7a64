// ringmaster-sim: runs histories from seeds and says which broke an invariant, with the shortest story of it.

#include <fmt/core.h>

#include <chrono>
#include <ctime>

#include "sim/command_line.h"
#include "sim/shrink.h"

namespace ringmaster::sim {
namespace {

void print_story(const Outcome& outcome) {
    for (const auto& line : outcome.story) fmt::print("{}\n", line);
}

int tell_failure(const CommandLine& line, Options options) {
    fmt::print("seed {} breaks an invariant. To see it again:\n  {}\n", options.seed,
               replay_command(options));
    if (line.shrinks) {
        const Shrunk shrunk = shrink(options);
        fmt::print("The shortest story with the same end ({} of {} deeds and mishaps, {} runs):\n",
                   shrunk.left, shrunk.before, shrunk.runs);
        options.taken_out = shrunk.taken_out;
    }
    options.wants_story = true;
    const Outcome outcome = simulate(options);
    print_story(outcome);
    if (outcome.violation)
        fmt::print("invariant {}: {}\n", outcome.violation->invariant, outcome.violation->what);
    return 1;
}

int replay(const CommandLine& line) {
    Options options = line.options;
    if (line.shrinks) {
        const Outcome plain = simulate(options);
        if (plain.violation) return tell_failure(line, options);
    }
    options.wants_story = true;
    const Outcome outcome = simulate(options);
    print_story(outcome);
    if (!outcome.limit.empty()) {
        fmt::print("seed {} runs into the limit {} (docs/reliability.md) and ends there\n", options.seed,
                   outcome.limit);
        return 0;
    }
    if (!outcome.violation) {
        fmt::print("seed {} keeps all invariants: {} port calls, fingerprint {:016x}\n", options.seed,
                   outcome.stats.port_calls, outcome.fingerprint);
        return 0;
    }
    fmt::print("invariant {}: {}\n", outcome.violation->invariant, outcome.violation->what);
    return 1;
}

struct Totals {
    std::uint64_t port_calls = 0;
    std::uint64_t forge_requests = 0;
    std::uint64_t builds = 0;
    std::uint64_t mishaps = 0;
    std::uint64_t failures = 0;
    std::uint64_t limits = 0;
};

int run_many(const CommandLine& line) {
    const auto started = std::chrono::steady_clock::now();
    const auto passed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    };
    Totals totals;
    std::uint64_t done = 0;
    for (; done < line.seeds && (line.seconds == 0 || passed() < static_cast<double>(line.seconds)); ++done) {
        Options options = line.options;
        options.seed = line.options.seed + done;
        const Outcome outcome = simulate(options);
        totals.port_calls += outcome.stats.port_calls;
        totals.forge_requests += outcome.stats.forge_requests;
        totals.builds += outcome.stats.builds;
        totals.mishaps += outcome.mishaps.size();
        if (!outcome.limit.empty()) {
            ++totals.limits;
            fmt::print("seed {}: a known limit: {}\n", options.seed, outcome.limit);
        }
        if (!outcome.violation) continue;
        ++totals.failures;
        if (!line.keeps_going) return tell_failure(line, options);
        fmt::print("seed {}: invariant {}: {}\n", options.seed, outcome.violation->invariant,
                   outcome.violation->what);
    }
    const double worked = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    fmt::print(
        "{} histories ({} to {}), {} with a broken invariant, {} at a known limit; {} deeds and mishaps, {} "
        "builds, {} requests to the forge, {} port calls in {:.1f} s: {:.0f} a second of processor time\n",
        done, line.options.seed, line.options.seed + done - 1, totals.failures, totals.limits, totals.mishaps,
        totals.builds, totals.forge_requests, totals.port_calls, passed(),
        static_cast<double>(totals.port_calls) / worked);
    return totals.failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ringmaster::sim

int main(int argc, char** argv) {
    using namespace ringmaster;
    const auto line = sim::parse_command_line({argv + 1, argv + argc});
    if (!line) {
        fmt::print(stderr, "ringmaster-sim: {}\n", line.error().describe());
        if (!line.error().hint().empty()) fmt::print(stderr, "{}\n", line.error().hint());
        return 2;
    }
    if (line->wants_help) {
        fmt::print("{}", sim::usage());
        return 0;
    }
    return line->replays ? sim::replay(*line) : sim::run_many(*line);
}
