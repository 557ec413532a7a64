#include "local_forge/issue_search.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

struct Term {
    bool is_negated = false;  ///< "-label:x", "-word", "NOT word"
    std::string name;         ///< lower case; empty: a word or a phrase
    std::string value;
};

// What the forge has none of: a search for one finds nothing, its absence is true of all.
constexpr std::array<std::string_view, 12> kAbsentQualifiers = {"assignee",
                                                                "review-requested",
                                                                "user-review-requested",
                                                                "reviewed-by",
                                                                "review",
                                                                "milestone",
                                                                "project",
                                                                "mentions",
                                                                "team",
                                                                "commenter",
                                                                "team-review-requested",
                                                                "linked"};

// One term up to a space; quotes keep spaces together and are dropped.
Term next_term(std::string_view& text) {
    Term term;
    if (text.starts_with('-')) {
        term.is_negated = true;
        text.remove_prefix(1);
    }
    bool is_quoted = false;
    bool was_quoted = false;
    while (!text.empty() && (is_quoted || text.front() != ' ')) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"') {
            is_quoted = !is_quoted;
            was_quoted = true;
        } else if (c == ':' && !was_quoted && term.name.empty() && !term.value.empty()) {
            term.name = to_lower_ascii(std::exchange(term.value, ""));
        } else {
            term.value.push_back(c);
        }
    }
    return term;
}

void apply_is(IssueSearch& search, const std::string& value, bool is_negated) {
    IssueQuery& issues = search.issues;
    if (value == "pr" || value == "pull-request") {
        issues.pull_requests = !is_negated;
    } else if (value == "issue") {
        issues.pull_requests = is_negated;
    } else if (value == "open" || value == "closed") {
        issues.state = (value == "open") != is_negated ? StateFilter::Open : StateFilter::Closed;
    } else if (value == "merged" || value == "unmerged") {
        issues.is_merged = (value == "merged") != is_negated;
    } else if (value == "draft") {
        issues.is_draft = !is_negated;
    } else if (value == "locked" || value == "unlocked") {
        issues.is_locked = (value == "locked") != is_negated;
    }
}

void apply_label(IssueQuery& issues, const Term& term) {
    std::vector<std::string> group;
    for (const std::string_view name : split(term.value, ','))
        if (!name.empty()) group.emplace_back(name);
    if (group.empty()) return;
    if (term.is_negated)
        issues.without_labels.insert(issues.without_labels.end(), group.begin(), group.end());
    else
        issues.labels.push_back(std::move(group));
}

void apply_sort(IssueQuery& issues, const std::string& value) {
    issues.order = value.starts_with("updated")    ? IssueOrder::Updated
                   : value.starts_with("comments") ? IssueOrder::Comments
                                                   : IssueOrder::Created;
    issues.direction = value.ends_with("-asc") ? Direction::Ascending : Direction::Descending;
}

void apply_in(IssueQuery& issues, const std::string& value) {
    TextScope scope{.title = false, .body = false, .comments = false, .labels = false};
    for (const std::string_view part : split(value, ',')) {
        scope.title |= part == "title";
        scope.body |= part == "body";
        scope.comments |= part == "comments";
    }
    if (scope.title || scope.body || scope.comments) issues.in = scope;
}

void apply_word(IssueQuery& issues, std::string word, bool is_negated) {
    if (word.empty()) return;
    (is_negated ? issues.without_words : issues.words).push_back(std::move(word));
}

bool apply_qualifier(IssueSearch& search, const Term& term, const std::string& value) {
    IssueQuery& issues = search.issues;
    if (term.name == "is" || term.name == "type" || term.name == "state") {
        apply_is(search, value, term.is_negated);
    } else if (term.name == "repo") {
        search.repositories.push_back(term.value);
    } else if (term.name == "user" || term.name == "org") {
        search.owners.push_back(term.value);
    } else if (term.name == "author") {
        search.by_viewer = value == "@me";
        issues.creator = search.by_viewer ? "" : term.value;
    } else if (term.name == "head") {
        issues.head_ref = term.value;
    } else if (term.name == "base") {
        issues.base_ref = term.value;
    } else if (term.name == "draft") {
        issues.is_draft = (value == "true") != term.is_negated;
    } else if (term.name == "label") {
        apply_label(issues, term);
    } else if (term.name == "no") {
        if (value == "label") issues.has_labels = term.is_negated;
    } else if (term.name == "sort") {
        apply_sort(issues, value);
    } else if (term.name == "in") {
        apply_in(issues, value);
    } else if (term.name == "archived") {
        search.matches_nothing |= (value == "true") != term.is_negated;
    } else {
        return false;
    }
    return true;
}

void apply(IssueSearch& search, const Term& term) {
    const std::string value = to_lower_ascii(term.value);
    if (term.name.empty())
        apply_word(search.issues, value, term.is_negated);
    else if (std::ranges::find(kAbsentQualifiers, term.name) != kAbsentQualifiers.end())
        search.matches_nothing |= !term.is_negated;
    else if (!apply_qualifier(search, term, value))
        apply_word(search.issues, term.name + ":" + value, term.is_negated);
}

bool is_one_of(const std::vector<std::string>& names, std::string_view name) {
    return names.empty() || std::ranges::any_of(names, [&](const std::string& one) {
               return equal_ignoring_ascii_case(one, name);
           });
}

}  // namespace

IssueSearch parse_issue_search(std::string_view text) {
    IssueSearch search;
    search.issues.state = StateFilter::All;
    bool negates_next = false;
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        const bool is_not = text == "NOT" || text.starts_with("NOT ");
        Term term = next_term(text);
        term.is_negated |= negates_next;
        if (!is_not) apply(search, term);
        negates_next = is_not;
    }
    return search;
}

Result<FoundIssues> find_issues(ForgeStore& store, const Viewer& viewer, IssueSearch search) {
    FoundIssues found;
    std::vector<Repository> visible;
    std::vector<Id> ids;
    for (Repository& repository : TRY(store.repositories().list())) {
        if (!is_one_of(search.repositories, repository.full_name()) ||
            !is_one_of(search.owners, repository.owner.login) ||
            !TRY(store.accounts().may_read(viewer, repository)))
            continue;
        TRY(store.refs().rescan_if_changed(repository));
        ids.push_back(repository.id);
        visible.push_back(std::move(repository));
    }
    found.names_no_repository = !search.repositories.empty() && visible.empty();
    if (visible.empty() || search.matches_nothing || (search.by_viewer && !viewer.user)) return found;
    if (search.by_viewer) search.issues.creator = viewer.user->login;
    found.total = TRY(store.issues().count(ids, search.issues));
    for (Issue& issue : TRY(store.issues().list(ids, search.issues))) {
        const auto of = std::ranges::find(visible, issue.repository_id, &Repository::id);
        found.issues.push_back({*of, std::move(issue)});
    }
    return found;
}

}  // namespace ringmaster::local_forge
