"""Work that nobody wants any more: it ends within seconds, it leaves nothing, and a worker that slept through the end of
its lease does nothing when it wakes."""

import os
import signal
import time

from harness import LEASE_SECONDS, START, STOP, check, expect, expect_equal, wait_for

# Never within a check: then only a webhook can have told the worker.
UNWATCHED = {"serving": True, "server_arguments": ("--set", "shows.watch_interval=1h")}
SECONDS_TO_END = 3


def build_processes(stage):
    return [pid for pid in stage.processes_of_state() if "sleep" in stage.command_line(pid)]


def building(stage, **files):
    """A pull request whose build sleeps for a minute, in a child of its own too."""
    number, sha = stage.open_pull_request(**{"slow": "60", "build.sh": SLOW_BUILD} | files)
    stage.add_labels(number, START)
    wait_for(lambda: len(build_processes(stage)) >= 2, 20, "the build", lambda: stage.tent_labels(number))
    return number, sha


SLOW_BUILD = '''\
if [ -f slow ]; then sleep "$(cat slow)" & sleep "$(cat slow)"; fi
'''


def expect_build_ends(stage, began):
    wait_for(lambda: not build_processes(stage), SECONDS_TO_END, "the build's end", lambda: [
        stage.command_line(pid) for pid in stage.processes_of_state()])
    return f"the build ended after {time.monotonic() - began:.1f} s"


def folders(stage, part):
    below = os.path.join(stage.state, part, "ada/hello")
    return sorted(os.listdir(below)) if os.path.isdir(below) else []


@check("serve: a close ends a build that is under way within 3 s, without waiting for its watch", **UNWATCHED)
def closed(stage):
    number, _ = building(stage)
    began = time.monotonic()
    stage.close(number)
    said = expect_build_ends(stage, began)
    wait_for(lambda: not stage.tent_labels(number) and not stage.lease_tokens(), 10, "the end",
             lambda: stage.tent_labels(number))
    expect_equal((folders(stage, "builds"), folders(stage, "shows")), ([], []), "partial results")
    return said


@check("serve: a stop label ends a build that is under way within 3 s, without waiting for its watch", **UNWATCHED)
def stopped(stage):
    number, _ = building(stage)
    began = time.monotonic()
    stage.add_labels(number, STOP)
    said = expect_build_ends(stage, began)
    wait_for(lambda: not stage.tent_labels(number) and not stage.lease_tokens(), 10, "the end",
             lambda: stage.tent_labels(number))
    expect_equal((folders(stage, "builds"), folders(stage, "shows")), ([], []), "partial results")
    return said


@check("serve: a push ends the older version's build within 3 s, and the newer one runs", **UNWATCHED)
def superseded(stage):
    number, old = building(stage)
    began = time.monotonic()
    new = stage.push(slow="0")
    said = expect_build_ends(stage, began)
    show = wait_for(lambda: stage.running(number), 20, "the newer version", lambda: stage.tent_labels(number))
    expect_equal(show[0], new[:7])
    wait_for(lambda: not stage.lease_tokens(), 10, "no lease token", stage.lease_tokens)
    expect_equal(folders(stage, "builds"), [f"pr-{number}-{new[:7]}"], "partial results")
    return said


@check("a worker that sleeps through its lease does nothing when it wakes: another one's show stays as it is")
def woken_late(stage):
    number, _ = stage.open_pull_request(slow="2")
    stage.add_labels(number, START)
    late = stage.start("sync", str(number))
    wait_for(lambda: build_processes(stage), 20, "the build", lambda: stage.tent_labels(number))
    late.send_signal(signal.SIGSTOP)
    new = stage.push(slow="0")
    time.sleep(LEASE_SECONDS * 1.25 + 1)  # what is tested is that this much time goes by
    stage.run("sync", str(number))
    show = stage.running_pointer(number)
    expect(show and f"🎪 🎯 {new[:7]}" in stage.tent_labels(number), stage.tent_labels(number))

    def everything():
        return (stage.labels(number), stage.comments(number), stage.show_processes(), stage.lease_tokens(),
                folders(stage, "shows"), stage.rest("GET", "/repos/ada/hello/deployments"))

    before = everything()
    late.send_signal(signal.SIGCONT)
    out, err = late.communicate(timeout=30)
    expect(late.returncode not in (0, 2), f"exit {late.returncode}: {out}{err}")
    expect_equal(everything(), before, "what the late worker changed")
    expect(stage.visit(show), "the show is gone")
    # What it had half built held its folder while it slept; now that goes too.
    wait_for(lambda: not build_processes(stage), SECONDS_TO_END, "the end of the late worker's build")
    stage.run("sync", str(number))
    expect_equal(stage.running(number)[0], new[:7])
    expect_equal(folders(stage, "builds"), [f"pr-{number}-{new[:7]}"], "partial results")
