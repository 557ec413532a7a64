#pragma once
// Finds Prefect's flows and Airflow's DAGs in Python source, by reading it: nothing is imported and nothing
// runs, so it needs no Python, takes no time, and a file that is broken hides no other. What it says is
// certain is; what only running tells is marked so (Flow::is_static). The forms it knows: docs/flow-forms.md.

#include <string>
#include <vector>

#include "ports/flow_finder.h"

namespace ringmaster::python_source {

struct PythonFinderSettings {
    /// Where to keep what was found until next time; empty: nowhere. Its folder is made.
    std::string cache_file;
    int threads = 0;  ///< 0: as many as there are processors
    /// In .gitignore's grammar, counted from the root, beside what is left out by default.
    std::vector<std::string> excludes;
};

class PythonFlowFinder final : public FlowFinder {
 public:
    explicit PythonFlowFinder(PythonFinderSettings settings) : settings_(std::move(settings)) {}
    Result<FoundFlows> find(const FlowSearch& search, Progress& progress) override;

 private:
    PythonFinderSettings settings_;
};

}  // namespace ringmaster::python_source
