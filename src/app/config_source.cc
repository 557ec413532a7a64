#include "app/config_source.h"

#include <filesystem>

#include "adapters/support/files.h"

namespace ringmaster::app {

namespace {

constexpr const char* kFileName = "ringmaster.toml";
constexpr std::size_t kMostConfigBytes = 1 << 20;  // a thousand times what a full one has

/// As it is shown in messages: relative where it lies below the working directory.
std::string short_name(const std::string& path, const std::string& working_directory) {
    const auto relative = std::filesystem::path(path).lexically_relative(working_directory).string();
    return relative.empty() || relative.starts_with("..") ? path : relative;
}

Result<std::string> read_config_file(const std::string& path) {
    auto text = support::read_file(path, kMostConfigBytes);
    if (text) return text;
    return Fail(std::move(text)
                    .error()
                    .while_doing("reading the configuration")
                    .hint("give --config the path of a file that can be read, or leave it out"));
}

}  // namespace

std::string find_config_file(const std::string& working_directory) {
    for (std::filesystem::path folder = working_directory;; folder = folder.parent_path()) {
        const auto candidate = (folder / kFileName).string();
        if (support::exists(candidate)) return candidate;
        if (folder == folder.root_path() || folder.empty()) return {};
    }
}

Result<LoadedConfig> load_config(const ConfigRequest& request, const cli::Environment& environment) {
    std::vector<Layer> layers;
    layers.push_back(TRY(layer_from_assignments(request.assignments)));
    layers.push_back(TRY(layer_from_environment(environment)));
    const std::string file = request.file.empty()
                                 ? find_config_file(request.working_directory)
                                 : (std::filesystem::path(request.working_directory) / request.file).string();
    if (!file.empty()) {
        const auto text = TRY(read_config_file(file));
        layers.push_back(TRY(parse_config(text, short_name(file, request.working_directory))));
    }
    layers.push_back(TRY(layer_from_github(environment)));
    auto loaded = TRY(combine(layers, request.default_preset));
    loaded.file = file;
    loaded.folder =
        file.empty() ? request.working_directory : std::filesystem::path(file).parent_path().string();
    for (auto& [name, path] : loaded.config.run.secret_files)
        path = (std::filesystem::path(loaded.folder) / path).lexically_normal().string();
    return loaded;
}

}  // namespace ringmaster::app
