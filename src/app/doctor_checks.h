#pragma once
// What `ringmaster doctor` looks at. Each check says what it found and, if that is bad, how to mend it; one
// that cannot run because an earlier one failed says so.

#include <vector>

#include "cli/context.h"

namespace ringmaster::app {

class Application;

std::vector<cli::Check> doctor_checks(Application& application, bool may_write);

}  // namespace ringmaster::app
