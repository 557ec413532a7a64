#include "local_forge/graphql_issue_search.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace ringmaster::local_forge {
namespace {

struct Term {
    bool is_negated = false;
    std::string name;  // empty: a word
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

// One term up to a space; quotes keep spaces and are dropped.
Term next_term(std::string_view& text) {
    Term term;
    if (text.starts_with('-')) {
        term.is_negated = true;
        text.remove_prefix(1);
    }
    std::string* part = &term.value;
    bool is_quoted = false;
    while (!text.empty() && (is_quoted || text.front() != ' ')) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ':' && !is_quoted && term.name.empty() && !term.value.empty()) {
            term.name = to_lower_ascii(std::exchange(term.value, ""));
        } else {
            part->push_back(c);
        }
    }
    return term;
}

void apply_is(IssueSearch& query, const Term& term, const std::string& value) {
    if (value == "pr" || value == "pull-request") {
        query.kind = IssueSearch::Kind::PullRequest;
    } else if (value == "issue") {
        query.kind = IssueSearch::Kind::Issue;
    } else if (value == "open" || value == "closed") {
        const bool is_open = (value == "open") != term.is_negated;
        query.state = is_open ? IssueSearch::State::Open : IssueSearch::State::Closed;
    } else if (value == "merged" || value == "unmerged") {
        query.is_merged = (value == "merged") != term.is_negated;
    } else if (value == "draft") {
        query.is_draft = !term.is_negated;
    }
}

void apply_label(IssueSearch& query, const Term& term) {
    std::vector<std::string> group;
    for (const std::string_view name : split(term.value, ',')) group.emplace_back(name);
    if (term.is_negated)
        query.without_labels.insert(query.without_labels.end(), group.begin(), group.end());
    else
        query.labels.push_back(std::move(group));
}

void apply_sort(IssueSearch& query, const std::string& value) {
    query.by_update = value.starts_with("updated");
    query.direction = value.ends_with("-asc") ? Direction::Ascending : Direction::Descending;
}

void apply(IssueSearch& query, const Term& term) {
    const std::string value = to_lower_ascii(term.value);
    if (term.name.empty()) {
        if (!value.empty() && !term.is_negated) query.words.push_back(value);
    } else if (term.name == "is" || term.name == "type" || term.name == "state") {
        apply_is(query, term, value);
    } else if (term.name == "repo") {
        query.repository = term.value;
    } else if (term.name == "user" || term.name == "org") {
        query.owner = term.value;
    } else if (term.name == "author") {
        query.author = term.value;
    } else if (term.name == "head") {
        query.head = term.value;
    } else if (term.name == "base") {
        query.base = term.value;
    } else if (term.name == "draft") {
        query.is_draft = (value == "true") != term.is_negated;
    } else if (term.name == "label") {
        apply_label(query, term);
    } else if (term.name == "sort") {
        apply_sort(query, value);
    } else if (std::ranges::find(kAbsentQualifiers, term.name) != kAbsentQualifiers.end()) {
        if (!term.is_negated) query.matches_nothing = true;
    } else if (term.name != "in" && term.name != "archived" && term.name != "no") {
        query.words.push_back(term.name + ":" +
                              value);  // GitHub looks for what it does not know as a word, too
    }
}

}  // namespace

IssueSearch parse_issue_search(std::string_view text) {
    IssueSearch query;
    while (!text.empty()) {
        if (text.front() == ' ')
            text.remove_prefix(1);
        else
            apply(query, next_term(text));
    }
    return query;
}

}  // namespace ringmaster::local_forge
