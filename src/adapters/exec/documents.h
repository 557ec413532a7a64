#pragma once
// Shows as programs of the user's read and write them: the inner form of the protocol (docs/engines/exec.md).

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/support/json_reader.h"
#include "ports/builder.h"
#include "ports/router.h"
#include "ports/runtime.h"

namespace ringmaster::exec {

nlohmann::json show_document(const ShowId& show);
nlohmann::json time_document(const std::optional<TimePoint>& time);
nlohmann::json artifact_document(const Artifact& artifact);
/// The variables that stand for a show, for programs without a JSON parser.
std::map<std::string, std::string> show_variables(const ShowId& show);

/// All errors: Corrupt, with the program and the field.
Result<Endpoint> read_endpoint(const support::JsonReader& endpoint);
Result<Service> read_service(const support::JsonReader& service);
Result<Artifact> read_artifact(const support::JsonReader& artifact);
Result<Route> read_route(const support::JsonReader& route);
/// A member that has to be there, and is null where there is none.
Result<std::optional<support::JsonReader>> read_nullable(const support::JsonReader& object,
                                                         std::string_view key);

}  // namespace ringmaster::exec
