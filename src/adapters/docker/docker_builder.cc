#include "adapters/docker/docker_builder.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

using support::Workspace;

constexpr auto kRemovalTimeout = std::chrono::minutes(2);

/// What docker's own words mean that a person can mend; empty: its last line says all.
std::string hint_for(const std::string& words) {
    const auto says = [&](const char* text) { return words.find(text) != std::string::npos; };
    if (says("'buildx' is not a docker command") || says("unknown command: docker buildx") ||
        says("unknown flag: --push"))
        return "install the buildx plugin (package docker-buildx), or set [shows.build] tool = \"docker\"";
    if (says("permission denied") && says("docker.sock"))
        return "run as a user of the group docker (usermod -aG docker USER, then log in again)";
    // Two connections are made at once, and either may be the first to complain.
    if (says("annot connect to the Docker daemon"))
        return "start Docker (systemctl start docker), or name another engine in DOCKER_HOST or "
               "[shows.docker] host";
    if (says("denied: ") || says("unauthorized") || says("no basic auth credentials"))
        return "run `docker login` for that registry as the user that runs Ringmaster";
    if (says("failed to read dockerfile") || says("unable to prepare context"))
        return "check [shows.build] file and context";
    if (says("no space left on device")) return "the engine's disk is full: `docker system df` shows by what";
    return "its last lines say why";
}

/// Hears the end of what is said, for the message of a failure.
class LastLines final : public Progress {
 public:
    explicit LastLines(Progress& inner) : inner_(&inner) {}
    void line(std::string_view text) override {
        inner_->line(text);
        // Enough for BuildKit's closing lines, and no more.
        if (said_.size() > 8000) said_.erase(0, 4000);
        said_ += std::string(text) + "\n";
    }
    Result<void> pulse() override { return inner_->pulse(); }
    const std::string& said() const { return said_; }

 private:
    Progress* inner_;
    std::string said_;
};

