#pragma once
// Label definitions and which issues and pull requests carry them, with GitHub's rules (github-facts §1).

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct NewLabel {
    std::string name;
    std::string color = "ededed";  ///< with or without case; no '#'
    std::optional<std::string> description;
};

struct LabelChange {
    std::optional<std::string> name;
    std::optional<std::string> color;
    std::optional<std::string> description;
};

class Labels {
 public:
    explicit Labels(ForgeStore& store) : store_(store) {}

    // Definitions. Refusals: 403 (needs write), 422 as rows 1.1, 1.3, 1.4, 1.6, 1.8, 1.12 say.
    Answer<Label> create(const Viewer& viewer, const Repository& repository, const NewLabel& wanted);
    Answer<Label> update(const Viewer& viewer, const Repository& repository, const Label& label,
                         const LabelChange& change);
    /// Takes it off every issue and pull request as well (1.18), quietly: GitHub sends no `unlabeled` then.
    Answer<void> remove(const Viewer& viewer, const Repository& repository, const Label& label);

    /// By name, without regard to ASCII case.
    Result<std::optional<Label>> find(const Repository& repository, std::string_view name);
    Result<std::optional<Label>> find(Id id);
    /// In order of creation. `query`: words in name or description, empty for all.
    Result<std::vector<Label>> list(const Repository& repository, const Window& window,
                                    std::string_view query = "");
    Result<std::int64_t> count(const Repository& repository, std::string_view query = "");

    // On issues and pull requests; each change makes a timeline entry and an event.
    /// By name; unknown names are defined on the way (1.10). All labels of the issue afterwards.
    /// Refusals: 422 when what is there plus what is sent exceeds 100 (1.9), 403.
    Answer<std::vector<Label>> add(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                   std::span<const std::string> names);
    /// By definition, as GraphQL does (1.21).
    Answer<std::vector<Label>> add(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                   std::span<const Label> labels);
    /// Exactly these from now on.
    Answer<std::vector<Label>> replace(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                       std::span<const std::string> names);
    /// The labels that remain; 404 "Label does not exist" when it is not on the issue (1.17).
    Answer<std::vector<Label>> detach(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                      std::string_view name);
    /// Those of `labels` that are there are taken off; others are ignored, as GraphQL's removal does.
    Answer<std::vector<Label>> detach(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                      std::span<const Label> labels);

    /// In the order they were attached.
    Result<std::vector<Label>> of_issue(Id issue_id);
    /// For a page of issues in one query.
    Result<std::map<Id, std::vector<Label>>> of_issues(std::span<const Id> issue_ids);
    /// How many issues (or pull requests) of any state carry it.
    Result<std::int64_t> attached_count(const Label& label, bool pull_requests);
    /// Their numbers, ascending.
    Result<std::vector<std::int64_t>> attached_numbers(const Label& label, bool pull_requests,
                                                       const Window& window);

 private:
    Answer<void> require_definition_right(const Viewer& viewer, const Repository& repository);
    Answer<void> require_attachment_right(const Viewer& viewer, const Repository& repository,
                                          const Issue& issue);
    Result<Label> define(const Viewer& viewer, const Repository& repository, const NewLabel& wanted);
    Result<void> attach_one(const Viewer& viewer, const Issue& issue, const Label& label);
    Result<void> detach_one(const Viewer& viewer, const Issue& issue, const Label& label);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
