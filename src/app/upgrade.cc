// The notice of a newer version: the parts that touch the machine. What is said and when:
// cli/upgrade_notice.h.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "adapters/support/curl_http_client.h"
#include "adapters/support/files.h"
#include "app/application.h"
#include "app/background.h"
#include "app/release_check.h"
#include "cli/registry.h"
#include "cli/upgrade_notice.h"
#include "cli/version.h"

namespace ringmaster::app {

namespace {

/// dpkg keeps the files of each package in a list (dpkg-query(1), /var/lib/dpkg/info).
bool is_of_a_package(const std::string& path) {
    const auto list = support::read_file("/var/lib/dpkg/info/ringmaster.list");
    return list && ("\n" + *list + "\n").find("\n" + path + "\n") != std::string::npos;
}

}  // namespace

void Application::command_ended(const cli::Command& command, bool as_json) {
    const bool is_ours = &program_ == &cli::ringmaster_program() && !command.hidden;
    if (!is_ours || !cli::may_tell_of_upgrades(environment_, err_.traits(), as_json)) return;
    const auto settings = loaded();
    if (!settings || (*settings)->config.releases.empty()) return;
    const auto folder = cache_folder();
    if (folder.empty() || !support::create_folders(folder)) return;
    const auto file = folder + "/newest-release";
    const auto memory = cli::parse_upgrade_memory(support::read_file(file).value_or(""));
    const auto program = own_path();
    const auto& forge = (*settings)->config.forge;
    const auto& releases = (*settings)->config.releases;
    const auto step = cli::next_upgrade_step(memory, clock_.now(), cli::kVersion,
                                             cli::installation_of(program, is_of_a_package(program)),
                                             fmt::format("{}/{}/releases", forge.web_url, releases));
    if (step.memory == memory) return;
    // Written first: where nothing can be remembered, nobody is asked or told again and again.
    if (!support::write_file_atomically(file, cli::print_upgrade_memory(step.memory))) return;
    if (!step.notice.empty()) err_.line("\n" + err_.paint(cli::Style::Dim, step.notice));
    if (step.ask && !program.empty())
        start_in_background(program,
                            {"ringmaster", "__look-for-release",
                             fmt::format("{}/repos/{}/releases/latest", forge.api_url, releases), file});
}

void Application::look_for_release(const std::string& url, const std::string& memory_file) {
    support::CurlOptions options;
    options.ca_file = environment_.value_or("SSL_CERT_FILE", "");
    support::CurlHttpClient http(std::move(options));
    const auto newest = ask_newest_release(http, url);
    if (!newest) return;
    auto memory = cli::parse_upgrade_memory(support::read_file(memory_file).value_or(""));
    memory.latest = *newest;
    (void)support::write_file_atomically(memory_file, cli::print_upgrade_memory(memory));
}

}  // namespace ringmaster::app
