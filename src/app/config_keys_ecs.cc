#include "app/config_keys_ecs.h"

#include "app/config_setters.h"

namespace ringmaster::app {
namespace {

using aws::EcsSettings;
using std::int64_t;

template <auto member>
Result<void> set_ecs_text(Config& config, const ConfigValue& value) {
    config.ecs.settings.*member = text_of(value);
    return {};
}
template <auto member>
Result<void> set_ecs_name(Config& config, const ConfigValue& value) {
    if (text_of(value).empty()) return Fail(Error::invalid_input("must not be empty"));
    return set_ecs_text<member>(config, value);
}
template <auto member>
Result<void> set_ecs_list(Config& config, const ConfigValue& value) {
    config.ecs.settings.*member = std::get<TextList>(value);
    return {};
}
template <auto member>
Result<void> set_ecs_yes(Config& config, const ConfigValue& value) {
    config.ecs.settings.*member = text_of(value) == "yes";
    return {};
}
/// ECS takes sizes as text.
template <auto member>
Result<void> set_ecs_size(Config& config, const ConfigValue& value) {
    const auto size = std::get<int64_t>(value);
    if (size < 1 || size > 1'000'000)
        return Fail(Error::invalid_input("must be from 1 to 1000000, but is {}", size));
    config.ecs.settings.*member = std::to_string(size);
    return {};
}

Result<void> set_address(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.ecs.settings.address = word == "private"         ? aws::AddressKind::Private
                                  : word == "load-balancer" ? aws::AddressKind::LoadBalancer
                                                            : aws::AddressKind::Public;
    return {};
}

template <auto member>
Result<void> set_route_text(Config& config, const ConfigValue& value) {
    config.ecs.settings.load_balancer.*member = text_of(value);
    return {};
}

Result<void> set_route_port(Config& config, const ConfigValue& value) {
    const auto port = std::get<int64_t>(value);
    if (port < 1 || port > 65535)
        return Fail(Error::invalid_input("must be from 1 to 65535, but is {}", port));
    config.ecs.settings.load_balancer.port = static_cast<std::uint16_t>(port);
    return {};
}

Result<void> set_route_host(Config& config, const ConfigValue& value) {
    const auto& host = text_of(value);
    const bool is_own = host.contains("{show}") || (host.contains("{pr}") && host.contains("{sha}"));
    if (!host.empty() && !is_own)
        return Fail(
            Error::invalid_input("must differ from show to show, but is \"{}\"", sanitize_for_terminal(host))
                .hint("for instance {show}.shows.example.org"));
    return set_route_text<&aws::LoadBalancerSettings::host>(config, value);
}

Result<void> set_stored_secrets(Config& config, const ConfigValue& value) {
    for (const auto& [name, place] : std::get<TextMap>(value))
        if (name.empty() || name.contains('=') || place.empty())
            return Fail(Error::invalid_input("holds \"{}\", which cannot be a variable with a place",
                                             sanitize_for_terminal(name)));
    config.ecs.settings.stored_secrets = std::get<TextMap>(value);
    return {};
}

Result<void> set_tags(Config& config, const ConfigValue& value) {
    TRY(aws::check_tags(std::get<TextMap>(value)));
    config.ecs.settings.tags = std::get<TextMap>(value);
    return {};
}

Result<void> set_adoption(Config& config, const ConfigValue& value) {
    config.ecs.settings.showtime = text_of(value) == "yes" ? aws::Showtime::Adopt : aws::Showtime::Ignore;
    return {};
}

void add_place_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.ecs.region", KeyType::Text, "",
                    "AWS region. Default: AWS_REGION, AWS_DEFAULT_REGION, else the profile's.",
                    set_text_of<&Config::ecs, &EcsConfig::region>});
    keys.push_back({"shows.ecs.profile", KeyType::Text, "",
                    "Profile of ~/.aws that credentials come from. Default: AWS_PROFILE, else default. Keys "
                    "in the environment come before it.",
                    set_text_of<&Config::ecs, &EcsConfig::profile>});
    keys.push_back({"shows.ecs.cluster", KeyType::Text, "default", "Cluster that shows run in.",
                    set_ecs_name<&EcsSettings::cluster>});
    keys.push_back({"shows.ecs.subnets", KeyType::List, TextList{},
                    "Subnets that shows run in (subnet-…); at least one.",
                    set_ecs_list<&EcsSettings::subnets>});
    keys.push_back({"shows.ecs.security_groups", KeyType::List, TextList{},
                    "Security groups of shows (sg-…); they have to let visitors in at [shows.run] port. "
                    "Default: the network's own.",
                    set_ecs_list<&EcsSettings::security_groups>});
    keys.push_back({"shows.ecs.public_ip",
                    KeyType::Choice,
                    "yes",
                    "Whether a show gets a public address. In a subnet without a NAT gateway it needs one to "
                    "pull its image.",
                    set_ecs_yes<&EcsSettings::assign_public_ip>,
                    {"yes", "no"}});
    keys.push_back(
        {"shows.ecs.address",
         KeyType::Choice,
         "public",
         "Where visitors find a show: at its public address, at its private one, or at a host name "
         "of its own at a load balancer (then listener, host and vpc are needed).",
         set_address,
         {"public", "private", "load-balancer"}});
}

