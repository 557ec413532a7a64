#pragma once
// Build engine "docker": the docker command line builds an image in a checkout of exactly the show's commit.
// What the Dockerfile does, it does inside the builder's containers; secrets reach it as mounts of single
// steps only.

#include <map>
#include <string>
#include <vector>

#include "adapters/docker/build_arguments.h"
#include "adapters/docker/image_waiter.h"
#include "adapters/support/image_pattern.h"
#include "adapters/support/workspace.h"
#include "ports/builder.h"
#include "ports/clock.h"
#include "ports/subprocess.h"

namespace ringmaster::docker {

struct DockerBuilderSettings {
    support::Workspace::Settings workspace;
    support::ImagePattern image;
    BuildRecipe recipe;
    std::string source_url;
    /// All that the docker command line sees: PATH, HOME, DOCKER_HOST, …, and the variables of env: secrets.
    std::map<std::string, std::string> environment;
};

class DockerBuilder final : public Builder {
 public:
    /// `finder` says whether an image that was finished is still there.
    DockerBuilder(DockerBuilderSettings settings, ImageFinder finder, Subprocess& subprocess, Clock& clock)
        : settings_(std::move(settings)),
          workspace_(settings_.workspace, subprocess, clock),
          finder_(std::move(finder)),
          subprocess_(&subprocess),
          clock_(&clock) {}

    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    /// The name on this machine's engine goes; what was pushed stays in its registry.
    Result<void> remove(const ShowId& show) override;
    std::string log_path(const ShowId& show) const { return workspace_.log_path(show); }

 private:
    Result<void> make(const BuildSpec& spec, const std::string& image,
                      const support::Workspace::Attempt& attempt, Progress& progress);
    Result<void> run(const BuildSpec& spec, std::vector<std::string> command,
                     const support::Workspace::Attempt& attempt, Duration time_left, Progress& progress);
    Result<void> check_inside(const std::string& tree) const;
    BuildFacts facts_of(const BuildSpec& spec, const std::string& image, TimePoint now) const;
    Result<std::string> image_of(const ShowId& show) const;

    DockerBuilderSettings settings_;
    support::Workspace workspace_;
    ImageFinder finder_;
    Subprocess* subprocess_;
    Clock* clock_;
};

}  // namespace ringmaster::docker
