#include "adapters/command/none_builder.h"

#include "base/text.h"

namespace ringmaster::command {
namespace {

struct Words {
    std::string pr, sha, full_sha;
};

// Errors: InvalidInput, with the word that is not known.
Result<std::string> fill(std::string_view pattern, const Words& words) {
    std::string filled;
    for (;;) {
        const auto open = pattern.find('{');
        filled += pattern.substr(0, open);
        if (open == std::string_view::npos) return filled;
        const auto close = pattern.find('}', open);
        if (close == std::string_view::npos)
            return Fail(Error::invalid_input("the image \"{}\" has a '{{' without its '}}'", pattern));
        const auto word = pattern.substr(open + 1, close - open - 1);
        if (word == "pr")
            filled += words.pr;
        else if (word == "sha")
            filled += words.sha;
        else if (word == "full_sha")
            filled += words.full_sha;
        else
            return Fail(Error::invalid_input("the image has an unknown word {{{}}}", word)
                            .hint("known are {pr}, {sha} and {full_sha}"));
        pattern.remove_prefix(close + 1);
    }
}

}  // namespace

Result<NoneBuilder> NoneBuilder::create(NoneBuilderSettings settings, Subprocess& subprocess, Clock& clock) {
    TRY(fill(settings.image, {}));
    if (settings.checkout && !settings.directory.empty())
        return Fail(Error::invalid_input("a build has either a folder ({}) or a checkout, not both",
                                         settings.directory));
    NoneBuilder builder;
    builder.image_ = std::move(settings.image);
    builder.directory_ = std::move(settings.directory);
    if (settings.checkout) builder.workspace_.emplace(std::move(*settings.checkout), subprocess, clock);
    return builder;
}

Result<Artifact> NoneBuilder::build(const BuildSpec& spec, Progress& progress) {
    Artifact artifact{.directory = directory_};
    const auto nothing_more = [](const Workspace::Attempt&, Progress&) { return Result<void>(); };
    if (workspace_) artifact = TRY(workspace_->produce(spec, {"checkout"}, nothing_more, progress));
    artifact.image = TRY(fill(
        image_, {std::to_string(spec.show.pull_request_number), spec.show.sha.text(), spec.commit.text()}));
    return artifact;
}

Result<void> NoneBuilder::remove(const ShowId& show) {
    if (!workspace_) return {};
    return workspace_->remove(show);
}

}  // namespace ringmaster::command
