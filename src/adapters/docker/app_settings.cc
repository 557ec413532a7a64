#include "adapters/docker/app_settings.h"

#include "adapters/support/show_spec.h"
namespace ringmaster::docker {

std::vector<std::string> environment_of(const AppSettings& settings, const ShowSpec& spec) {
    std::map<std::string, std::string> all = settings.environment;
    const auto add = [&](const std::map<std::string, std::string>& more) {
        for (const auto& [name, value] : more) all[name] = value;
    };
    add(spec.environment);
    if (!spec.is_from_fork) add(settings.secrets);
    add({{"PORT", std::to_string(settings.port)},
         {"HOST", "0.0.0.0"},
         {"RINGMASTER_PR", std::to_string(spec.show.pull_request_number)},
         {"RINGMASTER_SHA", spec.commit.text()},
         {"RINGMASTER_REPOSITORY", spec.show.repository.text()}});
    std::vector<std::string> lines;
    lines.reserve(all.size());
    for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
    return lines;
}

long long whole_seconds(Duration duration) {
    return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

Result<void> check_spec(const AppSettings& settings, const ShowSpec& spec) {
    TRY(support::check_show(spec, settings.repository));
    if (spec.artifact.image.empty())
        return Fail(Error::invalid_input("Docker needs an image to run, and the build made none")
                        .hint("use [shows.build] engine = \"docker\", or \"none\" with an image"));
    return {};
}

}  // namespace ringmaster::docker
