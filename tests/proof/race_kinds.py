"""Who races whom, and what must come of it. A kind is a function of (stage, place, count) that plays one round on a pull
request of its own; `place` is (number, branch, commit)."""

import random
import time

import judge
from checking import START, STOP, expect, expect_equal, wait_for

# Busy and superseded are ordinary ends of one who came second.
ORDINARY = (0, 75)


def all_at_once(stage, commands):
    children = [stage.start(*command) for command in commands]
    ended = [stage.finish(child) for child in children]
    for done in ended:
        expect(done.returncode in ORDINARY, f"{done.args[1:]}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return ended


def settle(stage, number):
    """What the sweep or the next event would do."""
    done = stage.finish(stage.start("sync", str(number)))
    expect(done.returncode == 0, f"the last sync: exit {done.returncode}: {done.stdout}{done.stderr}")


def expect_built_once(stage, number):
    many = {sha[:7]: count for sha, count in stage.builds_of(number).items() if count != 1}
    expect(not many, f"versions of #{number} that were built more than once:", many)


def same_version(stage, place, count):
    """`count` syncs of one version: one builds it, once; without any help it runs."""
    number, _, sha = place
    stage.add_labels(number, START)
    all_at_once(stage, [["sync", str(number)]] * count)
    judge.expect_running(stage, number, sha)
    expect_equal(stage.builds_of(number), {sha: 1}, "builds")


def different_versions(stage, place, count):
    """Jobs of several pushes come at once, in any order: the newest wins, and no version is built twice."""
    number, branch, sha = place
    versions = [sha]
    for _ in range(count - 1):
        versions.append(stage.commit(f"Change {branch} again {len(versions)}", versions[-1]))
    stage.push_commits({branch: versions[-1]})
    stage.add_labels(number, START)
    commands = [["sync", str(number), "--sha", version] for version in versions]
    random.shuffle(commands)
    all_at_once(stage, commands)
    settle(stage, number)
    judge.expect_running(stage, number, versions[-1])
    expect_built_once(stage, number)


def pushed_meanwhile(stage, place, count):
    """Pushes and syncs at once: the newest wins."""
    number, branch, sha = place
    stage.add_labels(number, START)
    children = []
    for _ in range(count):
        children.append(stage.start("sync", str(number)))
        sha = stage.new_version(branch, sha)
    for child in children:
        done = stage.finish(child)
        expect(done.returncode in ORDINARY, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    settle(stage, number)
    judge.expect_running(stage, number, sha)
    expect_built_once(stage, number)


def against_stop(stage, place, count):
    """A stop among syncs: whatever the order, the stop wins."""
    number, _, _ = place
    stage.add_labels(number, START)
    children = [stage.start("sync", str(number)) for _ in range(count - 1)]
    time.sleep(random.random() * 0.5)
    stage.add_labels(number, STOP)
    children.append(stage.start("sync", str(number)))
    for child in children:
        done = stage.finish(child)
        expect(done.returncode in ORDINARY, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    settle(stage, number)
    judge.expect_gone(stage, number)


def against_stop_command(stage, place, count):
    """`stop` waits for whoever is at work, and then nothing runs and nothing comes back."""
    number, _, _ = place
    stage.add_labels(number, START)
    children = [stage.start("sync", str(number)) for _ in range(count - 1)]
    wait_for(lambda: START not in stage.labels(number), 30, "somebody at work")
    stop = stage.finish(stage.start("stop", str(number), "--yes"))
    expect(stop.returncode == 0, f"stop: exit {stop.returncode}: {stop.stdout}{stop.stderr}")
    for child in children:
        stage.finish(child)
    judge.expect_gone(stage, number)
    settle(stage, number)
    judge.expect_gone(stage, number)


def against_close(stage, place, count):
    """A close among syncs."""
    number, _, _ = place
    stage.add_labels(number, START)
    children = [stage.start("sync", str(number)) for _ in range(count - 1)]
    time.sleep(random.random() * 0.5)
    stage.close(number)
    children.append(stage.start("sync", str(number)))
    for child in children:
        done = stage.finish(child)
        expect(done.returncode in ORDINARY, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    settle(stage, number)
    judge.expect_gone(stage, number)


def against_cleanup(stage, place, count):
    """Cleanups while a show comes up: they leave it alone."""
    number, _, sha = place
    stage.add_labels(number, START)
    ended = all_at_once(stage, [["sync", str(number)]] + [["cleanup", "--yes"]] * (count - 1))
    expect(ended[0].returncode == 0, f"sync: exit {ended[0].returncode}: {ended[0].stderr}")
    judge.expect_running(stage, number, sha)
    expect_equal(stage.builds_of(number), {sha: 1}, "builds")


def against_server(stage, place, count):
    """The service hears of the label while people type `sync`."""
    number, _, sha = place
    stage.add_labels(number, START)
    all_at_once(stage, [["sync", str(number)]] * (count - 1))
    wait_for(lambda: stage.running(number), 40, "a show", lambda: stage.tent_labels(number))
    wait_for(lambda: not stage.claims_of(number), 40, "no claim", lambda: stage.claims_of(number))
    judge.expect_running(stage, number, sha)
    expect_equal(stage.builds_of(number), {sha: 1}, "builds")


# name: (what plays a round, how many take part, whether the service acts on webhooks)
KINDS = {
    "same-2": (same_version, 2, False),
    "same-5": (same_version, 5, False),
    "same-20": (same_version, 20, False),
    "different-2": (different_versions, 2, False),
    "different-5": (different_versions, 5, False),
    "different-20": (different_versions, 20, False),
    "pushes-2": (pushed_meanwhile, 2, False),
    "pushes-5": (pushed_meanwhile, 5, False),
    "stop-2": (against_stop, 2, False),
    "stop-5": (against_stop, 5, False),
    "stop-command": (against_stop_command, 3, False),
    "close-2": (against_close, 2, False),
    "close-5": (against_close, 5, False),
    "cleanup": (against_cleanup, 3, False),
    "server": (against_server, 3, True),
}
