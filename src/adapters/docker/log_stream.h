#pragma once
// The log of a container or a service, read from the engine; it can be taken up again where it ended.

#include <string>

#include "adapters/docker/engine_client.h"
#include "ports/runtime.h"

namespace ringmaster::docker {

class LogStream {
 public:
    /// `path`: "/containers/ID/logs", "/services/ID/logs".
    LogStream(EngineClient& engine, std::string path, Progress& progress)
        : engine_(&engine), path_(std::move(path)), progress_(&progress) {}

    /// Hands its lines to the progress; with follow, until the engine ends the stream or the pulse stops it.
    /// Errors: NotFound, Unavailable, Corrupt, the pulse's own.
    Result<void> read(const LogOptions& options);
    /// What came since, and follows on.
    Result<void> read_on();

 private:
    Result<void> read_from(const std::string& query);

    EngineClient* engine_;
    std::string path_;
    Progress* progress_;
    std::string newest_;       ///< time of the newest entry that was handed out
    std::string since_ = "0";  ///< from which instant the first read was, as the API writes it
};

/// An instant as the API takes it, in seconds: "1795356545.123456789". `time` as the engine writes it in
/// logs; "" if it is none.
std::string seconds_of(std::string_view time);

}  // namespace ringmaster::docker
