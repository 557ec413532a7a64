#pragma once
// A forge of one's own, ready to work with: the local forge, one repository, a person with a token, and a
// webhook to the service. `serve --local` and the demo stand on it.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/environment.h"
#include "domain/repository_name.h"
#include "ports/clock.h"
#include "ports/entropy.h"

namespace ringmaster::local_forge {
class Forge;
}

namespace ringmaster::app {

struct LocalHostOptions {
    std::string data_folder;  ///< made if missing, for its owner only
    RepositoryName repository;
    std::uint16_t port = 0;  ///< 0: the one it had before if that is free, else any
};

class LocalHost {
 public:
    /// Starts the forge and sees to repository, account and token; what is there already is kept. `clock` and
    /// `entropy` outlive it. Errors: Unavailable (the folder), Conflict (the port), those of the forge.
    static Result<std::unique_ptr<LocalHost>> start(const LocalHostOptions& options, Clock& clock,
                                                    Entropy& entropy);
    ~LocalHost();
    LocalHost(const LocalHost&) = delete;
    LocalHost& operator=(const LocalHost&) = delete;

    /// Has the forge tell that address, and no other, about pull requests and comments.
    Result<void> send_webhooks_to(const std::string& url);
    /// The secret that those webhooks are signed with.
    const std::string& webhook_secret() const { return webhook_secret_; }

    std::string url() const;
    std::string clone_url() const;
    /// With login and token in it: for our own git, never for people's eyes.
    std::string clone_url_with_token() const;
    /// The bare repository on disk.
    std::string repository_path() const;
    /// The file that holds the token, readable by its owner only.
    std::string token_file() const;

    /// `base` with the variables that point the rest of the program at this forge; state is kept in
    /// `state_folder`.
    cli::Environment environment(const cli::Environment& base, const std::string& state_folder) const;
    /// Writes them as a file for a shell to read, with this very program on the PATH; its path.
    Result<std::string> write_environment_file(const cli::Environment& environment) const;

 private:
    LocalHost(LocalHostOptions options, Clock& clock, Entropy& entropy);
    Result<void> open_forge();
    Result<void> make_repository();
    Result<std::string> secret_in(const std::string& file);

    LocalHostOptions options_;
    Clock& clock_;
    Entropy& entropy_;
    std::string token_;
    std::string webhook_secret_;
    std::unique_ptr<local_forge::Forge> forge_;
};

}  // namespace ringmaster::app
