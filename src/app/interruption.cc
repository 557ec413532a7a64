#include "app/interruption.h"

#include <unistd.h>

#include <csignal>

namespace ringmaster::app {

namespace {

volatile std::sig_atomic_t signals_seen = 0;

// Only async-signal-safe calls (man 7 signal-safety).
void on_signal(int) {
    signals_seen = signals_seen + 1;
    if (signals_seen > 1) _exit(130);
    static constexpr char kNotice[] = "\nStopping cleanly; press Ctrl-C again to stop at once.\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kNotice, sizeof kNotice - 1);
}

}  // namespace

Interruption::Interruption() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before{};
        sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);  // nohup stays nohup
    }
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);  // a reader that went away must not end us while we hold a claim
}

Result<void> Interruption::pulse() {
    if (signals_seen == 0) return {};
    return Fail(Error::interrupted("interrupted"));
}

}  // namespace ringmaster::app
