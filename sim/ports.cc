#include "sim/ports.h"

#include <algorithm>

#include "base/text.h"
#include "shows/labels.h"

namespace ringmaster::sim {
namespace {

constexpr std::string_view kTent = shows::kTent;

std::string describe(const PullRequestChange& change) {
    std::vector<std::string> parts;
    for (const auto& label : change.add_labels) parts.push_back("+" + label.name);
    for (const auto& name : change.remove_labels) parts.push_back("-" + name);
    if (change.comment) {
        const auto at = change.comment->find("state=");
        parts.push_back("comment " + change.comment->substr(at, change.comment->find(' ', at) - at));
    }
    return join(parts, ", ");
}

/// A person's own wish, written by a command before it has the lease: putting a trigger on.
bool is_only_a_trigger(const PullRequestChange& change) {
    return change.add_labels.size() == 1 && change.add_labels.front().name == shows::kStopTrigger &&
           change.remove_labels.empty() && !change.comment && !change.deployment;
}

Error denied(std::string_view what) {
    return Error::unauthorized("{}: the token may not do that (403)", what);
}

/// What of a change the token may do. Comment and deployment record are best effort: what it may not write is
/// left out, with a warning.
PullRequestChange permitted(const World& world, PullRequestChange change,
                            std::vector<std::string>& warnings) {
    if (change.comment && !world.may(Right::Comments)) {
        change.comment.reset();
        warnings.emplace_back("the token may not comment");
    }
    if ((change.deployment || !change.end_deployments.empty()) && !world.may(Right::Deployments)) {
        change.deployment.reset();
        change.end_deployments.clear();
        warnings.emplace_back("the token may not write deployment records");
    }
    return change;
}

struct Sent {
    int run = 0;
    std::string who;
    std::optional<TimePoint> looked_at;
};

/// The change, at the moment it reaches the forge.
Result<ChangeOutcome> change_pull_request(World& world, const Sent& sent, const PullRequestView& view,
                                          const PullRequestChange& change, ForgeModel::Part part) {
    const int number = view.pull_request.number;
    if (!world.may(Right::Everything)) return Fail(denied("changing the pull request"));
    if (!is_only_a_trigger(change)) world.referee.acts(sent.run, sent.who, number, "changes labels");
    world.referee.will_change(number);
    const auto before = world.forge.item(number).now.labels;
    for (const auto& label : change.add_labels) {
        const bool is_new = !std::ranges::binary_search(before, label.name);
        const auto words = shows::parse_labels(std::vector{label.name}).shows;
        const bool is_alive = !words.empty() && words.front().status != ShowStatus::Failed &&
                              words.front().status != ShowStatus::Stopping;
        // A show that serves while it is rebuilt only gets its labels back.
        const bool serves = !words.empty() &&
                            std::ranges::binary_search(before, shows::active_pointer(words.front().sha).name);
        if (is_new && is_alive && !(serves && words.front().status == ShowStatus::Running))
            world.referee.comes_alive(sent.run, number, fmt::format("the label \"{}\"", label.name),
                                      sent.looked_at);
    }
    world.story.tell(world.now(), sent.who, "#{}: {}", number, describe(change));
    std::vector<std::string> warnings;
    auto outcome = world.forge.apply(view, permitted(world, change, warnings), world.now(), part);
    if (!warnings.empty()) world.referee.extras_forbidden(number);
    std::ranges::move(warnings, std::back_inserter(outcome.warnings));
    const bool has_extras = change.comment || change.deployment || !change.end_deployments.empty();
    if (has_extras || !outcome.warnings.empty())
        world.referee.extras_written(number, part == ForgeModel::Part::Whole && outcome.warnings.empty(),
                                     sent.who);
    world.referee.has_changed(number);
    if (world.on_change && world.forge.item(number).now.labels != before) world.on_change(number);
    return outcome;
}

}  // namespace

std::string SimEntropy::hex(std::size_t bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 2 * bytes; ++i) text += kDigits[random_.next() & 15];
    return text;
}

