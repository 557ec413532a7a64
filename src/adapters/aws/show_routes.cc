#include "adapters/aws/show_routes.h"

#include <set>

#include "adapters/aws/sigv4.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr std::string_view kRepositoryTag = "ringmaster.repository";
constexpr std::string_view kShowTag = "ringmaster.show";
constexpr int kHighestPriority = 50'000;  // the API's own
constexpr int kMostPages = 50;            // a listener has 100 rules by default, a page up to 400
// Another worker may take the priority that we chose.
constexpr int kMostTries = 5;

/// At most 32 letters, digits and hyphens. The last part stands for the repository: names are the account's,
/// and two repositories may have the same pull request and commit.
std::string group_name(const ShowId& show) {
    return fmt::format("rm-{}-{}", show.base_name(), sha256_hex(show.repository.text()).substr(0, 8));
}

}  // namespace

Endpoint route_endpoint(const EcsSettings& settings, const ShowId& show) {
    auto host = replace_all(settings.load_balancer.host, "{pr}", std::to_string(show.pull_request_number));
    host = replace_all(std::move(host), "{sha}", show.sha.text());
    return {replace_all(std::move(host), "{show}", show.base_name()), settings.load_balancer.port};
}

Result<std::string> ShowRoutes::ensure(const ShowId& show, Progress& progress) {
    auto found = TRY(find_group(show, progress));
    const auto group = found ? *std::move(found) : TRY(create_group(show, progress));
    for (int tries = 1;; ++tries) {
        std::set<int> taken;
        for (const auto& rule : TRY(rules(progress))) {
            if (rule.target_group == group) return group;
            taken.insert(rule.priority);
        }
        int priority = 1;
        while (taken.contains(priority)) ++priority;
        if (priority > kHighestPriority)
            return Fail(Error::failed("the load balancer's listener has no room for another rule"));
        const auto made = create_rule(show, group, priority, progress);
        if (made) return group;
        const bool is_taken = made.error().message().contains("PriorityInUse");
        if (!is_taken || tries == kMostTries) return Fail(made.error());
    }
}

Result<void> ShowRoutes::remove(const ShowId& show, Progress& progress) {
    const auto group = TRY(find_group(show, progress));
    if (!group) return {};
    for (const auto& rule : TRY(rules(progress))) {
        if (rule.target_group != *group || rule.priority == 0) continue;
        const auto deleted = client_.query(kLoadBalancing, "DeleteRule", {{"RuleArn", rule.arn}},
                                           "deleting the rule of " + show.base_name(), progress);
        if (!deleted && deleted.error().kind() != ErrorKind::NotFound) return Fail(deleted.error());
    }
    const auto deleted = client_.query(kLoadBalancing, "DeleteTargetGroup", {{"TargetGroupArn", *group}},
                                       "deleting the target group of " + show.base_name(), progress);
    if (!deleted && deleted.error().kind() != ErrorKind::NotFound) return Fail(deleted.error());
    return {};
}

Result<std::optional<std::string>> ShowRoutes::find_group(const ShowId& show, Progress& progress) {
    const auto doing = "looking for the target group of " + show.base_name();
    const auto found = client_.query(kLoadBalancing, "DescribeTargetGroups",
                                     {{"Names.member.1", group_name(show)}}, doing, progress);
    if (!found && found.error().kind() == ErrorKind::NotFound) return std::nullopt;
    if (!found) return Fail(found.error());
    const auto arn = found->text_at("DescribeTargetGroupsResult/TargetGroups/member/TargetGroupArn");
    if (arn.empty()) return std::nullopt;
    const auto tags =
        TRY(client_.query(kLoadBalancing, "DescribeTags", {{"ResourceArns.member.1", arn}}, doing, progress));
    Tags read;
    for (const auto* tag : tags.items("DescribeTagsResult/TagDescriptions/member/Tags", "member"))
        read[tag->text_at("Key")] = tag->text_at("Value");
    if (read[std::string(kRepositoryTag)] == encode_tag_value(show.repository.text()) &&
        read[std::string(kShowTag)] == encode_tag_value(show.base_name()))
        return arn;
    return Fail(Error::conflict("the target group {} is not of {}", group_name(show), show.repository.text())
                    .hint("delete or rename it"));
}

Result<std::string> ShowRoutes::create_group(const ShowId& show, Progress& progress) {
    const AwsClient::Fields fields = {{"Name", group_name(show)},
                                      {"Protocol", "HTTP"},
                                      {"Port", std::to_string(settings_.port)},
                                      {"TargetType", "ip"},
                                      {"VpcId", settings_.load_balancer.vpc},
                                      {"HealthCheckPath", settings_.load_balancer.health_path},
                                      {"HealthCheckIntervalSeconds", "5"},
                                      {"HealthCheckTimeoutSeconds", "4"},
                                      {"HealthyThresholdCount", "2"},
                                      {"Tags.member.1.Key", std::string(kRepositoryTag)},
                                      {"Tags.member.1.Value", encode_tag_value(show.repository.text())},
                                      {"Tags.member.2.Key", std::string(kShowTag)},
                                      {"Tags.member.2.Value", encode_tag_value(show.base_name())}};
    const auto made = TRY(client_.query(kLoadBalancing, "CreateTargetGroup", fields,
                                        "creating the target group of " + show.base_name(), progress));
    auto arn = made.text_at("CreateTargetGroupResult/TargetGroups/member/TargetGroupArn");
    if (arn.empty()) return Fail(Error::corrupt("the answer to CreateTargetGroup names no target group"));
    return arn;
}

Result<std::vector<ShowRoutes::Rule>> ShowRoutes::rules(Progress& progress) {
    std::vector<Rule> all;
    AwsClient::Fields fields = {{"ListenerArn", settings_.load_balancer.listener}};
    for (int page = 0; page < kMostPages; ++page) {
        const auto answer = TRY(client_.query(kLoadBalancing, "DescribeRules", fields,
                                              "looking at the rules of the load balancer", progress));
        for (const auto* rule : answer.items("DescribeRulesResult/Rules", "member"))
            all.push_back({.arn = rule->text_at("RuleArn"),
                           .priority = static_cast<int>(parse_integer(rule->text_at("Priority")).value_or(0)),
                           .target_group = rule->text_at("Actions/member/TargetGroupArn")});
        const auto next = answer.text_at("DescribeRulesResult/NextMarker");
        if (next.empty()) return all;
        fields = {{"ListenerArn", settings_.load_balancer.listener}, {"Marker", next}};
    }
    return Fail(Error::corrupt("the load balancer's list of rules does not end"));
}

Result<void> ShowRoutes::create_rule(const ShowId& show, const std::string& group, int priority,
                                     Progress& progress) {
    const AwsClient::Fields fields = {
        {"ListenerArn", settings_.load_balancer.listener},
        {"Priority", std::to_string(priority)},
        {"Conditions.member.1.Field", "host-header"},
        {"Conditions.member.1.HostHeaderConfig.Values.member.1", route_endpoint(settings_, show).host},
        {"Actions.member.1.Type", "forward"},
        {"Actions.member.1.TargetGroupArn", group}};
    TRY(client_.query(kLoadBalancing, "CreateRule", fields, "creating the rule of " + show.base_name(),
                      progress));
    return {};
}

}  // namespace ringmaster::aws
