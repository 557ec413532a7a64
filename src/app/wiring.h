#pragma once
#include "app/config.h"

namespace ringmaster::app {

struct Wiring {};

}  // namespace ringmaster::app
