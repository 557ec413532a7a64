"""The ten acceptance checks of the compatibility contract (Appendix B), each as real processes on the local forge."""

import signal

from harness import LEASE_SECONDS, START, STOP, check, expect, expect_equal, wait_for


@check("B1 after a create there is one pointer and one status, and status, list, stop and close see the show")
def one_pointer(stage):
    number, sha, address = stage.created()
    sha7 = sha[:7]
    labels = stage.tent_labels(number)
    expect_equal([name for name in labels if name.startswith("🎪 🎯 ")], [f"🎪 🎯 {sha7}"])
    expect_equal(stage.statuses(number), [f"🎪 {sha7} 🚦 running"])
    expect(not any("🏗" in name for name in labels), "a building pointer is left:", labels)
    expect("version" in (stage.visit(address) or ""), "the show does not answer")
    expect(sha7 in stage.run("status", str(number)).stdout, "status does not see it")
    expect(sha7 in stage.run("list").stdout, "list does not see it")
    stage.run("stop", str(number), "--yes")
    stage.expect_gone(number)

    other, _, _ = stage.created("other")
    stage.close(other)
    stage.run("sync", str(other))
    stage.expect_gone(other)


@check("B2 a show that the original labelled (no pointer) is adopted, and stop ends it")
def adopted(stage):
    number, sha, address = stage.created()
    stage.remove_label(number, f"🎪 🎯 {sha[:7]}")
    expect(sha[:7] in stage.run("status", str(number)).stdout, "status does not see it without a pointer")
    stage.run("stop", str(number), "--yes")
    stage.expect_gone(number)
    expect(stage.visit(address) is None, "it still answers")


@check("B4 several syncs at once leave one live show, of the newest commit")
def concurrent(stage):
    number, _ = stage.open_pull_request(slow="1")
    stage.add_labels(number, START)
    first = [stage.start("sync", str(number)) for _ in range(3)]
    wait_for(lambda: stage.statuses(number), 20, "a claim")
    newest = stage.push(slow="0")
    second = [stage.start("sync", str(number)) for _ in range(3)]
    for child in first + second:
        child.communicate(timeout=90)
    # Whoever lost said so; one more look is what the service would do.
    stage.run("sync", str(number), expect_exit=None)
    show = stage.running(number)
    expect(show and show[0] == newest[:7], "not the newest:", stage.tent_labels(number))
    wait_for(lambda: len(stage.show_processes()) == 1, 5, "one process", lambda: stage.show_processes())
    expect_equal(stage.lease_tokens(), [], "lease tokens")


KILL_POINTS = [
    ("claimed", lambda stage, number: stage.lease_tokens() or None),
    ("building", lambda stage, number: any("🚦 building" in name for name in stage.statuses(number))),
    ("build running", lambda stage, number: any("sleep" in stage.command_line(pid)
                                                for pid in stage.processes_of_state())),
    ("built", lambda stage, number: any("🚦 built" in name or "🚦 deploying" in name
                                        for name in stage.statuses(number))),
    ("running", lambda stage, number: any("🚦 running" in name for name in stage.statuses(number))),
]


def killed_at(stage, point, reached):
    number, sha = stage.open_pull_request(point.replace(" ", "-"), slow="0.5")
    stage.add_labels(number, START)
    worker = stage.start("sync", str(number))
    wait_for(lambda: reached(stage, number) or worker.poll() is not None, 20, f"the point \"{point}\"",
             lambda: stage.tent_labels(number))
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    def next_run():
        result = stage.run("sync", str(number), expect_exit=None)
        expect(result.returncode in (0, 75, 1), f"exit {result.returncode}: {result.stderr}")
        return stage.running(number)

    show = wait_for(next_run, LEASE_SECONDS + 20, f"convergence after a kill at \"{point}\"",
                    lambda: stage.tent_labels(number))
    expect_equal(show[0], sha[:7])
    expect(stage.visit(show[1]), "the show does not answer")
    expect_equal(len(stage.show_processes()), 1, "processes of shows")
    stage.run("stop", str(number), "--yes")
    stage.run("cleanup", "--force", expect_exit=None)
    expect_equal(stage.tent_labels(number), [])
    expect_equal(stage.show_processes(), [])


for _point, _reached in KILL_POINTS:
    check(f"B5 killed when {_point}: the next run converges")(
        lambda stage, point=_point, reached=_reached: killed_at(stage, point, reached))


