#include "adapters/docker/build_arguments.h"

#include "base/text.h"

namespace ringmaster::docker {
namespace {

class Words {
 public:
    explicit Words(std::vector<std::string> first) : words_(std::move(first)) {}
    Words& add(std::string word) {
        words_.push_back(std::move(word));
        return *this;
    }
    Words& option(const char* name, std::string value) { return add(name).add(std::move(value)); }
    std::vector<std::string> take() { return std::move(words_); }

 private:
    std::vector<std::string> words_;
};

/// "id=npm,env=NPM_TOKEN": BuildKit mounts it for single steps; it is in no layer and no history
/// (https://docs.docker.com/build/building/secrets/).
Result<std::string> secret_mount(const std::string& id, const std::string& source) {
    const auto colon = source.find(':');
    const auto kind = source.substr(0, colon);
    const bool is_known = colon != std::string::npos && (kind == "env" || kind == "file");
    const bool is_plain = (id + source).find_first_of(",\"") == std::string::npos;
    if (!is_known || !is_plain || id.empty() || source.size() == colon + 1)
        return Fail(Error::invalid_input("the build secret {} is \"{}\"", id, sanitize_for_terminal(source))
                        .hint("write env:NAME of a variable, or file:PATH"));
    return fmt::format("id={},{}={}", id, kind == "file" ? "src" : "env", source.substr(colon + 1));
}

// https://github.com/opencontainers/image-spec/blob/main/annotations.md
void add_labels(Words& words, const BuildFacts& facts) {
    const auto label = [&](const char* name, const std::string& value) {
        words.option("--label", fmt::format("org.opencontainers.image.{}={}", name, value));
    };
    label("revision", facts.commit.text());
    if (!facts.source_url.empty()) label("source", facts.source_url);
    label("created", format_iso8601(facts.now));
}

Result<void> check_tool(const BuildRecipe& recipe) {
    if (recipe.tool == BuildTool::Buildx) return {};
    if (!recipe.cache_to.empty())
        return Fail(Error::invalid_input("`docker build` cannot write a cache ([shows.build] cache_to)")
                        .hint("set [shows.build] tool = \"buildx\" and install the buildx plugin"));
    if (recipe.platforms.size() > 1)
        return Fail(Error::invalid_input("`docker build` makes an image for one platform, not for {}",
                                         recipe.platforms.size())
                        .hint("set [shows.build] tool = \"buildx\" and install the buildx plugin"));
    return {};
}

}  // namespace

Result<std::vector<std::string>> build_command(const BuildRecipe& recipe, const BuildFacts& facts) {
    TRY(check_tool(recipe));
    const bool is_buildx = recipe.tool == BuildTool::Buildx;
    // The order is superset-showtime's, so that the two can be compared word by word.
    Words words(is_buildx ? std::vector<std::string>{"docker", "buildx", "build"}
                          : std::vector<std::string>{"docker", "build"});
    if (is_buildx && recipe.output != Output::Load) words.add("--push");
    if (!recipe.platforms.empty()) words.option("--platform", join(recipe.platforms, ","));
    if (!recipe.file.empty()) words.option("--file", recipe.file);
    if (!recipe.target.empty()) words.option("--target", recipe.target);
    for (const auto& [name, value] : recipe.arguments) words.option("--build-arg", name + "=" + value);
    if (!facts.is_from_fork)
        for (const auto& [id, source] : recipe.secrets)
            words.option("--secret", TRY(secret_mount(id, source)));
    if (recipe.labels == ImageLabels::Oci) add_labels(words, facts);
    words.option("-t", facts.image);
    for (const auto& cache : recipe.cache_from) words.option("--cache-from", cache);
    for (const auto& cache : recipe.cache_to) words.option("--cache-to", cache);
    if (is_buildx && recipe.output != Output::Push) words.add("--load");
    return words.add(recipe.context).take();
}

std::vector<std::string> push_command(const BuildRecipe& recipe, const std::string& image) {
    if (recipe.tool == BuildTool::Buildx || recipe.output == Output::Load) return {};
    return {"docker", "push", image};
}

}  // namespace ringmaster::docker
