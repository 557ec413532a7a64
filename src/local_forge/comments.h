#pragma once
// Comments on issues and pull requests (github-facts §5).

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

class Comments {
 public:
    explicit Comments(ForgeStore& store) : store_(store) {}

    /// Refusals: 422 (5.1: longer than 262,144 bytes; empty), 403 (5.4: locked).
    Answer<Comment> create(const Viewer& viewer, const Repository& repository, const Issue& issue,
                           std::string_view body);
    /// Its author, or anyone with write.
    Answer<Comment> update(const Viewer& viewer, const Repository& repository, const Comment& comment,
                           std::string_view body);
    Answer<void> remove(const Viewer& viewer, const Repository& repository, const Comment& comment);
    /// `classifier`: GraphQL's word in any case (ABUSE, OUTDATED, …); nothing un-minimizes (5.3).
    Answer<Comment> minimize(const Viewer& viewer, const Repository& repository, const Comment& comment,
                             std::optional<std::string> classifier);

    Result<std::optional<Comment>> find(Id id);
    /// Oldest first.
    Result<std::vector<Comment>> list(const Issue& issue, const Window& window);
    Result<std::vector<Comment>> list_of_repository(const Repository& repository, const Window& window);
    Result<std::int64_t> count(const Issue& issue);

 private:
    Answer<void> require_own_or_write(const Viewer& viewer, const Repository& repository,
                                      const Comment& comment);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
