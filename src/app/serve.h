#pragma once
// What `ringmaster serve` and the demo share: the service as the configuration wants it, and the words that a
// running one says.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/config.h"
#include "base/time.h"
#include "cli/output.h"
#include "ports/clock.h"
#include "server/server.h"

namespace ringmaster::app {

/// A line a happening, with its time; from any thread.
class ServiceLog {
 public:
    ServiceLog(cli::Stream& stream, Clock& clock) : stream_(stream), clock_(clock) {}
    void write(std::string_view line);

 private:
    std::mutex mutex_;
    cli::Stream& stream_;
    Clock& clock_;
};

/// `listen`: "host:port". Errors: InvalidInput.
Result<server::ServerOptions> server_options(const Config& config, const RepositoryName& repository,
                                             const std::string& listen, std::string webhook_secret);

}  // namespace ringmaster::app
