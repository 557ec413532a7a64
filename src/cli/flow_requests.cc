#include "cli/flow_requests.h"

#include "cli/flow_display.h"

namespace ringmaster::cli {

namespace {

Option text(std::string name, std::string help, std::string value_name) {
    return {.name = std::move(name),
            .kind = OptionKind::Text,
            .help = std::move(help),
            .value_name = std::move(value_name)};
}

}  // namespace

std::vector<Option> deploy_options() {
    return {
        text("to", "The environment; the first one if nothing is said", "ENV"),
        text("ref", "A commit, branch or tag, instead of what is checked out", "REF"),
        text("branch", "The branch that deployments are named after; the checked-out one if nothing is said",
             "BRANCH"),
        text("image", "The container image, instead of the configured one", "IMAGE"),
        text("package-version", "The version of the package, instead of the configured one", "VERSION")};
}

std::vector<Option> promote_options() {
    auto settings =
        text("settings",
             "Take schedules, parameters and the like from the version's own commit, as the source "
             "environment has them, or from the checkout",
             "WHERE");
    settings.choices = {"commit", "source", "checkout"};
    settings.default_value = "commit";
    return {text("to", "The environment that gets the version", "ENV"),
            text("from", "The environment that has it; the one before --to if nothing is said", "ENV"),
            text("branch", "The branch of the deployments; the checked-out one if nothing is said", "BRANCH"),
            std::move(settings)};
}

flows::DeployRequest deploy_request(const Arguments& arguments) {
    return {.flows = flows_of(arguments),
            .environment = arguments.text("to").value_or(""),
            .ref = arguments.text("ref").value_or(""),
            .branch = arguments.text("branch").value_or(""),
            .image = arguments.text("image").value_or(""),
            .package_version = arguments.text("package-version").value_or("")};
}

flows::PromoteRequest promote_request(const Arguments& arguments) {
    const auto where = arguments.text("settings").value_or("commit");
    return {.flows = flows_of(arguments),
            .from = arguments.text("from").value_or(""),
            .to = arguments.text("to").value_or(""),
            .branch = arguments.text("branch").value_or(""),
            .settings = where == "source"     ? flows::SettingsFrom::Source
                        : where == "checkout" ? flows::SettingsFrom::Checkout
                                              : flows::SettingsFrom::Commit};
}

}  // namespace ringmaster::cli
