// app/config: ringmaster.toml from anybody's repository. A mistake is told as bad input; what is accepted
// combines.
#include "app/config.h"

#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    const auto layer = app::parse_config(text, "ringmaster.toml");
    if (!layer) {
        RM_ASSERT(layer.error().kind() == ErrorKind::InvalidInput, "a bad file is bad input");
        return;
    }
    const auto loaded = app::combine({*layer}, "");
    RM_ASSERT(loaded || loaded.error().kind() == ErrorKind::InvalidInput,
              "settings work together, or the file is bad");
}
