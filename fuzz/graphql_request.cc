// graphql/engine: whole request bodies from anybody, validated and executed on a small schema. Every answer
// is JSON.
#include <nlohmann/json.hpp>

#include "fuzz/fuzz.h"
#include "graphql/engine.h"
#include "graphql/test_schema.h"

using namespace ringmaster;

FUZZ(text) {
    static const auto schema = graphql::make_test_schema();
    graphql::TestCircus circus;
    const auto answer = graphql::answer_request(*schema, text, &circus);
    RM_ASSERT(answer.status == 200 || answer.status == 400, "a request is answered, or refused as none");
    RM_ASSERT(nlohmann::json::accept(answer.body), "every answer is JSON");
}
