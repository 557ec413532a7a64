#include "app/doctor_checks.h"

#include "adapters/support/basic_environment.h"
#include "adapters/support/files.h"
#include "app/application.h"
#include "app/doctor_outcome.h"
#include "app/engine_checks.h"
#include "app/exec_side.h"
#include "app/forge_access.h"
#include "app/wiring.h"
#include "base/text.h"
#include "shows/labels.h"
#include "shows/token_claims.h"

namespace ringmaster::app {

using Outcome = CheckOutcome;

namespace {

class Doctor {
 public:
    explicit Doctor(Application& application) : application_(application) {}

    Outcome configuration() {
        const auto loaded = application_.loaded();
        if (!loaded) return failed(loaded.error());
        if ((*loaded)->file.empty())
            return warning("no ringmaster.toml from here upwards; the defaults are used",
                           "`ringmaster init` writes one");
        return passed((*loaded)->file);
    }

    Outcome repository() {
        const auto name = application_.repository();
        if (!name) return failed(name.error());
        return passed(name->text());
    }

    Outcome token() {
        const auto token = application_.token();
        if (!token) return failed(token.error());
        const auto kind = token_kind(token->value);
        return passed("from " + token->from + (kind.empty() ? "" : ": " + kind));
    }

    Outcome forge() {
        const auto* answer = ask();
        if (answer == nullptr) return cannot_ask();
        if (answer->status == 200) return passed(answer->full_name + " can be read");
        if (answer->status == 401)
            return failed("the forge does not accept the token",
                          "run `gh auth login`, or set another GITHUB_TOKEN");
        if (answer->status == 404)
            return failed("the repository does not exist, or the token may not see it",
                          "check [project] repository, and that the token is for it");
        return failed(fmt::format("the forge answered {}", answer->status),
                      "run `ringmaster doctor -vv` to see why");
    }

    Outcome permission() {
        const auto* answer = ask();
        if (answer == nullptr || answer->status != 200) return skipped("the repository could not be read");
        if (answer->may_write())
            return passed(fmt::format("the token may write to the repository ({})", answer->permission));
        return failed("the token may not write to the repository",
                      "use a token of somebody with write access; in a workflow: permissions: issues: write, "
                      "pull-requests: write");
    }

    Outcome scopes() {
        const auto* answer = ask();
        if (answer == nullptr || answer->status != 200) return skipped("the repository could not be read");
        if (!answer->scopes)
            return passed("a token without classic scopes: what it may do is in its permissions");
        for (const auto scope : split(*answer->scopes, ','))
            if (trim(scope) == "repo" || trim(scope) == "public_repo")
                return passed("scopes: " + *answer->scopes);
        return failed("the token's scopes are: " + *answer->scopes,
                      "`gh auth refresh --scopes repo` adds the one that is needed");
    }

    Outcome clock() {
        const auto* answer = ask();
        if (answer == nullptr || !answer->date) return skipped("the forge did not tell its time");
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        const auto difference = std::chrono::abs(application_.clock().now() - *answer->date);
        const auto allowed = shows::LeaseTimes{.length = (*config)->config.lease}.margin();
        const auto text = format_duration_for_people(difference) + " away from the forge's";
        if (difference <= allowed) return passed(text);
        return failed(
            text,
            "set the clock (timedatectl set-ntp true): leases are safe only with clocks that agree to " +
                format_duration_for_people(allowed));
    }

    Outcome labels(bool may_write) {
        const auto service = application_.shows();
        if (!service) return skipped("the forge cannot be asked");
        auto& forge = (*service)->outside().forge;
        if (may_write) return try_label(forge);
        const auto stored = forge.list_definitions(shows::kTent);
        if (!stored) return failed(stored.error());
        std::size_t found = 0;
        for (const auto& wanted : shows::static_definitions())
            for (const auto& label : *stored) found += label.definition.name == wanted.name;
        const auto all = shows::static_definitions().size();
        if (found == all) return passed("all labels that people set are there");
        return warning(fmt::format("{} of the {} labels that people set are there", found, all),
                       "`ringmaster setup-labels` creates them");
    }

    Outcome state_folder() {
        const auto root = application_.state_root();
        if (!root) return failed(root.error());
        const auto probe = *root + "/doctor-" + application_.random_hex(4);
        if (const auto made = support::create_folders(*root); !made) return failed(made.error());
        if (const auto written = support::write_file_atomically(probe, "x"); !written)
            return failed(written.error());
        (void)support::remove_tree(probe);
        return passed(*root);
    }

