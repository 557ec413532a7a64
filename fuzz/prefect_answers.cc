// adapters/prefect: whatever a Prefect server, or somebody in its place, answers, and whatever stands in
// profiles.toml, is read or refused; a deployment that could be read can be written again, and a refusal is
// told in one line. The input is tried as each of them.
#include "adapters/prefect/deployment_document.h"
#include "adapters/prefect/prefect_errors.h"
#include "adapters/prefect/prefect_settings.h"
#include "adapters/prefect/profile.h"
#include "adapters/prefect/run_document.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    if (const auto answer = support::JsonReader::parse(text, "it")) {
        if (const auto deployment = prefect::read_deployment(*answer, "hello", "http://ui")) {
            const auto& spec = deployment->spec;
            RM_ASSERT(!spec.code || spec.code_steps.empty(), "there is one way to the code");
            RM_ASSERT(prefect::upsert_document(spec, deployment->flow_id), "what was read can be written");
            RM_ASSERT(prefect::is_patch_enough(spec, spec), "nothing changed");
        }
        (void)prefect::read_run(*answer, "http://ui");
        (void)prefect::read_log_line(*answer);
    }
    for (const int status : {401, 403, 404, 409, 422, 503}) {
        const HttpResponse response{.status = status, .body = std::string(text)};
        const auto error = prefect::error_of_response(response, "http://api", "trying");
        RM_ASSERT(!error.describe().contains('\n'), "a refusal is one line");
    }
    (void)prefect::find_access({}, text);
    (void)prefect::ui_address(text);
    const auto repository = prefect::without_credentials(text);
    RM_ASSERT(prefect::without_credentials(repository).size() <= repository.size(), "nothing is added");
}
