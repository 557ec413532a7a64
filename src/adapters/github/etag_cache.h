#pragma once
// Answers with an ETag, kept on disk, so that asking again costs nothing of the rate limit while they are
// unchanged (github-facts 3.10). Only ever a saving: whatever is wrong with a file, it is as if it were not
// there.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/entropy.h"
#include "ports/http_client.h"

namespace ringmaster::github {

class EtagCache {
 public:
    /// The folder is made (0700) when something is stored; empty = keeps nothing. Answers differ by token and
    /// by Accept, so both are part of the key; the token only as a hash.
    EtagCache(std::string folder, std::string_view token, Entropy& entropy);

    struct Entry {
        std::string etag;
        std::string body;
    };
    std::optional<Entry> find(std::string_view url, std::string_view accept) const;
    void store(std::string_view url, std::string_view accept, const Entry& entry);

 private:
    std::string key_of(std::string_view url, std::string_view accept) const;
    std::string folder_;
    std::string token_hash_;
    Entropy& entropy_;
};

}  // namespace ringmaster::github
