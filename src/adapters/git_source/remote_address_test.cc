#include "adapters/git_source/remote_address.h"

#include <gtest/gtest.h>

namespace ringmaster::git_source {
namespace {

TEST(RemoteAddress, LosesWhatCouldBeASecretAndKeepsWhatIsNeededToClone) {
    const std::pair<const char*, const char*> cases[] = {
        {"https://github.com/acme/orders.git", "https://github.com/acme/orders.git"},
        {"https://secret@github.com/acme/orders.git", "https://github.com/acme/orders.git"},
        {"https://x-access-token:secret@github.com/acme/orders", "https://github.com/acme/orders"},
        {"https://me:se@cret@github.com:8443/acme/orders", "https://github.com:8443/acme/orders"},
        {"https://host/a/b?access_token=secret#secret", "https://host/a/b"},
        {"https://host", "https://host"},
        {"HTTPS://secret@host/a", "HTTPS://host/a"},
        {"ssh://git@host:22/a/b", "ssh://git@host:22/a/b"},
        {"ssh://git:secret@host/a/b", "ssh://git@host/a/b"},
        {"git@github.com:acme/orders.git", "git@github.com:acme/orders.git"},
        {"git:secret@host:acme/orders.git", "git@host:acme/orders.git"},
        {"host:acme/orders@2", "host:acme/orders@2"},
        {"/srv/git/a@b.git", "/srv/git/a@b.git"},
        {"../orders", "../orders"},
        {"file:///srv/a?b", "file:///srv/a?b"},
        {"", ""},
    };
    for (const auto& [given, expected] : cases)
        EXPECT_EQ(address_without_credentials(given), expected) << given;
}

}  // namespace
}  // namespace ringmaster::git_source
