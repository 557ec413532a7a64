#pragma once
// What the configuration says about running shows on ECS.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/aws/ownership_tags.h"
#include "base/time.h"
#include "domain/repository_name.h"

namespace ringmaster::aws {

/// Where visitors find a show.
enum class AddressKind {
    Public,        ///< the public address of its task's network interface
    Private,       ///< the private one: for those who are in the network
    LoadBalancer,  ///< a host name of its own at a load balancer
};

/// How a load balancer leads to shows; used with AddressKind::LoadBalancer.
struct LoadBalancerSettings {
    std::string listener;     ///< ARN of the listener that gets a rule for each show
    std::string host;         ///< host name of a show; {pr}, {sha} and {show} are filled in
    std::string vpc;          ///< where the tasks are
    std::uint16_t port = 80;  ///< at which visitors reach the listener
    std::string health_path = "/";
};

struct EcsSettings {
    RepositoryName repository;
    std::string cluster;
    std::string family;                ///< {pr}, {sha}, {show} and {repository} are filled in
    std::string container;             ///< name of the container that is the application
    std::string task_definition;       ///< text of a JSON template; empty = made from what follows
    std::vector<std::string> command;  ///< instead of the image's own; empty = that
    std::uint16_t port = 8080;
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> secrets;         ///< name → value; not for forks
    std::map<std::string, std::string> stored_secrets;  ///< name → ARN at AWS; not for forks
    std::string cpu;                                    ///< units: "512"
    std::string memory;                                 ///< MiB: "2048"
    std::string task_role;
    std::string execution_role;
    std::string architecture;       ///< "X86_64", "ARM64"; empty = AWS's choice
    std::string capacity_provider;  ///< "FARGATE_SPOT"; empty = launch type FARGATE
    std::string platform_version = "LATEST";
    std::vector<std::string> subnets;
    std::vector<std::string> security_groups;
    bool assign_public_ip = true;
    AddressKind address = AddressKind::Public;
    LoadBalancerSettings load_balancer;
    std::string log_group;  ///< empty = no logs
    std::string log_region;
    std::string log_prefix = "ecs";
    bool create_log_group = true;
    Tags tags;  ///< more of them; see tags_of()
    Showtime showtime = Showtime::Ignore;
    Duration start_timeout = std::chrono::minutes(10);
    Duration removal_timeout = std::chrono::minutes(5);
    Duration poll_interval = std::chrono::seconds(1);
    Duration stop_grace = std::chrono::seconds(30);
};

}  // namespace ringmaster::aws
