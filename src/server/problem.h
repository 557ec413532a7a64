#pragma once
// Refusals as RFC 9457 problem documents: what every route of the service answers when it says no.

#include <string_view>

#include "http_server/listener.h"

namespace ringmaster::server {

/// application/problem+json with status, title (the status' own words) and detail, a sentence for a person.
http_server::Response problem(int status, std::string_view detail);
/// The words that belong to a status this service uses; "Error" for others.
std::string_view status_words(int status);

}  // namespace ringmaster::server
