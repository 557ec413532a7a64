#include "app/ecs_side.h"

#include <filesystem>

#include "adapters/aws/ecs_api.h"
#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/ecs_runtime.h"
#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "app/secrets.h"
#include "cli/version.h"

namespace ringmaster::app {
namespace {

std::map<std::string, std::string> secrets_of(const EcsFacts& facts) {
    return find_secrets(facts.loaded.config, facts.environment).values;
}

support::CurlOptions quiet_http_options(const EcsFacts& facts) {
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.ca_file =
        facts.environment.value_or("AWS_CA_BUNDLE", facts.environment.value_or("SSL_CERT_FILE", ""));
    return options;
}

support::CurlOptions http_options(const EcsFacts& facts) {
    auto options = quiet_http_options(facts);
    options.on_exchange = facts.on_exchange;
    for (const auto& [name, value] : secrets_of(facts)) {
        options.secrets.push_back(value);
        const auto quoted = support::json_quote(value);  // as it stands in a request
        options.secrets.push_back(quoted.substr(1, quoted.size() - 2));
    }
    return options;
}

Result<aws::ChainSettings> chain_settings(const EcsFacts& facts) {
    const auto& ecs = facts.loaded.config.ecs;
    const auto& variables = facts.environment.variables();
    aws::ChainSettings chain{.environment = variables, .files = TRY(aws::read_profile_files(variables))};
    chain.profile = ecs.profile.empty() ? aws::profile_name(variables) : ecs.profile;
    chain.is_profile_chosen = !ecs.profile.empty() || facts.environment.has("AWS_PROFILE");
    const auto* profile = chain.files.find(chain.profile);
    chain.region = TRY(aws::region_of(ecs.region, variables, profile));
    chain.sts_url = aws::service_url(aws::kSts, chain.region, variables, profile);
    return chain;
}

Result<aws::EcsSettings> ecs_settings(const EcsFacts& facts, const std::string& region) {
    const auto& config = facts.loaded.config;
    aws::EcsSettings settings = config.ecs.settings;
    if (settings.subnets.empty())
        return Fail(Error::invalid_input("ECS needs to know the subnets that shows run in")
                        .hint("set [shows.ecs] subnets; `aws ec2 describe-subnets` lists what there is"));
    const auto& route = settings.load_balancer;
    const bool has_route = !route.listener.empty() && !route.host.empty() && !route.vpc.empty();
    if (settings.address == aws::AddressKind::LoadBalancer && !has_route)
        return Fail(Error::invalid_input("the way through the load balancer is not known")
                        .hint("set [shows.ecs] listener, host and vpc"));
    settings.repository = facts.repository;
    settings.command = config.run.command;
    settings.port = static_cast<std::uint16_t>(config.run.port);
    settings.environment = config.run.environment;
    settings.secrets = secrets_of(facts);
    settings.log_region = region;
    settings.start_timeout = config.policy.deploy_timeout;
    settings.stop_grace = config.run.stop_grace;
    if (!config.ecs.template_file.empty()) {
        const auto path = std::filesystem::path(facts.loaded.folder) / config.ecs.template_file;
        settings.task_definition =
            TRY_WHILE(support::read_file(path.string()), "reading [shows.ecs] task_definition");
        TRY(aws::log_place_of(settings));  // the template is read, so that what is wrong with it is said now
    }
    return settings;
}

aws::ClientSettings client_settings(const aws::ChainSettings& chain) {
    aws::ClientSettings settings{.region = chain.region, .environment = chain.environment};
    if (const auto* profile = chain.files.find(chain.profile)) settings.profile = *profile;
    return settings;
}

class MissingRuntime final : public Runtime {
 public:
    MissingRuntime(std::string_view engine, Error why) : engine_(engine), why_(std::move(why)) {}
    std::string_view engine() const override { return engine_; }
    Result<Endpoint> deploy(const ShowSpec&, Progress&) override { return Fail(why_); }
    Result<std::optional<::ringmaster::Service>> find(const ShowId&) override { return Fail(why_); }
    Result<std::vector<::ringmaster::Service>> list_managed() override { return Fail(why_); }
    Result<PullRequestServices> list_of(int, Others) override { return Fail(why_); }
    Result<void> remove(const ShowId&, Progress&) override { return Fail(why_); }
    Result<void> logs(const ShowId&, const LogOptions&, Progress&) override { return Fail(why_); }
    Result<void> run_in(const ShowId&, const ShowCommand&, Progress&) override { return Fail(why_); }

 private:
    std::string engine_;
    Error why_;
};

}  // namespace

std::unique_ptr<Runtime> missing_runtime(std::string_view engine, Error why) {
    return std::make_unique<MissingRuntime>(engine, std::move(why));
}

Result<std::unique_ptr<EcsSide>> EcsSide::open(const EcsFacts& facts, EcsPorts ports) {
    auto chain = TRY(chain_settings(facts));
    auto settings = TRY(ecs_settings(facts, chain.region));
    return std::unique_ptr<EcsSide>(new EcsSide(facts, ports, chain, std::move(settings)));
}

EcsSide::EcsSide(const EcsFacts& facts, EcsPorts ports, const aws::ChainSettings& chain,
                 aws::EcsSettings settings)
    : clock_(ports.clock),
      settings_(std::move(settings)),
      credentials_http_(quiet_http_options(facts)),
      http_(http_options(facts)),
      credentials_(chain, credentials_http_, ports.subprocess, ports.clock, ports.entropy),
      client_(client_settings(chain), credentials_, http_, ports.clock, ports.entropy) {}

std::unique_ptr<Runtime> EcsSide::runtime() {
    return std::make_unique<aws::EcsRuntime>(settings_, client_, clock_);
}

Result<std::string> EcsSide::describe() {
    NoProgress quiet;
    TRY(credentials_.get(quiet));
    const auto services = TRY(aws::EcsApi(client_, settings_.cluster).list_services(quiet));
    return fmt::format("cluster {} in {} ({} services), credentials of {}", settings_.cluster,
                       client_.region(), services.size(), credentials_.origin());
}

}  // namespace ringmaster::app
