#pragma once
// The ports of one process: the same models behind all of them, its own clock, calls and luck in front.

#include "ports/claim_refs.h"
#include "ports/claim_tokens.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/history.h"
#include "ports/http_client.h"
#include "sim/line.h"

namespace ringmaster::sim {

class SimClock final : public Clock {
 public:
    explicit SimClock(Line& line) : line_(line) {}
    TimePoint now() override { return line_.world().now() + line_.process().clock_offset; }
    Duration monotonic() override { return line_.world().now() - line_.process().started; }
    Result<void> sleep(Duration length, Progress& progress) override {
        return line_.wait_with_pulses(length, progress);
    }

 private:
    Line& line_;
};

class SimEntropy final : public Entropy {
 public:
    explicit SimEntropy(std::uint64_t seed) : random_(seed) {}
    std::string hex(std::size_t bytes) override;
    std::uint64_t below(std::uint64_t bound) override { return random_.below(bound); }

 private:
    Random random_;
};

class SimForge final : public Forge, public ClaimTokens, public ClaimRefs {
 public:
    explicit SimForge(Line& line) : line_(line) {}

    Result<PullRequestView> observe(int number) override;
    Result<ChangeOutcome> apply(const PullRequestView& view, const PullRequestChange& change) override;
    Result<std::vector<PullRequestSummary>> list_open() override;
    Result<std::vector<PullRequestSummary>> list_labelled() override;
    Result<PermissionAnswer> permission(std::string_view login) override;
    Result<std::vector<StoredLabel>> list_definitions(std::string_view prefix) override;
    Result<std::vector<DefinitionOutcome>> put_definitions(std::span<const LabelDefinition> definitions,
                                                           Existing existing) override;
    Result<std::vector<std::string>> delete_unattached(std::span<const StoredLabel> labels) override;
    Result<CommitSha> resolve_commit(int number, std::string_view prefix) override;
    Result<Ancestry> contains(const CommitSha& descendant, const CommitSha& ancestor) override;

    Result<std::optional<Created>> create(int pull_request_number, int number, std::string_view holder,
                                          TimePoint expires_at) override;
    Result<void> remove(std::span<const std::string> ids) override;

    Result<std::string> write_claim(int pull_request_number, std::string_view holder,
                                    TimePoint expires_at) override;
    Result<Swapped> swap_claim(int pull_request_number, const std::optional<std::string>& before,
                               const std::optional<std::string>& after) override;
    Result<std::vector<int>> claimed_pull_requests() override;

 private:
    Result<std::vector<PullRequestSummary>> list(std::string_view what, bool all_states);

    Line& line_;
};

class SimHistory final : public History {
 public:
    explicit SimHistory(Line& line) : line_(line) {}
    Result<void> record(const HistoryEvent& event) override;
    Result<std::vector<HistoryEvent>> recent(int, int) override { return std::vector<HistoryEvent>(); }

 private:
    Line& line_;
};

}  // namespace ringmaster::sim
