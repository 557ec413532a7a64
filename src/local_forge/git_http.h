#pragma once
// Git over HTTP, as `git http-backend` does it but with the forge's own permissions (github-facts §8):
//   GET  /{owner}/{name}[.git]/info/refs?service=git-upload-pack|git-receive-pack
//   POST /{owner}/{name}[.git]/git-upload-pack and /git-receive-pack

#include <optional>
#include <string_view>

#include "http_server/listener.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

/// Nothing: not a request of git's.
std::optional<http_server::Response> handle_git(ForgeStore& store, const http_server::Request& request);

/// Whether a request is a push or fetch whose body may be large.
bool is_git_path(std::string_view path);

}  // namespace ringmaster::local_forge
