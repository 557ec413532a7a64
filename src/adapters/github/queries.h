#pragma once
// The GraphQL documents. Node ids are asked for wherever a later change needs them, totalCount wherever a
// listing must be complete. Every document is valid against GitHub's published schema (checked with
// @octokit/graphql-schema).

#include <string>
#include <string_view>
#include <vector>

#include "domain/repository_name.h"

namespace ringmaster::github {

/// The whole observation of one pull request; its cost is 1 point (github-facts 3.3).
/// Variables: repository_variables with number and environment.
std::string observe_query(int number);

/// The repository's id alone.
extern const std::string_view kRepositoryIdQuery;
/// More labels of a pull request, or comments, or commits. Variables: with number and after.
extern const std::string_view kLabelPageQuery;
extern const std::string_view kCommentPageQuery;
extern const std::string_view kCommitPageQuery;

/// A page of open pull requests with their labels. Variables: with after.
extern const std::string_view kOpenPullRequestsQuery;
/// A page of label definitions with how often each is attached. Variables: with after.
extern const std::string_view kDefinitionsQuery;
/// A page of the pull requests that carry a label. Variables: id, after.
extern const std::string_view kAttachedQuery;

/// Several pull requests by number, under the aliases p{number}.
std::string summaries_query(const std::vector<int>& numbers);
/// Label definitions by exact name, under the aliases n0, n1, …; variables n0, n1, … hold the names.
std::string definitions_by_name_query(std::size_t count);
/// Label definitions by id, under the aliases l0, l1, …; variables l0, l1, … hold the ids.
std::string attachment_query(std::size_t count);

/// `{"owner":…,"name":…` and then `more` (JSON members with their leading comma) and `}`.
std::string repository_variables(const RepositoryName& repository, const std::string& more = "");
/// `,"after":"…"`, or `,"after":null` for the first page.
std::string after_variable(const std::string& cursor);
/// The deployment environment of a pull request. One name each, so that the button says which show it opens;
/// few names would pile up less (github-facts 6.5), so it is deleted where the token may.
std::string environment_name(int number);

}  // namespace ringmaster::github
