#include "local_forge/pull_printer.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/json_object_text.h"
#include "local_forge/node_id.h"

namespace ringmaster::local_forge {
namespace {

std::string text_of(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string time_text(TimePoint time) {
    return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
}
std::optional<std::string> optional_time_text(const std::optional<TimePoint>& time) {
    return time ? std::optional(time_text(*time)) : std::nullopt;
}

template <typename Print>
const std::string& printed_once(std::map<Id, std::string>& known, Id id, Print print) {
    const auto found = known.find(id);
    return found != known.end() ? found->second : known.emplace(id, text_of(print())).first->second;
}

// The addresses of one pull request.
struct Addresses {
    std::string url;
    std::string html;
    std::string issue;
    std::string statuses;
    std::string review_comment;

    Addresses(const Links& links, const Repository& base, const PullRequest& pull)
        : url(fmt::format("{}/pulls/{}", links.repository(base), pull.issue.number)),
          html(fmt::format("{}/{}/pull/{}", links.web, base.full_name(), pull.issue.number)),
          issue(fmt::format("{}/issues/{}", links.repository(base), pull.issue.number)),
          statuses(links.repository(base) + "/statuses/" + pull.head_sha),
          review_comment(links.repository(base) + "/pulls/comments{/number}") {}
};

void add_addresses(JsonObjectText& out, const Addresses& at) {
    out.add("url", at.url);
    out.add("html_url", at.html);
    out.add("diff_url", at.html + ".diff");
    out.add("patch_url", at.html + ".patch");
    out.add("issue_url", at.issue);
    out.add("commits_url", at.url + "/commits");
    out.add("review_comments_url", at.url + "/comments");
    out.add("review_comment_url", at.review_comment);
    out.add("comments_url", at.issue + "/comments");
    out.add("statuses_url", at.statuses);
}

std::string links_text(const Addresses& at) {
    JsonObjectText out;
    const auto link = [&](std::string_view name, const std::string& href) {
        JsonObjectText target;
        target.add("href", href);
        out.add_raw(name, std::move(target).finish());
    };
    link("self", at.url);
    link("html", at.html);
    link("issue", at.issue);
    link("comments", at.issue + "/comments");
    link("review_comments", at.url + "/comments");
    link("review_comment", at.review_comment);
    link("commits", at.url + "/commits");
    link("statuses", at.statuses);
    return std::move(out).finish();
}

// What nobody has in a local forge.
void add_absent(JsonObjectText& out) {
    for (const char* name : {"active_lock_reason", "milestone", "assignee", "auto_merge"})
        out.add_raw(name, "null");
    for (const char* name : {"assignees", "requested_reviewers", "requested_teams"}) out.add_raw(name, "[]");
}

std::string_view mergeable_state(const PullRequest& pull) {
    if (!pull.is_mergeable) return "unknown";
    if (!*pull.is_mergeable) return "dirty";
    return pull.is_draft ? "draft" : "clean";
}

void add_details(JsonObjectText& out, const PullRequest& pull, std::string_view merged_by) {
    out.add("merged", pull.merged_at.has_value());
    if (pull.is_mergeable)
        out.add("mergeable", *pull.is_mergeable);
    else
        out.add_raw("mergeable", "null");
    // Found out when somebody tries; GitHub, too, answers null until it knows.
    if (pull.is_mergeable == false)
        out.add("rebaseable", false);
    else
        out.add_raw("rebaseable", "null");
    out.add("mergeable_state", mergeable_state(pull));
    out.add_raw("merged_by", merged_by);
    out.add("comments", pull.issue.comment_count);
    out.add("review_comments", std::int64_t{0});
    out.add("maintainer_can_modify", false);
    out.add("commits", pull.commit_count);
    out.add("additions", pull.additions);
    out.add("deletions", pull.deletions);
    out.add("changed_files", pull.changed_files);
}

}  // namespace

const std::string& PullPrinter::user(const User& user) {
    return printed_once(users_, user.id, [&] { return user_json(links_, user, detail_); });
}

const std::string& PullPrinter::repository(const Repository& repository) {
    return printed_once(repositories_, repository.id,
                        [&] { return repository_json(links_, repository, detail_); });
}

const std::string& PullPrinter::label(const Label& label) {
    return printed_once(labels_, label.id, [&] { return label_json(links_, base_, label); });
}

std::string PullPrinter::labels(const std::vector<Label>& labels) {
    std::string list = "[";
    for (const Label& one : labels) {
        if (list.size() > 1) list += ',';
        list += label(one);
    }
    return list + "]";
}

std::string PullPrinter::side(const Side& side) {
    JsonObjectText out;
    out.add("label", side.owner_login + ":" + side.ref);
    out.add("ref", side.ref);
    out.add("sha", side.sha);
    out.add_raw("user", side.repository ? user(side.repository->owner) : "null");
    out.add_raw("repo", side.repository ? repository(*side.repository) : "null");
    return std::move(out).finish();
}

std::string PullPrinter::print(const std::optional<Repository>& head, const PullRequest& pull,
                               const std::vector<Label>& labels) {
    const Issue& issue = pull.issue;
    const Addresses at(links_, base_, pull);
    JsonObjectText out;
    add_addresses(out, at);
    out.add("id", issue.id);
    out.add("node_id", node_id(pull));
    out.add("number", issue.number);
    out.add("state", issue.state == IssueState::Open ? "open" : "closed");
    out.add("locked", issue.locked);
    out.add("title", issue.title);
    out.add_raw("user", user(issue.author));
    out.add("body", issue.body);
    out.add_raw("labels", this->labels(labels));
    out.add("created_at", time_text(issue.created_at));
    out.add("updated_at", time_text(issue.updated_at));
    out.add("closed_at", optional_time_text(issue.closed_at));
    out.add("merged_at", optional_time_text(pull.merged_at));
    out.add("merge_commit_sha", pull.merge_commit_sha);
    out.add_raw("head", side({pull.head_owner_login, pull.head_ref, pull.head_sha, head ? &*head : nullptr}));
    out.add_raw("base", side({base_.owner.login, pull.base_ref, pull.base_sha, &base_}));
    out.add("author_association", issue.author.id == base_.owner.id ? "OWNER" : "CONTRIBUTOR");
    out.add("draft", pull.is_draft);
    out.add_raw("_links", links_text(at));
    add_absent(out);
    if (detail_ == Detail::Full)
        add_details(out, pull, pull.merged_by ? std::string_view(user(*pull.merged_by)) : "null");
    return std::move(out).finish();
}

}  // namespace ringmaster::local_forge
