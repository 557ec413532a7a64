#pragma once
// RM_ASSERT(condition, "what must hold"): for our own invariants only, kept in every build. What the world
// can do is an Error instead.

namespace ringmaster {
/// Prints the place and the sentence to stderr and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* sentence, const char* file, int line);
}  // namespace ringmaster

#define RM_ASSERT(condition, sentence)                                                \
    do {                                                                              \
        if (!(condition)) [[unlikely]]                                                \
            ::ringmaster::assertion_failed(#condition, sentence, __FILE__, __LINE__); \
    } while (false)
