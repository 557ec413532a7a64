#pragma once
// Which release of Ringmaster is the newest, as the forge tells.

#include <string>

#include "base/result.h"
#include "ports/http_client.h"

namespace ringmaster::app {

/// "1.4.2", by one request without a token. Errors: those of the exchange; NotFound (this forge has no
/// release of ours); Corrupt (its tag is no version).
Result<std::string> ask_newest_release(HttpClient& http, const std::string& api_url);

}  // namespace ringmaster::app
