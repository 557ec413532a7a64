#include "app/preset.h"

namespace ringmaster::app {

Result<std::vector<std::pair<std::string, ConfigValue>>> preset_values(std::string_view name) {
    if (name != "superset")
        return Fail(Error::invalid_input("there is no preset \"{}\"", name).hint("available: superset"));
    // Contract §6.5.
    return std::vector<std::pair<std::string, ConfigValue>>{
        {"shows.ttl", "48h"},
        {"shows.comment_style", "superset"},
        {"shows.required_commit", "47414e18d4c2980d0cc4718b3e704845f7dfd356"},
        {"shows.credentials", "admin/admin"},
        {"shows.feature_flag_prefix", "SUPERSET_FEATURE_"},
        {"shows.build.env", TextMap{{"INCLUDE_CHROMIUM", "false"}, {"LOAD_EXAMPLES_DUCKDB", "true"}}},
        {"shows.build.args", TextMap{{"INCLUDE_CHROMIUM", "false"}, {"LOAD_EXAMPLES_DUCKDB", "true"}}},
        {"shows.build.image", "apache/superset:pr-{pr}-{sha}-ci"},
        {"shows.build.target", "showtime"},
        {"shows.build.platforms", TextList{"linux/amd64"}},
        {"shows.build.cache_from", TextList{"type=registry,ref=apache/superset-cache:showtime"}},
        {"shows.build.cache_to", TextList{"type=registry,mode=max,ref=apache/superset-cache:showtime"}},
        {"shows.build.output", "push"},
        {"shows.build.image_labels", "none"},
        {"shows.build.timeout", "60m"},
        {"shows.run.env", TextMap{{"SUPERSET_LOAD_EXAMPLES", "yes"},
                                  {"SUPERSET_PORT", "8080"},
                                  {"SUPERSET_SECRET_KEY", "super-secret-for-ephemerals"},
                                  {"TALISMAN_ENABLED", "False"},
                                  {"SUPERSET__SQLALCHEMY_EXAMPLES_URI", "sqlite:////tmp/examples.db"},
                                  {"SUPERSET_LOG_LEVEL", "DEBUG"},
                                  {"PYTHONUNBUFFERED", "1"},
                                  {"SERVER_WORKER_AMOUNT", "4"},
                                  {"SERVER_THREADS_AMOUNT", "1"}}},
        {"shows.run.port", std::int64_t{8080}},
        {"shows.ecs.region", "us-west-2"},
        {"shows.ecs.cluster", "superset-ci"},
        {"shows.ecs.subnets", TextList{"subnet-0e15a5034b4121710", "subnet-0e8efef4a72224974"}},
        {"shows.ecs.security_groups", TextList{"sg-092ff3a6ae0574d91"}},
        {"shows.ecs.cpu", std::int64_t{512}},
        {"shows.ecs.memory", std::int64_t{2048}},
        {"shows.ecs.task_role", "ecsTaskExecutionRole"},
        {"shows.ecs.execution_role", "ecsTaskExecutionRole"},
        {"shows.ecs.family", "superset-ci"},
        {"shows.ecs.container", "superset-ci"},
        {"shows.ecs.log_group", "/ecs/superset-ci"},
        {"shows.ecs.create_log_group", "no"},
        {"shows.ecs.tags", TextMap{{"pr", "{pr}"},
                                   {"github_user", "{requested_by}"},
                                   {"showtime_created", "{created}"},
                                   {"showtime_expires", "{expires}"},
                                   {"showtime_managed", "true"}}},
        {"shows.ecs.adopt_showtime", "yes"},
        {"shows.run.timeout", "10m"},
        {"shows.run.health", TextList{"/health", "/"}},
        {"shows.run.health_timeout", "15m"},
        {"shows.run.health_interval", "30s"},
        {"shows.run.health_request_timeout", "10s"},
    };
}

}  // namespace ringmaster::app
