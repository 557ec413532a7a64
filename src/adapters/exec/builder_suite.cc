#include <filesystem>
#include <optional>
#include <thread>

#include "adapters/exec/exec_builder.h"
#include "adapters/exec/plugin_suite.h"
#include "adapters/exec/suite_parts.h"
#include "adapters/exec/suite_stage.h"

namespace ringmaster::exec {

namespace {

constexpr auto kBuildTimeout = std::chrono::minutes(10);  // of a file or a small image, with a pull before it

bool is_folder(const std::string& path) {
    std::error_code failed;
    return std::filesystem::is_directory(path, failed);
}

class BuilderSuite {
 public:
    BuilderSuite(const SuiteSettings& settings, SuitePorts ports)
        : ports_(ports),
          stage_(ports.subprocess, ports.entropy),
          program_(settings.program, ports.subprocess),
          builder_(builder_settings(settings), program_) {}
    ~BuilderSuite() {
        for (const auto& show : begun_) (void)builder_.remove(show);
    }
    BuilderSuite(const BuilderSuite&) = delete;
    BuilderSuite& operator=(const BuilderSuite&) = delete;

    bool has_first() const { return artifact_.has_value(); }

    Result<std::string> hello() {
        return check_hello(program_, {"hello", "build", "remove"}, ports_.progress);
    }

    Result<std::string> build() {
        commit_ = TRY(stage_.commit("echo building; echo made > product"));
        artifact_ = TRY(build(1, ports_.progress));
        TRY(check_there(*artifact_));
        return describe(*artifact_);
    }

    Result<std::string> build_again() {
        const auto again = TRY(build(1, ports_.progress));
        if (again != *artifact_)
            return wrong("the same version built again is {}, but {} was to be adopted", describe(again),
                         describe(*artifact_));
        return "adopted what was built";
    }

    Result<std::string> two_at_once() {
        SharedPulse pulse(ports_.progress);
        const auto second = spec(2), third = spec(3);
        begun_.push_back(third.show);
        Result<Artifact> one = Artifact{}, two = Artifact{};
        std::thread other([&] { two = builder_.build(third, pulse); });
        one = build(2, pulse);
        other.join();
        if (!one) return Fail(one.error());
        if (!two) return Fail(two.error());
        TRY(check_there(*one));
        TRY(check_there(*two));
        return fmt::format("{}, {}", describe(*one), describe(*two));
    }

    Result<std::string> unknown_commit() {
        auto nowhere = spec(4);
        nowhere.commit = stage_.made_up_commit();
        nowhere.show.sha = nowhere.commit.short_sha();
        begun_.push_back(nowhere.show);
        const auto built = builder_.build(nowhere, ports_.progress);
        if (built) return wrong("it built a commit that does not exist: {}", describe(*built));
        if (built.error().kind() != ErrorKind::NotFound)
            return wrong("a commit that does not exist has to be not_found, but is {}: {}",
                         to_string(built.error().kind()), built.error().message());
        return built.error().message();
    }

    Result<std::string> failing_build() {
        auto failing = spec(5);
        failing.commit = TRY(stage_.commit("echo this version is broken >&2; exit 3"));
        failing.show.sha = failing.commit.short_sha();
        begun_.push_back(failing.show);
        const auto built = builder_.build(failing, ports_.progress);
        if (built)
            return wrong("a version whose build.sh ends with exit code 3 was built: {}", describe(*built));
        if (built.error().kind() != ErrorKind::Failed)
            return wrong("a build that says no has to be failed, but is {}: {}",
                         to_string(built.error().kind()), built.error().message());
        return built.error().message();
    }

    Result<std::string> remove() {
        TRY(builder_.remove(spec(1).show));
        if (!artifact_->directory.empty() && is_folder(artifact_->directory))
            return wrong("it was removed, but {} is still there", artifact_->directory);
        return "gone";
    }

    Result<std::string> remove_unknown() {
        auto never = spec(6).show;
        never.sha = stage_.made_up_commit().short_sha();
        TRY(builder_.remove(never));
        return "without complaint";
    }

    Result<std::string> build_after_removal() {
        TRY(check_there(TRY(build(1, ports_.progress))));
        return "made again";
    }

    Result<std::string> nothing_left() {
        for (const auto& show : begun_) TRY(builder_.remove(show));
        if (artifact_ && !artifact_->directory.empty() && is_folder(artifact_->directory))
            return wrong("all was removed, but {} is still there", artifact_->directory);
        return "all is removed";
    }

 private:
    ExecBuilderSettings builder_settings(const SuiteSettings& settings) const {
        ExecBuilderSettings builder{.command = settings.command, .source = stage_.git_folder()};
        if (builder.command.empty()) builder.command = SuiteStage::build_command();
        return builder;
    }

    BuildSpec spec(int number) {
        if (!commit_) commit_ = stage_.made_up_commit();
        return {.show = {stage_.repository(), number, commit_->short_sha()},
                .commit = *commit_,
                .timeout = kBuildTimeout,
                .branch = "main"};
    }

    Result<Artifact> build(int number, Progress& progress) {
        const auto wanted = spec(number);
        begun_.push_back(wanted.show);
        return builder_.build(wanted, progress);
    }

    static std::string describe(const Artifact& artifact) {
        return artifact.image.empty() ? artifact.directory : "image " + artifact.image;
    }

    static Result<void> check_there(const Artifact& artifact) {
        if (!artifact.directory.empty() && !is_folder(artifact.directory))
            return wrong("it says that it made {}, but there is no such folder", artifact.directory);
        return {};
    }

    SuitePorts ports_;
    SuiteStage stage_;
    PluginProgram program_;
    ExecBuilder builder_;
    std::optional<CommitSha> commit_;  ///< that builds
    std::optional<Artifact> artifact_;
    std::vector<ShowId> begun_;
};

}  // namespace

std::vector<SuiteCheck> builder_suite(const SuiteSettings& settings, SuitePorts ports) {
    SuiteChecks<BuilderSuite> checks(std::make_shared<BuilderSuite>(settings, ports));
    checks.add("hello", &BuilderSuite::hello, Needs::Nothing);
    checks.add("remove unknown", &BuilderSuite::remove_unknown, Needs::Nothing);
    checks.add("build", &BuilderSuite::build, Needs::Nothing);
    checks.add("build twice", &BuilderSuite::build_again);
    checks.add("two at once", &BuilderSuite::two_at_once);
    checks.add("unknown commit", &BuilderSuite::unknown_commit);
    checks.add("failing build", &BuilderSuite::failing_build);
    checks.add("remove", &BuilderSuite::remove);
    checks.add("remove twice", &BuilderSuite::remove);
    checks.add("build again", &BuilderSuite::build_after_removal);
    checks.add("nothing left", &BuilderSuite::nothing_left, Needs::Nothing);
    return checks.take();
}

}  // namespace ringmaster::exec