Result<PullRequestView> SimForge::observe(int number) {
    World& world = line_.world();
    const std::uint64_t luck = line_.draw();
    TimePoint read_at;
    auto view = line_.read(CallKind::Read, "observe", [&]() -> Result<PullRequestView> {
        if (!world.forge.has(number)) return Fail(Error::not_found("there is no pull request #{}", number));
        read_at = world.now();
        return world.forge.read(number, read_at, Random(mix(luck, 0x1a9)));
    });
    if (view) world.actor().looked_at[number] = read_at - world.forge.lag();
    return view;
}

Result<ChangeOutcome> SimForge::apply(const PullRequestView& view, const PullRequestChange& change) {
    World& world = line_.world();
    const int number = view.pull_request.number;
    const Sent sent{world.actor().run, line_.process().name, world.actor().last_look(number)};
    return line_.request(
        CallKind::Change, "change",
        [&](std::optional<Fault> fault) {
            const auto part = fault == Fault::PartialChange   ? ForgeModel::Part::First
                              : fault == Fault::SkippedExtras ? ForgeModel::Part::LabelsOnly
                                                              : ForgeModel::Part::Whole;
            return change_pull_request(world, sent, view, change, part);
        },
        [&] {
            return [&world, sent, view, change] {
                (void)change_pull_request(world, sent, view, change, ForgeModel::Part::Whole);
            };
        });
}

Result<std::vector<PullRequestSummary>> SimForge::list(std::string_view what, bool all_states) {
    World& world = line_.world();
    world.actor().listing_broke = false;
    const std::uint64_t luck = line_.draw();
    auto listed = line_.read(CallKind::Listing, what, [&]() -> Result<std::vector<PullRequestSummary>> {
        std::vector<PullRequestSummary> found;
        found.reserve(world.forge.items().size());
        Random age(mix(luck, 0x115));
        for (const auto& [number, item] : world.forge.items()) {
            const auto& content = world.forge.content(number, world.now(), age);
            const bool is_labelled = std::ranges::any_of(
                content.labels, [](const std::string& name) { return name.starts_with(kTent); });
            if (all_states ? is_labelled : content.pull_request.is_open())
                found.push_back({content.pull_request, content.labels});
        }
        return found;
    });
    if (!listed) world.actor().listing_broke = true;
    return listed;
}

Result<std::vector<PullRequestSummary>> SimForge::list_open() {
    return list("list of open pull requests", false);
}
Result<std::vector<PullRequestSummary>> SimForge::list_labelled() {
    return list("list of labelled pull requests", true);
}

Result<PermissionAnswer> SimForge::permission(std::string_view login) {
    return line_.read(CallKind::Read, "permission", [&]() -> Result<PermissionAnswer> {
        if (login == kOnlooker) return PermissionAnswer{Permission::Read, "read"};
        return PermissionAnswer{Permission::Write, "write"};
    });
}

Result<std::vector<StoredLabel>> SimForge::list_definitions(std::string_view prefix) {
    World& world = line_.world();
    auto listed = line_.read(
        CallKind::Listing, "list of definitions",
        [&]() -> Result<std::vector<StoredLabel>> { return world.forge.list_definitions(prefix); });
    if (!listed) world.actor().listing_broke = true;
    return listed;
}

Result<std::vector<DefinitionOutcome>> SimForge::put_definitions(std::span<const LabelDefinition> definitions,
                                                                 Existing) {
    World& world = line_.world();
    using Outcomes = std::vector<DefinitionOutcome>;
    const auto define = [&world,
                         wanted = std::vector(definitions.begin(), definitions.end())]() -> Result<Outcomes> {
        if (!world.may(Right::Definitions)) return Fail(denied("creating labels"));
        for (const auto& definition : wanted) world.forge.define(definition);
        return Outcomes(wanted.size(), DefinitionOutcome::Created);
    };
    return line_.request(
        CallKind::Token, "definitions", [&](std::optional<Fault>) { return define(); },
        [&] { return [define] { (void)define(); }; });
}