void add_route_keys(std::vector<KeySpec>& keys) {
    using aws::LoadBalancerSettings;
    keys.push_back({"shows.ecs.listener", KeyType::Text, "",
                    "ARN of the load balancer's listener that gets a rule for each show.",
                    set_route_text<&LoadBalancerSettings::listener>});
    keys.push_back(
        {"shows.ecs.host", KeyType::Text, "",
         "Host name of a show at the load balancer; {show}, {pr} and {sha} are filled in. A wildcard "
         "record in DNS leads there.",
         set_route_host});
    keys.push_back({"shows.ecs.vpc", KeyType::Text, "", "VPC that the subnets are in (vpc-…).",
                    set_route_text<&LoadBalancerSettings::vpc>});
    keys.push_back({"shows.ecs.listener_port", KeyType::Integer, int64_t{80},
                    "Port at which visitors reach that listener, by plain HTTP.", set_route_port});
    keys.push_back({"shows.ecs.target_health", KeyType::Text, "/",
                    "Path that the load balancer asks before it sends visitors to a show.",
                    set_route_text<&LoadBalancerSettings::health_path>});
}

void add_task_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.ecs.cpu", KeyType::Integer, int64_t{512},
                    "CPU units of a show: 1024 are one processor. AWS lists which go with which memory.",
                    set_ecs_size<&EcsSettings::cpu>});
    keys.push_back({"shows.ecs.memory", KeyType::Integer, int64_t{1024}, "MiB of memory of a show.",
                    set_ecs_size<&EcsSettings::memory>});
    keys.push_back({"shows.ecs.architecture",
                    KeyType::Choice,
                    "",
                    "Processor that the image is made for. Default: AWS's (X86_64).",
                    set_ecs_text<&EcsSettings::architecture>,
                    {"", "X86_64", "ARM64"}});
    keys.push_back({"shows.ecs.execution_role", KeyType::Text, "",
                    "Role (name or ARN) that ECS pulls the image and writes logs with. Needed for log_group, "
                    "secrets and private registries.",
                    set_ecs_text<&EcsSettings::execution_role>});
    keys.push_back({"shows.ecs.task_role", KeyType::Text, "",
                    "Role (name or ARN) that the app itself has at AWS. Default: none.",
                    set_ecs_text<&EcsSettings::task_role>});
    keys.push_back({"shows.ecs.capacity_provider", KeyType::Text, "",
                    "FARGATE_SPOT for cheaper tasks that AWS may take away. Default: launch type FARGATE.",
                    set_ecs_text<&EcsSettings::capacity_provider>});
    keys.push_back({"shows.ecs.platform_version", KeyType::Text, "LATEST", "Fargate's platform version.",
                    set_ecs_name<&EcsSettings::platform_version>});
    keys.push_back({"shows.ecs.family", KeyType::Text, "{repository}-{show}",
                    "Family of the task definitions; {repository}, {show}, {pr} and {sha} are filled in.",
                    set_ecs_name<&EcsSettings::family>});
    keys.push_back({"shows.ecs.container", KeyType::Text, "app",
                    "Name of the container that is the app; logs have it in their streams' names.",
                    set_ecs_name<&EcsSettings::container>});
    keys.push_back(
        {"shows.ecs.task_definition", KeyType::Text, "",
         "JSON file with a task definition of your own, as `aws ecs describe-task-definition` prints it. "
         "Image, "
         "variables, family and tags are put in; cpu, memory, roles and logs of this section are not used.",
         set_text_of<&Config::ecs, &EcsConfig::template_file>});
    keys.push_back(
        {"shows.ecs.secrets", KeyType::Map, TextMap{},
         "Variables that ECS fills from the Parameter Store or Secrets Manager: name to ARN. Not for "
         "pull requests from forks.",
         set_stored_secrets});
}

void add_record_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.ecs.log_group", KeyType::Text, "",
                    "Group in CloudWatch Logs that gets what shows print. Default: it is not kept.",
                    set_ecs_text<&EcsSettings::log_group>});
    keys.push_back({"shows.ecs.log_prefix", KeyType::Text, "ecs", "How the names of its streams begin.",
                    set_ecs_name<&EcsSettings::log_prefix>});
    keys.push_back({"shows.ecs.create_log_group",
                    KeyType::Choice,
                    "yes",
                    "Whether the group is created if it is missing; the execution role needs "
                    "logs:CreateLogGroup for that.",
                    set_ecs_yes<&EcsSettings::create_log_group>,
                    {"yes", "no"}});
    keys.push_back(
        {"shows.ecs.tags", KeyType::Map, TextMap{},
         "More tags for services, tasks and task definitions; {pr}, {sha}, {repository}, {requested_by}, "
         "{created} and {expires} are filled in.",
         set_tags});
    keys.push_back(
        {"shows.ecs.adopt_showtime",
         KeyType::Choice,
         "no",
         "Whether services that superset-showtime made in this cluster are shows of this repository.",
         set_adoption,
         {"yes", "no"}});
}

}  // namespace

void add_ecs_keys(std::vector<KeySpec>& keys) {
    add_place_keys(keys);
    add_route_keys(keys);
    add_task_keys(keys);
    add_record_keys(keys);
}

}  // namespace ringmaster::app
