// server/webhook: payloads as anybody may send them; what they may lead to is a look at one pull request.
#include "server/webhook.h"

#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    for (const auto* event : {"pull_request", "issue_comment", "ping"}) {
        const auto parsed = server::parse_webhook(event, text);
        if (!parsed) {
            RM_ASSERT(parsed.error().kind() == ErrorKind::InvalidInput, "a bad payload is bad input");
            RM_ASSERT(parsed.error().describe().size() < 1000, "what is said about a payload is short");
            continue;
        }
        const bool is_look = parsed->kind == server::WebhookKind::Look;
        RM_ASSERT(is_look == (parsed->pull_request_number > 0),
                  "a look has a pull request, nothing else has");
    }
    RM_ASSERT(!server::is_signed(text, "secret", "body"), "no guess is a signature");
}
