"""Every row of the compatibility contract's truth table (showtime.md §4.2 with §4.3 applied): what --check-only answers,
whatever the order of the labels, and what the run that follows then does."""

import itertools
import random
import signal

from harness import BLOCKED, FREEZE, START, STOP, check, expect, expect_equal, wait_for

# {t} is the target's sha, {o} an older one's.
T, O = "{t}", "{o}"
DATE = "2026-01-02T03-04"
CREATE, DESTROY, NOTHING, REFUSED = "create_environment", "destroy_environment", "no_action", "blocked"
# Row, labels, action_needed, action_reason. No engine runs anything yet, whatever the labels say. {o} runs nowhere, so
# a run that changes nothing else makes that label true (LOST).
LOST = {f"🎪 {O} 🚦 running": f"🎪 {O} 🚦 failed", f"🎪 🎯 {O}": None}
ROWS = [
    ("2", [BLOCKED, START], REFUSED, "operation_blocked"),
    ("4", [START], CREATE, "explicit_start_new_sha"),
    ("5", [START, f"🎪 {T} 🚦 failed"], CREATE, "explicit_start_failed_sha"),
    ("7 without its service", [START, f"🎪 {T} 🚦 running", f"🎪 🎯 {T}"], CREATE, "service_lost"),
    ("8", [START, f"🎪 {T} 🚦 updating"], CREATE, "explicit_start_trigger"),
    ("9", [STOP], DESTROY, "explicit_stop_trigger"),
    ("9 with a show", [STOP, f"🎪 {O} 🚦 running", f"🎪 🎯 {O}"], DESTROY, "explicit_stop_trigger"),
    ("10 stop wins", [START, STOP, f"🎪 {O} 🚦 running"], DESTROY, "explicit_stop_trigger"),
    ("11", ["🎪 🌊 showtime-trigger-x"], NOTHING, "no_previous_environments"),
    ("12", [], NOTHING, "no_previous_environments"),
    ("13", [f"🎪 {O} 🚦 running", f"🎪 🎯 {O}"], CREATE, "auto_sync_new_commit"),
    ("13 frozen", [FREEZE, f"🎪 {O} 🚦 running", f"🎪 🎯 {O}"], NOTHING, "frozen"),
    ("freeze and start", [FREEZE, START, f"🎪 {O} 🚦 running"], CREATE, "explicit_start_new_sha"),
    ("17", [f"🎪 {T} 🚦 failed", f"🎪 {T} 📅 {DATE}"], CREATE, "auto_rebuild_failed"),
    ("17, tried before", [f"🎪 {T} 🚦 failed", f"🎪 {T} 🔁 2"], NOTHING, "failed_awaiting_trigger"),
    ("18", [f"🎪 {T} 🚦 updating"], NOTHING, "no_previous_environments"),
]


def answer_of(stage, number, **environment):
    """The machine-read lines of --check-only."""
    result = stage.run("sync", str(number), "--check-only", **environment)
    return dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)


def expect_answer(stage, number, action, reason, row, **environment):
    answer = answer_of(stage, number, **environment)
    expect_equal((answer["action_needed"], answer["action_reason"]), (action, reason), f"row {row}")
    return answer


def expect_done(stage, number, sha, action, before, row):
    """What a run leaves behind after it took that action, where `before` were the tent labels."""
    if action == CREATE:
        show = stage.running(number)
        expect(show, f"row {row}: no running show:", stage.tent_labels(number))
        expect_equal(show[0], sha[:7], f"row {row}: the show's version")
        expect_equal(len(stage.statuses(number)), 1, f"row {row}: other versions are left")
    elif action == DESTROY:
        expect_equal(stage.tent_labels(number), [], f"row {row}: labels are left")
    else:
        expect_equal(stage.tent_labels(number), before, f"row {row}: labels were changed")


