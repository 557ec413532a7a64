#pragma once
// Checksums the forge needs: tokens are kept as hashes, webhooks are signed, ETags name a body.

#include <string>
#include <string_view>

namespace ringmaster::local_forge {

std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
/// For the old X-Hub-Signature header.
std::string hmac_sha1_hex(std::string_view key, std::string_view bytes);

}  // namespace ringmaster::local_forge
