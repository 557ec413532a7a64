#include "local_forge/search_query.h"

#include "base/text.h"

namespace ringmaster::local_forge {
namespace {

// Words at spaces; quotes hold spaces together and are dropped: label:"good first issue".
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ' ' && !quoted) {
            if (!word.empty()) words.push_back(std::move(word));
            word.clear();
        } else {
            word += c;
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

bool take_is(std::string_view value, IssueQuery& query) {
    if (value == "pr" || value == "pull-request")
        query.pull_requests = true;
    else if (value == "issue")
        query.pull_requests = false;
    else if (value == "open")
        query.state = StateFilter::Open;
    else if (value == "closed")
        query.state = StateFilter::Closed;
    else if (value == "draft")
        query.is_draft = true;
    else
        return false;
    return true;
}

bool take_qualifier(std::string_view name, const std::string& value, SearchTerms& query) {
    IssueQuery& issues = query.issues;
    if (name == "repo")
        query.repository = value;
    else if (name == "is" || name == "type" || name == "state")
        return take_is(value, issues);
    else if (name == "label")
        issues.label_names.push_back(value);
    else if (name == "author")
        issues.creator = value;
    else if (name == "head")
        issues.head_ref = value;
    else if (name == "base")
        issues.base_ref = value;
    else if (name == "draft")
        issues.is_draft = value == "true";
    else
        return name == "archived" || name == "sort" || name == "in";
    return true;
}

}  // namespace

SearchTerms parse_search_terms(std::string_view text) {
    SearchTerms query;
    query.issues.state = StateFilter::All;
    for (const std::string& word : words_of(text)) {
        const auto colon = word.find(':');
        const bool taken = colon != std::string::npos &&
                           take_qualifier(word.substr(0, colon), word.substr(colon + 1), query);
        if (!taken) query.issues.text += (query.issues.text.empty() ? "" : " ") + word;
    }
    return query;
}

}  // namespace ringmaster::local_forge
