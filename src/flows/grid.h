#pragma once
// The picture of everything: flows × environments, what version is where, how far it is from the code, and
// how it is. Pure.

#include <optional>
#include <string>
#include <vector>

#include "domain/flow.h"
#include "flows/service.h"

namespace ringmaster::flows {

struct GridCell {
    SeenDeployment seen;
    /// How the code stands to it; nullopt: not known.
    std::optional<CommitDistance> distance;
    std::vector<std::string> other_branches;  ///< that are deployed there, too
};

struct GridRow {
    std::string flow;
    std::string source_relative;  ///< empty: it is not in the code any more
    int line_number = 0;
    std::vector<std::optional<GridCell>> cells;  ///< one for each environment
};

struct Grid {
    std::vector<std::string> environments;  ///< the configured ones, then others that have something
    std::vector<GridRow> rows;              ///< by name
    std::vector<SeenDeployment> others;     ///< of other projects, or with names that say nothing
};

struct GridRequest {
    std::string branch;              ///< show this one's; empty = the newest of each
    std::vector<std::string> flows;  ///< empty = all
};

/// The cells without distances.
Grid arrange(const std::vector<Flow>& flows, std::vector<SeenDeployment> deployments,
             const Settings& settings, const GridRequest& request);

/// The whole picture. A commit that is not known here leaves its distance unknown.
Result<Grid> make_grid(FlowService& service, const GridRequest& request, Progress& progress);

}  // namespace ringmaster::flows
