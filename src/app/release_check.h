#pragma once
// Which release of Ringmaster is the newest, as the forge tells.

#include <string>

#include "base/result.h"
#include "ports/http_client.h"

namespace ringmaster::app {

/// "1.4.2", of the release at `url` (…/repos/OWNER/NAME/releases/latest), by one request without a token.
/// Errors: those of the exchange; NotFound (there is no release); Corrupt (its tag is no version).
Result<std::string> ask_newest_release(HttpClient& http, const std::string& url);

}  // namespace ringmaster::app
