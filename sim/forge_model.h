#pragma once
// The forge as it is (not as readers see it): pull requests with their labels, comment and deployment
// records, label definitions, lease tokens. It has the weaknesses that github-facts tells of real forges, the
// same as tools/lease_model.py: a reading is as old as the lag at most, but each token in it by its own
// measure (mix), and two creations of one token within the lag may both succeed (dup).

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/forge.h"
#include "sim/random.h"

namespace ringmaster::sim {

class ForgeModel {
 public:
    /// What a reading shows of one pull request, lease tokens aside.
    struct Content {
        PullRequest pull_request;
        std::vector<std::string> labels;  ///< sorted
        std::vector<std::pair<std::string, std::string>> labelled_by;
        std::optional<StickyComment> comment;
        std::vector<DeploymentRecord> deployments;
    };
    struct Item {
        Content now;
        /// What was replaced lately, with the time until which it held; no older than the lag.
        std::deque<std::pair<TimePoint, Content>> past;
        std::vector<CommitSha> commits;  ///< everything that was ever its head
        std::uint64_t changes = 0;       ///< grows with everything that anybody sees
    };
    struct Token {
        int pull_request_number = 0;
        ClaimToken token;
        TimePoint created_at;
        std::optional<TimePoint> deleted_at;
        bool is_duplicate = false;  ///< another one had its name when it was created
    };
    enum class Part { Whole, First, LabelsOnly };

    void set_lag(Duration lag) { lag_ = lag; }
    Duration lag() const { return lag_; }
    Item& open(const PullRequest& pull_request);
    Item& item(int number) { return items_.at(number); }
    bool has(int number) const { return items_.contains(number); }
    const std::map<int, Item>& items() const { return items_; }
    const std::map<std::string, StoredLabel>& definitions() const { return definitions_; }
    const std::vector<Token>& tokens() const { return tokens_; }
    /// How often a lease on it was created or prolonged so far.
    int tokens_created(int number) const;

    /// To be called before anything of it changes: readers may see the old for a while.
    Item& change(int number, TimePoint now);
    void define(const LabelDefinition& definition);
    void put_label(int number, const std::string& name, const std::string& login, TimePoint now);
    /// Who put a label on that is there; nullopt: it is not, or the forge has forgotten.
    std::optional<std::string> label_setter(int number, const std::string& name) const;
    void take_label(int number, const std::string& name, TimePoint now);

    /// `age` draws how old each part of the reading is.
    PullRequestView read(int number, TimePoint now, Random age);
    /// The content as of one moment within the lag.
    const Content& content(int number, TimePoint now, Random& age) const;
    /// Changes labels by their difference from `view`, as an adapter does: what the view shows is not sent
    /// again. Labels are added before others are taken off.
    ChangeOutcome apply(const PullRequestView& view, const PullRequestChange& change, TimePoint now,
                        Part part);
    /// nullopt: the name is taken. `may_duplicate`: a token of that name younger than the lag does not count.
    std::optional<std::string> create_token(int number, int token_number, const std::string& holder,
                                            TimePoint expires_at, TimePoint now, bool may_duplicate);
    bool is_duplicate(const std::string& token_id) const;
    void remove_tokens(const std::vector<std::string>& ids, TimePoint now);
    std::vector<StoredLabel> list_definitions(std::string_view prefix) const;
    int attachments(const std::string& name) const;
    /// Takes the label off whatever carries it, as forges do. Returns those pull requests.
    std::vector<int> delete_definition(const StoredLabel& label, TimePoint now);

 private:
    void attach(Content& content, const std::string& name, const std::string& login);
    void detach(Content& content, const std::string& name);
    void write_extras(Content& content, const PullRequestView& view, const PullRequestChange& change);
    std::string next_id(std::string_view kind) { return fmt::format("{}_{}", kind, ++last_id_); }

    Duration lag_{0};
    std::map<int, Item> items_;
    std::map<std::string, StoredLabel> definitions_;
    std::vector<Token> tokens_;
    std::map<int, int> tokens_created_;
    int last_id_ = 0;
};

}  // namespace ringmaster::sim
