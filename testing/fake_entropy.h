#pragma once
// Randomness that comes out the same for the same seed.

#include <mutex>
#include <random>
#include <string>

#include "base/assert.h"
#include "ports/entropy.h"

namespace ringmaster::testing {

class FakeEntropy final : public Entropy {
 public:
    explicit FakeEntropy(std::uint64_t seed = 1) : generator_(seed) {}

    std::string hex(std::size_t bytes) override {
        constexpr char kDigits[] = "0123456789abcdef";
        const std::lock_guard lock(mutex_);
        std::string text;
        for (std::size_t i = 0; i < 2 * bytes; ++i) text += kDigits[generator_() & 15];
        return text;
    }
    std::uint64_t below(std::uint64_t below) override {
        RM_ASSERT(below >= 1, "below() has something to choose from");
        const std::lock_guard lock(mutex_);
        return generator_() %
               below;  // the modulo's bias does not matter in tests, being the same everywhere does
    }

 private:
    std::mutex mutex_;
    std::mt19937_64 generator_;
};

}  // namespace ringmaster::testing
