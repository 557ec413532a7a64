#include "app/application.h"
#include "app/wiring.h"
namespace ringmaster::app {
Result<shows::ShowService*> Application::shows() {
    return Fail(Error::failed("x"));
}
Result<History*> Application::history() {
    return Fail(Error::failed("x"));
}
Result<std::string> Application::holder_file(int) {
    return Fail(Error::failed("x"));
}
Result<cli::GitCheck> Application::git_check() {
    return Fail(Error::failed("x"));
}
std::vector<cli::Check> Application::checks(bool) {
    return {};
}
Result<void> Application::open_url(const std::string&) {
    return Fail(Error::failed("x"));
}
Result<cli::ExitCode> Application::serve(const cli::ServeOptions&) {
    return Fail(Error::failed("x"));
}
Result<cli::ExitCode> Application::demo(const cli::DemoOptions&) {
    return Fail(Error::failed("x"));
}
}  // namespace ringmaster::app
