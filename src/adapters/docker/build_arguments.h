#pragma once
// The command line of one build with Docker, from what the configuration says. Pure, so that it can be
// compared word by word with what superset-showtime ran (docs/compatibility.md).

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/commit_sha.h"

namespace ringmaster::docker {

/// Where a finished image goes.
enum class Output {
    Load,  ///< to the engine of this machine
    Push,  ///< to its registry
    Both,
};
/// What builds.
enum class BuildTool {
    Buildx,  ///< docker buildx build
    Docker,  ///< docker build, then docker push
};
/// OCI labels that say where an image is from.
enum class ImageLabels { Oci, None };

struct BuildRecipe {
    BuildTool tool = BuildTool::Buildx;
    Output output = Output::Load;
    std::string file;           ///< empty = Dockerfile in the context
    std::string context = ".";  ///< below the checkout
    std::string target;
    std::map<std::string, std::string> arguments;
    std::vector<std::string> platforms;
    std::vector<std::string> cache_from;
    std::vector<std::string> cache_to;
    std::map<std::string, std::string> secrets;  ///< id → "env:NAME" or "file:PATH"
    ImageLabels labels = ImageLabels::Oci;
};

/// Of one version.
struct BuildFacts {
    std::string image;
    CommitSha commit;
    std::string source_url;  ///< of the repository; empty = unknown
    TimePoint now;
    bool is_from_fork = false;  ///< its build gets no secrets
};

/// The program and its arguments, run in the checkout. Errors: InvalidInput (a platform or cache that `docker
/// build` does not know, a secret that is neither env: nor file:).
Result<std::vector<std::string>> build_command(const BuildRecipe& recipe, const BuildFacts& facts);
/// The push that `docker build` cannot do by itself; empty: nothing is left to do.
std::vector<std::string> push_command(const BuildRecipe& recipe, const std::string& image);

}  // namespace ringmaster::docker
