#include "adapters/aws/sts.h"

#include "adapters/aws/xml_reader.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr std::string_view kVersion = "2011-06-15";

Result<Credentials> credentials_in(const HttpResponse& response, std::string_view result) {
    const auto root = TRY(parse_xml(response.body, "the answer of STS"));
    const auto* found = root.find(std::string(result) + "/Credentials");
    Credentials credentials;
    if (found != nullptr) {
        credentials.access_key_id = found->text_at("AccessKeyId");
        credentials.secret_access_key = found->text_at("SecretAccessKey");
        credentials.session_token = found->text_at("SessionToken");
        credentials.expires_at = parse_iso8601(found->text_at("Expiration"));
    }
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !credentials.expires_at)
        return Fail(Error::corrupt("the answer of STS has no credentials"));
    return credentials;
}

}  // namespace

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields)
        form += (form.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    return form;
}

Result<Credentials> assume_role(Wire& wire, const RoleRequest& request, CredentialSource& source,
                                Progress& progress) {
    std::vector<std::pair<std::string, std::string>> fields = {{"Action", "AssumeRole"},
                                                               {"Version", std::string(kVersion)},
                                                               {"RoleArn", request.role_arn},
                                                               {"RoleSessionName", request.session_name}};
    if (!request.external_id.empty()) fields.emplace_back("ExternalId", request.external_id);
    const AwsRequest sent{.service = kSts,
                          .region = request.region,
                          .url = request.url,
                          .body = form_of(fields),
                          .doing = "taking the role " + request.role_arn};
    return credentials_in(TRY(wire.send(sent, &source, progress)), "AssumeRoleResult");
}

Result<Credentials> assume_role_with_web_identity(Wire& wire, const RoleRequest& request,
                                                  const std::string& token, Progress& progress) {
    const AwsRequest sent{.service = kSts,
                          .region = request.region,
                          .url = request.url,
                          .body = form_of({{"Action", "AssumeRoleWithWebIdentity"},
                                           {"Version", std::string(kVersion)},
                                           {"RoleArn", request.role_arn},
                                           {"RoleSessionName", request.session_name},
                                           {"WebIdentityToken", token}}),
                          .doing = fmt::format("taking the role {} with a web identity", request.role_arn)};
    return credentials_in(TRY(wire.send(sent, nullptr, progress)), "AssumeRoleWithWebIdentityResult");
}

}  // namespace ringmaster::aws
