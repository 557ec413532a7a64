#pragma once
// What every fuzz target needs: a function from bytes, and a check that ends the program with a sentence, so
// that a broken promise counts like a crash.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"

namespace ringmaster::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace ringmaster::fuzz

/// FUZZ(text) { … }: the body sees the input as a std::string_view.
#define FUZZ(text)                                                                      \
    static void rm_fuzz_one(std::string_view text);                                     \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
        rm_fuzz_one(::ringmaster::fuzz::as_text(data, size));                           \
        return 0;                                                                       \
    }                                                                                   \
    static void rm_fuzz_one(std::string_view text)
