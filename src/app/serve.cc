// `serve` and `demo` are wired here.

#include "app/application.h"

namespace ringmaster::app {

Result<cli::ExitCode> Application::serve(const cli::ServeOptions&) {
    return Fail(Error::failed("this build has no service"));
}

Result<cli::ExitCode> Application::demo(const cli::DemoOptions&) {
    return Fail(Error::failed("this build has no demo"));
}

}  // namespace ringmaster::app
