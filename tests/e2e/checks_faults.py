"""What happens when something breaks: the forge, a build, a service, permission, space."""

import os
import signal

from harness import LEASE_SECONDS, START, check, expect, expect_equal, wait_for


@check("B7 a service that cannot be removed keeps its labels, and the exit code says so")
def delete_refused(stage):
    number, sha, address = stage.created()
    held = stage.hold_service(number, sha)
    try:
        refused = stage.run("stop", str(number), "--yes", expect_exit=None, timeout=120,
                            RINGMASTER_SHOWS_RUN_STOP_GRACE="1s")
        expect_equal(refused.returncode, 1, refused.stdout + refused.stderr)
        expect(f"🎪 🎯 {sha[:7]}" in stage.tent_labels(number), "the labels are gone:", stage.tent_labels(number))
        expect(stage.visit(address), "the show is gone")
        expect(not any("is stopped" in body for body in stage.comments(number)), "the comment says it is gone")
    finally:
        os.close(held)
    stage.run("stop", str(number), "--yes")
    stage.expect_gone(number)


@check("B8 a listing that fails or breaks off deletes nothing")
def failed_listing(stage):
    number, sha, address = stage.created()
    for how in ("before", "cut"):
        # Everything that lists fails for good; what a sweep would then delete from absence would be this show.
        stage.proxy.breaks = lambda asked, how=how: None if asked.writes else how
        failed = stage.run("cleanup", "--older-than", "0h", "--force", expect_exit=None, timeout=120)
        expect(failed.returncode != 0, "a cleanup that saw nothing reports success:", failed.stdout)
        stage.proxy.breaks = lambda asked: None
        expect(stage.running(number), "labels changed:", stage.tent_labels(number))
        expect(stage.visit(address), "the show is gone")


@check("502 before and after the effect of any write: the sync ends well, or the next one mends it")
def bad_gateway(stage):
    # Every third write is not done, every third is done and said to have failed.
    for index, how in enumerate(("before", "after", "cut")):
        number, sha = stage.open_pull_request(f"gateway-{how}")
        stage.add_labels(number, START)
        count = iter(range(10_000))
        stage.proxy.breaks = lambda asked, how=how, count=count: how if asked.writes and next(count) % 3 == 1 else None
        stage.run("sync", str(number), expect_exit=None, timeout=120)
        stage.proxy.breaks = lambda asked: None

        def mended():
            stage.run("sync", str(number), expect_exit=None)
            return stage.running(number)

        show = wait_for(mended, LEASE_SECONDS + 20, f"a show after 502 {how} the effect",
                        lambda: stage.tent_labels(number))
        expect_equal(show[0], sha[:7])
        expect_equal(len(stage.show_processes()), index + 1, "one process a show")


@check("the forge is away: the error says so, exit is not 0, nothing is started")
def forge_away(stage):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    stage.proxy.breaks = lambda asked: "before"
    failed = stage.run("sync", str(number), expect_exit=None, timeout=120)
    expect(failed.returncode not in (0, 2), failed.returncode)
    expect("502" in failed.stderr, failed.stderr)
    expect_equal(stage.show_processes(), [])


@check("a state folder that cannot be made: the error says so, and the labels stay as people set them")
def no_state(stage):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    for folder, said in (("/dev/full/state", "/dev/full"), ("/proc/state", "/proc/state")):
        failed = stage.run("sync", str(number), expect_exit=1, RINGMASTER_PROJECT_STATE=folder)
        expect(said in failed.stderr, failed.stderr)
        expect_equal(stage.tent_labels(number), [START], folder)
    expect_equal(stage.show_processes(), [])


@check("a build that fails: failed on the labels, the cause in the comment, the old show serves on")
def broken_build(stage):
    number, old, address = stage.created()
    new = stage.push(broken="yes")
    failed = stage.run("sync", str(number), expect_exit=1)
    expect("exit code 3" in failed.stdout + failed.stderr, failed.stdout, failed.stderr)
    labels = stage.tent_labels(number)
    expect(f"🎪 {new[:7]} 🚦 failed" in labels and f"🎪 🎯 {old[:7]}" in labels, labels)
    expect(stage.visit(address), "the old show is gone")
    body = "\n".join(stage.comments(number))
    expect("cannot find the frobnicator" in body and "exit code 3" in body, body)
    expect_equal(len(stage.comments(number)), 1, "comments")
    mended = stage.push(broken=None)
    stage.run("sync", str(number))
    expect_equal(stage.running(number)[0], mended[:7])


