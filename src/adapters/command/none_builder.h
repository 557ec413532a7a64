#pragma once
// Build engine "none": the version exists already (an image that CI pushed, an installed program) or needs
// nothing but its files.

#include <optional>
#include <string>

#include "adapters/support/image_pattern.h"
#include "adapters/support/workspace.h"
#include "ports/builder.h"

namespace ringmaster::command {

using support::Workspace;

struct NoneBuilderSettings {
    /// Pattern of the image's reference; see support::ImagePattern. Empty = no image.
    std::string image;
    /// A folder that serves every version; empty = none. Not together with `checkout`.
    std::string directory;
    /// Set: the artifact's folder is a checkout of the commit, made here.
    std::optional<Workspace::Settings> checkout;
};

class NoneBuilder final : public Builder {
 public:
    /// Errors: InvalidInput (a pattern that is none, a folder and a checkout both).
    static Result<NoneBuilder> create(NoneBuilderSettings settings, Subprocess& subprocess, Clock& clock);

    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    Result<void> remove(const ShowId& show) override;

 private:
    NoneBuilder() = default;
    std::optional<support::ImagePattern> image_;
    std::string directory_;
    std::optional<Workspace> workspace_;
};

}  // namespace ringmaster::command
