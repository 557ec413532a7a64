#pragma once
// Where the services of AWS are: which URL a service has in a region, unless the environment or the profile
// names another one (AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>, as AWS's own tools read them).
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

#include <string>
#include <string_view>

#include "adapters/aws/profile_files.h"
#include "base/result.h"

namespace ringmaster::aws {

struct AwsService {
    std::string_view name;      ///< in host names and signatures: "ecs"
    std::string_view variable;  ///< in AWS_ENDPOINT_URL_<…>: "ECS"
    std::string_view title;     ///< for people: "ECS"
};

inline constexpr AwsService kEcs{"ecs", "ECS", "ECS"};
inline constexpr AwsService kEc2{"ec2", "EC2", "EC2"};
inline constexpr AwsService kLogs{"logs", "CLOUDWATCH_LOGS", "CloudWatch Logs"};
inline constexpr AwsService kSts{"sts", "STS", "STS"};
inline constexpr AwsService kLoadBalancing{"elasticloadbalancing", "ELASTIC_LOAD_BALANCING_V2",
                                           "Elastic Load Balancing"};

/// The base URL of a service, with a slash at its end. `profile` may be nullptr.
std::string service_url(const AwsService& service, const std::string& region, const Variables& environment,
                        const Profile* profile);

/// The region: `configured`, else AWS_REGION, AWS_DEFAULT_REGION, the profile's. Errors: InvalidInput (none
/// is set, or it is not the name of one).
Result<std::string> region_of(const std::string& configured, const Variables& environment,
                              const Profile* profile);

}  // namespace ringmaster::aws
