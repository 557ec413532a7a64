#pragma once
// Events as the JSON that GitHub's webhooks carry.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads

#include <string>

#include "local_forge/event.h"
#include "local_forge/rest_json.h"

namespace ringmaster::local_forge {

/// The body of a delivery. `links` is the address that other programs reach the forge by.
Result<std::string> webhook_payload(ForgeStore& store, const Links& links, const Event& event);

/// Writes a delivery for each hook that wants the event; within the transaction of the change.
Result<void> enqueue_deliveries(ForgeStore& store, const Links& links, const Event& event);

}  // namespace ringmaster::local_forge
