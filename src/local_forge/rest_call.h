#pragma once
// One REST request on its way through the forge: what was captured from the path, the parsed body, who asks;
// and the reply that becomes an HTTP response. Handlers are free functions in rest_*.cc, one file a subject.

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http_server/listener.h"
#include "local_forge/answer.h"
#include "local_forge/paging.h"
#include "local_forge/rest_json.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

struct Reply {
    int status = 200;
    nlohmann::json body;  ///< null with 204 or 202: no body
    http_server::Headers headers;
    std::string text =
        {};  ///< instead of `body` unless empty: an answer that was printed as JSON piece by piece

    static Reply ok(nlohmann::json body) { return {200, std::move(body), {}}; }
    static Reply created(nlohmann::json body) { return {201, std::move(body), {}}; }
    static Reply nothing() { return {204, nullptr, {}}; }
};

struct Call {
    ForgeStore& store;
    const http_server::Request& request;
    Viewer viewer;
    Links links;
    std::vector<std::string> captured;  ///< the path's {parts}, decoded, in order
    nlohmann::json body;                ///< an empty object when none was sent

    const std::string& part(std::size_t index) const { return captured[index]; }
    /// The repository of the first two parts; 404 when it may not be seen.
    Answer<Repository> repository() const;
    /// `per_page` (1–100, 30 unless asked) and `page`.
    Window window() const;
    std::string parameter(std::string_view name, std::string_view otherwise = "") const;

    // Fields of the body. A field of another type than asked for is a 422, as GitHub answers.
    Answer<std::string> required_text(std::string_view field, std::string_view resource) const;
    /// Nothing when absent or null.
    Answer<std::optional<std::string>> text(std::string_view field) const;
    Answer<std::optional<bool>> flag(std::string_view field) const;
    Answer<std::vector<std::string>> texts(const nlohmann::json& value) const;
};

/// A number in the path; anything else is a 404.
Answer<std::int64_t> number_of(std::string_view text);

/// A page of a list, with `Link` to the others when `total` says there are some.
Reply paged(const Call& call, nlohmann::json items, std::int64_t total);
/// The same for items that are JSON text already.
Reply paged_texts(const Call& call, std::span<const std::string> items, std::int64_t total);

using RestHandler = Answer<Reply> (*)(const Call& call);

struct Route {
    std::string_view method;
    std::string_view pattern;  ///< "/repos/{}/{}/labels/{}"; a final "{*}" takes the rest, slashes included
    RestHandler handler;
};

std::span<const Route> account_routes();
std::span<const Route> repository_routes();
std::span<const Route> label_routes();
std::span<const Route> issue_routes();
std::span<const Route> pull_routes();
std::span<const Route> deployment_routes();
std::span<const Route> hook_routes();
std::span<const Route> git_data_routes();
std::span<const Route> search_routes();

}  // namespace ringmaster::local_forge
