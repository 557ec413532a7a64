"""What a cleanup says it would do, and what it then does."""

import json
import os
import time

from harness import check, expect, expect_equal


def age(stage, number, sha):
    """As if the show were two weeks old, by its label and by its engine's record."""
    mark = f"🎪 {sha[:7]} 📅 "
    for name in stage.tent_labels(number):
        if name.startswith(mark):
            stage.remove_label(number, name)
    stage.add_labels(number, mark + time.strftime("%Y-%m-%dT%H-%M", time.gmtime(time.time() - 14 * 86400)))
    path = os.path.join(stage.state, "shows/ada/hello", f"pr-{number}-{sha[:7]}-service", "identity.json")
    with open(path) as file:
        record = json.load(file)
    record["created_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 14 * 86400))
    with open(path, "w") as file:
        json.dump(record, file)


def things_to_clean(stage):
    """An expired show, one of a closed pull request, an orphaned service, a label of a show that is gone; and a show and
    somebody else's label that stay."""
    expired, sha, _ = stage.created("expired")
    age(stage, expired, sha)
    closed, _, _ = stage.created("closed")
    stage.close(closed)
    orphan, sha, _ = stage.created("orphan")
    age(stage, orphan, sha)
    for name in stage.tent_labels(orphan):
        stage.remove_label(orphan, name)
    kept, _, _ = stage.created("kept")
    for name in ("🎪 abcdef0 🚦 running", "🎪 party"):
        stage.rest("POST", "/repos/ada/hello/labels", {"name": name, "color": "d4c5f9"})
    return {"expired": expired, "closed": closed, "orphan": orphan, "kept": kept}


@check("cleanup --dry-run says exactly what the run then does, of every thing and why, in text and in JSON")
def dry_run(stage):
    numbers = things_to_clean(stage)
    writes = stage.writes()
    said = stage.json("cleanup", "--dry-run", "--json")
    text = stage.run("cleanup", "--dry-run").stdout
    expect_equal(stage.writes(), writes, "a dry run wrote")
    expect_equal((said["dry_run"], said["removed"]), (True, []))
    by_kind = {item["kind"]: item["pull_request"] for item in said["items"] if item["pull_request"]}
    expect_equal(by_kind, {kind: numbers[kind] for kind in ("expired", "closed", "orphan")})
    labels = [item["what"] for item in said["items"] if item["kind"] == "definition"]
    expect("🎪 abcdef0 🚦 running" in labels and "🎪 party" not in labels, labels)
    for item in said["items"]:
        expect(item["why"], "no reason for", item)
        expect(item["what"] in text and item["why"] in text, "the text leaves out", item, text)
    done = stage.json("cleanup", "--yes", "--json")
    expect_equal(done["items"], said["items"], "another plan")
    expect_equal(done["removed"], said["items"], "something else was done")
    expect_equal(done["failures"], [])
    for kind in ("expired", "closed", "orphan"):
        expect_equal(stage.tent_labels(numbers[kind]), [], kind)
    expect_equal(len(stage.show_processes()), 1, "shows")
    expect(stage.running(numbers["kept"]), stage.tent_labels(numbers["kept"]))
    expect("🎪 party" in stage.definitions(), "somebody else's label is gone")


@check("cleanup: what cannot be removed is not said to be, and its labels stay")
def half_done(stage):
    number, sha, address = stage.created()
    age(stage, number, sha)
    held = stage.hold_service(number, sha)
    try:
        done = stage.run("cleanup", "--yes", "--json", expect_exit=1, timeout=120, RINGMASTER_SHOWS_RUN_STOP_GRACE="1s")
        report = json.loads(done.stdout)
        expect_equal([item["pull_request"] for item in report["items"] if item["kind"] == "expired"], [number])
        expect(not any(item["kind"] == "expired" for item in report["removed"]), report["removed"])
        expect_equal(len(report["failures"]), 1, "failures")
        expect(f"🎪 🎯 {sha[:7]}" in stage.tent_labels(number), stage.tent_labels(number))
    finally:
        os.close(held)
