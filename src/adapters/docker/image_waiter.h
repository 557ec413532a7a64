#pragma once
// A builder that waits for what another system builds: CI pushes the image of a commit some minutes after the
// commit.

#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "ports/builder.h"
#include "ports/clock.h"

namespace ringmaster::docker {

/// Whether an image is there, on the engine or in its registry.
using ImageFinder = std::function<Result<bool>(const std::string& image, Progress& progress)>;

class ImageWaiter final : public Builder {
 public:
    /// `inner` names the image; it is looked for until it is there, at most `patience`.
    ImageWaiter(std::unique_ptr<Builder> inner, ImageFinder finder, Duration patience, Clock& clock)
        : inner_(std::move(inner)), finder_(std::move(finder)), patience_(patience), clock_(&clock) {}

    /// Errors: as the inner one's, NotFound (it did not come in time), Unauthorized (the registry wants a
    /// login).
    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    Result<void> remove(const ShowId& show) override { return inner_->remove(show); }

 private:
    std::unique_ptr<Builder> inner_;
    ImageFinder finder_;
    Duration patience_;
    Clock* clock_;
};

}  // namespace ringmaster::docker
