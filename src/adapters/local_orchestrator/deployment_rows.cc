#include "adapters/local_orchestrator/deployment_rows.h"

#include "adapters/local_orchestrator/flow_store.h"
#include "adapters/local_orchestrator/json_texts.h"
#include "domain/deployment_json.h"

namespace ringmaster::local_orchestrator {
namespace {

Result<DeploymentRow> read_deployment(const database::Statement& row) {
    DeploymentRow read;
    auto& deployment = read.deployment;
    deployment.spec = TRY(spec_from_json(row.text(1)));
    deployment.id = row.text(0);
    deployment.flow_id = deployment.spec.flow_record;
    deployment.created_at = time_at(row, 2);
    deployment.updated_at = time_at(row, 3);
    deployment.created_text = format_iso8601(deployment.created_at.value_or(TimePoint()));
    deployment.updated_text = format_iso8601(deployment.updated_at.value_or(TimePoint()));
    deployment.status = "READY";
    read.schedules_since = time_at(row, 4).value_or(TimePoint());
    return read;
}

constexpr std::string_view kSelect =
    "SELECT id, spec, created_ms, updated_ms, schedules_since_ms FROM local_deployment";

Result<std::vector<DeploymentRow>> read_all(database::Statement statement) {
    std::vector<DeploymentRow> rows;
    while (TRY(statement.step())) rows.push_back(TRY(read_deployment(statement)));
    return rows;
}

Result<std::optional<DeploymentRow>> read_one(database::Statement statement) {
    if (!TRY(statement.step())) return std::nullopt;
    return TRY(read_deployment(statement));
}

}  // namespace

Result<std::vector<DeploymentRow>> all_deployments(database::Database& database) {
    return read_all(TRY(database.prepare(fmt::format("{} ORDER BY name, flow_record", kSelect))));
}

Result<std::vector<DeploymentRow>> deployments_named(database::Database& database,
                                                     const std::vector<std::string>& names) {
    auto statement = TRY(database.prepare(fmt::format(
        "{} WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name, flow_record", kSelect)));
    statement.bind(1, json_array(names));
    return read_all(std::move(statement));
}

Result<std::optional<DeploymentRow>> deployment_with_id(database::Database& database, std::string_view id) {
    auto statement = TRY(database.prepare(fmt::format("{} WHERE id = ?", kSelect)));
    statement.bind(1, id);
    return read_one(std::move(statement));
}

Result<std::optional<DeploymentRow>> deployment_of(database::Database& database, const DeploymentSpec& spec) {
    auto statement = TRY(database.prepare(fmt::format("{} WHERE name = ? AND flow_record = ?", kSelect)));
    statement.bind(1, spec.name).bind(2, spec.flow_record);
    return read_one(std::move(statement));
}

Result<void> put_deployment(database::Database& database, const DeploymentRow& row) {
    const auto& deployment = row.deployment;
    auto statement = TRY(database.prepare(
        "INSERT OR REPLACE INTO local_deployment (id, flow_record, name, spec, created_ms, updated_ms, "
        "schedules_since_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"));
    statement.bind(1, deployment.id).bind(2, deployment.spec.flow_record).bind(3, deployment.spec.name);
    statement.bind(4, to_json_text(deployment.spec));
    statement.bind(5, to_milliseconds(deployment.created_at.value_or(TimePoint())));
    statement.bind(6, to_milliseconds(deployment.updated_at.value_or(TimePoint())));
    return statement.bind(7, to_milliseconds(row.schedules_since)).run();
}

}  // namespace ringmaster::local_orchestrator
