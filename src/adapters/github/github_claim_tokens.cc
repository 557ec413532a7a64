#include "adapters/github/github_claim_tokens.h"

#include <algorithm>

#include "adapters/github/lease_token.h"
#include "adapters/github/mutations.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;

constexpr std::string_view kColor = "5319e7";

}  // namespace

/// By REST, because only there is "exists already" told apart for certain (github-facts 1.12, 1.13, 10.5).
Result<std::optional<ClaimTokens::Created>> GitHubClaimTokens::create(int pull_request_number, int number,
                                                                      std::string_view holder,
                                                                      TimePoint expires_at) {
    const std::string description = TRY(token_description(holder, expires_at));
    const RestCall call{.method = "POST",
                        .path = client_.repository_path() + "/labels",
                        .body = fmt::format(R"({{"name":{},"color":"{}","description":{}}})",
                                            json_quote(token_label_name(pull_request_number, number)), kColor,
                                            json_quote(description)),
                        .effect = Effect::WriteOnce,
                        .doing = fmt::format("taking the lease of #{}", pull_request_number)};
    const auto response = TRY(client_.exchange(call));
    if (is_already_exists(response)) return std::optional<Created>();
    if (response.status != 201) return Fail(client_.error_of(response, call.doing));
    // From here on it exists. Where that cannot be told completely the answer is "unknown", so that the
    // caller looks.
    const auto unknown = [&](std::string_view what) {
        return Fail(Error::unavailable("GitHub made the lease but {}", what).while_doing(call.doing));
    };
    const auto date = response.header("date");
    const auto server_time = date ? parse_http_date(*date) : std::nullopt;
    if (!server_time) return unknown("its answer has no Date");
    const auto label = support::JsonReader::parse(response.body, "GitHub's answer");
    const auto id = label ? label->string("node_id") : Result<std::string>(Fail(label.error()));
    if (!id) return unknown("its answer has no node_id");
    // REST may still give ids of the old format, which GraphQL, asked for new ones, never shows
    // (github-facts 1.20): such a token would not be recognised as ours. New ids have an underscore, old ones
    // are Base64 without.
    if (!id->contains('_')) return unknown("gave its id in the old format");
    return Created{*id, *server_time};
}

Result<void> GitHubClaimTokens::remove(std::span<const std::string> ids) {
    const std::string doing = "giving up a lease";
    for (std::size_t begin = 0; begin < ids.size(); begin += kMostMutationsARequest) {
        const auto some = ids.subspan(begin, std::min(kMostMutationsARequest, ids.size() - begin));
        std::vector<Mutation> mutations;
        for (const auto& id : some)
            mutations.push_back({fmt::format("d{}", mutations.size()), "deleteLabel",
                                 fmt::format(R"({{"id":{}}})", json_quote(id)), "clientMutationId"});
        const auto reply = TRY(perform(client_, mutations, Effect::RepeatableWrite, doing));
        for (const auto& error : reply.errors)
            if (!error.is_not_found()) return Fail(error_of_graphql(error, client_.context(doing)));
    }
    return {};
}

}  // namespace ringmaster::github
