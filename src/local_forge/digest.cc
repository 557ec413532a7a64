#include "local_forge/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/assert.h"

namespace ringmaster::local_forge {
namespace {

using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex(const Bytes& bytes, unsigned length) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(std::size_t{2} * length);
    for (unsigned i = 0; i < length; ++i) {
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 15];
    }
    return text;
}

std::string hmac_hex(const EVP_MD* method, std::string_view key, std::string_view bytes) {
    Bytes digest{};
    unsigned length = 0;
    const auto* done =
        HMAC(method, key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &length);
    RM_ASSERT(done, "HMAC needs only memory");
    return hex(digest, length);
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    Bytes digest{};
    unsigned length = 0;
    const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    RM_ASSERT(done == 1, "a digest needs only memory");
    return hex(digest, length);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
    return hmac_hex(EVP_sha256(), key, bytes);
}

std::string hmac_sha1_hex(std::string_view key, std::string_view bytes) {
    return hmac_hex(EVP_sha1(), key, bytes);
}

}  // namespace ringmaster::local_forge
