#pragma once
// The decorators behind sim/broken.h. With Broken::Nothing they pass everything on as it is.

#include "ports/claims.h"
#include "ports/clock.h"
#include "sim/line.h"

namespace ringmaster::sim {

class BrokenClaims final : public Claims {
 public:
    BrokenClaims(Claims& claims, Forge& forge, ClaimTokens& tokens, Clock& clock, Line& line)
        : claims_(claims), forge_(forge), tokens_(tokens), clock_(clock), line_(line) {}
    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override;
    Result<void> release(const Claim& claim) override;
    Result<void> release_holder(int pull_request_number, std::string_view holder) override;

 private:
    Result<Claimed> acquire_without_verify(const PullRequestView& seen);
    Result<Claimed> acquire_nothing(const PullRequestView& seen);

    Claims& claims_;
    Forge& forge_;
    ClaimTokens& tokens_;
    Clock& clock_;
    Line& line_;
};

/// A claim that says of itself that it never ends.
class FencelessClaims final : public Claims {
 public:
    FencelessClaims(Claims& claims, Line& line) : claims_(claims), line_(line) {}
    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override { return claims_.extend(claim); }
    Result<void> release(const Claim& claim) override { return claims_.release(claim); }
    Result<void> release_holder(int number, std::string_view holder) override {
        return claims_.release_holder(number, holder);
    }

 private:
    Claims& claims_;
    Line& line_;
};

class BrokenForge final : public Forge {
 public:
    BrokenForge(Forge& forge, Line& line) : forge_(forge), line_(line) {}
    /// An event's payload says so.
    void was_told(int number, const CommitSha& head) { told_heads_.insert_or_assign(number, head); }
    Result<PullRequestView> observe(int number) override;
    Result<ChangeOutcome> apply(const PullRequestView& view, const PullRequestChange& change) override;
    Result<std::vector<PullRequestSummary>> list_open() override;
    Result<std::vector<PullRequestSummary>> list_labelled() override;
    Result<PermissionAnswer> permission(std::string_view login) override { return forge_.permission(login); }
    Result<std::vector<StoredLabel>> list_definitions(std::string_view prefix) override {
        return forge_.list_definitions(prefix);
    }
    Result<std::vector<DefinitionOutcome>> put_definitions(std::span<const LabelDefinition> definitions,
                                                           Existing existing) override {
        return forge_.put_definitions(definitions, existing);
    }
    Result<std::vector<std::string>> delete_unattached(std::span<const StoredLabel> labels) override {
        return forge_.delete_unattached(labels);
    }
    Result<CommitSha> resolve_commit(int number, std::string_view prefix) override {
        return forge_.resolve_commit(number, prefix);
    }
    Result<Ancestry> contains(const CommitSha& descendant, const CommitSha& ancestor) override {
        return forge_.contains(descendant, ancestor);
    }

 private:
    bool is(Broken broken) const { return line_.world().options.broken == broken; }
    Result<std::vector<PullRequestSummary>> or_what_came(Result<std::vector<PullRequestSummary>> listed);

    Forge& forge_;
    Line& line_;
    std::map<int, CommitSha> first_heads_;
    std::map<int, CommitSha> told_heads_;
};

class BrokenRuntime final : public Runtime {
 public:
    BrokenRuntime(Runtime& runtime, Line& line) : runtime_(runtime), line_(line) {}
    std::string_view engine() const override { return runtime_.engine(); }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override { return runtime_.find(show); }
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int number, Others others) override {
        return runtime_.list_of(number, others);
    }
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override {
        return runtime_.logs(show, options, progress);
    }
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override {
        if (is(Broken::SeedLeftOut)) return {};
        return runtime_.run_in(show, command, progress);
    }

 private:
    bool is(Broken broken) const { return line_.world().options.broken == broken; }

    Runtime& runtime_;
    Line& line_;
};

}  // namespace ringmaster::sim
