#pragma once
// The bare repository behind a row of `repositories`: where it lies, how it is set up, and how a push made
// directly on disk is noticed.

#include <string>

#include "local_forge/git.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

/// {data}/repositories/{owner}/{name}.git
std::string repository_path(const std::string& data_folder, std::string_view owner, std::string_view name);

/// Makes it if it is not there, and (again) sets what the forge needs: refs/pull is ours alone
/// (github-facts 8.3), a commit may be fetched by its name and partially (8.4), and a hook leaves a mark when
/// refs change. Errors: Unavailable (cannot be written), Failed (git's words).
Result<void> set_up_repository(const Git& git, std::string_view default_branch);

/// Whether refs changed since the last call; the mark is taken away first, so that no later change is missed.
bool take_change_mark(const Git& git);

}  // namespace ringmaster::local_forge
