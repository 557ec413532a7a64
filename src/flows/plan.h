#pragma once
// What a deploy, a promotion or a rollback is going to do, before it does it: for each flow the deployment as
// it is to be, the one that is there, and the difference. A plan is printed, approved by its digest, saved,
// and performed only while the world is still the one it was made in.

#include <optional>
#include <string>
#include <vector>

#include "domain/deployment.h"
#include "flows/diff.h"

namespace ringmaster::flows {

enum class Operation { Deploy, Promote, Rollback };
/// "deploy", "promote", "rollback".
std::string_view to_string(Operation operation);

enum class ChangeKind { Create, Update, Unchanged, Problem };
/// "create", "update", "unchanged", "problem".
std::string_view to_string(ChangeKind kind);

/// A rule that speaks against it, and that a person may overrule with a reason.
struct Objection {
    std::string gate;  ///< "never-ran", "failed-run", "drift", "newer-target", "window", "approval"
    std::string message;
    bool operator==(const Objection&) const = default;
};

struct PlannedChange {
    std::string flow;     ///< display name
    std::string flow_id;  ///< of the Flow; empty = not from code (a rollback)
    DeploymentSpec wanted;
    std::optional<Deployment> existing;
    std::vector<FieldChange> fields;    ///< of an update
    std::vector<std::string> problems;  ///< it cannot be done
    std::vector<std::string> warnings;  ///< it can, but look
    std::vector<Objection> objections;  ///< it may not be done, unless overruled
    ChangeKind kind() const;
};

struct Plan {
    Operation operation = Operation::Deploy;
    std::string engine;              ///< of the orchestrator
    std::string source_environment;  ///< of a promotion; empty = the code
    std::string environment;
    std::vector<PlannedChange> changes;  ///< by flow

    int count(ChangeKind kind) const;
    bool has_problems() const { return count(ChangeKind::Problem) > 0; }
    /// Those that are not among `overruled`.
    std::vector<Objection> objections(const std::vector<std::string>& overruled = {}) const;
    /// SHA-256 of everything that it would write and of what it found there, in hex: a plan that would do
    /// something else, or would do it to something else, has another one.
    std::string digest() const;
};

/// Fills in `fields` by what is there and what is wanted.
PlannedChange planned(std::string flow, std::string flow_id, DeploymentSpec wanted,
                      std::optional<Deployment> existing);

/// Two changes that would write one deployment become problems, each naming the other's flow.
void refuse_doubles(std::vector<PlannedChange>& changes);

}  // namespace ringmaster::flows
