#include "app/forge_call.h"

#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

/// GraphQL says what went wrong with status 200.
std::optional<Error> graphql_problem(const std::string& body) {
    const auto answer = support::JsonReader::parse(body, "the answer");
    if (!answer || !answer->is_object()) return std::nullopt;
    const auto errors = answer->items("errors");
    if (!errors || errors->empty()) return std::nullopt;
    const bool is_object = errors->front().is_object();
    const auto message = is_object ? errors->front().optional_string("message").value_or("") : std::string();
    return Error::failed("the query has errors: {}", sanitize_for_terminal(truncate_utf8(message, 300)))
        .hint("the answer above says where");
}

github::Effect effect_of(const cli::ForgeCall& call, bool is_graphql) {
    const bool reads = is_graphql ? call.body.find("mutation") == std::string::npos
                                  : call.method == "GET" || call.method == "HEAD";
    return reads ? github::Effect::Read : github::Effect::WriteOnce;
}

}  // namespace

Result<std::string> path_for(std::string_view typed, const github::GitHubSettings& settings) {
    if (typed.starts_with(settings.api_url + "/")) typed.remove_prefix(settings.api_url.size());
    if (typed.find("://") != std::string_view::npos)
        return Fail(Error::invalid_input("{} is not below {}", sanitize_for_terminal(typed), settings.api_url)
                        .hint("give the path alone, for instance repos/{owner}/{repo}"));
    while (typed.starts_with("/")) typed.remove_prefix(1);
    auto path = replace_all("/" + std::string(typed), "{owner}", settings.repository.owner);
    return replace_all(std::move(path), "{repo}", settings.repository.name);
}

std::string next_path(const HttpResponse& response, std::string_view api_url) {
    for (const auto link : split(response.header("link").value_or(""), ',')) {
        const auto begin = link.find('<'), end = link.find('>');
        if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) continue;
        if (link.substr(end).find("rel=\"next\"") == std::string_view::npos) continue;
        const auto url = link.substr(begin + 1, end - begin - 1);
        // A page of another server would be given our token.
        if (url.starts_with(api_url) && url.substr(api_url.size()).starts_with("/"))
            return std::string(url.substr(api_url.size()));
    }
    return {};
}

Result<cli::ForgeAnswer> call_forge(github::GitHubClient& client, const cli::ForgeCall& call) {
    const bool is_graphql = call.path == "graphql";
    const std::string doing = fmt::format("sending {} {}", call.method, call.path);
    auto response = TRY(client.exchange({.method = call.method,
                                         .path = TRY(path_for(call.path, client.settings())),
                                         .body = call.body,
                                         .effect = effect_of(call, is_graphql),
                                         .doing = doing,
                                         .is_graphql = is_graphql}));
    cli::ForgeAnswer answer{.status = response.status,
                            .headers = response.headers,
                            .next_path = next_path(response, client.settings().api_url)};
    if (response.status < 200 || response.status >= 300)
        answer.problem = client.error_of(response, doing);
    else if (is_graphql)
        answer.problem = graphql_problem(response.body);
    answer.body = std::move(response.body);
    return answer;
}

}  // namespace ringmaster::app
