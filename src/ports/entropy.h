#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaster {

/// Randomness: names of lease holders, jitter, keys.
class Entropy {
 public:
    virtual ~Entropy() = default;
    /// `bytes` random bytes as lower-case hexadecimal digits (twice as many characters).
    virtual std::string hex(std::size_t bytes) = 0;
    /// Evenly distributed in [0, below). `below` ≥ 1.
    virtual std::uint64_t below(std::uint64_t below) = 0;
};

}  // namespace ringmaster
