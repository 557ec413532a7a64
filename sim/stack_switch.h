#pragma once
// Tells the address sanitizer that the program goes on on another stack. Unless it knows, it takes the marks
// that an exception left behind on a fiber's stack for those of live variables, and reports an overflow where
// there is none. In other builds all of this is nothing.

#include <cstddef>

#if __has_include(<sanitizer/common_interface_defs.h>) && defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RM_SIM_ADDRESS_SANITIZER 1
#include <sanitizer/common_interface_defs.h>
#endif
#endif

namespace ringmaster::sim {

struct StackSpan {
    const void* bottom = nullptr;  ///< its lowest address
    std::size_t bytes = 0;
};

#ifdef RM_SIM_ADDRESS_SANITIZER

/// Around the jump to another stack: it lives on the stack that is left, and ends when that one runs again.
class [[nodiscard]] StackSwitch {
 public:
    explicit StackSwitch(const StackSpan& to) { __sanitizer_start_switch_fiber(&left_, to.bottom, to.bytes); }
    ~StackSwitch() { __sanitizer_finish_switch_fiber(left_, nullptr, nullptr); }
    StackSwitch(const StackSwitch&) = delete;
    StackSwitch& operator=(const StackSwitch&) = delete;

 private:
    void* left_ = nullptr;
};

/// On a new stack, from its first line to its last: it arrives there (and says where from), and leaves for
/// good.
class [[nodiscard]] FirstStackSwitch {
 public:
    explicit FirstStackSwitch(StackSpan& from) : from_(from) {
        __sanitizer_finish_switch_fiber(nullptr, &from_.bottom, &from_.bytes);
    }
    ~FirstStackSwitch() { __sanitizer_start_switch_fiber(nullptr, from_.bottom, from_.bytes); }
    FirstStackSwitch(const FirstStackSwitch&) = delete;
    FirstStackSwitch& operator=(const FirstStackSwitch&) = delete;

 private:
    StackSpan& from_;
};

#else

struct [[nodiscard]] StackSwitch {
    explicit StackSwitch(const StackSpan& /*to*/) {}
};
struct [[nodiscard]] FirstStackSwitch {
    explicit FirstStackSwitch(StackSpan& /*from*/) {}
};

#endif

}  // namespace ringmaster::sim
