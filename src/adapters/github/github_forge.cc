#include "adapters/github/github_forge.h"

#include <algorithm>

#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {

using support::json_quote;
using support::JsonReader;

Result<JsonReader> GitHubForge::read_repository(std::string_view query, const std::string& more,
                                                const std::string& doing) {
    const auto reply = TRY(client_.graphql(query, repository_variables(client_.settings().repository, more),
                                           Effect::Read, doing));
    return TRY(reply.complete(client_.context(doing))).member("repository");
}

Result<PullRequestView> GitHubForge::observe(int number) {
    const std::string doing = fmt::format("observing #{}", number);
    if (number < 1) return Fail(Error::invalid_input("{} is not a pull request's number", number));
    const std::string more =
        fmt::format(",\"number\":{},\"environment\":{}", number, json_quote(environment_name(number)));
    const auto reply =
        TRY(client_.graphql(observe_query(number), repository_variables(client_.settings().repository, more),
                            Effect::Read, doing));
    const auto data = TRY(reply.complete(client_.context(doing)));
    if (!reply.server_time) {
        return Fail(Error::corrupt("GitHub's answer has no Date, so clocks cannot be compared")
                        .hint("look for a proxy that removes it")
                        .while_doing(doing));
    }
    auto parsed = TRY_WHILE(parse_view(data, number, *reply.server_time), "{}", doing);
    client_.remember_repository_id(parsed.repository_id);
    definitions_.remember(parsed.label_page.labels);
    parsed.view.labels = TRY_WHILE(complete_labels(number, std::move(parsed.label_page)), "{}", doing);
    return std::move(parsed.view);
}

/// The names of all labels, sorted. GitHub lets a pull request have as many as one page holds; should that
/// change, the further pages are read.
Result<std::vector<std::string>> GitHubForge::complete_labels(int number, LabelPage page) {
    std::vector<std::string> names;
    for (;;) {
        for (const auto& label : page.labels) names.push_back(label.name);
        if (page.end.next.empty()) break;
        const std::string more = fmt::format(",\"number\":{}{}", number, after_variable(page.end.next));
        const auto repository =
            TRY(read_repository(kLabelPageQuery, more, fmt::format("reading labels of #{}", number)));
        page = TRY(parse_label_page(TRY(TRY(repository.member("pullRequest")).member("labels"))));
        definitions_.remember(page.labels);
    }
    TRY(check_complete(names.size(), page.end, fmt::format("labels on #{}", number)));
    std::ranges::sort(names);
    return names;
}

Result<ChangeOutcome> GitHubForge::apply(const PullRequestView& view, const PullRequestChange& change) {
    return ChangeRun(client_, definitions_, traits_, view, change).run();
}

Result<PermissionAnswer> GitHubForge::permission(std::string_view login) {
    const std::string shown = sanitize_for_terminal(truncate_utf8(login, 60));
    if (login.empty()) return Fail(Error::invalid_input("There is no login to ask the permission of"));
    const RestCall call{.path = fmt::format("{}/collaborators/{}/permission", client_.repository_path(),
                                            percent_encode(login)),
                        .doing = fmt::format("asking what {} may do", shown)};
    const auto response = TRY(client_.exchange(call));
    if (response.status == 404) return PermissionAnswer{Permission::None, "not_collaborator"};
    if (response.status != 200) return Fail(client_.error_of(response, call.doing));
    const auto body = TRY_WHILE(JsonReader::parse(response.body, "GitHub's answer"), "{}", call.doing);
    const auto level = TRY_WHILE(body.string("permission"), "{}", call.doing);
    // GitHub folds maintain into write and triage into read itself; taken literally they would not be enough
    // (contract §4.1), and a word nobody knows is no permission at all.
    Permission permission = Permission::None;
    if (level == "admin") permission = Permission::Admin;
    if (level == "write") permission = Permission::Write;
    if (level == "read" || level == "triage" || level == "maintain") permission = Permission::Read;
    return PermissionAnswer{permission, level};
}

Result<std::vector<StoredLabel>> GitHubForge::list_definitions(std::string_view prefix) {
    return definitions_.list(prefix);
}

Result<std::vector<DefinitionOutcome>> GitHubForge::put_definitions(
    std::span<const LabelDefinition> definitions, Existing existing) {
    return definitions_.put(definitions, existing);
}

Result<std::vector<std::string>> GitHubForge::delete_unattached(std::span<const StoredLabel> labels) {
    return definitions_.delete_unattached(labels);
}

}  // namespace ringmaster::github
