#pragma once
// What every runtime looks at before it starts a show.

#include "base/result.h"
#include "domain/repository_name.h"
#include "ports/runtime.h"

namespace ringmaster::support {

/// Errors: InvalidInput, if the show is another repository's, or the commit is not the show's.
Result<void> check_show(const ShowSpec& spec, const RepositoryName& repository);

}  // namespace ringmaster::support
