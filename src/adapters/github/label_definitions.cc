#include "adapters/github/label_definitions.h"

#include <algorithm>
#include <set>

#include "adapters/github/mutations.h"
#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;
using support::JsonReader;

constexpr std::size_t kLongestName = 50;          // github-facts 1.1, 1.2
constexpr std::size_t kLongestDescription = 100;  // 1.4
// label(name:) costs nothing a piece (3.3); this many keep the request well under GitHub's time limit.
constexpr std::size_t kMostLookUpsARequest = 50;

/// GitHub refuses characters above U+FFFF in descriptions (github-facts 1.4): they are left out.
std::string fit_description(std::string_view text) {
    std::string fitting;
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (length < 4 && count < kLongestDescription) {
            fitting += text.substr(i, length);
            ++count;
        }
        i += length;
    }
    return fitting;
}

Result<StoredLabel> parse_stored(const JsonReader& node) {
    StoredLabel label;
    label.id = TRY(node.string("id"));
    label.definition.name = TRY(node.string("name"));
    label.definition.color = TRY(node.string("color"));
    label.definition.description = TRY(node.optional_string("description"));
    return label;
}

std::string create_input(const std::string& repository_id, const LabelDefinition& definition) {
    return fmt::format(R"({{"repositoryId":{},"name":{},"color":{},"description":{}}})",
                       json_quote(repository_id), json_quote(definition.name), json_quote(definition.color),
                       json_quote(definition.description));
}

}  // namespace

Result<LabelDefinition> checked_definition(const LabelDefinition& definition) {
    LabelDefinition checked = definition;
    if (checked.color.starts_with('#')) checked.color.erase(0, 1);
    checked.description = fit_description(definition.description);
    const std::string shown = sanitize_for_terminal(truncate_utf8(definition.name, 100));
    if (definition.name.empty() || utf16_length(definition.name) > kLongestName) {
        return Fail(Error::invalid_input("The label name \"{}\" has {} characters; GitHub takes 1 to {}",
                                         shown, utf16_length(definition.name), kLongestName));
    }
    if (checked.color.size() != 6 || !is_lower_hex(to_lower_ascii(checked.color))) {
        return Fail(
            Error::invalid_input("The colour of the label \"{}\" is \"{}\", not six hexadecimal digits",
                                 shown, sanitize_for_terminal(truncate_utf8(checked.color, 20))));
    }
    return checked;
}

void LabelDefinitions::remember(std::span<const LabelNode> labels) {
    const std::lock_guard guard(mutex_);
    for (const auto& label : labels) ids_[label.name] = label.id;
}

void LabelDefinitions::forget(std::span<const std::string> names) {
    const std::lock_guard guard(mutex_);
    for (const auto& name : names) ids_.erase(name);
}

Result<LabelIds> LabelDefinitions::ids_of(std::span<const LabelDefinition> wanted,
                                          std::span<const std::string> others) {
    std::set<std::string> names(others.begin(), others.end());
    for (const auto& definition : wanted) names.insert(definition.name);
    LabelIds ids;
    std::vector<std::string> unknown;
    {
        const std::lock_guard guard(mutex_);
        for (const auto& name : names) {
            const auto found = ids_.find(name);
            if (found == ids_.end())
                unknown.push_back(name);
            else
                ids[name] = found->second;
        }
    }
    for (const auto& [name, label] : TRY(look_up(unknown))) ids[name] = label.id;
    std::vector<LabelDefinition> missing;
    for (const auto& definition : wanted)
        if (!ids.contains(definition.name)) missing.push_back(TRY(checked_definition(definition)));
    ids.merge(TRY(create(missing)));
    return ids;
}

