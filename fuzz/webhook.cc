// server: a webhook's payload, signed or not: an event or a refusal, and a look only with a number. The first
// line is the event's name.
#include "server/webhook.h"

#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    const auto line = text.find('\n');
    const auto event = text.substr(0, line);
    const auto body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
    const auto parsed = server::parse_webhook(event, body);
    if (!parsed) {
        RM_ASSERT(parsed.error().kind() == ErrorKind::InvalidInput, "what is refused is the sender's fault");
        return;
    }
    const bool is_look = parsed->kind == server::WebhookKind::Look;
    RM_ASSERT(is_look == (parsed->pull_request_number >= 1), "a look is at a pull request");
    if (!is_look) return;
    const RepositoryName repository{"ada", "hello"};
    const auto key = server::queue_key(repository, parsed->pull_request_number);
    RM_ASSERT(server::pull_request_of_key(repository, key) == parsed->pull_request_number, "keys read back");
}
