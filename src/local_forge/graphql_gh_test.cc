// The very queries of gh 2.23 and 2.60 (github-facts §9), as they were seen on the wire or stand in its
// source, and a list of ten thousand.

#include <gmock/gmock.h>

#include "local_forge/graphql_test_support.h"

namespace ringmaster::local_forge {
namespace {

using nlohmann::json;

class GraphqlOfGh : public GraphqlTest {
 protected:
    json variables(json more = json::object()) const {
        more["owner"] = "demo";
        more["repo"] = "app";
        return more;
    }
};

TEST_F(GraphqlOfGh, AuthStatus) {
    EXPECT_EQ(data("query UserCurrent{viewer{login}}"), json::parse(R"({"viewer":{"login":"bob"}})"));
}

TEST_F(GraphqlOfGh, LabelList) {
    make_label("bug");
    const json found = data(
        R"(fragment label on Label{color,description,name}
	query LabelList($owner: String!, $repo: String!, $limit: Int!, $endCursor: String, $query: String, $orderBy: LabelOrder) {
		repository(owner: $owner, name: $repo) {
			labels(first: $limit, after: $endCursor, query: $query, orderBy: $orderBy) {
				totalCount,
				nodes {
					...label
				}
				pageInfo {
					hasNextPage
					endCursor
				}
			}
		}
	})",
        variables(
            {{"limit", 30}, {"query", ""}, {"orderBy", {{"direction", "ASC"}, {"field", "CREATED_AT"}}}}));
    EXPECT_EQ(found["repository"]["labels"]["nodes"],
              json::parse(R"([{"color":"0e8a16","description":null,"name":"bug"}])"));
    EXPECT_EQ(found["repository"]["labels"]["totalCount"], 1);
}

TEST_F(GraphqlOfGh, PullRequestList) {
    open_pull("feature");
    const json found = data(
        R"(fragment pr on PullRequest{number,title,state,url,headRefName,headRepositoryOwner{id,login,...on User{name}},isCrossRepository,isDraft,createdAt}
		query PullRequestList(
			$owner: String!,
			$repo: String!,
			$limit: Int!,
			$endCursor: String,
			$baseBranch: String,
			$headBranch: String,
			$state: [PullRequestState!] = OPEN
		) {
			repository(owner: $owner, name: $repo) {
				pullRequests(
					states: $state,
					baseRefName: $baseBranch,
					headRefName: $headBranch,
					first: $limit,
					after: $endCursor,
					orderBy: {field: CREATED_AT, direction: DESC}
				) {
					totalCount
					nodes {
						...pr
					}
					pageInfo {
						hasNextPage
						endCursor
					}
				}
			}
		})",
        variables({{"limit", 30}}));
    EXPECT_EQ(found["repository"]["pullRequests"]["nodes"][0]["headRefName"], "feature");
    EXPECT_EQ(found["repository"]["pullRequests"]["nodes"][0]["headRepositoryOwner"]["login"], "demo");
}

TEST_F(GraphqlOfGh, PullRequestByNumberWithAllThatViewShows) {
    open_pull("feature");
    const json found = data(
        R"(
	query PullRequestByNumber($owner: String!, $repo: String!, $pr_number: Int!) {
		repository(owner: $owner, name: $repo) {
			pullRequest(number: $pr_number) {url,number,title,state,body,author{login,...on User{id,name}},isDraft,maintainerCanModify,mergeable,additions,deletions,commits{totalCount},baseRefName,headRefName,headRepositoryOwner{id,login,...on User{name}},headRepository{id,name},isCrossRepository,reviewRequests(first: 100) {nodes {requestedReviewer {__typename,...on User{login},...on Team{organization{login}name,slug}}}},reviews(first: 100) {nodes {id,author{login},authorAssociation,submittedAt,body,state,commit{oid},reactionGroups{content,users{totalCount}}}pageInfo{hasNextPage,endCursor}totalCount},assignees(first:100){nodes{id,login,name},totalCount},labels(first:100){nodes{id,name,description,color},totalCount},projectCards(first:100){nodes{project{name}column{name}},totalCount},milestone{number,title,description,dueOn},comments(first: 100) {nodes {id,author{login,...on User{id,name}},authorAssociation,body,createdAt,includesCreatedEdit,isMinimized,minimizedReason,reactionGroups{content,users{totalCount}},url,viewerDidAuthor},pageInfo{hasNextPage,endCursor},totalCount},reactionGroups{content,users{totalCount}},createdAt,statusCheckRollup: commits(last: 1) {nodes {commit {statusCheckRollup {contexts(first:100) {nodes {__typename...on StatusContext {context,state,targetUrl,createdAt,description},...on CheckRun {name,checkSuite{workflowRun{workflow{name}}},status,conclusion,startedAt,completedAt,detailsUrl}},pageInfo{hasNextPage,endCursor}}}}}},id,autoMergeRequest {authorEmail,commitBody,commitHeadline,mergeMethod,enabledAt,enabledBy{login,...on User{id,name}}},files(first: 100) {nodes {additions,deletions,path}},fullDatabaseId,potentialMergeCommit{oid},latestReviews(first: 100) {nodes {author{login},authorAssociation,submittedAt,body,state}}}
		}
	})",
        variables({{"pr_number", 1}}))["repository"]["pullRequest"];
    EXPECT_EQ(found["additions"], 1);
    EXPECT_EQ(found["commits"], (json{{"totalCount", 1}}))
        << "and no key that was not asked for: gh decodes strictly";
    EXPECT_EQ(found["reactionGroups"].size(), 8u);
    EXPECT_EQ(found["files"]["nodes"][0]["path"], "FEATURE-feature");
}

