#pragma once
#include <string>
#include <string_view>

#include "cli/context.h"

namespace ringmaster::app {

/// Looks at the files of a folder: language, how it is started, whether there is a Dockerfile. Reads only a
/// few well-known files and runs nothing.
cli::ProjectFacts look_at_folder(const std::string& folder);

/// "owner/name" of a remote's address ("git@github.com:o/n.git", "https://host/o/n", "file:///…/o/n.git");
/// empty if it has no such form.
std::string repository_of_remote(std::string_view url);

}  // namespace ringmaster::app
