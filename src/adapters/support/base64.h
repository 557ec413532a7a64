#pragma once
// Base64 (RFC 4648), with the usual alphabet or the one for URLs.

#include <optional>
#include <string>
#include <string_view>

namespace ringmaster::support {

enum class Base64 { Standard, Url };

/// With padding.
std::string base64_encode(std::string_view bytes, Base64 alphabet = Base64::Standard);
/// Either alphabet, padded or not; nullopt: anything else in it.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace ringmaster::support
