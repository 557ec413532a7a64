#include "domain/flow.h"

#include <algorithm>

namespace ringmaster {

std::string_view to_string(FlowKind kind) {
    switch (kind) {
        case FlowKind::Prefect:
            return "prefect";
        case FlowKind::Airflow:
            return "airflow";
        case FlowKind::Entrypoint:
            break;
    }
    return "entrypoint";
}

std::string prefect_flow_name(const Flow& flow) {
    std::string name = flow.original_name;
    // Only the function's own name is changed; one that the code gives stays as it is.
    if (name == flow.object_name.substr(flow.object_name.rfind('.') + 1))
        std::ranges::replace(name, '_', '-');
    return name;
}

}  // namespace ringmaster
