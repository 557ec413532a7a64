#include "local_forge/graphql_test_support.h"

namespace ringmaster::local_forge {
namespace {

using nlohmann::json;

using GraphqlQuery = GraphqlTest;

TEST_F(GraphqlQuery, ARepositorySaysWhatItIsAndWhatTheViewerMayDo) {
    const json found = in_repository(
        "id nameWithOwner name owner { __typename login } url isPrivate isFork parent { id } "
        "viewerPermission defaultBranchRef { name target { oid } }");
    EXPECT_EQ(found["nameWithOwner"], "demo/app");
    EXPECT_EQ(found["owner"], (json{{"__typename", "Organization"}, {"login", "demo"}}));
    EXPECT_EQ(found["url"], "https://forge.test/demo/app");
    EXPECT_EQ(found["viewerPermission"], "WRITE");
    EXPECT_EQ(found["defaultBranchRef"]["target"]["oid"], main);
    EXPECT_EQ(
        ask_as(carol,
               "{ repository(owner: \"DEMO\", name: \"App\") { viewerPermission } }")["data"]["repository"]
                                                                                     ["viewerPermission"],
        "READ");
}

TEST_F(GraphqlQuery, WhatIsNotThereIsNamedInTheError) {
    const json error = first_error(bob, "{ repository(owner: \"demo\", name: \"nope\") { id } }");
    EXPECT_EQ(error["type"], "NOT_FOUND");
    EXPECT_EQ(error["path"], json{"repository"});
    EXPECT_EQ(error["message"], "Could not resolve to a Repository with the name 'demo/nope'.");
    EXPECT_EQ(
        first_error(
            bob,
            "{ repository(owner: \"demo\", name: \"app\") { pullRequest(number: 9) { id } } }")["message"],
        "Could not resolve to a PullRequest with the number of 9.");
    EXPECT_EQ(first_error(bob, "{ user(login: \"zoe\") { id } }")["message"],
              "Could not resolve to a User with the login of 'zoe'.");
}

TEST_F(GraphqlQuery, APrivateRepositoryIsHiddenFromStrangersHoweverItIsNamed) {
    const Repository secret =
        *store->repositories().create({.owner = "demo", .name = "secret", .is_private = true});
    const Label label = *store->labels().create(Viewer{.user = secret.owner}, secret, {"x"});
    EXPECT_EQ(first_error(bob, "{ repository(owner: \"demo\", name: \"secret\") { id } }")["type"],
              "NOT_FOUND");
    for (const std::string& id : {node_id(secret), node_id(label)})
        EXPECT_EQ(first_error(bob, "{ node(id: " + literal(id) + ") { id } }")["type"], "NOT_FOUND");
}

TEST_F(GraphqlQuery, EveryNodeIsFoundUnderItsOwnId) {
    const PullRequest pull = open_pull("feature");
    const Issue issue = *store->issues().create(bob, repository, "An issue", "");
    const Comment comment = *store->comments().create(bob, repository, issue, "text");
    const Deployment deployment = *store->deployments().create(bob, repository, {.ref = "main"});
    const std::string ref = in_repository("ref(qualifiedName: \"main\") { id }")["ref"]["id"];
    const std::string commit = in_repository("object(expression: \"main\") { id }")["object"]["id"];
    const std::vector<std::pair<std::string, std::string>> expected = {
        {node_id(repository), "Repository"},
        {node_id(*bob.user), "User"},
        {node_id(repository.owner), "Organization"},
        {node_id(make_label("a")), "Label"},
        {node_id(pull), "PullRequest"},
        {node_id(issue), "Issue"},
        {node_id(comment), "IssueComment"},
        {node_id(deployment), "Deployment"},
        {ref, "Ref"},
        {commit, "Commit"}};
    for (const auto& [id, type] : expected)
        EXPECT_EQ(data("{ node(id: " + literal(id) + ") { __typename id } }")["node"],
                  (json{{"__typename", type}, {"id", id}}));
}

TEST_F(GraphqlQuery, SeveralNodesComeInOrderWithNullForTheUnknown) {
    const std::string a = node_id(make_label("a"));
    const json answer = ask("{ nodes(ids: [\"LA_x\", " + literal(a) + "]) { id } }");
    EXPECT_EQ(answer["data"]["nodes"], (json{nullptr, {{"id", a}}}));
    EXPECT_EQ(answer["errors"][0]["path"], (json{"nodes", 0}));
    EXPECT_EQ(answer["errors"][0]["type"], "NOT_FOUND");
}

TEST_F(GraphqlQuery, AnObjectIsACommitByBranchOrSha) {
    EXPECT_EQ(in_repository("object(expression: \"main\") { oid ... on Commit { messageHeadline "
                            "parents(first: 1) { totalCount } } }")["object"],
              json::parse(R"({"oid":")" + main +
                          R"(","messageHeadline":"First commit","parents":{"totalCount":0}})"));
    EXPECT_EQ(
        in_repository("object(oid: " + literal(main) + ") { abbreviatedOid }")["object"]["abbreviatedOid"],
        main.substr(0, 7));
    EXPECT_EQ(in_repository("object(expression: \"nowhere\") { oid }")["object"], nullptr);
}

TEST_F(GraphqlQuery, CollaboratorsAreShownToThoseWhoMayWrite) {
    const json found = in_repository(
        "collaborators(first: 10, query: \"a\") { edges { permission node { login } } totalCount }")
        ["collaborators"];
    EXPECT_EQ(
        found["edges"],
        json::parse(
            R"([{"permission":"ADMIN","node":{"login":"alice"}},{"permission":"READ","node":{"login":"carol"}}])"));
    EXPECT_EQ(first_error(
                  carol,
                  "{ repository(owner: \"demo\", name: \"app\") { collaborators(first: 1) { totalCount } } }")
                  ["type"],
              "FORBIDDEN");
}

TEST_F(GraphqlQuery, TwoTypesOfOneQueryTellTheirFields) {
    const json found = data(
        "query PullRequest_fields { PullRequest: __type(name: \"PullRequest\") { fields(includeDeprecated: "
        "true) { name } } "
        "StatusCheckRollupContextConnection: __type(name: \"StatusCheckRollupContextConnection\") { "
        "fields(includeDeprecated: true) { name } } }");
    const auto has = [&](const char* type, const char* field) {
        return std::ranges::find(found[type]["fields"], json{{"name", field}}) != found[type]["fields"].end();
    };
    EXPECT_TRUE(has("StatusCheckRollupContextConnection", "checkRunCount"));
    EXPECT_TRUE(has("PullRequest", "projectCards"));
    EXPECT_FALSE(has("PullRequest", "isInMergeQueue")) << "gh would then ask for the queue";
}

TEST_F(GraphqlQuery, AnonymousAskersAreTurnedAway) {
    int status = 0;
    handle_graphql(*store, Viewer{}, R"({"query":"{ viewer { login } }"})", status);
    EXPECT_EQ(status, 401);
    handle_graphql(*store, bob, "{", status);
    EXPECT_EQ(status, 400);
}

TEST_F(GraphqlQuery, DeploymentsShowTheirNewestState) {
    open_pull("feature");
    const std::string ref =
        in_repository("ref(qualifiedName: \"refs/heads/feature\") { id }")["ref"]["id"].dump();
    const json made = mutate(
        "createDeployment(input: {repositoryId: " + literal(repository_id()) + ", refId: " + ref +
            ", environment: \"preview\", description: \"pr 1\", autoMerge: false, requiredContexts: []})",
        "deployment { id state environment ref { name } commit { oid } creator { login } }")["deployment"];
    EXPECT_EQ(made["state"], "PENDING");
    EXPECT_EQ(made["ref"]["name"], "feature");
    const auto report = [&](const std::string& state) {
        return mutate("createDeploymentStatus(input: {deploymentId: " + made["id"].dump() +
                          ", state: " + state + ", environmentUrl: \"http://show\"})",
                      "deploymentStatus { state environmentUrl deployment { state } }")["deploymentStatus"];
    };
    EXPECT_EQ(
        report("SUCCESS"),
        json::parse(R"({"state":"SUCCESS","environmentUrl":"http://show","deployment":{"state":"ACTIVE"}})"));
    const json listed = in_repository(
        "deployments(last: 5, environments: [\"preview\"], orderBy: {field: CREATED_AT, direction: DESC}) { "
        "totalCount nodes { id latestStatus { state } statuses(first: 5) { totalCount } } } "
        "other: deployments(first: 5, environments: [\"x\"]) { totalCount } environments(first: 5) { nodes { "
        "id name } }");
    EXPECT_EQ(listed["deployments"]["nodes"], (json{{{"id", made["id"]},
                                                     {"latestStatus", {{"state", "SUCCESS"}}},
                                                     {"statuses", {{"totalCount", 1}}}}}));
    EXPECT_EQ(listed["other"]["totalCount"], 0);
    report("INACTIVE");
    mutate("deleteDeployment(input: {id: " + made["id"].dump() + "})", "clientMutationId");
    EXPECT_EQ(ask_as(alice, "mutation { deleteEnvironment(input: {id: " +
                                listed["environments"]["nodes"][0]["id"].dump() + "}) { clientMutationId } }")
                  .contains("errors"),
              false);
    EXPECT_EQ(in_repository("deployments { totalCount } environments { totalCount }"),
              json::parse(R"({"deployments":{"totalCount":0},"environments":{"totalCount":0}})"));
}

class GraphqlRefs : public GraphqlTest {
 protected:
    json swap(const std::string& updates) {
        return ask("mutation { updateRefs(input: {repositoryId: " + literal(repository_id()) +
                   ", refUpdates: [" + updates + "]}) { clientMutationId } }");
    }
    static std::string update(const std::string& name, const std::string& before, const std::string& after) {
        return fmt::format(R"({{name: "{}", beforeOid: "{}", afterOid: "{}"}})", name, before, after);
    }
    bool is_there(const std::string& name) {
        return store->refs().find(repository, name).value().has_value();
    }

    const std::string zeros = std::string(40, '0');
    const std::string lease = "refs/ringmaster/pr-12";
};

TEST_F(GraphqlRefs, ARefIsMadeOnlyOnceByComparingWithZeros) {
    EXPECT_FALSE(swap(update(lease, zeros, main)).contains("errors"));
    EXPECT_EQ(
        in_repository("ref(qualifiedName: " + literal(lease) + ") { name prefix target { oid } }")["ref"],
        json::parse(R"({"name":"ringmaster/pr-12","prefix":"refs/","target":{"oid":")" + main + "\"}}"));
    const json again = swap(update(lease, zeros, main));
    EXPECT_EQ(again["errors"][0]["type"], "UNPROCESSABLE");
    EXPECT_EQ(again["data"]["updateRefs"], nullptr);
}

TEST_F(GraphqlRefs, ARefOfAClaimIsNobodysPush) {
    now += std::chrono::hours(1);
    const auto pushed_at = [&] { return store->repositories().find(repository.id).value()->pushed_at; };
    const TimePoint before = pushed_at();
    EXPECT_FALSE(swap(update(lease, zeros, main)).contains("errors"));
    EXPECT_EQ(pushed_at(), before);
    EXPECT_TRUE(events.empty()) << events.front();
    EXPECT_FALSE(swap(update("refs/heads/new", zeros, main)).contains("errors"));
    EXPECT_EQ(pushed_at(), now);
}

TEST_F(GraphqlRefs, UpdatesAreAllDoneOrNone) {
    const PullRequest pull = open_pull("feature");
    EXPECT_TRUE(swap(update(lease, zeros, main) + update("refs/ringmaster/other", pull.head_sha, main))
                    .contains("errors"));
    EXPECT_FALSE(is_there(lease));
    EXPECT_FALSE(swap(update(lease, zeros, main) + update("refs/ringmaster/other", zeros, pull.head_sha))
                     .contains("errors"));
    EXPECT_FALSE(swap(update(lease, main, zeros) + update("refs/ringmaster/other", pull.head_sha, zeros))
                     .contains("errors"));
    EXPECT_FALSE(is_there(lease));
}

TEST_F(GraphqlRefs, NamesAndObjectIdsAreChecked) {
    EXPECT_EQ(swap(update("pr-12", zeros, main))["errors"][0]["extensions"]["code"],
              "argumentLiteralsIncompatible");
    EXPECT_EQ(swap(update(lease, zeros, "abc"))["errors"][0]["extensions"]["code"],
              "argumentLiteralsIncompatible");
    EXPECT_EQ(swap(update(lease, zeros, std::string(40, '1')))["errors"][0]["type"], "UNPROCESSABLE");
    const json refused =
        ask_as(carol, "mutation { updateRefs(input: {repositoryId: " + literal(repository_id()) +
                          ", refUpdates: [" + update(lease, zeros, main) + "]}) { clientMutationId } }");
    EXPECT_EQ(refused["errors"][0]["type"], "FORBIDDEN");
}

TEST_F(GraphqlRefs, AreMadeMovedAndDeletedOneByOne) {
    const PullRequest pull = open_pull("feature");
    const std::string create = "createRef(input: {repositoryId: " + literal(repository_id()) +
                               ", name: \"refs/heads/new\", oid: " + literal(main) + "})";
    const std::string id = mutate(create, "ref { id name }")["ref"]["id"].dump();
    EXPECT_EQ(first_error(bob, "mutation { " + create + " { clientMutationId } }")["message"],
              "A ref named \"refs/heads/new\" already exists in the repository.");
    EXPECT_EQ(mutate("updateRef(input: {refId: " + id + ", oid: " + literal(pull.head_sha) + "})",
                     "ref { target { oid } }")["ref"]["target"]["oid"],
              pull.head_sha);
    mutate("deleteRef(input: {refId: " + id + "})", "clientMutationId");
    EXPECT_FALSE(is_there("refs/heads/new"));
}

}  // namespace
}  // namespace ringmaster::local_forge
