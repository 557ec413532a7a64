#pragma once
// A repository with small flows, a database and workers: what the tests of runs need of the real world.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/git_source/git_source_tree.h"
#include "adapters/local_orchestrator/local_orchestrator.h"
#include "adapters/local_orchestrator/local_worker.h"
#include "adapters/support/files.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "testing/fake_entropy.h"
#include "testing/git_repository.h"
#include "testing/recording_progress.h"

namespace ringmaster::local_orchestrator {

class WorkerWorld {
 public:
    explicit WorkerWorld(Clock& clock) : clock_(clock) {
        local_ = LocalOrchestrator::open(folder.path("flows.db"), clock, entropy).value();
    }
    WorkerWorld() : WorkerWorld(system_clock_) {}

    LocalOrchestrator& local() { return *local_; }
    LocalWorker worker(LocalWorkerSettings settings = {}) {
        settings.scratch_folder = folder.path("scratch");
        return {std::move(settings), local_->store(), source, subprocess, entropy};
    }
    /// Applies one of `commit`, and gives its id.
    std::string deploy(const std::string& entrypoint, const CommitSha& commit, DeploymentSpec spec = {}) {
        spec.flow_record = "hello";
        if (spec.name.empty()) spec.name = "acme--main--hello--dev";
        spec.entrypoint = entrypoint;
        if (spec.version.empty()) spec.version = "main-" + commit.short_sha().text();
        spec.code = CodeSource{repository.path(), commit.text()};
        const auto id = local_->apply(spec, nullptr, quiet);
        EXPECT_TRUE(id) << id.error().describe();
        return *id;
    }
    FlowRun start(const std::string& deployment, std::map<std::string, std::string> parameters = {}) {
        const auto run =
            local_->start({.deployment_id = deployment, .parameters = std::move(parameters)}, quiet);
        EXPECT_TRUE(run) << run.error().describe();
        return *run;
    }
    /// Commits `text` as `file`, deploys `entrypoint` and carries out one run of it.
    FlowRun run(const std::string& entrypoint, std::map<std::string, std::string> parameters = {},
                const DeploymentSpec& spec = {}) {
        const auto asked = start(deploy(entrypoint, repository.commit(), spec), std::move(parameters));
        const auto run = worker().run(asked.id, quiet);
        EXPECT_TRUE(run) << run.error().describe();
        return *run;
    }
    FlowRun look(const std::string& run_id) {
        return static_cast<FlowRuns&>(*local_).find(run_id, quiet).value();
    }
    std::vector<std::string> messages(const std::string& run_id) {
        std::vector<std::string> found;
        for (const auto& line : local_->logs(run_id, 0, quiet).value()) found.push_back(line.message);
        return found;
    }
    bool scratch_is_empty() const {
        const auto names = support::list_folder(folder.path("scratch"));
        return !names || names->empty();
    }

    ringmaster::testing::GitRepository repository;
    ringmaster::testing::TemporaryFolder folder;
    ringmaster::testing::FakeEntropy entropy;
    support::PosixSubprocess subprocess;
    git_source::GitSourceTree source{repository.path(), subprocess};
    NoProgress quiet;

 private:
    support::SystemClock system_clock_;
    Clock& clock_;
    std::unique_ptr<LocalOrchestrator> local_;
};

}  // namespace ringmaster::local_orchestrator
