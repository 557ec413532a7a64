#include "app/preset.h"

namespace ringmaster::app {

Result<std::vector<std::pair<std::string, ConfigValue>>> preset_values(std::string_view name) {
    if (name != "superset")
        return Fail(Error::invalid_input("there is no preset \"{}\"", name).hint("available: superset"));
    // Contract §6.5. The engines that this preset was made for (docker, ecs) are not in this version; their
    // values (image, cache, cluster, network, sizes) are listed in docs/compatibility.md and become keys with
    // them.
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
        {"shows.run.timeout", "10m"},
        {"shows.run.health", TextList{"/health", "/"}},
        {"shows.run.health_timeout", "15m"},
        {"shows.run.health_interval", "30s"},
        {"shows.run.health_request_timeout", "10s"},
    };
}

}  // namespace ringmaster::app
