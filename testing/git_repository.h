#pragma once
// A git repository of the test's own, made with the real git.

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/text.h"
#include "domain/commit_sha.h"
#include "testing/temporary_folder.h"

namespace ringmaster::testing {

class GitRepository {
 public:
    GitRepository() { git("init --quiet --initial-branch=main ."); }

    const std::string& path() const { return folder_.path(); }
    std::string path(std::string_view inside) const { return folder_.path(inside); }
    /// Takes effect with the next commit.
    void write(std::string_view file, std::string_view contents, unsigned mode = 0644) {
        folder_.write(file, contents, mode);
    }
    /// Commits all files as they are now.
    CommitSha commit(std::string_view subject = "A change") {
        git("add --all .");
        git("commit --quiet --allow-empty --message '" + std::string(subject) + "'");
        return *CommitSha::parse(git("rev-parse HEAD"));
    }
    /// Its output, trimmed. A failure ends the test program: the machine has no working git.
    std::string git(const std::string& arguments) const {
        const std::string settings =
            "GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@example.test "
            "GIT_COMMITTER_NAME=Test GIT_COMMITTER_EMAIL=test@example.test ";
        const auto command = "cd '" + path() + "' && " + settings + "git " + arguments + " 2>&1";
        FILE* pipe = ::popen(command.c_str(), "r");
        RM_ASSERT(pipe != nullptr, "a test can run git");
        std::string output;
        std::array<char, 4096> buffer{};
        while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe))
            output.append(buffer.data(), got);
        const int status = ::pclose(pipe);
        if (status != 0) std::fprintf(stderr, "git %s: %s\n", arguments.c_str(), output.c_str());
        RM_ASSERT(status == 0, "git does what a test asks");
        return std::string(trim(output));
    }

 private:
    TemporaryFolder folder_;
};

}  // namespace ringmaster::testing
