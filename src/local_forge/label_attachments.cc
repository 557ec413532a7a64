// The half of Labels that puts definitions on issues and pull requests and takes them off.

#include <algorithm>

#include "base/text.h"
#include "local_forge/label_rules.h"
#include "local_forge/labels.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

Result<bool> is_attached(StoreCore& core, const Issue& issue, const Label& label) {
    return TRY(core.number("SELECT COUNT(*) FROM issue_labels WHERE issue_id = ? AND label_id = ?", issue.id,
                           label.id)) > 0;
}

// The length of the list sent counts, names already there included (github-facts 1.9).
Answer<void> check_count(std::size_t present, std::size_t sent) {
    if (present + sent <= kMaxLabelsOfAnIssue) return {};
    return Refuse(Refusal(422, "Issues cannot have more than 100 labels"));
}

// The shape of row 1.1, second half.
Answer<void> check_names(std::span<const std::string> names) {
    std::vector<FieldError> errors;
    for (const auto& name : names)
        if (!is_valid_label_name(name)) errors.push_back({"Label", "name", "invalid", "", name});
    if (!errors.empty()) return Refuse(Refusal(422, "Validation Failed", std::move(errors)));
    return {};
}

Result<Event> labeling_event(ForgeStore& store, const Viewer& viewer, std::string_view action,
                             const Issue& issue, const Label& label) {
    Event event;
    event.name = issue.is_pull_request ? "pull_request" : "issues";
    event.action = action;
    event.repository_id = issue.repository_id;
    event.sender = viewer.user;
    event.label = label;
    if (issue.is_pull_request)
        event.pull = TRY(store.pulls().find(issue.id));
    else
        event.issue = issue;
    return event;
}

}  // namespace

Answer<void> Labels::require_attachment_right(const Viewer& viewer, const Repository& repository,
                                              const Issue& issue) {
    auto& accounts = store_.accounts();
    // Either right will do on a pull request, and triage may attach (1.23).
    if (TRY_ANSWER(accounts.may(viewer, repository, Role::Triage, Right::Issues))) return {};
    if (issue.is_pull_request &&
        TRY_ANSWER(accounts.may(viewer, repository, Role::Triage, Right::PullRequests)))
        return {};
    return accounts.require(viewer, repository, Role::Triage, Right::Issues);
}

Result<void> Labels::attach_one(const Viewer& viewer, const Issue& issue, const Label& label) {
    auto& core = store_.core();
    if (TRY(is_attached(core, issue, label))) return {};
    TRY(core.run("INSERT INTO issue_labels(issue_id, label_id) VALUES(?, ?)", issue.id, label.id));
    TRY(store_.issues().record(issue.id, "labeled", *viewer.user, label.name, label.color));
    TRY(store_.issues().touch(issue.id));
    const Event event = TRY(labeling_event(store_, viewer, "labeled", issue, label));
    return core.emit(event);
}

Result<void> Labels::detach_one(const Viewer& viewer, const Issue& issue, const Label& label) {
    auto& core = store_.core();
    if (!TRY(is_attached(core, issue, label))) return {};
    TRY(core.run("DELETE FROM issue_labels WHERE issue_id = ? AND label_id = ?", issue.id, label.id));
    TRY(store_.issues().record(issue.id, "unlabeled", *viewer.user, label.name, label.color));
    TRY(store_.issues().touch(issue.id));
    const Event event = TRY(labeling_event(store_, viewer, "unlabeled", issue, label));
    return core.emit(event);
}

Answer<std::vector<Label>> Labels::add(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                       std::span<const std::string> names) {
    TRY_ANSWER(require_attachment_right(viewer, repository, issue));
    TRY_ANSWER(check_names(names));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto present = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(check_count(present.size(), names.size()));
    for (const auto& name : names) {
        auto label = TRY_ANSWER(find(repository, name));
        if (!label) {
            TRY_ANSWER(require_definition_right(viewer, repository));
            label = TRY_ANSWER(define(viewer, repository, {name, "ededed", std::nullopt}));
        }
        TRY_ANSWER(attach_one(viewer, issue, *label));
    }
    auto labels = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(transaction.commit());
    return labels;
}

Answer<std::vector<Label>> Labels::add(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                       std::span<const Label> wanted) {
    TRY_ANSWER(require_attachment_right(viewer, repository, issue));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto present = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(check_count(present.size(), wanted.size()));
    for (const Label& label : wanted) TRY_ANSWER(attach_one(viewer, issue, label));
    auto labels = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(transaction.commit());
    return labels;
}

Answer<std::vector<Label>> Labels::replace(const Viewer& viewer, const Repository& repository,
                                           const Issue& issue, std::span<const std::string> names) {
    TRY_ANSWER(require_attachment_right(viewer, repository, issue));
    TRY_ANSWER(check_names(names));
    TRY_ANSWER(check_count(0, names.size()));
    auto transaction = TRY_ANSWER(store_.begin());
    for (const Label& label : TRY_ANSWER(of_issue(issue.id))) {
        const bool stays = std::ranges::any_of(
            names, [&](const auto& name) { return equal_ignoring_ascii_case(name, label.name); });
        if (!stays) TRY_ANSWER(detach_one(viewer, issue, label));
    }
    std::vector<std::string> missing;
    const auto present = TRY_ANSWER(of_issue(issue.id));
    for (const auto& name : names)
        if (std::ranges::none_of(
                present, [&](const Label& label) { return equal_ignoring_ascii_case(name, label.name); }))
            missing.push_back(name);
    auto labels = TRY_ANSWER(add(viewer, repository, issue, missing));
    TRY_ANSWER(transaction.commit());
    return labels;
}

Answer<std::vector<Label>> Labels::detach(const Viewer& viewer, const Repository& repository,
                                          const Issue& issue, std::string_view name) {
    TRY_ANSWER(require_attachment_right(viewer, repository, issue));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto label = TRY_ANSWER(find(repository, name));
    if (!label || !TRY_ANSWER(is_attached(store_.core(), issue, *label)))
        return Refuse(Refusal(404, "Label does not exist"));
    TRY_ANSWER(detach_one(viewer, issue, *label));
    auto labels = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(transaction.commit());
    return labels;
}

Answer<std::vector<Label>> Labels::detach(const Viewer& viewer, const Repository& repository,
                                          const Issue& issue, std::span<const Label> unwanted) {
    TRY_ANSWER(require_attachment_right(viewer, repository, issue));
    auto transaction = TRY_ANSWER(store_.begin());
    for (const Label& label : unwanted) TRY_ANSWER(detach_one(viewer, issue, label));
    auto labels = TRY_ANSWER(of_issue(issue.id));
    TRY_ANSWER(transaction.commit());
    return labels;
}

}  // namespace ringmaster::local_forge
