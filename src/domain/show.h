#pragma once
// A show: one version of one pull request in an environment of its own.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "domain/commit_sha.h"
#include "domain/endpoint.h"
#include "domain/repository_name.h"
#include "domain/show_status.h"

namespace ringmaster {

/// What the labels of a pull request say of one show (shows/labels parses and prints it).
struct Show {
    ShortSha sha;
    ShowStatus status = ShowStatus::Building;
    std::optional<Endpoint> endpoint;
    std::optional<TimePoint> created_at;      ///< minute resolution, as the label has it
    std::optional<std::string> requested_by;  ///< a login
    /// Failed attempts to bring this version up so far, automatic ones included.
    int failed_attempts = 0;
    bool operator==(const Show&) const = default;
};

/// Names a show for good: every resource it owns is derived from it, so that a second run finds what a first
/// one left.
struct ShowId {
    RepositoryName repository;
    int pull_request_number = 0;
    ShortSha sha;

    std::string base_name() const;     ///< "pr-12-abc1234"
    std::string service_name() const;  ///< "pr-12-abc1234-service"
    std::string image_tag() const;     ///< "pr-12-abc1234-ci"
    auto operator<=>(const ShowId&) const = default;
};

/// What a service's name says; legacy services have no sha. Contract, vectors `service_name`.
struct ServiceName {
    int pull_request_number = 0;
    std::optional<std::string> sha;  ///< 7 to 40 lower-case hexadecimal digits
    bool operator==(const ServiceName&) const = default;
};
/// nullopt: not one of ours.
std::optional<ServiceName> parse_service_name(std::string_view name);

}  // namespace ringmaster
