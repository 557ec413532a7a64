// adapters/github: answers of the GraphQL API, as a broken proxy or a hostile server might send them.
#include "adapters/github/graphql_reply.h"
#include "adapters/github/view_parser.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    (void)github::parse_graphql_reply(text);
    constexpr int kNumber = 12;
    if (const auto parsed = github::parse_view(text, kNumber, TimePoint()))
        RM_ASSERT(parsed->view.pull_request.number == kNumber,
                  "a view is of the pull request that was asked for");
}
