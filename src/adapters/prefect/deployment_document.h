#pragma once
// A deployment as Prefect's API writes and reads it (POST and PATCH /deployments/, prefect-wire): both
// directions in one place, so that what was written is what is read.

#include <string>
#include <string_view>

#include "adapters/support/json_reader.h"
#include "domain/deployment.h"

namespace ringmaster::prefect {

/// The body of POST /deployments/, which creates or replaces: every field that the spec decides is in it, as
/// what is left out would stay as it is. Errors: InvalidInput (a text of the spec that should be JSON is
/// not; which one, never what it says).
Result<std::string> upsert_document(const DeploymentSpec& spec, const std::string& flow_id);

/// The body of PATCH /deployments/{id}, for a change that leaves schedules, code and pool as they are: those
/// are not in it, so that what only the server knows of them (a schedule's anchor, a step's credentials)
/// stays. Errors: as above.
Result<std::string> patch_document(const DeploymentSpec& spec);

/// Whether the change can be said by patch_document.
bool is_patch_enough(const DeploymentSpec& before, const DeploymentSpec& after);

/// `flow_name` is that of the record the answer's flow_id stands for; `ui_url` is where people look. Errors:
/// Corrupt.
Result<Deployment> read_deployment(const support::JsonReader& answer, const std::string& flow_name,
                                   const std::string& ui_url);

/// The repository's address without user and password, if it is an http(s) one.
std::string without_credentials(std::string_view repository);

}  // namespace ringmaster::prefect
