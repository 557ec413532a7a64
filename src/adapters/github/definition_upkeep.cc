// The repository-wide half of LabelDefinitions: setting up, listing, and pruning.

#include <algorithm>

#include "adapters/github/label_definitions.h"
#include "adapters/github/listing_looks.h"
#include "adapters/github/mutations.h"
#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;
using support::JsonReader;

bool differs(const LabelDefinition& a, const LabelDefinition& b) {
    return !equal_ignoring_ascii_case(a.color, b.color) || a.description != b.description;
}

/// issues{totalCount} + pullRequests{totalCount}
Result<long long> attachments_of(const JsonReader& label) {
    const auto issues = TRY(TRY(label.member("issues")).integer("totalCount"));
    return issues + TRY(TRY(label.member("pullRequests")).integer("totalCount"));
}

Result<void> append_numbers(const JsonReader& connection, std::vector<int>& numbers) {
    for (const auto& node : TRY(connection.items("nodes")))
        numbers.push_back(static_cast<int>(TRY(node.integer("number"))));
    return {};
}

}  // namespace

Result<std::vector<DefinitionOutcome>> LabelDefinitions::put(std::span<const LabelDefinition> definitions,
                                                             Existing existing) {
    std::vector<LabelDefinition> wanted;
    std::vector<std::string> names;
    for (const auto& definition : definitions) {
        wanted.push_back(TRY(checked_definition(definition)));
        names.push_back(definition.name);
    }
    const auto found = TRY(look_up(names));
    std::vector<LabelDefinition> missing;
    std::vector<StoredLabel> different;
    std::vector<DefinitionOutcome> outcomes;
    for (const auto& definition : wanted) {
        const auto stored = found.find(definition.name);
        if (stored == found.end()) {
            missing.push_back(definition);
            outcomes.push_back(DefinitionOutcome::Created);
        } else if (existing == Existing::Overwrite && differs(stored->second.definition, definition)) {
            different.push_back({stored->second.id, definition, 0});
            outcomes.push_back(DefinitionOutcome::Updated);
        } else {
            outcomes.push_back(DefinitionOutcome::Unchanged);
        }
    }
    TRY(create(missing));
    TRY(overwrite(different));
    return outcomes;
}

Result<void> LabelDefinitions::overwrite(std::span<const StoredLabel> wanted) {
    const std::string doing = "updating label definitions";
    for (std::size_t begin = 0; begin < wanted.size(); begin += kMostMutationsARequest) {
        const auto some = wanted.subspan(begin, std::min(kMostMutationsARequest, wanted.size() - begin));
        std::vector<Mutation> mutations;
        for (const auto& label : some)
            mutations.push_back(
                {fmt::format("u{}", mutations.size()), "updateLabel",
                 fmt::format(R"({{"id":{},"color":{},"description":{}}})", json_quote(label.id),
                             json_quote(label.definition.color), json_quote(label.definition.description)),
                 "label{id}"});
        const auto reply = TRY(perform(client_, mutations, Effect::RepeatableWrite, doing));
        TRY(reply.complete(client_.context(doing)));
    }
    return {};
}

Result<std::vector<StoredLabel>> LabelDefinitions::list(std::string_view prefix) {
    std::vector<StoredLabel> labels;
    for (auto& label : TRY(list_attached(prefix))) labels.push_back(std::move(label.stored));
    return labels;
}

Result<std::vector<AttachedLabel>> LabelDefinitions::list_attached(std::string_view prefix) {
    return list_until_at_rest([&] { return list_once(prefix); });
}

