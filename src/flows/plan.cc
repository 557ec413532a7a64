#include "flows/plan.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/assert.h"
#include "domain/deployment_json.h"

namespace ringmaster::flows {

namespace {

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, 32> bytes{};
    unsigned int size = 0;
    const int ok = EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
    RM_ASSERT(ok == 1 && size == bytes.size(), "SHA-256 is always there");
    std::string hex;
    for (const auto byte : bytes) hex += fmt::format("{:02x}", byte);
    return hex;
}

}  // namespace

std::string_view to_string(Operation operation) {
    switch (operation) {
        case Operation::Deploy:
            return "deploy";
        case Operation::Promote:
            return "promote";
        case Operation::Rollback:
            break;
    }
    return "rollback";
}

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Create:
            return "create";
        case ChangeKind::Update:
            return "update";
        case ChangeKind::Unchanged:
            return "unchanged";
        case ChangeKind::Problem:
            break;
    }
    return "problem";
}

ChangeKind PlannedChange::kind() const {
    if (!problems.empty()) return ChangeKind::Problem;
    if (!existing) return ChangeKind::Create;
    return fields.empty() ? ChangeKind::Unchanged : ChangeKind::Update;
}

int Plan::count(ChangeKind kind) const {
    return static_cast<int>(std::ranges::count(changes, kind, [](const auto& each) { return each.kind(); }));
}

std::vector<Objection> Plan::objections(const std::vector<std::string>& overruled) const {
    std::vector<Objection> result;
    for (const auto& change : changes)
        for (const auto& objection : change.objections)
            if (std::ranges::count(overruled, objection.gate) == 0) result.push_back(objection);
    return result;
}

std::string Plan::digest() const {
    std::string text = fmt::format("ringmaster-plan 1\n{}\n{}\n{}\n{}\n", to_string(operation), engine,
                                   source_environment, environment);
    for (const auto& change : changes) {
        text += to_json_text(change.wanted) + "\n";
        if (change.existing) text += change.existing->id + " " + to_json_text(change.existing->spec);
        text += "\n";
    }
    return sha256_hex(text);
}

PlannedChange planned(std::string flow, std::string flow_id, DeploymentSpec wanted,
                      std::optional<Deployment> existing) {
    PlannedChange change{.flow = std::move(flow),
                         .flow_id = std::move(flow_id),
                         .wanted = std::move(wanted),
                         .existing = std::move(existing),
                         .fields = {},
                         .problems = {},
                         .warnings = {},
                         .objections = {}};
    if (change.existing) change.fields = diff(change.existing->spec, change.wanted);
    return change;
}

void refuse_doubles(std::vector<PlannedChange>& changes) {
    std::map<std::string, std::vector<std::size_t>> by_name;
    for (std::size_t i = 0; i < changes.size(); ++i) by_name[changes[i].wanted.name].push_back(i);
    for (const auto& [name, indices] : by_name) {
        if (indices.size() < 2) continue;
        for (const auto i : indices)
            for (const auto other : indices)
                if (other != i)
                    changes[i].problems.push_back(
                        fmt::format("{} would have the same deployment {}", changes[other].flow_id, name));
    }
}

}  // namespace ringmaster::flows
