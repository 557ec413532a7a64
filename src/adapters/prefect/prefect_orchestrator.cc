#include "adapters/prefect/prefect_orchestrator.h"

#include <algorithm>

#include "adapters/prefect/deployment_document.h"
#include "base/text.h"

namespace ringmaster::prefect {
namespace {

using support::json_quote;
using support::JsonReader;

// As many as one page of answers can hold.
constexpr std::size_t kMostInFilter = 200;

std::string json_list(std::span<const std::string> texts) {
    std::vector<std::string> quoted;
    for (const auto& text : texts) quoted.push_back(json_quote(text));
    return "[" + join(quoted, ",") + "]";
}

/// In groups that fit into one filter.
template <typename Use>
Result<void> in_groups(std::vector<std::string> texts, Use use) {
    std::ranges::sort(texts);
    texts.erase(std::ranges::unique(texts).begin(), texts.end());
    std::span<const std::string> left = texts;
    while (!left.empty()) {
        const auto group = left.first(std::min(left.size(), kMostInFilter));
        TRY(use(group));
        left = left.subspan(group.size());
    }
    return {};
}

/// The server answers some of these in a deployment's name with 500, after it has written (prefect-wire).
Result<void> check_name(const std::string& name, std::string_view of_what) {
    const auto at = name.find_first_of("/%&><");
    if (!name.empty() && at == std::string::npos) return {};
    if (name.empty()) return Fail(Error::invalid_input("the {} has no name", of_what));
    return Fail(Error::invalid_input("the {}'s name \"{}\" has a '{}'", of_what, sanitize_for_terminal(name),
                                     name[at])
                    .hint("leave out / % & > and <, which Prefect does not allow in names"));
}

Result<void> check(const DeploymentSpec& spec, const Deployment* existing) {
    TRY(check_name(spec.name, "deployment"));
    TRY(check_name(spec.flow_record, "flow"));
    if (!existing) return {};
    if (existing->spec.name == spec.name && existing->spec.flow_record == spec.flow_record) return {};
    return Fail(Error::invalid_input(
                    "the deployment {}/{} cannot become {}/{}: Prefect gives none another name or flow",
                    existing->spec.flow_record, existing->spec.name, spec.flow_record, spec.name)
                    .hint("make a new one, and remove the old one"));
}

Error gone(const DeploymentSpec& spec) {
    return Error::not_found("the deployment {} is not there any more", spec.name)
        .hint("look again: somebody has removed it");
}

/// Whether the pool's jobs have an image: its template has a variable of that name.
Result<bool> accepts_image(const JsonReader& pool) {
    auto at = TRY(pool.find("base_job_template"));
    for (const char* key : {"variables", "properties", "image"})
        if (at) at = TRY(at->find(key));
    return at.has_value();
}

}  // namespace

Result<std::vector<Deployment>> PrefectOrchestrator::read_all(const std::string& filter,
                                                              const std::string& doing, Progress& progress) {
    const auto answers = TRY(client_.all_pages("/deployments/paginate", filter, doing, progress));
    std::set<std::string> flow_ids;
    for (const auto& answer : answers) flow_ids.insert(TRY_WHILE(answer.string("flow_id"), "{}", doing));
    TRY(learn_flow_names(flow_ids, progress));
    std::vector<Deployment> deployments;
    deployments.reserve(answers.size());
    for (const auto& answer : answers) {
        const auto flow_id = TRY_WHILE(answer.string("flow_id"), "{}", doing);
        deployments.push_back(
            TRY_WHILE(read_deployment(answer, flow_name(flow_id), client_.settings().ui_url), "{}", doing));
    }
    std::ranges::sort(deployments, {}, [](const Deployment& deployment) {
        return std::tie(deployment.spec.name, deployment.spec.flow_record);
    });
    return deployments;
}

Result<void> PrefectOrchestrator::learn_flow_names(const std::set<std::string>& flow_ids,
                                                   Progress& progress) {
    std::vector<std::string> unknown;
    {
        const std::lock_guard lock(flow_names_mutex_);
        for (const auto& id : flow_ids)
            if (!flow_names_.contains(id)) unknown.push_back(id);
    }
    return in_groups(std::move(unknown), [&](std::span<const std::string> ids) -> Result<void> {
        const auto body =
            fmt::format(R"({{"flows":{{"id":{{"any_":{}}}}},"limit":{}}})", json_list(ids), kMostInFilter);
        const auto answer = TRY(client_.json(
            {.method = "POST", .path = "/flows/filter", .body = body, .doing = "looking up flows"},
            progress));
        const std::lock_guard lock(flow_names_mutex_);
        for (const auto& flow : TRY_WHILE(answer.as_items(), "looking up flows"))
            flow_names_[TRY(flow.string("id"))] = TRY(flow.string("name"));
        return {};
    });
}

std::string PrefectOrchestrator::flow_name(const std::string& flow_id) {
    const std::lock_guard lock(flow_names_mutex_);
    const auto found = flow_names_.find(flow_id);
    return found == flow_names_.end() ? "" : found->second;  // removed just now; its deployments go with it
}

Result<std::vector<Deployment>> PrefectOrchestrator::list(Progress& progress) {
    return read_all(R"({"sort":"CREATED_DESC"})", "listing deployments", progress);
}

Result<std::vector<Deployment>> PrefectOrchestrator::find(const std::vector<std::string>& names,
                                                          Progress& progress) {
    std::vector<Deployment> found;
    TRY(in_groups(names, [&](std::span<const std::string> group) -> Result<void> {
        const auto filter = fmt::format(R"({{"sort":"CREATED_DESC","deployments":{{"name":{{"any_":{}}}}}}})",
                                        json_list(group));
        std::ranges::move(TRY(read_all(filter, "looking for deployments", progress)),
                          std::back_inserter(found));
        return {};
    }));
    return found;
}

Result<std::optional<WorkPool>> PrefectOrchestrator::work_pool(const std::string& name, Progress& progress) {
    const auto doing = fmt::format("looking at the work pool {}", sanitize_for_terminal(name));
    const auto pool = client_.json({.path = "/work_pools/" + percent_encode(name), .doing = doing}, progress);
    if (!pool && pool.error().kind() == ErrorKind::NotFound) return std::optional<WorkPool>();
    if (!pool) return Fail(pool.error());
    WorkPool found;
    found.name = TRY_WHILE(pool->string("name"), "{}", doing);
    found.type = TRY_WHILE(pool->string("type"), "{}", doing);
    found.accepts_image = TRY_WHILE(accepts_image(*pool), "{}", doing);
    if (TRY_WHILE(pool->find("is_paused"), "{}", doing))
        found.is_paused = TRY_WHILE(pool->boolean("is_paused"), "{}", doing);
    return std::optional(std::move(found));
}

Result<std::string> PrefectOrchestrator::flow_record(const std::string& name, Progress& progress) {
    const auto doing = "recording the flow " + name;
    const auto body = fmt::format(R"({{"name":{}}})", json_quote(name));
    const auto flow =
        TRY(client_.json({.method = "POST", .path = "/flows/", .body = body, .doing = doing}, progress));
    auto id = TRY_WHILE(flow.string("id"), "{}", doing);
    const std::lock_guard lock(flow_names_mutex_);
    flow_names_[id] = name;
    return id;
}

Result<std::string> PrefectOrchestrator::upsert(const DeploymentSpec& spec, const std::string& flow_id,
                                                Progress& progress) {
    const auto doing = "deploying " + spec.name;
    const auto body = TRY_WHILE(upsert_document(spec, flow_id), "{}", doing);
    const auto answer = TRY(
        client_.json({.method = "POST", .path = "/deployments/", .body = body, .doing = doing}, progress));
    const auto pool = TRY_WHILE(answer.optional_string("work_pool_name"), "{}", doing);
    auto id = TRY_WHILE(answer.string("id"), "{}", doing);
    // An upsert cannot take a deployment out of its pool; a change of it can.
    if (spec.work_pool.empty() && !pool.empty())
        TRY(client_.send({.method = "PATCH",
                          .path = "/deployments/" + id,
                          .body = R"({"work_pool_name":null})",
                          .doing = doing},
                         progress));
    return id;
}

Result<std::string> PrefectOrchestrator::patch(const DeploymentSpec& spec, const Deployment& existing,
                                               Progress& progress) {
    const auto doing = "changing the deployment " + spec.name;
    const auto body = TRY_WHILE(patch_document(spec), "{}", doing);
    const auto changed = client_.send({.method = "PATCH",
                                       .path = "/deployments/" + percent_encode(existing.id),
                                       .body = body,
                                       .doing = doing},
                                      progress);
    if (changed) return existing.id;
    return Fail(changed.error().kind() == ErrorKind::NotFound ? gone(spec) : changed.error());
}

Result<std::string> PrefectOrchestrator::replace(const DeploymentSpec& spec, const Deployment& existing,
                                                 Progress& progress) {
    const auto id = TRY(upsert(spec, existing.flow_id, progress));
    if (id == existing.id) return id;
    // It was removed since it was seen, and the upsert made it anew, which nobody asked for.
    TRY(remove(id, progress));
    return Fail(gone(spec));
}

Result<std::string> PrefectOrchestrator::apply(const DeploymentSpec& spec, const Deployment* existing,
                                               Progress& progress) {
    TRY(check(spec, existing));
    if (!existing) return upsert(spec, TRY(flow_record(spec.flow_record, progress)), progress);
    if (is_patch_enough(existing->spec, spec)) return patch(spec, *existing, progress);
    return replace(spec, *existing, progress);
}

Result<void> PrefectOrchestrator::remove(const std::string& deployment_id, Progress& progress) {
    const auto removed = client_.send({.method = "DELETE",
                                       .path = "/deployments/" + percent_encode(deployment_id),
                                       .doing = "removing the deployment " + deployment_id},
                                      progress);
    if (!removed && removed.error().kind() != ErrorKind::NotFound) return Fail(removed.error());
    return {};
}

Result<std::string> PrefectOrchestrator::server_version(Progress& progress) {
    return TRY(client_.json({.path = "/admin/version", .doing = "asking Prefect for its version"}, progress))
        .as_string();
}

}  // namespace ringmaster::prefect