Result<std::vector<AttachedLabel>> LabelDefinitions::list_once(std::string_view prefix) {
    const std::string doing = "listing label definitions";
    std::vector<AttachedLabel> labels;
    std::size_t collected = 0;
    PageEnd end;
    do {
        const auto reply = TRY(client_.graphql(
            kDefinitionsQuery, repository_variables(client_.settings().repository, after_variable(end.next)),
            Effect::Read, doing));
        const auto repository = TRY(TRY(reply.complete(client_.context(doing))).member("repository"));
        const auto connection = TRY(repository.member("labels"));
        end = TRY(parse_page_end(connection));
        for (const auto& node : TRY(connection.items("nodes"))) {
            ++collected;
            AttachedLabel label;
            label.stored.id = TRY(node.string("id"));
            label.stored.definition = {TRY(node.string("name")), TRY(node.string("color")),
                                       TRY(node.optional_string("description"))};
            if (!label.stored.definition.name.starts_with(prefix)) continue;
            label.stored.attached_to = static_cast<int>(TRY(attachments_of(node)));
            const auto pull_requests = TRY(node.member("pullRequests"));
            TRY(append_numbers(pull_requests, label.pull_requests));
            TRY(read_other_attached(label, TRY(parse_page_end(pull_requests))));
            labels.push_back(std::move(label));
        }
    } while (!end.next.empty());
    TRY(check_complete(collected, end, "label definitions"));
    return labels;
}

/// The pages after the first of the pull requests that carry a label.
Result<void> LabelDefinitions::read_other_attached(AttachedLabel& label, PageEnd end) {
    const std::string doing =
        fmt::format("listing pull requests labelled \"{}\"", label.stored.definition.name);
    while (!end.next.empty()) {
        const std::string variables =
            fmt::format("{{\"id\":{}{}}}", json_quote(label.stored.id), after_variable(end.next));
        const auto reply = TRY(client_.graphql(kAttachedQuery, variables, Effect::Read, doing));
        const auto node = TRY(TRY(reply.complete(client_.context(doing))).member("node"));
        const auto connection = TRY(node.member("pullRequests"));
        end = TRY(parse_page_end(connection));
        TRY(append_numbers(connection, label.pull_requests));
    }
    return check_complete(label.pull_requests.size(), end,
                          "pull requests labelled \"" + label.stored.definition.name + "\"");
}

Result<std::vector<std::string>> LabelDefinitions::delete_unattached(std::span<const StoredLabel> labels) {
    std::vector<std::string> deleted;
    for (std::size_t begin = 0; begin < labels.size(); begin += kMostMutationsARequest) {
        const auto some = labels.subspan(begin, std::min(kMostMutationsARequest, labels.size() - begin));
        for (auto& name : TRY(delete_some(some))) deleted.push_back(std::move(name));
    }
    return deleted;
}

Result<std::vector<std::string>> LabelDefinitions::delete_some(std::span<const StoredLabel> labels) {
    const std::string looking = "looking again whether labels are attached to nothing";
    std::string variables;
    for (std::size_t i = 0; i < labels.size(); ++i)
        variables += fmt::format("{}\"l{}\":{}", i == 0 ? "" : ",", i, json_quote(labels[i].id));
    const auto seen =
        TRY(client_.graphql(attachment_query(labels.size()), "{" + variables + "}", Effect::Read, looking));
    for (const auto& error : seen.errors)
        if (!error.is_not_found()) return Fail(error_of_graphql(error, client_.context(looking)));
    std::vector<Mutation> mutations;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto node = answer_of(seen, fmt::format("l{}", i));
        // Renamed since it was listed: somebody has another use for it.
        if (!node || TRY(node->string("name")) != labels[i].definition.name) continue;
        if (TRY(attachments_of(*node)) != 0) continue;
        names.push_back(labels[i].definition.name);
        mutations.push_back({fmt::format("d{}", i), "deleteLabel",
                             fmt::format(R"({{"id":{}}})", json_quote(labels[i].id)), "clientMutationId"});
    }
    if (mutations.empty()) return names;
    forget(names);
    const std::string deleting = "deleting label definitions";
    const auto reply = TRY(perform(client_, mutations, Effect::RepeatableWrite, deleting));
    for (const auto& error : reply.errors)
        if (!error.is_not_found()) return Fail(error_of_graphql(error, client_.context(deleting)));
    std::vector<std::string> deleted;
    for (std::size_t i = 0; i < mutations.size(); ++i)
        if (!reply.error_of(mutations[i].alias)) deleted.push_back(names[i]);
    return deleted;
}

}  // namespace ringmaster::github
