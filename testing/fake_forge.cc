#include "testing/fake_forge.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::testing {
namespace {

void insert_sorted(std::vector<std::string>& names, const std::string& name) {
    const auto at = std::ranges::lower_bound(names, name);
    if (at == names.end() || *at != name) names.insert(at, name);
}

}  // namespace

CommitSha FakeForge::sha(const std::string& prefix) {
    return *CommitSha::parse(prefix + std::string(40 - prefix.size(), '0'));
}

FakeForge::Item& FakeForge::open(int number, const std::string& sha_prefix) {
    PullRequest pull_request{
        .number = number, .title = fmt::format("Change {}", number), .head = sha(sha_prefix)};
    Item item{.pull_request = std::move(pull_request), .commits = {sha(sha_prefix)}};
    return items_.insert_or_assign(number, std::move(item)).first->second;
}

void FakeForge::push(int number, const std::string& sha_prefix) {
    item(number).pull_request.head = sha(sha_prefix);
    item(number).commits.push_back(sha(sha_prefix));
}

void FakeForge::label(int number, const std::string& name, const std::string& login) {
    define({name, "ededed", ""});
    insert_sorted(item(number).labels, name);
    item(number).labelled_by.emplace_back(name, login);
}

void FakeForge::unlabel(int number, const std::string& name) {
    std::erase(item(number).labels, name);
}

bool FakeForge::has_label(int number, const std::string& name) const {
    return std::ranges::binary_search(items_.at(number).labels, name);
}

template <typename Body>
auto FakeForge::call(const std::string& name, Body body) -> decltype(body()) {
    ++calls[name];
    if (on_call) {
        if (auto error = on_call(name, Moment::Before)) return Fail(*std::move(error));
    }
    auto result = body();
    if (on_call) {
        if (auto error = on_call(name, Moment::After)) return Fail(*std::move(error));
    }
    return result;
}

PullRequestView FakeForge::view_of(const Item& item) {
    return {.pull_request = item.pull_request,
            .id = fmt::format("PR_{}", item.pull_request.number),
            .labels = item.labels,
            .labelled_by = item.labelled_by,
            .claim_tokens = item.tokens,
            .comment = item.comment,
            .deployments = item.deployments,
            .viewer = "ringmaster-bot",
            .viewer_permission = viewer_permission,
            .server_time = clock_.now()};
}

void FakeForge::define(const LabelDefinition& definition) {
    if (!definitions.contains(definition.name))
        definitions[definition.name] = {fmt::format("LA_{}", next_id_++), definition, 0};
}

Result<PullRequestView> FakeForge::observe(int number) {
    return call("observe", [&]() -> Result<PullRequestView> {
        if (!items_.contains(number)) return Fail(Error::not_found("there is no pull request #{}", number));
        return view_of(items_.at(number));
    });
}

Result<ChangeOutcome> FakeForge::apply(const PullRequestView& view, const PullRequestChange& change) {
    return call("apply", [&]() -> Result<ChangeOutcome> {
        Item& item = items_.at(view.pull_request.number);
        for (const auto& label : change.add_labels)
            if (utf16_length(label.name) > 50)
                return Fail(Error::invalid_input("the label name \"{}\" is too long", label.name));
        for (const auto& label : change.add_labels) {
            define(label);
            insert_sorted(item.labels, label.name);
        }
        for (const auto& name : change.remove_labels) std::erase(item.labels, name);
        label_history[view.pull_request.number].push_back(item.labels);
        const bool has_extras = change.comment || change.deployment || !change.end_deployments.empty();
        if (has_extras && changes_without_extras > 0) {
            --changes_without_extras;
            return ChangeOutcome{view_of(item), {"comment and deployment records were not written"}};
        }
        if (change.comment && (!item.comment || item.comment->body != *change.comment)) {
            item.comment = StickyComment{"IC_1", *change.comment};
            ++item.comment_edits;
        }
        if (change.deployment) {
            const auto found =
                std::ranges::find(item.deployments, change.deployment->sha, &DeploymentRecord::sha);
            if (found != item.deployments.end())
                found->state = change.deployment->state;
            else
                item.deployments.insert(
                    item.deployments.begin(),
                    {fmt::format("DE_{}", next_id_++), change.deployment->sha, change.deployment->state});
        }
        for (const auto& ended : change.end_deployments)
            std::erase_if(item.deployments, [&](const auto& record) { return record.id == ended.id; });
        return ChangeOutcome{view_of(item), {}};
    });
}

Result<std::vector<PullRequestSummary>> FakeForge::list(Listed listed) {
    std::vector<PullRequestSummary> found;
    for (const auto& [number, item] : items_) {
        const bool carries =
            std::ranges::any_of(item.labels, [](const std::string& name) { return name.starts_with("🎪 "); });
        if (listed == Listed::Open ? item.pull_request.is_open() : carries)
            found.push_back({item.pull_request, item.labels});
    }
    return found;
}

Result<std::vector<PullRequestSummary>> FakeForge::list_open() {
    return call("list_open", [&] { return list(Listed::Open); });
}

Result<std::vector<PullRequestSummary>> FakeForge::list_labelled() {
    return call("list_labelled", [&] { return list(Listed::Labelled); });
}

Result<PermissionAnswer> FakeForge::permission(std::string_view login) {
    return call("permission", [&]() -> Result<PermissionAnswer> {
        const auto found = permissions.find(std::string(login));
        if (found == permissions.end()) return PermissionAnswer{Permission::None, "not_collaborator"};
        return found->second;
    });
}

