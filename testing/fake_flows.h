#pragma once
// The world around the flows half, in memory: code by commit, a repository of a straight history, records.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/deploy_records.h"
#include "ports/flow_finder.h"
#include "ports/source_tree.h"

namespace ringmaster::testing {

/// A sha that is easy to read in a failure: "a" gives forty of it.
inline CommitSha fake_sha(char digit) {
    return *CommitSha::parse(std::string(CommitSha::kLength, digit));
}

/// What each commit holds; the newest is checked out at "/repo".
class FakeSource final : public SourceTree, public FlowFinder {
 public:
    struct Commit {
        CommitSha sha;
        std::vector<Flow> flows;
        std::map<std::string, std::string> files;
    };
    std::vector<Commit> history;  ///< oldest first
    std::string branch = "main";  ///< empty = HEAD is detached
    std::vector<std::string> branches = {"main"};
    std::vector<std::string> changed;  ///< files that are not as HEAD has them
    /// What lies in folders: where a commit was exported to, and which.
    std::map<std::string, std::size_t> folders;

    static Flow flow(std::string name, std::string file = "flows.py") {
        Flow flow;
        flow.id = "prefect:" + file + "#" + name;
        flow.name = name;
        flow.original_name = name;
        flow.source_relative = file;
        flow.line_number = 1;
        flow.entrypoint_object = name;
        flow.object_name = name;
        flow.object_kind = "function";
        flow.module = file.substr(0, file.rfind('.'));
        flow.import_path = flow.module;
        return flow;
    }
    Commit& commit(char digit, std::vector<Flow> flows) {
        history.push_back({fake_sha(digit), std::move(flows), {}});
        return history.back();
    }

    Result<FoundFlows> find(const FlowSearch& search, Progress&) override {
        const auto folder = folders.find(search.root);
        const auto& commit = folder == folders.end() ? history.back() : history.at(folder->second);
        FoundFlows found{.flows = commit.flows, .problems = {}, .files = 1};
        for (auto& flow : found.flows) flow.source_path = search.root + "/" + flow.source_relative;
        return found;
    }

    Result<SourceState> state(const std::vector<std::string>&, Progress&) override {
        SourceState state{.top = "/repo",
                          .head = history.back().sha,
                          .branch = std::nullopt,
                          .remote = "https://git.example/repo"};
        if (!branch.empty()) state.branch = branch;
        state.changed = changed;
        state.changed_count = changed.size();
        return state;
    }
    Result<CommitSha> resolve(std::string_view text, Progress&) override {
        if (std::ranges::find(branches, text) != branches.end()) return history.back().sha;
        for (const auto& commit : history)
            if (text.size() >= 4 && commit.sha.text().starts_with(text)) return commit.sha;
        return Fail(Error::not_found("there is no {} here", text).hint("fetch it"));
    }
    Result<std::map<std::string, std::optional<CommitDistance>>> commits_between(
        const std::vector<std::string>& older, const CommitSha& newer, Progress&) override {
        std::map<std::string, std::optional<CommitDistance>> result;
        const auto to = place(newer.text());
        for (const auto& each : older) {
            const auto from = place(each);
            if (!from || !to) {
                result[each] = std::nullopt;
                continue;
            }
            result[each] =
                CommitDistance{.ahead = std::max(0, *to - *from), .behind = std::max(0, *from - *to)};
        }
        return result;
    }
    Result<std::string> read_file(const CommitSha& sha, const std::string& path, Progress&) override {
        for (const auto& commit : history)
            if (commit.sha == sha && commit.files.contains(path)) return commit.files.at(path);
        return Fail(Error::not_found("there is no {} in {}", path, sha.text()));
    }
    Result<void> export_commit(const CommitSha& sha, const std::string& folder, Progress&) override {
        const auto index = place(sha.text());
        if (!index) return Fail(Error::not_found("there is no commit {}", sha.text()));
        folders[folder] = static_cast<std::size_t>(*index);
        return {};
    }
    Result<CommitSummary> describe(const CommitSha&, Progress&) override {
        return CommitSummary{
            .subject = "a change", .author = "Ann", .author_email = "ann@example.org", .committed_at = {}};
    }

    /// A file below a folder, the checkout's or an exported commit's.
    Result<std::string> file_at(const std::string& path) {
        for (const auto& [folder, index] : folders)
            if (path.starts_with(folder + "/")) return of(index, path.substr(folder.size() + 1));
        if (path.starts_with("/repo/")) return of(history.size() - 1, path.substr(6));
        return Fail(Error::not_found("there is no {}", path));
    }

 private:
    std::optional<int> place(std::string_view sha) const {
        for (std::size_t i = 0; i < history.size(); ++i)
            if (!sha.empty() && history[i].sha.text().starts_with(sha)) return static_cast<int>(i);
        return std::nullopt;
    }
    Result<std::string> of(std::size_t index, const std::string& name) const {
        const auto& files = history.at(index).files;
        if (const auto found = files.find(name); found != files.end()) return found->second;
        return Fail(Error::not_found("there is no {}", name));
    }
};

class FakeDeployRecords final : public DeployRecords {
 public:
    std::vector<DeployRecord> records;  ///< oldest first
    std::vector<Approval> given;
    /// The next begin() fails so.
    std::optional<Error> fail_begin;

    Result<std::int64_t> begin(const DeployRecord& record) override {
        if (fail_begin) {
            auto error = *fail_begin;
            fail_begin.reset();
            return Fail(error);
        }
        records.push_back(record);
        records.back().id = static_cast<std::int64_t>(records.size());
        return records.back().id;
    }
    Result<void> finish(std::int64_t id, DeployOutcome outcome, const std::string& deployment_id,
                        const std::string& detail) override {
        auto& record = records.at(static_cast<std::size_t>(id - 1));
        record.outcome = outcome;
        record.deployment_id = deployment_id;
        record.detail = detail;
        return {};
    }
    Result<std::vector<DeployRecord>> recent(const DeployRecordQuery& query) override {
        std::vector<DeployRecord> result;
        for (auto record = records.rbegin(); record != records.rend(); ++record) {
            const bool fits = record->project == query.project &&
                              (query.flow.empty() || record->flow == query.flow) &&
                              (query.environment.empty() || record->environment == query.environment);
            if (fits && static_cast<int>(result.size()) < query.limit) result.push_back(*record);
        }
        return result;
    }
    Result<std::map<std::string, DeployRecord>> newest(const std::string& project) override {
        std::map<std::string, DeployRecord> result;
        for (const auto& record : records)
            if (record.project == project &&
                (record.outcome == DeployOutcome::Done || record.outcome == DeployOutcome::Begun))
                result.insert_or_assign(record.deployment, record);
        return result;
    }
    Result<void> approve(const Approval& approval) override {
        for (const auto& each : given)
            if (each.plan_digest == approval.plan_digest && each.approver == approval.approver) return {};
        given.push_back(approval);
        return {};
    }
    Result<std::vector<Approval>> approvals(const std::string& plan_digest) override {
        std::vector<Approval> result;
        std::ranges::copy_if(given, std::back_inserter(result),
                             [&](const auto& each) { return each.plan_digest == plan_digest; });
        return result;
    }
};

}  // namespace ringmaster::testing