Result<LabelDefinitions::Stored> LabelDefinitions::look_up(std::span<const std::string> names) {
    Stored found;
    for (std::size_t begin = 0; begin < names.size(); begin += kMostLookUpsARequest) {
        const auto some = names.subspan(begin, std::min(kMostLookUpsARequest, names.size() - begin));
        std::string variables;
        for (std::size_t i = 0; i < some.size(); ++i)
            variables += fmt::format(",\"n{}\":{}", i, json_quote(some[i]));
        const std::string doing = "looking up label definitions";
        const auto reply = TRY(client_.graphql(definitions_by_name_query(some.size()),
                                               repository_variables(client_.settings().repository, variables),
                                               Effect::Read, doing));
        const auto repository = TRY(TRY(reply.complete(client_.context(doing))).member("repository"));
        std::vector<LabelNode> nodes;
        for (std::size_t i = 0; i < some.size(); ++i) {
            const auto node = TRY(repository.find(fmt::format("n{}", i)));
            if (!node) continue;
            auto label = TRY(parse_stored(*node));
            nodes.push_back({label.id, some[i]});
            found.emplace(some[i], std::move(label));
        }
        client_.remember_repository_id(TRY(repository.string("id")));
        remember(nodes);
    }
    return found;
}

Result<LabelIds> LabelDefinitions::create(std::span<const LabelDefinition> definitions) {
    LabelIds ids;
    for (std::size_t begin = 0; begin < definitions.size(); begin += kMostMutationsARequest) {
        const auto size = std::min(kMostMutationsARequest, definitions.size() - begin);
        TRY(create_some(definitions.subspan(begin, size), ids));
    }
    return ids;
}

/// At most kMostMutationsARequest of them, in one request.
Result<void> LabelDefinitions::create_some(std::span<const LabelDefinition> definitions, LabelIds& ids) {
    const std::string doing = "creating label definitions";
    const std::string repository_id = TRY(client_.repository_id());
    std::vector<Mutation> mutations;
    for (std::size_t i = 0; i < definitions.size(); ++i)
        mutations.push_back(
            {fmt::format("c{}", i), "createLabel", create_input(repository_id, definitions[i]), "label{id}"});
    const auto reply = TRY(perform(client_, mutations, Effect::RepeatableWrite, doing));
    std::vector<LabelNode> created;
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        const auto& definition = definitions[i];
        if (const auto answer = answer_of(reply, mutations[i].alias)) {
            created.push_back({TRY(TRY(answer->member("label")).string("id")), definition.name});
        } else if (const auto* error = reply.error_of(mutations[i].alias);
                   error && error->type != "UNPROCESSABLE" && !error->is_unknown_field()) {
            return Fail(error_of_graphql(*error, client_.context(doing)));
        } else if (!reply.errors.empty() && reply.errors.front().is_unknown_field()) {
            created.push_back({TRY(create_by_rest(definition)), definition.name});
        } else {
            refused.push_back(definition.name);
        }
    }
    remember(created);
    for (const auto& node : created) ids[node.name] = node.id;
    // Refused: somebody else was faster, or the name is not to GitHub's liking. Reading tells
    // (github-facts 1.13).
    for (const auto& [name, label] : TRY(look_up(refused))) ids[name] = label.id;
    for (const auto& name : refused)
        if (!ids.contains(name))
            return Fail(reply.errors.empty()
                            ? Error::corrupt("GitHub said nothing about the new label \"{}\"", name)
                            : error_of_graphql(reply.errors.front(), client_.context(doing)));
    return {};
}

/// For a server without the mutation (github-facts 1.26).
Result<std::string> LabelDefinitions::create_by_rest(const LabelDefinition& definition) {
    const RestCall call{
        .method = "POST",
        .path = client_.repository_path() + "/labels",
        .body = fmt::format(R"({{"name":{},"color":{},"description":{}}})", json_quote(definition.name),
                            json_quote(definition.color), json_quote(definition.description)),
        .effect = Effect::RepeatableWrite,
        .doing = "creating a label definition"};
    const auto response = TRY(client_.exchange(call));
    if (is_already_exists(response)) {
        const std::vector<std::string> name = {definition.name};
        const auto found = TRY(look_up(name));
        if (!found.empty()) return found.begin()->second.id;
    }
    if (response.status != 201) return Fail(client_.error_of(response, call.doing));
    return TRY(support::JsonReader::parse(response.body, "GitHub's answer")).string("node_id");
}

}  // namespace ringmaster::github
