#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace ringmaster {

void assertion_failed(const char* condition, const char* sentence, const char* file, int line) {
    std::fprintf(stderr, "ringmaster: a bug in ringmaster: %s\n  %s:%d: %s\n", sentence, file, line,
                 condition);
    std::abort();
}

}  // namespace ringmaster
