#pragma once
// For tests of the local forge: a store in a folder of its own with a fixed clock, demo/app with people of
// each role, and commits made without a work tree.

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "base/text.h"
#include "local_forge/bare_repository.h"
#include "local_forge/merging.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

/// A new folder, removed with the object.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        std::string pattern = testing::TempDir() + "forge-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

/// Distinct on every call, and the same in every run.
inline std::string counted_hex(std::size_t bytes) {
    static std::atomic<std::uint64_t> count = 0;
    return fmt::format("{:0{}x}", ++count, 2 * bytes);
}

inline TimePoint test_time() {
    return *parse_iso8601("2026-11-22T14:09:00Z");
}

/// Makes a commit of one file on top of `parent` (none: a root) and moves the branch to it, as a push on disk
/// would.
inline std::string commit_file(const Git& git, const std::string& branch, const std::string& parent,
                               const std::string& file, const std::string& content,
                               const std::string& message) {
    const std::string blob = git.read({"hash-object", "-w", "--stdin"}, content).value();
    std::string tree;
    if (!parent.empty()) {
        const std::string old = git.read({"ls-tree", parent}).value();
        for (const auto line : split_lines(old))
            if (!line.ends_with("\t" + file)) tree += std::string(line) + "\n";
    }
    tree += fmt::format("100644 blob {}\t{}\n", blob, file);
    const std::string tree_sha = git.read({"mktree"}, tree).value();
    const Signature who{"Alice", "alice@example.org", test_time()};
    const std::string sha =
        commit_tree(git, tree_sha, parent.empty() ? std::vector<std::string>{} : std::vector{parent}, message,
                    who)
            .value();
    EXPECT_TRUE(git.update_refs(fmt::format("update refs/heads/{} {}\n", branch, sha)));
    return sha;
}

class StoreTest : public testing::Test {
 protected:
    StoreTest() {
        auto opened = ForgeStore::open({folder.path(), [this] { return now; }, counted_hex});
        EXPECT_TRUE(opened) << opened.error().describe();
        store = std::move(*opened);
        store->core().on_event = [this](const Event& event) -> Result<void> {
            events.push_back(event.name + (event.action.empty() ? "" : " ") + event.action);
            last_event = event;
            return {};
        };
        repository = store->repositories().create({.owner = "demo", .name = "app"}).value();
        alice = person("alice", Role::Admin);
        bob = person("bob", Role::Write);
        carol = person("carol", Role::Read);
        main = commit_file(git(), "main", "", "README", "hello\n", "First commit");
        rescan();
        events.clear();
    }

    Viewer person(const std::string& login, Role role, UserType type = UserType::User) {
        const User user = store->accounts().ensure_user(login, type).value();
        EXPECT_TRUE(store->accounts().set_role(repository, user, role));
        EXPECT_TRUE(store->accounts().add_token(user, login + "-token", {"repo"}));
        return *store->accounts().viewer_of(login + "-token").value();
    }
    Viewer limited_to(const Viewer& viewer, std::vector<Right> rights) {
        EXPECT_TRUE(store->accounts().add_token(*viewer.user, "limited", {}, std::move(rights)));
        return *store->accounts().viewer_of("limited").value();
    }
    Git git() { return store->repositories().git(repository); }
    void rescan() {
        const auto done =
            store->refs().rescan(alice.user ? alice : Viewer{.user = repository.owner}, repository);
        EXPECT_TRUE(done) << done.error().describe();
    }
    /// Pushes a commit on a new branch and gives the pull request that opens.
    PullRequest open_pull(const std::string& branch, const std::string& message = "Add a feature") {
        commit_file(git(), branch, main, "FEATURE-" + branch, "text\n", message);
        rescan();
        const auto pulls = store->pulls().list(repository, {.head_ref = branch}).value();
        EXPECT_EQ(pulls.size(), 1U);
        return pulls.front();
    }
    PullRequest pull(std::int64_t number) { return *store->pulls().find(repository, number).value(); }
    std::vector<std::string> names(const Issue& issue) {
        std::vector<std::string> result;
        for (const Label& label : store->labels().of_issue(issue.id).value()) result.push_back(label.name);
        return result;
    }

    TemporaryFolder folder;
    TimePoint now = test_time();
    std::unique_ptr<ForgeStore> store;
    Repository repository;
    Viewer alice;
    Viewer bob;
    Viewer carol;
    std::string main;
    std::vector<std::string> events;
    Event last_event;
};

}  // namespace ringmaster::local_forge