TEST_F(GraphqlOfGh, PullRequestStatusWithItsTwoSearches) {
    open_pull("feature");
    const json found = data(
        R"(
	fragment pr on PullRequest {number,title,state,url,isDraft,isCrossRepository,headRefName,headRepositoryOwner{id,login,...on User{name}},mergeStateStatus,baseRef{branchProtectionRule{requiresStrictStatusChecks}},autoMergeRequest {authorEmail,commitBody,commitHeadline,mergeMethod,enabledAt,enabledBy{login,...on User{id,name}}},statusCheckRollup: commits(last: 1) {nodes {commit {statusCheckRollup {contexts {checkRunCount,checkRunCountsByState {state,count},statusContextCount,statusContextCountsByState {state,count}}}}}}}
	fragment prWithReviews on PullRequest {...pr,reviewDecision,latestReviews(first: 100) {nodes {author{login},authorAssociation,submittedAt,body,state}}}
	query PullRequestStatus($owner: String!, $repo: String!, $headRefName: String!, $viewerQuery: String!, $reviewerQuery: String!, $per_page: Int = 10) {
		repository(owner: $owner, name: $repo) {
			defaultBranchRef {
				name
			}
			pullRequests(headRefName: $headRefName, first: $per_page, orderBy: { field: CREATED_AT, direction: DESC }) {
				totalCount
				edges {
					node {
						...prWithReviews
					}
				}
			}
		}
			viewerCreated: search(query: $viewerQuery, type: ISSUE, first: $per_page) {
				totalCount: issueCount
				edges {
					node {
					...prWithReviews
					}
				}
			}
			reviewRequested: search(query: $reviewerQuery, type: ISSUE, first: $per_page) {
				totalCount: issueCount
				edges {
					node {
					...pr
					}
				}
			}
		})",
        variables({{"headRefName", "feature"},
                   {"viewerQuery", "repo:demo/app state:open is:pr author:alice"},
                   {"reviewerQuery", "repo:demo/app state:open review-requested:alice"}}));
    EXPECT_EQ(found["repository"]["pullRequests"]["edges"][0]["node"]["mergeStateStatus"], "CLEAN");
    EXPECT_EQ(found["viewerCreated"]["totalCount"], 1);
    EXPECT_EQ(found["reviewRequested"]["totalCount"], 0);
}

TEST_F(GraphqlOfGh, IssueByNumberOfEitherKind) {
    open_pull("feature");
    const json found = data(
        R"(
	query IssueByNumber($owner: String!, $repo: String!, $number: Int!) {
		repository(owner: $owner, name: $repo) {
			hasIssuesEnabled
			issue: issueOrPullRequest(number: $number) {
				__typename
				...on Issue{number,url,state,createdAt,title,stateReason}
				...on PullRequest{number,url,state,createdAt,title}
			}
		}
	})",
        variables({{"number", 1}}));
    EXPECT_EQ(found["repository"]["issue"]["__typename"], "PullRequest");
}

