#pragma once
// A server replica: the production queue and the production work, on fibers instead of threads. What is
// written here is only what server/work_queue.cc and server/server.cc do with threads.

#include <memory>
#include <vector>

#include "server/keyed_queue.h"
#include "server/metrics.h"
#include "server/show_work.h"
#include "sim/office.h"

namespace ringmaster::sim {

/// A webhook: which pull request, and what its payload says of it.
struct Event {
    int number = 0;
    CommitSha head;
};

class Replica {
 public:
    Replica(World& world, Process& process);

    /// A webhook came in.
    void hear_of(const Event& event);
    bool is_dead() const { return process_.is_dead; }
    /// Nothing is in work and nothing waits to be looked at.
    bool is_idle() const { return queue_.size() == 0; }
    Process& process() { return process_; }

 private:
    void add(const std::string& key, server::Cause cause);
    void work();
    void sweep_on();

    World& world_;
    Process& process_;
    Office office_;
    SimEntropy spread_;
    server::KeyedQueue queue_;
    server::Metrics metrics_;
    server::StopSignal stop_;
    server::ShowWork work_;
    std::vector<Scheduler::FiberId> idle_;
};

/// One run of the command line beside the servers.
struct Command {
    enum class What {
        Sync,
        Start,
        Stop,
        Sweep,
        StartHead,    ///< names the newest commit, which approves it
        SyncEarlier,  ///< a workflow's late job for a commit that was the head once
    };
    What what = What::Sync;
    int number = 0;
};
std::string_view to_string(Command::What what);

class CommandRun {
 public:
    CommandRun(World& world, Process& process, const Command& command);
    bool is_over() const { return is_over_; }

 private:
    void run(const Command& command);
    shows::SyncRequest request_for(const Command& command);

    World& world_;
    Process& process_;
    Office office_;
    bool is_over_ = false;
};

}  // namespace ringmaster::sim
