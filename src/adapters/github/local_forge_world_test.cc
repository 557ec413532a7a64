#include "adapters/github/local_forge_world_test.h"

#include <fmt/format.h>

#include <stdexcept>

#include "adapters/support/json_reader.h"

namespace ringmaster::github {
namespace {

// The repository and the accounts of these tests.
constexpr std::string_view kOwner = "acme";
constexpr std::string_view kName = "shop";
constexpr std::string_view kOurLogin = "ringmaster-bot";
constexpr std::string_view kOurToken = "token-of-ringmaster-bot";

/// A world that cannot be set up ends the test.
template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().describe());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

Result<HttpResponse> CountingHttp::send(const HttpRequest& request) {
    const bool is_query = request.body.starts_with("{\"query\":\"query");
    ++(request.method == "GET" || is_query ? reads : writes);
    return inner_.send(request);
}

std::unique_ptr<local_forge::Forge> LocalForgeWorld::start(const std::string& folder) {
    local_forge::ForgeOptions options;
    options.data_folder = folder;
    auto clock = std::make_shared<support::SystemClock>();
    auto entropy = std::make_shared<support::SystemEntropy>();
    options.now = [clock] { return clock->now(); };
    options.random_hex = [entropy](std::size_t bytes) { return entropy->hex(bytes); };
    options.interceptor = [this](std::uint64_t, std::string_view, std::string_view path) {
        return next_fault(path);
    };
    return must(local_forge::Forge::start(std::move(options)));
}

local_forge::FaultAction LocalForgeWorld::next_fault(std::string_view path) {
    const std::lock_guard guard(fault_mutex_);
    if (fault_path_end_.empty() || !path.ends_with(fault_path_end_)) return local_forge::FaultAction::Pass;
    fault_path_end_.clear();
    return fault_;
}

void LocalForgeWorld::fail_next(local_forge::FaultAction action, std::string path_end) {
    const std::lock_guard guard(fault_mutex_);
    fault_ = action;
    fault_path_end_ = std::move(path_end);
}

int LocalForgeWorld::count_comments(int number) {
    const auto response =
        must(client_.rest({.path = fmt::format("{}/issues/{}/comments", client_.repository_path(), number),
                           .doing = "counting"}));
    return static_cast<int>(
        must(must(support::JsonReader::parse(response.body, "comments")).as_items()).size());
}

GitHubSettings LocalForgeWorld::settings_for(const std::string& token) const {
    GitHubSettings settings;
    settings.api_url = server_->api_url();
    settings.graphql_url = server_->graphql_url();
    settings.token = token;
    settings.repository = {std::string(kOwner), std::string(kName)};
    settings.cache_folder = folder_.path("etags");
    settings.retry.first_wait = std::chrono::milliseconds(1);
    return settings;
}

LocalForgeWorld::LocalForgeWorld()
    : server_(start(folder_.path("forge"))),
      client_(counting_, clock_, entropy_, settings_for(std::string(kOurToken)), progress_),
      base_(*CommitSha::parse(std::string(40, '0'))) {
    must(server_->create_repository({.owner = std::string(kOwner), .name = std::string(kName)}));
    token_of(std::string(kOurLogin), local_forge::Role::Write);
    base_ = commit_to("main");
}

std::string LocalForgeWorld::token_of(const std::string& login, local_forge::Role role) {
    const std::string token = "token-of-" + login;
    must(server_->add_user(login, token, {{fmt::format("{}/{}", kOwner, kName), role}}));
    return token;
}

std::string LocalForgeWorld::git_url() const {
    const std::string url = server_->url();
    return fmt::format("http://{}:{}@{}/{}/{}.git", kOurLogin, kOurToken, url.substr(url.find("://") + 3),
                       kOwner, kName);
}

CommitSha LocalForgeWorld::commit_to(const std::string& branch) {
    checkout_.write("file.txt", fmt::format("{}", ++last_commit_));
    auto sha = checkout_.commit(fmt::format("Change {}", last_commit_));
    checkout_.git(fmt::format("push --quiet '{}' HEAD:refs/heads/{}", git_url(), branch));
    must(server_->rescan());
    return sha;
}

int LocalForgeWorld::open_pull_request() {
    const std::string branch = fmt::format("feature-{}", ++last_branch_);
    checkout_.git("checkout --quiet --detach " + base_.text());
    const auto head = commit_to(branch);
    for (const auto& summary : must(forge_.list_open())) {
        if (summary.pull_request.head != head) continue;
        branches_[summary.pull_request.number] = branch;
        return summary.pull_request.number;
    }
    throw std::runtime_error("the push opened no pull request");
}

CommitSha LocalForgeWorld::push(int number) {
    const auto& branch = branches_.at(number);
    checkout_.git(fmt::format("fetch --quiet '{}' {}", git_url(), branch));
    checkout_.git("checkout --quiet --detach FETCH_HEAD");
    return commit_to(branch);
}

void LocalForgeWorld::close(int number) {
    must(client_.rest({.method = "PATCH",
                       .path = fmt::format("{}/pulls/{}", client_.repository_path(), number),
                       .body = R"({"state":"closed"})",
                       .effect = Effect::RepeatableWrite,
                       .doing = "closing"}));
}

void LocalForgeWorld::label(int number, const std::string& name, const std::string& login) {
    const auto token = token_of(login, local_forge::Role::Write);
    GitHubClient theirs(http_, clock_, entropy_, settings_for(token), progress_);
    must(theirs.rest({.method = "POST",
                      .path = fmt::format("{}/issues/{}/labels", theirs.repository_path(), number),
                      .body = "{\"labels\":[" + support::json_quote(name) + "]}",
                      .effect = Effect::RepeatableWrite,
                      .doing = "labelling"}));
}

void LocalForgeWorld::add_collaborator(const std::string& login, Permission permission) {
    using local_forge::Role;
    token_of(login, permission == Permission::Admin   ? Role::Admin
                    : permission == Permission::Write ? Role::Write
                                                      : Role::Read);
}

}  // namespace ringmaster::github
