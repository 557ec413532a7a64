#include "app/config_setters.h"

namespace ringmaster::app {

Result<std::string> normalized_url(const std::string& text) {
    std::string url = text;
    while (url.ends_with("/")) url.pop_back();
    const auto host = url.find("://");
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    if (!is_web || host + 3 >= url.size() || url.find_first_of(" \t\r\n") != std::string::npos)
        return Fail(Error::invalid_input("must be an address such as https://api.github.com, but is \"{}\"",
                                         sanitize_for_terminal(text)));
    return url;
}

Result<void> set_repository(Config& config, const ConfigValue& value) {
    config.repository.reset();
    if (!text_of(value).empty()) config.repository = TRY(RepositoryName::parse(text_of(value)));
    return {};
}

Result<void> set_ttl(Config& config, const ConfigValue& value) {
    config.policy.default_ttl = TRY(Ttl::parse(text_of(value)));
    return {};
}

Result<void> set_lease(Config& config, const ConfigValue& value) {
    const auto lease = TRY(parse_duration(text_of(value)));
    // Shorter ones leave no time between two requests once the safety margin of a quarter is taken off.
    if (lease < std::chrono::seconds(20) || lease > std::chrono::hours(1))
        return Fail(Error::invalid_input("must be from 20s to 1h, but is \"{}\"", text_of(value)));
    config.lease = lease;
    return {};
}

Result<void> set_claims(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.claims = word == "database" ? ClaimsBackend::Database
                    : word == "refs"   ? ClaimsBackend::Refs
                                       : ClaimsBackend::Labels;
    return {};
}

Result<void> set_releases(Config& config, const ConfigValue& value) {
    if (!text_of(value).empty()) TRY(RepositoryName::parse(text_of(value)));
    config.releases = text_of(value);
    return {};
}

Result<void> set_comment(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.policy.comment = word == "off"        ? CommentMode::Off
                            : word == "failures" ? CommentMode::Failures
                                                 : CommentMode::Sticky;
    return {};
}

Result<void> set_comment_style(Config& config, const ConfigValue& value) {
    config.policy.comment_style = text_of(value) == "superset" ? CommentStyle::Superset : CommentStyle::Table;
    return {};
}

Result<void> set_required_commit(Config& config, const ConfigValue& value) {
    config.policy.required_commit.reset();
    if (!text_of(value).empty()) config.policy.required_commit = TRY(CommitSha::parse(text_of(value)));
    return {};
}

Result<void> set_build_engine(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.build.engine = word == "none"     ? BuildEngine::None
                          : word == "docker" ? BuildEngine::Docker
                          : word == "exec"   ? BuildEngine::Exec
                                             : BuildEngine::Command;
    return {};
}

Result<void> set_run_engine(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.run.engine = word == "docker"  ? RunEngine::Docker
                        : word == "swarm" ? RunEngine::Swarm
                        : word == "ecs"   ? RunEngine::Ecs
                        : word == "exec"  ? RunEngine::Exec
                                          : RunEngine::Process;
    return {};
}
Result<void> set_start_permission(Config&, const ConfigValue&) {
    return {};
}  // one choice so far

Result<void> set_health_paths(Config& config, const ConfigValue& value) {
    const auto& paths = std::get<TextList>(value);
    if (paths.empty()) return Fail(Error::invalid_input("needs at least one path, such as \"/\""));
    for (const auto& path : paths)
        if (!path.starts_with("/"))
            return Fail(Error::invalid_input("holds \"{}\", which does not begin with a slash",
                                             sanitize_for_terminal(path)));
    config.policy.health.paths = paths;
    return {};
}

Result<void> set_port(Config& config, const ConfigValue& value) {
    const auto port = std::get<std::int64_t>(value);
    if (port < 1 || port > 65535)
        return Fail(Error::invalid_input("must be from 1 to 65535, but is {}", port));
    config.run.port = static_cast<int>(port);
    return {};
}

Result<void> set_ports(Config& config, const ConfigValue& value) {
    const auto& text = text_of(value);
    const auto dash = text.find('-');
    const auto first = parse_integer(text.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_integer(text.substr(dash + 1));
    if (!first || !last || *first < 1 || *last > 65535 || *first > *last)
        return Fail(Error::invalid_input("must be two ports such as 20000-29999, but is \"{}\"",
                                         sanitize_for_terminal(text)));
    config.run.first_port = static_cast<int>(*first);
    config.run.last_port = static_cast<int>(*last);
    return {};
}

Result<void> set_memory(Config& config, const ConfigValue& value) {
    const auto megabytes = std::get<std::int64_t>(value);
    if (megabytes < 0 || megabytes > 16'000'000)
        return Fail(Error::invalid_input("must be from 0 to 16000000, but is {}", megabytes));
    config.run.memory_megabytes = static_cast<int>(megabytes);
    return {};
}

Result<void> set_stop_grace(Config& config, const ConfigValue& value) {
    config.run.stop_grace = TRY(parse_duration(text_of(value)));
    return {};
}

Result<void> set_forks(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.policy.forks = word == "never"   ? ForkPolicy::Never
                          : word == "allow" ? ForkPolicy::Allow
                                            : ForkPolicy::Approve;
    return {};
}

Result<void> set_drafts(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.policy.drafts = word == "skip"     ? DraftPolicy::Skip
                           : word == "always" ? DraftPolicy::Always
                                              : DraftPolicy::OnLabel;
    return {};
}

Result<void> set_listen(Config& config, const ConfigValue& value) {
    const auto& text = text_of(value);
    const auto colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : parse_integer(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535 || colon == 0)
        return Fail(
            Error::invalid_input("must be an address and a port such as 127.0.0.1:8080, but is \"{}\"",
                                 sanitize_for_terminal(text)));
    config.server.listen = text;
    return {};
}

Result<void> set_database(Config& config, const ConfigValue& value) {
    const auto& text = text_of(value);
    if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
        return Fail(Error::invalid_input("cannot be PostgreSQL: it is not available in this version")
                        .hint("available: sqlite:FILE"));
    if (!text.starts_with("sqlite:") || text.size() == 7)
        return Fail(Error::invalid_input("must be sqlite:FILE, but is \"{}\"", sanitize_for_terminal(text)));
    config.server.database = text.substr(7);
    return {};
}

Result<void> set_sweep_interval(Config& config, const ConfigValue& value) {
    const auto interval = TRY(parse_duration(text_of(value)));
    if (interval < std::chrono::seconds(1))
        return Fail(Error::invalid_input("must be at least 1s, but is \"{}\"", text_of(value)));
    config.server.sweep_interval = interval;
    return {};
}

Result<void> set_workers(Config& config, const ConfigValue& value) {
    const auto workers = std::get<std::int64_t>(value);
    if (workers < 1 || workers > 64)
        return Fail(Error::invalid_input("must be from 1 to 64, but is {}", workers));
    config.server.workers = static_cast<int>(workers);
    return {};
}

}  // namespace ringmaster::app
