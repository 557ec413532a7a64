#pragma once
// What stands behind a forge in the contract suites: the people and pushes that our code only watches. One
// implementation for the fake, one for each real server.

#include <string>

#include "domain/commit_sha.h"
#include "domain/permission.h"
#include "ports/claim_refs.h"
#include "ports/claim_tokens.h"
#include "ports/forge.h"

namespace ringmaster::testing {

/// A repository with a default branch, and us as somebody who may write to it. Each suite's case gets a fresh
/// one.
class ForgeWorld {
 public:
    virtual ~ForgeWorld() = default;
    virtual Forge& forge() = 0;
    virtual ClaimTokens& claim_tokens() = 0;
    virtual ClaimRefs& claim_refs() = 0;
    virtual TimePoint now() = 0;

    /// A new branch with one commit on top of the default branch, and a pull request for it.
    virtual int open_pull_request() = 0;
    /// One more commit on the pull request's branch; its name.
    virtual CommitSha push(int number) = 0;
    /// The tip of the default branch: every pull request contains it.
    virtual CommitSha base() = 0;
    virtual void close(int number) = 0;
    /// A person with write access puts a label on; its definition is made if there is none.
    virtual void label(int number, const std::string& name, const std::string& login) = 0;
    virtual void add_collaborator(const std::string& login, Permission permission) = 0;
};

}  // namespace ringmaster::testing
