// flows: the files beside the code. Any bytes are settings, variables, a plan, a window or a schedule, or are
// refused with the place; and what is read holds what the types promise.
#include "base/cron.h"
#include "domain/deployment_json.h"
#include "domain/deployment_name.h"
#include "flows/dotenv.h"
#include "flows/plan_json.h"
#include "flows/settings_file.h"
#include "flows/window.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    const auto settings = flows::parse_settings(text, "flows.yaml");
    RM_ASSERT(settings || settings.error().message().starts_with("flows.yaml:"), "a mistake has its place");
    if (settings)
        for (const auto& [name, entry] : settings->flows) (void)settings->of(name, "prod");

    if (const auto variables = flows::parse_dotenv(text, "dev.env")) {
        const auto again = flows::parse_dotenv(flows::print_dotenv(*variables), "dev.env");
        RM_ASSERT(again && *again == *variables, "what is printed is read back");
    }

    if (const auto plan = flows::plan_from_json(text)) {
        const auto again = flows::plan_from_json(flows::to_json_text(*plan));
        RM_ASSERT(again && again->digest() == plan->digest(), "a plan is read back as it was");
    }
    if (const auto spec = spec_from_json(text)) {
        const auto again = spec_from_json(to_json_text(*spec));
        RM_ASSERT(again.has_value(), "a deployment is read back");
    }

    if (const auto window = flows::Window::parse(text)) (void)window->contains(TimePoint{}, Duration{});
    if (const auto cron = Cron::parse(text)) (void)cron->next_after(TimePoint{}, TimeZone());
    (void)DeploymentName::parse(text, {std::string(text)});
}
