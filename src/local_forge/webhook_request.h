#pragma once
// One webhook request over the network: what is sent for a delivery, and what became of it.

#include "local_forge/model.h"

namespace ringmaster::local_forge {

/// Fills the delivery's status_code, status, headers and response body; never fails: no answer is a result
/// too.
void send_webhook(const Hook& hook, Delivery& delivery);

}  // namespace ringmaster::local_forge
