#pragma once
// Finds AWS credentials where AWS's own tools find them, in their order, keeps them, and gets new ones before
// they run out:
//
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN)
//   2. a web identity: AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, or with the token that GitHub Actions
//      gives a job that has the permission id-token: write
//   3. the profile (AWS_PROFILE, else "default"): its keys, its role (source_profile, credential_source, a
//   web
//      identity), its credential_process
//   4. the container's credentials, 5. the instance's
//
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/aws/profile_files.h"
#include "adapters/aws/wire.h"
#include "ports/subprocess.h"

namespace ringmaster::aws {

struct ChainSettings {
    Variables environment;
    ProfileFiles files;
    std::string profile;             ///< name
    bool is_profile_chosen = false;  ///< by AWS_PROFILE or the configuration: it has to be there
    std::string region;
    std::string sts_url;
};

class CredentialChain final : public CredentialSource {
 public:
    CredentialChain(ChainSettings settings, HttpClient& http, Subprocess& subprocess, Clock& clock,
                    Entropy& entropy)
        : settings_(std::move(settings)),
          http_(http),
          subprocess_(subprocess),
          clock_(clock),
          wire_(http, clock, entropy) {}

    /// Errors: Unauthorized with the list of what was tried; a place that is configured but does not work
    /// ends the search with its own error.
    Result<Credentials> get(Progress& progress) override;
    void forget(const Credentials& used) override;
    /// Where the credentials came from, for `ringmaster doctor`: "the environment", "the profile ci". ""
    /// before the first get().
    std::string origin() const;

 private:
    /// What one place gave; nullopt: nothing is configured there.
    using Found = Result<std::optional<Credentials>>;
    using Names = std::vector<std::string>;

    Result<Credentials> search(Progress& progress);
    Found from_environment();
    Found from_web_identity(Progress& progress);
    Found from_profile(const std::string& name, Names seen, Progress& progress);
    Found from_role(const Profile& profile, const std::string& name, Names seen, Progress& progress);
    Result<Credentials> source_of(const Profile& profile, const std::string& name, const Names& seen,
                                  Progress& progress);
    Result<Credentials> named_source(const std::string& source, Progress& progress);
    Result<Credentials> from_process(const std::string& command, Progress& progress);
    Found from_container();
    Found from_instance();
    Result<std::string> web_identity_token(const std::string& file, Progress& progress);
    Result<std::string> github_token();

    ChainSettings settings_;
    HttpClient& http_;
    Subprocess& subprocess_;
    Clock& clock_;
    Wire wire_;
    mutable std::mutex mutex_;
    std::optional<Credentials> current_;
    std::string origin_;
    std::vector<std::string> tried_;
};

}  // namespace ringmaster::aws
