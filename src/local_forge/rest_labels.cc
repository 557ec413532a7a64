// REST: label definitions, and labels on issues and pull requests.
// https://docs.github.com/en/rest/issues/labels

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

Answer<Label> label_of(const Call& call, const Repository& repository) {
    const auto label = TRY_ANSWER(call.store.labels().find(repository, call.part(2)));
    if (!label) return Refuse(not_found());
    return *label;
}

Answer<Reply> list_labels(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto labels = TRY_ANSWER(call.store.labels().list(repository, call.window()));
    const auto total = TRY_ANSWER(call.store.labels().count(repository));
    return paged(call, labels_json(call.links, repository, labels), total);
}

Answer<Reply> create_label(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    NewLabel wanted;
    wanted.name = TRY_ANSWER(call.required_text("name", "Label"));
    wanted.color = TRY_ANSWER(call.text("color")).value_or("ededed");
    wanted.description = TRY_ANSWER(call.text("description"));
    const auto label = TRY_ANSWER(call.store.labels().create(call.viewer, repository, wanted));
    Reply reply = Reply::created(label_json(call.links, repository, label));
    reply.headers.emplace_back("Location", reply.body["url"].get<std::string>());
    return reply;
}

Answer<Reply> get_label(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    return Reply::ok(label_json(call.links, repository, TRY_ANSWER(label_of(call, repository))));
}

Answer<Reply> update_label(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto label = TRY_ANSWER(label_of(call, repository));
    LabelChange change;
    change.name = TRY_ANSWER(call.text("new_name"));
    // The old form of the same call; gh sends `name` too.
    if (!change.name) change.name = TRY_ANSWER(call.text("name"));
    change.color = TRY_ANSWER(call.text("color"));
    change.description = TRY_ANSWER(call.text("description"));
    const auto updated = TRY_ANSWER(call.store.labels().update(call.viewer, repository, label, change));
    return Reply::ok(label_json(call.links, repository, updated));
}

Answer<Reply> delete_label(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    TRY_ANSWER(call.store.labels().remove(call.viewer, repository, TRY_ANSWER(label_of(call, repository))));
    return Reply::nothing();
}

struct OfIssue {
    Repository repository;
    Issue issue;
};

Answer<OfIssue> issue_of(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    const auto issue = TRY_ANSWER(call.store.issues().find(repository, TRY_ANSWER(number_of(call.part(2)))));
    if (!issue) return Refuse(not_found());
    return OfIssue{std::move(repository), *issue};
}

Answer<Reply> list_issue_labels(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto labels = TRY_ANSWER(call.store.labels().of_issue(of.issue.id));
    const Window window = call.window();
    const auto first = std::min<std::size_t>(labels.size(), static_cast<std::size_t>(window.offset));
    const auto last = std::min<std::size_t>(labels.size(), first + static_cast<std::size_t>(window.limit));
    const std::vector<Label> page(labels.begin() + static_cast<long>(first),
                                  labels.begin() + static_cast<long>(last));
    return paged(call, labels_json(call.links, of.repository, page),
                 static_cast<std::int64_t>(labels.size()));
}

// {"labels": [...]} or a bare array; items are names or objects with a name (github-facts 1.10, 1.11).
Answer<std::vector<std::string>> names_of(const Call& call) {
    const nlohmann::json& list =
        call.body.is_object() && call.body.contains("labels") ? call.body["labels"] : call.body;
    if (!list.is_array())
        return Refuse(
            Refusal(422, "Invalid request.\n\nInvalid input: object is missing required key: labels."));
    std::vector<std::string> names;
    for (const auto& item : list) {
        const nlohmann::json& name = item.is_object() && item.contains("name") ? item["name"] : item;
        if (!name.is_string())
            return Refuse(Refusal(422, "Invalid request.\n\nFor 'items', the value is not a string."));
        if (item.is_object() && item.value("suggest", false)) continue;  // stored as a suggestion, not added
        names.push_back(name.get<std::string>());
    }
    return names;
}

Answer<Reply> add_issue_labels(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto names = TRY_ANSWER(names_of(call));
    return Reply::ok(
        labels_json(call.links, of.repository,
                    TRY_ANSWER(call.store.labels().add(call.viewer, of.repository, of.issue, names))));
}

Answer<Reply> set_issue_labels(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto names = TRY_ANSWER(names_of(call));
    return Reply::ok(
        labels_json(call.links, of.repository,
                    TRY_ANSWER(call.store.labels().replace(call.viewer, of.repository, of.issue, names))));
}

Answer<Reply> clear_issue_labels(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    TRY_ANSWER(call.store.labels().replace(call.viewer, of.repository, of.issue, {}));
    return Reply::nothing();
}

Answer<Reply> remove_issue_label(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto left =
        TRY_ANSWER(call.store.labels().detach(call.viewer, of.repository, of.issue, call.part(3)));
    return Reply::ok(labels_json(call.links, of.repository, left));
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/labels", list_labels},
    {"POST", "/repos/{}/{}/labels", create_label},
    {"GET", "/repos/{}/{}/labels/{}", get_label},
    {"PATCH", "/repos/{}/{}/labels/{}", update_label},
    {"DELETE", "/repos/{}/{}/labels/{}", delete_label},
    {"GET", "/repos/{}/{}/issues/{}/labels", list_issue_labels},
    {"POST", "/repos/{}/{}/issues/{}/labels", add_issue_labels},
    {"PUT", "/repos/{}/{}/issues/{}/labels", set_issue_labels},
    {"DELETE", "/repos/{}/{}/issues/{}/labels", clear_issue_labels},
    {"DELETE", "/repos/{}/{}/issues/{}/labels/{}", remove_issue_label},
};

}  // namespace

std::span<const Route> label_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
