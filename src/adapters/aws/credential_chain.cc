#include "adapters/aws/credential_chain.h"

#include <algorithm>

#include "adapters/aws/metadata_credentials.h"
#include "adapters/aws/sts.h"
#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

// New ones are got while the old ones still count, so that no request meets the very end.
constexpr auto kRefreshBefore = std::chrono::minutes(5);
constexpr auto kProcessTimeout = std::chrono::minutes(1);  // some ask a person for a code
constexpr std::size_t kMostTokenBytes = 64 << 10;
constexpr std::string_view kAudience = "sts.amazonaws.com";

std::string setting_of(const Profile& profile, std::string_view key) {
    const auto found = profile.find(key);
    return found == profile.end() ? "" : found->second;
}

/// One credential's keys, for STS.
class Fixed final : public CredentialSource {
 public:
    explicit Fixed(Credentials credentials) : credentials_(std::move(credentials)) {}
    Result<Credentials> get(Progress&) override { return credentials_; }
    void forget(const Credentials&) override {}

 private:
    Credentials credentials_;
};

/// Passes pulses on and keeps lines to itself: what a credential_process prints is secret.
class Secretly final : public Progress {
 public:
    explicit Secretly(Progress& progress) : progress_(progress) {}
    void line(std::string_view) override {}
    Result<void> pulse() override { return progress_.pulse(); }

 private:
    Progress& progress_;
};

Result<Credentials> parse_process_output(const std::string& output) {
    const auto document = TRY(support::JsonReader::parse(output, "the output of credential_process"));
    Credentials credentials{.access_key_id = TRY(document.string("AccessKeyId")),
                            .secret_access_key = TRY(document.string("SecretAccessKey")),
                            .session_token = TRY(document.optional_string("SessionToken"))};
    credentials.expires_at = parse_iso8601(TRY(document.optional_string("Expiration")));
    return credentials;
}

}  // namespace

Result<Credentials> CredentialChain::get(Progress& progress) {
    const std::lock_guard guard(mutex_);
    const auto now = clock_.now();
    if (current_ && (!current_->expires_at || *current_->expires_at - now > kRefreshBefore)) return *current_;
    auto found = search(progress);
    if (found)
        current_ = *found;
    else if (!current_ || *current_->expires_at <= now)
        return found;
    return *current_;
}

void CredentialChain::forget(const Credentials& used) {
    const std::lock_guard guard(mutex_);
    if (current_ == used) current_.reset();
}

std::string CredentialChain::origin() const {
    const std::lock_guard guard(mutex_);
    return origin_;
}

Result<Credentials> CredentialChain::search(Progress& progress) {
    tried_.clear();
    if (auto found = TRY(from_environment())) return *std::move(found);
    if (auto found = TRY(from_web_identity(progress))) return *std::move(found);
    if (auto found = TRY(from_profile(settings_.profile, {}, progress))) return *std::move(found);
    if (auto found = TRY(from_container())) return *std::move(found);
    if (auto found = TRY(from_instance())) return *std::move(found);
    return Fail(
        Error::unauthorized("no AWS credentials were found; tried: {}", join(tried_, "; "))
            .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role "
                  "is given"));
}

