#pragma once
// Where the runtime keeps what it knows: {state}/{owner}/{name}/pr-12-abc1234-service/ with identity.json
// (see service_record.h), the app's log, and how it ended.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/process/service_record.h"
#include "base/result.h"

namespace ringmaster::process {

class StateFolder {
 public:
    explicit StateFolder(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    std::string folder_of(const ShowId& show) const;
    /// nullopt: there is none. Errors: Corrupt (names the file), Unavailable.
    Result<std::optional<ServiceRecord>> read(const ShowId& show) const;
    Result<void> write(const ServiceRecord& record) const;
    /// Of one repository, ordered by folder name. One that cannot be read is an error: never a shorter list.
    Result<std::vector<ServiceRecord>> list(const RepositoryName& repository) const;
    /// Of all repositories that share this folder; what cannot be read is passed over.
    std::set<std::uint16_t> ports_on_record() const;
    /// nullopt: the app runs, or nobody saw it end.
    std::optional<AppEnd> read_end(const ShowId& show) const;
    /// All but the folder itself (it is locked), the record last: what is half removed is still found.
    Result<void> empty(const ShowId& show) const;

 private:
    std::string path_;
};

}  // namespace ringmaster::process
