#pragma once
// The kernel's randomness, good enough for keys: getrandom(2).

#include "ports/entropy.h"

namespace ringmaster::support {

class SystemEntropy final : public Entropy {
 public:
    std::string hex(std::size_t bytes) override;
    std::uint64_t below(std::uint64_t below) override;
};

}  // namespace ringmaster::support
