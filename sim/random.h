#pragma once
// The simulator's only source of chance. A history must come out the same from its seed on every machine, so
// nothing of the standard library's distributions is used, and a draw depends on who draws and how often he
// drew before, not on what others did in between: taking one fault out of a history leaves the others in
// place (that is what makes histories shrink).

#include <cstdint>

namespace ringmaster::sim {

/// The finalizer of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014):
/// every bit of the input moves every bit of the output.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return mix(mix(a) ^ b);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    return mix(mix(a, b), c);
}

class Random {
 public:
    explicit constexpr Random(std::uint64_t seed) : state_(seed) {}
    constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        return mix(state_);
    }
    /// In [0, bound); bound ≥ 1. The bias of the modulo is below one in 2^40 for the bounds used here.
    constexpr std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    /// In [low, high].
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    constexpr bool one_in(std::uint64_t count) { return below(count) == 0; }

 private:
    std::uint64_t state_;
};

}  // namespace ringmaster::sim
