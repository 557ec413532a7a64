#include "adapters/support/system_entropy.h"

#include <sys/random.h>

#include <cerrno>
#include <limits>

#include "base/assert.h"

namespace ringmaster::support {
namespace {

void fill(void* bytes, std::size_t count) {
    auto* at = static_cast<char*>(bytes);
    while (count > 0) {
        const ssize_t got = ::getrandom(at, count, 0);
        if (got < 0 && errno == EINTR) continue;
        // Without flags it only fails for an address of ours that is wrong (man 2 getrandom).
        RM_ASSERT(got > 0, "the kernel gives random bytes");
        at += got;
        count -= static_cast<std::size_t>(got);
    }
}

}  // namespace

std::string SystemEntropy::hex(std::size_t bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string random(bytes, '\0');
    fill(random.data(), bytes);
    std::string text;
    for (const char c : random) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::uint64_t SystemEntropy::below(std::uint64_t below) {
    RM_ASSERT(below >= 1, "below() has something to choose from");
    // Numbers above the last whole multiple of `below` would favour the small results; draw again instead.
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t limit = kMost - kMost % below;
    std::uint64_t number = 0;
    do fill(&number, sizeof number);
    while (number >= limit);
    return number % below;
}

}  // namespace ringmaster::support
