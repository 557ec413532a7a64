#include "flows/grid.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

std::size_t column(Grid& grid, const std::string& environment) {
    const auto found = std::ranges::find(grid.environments, environment);
    const auto index = static_cast<std::size_t>(found - grid.environments.begin());
    if (found == grid.environments.end()) grid.environments.push_back(environment);
    return index;
}

/// The newest stays; the other's branch is only named.
void put(std::optional<GridCell>& cell, SeenDeployment seen) {
    if (!cell) {
        cell = GridCell{.seen = std::move(seen), .distance = std::nullopt, .other_branches = {}};
        return;
    }
    if (cell->seen.deployment.updated_at < seen.deployment.updated_at) std::swap(cell->seen, seen);
    cell->other_branches.push_back(seen.name->branch);
}

}  // namespace

Grid arrange(const std::vector<Flow>& flows, std::vector<SeenDeployment> deployments,
             const Settings& settings, const GridRequest& request) {
    Grid grid{.environments = settings.environments, .rows = {}, .others = {}};
    const auto names = DeploymentName::of(settings.project, request.branch, "", "");
    std::vector<std::string> wanted;
    for (const auto& flow : request.flows) wanted.push_back(replace_all(flow, "-", "_"));
    const auto is_wanted = [&](const std::string& flow) {
        return wanted.empty() || std::ranges::find(wanted, flow) != wanted.end();
    };
    std::map<std::string, GridRow> rows;
    for (const auto& flow : flows)
        if (is_wanted(flow.name))
            rows.emplace(flow.name, GridRow{flow.name, flow.source_relative, flow.line_number, {}});
    for (auto& seen : deployments) {
        if (!seen.name || seen.name->project != names.project) {
            grid.others.push_back(std::move(seen));
            continue;
        }
        if (!is_wanted(seen.flow) || (!request.branch.empty() && seen.name->branch != names.branch)) continue;
        const auto index = column(grid, seen.name->environment);
        auto& row = rows.try_emplace(seen.flow, GridRow{seen.flow, "", 0, {}}).first->second;
        if (row.cells.size() <= index) row.cells.resize(index + 1);
        put(row.cells[index], std::move(seen));
    }
    for (auto& [name, row] : rows) {
        row.cells.resize(grid.environments.size());
        grid.rows.push_back(std::move(row));
    }
    return grid;
}

Result<Grid> make_grid(FlowService& service, const GridRequest& request, Progress& progress) {
    const auto found = TRY(service.find(progress));
    auto grid = arrange(found.flows, TRY(service.deployments(progress)), service.settings(), request);
    std::set<std::string> commits;
    for (const auto& row : grid.rows)
        for (const auto& cell : row.cells)
            if (cell && !cell->seen.version.commit.empty()) commits.insert(cell->seen.version.commit);
    if (commits.empty()) return grid;
    auto& source = service.outside().source;
    const auto state = TRY(source.state(service.settings().paths, progress));
    const auto distances =
        TRY(source.commits_between({commits.begin(), commits.end()}, state.head, progress));
    for (auto& row : grid.rows)
        for (auto& cell : row.cells)
            if (cell)
                if (const auto distance = distances.find(cell->seen.version.commit);
                    distance != distances.end())
                    cell->distance = distance->second;
    return grid;
}

}  // namespace ringmaster::flows
