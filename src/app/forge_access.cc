#include "app/forge_access.h"

#include <array>

#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

std::optional<std::string> header_of(const HttpResponse& response, std::string_view name) {
    const auto value = response.header(name);
    return value && !value->empty() ? std::optional(std::string(*value)) : std::nullopt;
}

/// REST calls write access "push" and read access "pull".
std::string highest_permission(const support::JsonReader& permissions) {
    static constexpr std::pair<const char*, const char*> kFromHighest[] = {{"admin", "admin"},
                                                                           {"maintain", "maintain"},
                                                                           {"push", "write"},
                                                                           {"triage", "triage"},
                                                                           {"pull", "read"}};
    for (const auto& [field, word] : kFromHighest)
        if (permissions.boolean(field).value_or(false)) return word;
    return {};
}

bool has_scope(std::string_view scopes, std::string_view wanted) {
    for (const auto scope : split(scopes, ','))
        if (trim(scope) == wanted) return true;
    return false;
}

/// Empty where there is no account to speak of: GitHub answers apps' and workflows' tokens 403.
Result<std::string> ask_account(github::GitHubClient& client) {
    const auto response = TRY(client.exchange({.path = "/user", .doing = "asking whose token it is"}));
    if (response.status == 401) return Fail(client.error_of(response, "asking whose token it is"));
    if (response.status != 200) return std::string();
    return TRY(support::JsonReader::parse(response.body, "the account")).optional_string("login");
}

}  // namespace

std::string host_of(std::string_view url) {
    const auto begin = url.find("://") + 3;
    return std::string(url.substr(begin, url.find_first_of(":/", begin) - begin));
}

std::vector<std::string> unused_token_variables(const cli::Environment& environment) {
    std::vector<std::string> unused;
    if (!environment.has("GITHUB_TOKEN")) return unused;
    for (const char* name : {"GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"})
        if (environment.has(name)) unused.emplace_back(name);
    return unused;
}

std::string token_kind(std::string_view token) {
    static constexpr std::array<std::pair<std::string_view, const char*>, 5> kKinds = {{
        {"ghp_", "personal access token (classic)"},
        {"github_pat_", "fine-grained personal access token"},
        {"gho_", "OAuth token, as `gh auth login` makes them"},
        {"ghu_", "token of a person in a GitHub App"},
        {"ghs_", "token of a GitHub App or a workflow"},
    }};
    for (const auto& [prefix, kind] : kKinds)
        if (token.starts_with(prefix)) return kind;
    return {};
}

bool RepositoryAnswer::may_write() const {
    return permission == "admin" || permission == "maintain" || permission == "write";
}

Result<RepositoryAnswer> ask_about_repository(github::GitHubClient& client) {
    const auto response =
        TRY(client.exchange({.path = client.repository_path(), .doing = "reading the repository"}));
    RepositoryAnswer answer{.status = response.status,
                            .scopes = header_of(response, "x-oauth-scopes"),
                            .expires = header_of(response, "github-authentication-token-expiration")};
    const auto left = header_of(response, "x-ratelimit-remaining"),
               all = header_of(response, "x-ratelimit-limit");
    if (left && all) answer.requests_left = *left + " of " + *all;
    if (const auto date = response.header("date")) answer.date = parse_http_date(*date);
    const auto body = support::JsonReader::parse(response.body, "the repository");
    if (!body || !body->is_object()) return answer;
    answer.full_name = body->optional_string("full_name").value_or("");
    if (const auto permissions = body->find("permissions"); permissions && *permissions)
        answer.permission = highest_permission(**permissions);
    return answer;
}

std::vector<std::string> missing_rights(const RepositoryAnswer& answer) {
    if (answer.status == 401)
        return {"the forge does not accept the token: run `gh auth login`, or set another GITHUB_TOKEN"};
    if (answer.status != 200)
        return {
            "the repository does not exist, or the token may not see it: check [project] repository, and "
            "that the token is for it"};
    std::vector<std::string> missing;
    if (!answer.may_write())
        missing.push_back(
            "write access to the repository: use a token of somebody who has it; in a workflow, permissions: "
            "issues: write, pull-requests: write");
    if (answer.scopes && !has_scope(*answer.scopes, "repo") && !has_scope(*answer.scopes, "public_repo"))
        missing.push_back(
            "the scope repo (public_repo for public repositories): `gh auth refresh --scopes "
            "repo` adds it");
    return missing;
}

Result<cli::Access> ask_who_we_are(github::GitHubClient& client, const FoundToken& token,
                                   const cli::Environment& environment) {
    const auto& settings = client.settings();
    cli::Access access{.host = host_of(settings.api_url),
                       .token_from = token.from,
                       .unused = unused_token_variables(environment),
                       .token_kind = token_kind(token.value),
                       .account = TRY(ask_account(client))};
    auto answer = TRY(ask_about_repository(client));
    access.repository = settings.repository.text();
    access.permission = answer.permission;
    access.missing = missing_rights(answer);
    access.scopes = std::move(answer.scopes);
    access.expires = std::move(answer.expires);
    access.requests_left = std::move(answer.requests_left);
    return access;
}

}  // namespace ringmaster::app
