#include "adapters/aws/aws_client.h"

#include "adapters/aws/sts.h"
#include "base/assert.h"

namespace ringmaster::aws {
namespace {

std::string_view json_target(const AwsService& service) {
    if (service.name == kEcs.name) return "AmazonEC2ContainerServiceV20141113";
    if (service.name == kLogs.name) return "Logs_20140328";
    RM_ASSERT(false, "only ECS and CloudWatch Logs are spoken to in JSON");
}

std::string query_version(const AwsService& service) {
    if (service.name == kEc2.name) return "2016-11-15";
    if (service.name == kSts.name) return "2011-06-15";
    if (service.name == kLoadBalancing.name) return "2015-12-01";
    RM_ASSERT(false, "only EC2, STS and Elastic Load Balancing are asked by forms");
}

}  // namespace

AwsRequest AwsClient::request_for(const AwsService& service, std::string doing) const {
    const auto* profile = settings_.profile ? &*settings_.profile : nullptr;
    return {.service = service,
            .region = settings_.region,
            .url = service_url(service, settings_.region, settings_.environment, profile),
            .doing = std::move(doing)};
}

Result<support::JsonReader> AwsClient::json(const AwsService& service, std::string_view action,
                                            std::string body, std::string doing, Progress& progress) {
    auto request = request_for(service, std::move(doing));
    request.target = fmt::format("{}.{}", json_target(service), action);
    request.body = std::move(body);
    const auto response = TRY(wire_.send(request, &credentials_, progress));
    return support::JsonReader::parse(response.body.empty() ? "{}" : response.body,
                                      fmt::format("the answer of {} to {}", service.title, action));
}

Result<XmlElement> AwsClient::query(const AwsService& service, std::string_view action, Fields fields,
                                    std::string doing, Progress& progress) {
    auto request = request_for(service, std::move(doing));
    fields.insert(fields.begin(), {{"Action", std::string(action)}, {"Version", query_version(service)}});
    request.body = form_of(fields);
    const auto response = TRY(wire_.send(request, &credentials_, progress));
    return parse_xml(response.body, fmt::format("the answer of {} to {}", service.title, action));
}

}  // namespace ringmaster::aws