@check("B3 rows of the truth table by --check-only, whatever the order of the labels, and by the run that follows")
def truth_table(stage):
    shuffle = random.Random(7)
    for index, (row, labels, action, reason) in enumerate(ROWS):
        older = stage.git("rev-parse", "main")[:7]
        number, sha = stage.open_pull_request(f"row-{index}")
        labels = [name.replace(T, sha[:7]).replace(O, older) for name in labels]
        seen = set()
        orders = list(itertools.permutations(labels))
        for order in shuffle.sample(orders, min(3, len(orders))):
            for name in stage.labels(number):
                stage.remove_label(number, name)
            for name in order:
                stage.add_labels(number, name)
            answer = answer_of(stage, number)
            seen.add((answer["action_needed"], answer["action_reason"]))
        expect_equal(seen, {(action, reason)}, f"row {row}")
        true = {name.replace(O, older): now and now.replace(O, older) for name, now in LOST.items()}
        before = sorted(filter(None, (true.get(name, name) for name in stage.tent_labels(number))))
        stage.run("sync", str(number), expect_exit=1 if action == REFUSED else 0)
        expect_done(stage, number, sha, action, before, row)
        stage.close(number)
        stage.run("sync", str(number))
        stage.expect_gone(number)


@check("B3 row 3: without the right to write nothing starts, nothing changes, and a closed pull request still ends")
def denied(stage):
    stage.person("visitor", "read")
    asking = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "visitor"}
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    answer = expect_answer(stage, number, REFUSED, "operation_blocked", "3", **asking)
    expect_equal(answer["blocked_reason"], "authorization_failed")
    stage.run("sync", str(number), expect_exit=1, **asking)
    expect_equal(stage.tent_labels(number), [START], "row 3: labels were changed")
    stage.run("sync", str(number))
    expect(stage.running(number), "the owner may")
    stage.close(number)
    stage.run("sync", str(number), **asking)
    stage.expect_gone(number)


@check("B3 rows 6, 7, 14, 15 and 16: where a show really is")
def rows_with_shows(stage):
    number, sha, _ = stage.created()
    before = stage.tent_labels(number)
    expect_answer(stage, number, NOTHING, "already_running", "16")
    stage.run("sync", str(number))
    expect_done(stage, number, sha, NOTHING, before, "16")
    (first,) = stage.show_processes()
    stage.add_labels(number, START)
    expect_answer(stage, number, CREATE, "explicit_start_force_rebuild", "7")
    stage.run("sync", str(number))
    expect_done(stage, number, sha, CREATE, before, "7")
    expect(stage.show_processes() != [first], "row 7: it is the same process as before")

    stage.add_labels(number, FREEZE)
    stage.push()
    frozen = stage.tent_labels(number)
    expect_answer(stage, number, NOTHING, "frozen", "13 frozen")
    stage.run("sync", str(number))
    expect_done(stage, number, sha, NOTHING, frozen, "13 frozen")

    building, _ = stage.open_pull_request("building", slow="60")
    stage.add_labels(building, START)
    worker = stage.start("sync", str(building))
    wait_for(lambda: any("🚦 building" in name for name in stage.statuses(building)), 20, "the build's begin")
    during = stage.tent_labels(building)
    expect_answer(stage, building, NOTHING, "in_progress", "14")
    stage.run("sync", str(building))
    expect_done(stage, building, None, NOTHING, during, "14")
    stage.add_labels(building, START)
    expect_answer(stage, building, NOTHING, "explicit_start_trigger", "6")
    stage.run("sync", str(building))
    expect(worker.poll() is None, "row 6: the worker was disturbed")
    stage.remove_label(building, START)
    built = next(name for name in stage.statuses(building))
    stage.remove_label(building, built)
    stage.add_labels(building, built.replace("building", "built"))
    expect_answer(stage, building, NOTHING, "in_progress", "15")
    worker.send_signal(signal.SIGINT)
    worker.communicate(timeout=20)


@check("B3 row 1: a closed pull request is torn down, and one without anything needs nothing")
def closed_row(stage):
    number, _, _ = stage.created()
    stage.close(number)
    answer = expect_answer(stage, number, DESTROY, "pr_closed", "1")
    expect_equal(answer["sync_needed"], "true", "row 1")
    stage.run("sync", str(number))
    stage.expect_gone(number)
    expect_equal(answer_of(stage, number)["sync_needed"], "false", "nothing is left to remove")
