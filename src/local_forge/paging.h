#pragma once
// The part of a long list that is wanted.

#include <cstdint>

namespace ringmaster::local_forge {

struct Window {
    std::int64_t offset = 0;
    std::int64_t limit = 100;
};

enum class Direction { Ascending, Descending };

}  // namespace ringmaster::local_forge
