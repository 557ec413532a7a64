// domain: what is accepted is within its bounds and reads back; what is refused is refused with a short
// sentence.
#include "domain/commit_sha.h"
#include "domain/endpoint.h"
#include "domain/repository_name.h"
#include "domain/show.h"
#include "domain/ttl.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

namespace {

// No bound on what comes in; a bound on what is said about it.
constexpr std::size_t kMostErrorBytes = 400;

template <typename T>
bool accepted(const Result<T>& result) {
    if (!result)
        RM_ASSERT(result.error().describe().size() < kMostErrorBytes, "an error is a short sentence");
    return result.has_value();
}

}  // namespace

FUZZ(text) {
    if (const auto ttl = Ttl::parse(text); accepted(ttl)) {
        RM_ASSERT(Ttl::parse(ttl->text()).value() == *ttl, "a lifetime reads back");
        RM_ASSERT(!ttl->expiry(TimePoint()) || *ttl->expiry(TimePoint()) >= TimePoint(),
                  "nothing expires before it began");
    }
    if (const auto endpoint = Endpoint::parse(text, 8080); accepted(endpoint))
        RM_ASSERT(Endpoint::parse(endpoint->text(), 1).value() == *endpoint, "an address reads back");
    if (const auto sha = ShortSha::parse(text); accepted(sha))
        RM_ASSERT(sha->text().size() == 7, "seven digits");
    if (const auto sha = CommitSha::parse(text); accepted(sha))
        RM_ASSERT(sha->text().starts_with(sha->short_sha().text()), "a commit begins with its short name");
    (void)accepted(parse_sha_prefix(text));
    if (const auto name = RepositoryName::parse(text); accepted(name))
        RM_ASSERT(name->text() == text, "a name is what was given");
    if (const auto service = parse_service_name(text))
        RM_ASSERT(service->pull_request_number > 0, "a pull request has a positive number");
}
