#pragma once
// AWS as the rest of this folder asks it: one region, one set of credentials, two ways of speaking. What
// comes back is read, not yet understood.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/aws/wire.h"
#include "adapters/aws/xml_reader.h"
#include "adapters/support/json_reader.h"

namespace ringmaster::aws {

struct ClientSettings {
    std::string region;
    Variables environment;           ///< for AWS_ENDPOINT_URL…
    std::optional<Profile> profile;  ///< for its endpoint_url
};

/// Used from several threads at once.
class AwsClient {
 public:
    AwsClient(ClientSettings settings, CredentialSource& credentials, HttpClient& http, Clock& clock,
              Entropy& entropy)
        : settings_(std::move(settings)), credentials_(credentials), wire_(http, clock, entropy) {}

    /// A call of ECS or CloudWatch Logs ("DescribeServices"), with a JSON object as body. Errors: those of
    /// Wire::send.
    Result<support::JsonReader> json(const AwsService& service, std::string_view action, std::string body,
                                     std::string doing, Progress& progress);

    using Fields = std::vector<std::pair<std::string, std::string>>;
    /// A call of EC2, STS or Elastic Load Balancing. Errors: those of Wire::send.
    Result<XmlElement> query(const AwsService& service, std::string_view action, Fields fields,
                             std::string doing, Progress& progress);

    const std::string& region() const { return settings_.region; }

 private:
    AwsRequest request_for(const AwsService& service, std::string doing) const;

    ClientSettings settings_;
    CredentialSource& credentials_;
    Wire wire_;
};

}  // namespace ringmaster::aws
