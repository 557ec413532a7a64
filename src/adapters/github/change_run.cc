#include "adapters/github/change_run.h"

#include <algorithm>

#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;
using support::JsonReader;

bool is_about_labels(const Step& step) {
    return step.part == Part::AddLabels || step.part == Part::RemoveLabels;
}

bool is_outcome_unknown(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut;
}

std::string_view words_of(Part part) {
    switch (part) {
        case Part::AddLabels:
        case Part::RemoveLabels:
            return "the labels could not be changed";
        case Part::CreateComment:
        case Part::UpdateComment:
            return "the comment could not be written";
        case Part::DeploymentStatus:
            return "the deployment record could not be brought up to date";
        case Part::EndDeployment:
            return "a deployment record could not be ended";
        case Part::DeleteDeployment:
            return "a deployment record could not be deleted";
    }
    return "";
}

/// What became of a step that has no answer.
Error error_of_step(const Step& step, const GraphQlReply& reply, const RequestContext& context) {
    if (const auto* error = reply.error_of(step.mutation.alias)) return error_of_graphql(*error, context);
    if (!reply.errors.empty()) return error_of_graphql(reply.errors.front(), context);
    return Error::corrupt("GitHub said nothing about {}", step.mutation.field);
}

/// The names after a label mutation; nullopt unless they are complete.
std::optional<std::vector<std::string>> told_labels(const JsonReader& answer) {
    const auto labelable = answer.member("labelable");
    const auto connection = labelable ? labelable->member("labels") : labelable;
    const auto page =
        connection ? parse_label_page(*connection) : Result<LabelPage>(Fail(connection.error()));
    if (!page || !page->end.next.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& label : page->labels) names.push_back(label.name);
    return names;
}

}  // namespace

std::string ChangeRun::doing(std::string_view what) const {
    return fmt::format("{} #{}", what, view().pull_request.number);
}

void ChangeRun::warn(std::string_view what, const Error& error) {
    outcome_.warnings.push_back(fmt::format("{}: {}", what, error.message()));
}

Result<ChangeOutcome> ChangeRun::run() {
    labels_ = TRY(label_difference(view(), change_));
    auto steps = TRY(plan());
    TRY(send_all(std::move(steps)));
    if (needs_new_deployment_) create_deployment();
    if (!change_.end_deployments.empty()) delete_environment();
    return std::move(outcome_);
}

Result<std::vector<Step>> ChangeRun::plan() {
    std::vector<Step> steps;
    if (!labels_.is_empty()) {
        const LabelIds ids =
            TRY_WHILE(definitions_.ids_of(labels_.add, labels_.remove), "{}", doing("labelling"));
        if (traits_.labels_by_rest) {
            TRY(change_labels_by_rest());
        } else {
            steps = label_steps(view().id, labels_, ids);
        }
    }
    if (auto comment = plan_comment()) steps.push_back(std::move(*comment));
    plan_deployment(steps);
    return steps;
}

std::optional<Step> ChangeRun::plan_comment() {
    if (!change_.comment) return std::nullopt;
    comment_body_ = fit_comment(*change_.comment);
    if (!view().comment) {
        // The view shows the first comments only, and an earlier answer may have been lost: look before
        // writing a second.
        auto found = find_sticky_anywhere(client_, view().pull_request.number);
        if (!found) {
            warn(words_of(Part::CreateComment), found.error());
            return std::nullopt;
        }
        outcome_.view.comment = std::move(*found);
    }
    if (!view().comment) return create_comment_step(view().id, comment_body_);
    if (view().comment->body == comment_body_) return std::nullopt;
    return update_comment_step(view().comment->id, comment_body_);
}

void ChangeRun::plan_deployment(std::vector<Step>& steps) {
    if (const auto& update = change_.deployment) {
        const auto* record = record_of(view(), update->sha);
        const bool says_more = !update->environment_url.empty() || !update->log_url.empty();
        if (!record) {
            needs_new_deployment_ = true;
        } else if (record->state != update->state || says_more) {
            steps.push_back(deployment_status_step(record->id, *update));
        }
    }
    for (auto& step : end_steps(change_.end_deployments)) steps.push_back(std::move(step));
}

Result<void> ChangeRun::send_all(std::vector<Step> steps) {
    for (std::size_t begin = 0; begin < steps.size(); begin += kMostMutationsARequest) {
        const auto size = std::min(kMostMutationsARequest, steps.size() - begin);
        TRY(send(std::span(steps).subspan(begin, size)));
    }
    return {};
}

Result<void> ChangeRun::send(std::span<const Step> given) {
    std::vector<Step> steps(given.begin(), given.end());
    const auto reply = perform_steps(steps);
    if (steps.empty()) return {};
    const bool decides = std::ranges::any_of(steps, is_about_labels);
    if (!reply) {
        if (decides) return Fail(reply.error());
        warn(words_of(steps.front().part), reply.error());
        return {};
    }
    for (const auto& step : steps)
        if (!is_about_labels(step)) judge(step, *reply);
    return decides ? judge_labels(steps, *reply) : Result<void>();
}

