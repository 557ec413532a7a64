#include "local_forge/webhook_payload.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
using nlohmann::json;
namespace {

constexpr std::string_view kZeros = "0000000000000000000000000000000000000000";
// github-facts 2.11: a larger payload is not sent.
constexpr std::size_t kMaxPayloadBytes = 25 << 20;
constexpr std::size_t kMaxPushedCommits = 20;  // the push event's own limit

json pushed_commit_json(const Links& links, const Repository& repository, const Commit& commit) {
    const auto person = [](const Signature& who) {
        return json{{"name", who.name},
                    {"email", who.email},
                    {"date", format_iso8601(std::chrono::floor<std::chrono::seconds>(who.time))}};
    };
    return {{"id", commit.sha},
            {"tree_id", commit.tree},
            {"distinct", true},
            {"message", commit.message},
            {"timestamp", format_iso8601(std::chrono::floor<std::chrono::seconds>(commit.committer.time))},
            {"url", links.web + "/" + repository.full_name() + "/commit/" + commit.sha},
            {"author", person(commit.author)},
            {"committer", person(commit.committer)},
            {"added", json::array()},
            {"removed", json::array()},
            {"modified", json::array()}};
}

Result<void> add_push(ForgeStore& store, const Links& links, const Repository& repository, const Event& event,
                      json& payload) {
    const bool created = event.before == kZeros;
    const bool deleted = event.after == kZeros;
    payload["ref"] = event.ref;
    payload["before"] = event.before;
    payload["after"] = event.after;
    payload["created"] = created;
    payload["deleted"] = deleted;
    payload["forced"] = event.forced;
    payload["base_ref"] = nullptr;
    payload["compare"] = fmt::format("{}/{}/compare/{}...{}", links.web, repository.full_name(),
                                     event.before.substr(0, 12), event.after.substr(0, 12));
    payload["commits"] = json::array();
    payload["head_commit"] = nullptr;
    payload["pusher"] = {{"name", event.sender->login}, {"email", event.sender->email}};
    if (deleted) return {};
    if (const auto head = TRY(store.refs().commit(repository, event.after)))
        payload["head_commit"] = pushed_commit_json(links, repository, *head);
    const auto comparison =
        created ? std::nullopt : TRY(store.refs().compare(repository, event.before, event.after));
    if (!comparison) return {};
    for (const Commit& commit : comparison->commits)
        if (payload["commits"].size() < kMaxPushedCommits)
            payload["commits"].push_back(pushed_commit_json(links, repository, commit));
    return {};
}

json organization_json(const Links& links, const User& owner) {
    const std::string url = links.api + "/orgs/" + percent_encode(owner.login);
    json result = {{"login", owner.login},
                   {"id", owner.id},
                   {"node_id", node_id(owner)},
                   {"url", url},
                   {"members_url", url + "/members{/member}"},
                   {"public_members_url", url + "/public_members{/member}"},
                   {"avatar_url", links.web + "/avatars/" + std::to_string(owner.id)},
                   {"description", ""}};
    for (const char* name : {"repos", "events", "hooks", "issues"})
        result[std::string(name) + "_url"] = url + "/" + name;
    return result;
}

Result<void> add_subject(ForgeStore& store, const Links& links, const Repository& repository,
                         const Event& event, json& payload) {
    if (event.pull) {
        payload["number"] = event.pull->issue.number;
        payload["pull_request"] = TRY(pull_json(store, links, repository, *event.pull, Detail::Full));
        if (event.action == "synchronize") payload["before"] = event.before, payload["after"] = event.after;
    }
    if (event.issue) {
        const auto labels = TRY(store.labels().of_issue(event.issue->id));
        const auto pull =
            event.issue->is_pull_request ? TRY(store.pulls().find(event.issue->id)) : std::nullopt;
        payload["issue"] = issue_json(links, repository, *event.issue, labels, pull);
    }
    if (event.label) payload["label"] = label_json(links, repository, *event.label);
    if (event.comment) {
        auto& comment = payload["comment"] =
            comment_json(links, repository, *event.comment, event.issue && event.issue->is_pull_request);
        comment.erase("minimized");  // of the REST API alone
    }
    if (event.deployment) {
        payload["deployment"] = deployment_json(links, repository, *event.deployment);
        // Set when a workflow deploys; a status by hand leaves them out.
        if (!event.deployment_status) payload["workflow"] = payload["workflow_run"] = nullptr;
    }
    if (event.deployment_status) {
        auto& status = payload["deployment_status"] =
            deployment_status_json(links, repository, *event.deployment_status);
        for (const char* address : {"log_url", "environment_url"}) {
            const auto* text = status[address].get_ptr<const std::string*>();
            if (text && text->empty()) status.erase(address);
        }
    }
    if (event.hook) {
        payload["zen"] = "Keep it logically awesome.";
        payload["hook_id"] = event.hook->id;
        payload["hook"] = hook_json(links, repository, *event.hook);
    }
    if (!event.changes.empty()) payload["changes"] = json::parse(event.changes, nullptr, false);
    if (event.name == "push") TRY(add_push(store, links, repository, event, payload));
    return {};
}

// GUIDs as X-GitHub-Delivery has them.
std::string new_guid(ForgeStore& store) {
    const std::string hex = store.core().random_hex(16);
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace

Result<std::string> webhook_payload(ForgeStore& store, const Links& links, const Event& event) {
    const auto repository = TRY(store.repositories().find(event.repository_id));
    if (!repository)
        return Fail(Error::not_found("event of repository {}, which is not there", event.repository_id));
    json payload = json::object();
    if (!event.action.empty()) payload["action"] = event.action;
    TRY(add_subject(store, links, *repository, event, payload));
    payload["repository"] = repository_json(links, *repository);
    if (repository->owner.type == UserType::Organization) {
        payload["organization"] = organization_json(links, repository->owner);
    }
    payload["sender"] = user_json(links, event.sender.value_or(repository->owner));
    return payload.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<void> enqueue_deliveries(ForgeStore& store, const Links& links, const Event& event) {
    auto hooks =
        event.hook ? std::vector{*event.hook} : TRY(store.hooks().wanting(event.repository_id, event.name));
    if (hooks.empty()) return {};
    const std::string payload = TRY(webhook_payload(store, links, event));
    if (payload.size() > kMaxPayloadBytes) return {};
    const std::string guid = new_guid(store);  // names the event: all hooks get the same (github-facts 2.10)
    for (const Hook& hook : hooks)
        TRY(store.hooks().enqueue(hook, guid, event.name, event.action, payload, false));
    return {};
}

}  // namespace ringmaster::local_forge
