#pragma once
// Names of container images with the version filled in: what `[shows.build] image` says, for engines that
// build one and for those that find it built.

#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/builder.h"

namespace ringmaster::support {

class ImagePattern {
 public:
    /// A reference in which {pr}, {sha} (seven digits), {full_sha} and {branch} stand for the version's.
    /// Without any of them and without a tag, ":pr-{pr}-{sha}-ci" is added. Errors: InvalidInput (an unknown
    /// word, a brace without its pair).
    static Result<ImagePattern> parse(std::string_view text);

    /// The reference of this version's image. Errors: InvalidInput (the result is no reference).
    Result<std::string> fill(const BuildSpec& spec) const;
    const std::string& text() const { return text_; }

 private:
    explicit ImagePattern(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// A branch as part of a tag: what a tag may not hold becomes '-' ("feature/x" → "feature-x").
std::string branch_for_tag(std::string_view branch);

}  // namespace ringmaster::support