/// Sends the steps. A new comment must not be written twice: when an answer is lost, the rest is sent again
/// without it.
Result<GraphQlReply> ChangeRun::perform_steps(std::vector<Step>& steps) {
    const auto send = [&](Effect effect) {
        std::vector<Mutation> mutations;
        for (const auto& step : steps) mutations.push_back(step.mutation);
        return perform(client_, mutations, in_time(effect), doing("writing to"));
    };
    const auto creation = std::ranges::find(steps, Part::CreateComment, &Step::part);
    if (creation == steps.end()) return send(Effect::RepeatableWrite);
    auto reply = send(Effect::WriteOnce);
    if (reply || !is_outcome_unknown(reply.error())) return reply;
    outcome_.warnings.push_back("the comment may not have been written: " + reply.error().message());
    steps.erase(creation);
    return steps.empty() ? reply : send(Effect::RepeatableWrite);
}

Result<void> ChangeRun::judge_labels(std::span<const Step> steps, const GraphQlReply& reply) {
    bool has_lost_ids = false;
    for (const auto& step : steps) {
        if (!is_about_labels(step) || answer_of(reply, step.mutation.alias)) continue;
        const auto* error = reply.error_of(step.mutation.alias);
        const bool is_too_old = !reply.errors.empty() && reply.errors.front().is_unknown_field();
        if (is_too_old) {
            traits_.labels_by_rest = true;
            return change_labels_by_rest();
        }
        if (!error || !error->is_not_found())
            return Fail(error_of_step(step, reply, client_.context(doing("labelling"))));
        has_lost_ids = true;
    }
    if (has_lost_ids) return send_labels_again();
    note_labels(reply);
    return {};
}

/// A definition was deleted, perhaps made again, since its id was learnt: once more with fresh ids.
Result<void> ChangeRun::send_labels_again() {
    std::vector<std::string> names = labels_.remove;
    for (const auto& definition : labels_.add) names.push_back(definition.name);
    definitions_.forget(names);
    const LabelIds ids =
        TRY_WHILE(definitions_.ids_of(labels_.add, labels_.remove), "{}", doing("labelling"));
    const auto steps = label_steps(view().id, labels_, ids);
    if (steps.empty()) {
        outcome_.view.labels = labels_after(view(), labels_, std::nullopt);
        return {};
    }
    std::vector<Mutation> mutations;
    for (const auto& step : steps) mutations.push_back(step.mutation);
    const auto reply = TRY(perform(client_, mutations, in_time(Effect::RepeatableWrite), doing("labelling")));
    for (const auto& step : steps) {
        if (!answer_of(reply, step.mutation.alias))
            return Fail(error_of_step(step, reply, client_.context(doing("labelling"))));
    }
    note_labels(reply);
    return {};
}

void ChangeRun::note_labels(const GraphQlReply& reply) {
    auto answer = answer_of(reply, "remove");
    if (!answer) answer = answer_of(reply, "add");
    outcome_.view.labels = labels_after(view(), labels_, answer ? told_labels(*answer) : std::nullopt);
}

Result<void> ChangeRun::change_labels_by_rest() {
    const std::string path =
        fmt::format("{}/issues/{}/labels", client_.repository_path(), view().pull_request.number);
    std::vector<std::string> names;
    for (const auto& definition : labels_.add) names.push_back(json_quote(definition.name));
    if (!names.empty())
        TRY(client_.rest({.method = "POST",
                          .path = path,
                          .body = "{\"labels\":[" + join(names, ",") + "]}",
                          .effect = in_time(Effect::RepeatableWrite),
                          .doing = doing("labelling")}));
    for (const auto& name : labels_.remove) {
        const auto removed = client_.rest({.method = "DELETE",
                                           .path = path + "/" + percent_encode(name),
                                           .effect = in_time(Effect::RepeatableWrite),
                                           .doing = doing("labelling")});
        if (!removed && removed.error().kind() != ErrorKind::NotFound) return Fail(removed.error());
    }
    outcome_.view.labels = labels_after(view(), labels_, std::nullopt);
    return {};
}

/// Of the best-effort part: brings the view up to date, or warns.
void ChangeRun::judge(const Step& step, const GraphQlReply& reply) {
    if (const auto answer = answer_of(reply, step.mutation.alias)) return note(step, *answer);
    const Error error = error_of_step(step, reply, client_.context(doing("writing to")));
    const bool is_gone = error.kind() == ErrorKind::NotFound;
    if (is_gone && step.part == Part::UpdateComment) return create_comment_anew();
    if (is_gone && (step.part == Part::EndDeployment || step.part == Part::DeleteDeployment)) {
        std::erase_if(outcome_.view.deployments,
                      [&](const auto& record) { return record.id == step.subject; });
        return;
    }
    warn(words_of(step.part), error);
}

void ChangeRun::note(const Step& step, const JsonReader& answer) {
    auto& now = outcome_.view;
    const auto set_state = [&](DeploymentState state) {
        for (auto& record : now.deployments)
            if (record.id == step.subject) record.state = state;
    };
    switch (step.part) {
        case Part::AddLabels:
        case Part::RemoveLabels:
            break;
        case Part::CreateComment: {
            const auto edge = answer.member("commentEdge");
            const auto node = edge ? edge->member("node") : edge;
            const auto id = node ? node->string("id") : Result<std::string>(Fail(node.error()));
            if (id) now.comment = StickyComment{*id, comment_body_};
            break;
        }
        case Part::UpdateComment:
            now.comment = StickyComment{step.subject, comment_body_};
            break;
        case Part::DeploymentStatus:
            set_state(change_.deployment->state);
            break;
        case Part::EndDeployment:
            set_state(DeploymentState::Inactive);
            break;
        case Part::DeleteDeployment:
            std::erase_if(now.deployments, [&](const auto& record) { return record.id == step.subject; });
            break;
    }
}

}  // namespace ringmaster::github
