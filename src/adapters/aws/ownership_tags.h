#pragma once
// The tags that say whose a service or a task definition is, in the alphabet that AWS allows. What has not
// all that are required, or another repository's, is none of our business (contract D23).

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/commit_sha.h"
#include "domain/show.h"
#include "ports/runtime.h"

namespace ringmaster::aws {

using Tags = std::map<std::string, std::string>;

/// Any text as a tag's value: what AWS does not allow is written as "=5B" (its byte in hexadecimal; '='
/// itself is "=3D"), so that "dependabot[bot]" becomes "dependabot=5Bbot=5D" (contract D41).
/// decode_tag_value() reads it back. Longer than 256 characters, it becomes "sha256:" and its hash.
std::string encode_tag_value(std::string_view text);
/// nullopt: encode_tag_value() did not write this.
std::optional<std::string> decode_tag_value(std::string_view value);

/// Our own tags, and `more`, whose values may hold {pr}, {sha}, {repository}, {requested_by}, {created} and
/// {expires} (seconds since 1970; "never" without an expiry). Errors: InvalidInput (an unknown word, a
/// character that AWS does not allow, more than 50 tags).
Result<Tags> tags_of(const ShowSpec& spec, const Tags& more);
/// Whether `more` will do, whatever the show. Errors: as tags_of.
Result<void> check_tags(const Tags& more);

/// What the tags tell.
struct Ownership {
    ShowId show;
    std::optional<CommitSha> commit;  ///< nullopt: made by superset-showtime, which knows seven digits
    std::optional<TimePoint> created_at;
    std::optional<TimePoint> expires_at;
    std::string image;  ///< encoded, as image_tag() gives it
};
enum class Showtime {
    Ignore,
    Adopt,  ///< services that superset-showtime made count as this repository's
};
/// `service_name` is needed for superset-showtime's tags, which have no commit. nullopt: not a show of this
/// repository.
std::optional<Ownership> read_ownership(const Tags& tags, std::string_view service_name,
                                        const RepositoryName& repository, Showtime showtime);

/// The value that the image of an artifact has among the tags.
std::string image_tag(const Artifact& artifact);

}  // namespace ringmaster::aws
