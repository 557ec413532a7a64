#pragma once
// The way to shows through a load balancer: for each show a target group, in which ECS keeps its task's
// address, and a rule of the listener that sends the show's host name there.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/

#include <optional>
#include <string>

#include "adapters/aws/aws_client.h"
#include "adapters/aws/ecs_settings.h"
#include "domain/endpoint.h"
#include "domain/show.h"

namespace ringmaster::aws {

/// Where visitors find the show: its own host name, at the listener's port.
Endpoint route_endpoint(const EcsSettings& settings, const ShowId& show);

class ShowRoutes {
 public:
    ShowRoutes(AwsClient& client, const EcsSettings& settings) : client_(client), settings_(settings) {}

    /// The ARN of the show's target group, with a rule that leads there; what is there already is used.
    /// Errors: Conflict (another repository's has the name), those of AwsClient::query.
    Result<std::string> ensure(const ShowId& show, Progress& progress);
    /// Nothing there is success.
    Result<void> remove(const ShowId& show, Progress& progress);

 private:
    struct Rule {
        std::string arn;
        int priority = 0;  ///< 0: the listener's default rule
        std::string target_group;
    };

    /// nullopt: there is none. Errors: also Conflict (it is not of this repository).
    Result<std::optional<std::string>> find_group(const ShowId& show, Progress& progress);
    Result<std::string> create_group(const ShowId& show, Progress& progress);
    Result<std::vector<Rule>> rules(Progress& progress);
    Result<void> create_rule(const ShowId& show, const std::string& group, int priority, Progress& progress);

    AwsClient& client_;
    const EcsSettings& settings_;
};

}  // namespace ringmaster::aws