Result<std::vector<std::string>> SimForge::delete_unattached(std::span<const StoredLabel> labels) {
    World& world = line_.world();
    // Two requests, as in the adapter: between the look and the deletion somebody may put the label on.
    const auto unattached = TRY(
        line_.read(CallKind::Read, "second look at definitions", [&]() -> Result<std::vector<StoredLabel>> {
            std::vector<StoredLabel> found;
            for (const auto& label : labels)
                if (world.forge.attachments(label.definition.name) == 0) found.push_back(label);
            return found;
        }));
    const bool broke = world.actor().listing_broke;
    const std::string who = line_.process().name;
    const auto erase = [&world, unattached, broke, who]() -> Result<std::vector<std::string>> {
        if (!world.may(Right::Definitions)) return Fail(denied("deleting labels"));
        std::vector<std::string> names;
        for (const auto& label : unattached) {
            const bool is_token = label.definition.name.find("🔑") != std::string::npos;
            if (is_token && world.options.broken == Broken::TokensStay) continue;
            if (broke) world.referee.sweeps_after_broken_listing("the definition " + label.definition.name);
            const bool is_carried = world.forge.attachments(label.definition.name) > 0;
            if (is_carried)
                for (const auto& [number, item] : world.forge.items()) world.referee.will_change(number);
            const auto carried = world.forge.delete_definition(label, world.now());
            if (!carried.empty())
                world.story.tell(world.now(), who, "deletes the definition \"{}\", which #{} carries",
                                 label.definition.name, carried.front());
            if (is_carried)
                for (const auto& [number, item] : world.forge.items()) world.referee.has_changed(number);
            names.push_back(label.definition.name);
        }
        return names;
    };
    return line_.request(
        CallKind::Token, "deletion of definitions", [&](std::optional<Fault>) { return erase(); },
        [&] { return [erase] { (void)erase(); }; });
}

Result<CommitSha> SimForge::resolve_commit(int number, std::string_view prefix) {
    return line_.read(CallKind::Read, "commit", [&]() -> Result<CommitSha> {
        for (const auto& commit : line_.world().forge.item(number).commits)
            if (commit.text().starts_with(prefix)) return commit;
        return Fail(Error::not_found("no commit {} in #{}", prefix, number));
    });
}

Result<Ancestry> SimForge::contains(const CommitSha&, const CommitSha&) {
    return Ancestry::Contained;
}

Result<std::optional<ClaimTokens::Created>> SimForge::create(int pull_request_number, int number,
                                                             std::string_view holder, TimePoint expires_at) {
    World& world = line_.world();
    const bool may_duplicate = world.fate.strikes(Fault::DuplicateTokens, line_.draw());
    const auto make = [&world, pull_request_number, number, holder = std::string(holder), expires_at,
                       may_duplicate,
                       who = line_.process().name]() -> Result<std::optional<ClaimTokens::Created>> {
        if (!world.may(Right::Definitions)) return Fail(denied("creating a lease token"));
        auto id = world.forge.create_token(pull_request_number, number, holder, expires_at, world.now(),
                                           may_duplicate);
        world.story.tell(world.now(), who, "#{}: token {} {}", pull_request_number, number,
                         id ? "created" : "exists already");
        if (!id) return std::optional<Created>();
        return std::optional(Created{*id, world.now()});
    };
    return line_.request(
        CallKind::Token, "token", [&](std::optional<Fault>) { return make(); },
        [&] { return [make] { (void)make(); }; });
}

Result<void> SimForge::remove(std::span<const std::string> ids) {
    World& world = line_.world();
    if (world.options.broken == Broken::TokensStay) return {};
    const auto erase = [&world, ids = std::vector<std::string>(ids.begin(), ids.end()),
                        who = line_.process().name]() -> Result<void> {
        if (!world.may(Right::Definitions)) return Fail(denied("deleting a lease token"));
        world.forge.remove_tokens(ids, world.now());
        world.story.tell(world.now(), who, "gives {} token{} up", ids.size(), ids.size() == 1 ? "" : "s");
        return {};
    };
    return line_.request(
        CallKind::Token, "release", [&](std::optional<Fault>) { return erase(); },
        [&] { return [erase] { (void)erase(); }; });
}

Result<void> SimHistory::record(const HistoryEvent& event) {
    line_.check_alive();
    ++line_.world().stats.port_calls;
    line_.world().story.tell(line_.world().now(), line_.process().name, "#{}: {} {} {}: {}",
                             event.pull_request_number, event.action, event.sha, event.outcome, event.detail);
    return {};
}

}  // namespace ringmaster::sim
