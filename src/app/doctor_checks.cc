#include "app/doctor_checks.h"

#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "app/application.h"
#include "app/git.h"
#include "app/wiring.h"
#include "base/text.h"
#include "cli/run.h"
#include "shows/labels.h"
#include "shows/token_claims.h"

namespace ringmaster::app {

using cli::Verdict;
using Outcome = cli::Check::Outcome;

namespace {

Outcome passed(std::string detail) {
    return {Verdict::Passed, std::move(detail), {}};
}
Outcome failed(const Error& error) {
    return {Verdict::Failed, error.describe(), cli::next_step(error)};
}
Outcome failed(std::string detail, std::string mend) {
    return {Verdict::Failed, std::move(detail), std::move(mend)};
}
Outcome warning(std::string detail, std::string mend) {
    return {Verdict::Warning, std::move(detail), std::move(mend)};
}
Outcome skipped(std::string detail) {
    return {Verdict::Skipped, std::move(detail), {}};
}

/// What the forge says of the repository; asked once, looked at by several checks.
struct RepositoryAnswer {
    int status = 0;
    bool may_push = false;
    std::string full_name;
    std::optional<std::string> scopes;  ///< of a classic token
    std::optional<TimePoint> date;
};

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
        const bool is_given = application_.environment().has("GITHUB_TOKEN");
        return passed(is_given ? "from GITHUB_TOKEN" : "from `gh auth token`");
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
        if (answer->may_push) return passed("the token may write to the repository");
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
        if ((*config)->config.claims == ClaimsBackend::Labels)
            return passed(fmt::format("label tokens on the forge, lease {}, settling {}",
                                      format_duration((*config)->config.lease),
                                      format_duration((*config)->config.lease_settle)));
        const auto service = application_.shows();
        if (!service) return failed(service.error());
        return passed("rows in " + (*config)->config.server.database +
                      ": every worker of the repository must use this file");
    }

    Outcome build_engine() {
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        support::PosixSubprocess subprocess;
        LocalGit git(subprocess, (*config)->folder, application_.environment());
        if (!git.top_folder())
            return failed("there is no git repository to take versions from",
                          "run it in a clone of the repository, or set [shows.build] source");
        const bool builds = !(*config)->config.build.command.empty();
        return passed(builds ? "checkout, then [shows.build] command"
                             : "checkout; there is nothing to build");
    }

    Outcome run_engine() {
        const auto config = application_.loaded();
        if (!config) return skipped("the configuration cannot be read");
        const auto& run = (*config)->config.run;
        for (const auto& name : run.secrets)
            if (!application_.environment().get(name))
                return failed(
                    fmt::format("the secret {} is not set", name),
                    "set this variable where shows are started, or take it out of [shows.run] secrets");
        if (run.engine != RunEngine::Process) return docker_engine((*config)->config);
        if (run.command.empty())
            return failed("process: there is no command to start a show with", "set [shows.run] command");
        return passed(fmt::format("process: on this machine, ports {}-{}", run.first_port, run.last_port));
    }

 private:
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

    const RepositoryAnswer* ask() {
        if (!has_asked_) answer_ = ask_once();
        has_asked_ = true;
        return answer_ ? &*answer_ : nullptr;
    }

    Outcome cannot_ask() const { return failure_ ? failed(*failure_) : skipped("the forge cannot be asked"); }

    std::optional<RepositoryAnswer> ask_once() {
        auto wiring = application_.wiring();
        if (!wiring) return fail_with(wiring.error());
        auto& client = (*wiring)->client();
        auto response =
            client.exchange({.path = client.repository_path(), .doing = "reading the repository"});
        if (!response) return fail_with(response.error());
        RepositoryAnswer answer{.status = response->status};
        if (const auto scopes = response->header("x-oauth-scopes"); scopes && !scopes->empty())
            answer.scopes = std::string(*scopes);
        if (const auto date = response->header("date")) answer.date = parse_http_date(*date);
        if (const auto body = support::JsonReader::parse(response->body, "the repository")) {
            answer.full_name = body->optional_string("full_name").value_or("");
            if (const auto permissions = body->find("permissions"); permissions && *permissions)
                answer.may_push = (*permissions)->boolean("push").value_or(false);
        }
        return answer;
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
    return {{"configuration", [doctor] { return doctor->configuration(); }},
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
            {"state folder", [doctor] { return doctor->state_folder(); }}};
}

}  // namespace ringmaster::app
