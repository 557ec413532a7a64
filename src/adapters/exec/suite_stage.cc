#include "adapters/exec/suite_stage.h"

#include <filesystem>

#include "adapters/support/basic_environment.h"
#include "adapters/support/files.h"
#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::exec {

namespace {

constexpr auto kGitTimeout = std::chrono::seconds(30);  // a commit of three small files

}  // namespace

SuiteStage::SuiteStage(Subprocess& subprocess, Entropy& entropy)
    : subprocess_(&subprocess),
      entropy_(&entropy),
      repository_{"ringmaster", "check-" + entropy.hex(4)},
      folder_((std::filesystem::temp_directory_path() / ("ringmaster-" + repository_.name)).string()) {}

SuiteStage::~SuiteStage() {
    (void)support::remove_tree(folder_);
}

CommitSha SuiteStage::made_up_commit() {
    auto commit = CommitSha::parse(entropy_->hex(20));
    RM_ASSERT(commit.has_value(), "forty hexadecimal digits are a commit");
    return *std::move(commit);
}

std::vector<std::string> SuiteStage::app_command() {
    return {"/bin/sh", "-c", R"(exec python3 -m http.server --bind "$HOST" "$PORT")"};
}

std::vector<std::string> SuiteStage::build_command() {
    return {"sh", "./build.sh"};
}

Result<void> SuiteStage::write_app() {
    TRY(support::create_folders(app_folder()));
    return support::write_file_atomically(app_folder() + "/index.html", "It works.\n");
}

Result<std::string> SuiteStage::git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", git_folder(), "-c", "commit.gpgSign=false"});
    ProcessSpec process{.arguments = std::move(arguments), .environment = support::basic_environment()};
    process.environment.insert({{"GIT_CONFIG_GLOBAL", "/dev/null"},
                                {"GIT_CONFIG_NOSYSTEM", "1"},
                                {"GIT_AUTHOR_NAME", "Ringmaster"},
                                {"GIT_AUTHOR_EMAIL", "check-plugin@ringmaster.invalid"},
                                {"GIT_COMMITTER_NAME", "Ringmaster"},
                                {"GIT_COMMITTER_EMAIL", "check-plugin@ringmaster.invalid"}});
    process.timeout = kGitTimeout;
    NoProgress quiet;
    const auto result = TRY(subprocess_->run(process, quiet));
    if (result.exit_code == 0) return std::string(trim(result.output));
    return Fail(Error::failed("git could not make a repository to try builds on: {}",
                              sanitize_for_terminal(trim(result.error_output))));
}

Result<CommitSha> SuiteStage::commit(std::string_view build_script) {
    if (!support::exists(git_folder())) {
        TRY(support::create_folders(git_folder()));
        TRY(git({"init", "--quiet", "--initial-branch=main"}));
    }
    const std::string script(build_script);
    TRY(support::write_file_atomically(git_folder() + "/build.sh", script + "\n"));
    TRY(support::write_file_atomically(git_folder() + "/index.html", "It works.\n"));
    TRY(support::write_file_atomically(git_folder() + "/Dockerfile",
                                       "FROM busybox\nCOPY . /app\nWORKDIR /app\nRUN sh ./build.sh\n"
                                       "CMD [\"sh\", \"-c\", \"exec httpd -f -p ${PORT:-8080} -h /app\"]\n"));
    TRY(git({"add", "--all"}));
    TRY(git({"commit", "--quiet", "--allow-empty", "--message", "A version to try"}));
    return CommitSha::parse(TRY(git({"rev-parse", "HEAD"})));
}

}  // namespace ringmaster::exec