TEST_F(GraphqlOfGh, PullRequestEditAddsAndRemovesLabels) {
    const PullRequest pull = open_pull("feature");
    const std::string id = node_id(make_label("bug"));
    const json listed = data(
        "query RepositoryLabelList($endCursor:String$name:String!$owner:String!){repository(owner: $owner, "
        "name: $name)"
        "{labels(first: 100, orderBy: {field: NAME, direction: ASC}, after: "
        "$endCursor){nodes{id,name},pageInfo{"
        "hasNextPage,endCursor}}}}",
        {{"owner", "demo"}, {"name", "app"}, {"endCursor", nullptr}});
    EXPECT_EQ(listed["repository"]["labels"]["nodes"][0], (json{{"id", id}, {"name", "bug"}}));
    const json input = {{"input", {{"labelableId", node_id(pull)}, {"labelIds", {id}}}}};
    EXPECT_EQ(data("mutation LabelAdd($input:AddLabelsToLabelableInput!){addLabelsToLabelable(input: "
                   "$input){__typename}}",
                   input),
              json::parse(R"({"addLabelsToLabelable":{"__typename":"AddLabelsToLabelablePayload"}})"));
    EXPECT_EQ(names(pull.issue), std::vector<std::string>{"bug"});
    data(
        "mutation LabelRemove($input:RemoveLabelsFromLabelableInput!){removeLabelsFromLabelable(input: "
        "$input){__typename}}",
        input);
    EXPECT_TRUE(names(pull.issue).empty());
    EXPECT_EQ(data("query "
                   "PullRequestProjectItems($endCursor:String$name:String!$number:Int!$owner:String!){"
                   "repository(owner: $owner, name: $name)"
                   "{pullRequest(number: $number){projectItems(first: 100, after: "
                   "$endCursor){nodes{id,project{id,title},status:fieldValueByName(name: "
                   "\"Status\"){... on "
                   "ProjectV2ItemFieldSingleSelectValue{optionId,name}}},pageInfo{hasNextPage,endCursor}}}}}",
                   {{"owner", "demo"},
                    {"name", "app"},
                    {"number", 1},
                    {"endCursor", nullptr}})["repository"]["pullRequest"]["projectItems"]["nodes"],
              json::array());
}

TEST_F(GraphqlOfGh, RepositoryNetworkAndInfo) {
    const json found = data(R"(
	fragment repo on Repository {
		id
		name
		owner { login }
		viewerPermission
		defaultBranchRef {
			name
		}
		isPrivate
	}
	query RepositoryNetwork {
		viewer { login }
		repo_000: repository(owner: "demo", name: "app") {
			...repo
			parent {
				...repo
			}
		}
	})");
    EXPECT_EQ(found["repo_000"]["defaultBranchRef"]["name"], "main");
    EXPECT_EQ(found["repo_000"]["parent"], nullptr);
}

// How long it takes is measured by bench/forge.py: a bound on seconds here would judge the machine.
TEST_F(GraphqlOfGh, TenThousandOpenPullRequestsAreListedToTheLast) {
    const std::vector<Label> labels = {make_label("a"), make_label("b"), make_label("c")};
    auto transaction = store->begin().value();
    auto& core = store->core();
    for (int number = 1; number <= 10'000; ++number) {
        const Id id = *core.insert(
            "INSERT INTO issues(repository_id, number, is_pull_request, title, state, author_id, created_at, "
            "updated_at) "
            "VALUES(?, ?, 1, 'Add a feature', 0, ?, ?, ?)",
            repository.id, number, alice.user->id, now, now);
        ASSERT_TRUE(
            core.run("INSERT INTO pull_requests(issue_id, head_ref, head_sha, head_repository_id, "
                     "head_owner_login, base_ref, base_sha, is_draft) "
                     "VALUES(?, 'main', ?, ?, 'demo', 'main', ?, 0)",
                     id, std::string_view(main), repository.id, std::string_view(main)));
        for (const Label& label : labels)
            ASSERT_TRUE(core.run("INSERT INTO issue_labels(issue_id, label_id) VALUES(?, ?)", id, label.id));
    }
    ASSERT_TRUE(transaction.commit());
    const std::string query =
        "query($after: String) { repository(owner: \"demo\", name: \"app\") { pullRequests(first: 100, "
        "after: $after, states: OPEN, orderBy: "
        "{field: CREATED_AT, direction: DESC}) { totalCount nodes { id number title headRefName headRefOid "
        "isDraft headRef { target { oid } } "
        "author { login } labels(first: 100) { totalCount nodes { id name description } } } pageInfo { "
        "hasNextPage endCursor } } } }";
    std::size_t seen = 0;
    std::size_t attached = 0;
    json cursor = nullptr;
    do {
        const json pulls = data(query, {{"after", cursor}})["repository"]["pullRequests"];
        for (const auto& node : pulls["nodes"]) ++seen, attached += node["labels"]["nodes"].size();
        cursor = pulls["pageInfo"]["hasNextPage"].get<bool>() ? pulls["pageInfo"]["endCursor"] : json();
    } while (!cursor.is_null());
    EXPECT_EQ(seen, 10'000u);
    EXPECT_EQ(attached, 30'000u);
}

}  // namespace
}  // namespace ringmaster::local_forge
