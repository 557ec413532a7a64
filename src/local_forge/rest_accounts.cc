// REST: who one is, the limits, and the server itself.

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

Answer<Reply> get_root(const Call& call) {
    const std::string& api = call.links.api;
    return Reply::ok({{"current_user_url", api + "/user"},
                      {"rate_limit_url", api + "/rate_limit"},
                      {"repository_url", api + "/repos/{owner}/{repo}"},
                      {"issue_search_url", api + "/search/issues?q={query}{&page,per_page,sort,order}"},
                      {"user_url", api + "/users/{user}"}});
}

nlohmann::json profile_json(const Call& call, const User& user) {
    auto profile = user_json(call.links, user);
    profile["name"] = user.name.empty() ? nlohmann::json(nullptr) : nlohmann::json(user.name);
    profile["email"] = user.email;
    for (const char* absent : {"company", "location", "bio", "hireable", "twitter_username"})
        profile[absent] = nullptr;
    profile["blog"] = "";
    for (const char* count : {"public_repos", "public_gists", "followers", "following"}) profile[count] = 0;
    return profile;
}

Answer<Reply> get_viewer(const Call& call) {
    if (!call.viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    return Reply::ok(profile_json(call, *call.viewer.user));
}

Answer<Reply> get_user(const Call& call) {
    const auto user = TRY_ANSWER(call.store.accounts().find(call.part(0)));
    if (!user) return Refuse(not_found());
    return Reply::ok(profile_json(call, *user));
}

// As GitHub Enterprise Server's: no addresses of machines to list.
Answer<Reply> get_meta(const Call&) {
    return Reply::ok({{"verifiable_password_authentication", false}, {"installed_version", "3.18.0"}});
}

constexpr Route kRoutes[] = {
    {"GET", "/", get_root},
    {"GET", "/user", get_viewer},
    {"GET", "/users/{}", get_user},
    {"GET", "/meta", get_meta},
};

}  // namespace

std::span<const Route> account_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
