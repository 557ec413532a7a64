#include "app/config_keys.h"

namespace ringmaster::app {

const std::vector<SectionSpec>& config_sections() {
    static const std::vector<SectionSpec> sections = {
        {"project", "What this is about."},
        {"shows", "Shows: environments of pull requests."},
        {"shows.build", "From a commit to something that can run."},
        {"shows.run", "Where and how a show runs."},
        {"shows.docker", "Run engines docker and swarm."},
        {"shows.swarm", "Run engine swarm."},
        {"shows.ecs", "Run engine ecs."},
        {"shows.router", "A stable address for each pull request."},
        {"shows.exec", "Engines exec: programs of your own. `ringmaster check-plugin` tries them."},
        {"shows.policy", "Who may have a show."},
        {"flows", "Flows: units of work found in the code, and their deployments."},
        {"flows.promote", "What holds for promotions to an environment.", "ENVIRONMENT"},
        {"flows.local", "Orchestrator local."},
        {"flows.prefect", "Orchestrator prefect."},
        {"server", "`ringmaster serve`."},
        {"forge", "GitHub, GitHub Enterprise, or a forge that speaks the same."},
    };
    return sections;
}

}  // namespace ringmaster::app
