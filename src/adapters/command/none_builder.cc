#include "adapters/command/none_builder.h"

namespace ringmaster::command {
Result<NoneBuilder> NoneBuilder::create(NoneBuilderSettings settings, Subprocess& subprocess, Clock& clock) {
    if (settings.checkout && !settings.directory.empty())
        return Fail(Error::invalid_input("a build has either a folder ({}) or a checkout, not both",
                                         settings.directory));
    NoneBuilder builder;
    if (!settings.image.empty()) builder.image_ = TRY(support::ImagePattern::parse(settings.image));
    builder.directory_ = std::move(settings.directory);
    if (settings.checkout) builder.workspace_.emplace(std::move(*settings.checkout), subprocess, clock);
    return builder;
}

Result<Artifact> NoneBuilder::build(const BuildSpec& spec, Progress& progress) {
    Artifact artifact{.directory = directory_};
    const auto nothing_more = [](const Workspace::Attempt&, Progress&) { return Result<void>(); };
    if (workspace_) artifact = TRY(workspace_->produce(spec, {"checkout"}, nothing_more, progress));
    if (image_) artifact.image = TRY(image_->fill(spec));
    return artifact;
}

Result<void> NoneBuilder::remove(const ShowId& show) {
    if (!workspace_) return {};
    return workspace_->remove(show);
}

}  // namespace ringmaster::command