bool is_inside(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

BuildFacts DockerBuilder::facts_of(const BuildSpec& spec, const std::string& image, TimePoint now) const {
    return {.image = image,
            .commit = spec.commit,
            .source_url = settings_.source_url,
            .now = now,
            .is_from_fork = spec.is_from_fork};
}

Result<Artifact> DockerBuilder::build(const BuildSpec& spec, Progress& progress) {
    const auto image = TRY(settings_.image.fill(spec));
    // The same but for the time: what an earlier run finished is known by it.
    const auto recipe = TRY(build_command(settings_.recipe, facts_of(spec, image, TimePoint{})));
    const auto make_it = [&](const Workspace::Attempt& attempt, Progress& inner) {
        return make(spec, image, attempt, inner);
    };
    const auto produce = [&] {
        return workspace_.produce(spec, recipe, make_it, progress, Workspace::Tree::Discard);
    };
    TRY_WHILE(produce(), "building {}", image);
    if (!TRY(finder_(image, progress))) {  // somebody removed it since
        TRY(workspace_.remove(spec.show));
        TRY_WHILE(produce(), "building {}", image);
    }
    return Artifact{.image = image};
}

Result<void> DockerBuilder::make(const BuildSpec& spec, const std::string& image,
                                 const Workspace::Attempt& attempt, Progress& progress) {
    TRY(check_inside(attempt.tree));
    const auto begin = clock_->monotonic();
    const auto command = TRY(build_command(settings_.recipe, facts_of(spec, image, clock_->now())));
    TRY(run(spec, command, attempt, attempt.time_left, progress));
    const auto push = push_command(settings_.recipe, image);
    if (push.empty()) return {};
    return run(spec, push, attempt, attempt.time_left - (clock_->monotonic() - begin), progress);
}

/// The commit is not ours: a link in it must not make docker read files of this machine.
Result<void> DockerBuilder::check_inside(const std::string& tree) const {
    std::error_code failed;
    const auto root = std::filesystem::canonical(tree, failed);
    const auto& recipe = settings_.recipe;
    const auto file = recipe.file.empty() ? recipe.context + "/Dockerfile" : recipe.file;
    for (const auto& name : {recipe.context, file}) {
        const auto path = std::filesystem::canonical(std::filesystem::path(tree) / name, failed);
        if (failed)
            return Fail(
                Error::failed("this version has no {}", name).hint("check [shows.build] file and context"));
        if (path != root && !is_inside(path, root))
            return Fail(Error::failed("{} leads out of the checkout", name)
                            .hint("a Dockerfile and its context must be files of the commit"));
    }
    return {};
}

Result<void> DockerBuilder::run(const BuildSpec& spec, std::vector<std::string> command,
                                const Workspace::Attempt& attempt, Duration time_left, Progress& progress) {
    ProcessSpec process{.arguments = std::move(command), .directory = attempt.tree};
    process.environment = settings_.environment;
    process.environment["BUILDKIT_PROGRESS"] = "plain";  // lines, also where it believes in a terminal
    process.environment["DOCKER_BUILDKIT"] = "1";
    const auto equals = attempt.marker.find('=');
    process.environment[attempt.marker.substr(0, equals)] = attempt.marker.substr(equals + 1);
    process.timeout = std::max<Duration>(time_left, Duration(1));
    process.max_output_bytes = 0;  // it is in the log
    LastLines heard(progress);
    const auto result = subprocess_->run(process, heard);
    if (!result && result.error().kind() == ErrorKind::TimedOut)
        return Fail(Error::timed_out("the build was stopped: it had not ended after {}",
                                     format_duration_for_people(spec.timeout))
                        .hint("its last lines say what it was at; [shows.build] timeout is the bound"));
    if (!result && result.error().kind() == ErrorKind::NotFound)
        return Fail(Error::failed("there is no docker program to build with: {}", result.error().message())
                        .hint("install Docker's command line, or use another [shows.build] engine"));
    if (!result) return Fail(result.error());
    if (result->exit_code == 0) return {};
    // The sentence is superset-showtime's.
    return Fail(Error::failed("Docker build failed with exit code: {}", result->exit_code)
                    .hint(hint_for(heard.said())));
}

/// The name of its image: as it was built, else as it would be.
Result<std::string> DockerBuilder::image_of(const ShowId& show) const {
    if (const auto recipe = TRY(workspace_.recipe_of(show))) {
        const auto tag = std::ranges::find(*recipe, "-t");
        if (tag != recipe->end() && tag + 1 != recipe->end()) return *(tag + 1);
    }
    const auto& pattern = settings_.image.text();
    const bool is_known =
        pattern.find("{full_sha}") == std::string::npos && pattern.find("{branch}") == std::string::npos;
    const auto any =
        CommitSha::parse(show.sha.text() + std::string(CommitSha::kLength - ShortSha::kLength, '0'));
    if (!is_known || !any) return "";
    return settings_.image.fill({.show = show, .commit = *any});
}

Result<void> DockerBuilder::remove(const ShowId& show) {
    const auto image = TRY(image_of(show));
    TRY(workspace_.remove(show));
    if (image.empty() || settings_.recipe.output == Output::Push) return {};
    ProcessSpec process{.arguments = {"docker", "image", "rm", image}, .environment = settings_.environment};
    process.timeout = kRemovalTimeout;
    NoProgress quiet;
    const auto result = TRY(subprocess_->run(process, quiet));
    const auto& said = result.error_output;
    const bool is_fine = result.exit_code == 0 || said.find("No such image") != std::string::npos ||
                         said.find("conflict") != std::string::npos;  // somebody else's container uses it
    if (is_fine) return {};
    return Fail(
        Error::unavailable("the image {} cannot be removed: {}", image, sanitize_for_terminal(trim(said)))
            .hint("`docker image rm " + image + "`"));
}

}  // namespace ringmaster::docker
