#include "adapters/python_source/frameworks.h"

#include <array>
#include <utility>

namespace ringmaster::python_source {
namespace {

// Prefect 3.8 (src/prefect/__init__.py, main.py, flows.py), Airflow 2.11 and 3.0 (airflow/__init__.py,
// models/__init__.py, models/dag.py, decorators/__init__.py, sdk/__init__.py).
constexpr std::pair<std::string_view, Maker> kMakers[] = {
    {"prefect.flow", Maker::PrefectFlow},
    {"prefect.main.flow", Maker::PrefectFlow},
    {"prefect.flows.flow", Maker::PrefectFlow},
    {"prefect.Flow", Maker::PrefectFlowClass},
    {"prefect.main.Flow", Maker::PrefectFlowClass},
    {"prefect.flows.Flow", Maker::PrefectFlowClass},
    {"airflow.DAG", Maker::AirflowDag},
    {"airflow.models.DAG", Maker::AirflowDag},
    {"airflow.models.dag.DAG", Maker::AirflowDag},
    {"airflow.sdk.DAG", Maker::AirflowDag},
    {"airflow.sdk.definitions.dag.DAG", Maker::AirflowDag},
    {"airflow.decorators.dag", Maker::AirflowDagDecorator},
    {"airflow.models.dag.dag", Maker::AirflowDagDecorator},
    {"airflow.sdk.dag", Maker::AirflowDagDecorator},
    {"airflow.sdk.definitions.dag.dag", Maker::AirflowDagDecorator},
};

constexpr auto kPrefectNames =
    std::to_array<std::string_view>({"flow", "Flow", "task", "Task", "State", "deploy", "serve", "tags"});
constexpr auto kAirflowNames = std::to_array<std::string_view>({"DAG", "Dataset"});
constexpr auto kModelsNames = std::to_array<std::string_view>({"DAG", "DagRun", "Connection", "Variable"});
constexpr auto kDagModuleNames = std::to_array<std::string_view>({"DAG", "dag"});
constexpr auto kDecoratorNames =
    std::to_array<std::string_view>({"dag", "task", "task_group", "setup", "teardown"});

}  // namespace

Maker maker_named(std::string_view dotted) {
    for (const auto& [name, maker] : kMakers)
        if (name == dotted) return maker;
    return Maker::None;
}

std::span<const std::string_view> star_names(std::string_view module) {
    if (module == "prefect" || module == "prefect.main" || module == "prefect.flows") return kPrefectNames;
    if (module == "airflow") return kAirflowNames;
    if (module == "airflow.models") return kModelsNames;
    if (module == "airflow.models.dag" || module == "airflow.sdk") return kDagModuleNames;
    if (module == "airflow.decorators") return kDecoratorNames;
    return {};
}

}  // namespace ringmaster::python_source
