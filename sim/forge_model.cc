#include "sim/forge_model.h"

#include <algorithm>

namespace ringmaster::sim {
namespace {

constexpr std::string_view kTokenPrefix = "🎪 🔑 ";
// Forges tell recent events only.
constexpr std::size_t kRememberedEvents = 20;

bool insert_sorted(std::vector<std::string>& names, const std::string& name) {
    const auto at = std::ranges::lower_bound(names, name);
    if (at != names.end() && *at == name) return false;
    names.insert(at, name);
    return true;
}

bool contains(const std::vector<std::string>& sorted, const std::string& name) {
    return std::ranges::binary_search(sorted, name);
}

}  // namespace

void ForgeModel::attach(Content& content, const std::string& name, const std::string& login) {
    if (!insert_sorted(content.labels, name)) return;
    ++definitions_.at(name).attached_to;
    std::erase_if(content.labelled_by, [&](const auto& event) { return event.first == name; });
    content.labelled_by.emplace_back(name, login);
    if (content.labelled_by.size() > kRememberedEvents)
        content.labelled_by.erase(content.labelled_by.begin());
}

void ForgeModel::detach(Content& content, const std::string& name) {
    if (std::erase(content.labels, name) == 0) return;
    const auto definition = definitions_.find(name);
    if (definition != definitions_.end()) --definition->second.attached_to;
}

ForgeModel::Item& ForgeModel::open(const PullRequest& pull_request) {
    return items_.insert_or_assign(pull_request.number, Item{.now = {.pull_request = pull_request}})
        .first->second;
}

ForgeModel::Item& ForgeModel::change(int number, TimePoint now) {
    Item& item = items_.at(number);
    ++item.changes;
    while (!item.past.empty() && item.past.front().first + lag_ < now) item.past.pop_front();
    if (lag_ > Duration(0)) item.past.emplace_back(now, item.now);
    return item;
}

void ForgeModel::define(const LabelDefinition& definition) {
    if (!definitions_.contains(definition.name))
        definitions_[definition.name] = {next_id("LA"), definition, 0};
}

std::optional<std::string> ForgeModel::label_setter(int number, const std::string& name) const {
    const Content& content = items_.at(number).now;
    if (!contains(content.labels, name)) return std::nullopt;
    for (auto event = content.labelled_by.rbegin(); event != content.labelled_by.rend(); ++event)
        if (event->first == name) return event->second;
    return std::nullopt;
}

void ForgeModel::put_label(int number, const std::string& name, const std::string& login, TimePoint now) {
    Item& item = change(number, now);
    define({name, "ededed", ""});
    attach(item.now, name, login);
}

void ForgeModel::take_label(int number, const std::string& name, TimePoint now) {
    detach(change(number, now).now, name);
}

const ForgeModel::Content& ForgeModel::content(int number, TimePoint now, Random& age) const {
    const Item& item = items_.at(number);
    if (lag_ == Duration(0) || item.past.empty()) return item.now;
    const TimePoint moment = now - Duration(age.between(0, lag_.count()));
    for (const auto& [until, content] : item.past)
        if (moment < until) return content;
    return item.now;
}

PullRequestView ForgeModel::read(int number, TimePoint now, Random age) {
    const Content& seen = content(number, now, age);
    PullRequestView view{.pull_request = seen.pull_request,
                         .id = fmt::format("PR_{}", number),
                         .labels = seen.labels,
                         .labelled_by = seen.labelled_by,
                         .comment = seen.comment,
                         .deployments = seen.deployments,
                         .viewer = "ringmaster-bot",
                         .viewer_permission = Permission::Write,
                         .server_time = std::chrono::floor<std::chrono::seconds>(now)};
    for (const auto& it : tokens_) {
        if (it.pull_request_number != number) continue;
        if (it.deleted_at && *it.deleted_at + lag_ < now) continue;
        const TimePoint moment = now - Duration(lag_ > Duration(0) ? age.between(0, lag_.count()) : 0);
        const bool is_seen = it.created_at <= moment && (!it.deleted_at || moment < *it.deleted_at);
        if (!is_seen) continue;
        // A name shows one definition, also where two were created.
        const auto same = std::ranges::find(view.claim_tokens, it.token.number, &ClaimToken::number);
        if (same == view.claim_tokens.end()) view.claim_tokens.push_back(it.token);
    }
    return view;
}

void ForgeModel::write_extras(Content& content, const PullRequestView& view,
                              const PullRequestChange& change) {
    if (change.comment) {
        if (!content.comment) content.comment = StickyComment{next_id("IC"), ""};
        content.comment->body = *change.comment;
    }
    if (change.deployment) {
        const auto known =
            std::ranges::find(view.deployments, change.deployment->sha, &DeploymentRecord::sha);
        const auto there = known == view.deployments.end()
                               ? content.deployments.end()
                               : std::ranges::find(content.deployments, known->id, &DeploymentRecord::id);
        if (there != content.deployments.end())
            there->state = change.deployment->state;
        else
            content.deployments.insert(content.deployments.begin(),
                                       {next_id("DE"), change.deployment->sha, change.deployment->state});
    }
    for (const auto& ended : change.end_deployments)
        std::erase_if(content.deployments, [&](const auto& record) { return record.id == ended.id; });
}

ChangeOutcome ForgeModel::apply(const PullRequestView& view, const PullRequestChange& change, TimePoint now,
                                Part part) {
    Content& content = this->change(view.pull_request.number, now).now;
    for (const auto& label : change.add_labels) {
        if (contains(view.labels, label.name)) continue;
        define(label);
        attach(content, label.name, view.viewer);
    }
    for (const auto& name : change.remove_labels)
        if (part != Part::First && contains(view.labels, name)) detach(content, name);
    ChangeOutcome outcome{.view = view};
    if (part == Part::Whole) write_extras(content, view, change);
    if (part == Part::LabelsOnly && (change.comment || change.deployment || !change.end_deployments.empty()))
        outcome.warnings.emplace_back("comment and deployment record were not written");
    outcome.view.labels = content.labels;
    outcome.view.comment = content.comment;
    outcome.view.deployments = content.deployments;
    return outcome;
}

std::optional<std::string> ForgeModel::create_token(int number, int token_number, const std::string& holder,
                                                    TimePoint expires_at, TimePoint now, bool may_duplicate) {
    std::erase_if(tokens_, [&](const Token& it) { return it.deleted_at && *it.deleted_at + lag_ < now; });
    bool is_duplicate = false;
    for (const auto& it : tokens_) {
        if (it.pull_request_number != number || it.token.number != token_number || it.deleted_at) continue;
        const bool is_overlooked = may_duplicate && it.created_at + lag_ > now;
        if (!is_overlooked) return std::nullopt;
        is_duplicate = true;
    }
    ++tokens_created_[number];
    tokens_.push_back(
        {number, {token_number, next_id("TO"), holder, expires_at}, now, std::nullopt, is_duplicate});
    return tokens_.back().token.id;
}

int ForgeModel::tokens_created(int number) const {
    const auto found = tokens_created_.find(number);
    return found == tokens_created_.end() ? 0 : found->second;
}

bool ForgeModel::is_duplicate(const std::string& token_id) const {
    return std::ranges::any_of(tokens_,
                               [&](const Token& it) { return it.token.id == token_id && it.is_duplicate; });
}

void ForgeModel::remove_tokens(const std::vector<std::string>& ids, TimePoint now) {
    for (auto& it : tokens_)
        if (!it.deleted_at && std::ranges::find(ids, it.token.id) != ids.end()) it.deleted_at = now;
}

int ForgeModel::attachments(const std::string& name) const {
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? 0 : found->second.attached_to;
}

std::vector<StoredLabel> ForgeModel::list_definitions(std::string_view prefix) const {
    std::vector<StoredLabel> found;
    found.reserve(definitions_.size() + tokens_.size());
    for (const auto& [name, stored] : definitions_)
        if (name.starts_with(prefix)) found.push_back(stored);
    for (const auto& it : tokens_) {
        if (it.deleted_at) continue;
        const std::string name =
            fmt::format("{}{}.{}", kTokenPrefix, it.pull_request_number, it.token.number);
        if (name.starts_with(prefix))
            found.push_back({it.token.id,
                             {name, "ededed",
                              fmt::format("ringmaster lease {} until {}", it.token.holder,
                                          format_iso8601(it.token.expires_at))},
                             0});
    }
    return found;
}

std::vector<int> ForgeModel::delete_definition(const StoredLabel& label, TimePoint now) {
    if (label.definition.name.starts_with(kTokenPrefix)) {
        remove_tokens({label.id}, now);
        return {};
    }
    const auto found = definitions_.find(label.definition.name);
    if (found == definitions_.end() || found->second.id != label.id) return {};
    definitions_.erase(found);
    std::vector<int> carried;
    for (auto& [number, item] : items_)
        if (contains(item.now.labels, label.definition.name)) carried.push_back(number);
    for (const int number : carried) take_label(number, label.definition.name, now);
    return carried;
}

}  // namespace ringmaster::sim