@check("B6 a stop during the build leaves nothing")
def stop_during_build(stage):
    number, _ = stage.open_pull_request(slow="60")
    stage.add_labels(number, START)
    worker = stage.start("sync", str(number))
    wait_for(lambda: any("🚦 building" in name for name in stage.statuses(number)), 20, "the build's begin")
    stage.add_labels(number, STOP)
    worker.communicate(timeout=40)
    stage.run("sync", str(number), expect_exit=None)
    stage.expect_gone(number)


@check("B6 a close during the build leaves nothing")
def close_during_build(stage):
    number, _ = stage.open_pull_request(slow="60")
    stage.add_labels(number, START)
    worker = stage.start("sync", str(number))
    wait_for(lambda: any("🚦 building" in name for name in stage.statuses(number)), 20, "the build's begin")
    stage.close(number)
    worker.communicate(timeout=40)
    stage.run("sync", str(number), expect_exit=None)
    stage.expect_gone(number)


@check("B8 twelve shows: all twelve are seen")
def twelve(stage):
    numbers = []
    for index in range(12):
        number, _ = stage.open_pull_request(f"branch-{index}")
        stage.add_labels(number, START)
        numbers.append(number)
    for first in range(0, 12, 4):
        for child in [stage.start("sync", str(number)) for number in numbers[first:first + 4]]:
            out, err = child.communicate(timeout=90)
            expect_equal(child.returncode, 0, out + err)
    listed = stage.json("list", "--json")
    expect_equal(sorted(show["pull_request"] for show in listed), numbers)
    expect_equal(len(stage.show_processes()), 12)


@check("B9 check-only is byte-exact however it is run, and no dry run writes")
def byte_exact(stage):
    number, sha = stage.open_pull_request()
    names = [f"🎪 {index} showtime-trigger-start-{index}" for index in range(8)] + [START]
    stage.add_labels(number, *names)
    writes_before = stage.writes()
    plain = stage.run("sync", str(number), "--check-only", GITHUB_ACTOR="x[bot]")
    odd = stage.run("sync", str(number), "--check-only", GITHUB_ACTOR="x[bot]", COLUMNS="40", FORCE_COLOR="1",
                    TERM="xterm-256color", CLICOLOR_FORCE="1")
    expect_equal(odd.stdout, plain.stdout, "the same bytes")
    expect("\x1b" not in odd.stdout, "escape codes in machine-read output")
    lines = plain.stdout.splitlines()
    for key, value in (("pr_number", str(number)), ("target_sha", sha), ("github_actor", "x[bot]"),
                       ("action_needed", "create_environment"), ("build_needed", "true"), ("sync_needed", "true")):
        expect_equal([line for line in lines if f"{key}=" in line], [f"{key}={value}"])
    expect_equal(stage.writes(), writes_before, "--check-only wrote")
    stage.run("sync", str(number), "--dry-run-github", "--dry-run-aws", "--dry-run-docker", expect_exit=None)
    expect_equal(stage.writes(), writes_before, "a dry run wrote")
    expect_equal(stage.show_processes(), [], "a dry run started something")


@check("B10 a login of 39 characters and a bot's login deploy")
def logins(stage):
    for login in ("a" * 39, "dependabot[bot]"):
        stage.person(login, "write")
        number, sha = stage.open_pull_request("by-" + login[:5])
        stage.add_labels(number, START)
        stage.run("sync", str(number), "--sha", sha, GITHUB_ACTIONS="true", GITHUB_ACTOR=login)
        expect(stage.running(number), f"no show for {login}:", stage.tent_labels(number))
        expect(all(len(name.encode("utf-16-le")) <= 100 for name in stage.labels(number)), "a label too long")


@check("B10 the steps of the reference workflow run against the program under its old name")
def workflow(stage):
    number, sha = stage.open_pull_request()
    stage.add_labels(number, START)
    stage.person("ada-lovelace", "write")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ada-lovelace", "GITHUB_ORG": "ada",
                   "GITHUB_REPO": "hello"}
    showtime = stage.under_the_name("showtime")
    expect(stage.call(showtime, "version", **environment).stdout.startswith("🎪 Superset Showtime v"), "version")
    checked = stage.call(showtime, "sync", str(number), "--check-only", **environment).stdout
    found = {key: [line.split("=", 1)[1] for line in checked.splitlines() if line.startswith(key + "=")]
             for key in ("build_needed", "sync_needed", "pr_number", "target_sha")}
    expect_equal(found, {"build_needed": ["true"], "sync_needed": ["true"], "pr_number": [str(number)],
                         "target_sha": [sha]})
    done = stage.call(showtime, "sync", str(number), "--sha", sha, RINGMASTER_SHOWS_PRESET="", **environment)
    expect("🎪 ✅ Sync completed: create_environment" in done.stdout, done.stdout)
    expect(stage.running(number), "no show:", stage.tent_labels(number))
