#pragma once
// The local forge as one object: a GitHub-compatible server over a data folder, for `serve --local`, `demo`
// and tests.
//
//     auto forge = TRY(Forge::start({.data_folder = folder, .now = ..., .random_hex = ...}));
//     TRY(forge->create_repository({.owner = "demo", .name = "app"}));
//     TRY(forge->add_user("alice", "token-of-alice", {{"demo/app", Role::Write}}));
//     // git push http://alice:token-of-alice@127.0.0.1:PORT/demo/app HEAD:feature

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/hooks.h"
#include "local_forge/model.h"
#include "local_forge/repositories.h"
#include "local_forge/request_log.h"

namespace ringmaster::local_forge {

class ForgeStore;

/// What happens to a request in a test of failures.
enum class FaultAction {
    Pass,
    ErrorBefore,     ///< 502, nothing done
    ErrorAfter,      ///< 502, but done
    DropConnection,  ///< done, and the connection closed without an answer
    Hold,            ///< waits until release_held(), then as Pass
};

using Interceptor =
    std::function<FaultAction(std::uint64_t request_number, std::string_view method, std::string_view path)>;

struct ForgeOptions {
    std::string data_folder;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;   ///< 0 = any free one
    std::string unix_socket;  ///< a path: listen there as well (github-facts 9.2: how gh comes without TLS)
    unsigned handler_threads = 4;
    std::function<TimePoint()> now;  ///< the wall clock; from any thread
    std::function<std::string(std::size_t bytes)>
        random_hex;                             ///< random bytes as hexadecimal digits; from any thread
    std::int64_t requests_an_hour = 1'000'000;  ///< for each token; more are refused as GitHub does
    Duration rescan_interval =
        std::chrono::milliseconds(500);  ///< how often pushes made on disk are looked for
    Interceptor interceptor;             ///< none: every request passes
};

struct Membership {
    std::string repository;  ///< "owner/name"
    Role role = Role::Write;
};

class Forge {
 public:
    /// Errors: InvalidInput (address), Conflict (port taken), Unavailable and Corrupt (data folder).
    static Result<std::unique_ptr<Forge>> start(ForgeOptions options);
    /// Answers what is being answered, then stops; undelivered webhooks are sent after the next start.
    ~Forge();

    /// "http://127.0.0.1:PORT": GitHub's web address; the API is at api_url().
    std::string url() const;
    /// "http://127.0.0.1:PORT/api/v3", what GITHUB_API_URL is set to.
    std::string api_url() const;
    /// "http://127.0.0.1:PORT/api/graphql", what GITHUB_GRAPHQL_URL is set to.
    std::string graphql_url() const;
    std::uint16_t port() const;
    /// Where git finds the repository on this machine's disk.
    std::string repository_path(std::string_view owner, std::string_view name) const;

    // For whoever runs the forge. All of them may be called again with the same result.
    Result<Repository> create_repository(const NewRepository& wanted);
    Result<User> add_user(std::string_view login, std::string_view token,
                          const std::vector<Membership>& memberships, UserType type = UserType::User);
    Result<Hook> add_hook(std::string_view owner, std::string_view name, const NewHook& wanted);

    /// Looks for pushes made on disk now.
    Result<void> rescan();
    /// Whether all webhooks were sent within the time.
    bool wait_for_deliveries(Duration at_most);
    RequestCounts request_counts() const;
    void release_held();
    /// For tests and for setting the scene beyond what the functions above do.
    ForgeStore& store();

 private:
    struct Impl;
    explicit Forge(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ringmaster::local_forge
