#pragma once
// The labels that say whose a container or service is. Whatever has not all of those that are required, or
// another repository's, is none of our business.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/support/json_reader.h"
#include "base/time.h"
#include "domain/commit_sha.h"
#include "domain/show.h"
#include "ports/runtime.h"

namespace ringmaster::docker {

inline constexpr std::string_view kRepositoryLabel = "ringmaster.repository";
inline constexpr std::string_view kShowLabel = "ringmaster.show";  ///< "pr-12-abc1234", to search by
inline constexpr std::string_view kImageLabel = "ringmaster.image";
/// Names one attempt to start a show, so that its end removes only what it made itself.
inline constexpr std::string_view kAttemptLabel = "ringmaster.attempt";
/// "yes": the image was not there before this show wanted it.
inline constexpr std::string_view kPulledLabel = "ringmaster.pulled";

/// What the labels tell.
struct Ownership {
    ShowId show;
    CommitSha commit;
    TimePoint created_at;
    std::optional<TimePoint> expires_at;
    std::string image;  ///< as the artifact named it
    std::string attempt;
    bool was_pulled = false;
};

std::map<std::string, std::string> labels_of(const ShowSpec& spec);
/// nullopt: not a show of this repository, or not one of ours at all.
std::optional<Ownership> read_ownership(const support::JsonReader& labels, const RepositoryName& repository);

/// The name of a show's container or service: "pr-12-abc1234-service-1a2b3c4d". The last part stands for the
/// repository, because names are the engine's, and two repositories may have the same pull request and
/// commit.
std::string resource_name(const ShowId& show);
/// FNV-1a, because std::hash may differ from build to build.
std::uint32_t stable_hash(std::string_view text);

}  // namespace ringmaster::docker
