#include "app/application.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "adapters/support/files.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_entropy.h"
#include "app/config_keys.h"
#include "app/embedded_files.h"
#include "app/flows_side.h"
#include "app/git.h"
#include "app/private_file.h"
#include "app/project_facts.h"
#include "app/wiring.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/registry.h"

namespace ringmaster::app {

Application::Application(std::string_view name, cli::Environment environment, std::string working_directory)
    : program_(cli::program_called(name)),
      environment_(std::move(environment)),
      working_directory_(std::move(working_directory)),
      out_(stdout, environment_),
      err_(stderr, environment_) {
    config_request_.working_directory = working_directory_;
    if (&program_ == &cli::showtime_program()) config_request_.default_preset = "superset";
}

Application::~Application() = default;

bool Application::may_prompt() {
    return !prompts_are_off_ && !environment_.has("RINGMASTER_NO_PROMPT") && input_.is_terminal() &&
           err_.traits().is_terminal;
}

Result<void> Application::accept_common_options(const cli::Arguments& arguments) {
    if (program_.common_options.empty()) return {};  // showtime has none; its own -v means something else
    config_request_.file = arguments.text("config").value_or("");
    config_request_.assignments = arguments.all("set");
    if (const auto repository = arguments.text("repository"))
        config_request_.assignments.push_back("project.repository=" + *repository);
    prompts_are_off_ = arguments.flag("no-prompt");
    verbosity_ = arguments.count("verbose");
    return {};
}

void Application::work_elsewhere(cli::Environment environment, std::string working_directory) {
    environment_ = std::move(environment);
    working_directory_ = std::move(working_directory);
    config_request_.working_directory = working_directory_;
    config_.reset();
    wiring_.reset();
    history_.reset();
    flows_.reset();
}

Result<LoadedConfig*> Application::loaded() {
    if (!config_) config_ = TRY(load_config(config_request_, environment_));
    return &*config_;
}

Result<cli::ConfigReport> Application::config() {
    auto* loaded_config = TRY(loaded());
    cli::ConfigReport report{.file = loaded_config->file};
    for (const auto& spec : config_keys()) {
        const auto& setting = loaded_config->effective.find(spec.key)->second;
        report.entries.push_back({spec.key, to_toml(setting.value), setting.origin});
    }
    return report;
}

Result<cli::ProjectFacts> Application::look_at_project() {
    support::PosixSubprocess subprocess;
    LocalGit git(subprocess, working_directory_, environment_);
    auto facts = look_at_folder(git.top_folder().value_or(working_directory_));
    facts.repository = repository_of_remote(git.origin());
    return facts;
}

std::vector<std::pair<std::string, std::string>> Application::workflows() {
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& file : workflow_files())
        files.emplace_back(fmt::format(".github/workflows/{}", file.path), file.text);
    return files;
}

bool Application::file_exists(const std::string& path) {
    return support::exists(path);
}

Result<void> Application::write_file(const std::string& path, std::string_view text, bool overwrite) {
    if (!overwrite && support::exists(path)) return Fail(Error::conflict("{} exists already", path));
    if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0)
        TRY(support::create_folders(path.substr(0, slash)));
    return support::write_file_atomically(path, text);
}

Result<void> Application::write_private_file(const std::string& path, std::string_view text) {
    return app::write_private_file(path, text);
}

Result<void> Application::append_file(const std::string& path, std::string_view text) {
    const support::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
    if (!file.is_open()) return Fail(support::file_error("open", path, errno));
    while (!text.empty()) {
        const auto written = ::write(file.number(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return Fail(support::file_error("write", path, errno));
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::string> Application::read_file(const std::string& path) {
    return support::read_file(path);
}

Result<void> Application::remove_file(const std::string& path) {
    return support::remove_tree(path);
}

std::string Application::random_hex(std::size_t bytes) {
    support::SystemEntropy entropy;
    return entropy.hex(bytes);
}

int Application::finish(cli::ExitCode code) {
    const bool is_written = out_.finish();
    err_.finish();
    if (is_written || code != cli::kDone) return code;
    std::fputs("error: the result could not be written to stdout\n", stderr);
    return cli::kFailed;
}

}  // namespace ringmaster::app