Result<std::vector<StoredLabel>> FakeForge::list_definitions(std::string_view prefix) {
    return call("list_definitions", [&]() -> Result<std::vector<StoredLabel>> {
        std::vector<StoredLabel> found;
        for (auto [name, stored] : definitions) {
            if (!name.starts_with(prefix)) continue;
            stored.attached_to = static_cast<int>(std::ranges::count_if(
                items_, [&](const auto& entry) { return has_label(entry.first, stored.definition.name); }));
            found.push_back(stored);
        }
        return found;
    });
}

Result<std::vector<DefinitionOutcome>> FakeForge::put_definitions(std::span<const LabelDefinition> wanted,
                                                                  Existing existing) {
    return call("put_definitions", [&]() -> Result<std::vector<DefinitionOutcome>> {
        std::vector<DefinitionOutcome> outcomes;
        for (const auto& definition : wanted) {
            const auto found = definitions.find(definition.name);
            if (found == definitions.end()) {
                define(definition);
                outcomes.push_back(DefinitionOutcome::Created);
            } else if (existing == Existing::Overwrite && found->second.definition != definition) {
                found->second.definition = definition;
                outcomes.push_back(DefinitionOutcome::Updated);
            } else {
                outcomes.push_back(DefinitionOutcome::Unchanged);
            }
        }
        return outcomes;
    });
}

Result<std::vector<std::string>> FakeForge::delete_unattached(std::span<const StoredLabel> labels) {
    return call("delete_unattached", [&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> deleted;
        for (const auto& label : labels) {
            const auto found = definitions.find(label.definition.name);
            if (found == definitions.end() || found->second.id != label.id) continue;
            const bool is_attached = std::ranges::any_of(
                items_, [&](const auto& entry) { return has_label(entry.first, label.definition.name); });
            if (is_attached) continue;
            definitions.erase(found);
            deleted.push_back(label.definition.name);
        }
        return deleted;
    });
}

Result<CommitSha> FakeForge::resolve_commit(int number, std::string_view prefix) {
    return call("resolve_commit", [&]() -> Result<CommitSha> {
        const auto& commits = items_.at(number).commits;
        const auto found = std::ranges::find_if(commits.rbegin(), commits.rend(), [&](const auto& sha) {
            return sha.text().starts_with(prefix);
        });
        if (found == commits.rend())
            return Fail(Error::not_found("{} is not a commit of #{}", prefix, number));
        return *found;
    });
}

Result<Ancestry> FakeForge::contains(const CommitSha& descendant, const CommitSha& ancestor) {
    return call("contains", [&]() -> Result<Ancestry> {
        if (ancestry) return *ancestry;
        if (descendant == ancestor) return Ancestry::Contained;
        for (const auto& [number, item] : items_) {
            const auto at = std::ranges::find(item.commits, descendant);
            const bool is_earlier = ancestor == base || std::find(item.commits.begin(), at, ancestor) != at;
            if (at != item.commits.end()) return is_earlier ? Ancestry::Contained : Ancestry::NotContained;
        }
        return descendant == base ? Ancestry::NotContained : Ancestry::Unknown;
    });
}

Result<std::optional<ClaimTokens::Created>> FakeForge::create(int pull_request_number, int number,
                                                              std::string_view holder, TimePoint expires_at) {
    const std::lock_guard guard(creating_);
    return call("create_token", [&]() -> Result<std::optional<Created>> {
        auto& tokens = items_.at(pull_request_number).tokens;
        if (std::ranges::find(tokens, number, &ClaimToken::number) != tokens.end())
            return std::optional<Created>();
        tokens.push_back({number, fmt::format("LA_{}", next_id_++), std::string(holder), expires_at});
        return Created{tokens.back().id, clock_.now()};
    });
}

Result<void> FakeForge::remove(std::span<const std::string> ids) {
    return call("remove_tokens", [&]() -> Result<void> {
        for (auto& [number, item] : items_)
            std::erase_if(item.tokens, [&](const ClaimToken& token) {
                return std::ranges::find(ids, token.id) != ids.end();
            });
        return {};
    });
}

Result<std::string> FakeForge::write_claim(int, std::string_view holder, TimePoint expires_at) {
    const std::lock_guard guard(creating_);
    return call("write_claim", [&]() -> Result<std::string> {
        const auto id = fmt::format("{:040x}", next_id_++);
        claim_objects_[id] = {0, id, std::string(holder), expires_at};
        return id;
    });
}

Result<ClaimRefs::Swapped> FakeForge::swap_claim(int pull_request_number,
                                                 const std::optional<std::string>& before,
                                                 const std::optional<std::string>& after) {
    const std::lock_guard guard(creating_);
    return call("swap_claim", [&]() -> Result<Swapped> {
        auto& tokens = items_.at(pull_request_number).tokens;
        const auto at = std::ranges::find(tokens, 0, &ClaimToken::number);
        const auto present = at == tokens.end() ? std::nullopt : std::optional(at->id);
        if (present != before) return Swapped{false, "the ref is at something else"};
        if (after && !claim_objects_.contains(*after)) return Swapped{false, "there is no such object"};
        if (at != tokens.end()) tokens.erase(at);
        if (after) tokens.push_back(claim_objects_.at(*after));
        return Swapped{true, ""};
    });
}

Result<std::vector<int>> FakeForge::claimed_pull_requests() {
    return call("claimed_pull_requests", [&]() -> Result<std::vector<int>> {
        std::vector<int> numbers;
        for (const auto& [number, item] : items_)
            if (std::ranges::find(item.tokens, 0, &ClaimToken::number) != item.tokens.end())
                numbers.push_back(number);
        return numbers;
    });
}

}  // namespace ringmaster::testing