@check("a show that never answers is failed and removed")
def never_healthy(stage):
    number, sha = stage.open_pull_request(unhealthy="yes")
    stage.add_labels(number, START)
    failed = stage.run("sync", str(number), expect_exit=None, RINGMASTER_SHOWS_RUN_HEALTH_TIMEOUT="1s")
    expect(failed.returncode in (1, 75), failed.returncode)
    expect(f"🎪 {sha[:7]} 🚦 failed" in stage.tent_labels(number), stage.tent_labels(number))
    expect_equal(stage.show_processes(), [])


@check("Ctrl-C during a build: exit 130, the build is ended, the lease released, the next sync at once")
def interrupted(stage):
    number, sha = stage.open_pull_request(slow="60")
    stage.add_labels(number, START)
    worker = stage.start("sync", str(number))
    wait_for(lambda: any("sleep" in stage.command_line(pid) for pid in stage.processes_of_state()), 20, "the build")
    worker.send_signal(signal.SIGINT)
    out, err = worker.communicate(timeout=10)
    expect_equal(worker.returncode, 130, out + err)
    expect_equal(stage.lease_tokens(), [], "lease tokens")
    expect_equal(stage.processes_of_state(), [], "processes of the build")
    stage.push(slow="0")
    stage.add_labels(number, START)
    stage.run("sync", str(number))
    expect(stage.running(number), stage.tent_labels(number))


@check("a person who may only read cannot start a show, in a workflow or on a terminal")
def permission_denied(stage):
    stage.person("mallory", "read")
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    denied = stage.run("sync", str(number), expect_exit=1, GITHUB_ACTIONS="true", GITHUB_ACTOR="mallory")
    expect("mallory" in denied.stdout + denied.stderr, denied.stdout, denied.stderr)
    unknown = stage.run("sync", str(number), expect_exit=1, GITHUB_ACTIONS="true", GITHUB_ACTOR="nobody-known")
    expect("nobody-known" in unknown.stdout + unknown.stderr, unknown.stderr)
    expect_equal(stage.show_processes(), [])
    expect(not any("blocked" in name for name in stage.tent_labels(number)), "the pull request was blocked for all")


@check("a wrong token is exit 4 and says so")
def wrong_token(stage):
    number, _ = stage.open_pull_request()
    denied = stage.run("status", str(number), expect_exit=4, GITHUB_TOKEN="not-a-token")
    expect("token" in denied.stderr.lower(), denied.stderr)


@check("the limit of shows holds: one more is refused with a reason, and starts when there is room")
def limit(stage):
    first, _, _ = stage.created("first")
    second, _ = stage.open_pull_request("second")
    stage.add_labels(second, START)
    stage.run("sync", str(second), expect_exit=None, RINGMASTER_SHOWS_LIMIT="1")
    expect(not stage.running(second), "a second show runs")
    expect_equal(len(stage.show_processes()), 1)
    stage.run("stop", str(first), "--yes")
    if START not in stage.labels(second):
        stage.add_labels(second, START)
    stage.run("sync", str(second), RINGMASTER_SHOWS_LIMIT="1")
    expect(stage.running(second), stage.tent_labels(second))


@check("a pull request from a fork waits for an approval of its very commit")
def fork(stage):
    number, sha = stage.open_fork_pull_request()
    stage.add_labels(number, START)
    stage.run("sync", str(number), expect_exit=None)
    expect_equal(stage.show_processes(), [], "unapproved code runs")
    stage.run("sync", str(number), "--check-only")
    stage.add_labels(number, START)
    stage.run("start", str(number), "--sha", sha)
    expect(stage.running(number), stage.tent_labels(number))


@check("a replacement is seamless: a visitor sees no failed request")
def seamless(stage):
    number, _, _ = stage.created()
    wanted = stage.push()
    worker = stage.start("sync", str(number))
    visits = failed = 0

    def settled():
        nonlocal visits, failed
        show = stage.running_pointer(number)
        if show and not stage.visit(show) and stage.running_pointer(number) == show:
            failed += 1
        visits += 1
        return worker.poll() is not None

    wait_for(settled, 60, "the replacement")
    worker.communicate()
    expect_equal(stage.running(number)[0], wanted[:7])
    expect_equal(failed, 0, f"failed of {visits} visits")
    expect(visits > 5, "too few visits to mean something:", visits)