    Outcome claims() {
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        if ((*config)->config.claims != ClaimsBackend::Database) {
            const bool is_refs = (*config)->config.claims == ClaimsBackend::Refs;
            return passed(fmt::format(
                "{} on the forge, lease {}, settling {}", is_refs ? "hidden refs" : "label tokens",
                format_duration((*config)->config.lease), format_duration((*config)->config.lease_settle)));
        }
        const auto service = application_.shows();
        if (!service) return failed(service.error());
        return passed("rows in " + (*config)->config.server.database +
                      ": every worker of the repository must use this file");
    }

    Outcome build_engine() {
        return with_engines([&](const EngineSurroundings& around) {
            if (around.config.build.engine == BuildEngine::Exec)
                return exec_program(**application_.loaded(), around.config.exec.builder);
            auto checkout = check_checkout(around, application_.clock(), application_.random_hex(4));
            const bool is_docker = around.config.build.engine == BuildEngine::Docker;
            return is_docker && checkout.verdict == cli::Verdict::Passed ? docker_build(around.config)
                                                                         : checkout;
        });
    }
    Outcome run_engine() {
        return with_engines([&](const EngineSurroundings& around) {
            switch (around.config.run.engine) {
                case RunEngine::Process:
                    return check_process_engine(around);
                case RunEngine::Docker:
                case RunEngine::Swarm:
                    return docker_engine(around.config);
                case RunEngine::Ecs:
                    return ecs_engine(**application_.loaded());
                case RunEngine::Exec:
                    return exec_program(**application_.loaded(), around.config.exec.runtime);
            }
            return skipped("unknown engine");
        });
    }
    Outcome router() {
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        const auto repository = application_.repository();
        support::PosixSubprocess subprocess;
        const auto side = RouterSide::open(
            {**config, application_.environment(), repository.value_or(RepositoryName{}), {}}, subprocess);
        if (!side) return failed(side.error());
        const auto router = (*side)->describe();
        if (!router) return failed(router.error());
        if ((*side)->may_break_connections())
            return warning(*router + "; a switch may break off connections that are just being opened",
                           "sysctl -w net.ipv4.tcp_migrate_req=1 (docs/engines/address.md)");
        return passed(*router);
    }
    Outcome limits() { return with_engines(check_limits); }
    Outcome secrets() { return with_engines(check_secrets); }

 private:
    /// From version 23 on `docker build` is the plugin buildx. `said`: "Docker version 28.2.2, build
    /// e6534b4".
    static bool builds_with_the_plugin_only(std::string_view said) {
        constexpr std::string_view kBefore = "Docker version ";
        constexpr int kFirstWithoutABuilder = 23;
        const auto at = said.find(kBefore);
        if (at == std::string_view::npos) return false;
        const auto rest = said.substr(at + kBefore.size());
        return parse_integer(rest.substr(0, rest.find('.'))).value_or(0) >= kFirstWithoutABuilder;
    }

    /// Whether the program that builds is there.
    Outcome docker_build(const Config& config) {
        const bool is_buildx = config.image.recipe.tool == docker::BuildTool::Buildx;
        ProcessSpec spec{.arguments = {"docker", "--version"},
                         .environment = docker_program_environment(config, application_.environment())};
        if (is_buildx) spec.arguments = {"docker", "buildx", "version"};
        support::PosixSubprocess subprocess;
        NoProgress quiet;
        auto result = subprocess.run(spec, quiet);
        if (!result) return failed("docker: there is no docker program", "install Docker's command line");
        if (!is_buildx && builds_with_the_plugin_only(result->output)) {
            spec.arguments = {"docker", "buildx", "version"};
            result = subprocess.run(spec, quiet);
        }
        if (result && result->exit_code == 0) return passed("docker: " + std::string(trim(result->output)));
        return failed("docker: the buildx plugin is missing",
                      "install it (package docker-buildx); a Docker before 23 also builds without it, with "
                      "[shows.build] tool = \"docker\"");
    }