CredentialChain::Found CredentialChain::from_environment() {
    Credentials credentials{.access_key_id = value_of(settings_.environment, "AWS_ACCESS_KEY_ID"),
                            .secret_access_key = value_of(settings_.environment, "AWS_SECRET_ACCESS_KEY"),
                            .session_token = value_of(settings_.environment, "AWS_SESSION_TOKEN")};
    if (credentials.access_key_id.empty()) {
        tried_.emplace_back("the environment (AWS_ACCESS_KEY_ID is not set)");
        return std::nullopt;
    }
    if (credentials.secret_access_key.empty())
        return Fail(Error::unauthorized("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
                        .hint("set both, or neither"));
    origin_ = "the environment";
    return credentials;
}

CredentialChain::Found CredentialChain::from_web_identity(Progress& progress) {
    const auto& environment = settings_.environment;
    const auto file = value_of(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
    const bool is_in_actions = !value_of(environment, "ACTIONS_ID_TOKEN_REQUEST_URL").empty();
    RoleRequest role{.role_arn = value_of(environment, "AWS_ROLE_ARN"),
                     .session_name = value_of(environment, "AWS_ROLE_SESSION_NAME"),
                     .region = settings_.region,
                     .url = settings_.sts_url};
    if (role.role_arn.empty() || (file.empty() && !is_in_actions)) {
        tried_.emplace_back(role.role_arn.empty()
                                ? "a web identity (AWS_ROLE_ARN is not set)"
                                : "a web identity (neither AWS_WEB_IDENTITY_TOKEN_FILE nor the id-token of "
                                  "GitHub Actions is there)");
        return std::nullopt;
    }
    if (role.session_name.empty()) role.session_name = "ringmaster";
    const auto token = TRY(web_identity_token(file, progress));
    origin_ = "the role " + role.role_arn;
    return TRY(assume_role_with_web_identity(wire_, role, token, progress));
}

Result<std::string> CredentialChain::web_identity_token(const std::string& file, Progress& progress) {
    TRY(progress.pulse());
    if (file.empty()) return github_token();
    auto token = TRY_WHILE(support::read_file(file, kMostTokenBytes), "reading AWS_WEB_IDENTITY_TOKEN_FILE");
    return std::string(trim(token));
}

/// https://docs.github.com/actions/reference/openid-connect-reference: a job with the permission
/// "id-token: write" may ask for a token for an audience.
Result<std::string> CredentialChain::github_token() {
    HttpRequest request{.url = value_of(settings_.environment, "ACTIONS_ID_TOKEN_REQUEST_URL") +
                               "&audience=" + percent_encode(kAudience)};
    request.headers = {
        {"Authorization", "bearer " + value_of(settings_.environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN")}};
    request.max_response_bytes = kMostTokenBytes;
    const auto response = TRY_WHILE(http_.send(request), "asking GitHub Actions for an id-token");
    if (response.status != 200)
        return Fail(
            Error::unauthorized("GitHub Actions gave no id-token for AWS (status {})", response.status)
                .hint("the job needs `permissions: id-token: write`"));
    const auto document = TRY(support::JsonReader::parse(response.body, "the id-token of GitHub Actions"));
    return document.string("value");
}

CredentialChain::Found CredentialChain::from_profile(const std::string& name, Names seen,
                                                     Progress& progress) {
    const auto* profile = settings_.files.find(name);
    if (profile == nullptr) {
        if (!seen.empty() || settings_.is_profile_chosen)
            return Fail(Error::unauthorized("there is no AWS profile \"{}\" in {} or {}",
                                            sanitize_for_terminal(name), settings_.files.credentials_path,
                                            settings_.files.config_path)
                            .hint("`aws configure list-profiles` lists what is there"));
        tried_.push_back(fmt::format(
            "the profile {} ({})", name,
            settings_.files.found_any ? "there is none of this name" : "there are no files in ~/.aws"));
        return std::nullopt;
    }
    origin_ = fmt::format("the profile {}", sanitize_for_terminal(name));
    Credentials keys{.access_key_id = setting_of(*profile, "aws_access_key_id"),
                     .secret_access_key = setting_of(*profile, "aws_secret_access_key"),
                     .session_token = setting_of(*profile, "aws_session_token")};
    const bool has_keys = !keys.access_key_id.empty() && !keys.secret_access_key.empty();
    // A profile that names itself as its source means its own keys.
    const bool is_own_source = has_keys && std::ranges::find(seen, name) != seen.end();
    if (!setting_of(*profile, "role_arn").empty() && !is_own_source)
        return from_role(*profile, name, std::move(seen), progress);
    if (has_keys) return keys;
    if (const auto command = setting_of(*profile, "credential_process"); !command.empty())
        return TRY(from_process(command, progress));
    const bool is_sso = profile->contains("sso_start_url") || profile->contains("sso_session");
    tried_.push_back(fmt::format("the profile {} ({})", name,
                                 is_sso ? "SSO is not read here: run `aws configure export-credentials "
                                          "--format env`"
                                        : "it has no keys and no role"));
    return std::nullopt;
}

CredentialChain::Found CredentialChain::from_role(const Profile& profile, const std::string& name, Names seen,
                                                  Progress& progress) {
    if (std::ranges::find(seen, name) != seen.end())
        return Fail(
            Error::unauthorized("the AWS profiles {} are each other's source_profile", join(seen, ", ")));
    RoleRequest role{.role_arn = setting_of(profile, "role_arn"),
                     .session_name = setting_of(profile, "role_session_name"),
                     .external_id = setting_of(profile, "external_id"),
                     .region = settings_.region,
                     .url = settings_.sts_url};
    if (role.session_name.empty()) role.session_name = "ringmaster";
    if (const auto file = setting_of(profile, "web_identity_token_file"); !file.empty()) {
        const auto token = TRY(web_identity_token(file, progress));
        return TRY(assume_role_with_web_identity(wire_, role, token, progress));
    }
    if (profile.contains("mfa_serial"))
        return Fail(
            Error::unauthorized("the role of the AWS profile \"{}\" needs a code of a device (MFA)",
                                sanitize_for_terminal(name))
                .hint("`aws configure export-credentials --format env` asks for it and prints what to set"));
    seen.push_back(name);
    Fixed source(TRY(source_of(profile, name, seen, progress)));
    origin_ = fmt::format("the profile {}", sanitize_for_terminal(name));
    return TRY(assume_role(wire_, role, source, progress));
}

Result<Credentials> CredentialChain::source_of(const Profile& profile, const std::string& name,
                                               const Names& seen, Progress& progress) {
    if (const auto source = setting_of(profile, "credential_source"); !source.empty())
        return named_source(source, progress);
    const auto source = setting_of(profile, "source_profile");
    if (source.empty())
        return Fail(Error::unauthorized("the AWS profile \"{}\" has a role_arn, but nothing to take it with",
                                        sanitize_for_terminal(name))
                        .hint("give it a source_profile, a credential_source or a web_identity_token_file"));
    if (auto found = TRY(from_profile(source, seen, progress))) return *std::move(found);
    return Fail(Error::unauthorized("the AWS profile \"{}\", source of \"{}\", has no keys and no role",
                                    sanitize_for_terminal(source), sanitize_for_terminal(name)));
}

Result<Credentials> CredentialChain::named_source(const std::string& source, Progress& progress) {
    TRY(progress.pulse());
    Found found = std::nullopt;
    if (source == "Environment")
        found = from_environment();
    else if (source == "EcsContainer")
        found = from_container();
    else if (source == "Ec2InstanceMetadata")
        found = from_instance();
    if (!found) return Fail(found.error());
    if (*found) return **std::move(found);
    return Fail(
        Error::unauthorized("credential_source = {} gave no AWS credentials", sanitize_for_terminal(source))
            .hint("it can be Environment, EcsContainer or Ec2InstanceMetadata"));
}

Result<Credentials> CredentialChain::from_process(const std::string& command, Progress& progress) {
    ProcessSpec spec{.arguments = {"/bin/sh", "-c", command}, .timeout = kProcessTimeout};
    spec.environment.insert(settings_.environment.begin(), settings_.environment.end());
    Secretly quiet(progress);
    const auto result =
        TRY_WHILE(subprocess_.run(spec, quiet), "running the credential_process of {}", origin_);
    if (result.exit_code != 0)
        return Fail(Error::unauthorized(
            "the credential_process of {} ended with exit code {}: {}", origin_, result.exit_code,
            sanitize_for_terminal(truncate_utf8(trim(result.error_output), 300))));
    return parse_process_output(result.output);
}

CredentialChain::Found CredentialChain::from_container() {
    if (!is_container_configured(settings_.environment)) {
        tried_.emplace_back("a container's credentials (AWS_CONTAINER_CREDENTIALS_… is not set)");
        return std::nullopt;
    }
    origin_ = "the container's role";
    return TRY(container_credentials(http_, settings_.environment));
}

CredentialChain::Found CredentialChain::from_instance() {
    auto found = instance_credentials(http_, settings_.environment);
    if (found) {
        origin_ = "the instance's role";
        return *std::move(found);
    }
    if (found.error().kind() != ErrorKind::NotFound) return Fail(found.error());
    tried_.push_back(fmt::format("the instance's role ({})", found.error().message()));
    return std::nullopt;
}

}  // namespace ringmaster::aws
