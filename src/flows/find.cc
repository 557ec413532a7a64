// What the code says: flows and settings, of the checkout or of a commit.

#include <algorithm>

#include "base/text.h"
#include "flows/dotenv.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

std::string below(const std::string& top, const std::string& path) {
    if (path.empty() || path == ".") return top;
    return path.starts_with('/') ? path : top + "/" + path;
}

}  // namespace

Result<FoundFlows> FlowService::find_below(const std::string& top, Progress& progress) {
    FoundFlows all;
    for (const auto& path : settings_.paths) {
        auto found = TRY(outside_.finder.find({.root = below(top, path), .files = {}}, progress));
        std::ranges::move(found.flows, std::back_inserter(all.flows));
        std::ranges::move(found.problems, std::back_inserter(all.problems));
        all.files += found.files;
    }
    std::ranges::copy(settings_.entrypoints, std::back_inserter(all.flows));
    return all;
}

Result<SettingsFile> FlowService::settings_below(const std::string& top) {
    if (settings_.settings_file.empty()) return SettingsFile{};
    const auto text = TRY(outside_.read_file(below(top, settings_.settings_file)));
    return parse_settings(text, settings_.settings_file);
}

/// Always of the checkout: variables belong to the machine that deploys, not to the commit.
Result<std::map<std::string, std::string>> FlowService::variables_of(const std::string& environment,
                                                                     const std::string& top) {
    if (settings_.variables_file.empty()) return Variables{};
    const auto name = replace_all(settings_.variables_file, "{environment}", environment);
    const auto text =
        TRY_WHILE(outside_.read_file(below(top, name)), "reading the variables of {}", environment);
    return parse_dotenv(text, name);
}

Result<SourceState> FlowService::state(Progress& progress) {
    std::vector<std::string> paths = settings_.paths;
    std::erase(paths, ".");
    if (!paths.empty() && !settings_.settings_file.empty()) paths.push_back(settings_.settings_file);
    return outside_.source.state(paths, progress);
}

Result<std::string> FlowService::branch_or(const std::string& branch, const SourceState& state) const {
    if (!branch.empty()) return branch;
    if (state.branch) return *state.branch;
    return Fail(Error::invalid_input("no branch is checked out here, and a deployment belongs to one")
                    .hint("say which with --branch"));
}

Result<void> FlowService::check_environment(const std::string& environment) const {
    const auto& known = settings_.environments;
    if (known.empty() || std::ranges::find(known, environment) != known.end()) {
        if (!environment.empty()) return {};
        return Fail(Error::invalid_input("no environment was named"));
    }
    const auto near = nearest_word(environment, known);
    return Fail(Error::invalid_input("there is no environment {}", sanitize_for_terminal(environment))
                    .hint((near ? fmt::format("did you mean {}? ", *near) : "") +
                          "[flows] environments names " + join(known, ", ")));
}

Result<FoundFlows> FlowService::find(Progress& progress) {
    const auto state = TRY(this->state(progress));
    return find_below(state.top, progress);
}

Result<FlowService::Code> FlowService::checked_out(const SourceState& state, Progress& progress) {
    auto found = TRY(find_below(state.top, progress));
    return Code{state.top, std::move(found.flows), TRY(settings_below(state.top))};
}

/// The checkout itself where it is that commit, unchanged; else the commit's files in a folder of their own
/// for as long as they are read.
Result<FlowService::Code> FlowService::code_at(const CommitSha& commit, const SourceState& state,
                                               Progress& progress) {
    if (commit == state.head && state.is_clean()) return checked_out(state, progress);
    const auto folder = TRY(outside_.make_folder());
    const auto read = [&]() -> Result<Code> {
        TRY(outside_.source.export_commit(commit, folder, progress));
        auto found = TRY(find_below(folder, progress));
        return Code{folder, std::move(found.flows), TRY(settings_below(folder))};
    };
    auto code = read();
    outside_.remove_folder(folder);
    return code;
}

}  // namespace ringmaster::flows
