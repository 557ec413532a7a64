#include "adapters/github/github_claim_refs.h"

#include <algorithm>

#include "adapters/github/lease_token.h"
#include "adapters/github/mutations.h"
#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;
using support::JsonReader;

// For `beforeOid`: must not exist; for `afterOid`: delete (github-facts 8.5).
constexpr std::string_view kNothing = "0000000000000000000000000000000000000000";
// Every git knows it without having it. Whether GitHub takes it for a new commit is said nowhere.
constexpr std::string_view kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
constexpr std::string_view kAlias = "swap";

/// Refused as such: the ref is at something else, or may not be written. The words and the type of it are
/// documented nowhere, so whatever is no other known error counts.
bool is_refusal(const GraphQlError& error) {
    return error.path == std::vector<std::string>{std::string(kAlias)} && !error.is_unknown_field() &&
           (error.type.empty() || error.type == "UNPROCESSABLE" || error.type == "STALE_DATA");
}

/// GitHub's own words do not say which right is missing.
Error explained(Error error) {
    if (error.kind() != ErrorKind::Unauthorized) return error;
    return std::move(error).hint(
        "leases made of refs need the right `contents: write` (in a workflow: permissions: contents: write); "
        "those made of labels, [shows] claims = \"labels\", do without it");
}

}  // namespace

std::string GitHubClaimRefs::tree() {
    const std::lock_guard guard(mutex_);
    return tree_.empty() ? std::string(kEmptyTree) : tree_;
}

Result<HttpResponse> GitHubClaimRefs::post_commit(const std::string& message, const std::string& tree,
                                                  const std::string& doing) {
    return client_.exchange({.method = "POST",
                             .path = client_.repository_path() + "/git/commits",
                             .body = fmt::format(R"({{"message":{},"tree":{},"parents":[]}})",
                                                 json_quote(message), json_quote(tree)),
                             .effect = Effect::RepeatableWrite,
                             .doing = doing});
}

Result<std::string> GitHubClaimRefs::tree_of_default_branch(const std::string& doing) {
    const auto response =
        TRY(client_.rest({.path = client_.repository_path() + "/commits/HEAD", .doing = doing}));
    const auto body = TRY_WHILE(JsonReader::parse(response.body, "GitHub's answer"), "{}", doing);
    return TRY_WHILE(TRY(TRY(body.member("commit")).member("tree")).string("sha"), "{}", doing);
}

Result<std::string> GitHubClaimRefs::write_claim(int pull_request_number, std::string_view holder,
                                                 TimePoint expires_at) {
    const std::string message = TRY(token_description(holder, expires_at));
    const std::string doing = fmt::format("writing the lease of #{}", pull_request_number);
    auto response = TRY(post_commit(message, tree(), doing));
    if (response.status == 422 || response.status == 404) {
        const std::string known = TRY(tree_of_default_branch(doing));
        {
            const std::lock_guard guard(mutex_);
            tree_ = known;
        }
        response = TRY(post_commit(message, known, doing));
    }
    if (response.status != 201) return Fail(explained(client_.error_of(response, doing)));
    const auto body = TRY_WHILE(JsonReader::parse(response.body, "GitHub's answer"), "{}", doing);
    return TRY_WHILE(body.string("sha"), "{}", doing);
}

Result<ClaimRefs::Swapped> GitHubClaimRefs::swap_claim(int pull_request_number,
                                                       const std::optional<std::string>& before,
                                                       const std::optional<std::string>& after) {
    const std::string doing =
        fmt::format("{} the lease of #{}", after ? "taking" : "giving up", pull_request_number);
    const std::string repository = TRY(client_.repository_id());
    // Forced, since two claims have no history in common: the comparison is what protects.
    const Mutation swap{
        std::string(kAlias), "updateRefs",
        fmt::format(
            R"({{"repositoryId":{},"refUpdates":[{{"name":{},"beforeOid":{},"afterOid":{},"force":true}}]}})",
            json_quote(repository), json_quote(claim_ref_name(pull_request_number)),
            json_quote(before.value_or(std::string(kNothing))),
            json_quote(after.value_or(std::string(kNothing)))),
        "clientMutationId"};
    const auto reply = TRY(perform(client_, {&swap, 1}, Effect::WriteOnce, doing));
    if (reply.errors.empty()) return Swapped{true, ""};
    const auto& error = reply.errors.front();
    if (!is_refusal(error)) return Fail(explained(error_of_graphql(error, client_.context(doing))));
    return Swapped{false, sanitize_for_terminal(truncate_utf8(error.message, 200))};
}

Result<std::vector<int>> GitHubClaimRefs::claimed_pull_requests() {
    // The one listing that is documented for every namespace:
    // https://docs.github.com/en/rest/git/refs#list-matching-references
    const RestCall call{.path = fmt::format("{}/git/matching-refs/{}", client_.repository_path(),
                                            kClaimRefPrefix.substr(std::string_view("refs/").size())),
                        .doing = "listing leases"};
    const auto response = TRY(client_.rest(call));
    const auto body = TRY_WHILE(JsonReader::parse(response.body, "GitHub's answer"), "{}", call.doing);
    std::vector<int> numbers;
    for (const auto& node : TRY_WHILE(body.as_items(), "{}", call.doing)) {
        const auto number = number_of_claim_ref(TRY_WHILE(node.string("ref"), "{}", call.doing));
        if (number) numbers.push_back(*number);
    }
    std::ranges::sort(numbers);
    return numbers;
}

}  // namespace ringmaster::github