    Outcome docker_engine(const Config& config) {
        support::PosixSubprocess subprocess;
        support::SystemEntropy entropy;
        const auto side = DockerSide::open({config, application_.environment(), {}, {}},
                                           {subprocess, application_.clock(), entropy});
        if (!side) return failed(side.error());
        const auto engine = (*side)->describe();
        if (!engine) return failed(engine.error());
        return passed((config.run.engine == RunEngine::Swarm ? "swarm: " : "docker: ") + *engine);
    }

    Outcome ecs_engine(const LoadedConfig& loaded) {
        support::PosixSubprocess subprocess;
        support::SystemEntropy entropy;
        const auto side = EcsSide::open({loaded, application_.environment(), {}, {}},
                                        {subprocess, application_.clock(), entropy});
        if (!side) return failed(side.error());
        const auto engine = (*side)->describe();
        return engine ? passed("ecs: " + *engine) : failed(engine.error());
    }

    Outcome exec_program(const LoadedConfig& loaded, const TextList& command) {
        const auto program = describe_plugin({loaded, application_.environment(), loaded.folder}, command);
        return program ? passed("exec: " + *program) : failed(program.error());
    }

    template <typename Look>
    Outcome with_engines(Look look) {
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        const auto root = application_.state_root();
        if (!root) return skipped("there is no state folder");
        return look(EngineSurroundings{(*config)->config, application_.environment(), *root,
                                       application_.git_folder(**config)});
    }

    const RepositoryAnswer* ask() {
        if (!has_asked_) answer_ = ask_once();
        has_asked_ = true;
        return answer_ ? &*answer_ : nullptr;
    }

    Outcome cannot_ask() const { return failure_ ? failed(*failure_) : skipped("the forge cannot be asked"); }

    std::optional<RepositoryAnswer> ask_once() {
        auto wiring = application_.wiring();
        if (!wiring) return fail_with(wiring.error());
        auto answer = ask_about_repository((*wiring)->client());
        if (!answer) return fail_with(answer.error());
        return *std::move(answer);
    }

    std::nullopt_t fail_with(Error error) {
        failure_ = std::move(error);
        return std::nullopt;
    }

    Outcome try_label(Forge& forge) {
        const auto name = "🎪 🩺 doctor-" + application_.random_hex(4);
        const LabelDefinition probe{name, "ededed", "Made by `ringmaster doctor`; may be deleted"};
        if (const auto made = forge.put_definitions(std::span(&probe, 1), Existing::Keep); !made)
            return failed(made.error());
        const auto stored = forge.list_definitions(name);
        if (!stored) return failed(stored.error());
        const auto deleted = forge.delete_unattached(*stored);
        if (!deleted) return failed(deleted.error());
        if (deleted->empty())
            return failed(fmt::format("the label \"{}\" was created but not deleted", name),
                          "delete it by hand");
        return passed("a label was created and deleted again");
    }

    Application& application_;
    bool has_asked_ = false;
    std::optional<RepositoryAnswer> answer_;
    std::optional<Error> failure_;
};

}  // namespace

std::vector<cli::Check> doctor_checks(Application& application, bool may_write) {
    const auto doctor = std::make_shared<Doctor>(application);
    std::vector<cli::Check> checks = {{"configuration", [doctor] { return doctor->configuration(); }},
                                      {"repository", [doctor] { return doctor->repository(); }},
                                      {"token", [doctor] { return doctor->token(); }},
                                      {"forge", [doctor] { return doctor->forge(); }},
                                      {"permission", [doctor] { return doctor->permission(); }},
                                      {"scopes", [doctor] { return doctor->scopes(); }},
                                      {"clock", [doctor] { return doctor->clock(); }},
                                      {"labels", [doctor, may_write] { return doctor->labels(may_write); }},
                                      {"claims", [doctor] { return doctor->claims(); }},
                                      {"build engine", [doctor] { return doctor->build_engine(); }},
                                      {"run engine", [doctor] { return doctor->run_engine(); }},
                                      {"limits", [doctor] { return doctor->limits(); }},
                                      {"secrets", [doctor] { return doctor->secrets(); }},
                                      {"state folder", [doctor] { return doctor->state_folder(); }}};
    // Whoever has none does not miss it.
    const auto config = application.loaded();
    if (config && (*config)->config.router.engine != RouterEngine::None)
        checks.push_back({"router", [doctor] { return doctor->router(); }});
    return checks;
}

}  // namespace ringmaster::app
