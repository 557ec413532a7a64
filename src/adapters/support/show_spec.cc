#include "adapters/support/show_spec.h"

namespace ringmaster::support {

Result<void> check_show(const ShowSpec& spec, const RepositoryName& repository) {
    if (spec.show.repository != repository)
        return Fail(Error::invalid_input("this runtime runs shows of {}, not of {}", repository.text(),
                                         spec.show.repository.text()));
    if (spec.show.sha != spec.commit.short_sha())
        return Fail(
            Error::invalid_input("{} cannot run commit {}", spec.show.base_name(), spec.commit.text()));
    return {};
}

}  // namespace ringmaster::support
