#include "local_forge/forge.h"

#include <future>

#include "local_forge/forge_server_fixture.h"

namespace ringmaster::local_forge {
namespace {

TEST_F(ForgeTest, APushOverHttpOpensAPullRequestAtOnce) {
    start();
    push_feature();
    const auto answer = send("GET", "/api/v3/repos/demo/app/pulls/1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body["title"], "Add a feature");
    EXPECT_EQ(answer.body["head"]["ref"], "feature");
    EXPECT_EQ(answer.body["mergeable"], true);
}

TEST_F(ForgeTest, UrlsHaveTheAddressTheClientUsed) {
    start();
    push_feature();
    EXPECT_EQ(send("GET", "/api/v3/repos/demo/app/pulls/1").body["url"],
              "http://forge.test/api/v3/repos/demo/app/pulls/1");
    EXPECT_EQ(send("GET", "/repos/demo/app/pulls/1").body["url"], "http://forge.test/repos/demo/app/pulls/1");
}

TEST_F(ForgeTest, PushingNeedsATokenThatMayWrite) {
    start();
    make_clone();
    const std::string nobody = fmt::format("http://127.0.0.1:{}/demo/app", forge->port());
    EXPECT_THAT(run_git({"push", nobody, "main:refs/heads/x"}).error_output,
                HasSubstr("could not read Username"));
    EXPECT_THAT(run_git({"push", remote("demo/app", "carol-token"), "main:refs/heads/x"}).error_output,
                HasSubstr("403"));
    EXPECT_THAT(run_git({"push", remote("demo/app", "wrong"), "main:refs/heads/x"}).error_output,
                HasSubstr("Authentication failed"));
    EXPECT_THAT(run_git({"push", remote(), "main:refs/pull/9/head"}).error_output, HasSubstr("hidden ref"));
}

TEST_F(ForgeTest, APrivateRepositoryIsNotFoundByWhoMayNotSeeIt) {
    start();
    make_clone();
    EXPECT_THAT(run_git({"ls-remote", remote("demo/secret", "carol-token")}).error_output,
                HasSubstr("not found"));
    EXPECT_EQ(run_git({"ls-remote", remote("demo/secret")}).exit_code, 0);
    EXPECT_EQ(send("GET", "/repos/demo/secret", "", "carol-token").status, 404);
    EXPECT_EQ(send("GET", "/repos/demo/secret", "", "").status, 404);
    EXPECT_EQ(send("GET", "/repos/demo/secret").status, 200);
}

TEST_F(ForgeTest, ABareShaCanBeFetched) {
    start();
    push_feature();
    const std::string sha(trim(run_git({"rev-parse", "feature"}).output));
    std::filesystem::create_directories(folder.path() + "/other");
    run_git({"init", "-q", folder.path() + "/other"});
    EXPECT_EQ(run_git({"-C", folder.path() + "/other", "fetch", "-q", "--depth=1", remote(), sha}).exit_code,
              0);
}

TEST_F(ForgeTest, SayingWhatIsWrongAsGitHubDoes) {
    start();
    EXPECT_EQ(send("GET", "/user", "", "wrong").body["message"], "Bad credentials");
    EXPECT_EQ(send("GET", "/user", "", "").status, 401);
    EXPECT_EQ(send("GET", "/no/such/place").body["message"], "Not Found");
    const auto broken = send("POST", "/repos/demo/app/labels", "{\"name\"");
    EXPECT_EQ(broken.status, 400);
    EXPECT_EQ(broken.body["message"], "Problems parsing JSON");
    const auto missing = send("POST", "/repos/demo/app/labels", "{}");
    EXPECT_EQ(missing.status, 422);
    EXPECT_EQ(missing.body["errors"][0],
              json({{"resource", "Label"}, {"field", "name"}, {"code", "missing_field"}}));
    EXPECT_EQ(send("POST", "/repos/demo/app/labels", "{\"name\":7}").status, 422);
    EXPECT_EQ(send("GET", "/user", "", "alice-token", "X-GitHub-Api-Version: 2000-01-01\r\n").status, 400);
    EXPECT_EQ(send("GET", "/user", "", "alice-token", "X-GitHub-Api-Version: 2026-03-10\r\n").status, 200);
    EXPECT_EQ(send("POST", "/repos/demo/app/labels", std::string(3 << 20, 'x')).status, 413);
}

TEST_F(ForgeTest, LabelNamesTravelPercentEncoded) {
    start();
    ASSERT_EQ(send("POST", "/repos/demo/app/labels", R"({"name":"🎪 a/b?c#d"})").status, 201);
    const std::string path = "/repos/demo/app/labels/" + percent_encode("🎪 a/b?c#d");
    EXPECT_EQ(send("GET", path).body["name"], "🎪 a/b?c#d");
    EXPECT_EQ(send("DELETE", path).status, 204);
    EXPECT_EQ(send("DELETE", path).status, 404);
}

TEST_F(ForgeTest, AnUnchangedListIsNotSentAgainAndCostsNothing) {
    start();
    send("POST", "/repos/demo/app/labels", R"({"name":"a"})");
    const auto first = send("GET", "/repos/demo/app/labels");
    const auto at = first.head.find("ETag: ");
    ASSERT_NE(at, first.head.npos);
    const std::string etag = first.head.substr(at + 6, first.head.find("\r\n", at) - at - 6);
    const auto remaining = [](const HttpAnswer& answer) {
        return std::stol(answer.head.substr(answer.head.find("X-RateLimit-Used: ") + 18));
    };
    const long before = remaining(send("GET", "/user"));
    EXPECT_EQ(
        send("GET", "/repos/demo/app/labels", "", "alice-token", "If-None-Match: " + etag + "\r\n").status,
        304);
    EXPECT_EQ(remaining(send("GET", "/user")), before + 1);
    send("POST", "/repos/demo/app/labels", R"({"name":"b"})");
    EXPECT_EQ(
        send("GET", "/repos/demo/app/labels", "", "alice-token", "If-None-Match: " + etag + "\r\n").status,
        200);
}

TEST_F(ForgeTest, ListsLinkToTheirOtherPages) {
    start();
    for (int i = 0; i < 5; ++i)
        send("POST", "/repos/demo/app/labels", fmt::format(R"({{"name":"label {}"}})", i));
    const auto page = send("GET", "/repos/demo/app/labels?per_page=2&page=2");
    EXPECT_EQ(page.body.size(), 2U);
    EXPECT_THAT(page.head,
                HasSubstr("<http://forge.test/repos/demo/app/labels?per_page=2&page=3>; rel=\"next\""));
    EXPECT_THAT(page.head, HasSubstr("page=1>; rel=\"prev\""));
    EXPECT_THAT(page.head, HasSubstr("page=3>; rel=\"last\""));
    EXPECT_THAT(send("GET", "/repos/demo/app/labels").head, testing::Not(HasSubstr("Link:")));
}

TEST_F(ForgeTest, TheHourlyLimitIsToldAsGitHubTellsIt) {
    start({.requests_an_hour = 2});
    EXPECT_THAT(send("GET", "/user").head, HasSubstr("X-RateLimit-Remaining: 1\r\n"));
    EXPECT_EQ(send("GET", "/user").status, 200);
    const auto refused = send("GET", "/user");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.head, HasSubstr("X-RateLimit-Remaining: 0\r\n"));
    EXPECT_EQ(send("GET", "/rate_limit").body["rate"]["remaining"], 0);
    EXPECT_EQ(send("GET", "/user", "", "carol-token").status, 200) << "each token has its own";
}

TEST_F(ForgeTest, PermissionsAreTold) {
    start();
    const auto carol = send("GET", "/repos/demo/app/collaborators/carol/permission");
    EXPECT_EQ(carol.body["permission"], "read");
    EXPECT_EQ(send("GET", "/repos/demo/app/collaborators/alice/permission").body["role_name"], "admin");
    EXPECT_EQ(send("GET", "/repos/demo/app/collaborators/nobody/permission").status, 404);
    EXPECT_EQ(send("GET", "/repos/demo/app/collaborators/alice/permission", "", "carol-token").status, 403);
}

TEST_F(ForgeTest, DeploymentsHaveGitHubsStatesAndRules) {
    start();
    push_feature();
    const std::string wanted =
        R"({"ref":"feature","environment":"preview","auto_merge":false,"transient_environment":true})";
    const auto deployment = send("POST", "/repos/demo/app/deployments", wanted);
    ASSERT_EQ(deployment.status, 201);
    EXPECT_EQ(deployment.body["production_environment"], false);
    const std::string path = fmt::format("/repos/demo/app/deployments/{}", deployment.body["id"].get<int>());
    EXPECT_EQ(send("POST", path + "/statuses", R"({"state":"great"})").status, 422);
    EXPECT_EQ(send("POST", path + "/statuses", R"({"state":"success","environment_url":"http://x"})").status,
              201);
    ASSERT_EQ(send("POST", "/repos/demo/app/deployments", wanted).status, 201);
    EXPECT_EQ(send("DELETE", path).status, 422) << "an active one of several";
    EXPECT_EQ(send("POST", path + "/statuses", R"({"state":"inactive"})").status, 201);
    EXPECT_EQ(send("GET", path + "/statuses").body[0]["state"], "inactive") << "newest first";
    EXPECT_EQ(send("DELETE", path).status, 204);
    EXPECT_EQ(send("GET", "/repos/demo/app/deployments?environment=preview").body.size(), 1U);
    EXPECT_EQ(send("GET", "/repos/demo/app/environments").body["environments"][0]["name"], "preview");
    EXPECT_EQ(send("POST", "/repos/demo/app/deployments", R"({"ref":"nowhere"})").body["message"],
              "No ref found for: nowhere");
}

TEST_F(ForgeTest, CommentsCanBeWrittenByWhoMayReadAndEditedByTheirAuthor) {
    start();
    push_feature();
    const auto comment =
        send("POST", "/repos/demo/app/issues/1/comments", R"({"body":"Hello"})", "carol-token");
    ASSERT_EQ(comment.status, 201);
    const std::string path = fmt::format("/repos/demo/app/issues/comments/{}", comment.body["id"].get<int>());
    EXPECT_EQ(send("PATCH", path, R"({"body":"Hello again"})", "carol-token").body["body"], "Hello again");
    EXPECT_EQ(send("PUT", "/repos/demo/app/issues/1/lock").status, 204);
    const auto locked =
        send("POST", "/repos/demo/app/issues/1/comments", R"({"body":"More"})", "carol-token");
    EXPECT_EQ(locked.status, 403);
    EXPECT_EQ(locked.body["message"], "Unable to create comment because issue is locked.");
    const auto longest = json{{"body", std::string(262'145, 'x')}}.dump();
    EXPECT_EQ(send("POST", "/repos/demo/app/issues/1/comments", longest).status, 422);
    EXPECT_EQ(send("DELETE", path, "", "carol-token").status, 204);
    EXPECT_EQ(send("GET", "/repos/demo/app/issues/1").body["comments"], 0);
}

TEST_F(ForgeTest, SearchFindsPullRequestsByLabelAndByText) {
    start();
    push_feature();
    send("POST", "/repos/demo/app/issues/1/labels", R"(["🎪 abc1234 🚦 running"])");
    const auto find = [&](const std::string& query) {
        return send("GET", "/search/issues?q=" + percent_encode(query)).body["total_count"];
    };
    EXPECT_EQ(find("repo:demo/app is:pr is:open 🎪"), 1);
    EXPECT_EQ(find("repo:demo/app is:pr label:\"🎪 abc1234 🚦 running\""), 1);
    EXPECT_EQ(find("repo:demo/app is:pr is:closed 🎪"), 0);
    EXPECT_EQ(find("repo:demo/app is:issue"), 0);
    EXPECT_EQ(send("GET", "/search/issues?per_page=100&page=11&q=repo:demo/app").status, 422);
}

TEST_F(ForgeTest, ACommitIsMadeFromATreeWithoutMovingAnyRef) {
    start();
    push_feature();
    const std::string parent(trim(run_git({"rev-parse", "main"}).output));
    const std::string empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const auto create = [&](const json& body, const std::string& token = "alice-token") {
        return send("POST", "/repos/demo/app/git/commits", body.dump(), token);
    };
    const auto made = create({{"message", "A note"}, {"tree", empty_tree}, {"parents", {parent}}});
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.body["message"], "A note");
    EXPECT_EQ(made.body["tree"]["sha"], empty_tree);
    EXPECT_EQ(made.body["parents"][0]["sha"], parent);
    EXPECT_EQ(made.body["author"]["name"], "alice");
    const std::string sha = made.body["sha"];
    EXPECT_EQ(send("GET", "/repos/demo/app/git/commits/" + sha).body["sha"], sha);
    EXPECT_EQ(send("GET", "/repos/demo/app/branches").body.size(), 2U);
    const std::string nowhere(40, '1');
    EXPECT_EQ(create({{"message", "x"}, {"tree", nowhere}}).body["message"], "Tree SHA does not exist");
    EXPECT_EQ(create({{"message", "x"}, {"tree", empty_tree}, {"parents", {nowhere}}}).status, 422);
    EXPECT_EQ(create({{"tree", empty_tree}}).status, 422);
    EXPECT_EQ(create({{"message", "x"}, {"tree", empty_tree}}, "carol-token").status, 403);
    EXPECT_EQ(send("GET", "/repos/demo/app/git/commits/" + nowhere).status, 404);
}

TEST_F(ForgeTest, ARefOfAClaimIsNoBranch) {
    start();
    push_feature();
    const std::string main(trim(run_git({"rev-parse", "main"}).output));
    const json body = {{"ref", "refs/ringmaster/pr-1"}, {"sha", main}};
    ASSERT_EQ(send("POST", "/repos/demo/app/git/refs", body.dump()).status, 201);
    EXPECT_EQ(send("GET", "/repos/demo/app/branches").body.size(), 2U);
    EXPECT_EQ(send("GET", "/repos/demo/app/git/matching-refs/ringmaster/pr-").body.size(), 1U);
}

TEST_F(ForgeTest, APushMadeOnDiskIsNoticedByTheNextRequest) {
    start({.rescan_interval = std::chrono::hours(1)});
    push_feature();
    const std::string on_disk = forge->repository_path("demo", "app");
    run_git({"commit", "-q", "--allow-empty", "-m", "More"});
    ASSERT_EQ(run_git({"push", "-q", on_disk, "feature"}).exit_code, 0);
    EXPECT_EQ(send("GET", "/repos/demo/app/pulls/1").body["head"]["sha"],
              std::string(trim(run_git({"rev-parse", "feature"}).output)));
}

TEST_F(ForgeTest, FaultsHappenBeforeOrAfterTheEffect) {
    FaultAction next = FaultAction::Pass;
    start({.interceptor = [&](std::uint64_t, std::string_view, std::string_view) {
        return std::exchange(next, FaultAction::Pass);
    }});
    next = FaultAction::ErrorBefore;
    EXPECT_EQ(send("POST", "/repos/demo/app/labels", R"({"name":"before"})").status, 502);
    EXPECT_EQ(send("GET", "/repos/demo/app/labels/before").status, 404);
    next = FaultAction::ErrorAfter;
    EXPECT_EQ(send("POST", "/repos/demo/app/labels", R"({"name":"after"})").status, 502);
    EXPECT_EQ(send("GET", "/repos/demo/app/labels/after").status, 200);
    next = FaultAction::DropConnection;
    EXPECT_EQ(send("POST", "/repos/demo/app/labels", R"({"name":"dropped"})").status, 0);
    EXPECT_EQ(send("GET", "/repos/demo/app/labels/dropped").status, 200);
}

TEST_F(ForgeTest, AHeldRequestWaitsUntilItIsReleased) {
    std::promise<void> reached;
    start({.interceptor = [&](std::uint64_t, std::string_view method, std::string_view) {
        if (method != "POST") return FaultAction::Pass;
        reached.set_value();
        return FaultAction::Hold;
    }});
    auto held = std::async(std::launch::async, [&] {
        return send("POST", "/repos/demo/app/labels", R"({"name":"held"})").status;
    });
    reached.get_future().wait();
    EXPECT_EQ(send("GET", "/repos/demo/app/labels/held").status, 404);
    while (held.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) forge->release_held();
    EXPECT_EQ(held.get(), 201);
}

TEST_F(ForgeTest, CountsRequestsAndThoseThatWrite) {
    start();
    send("GET", "/user");
    send("POST", "/repos/demo/app/labels", R"({"name":"a"})");
    send("POST", "/graphql", R"({"query":"# mutation\nquery Q { viewer { login } }","operationName":"Q"})");
    send("POST", "/api/graphql", R"({"query":"fragment F on Label { name } mutation M { x }"})");
    const auto log = send("GET", "/_ringmaster/requests").body;
    EXPECT_EQ(log["total"], 4);
    EXPECT_EQ(log["writes"], 2);
    EXPECT_EQ(log["requests"][2]["operation"], "query Q");
    EXPECT_EQ(send("DELETE", "/_ringmaster/requests").status, 204);
    EXPECT_EQ(forge->request_counts().total, 0U);
}

TEST_F(ForgeTest, KeepsEverythingOverARestart) {
    start();
    push_feature();
    send("POST", "/repos/demo/app/issues/1/labels", R"(["kept"])");
    forge.reset();
    start();
    EXPECT_EQ(send("GET", "/repos/demo/app/pulls/1").body["labels"][0]["name"], "kept");
}

}  // namespace
}  // namespace ringmaster::local_forge
