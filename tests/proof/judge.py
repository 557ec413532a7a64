"""What is right, seen from outside: labels, comment, deployment record, processes, folders and claims of one pull request
that nobody works on any more."""

import re

from checking import FREEZE, START, STOP, expect, expect_equal

# A label of one show that says something of its own: when, who, how long, how often it failed.
FACTS = re.compile(r"🎪 (?:⌛|[0-9a-f]{7} (?:📅|🤡|🔁)) ?\S+")


def deployments(stage, number):
    """(commit, newest state) of each deployment record of a pull request."""
    records = stage.rest("GET", f"/repos/ada/hello/deployments?environment=show%2Fpr-{number}&per_page=100")
    states = []
    for record in records:
        found = stage.rest("GET", f"/repos/ada/hello/deployments/{record['id']}/statuses?per_page=1")
        states.append((record["sha"], found[0]["state"] if found else "none"))
    return states


def said_state(stage, number):
    """The state that the one comment of ours names; None: there is no comment."""
    comments = [body for body in stage.comments(number) if "<!-- showtime-comment -->" in body]
    expect(len(comments) <= 1, f"#{number} has {len(comments)} comments of ours")
    found = re.search(r" state=(\S+) ", comments[0]) if comments else None
    return found.group(1) if found else None


def expect_no_living_claim(stage, number, dead=()):
    """`dead`: tokens of workers that were killed; they stay until they are swept."""
    left = {name for name, holder in stage.claims_of(number).items() if holder not in dead}
    expect(not left, f"claims on #{number} are left:", left)


def expect_running(stage, number, sha, dead=()):
    """This version runs, alone, and everything says so."""
    sha7, labels = sha[:7], stage.tent_labels(number)
    show = stage.running(number)
    expect(show and show[0] == sha7, f"#{number} should run {sha7}; its labels:", labels)
    odd = [name for name in labels
           if not FACTS.fullmatch(name) and name not in (FREEZE, f"🎪 🎯 {sha7}", f"🎪 {sha7} 🚦 running", f"🎪 {sha7} 🌐 {show[1]}")]
    others = [name for name in labels if (found := re.search(r"\b[0-9a-f]{7}\b", name)) and found.group() != sha7]
    expect(not odd and not others, f"labels of #{number} that should be gone:", odd + others)
    processes = stage.processes_of(number)
    expect({of for _, of in processes} == {sha7}, f"processes of #{number}: {processes}, wanted {sha7}")
    expect_equal(stage.folders_of(number), [f"builds/pr-{number}-{sha7}", f"shows/pr-{number}-{sha7}-service"], "folders")
    expect_equal((stage.visit(show[1]) or "").strip(), sha, "the page")
    expect_equal(said_state(stage, number), "running", f"the comment of #{number} says")
    expect_equal(deployments(stage, number), [(sha, "success")], f"deployment records of #{number}")
    expect_no_living_claim(stage, number, dead)


def expect_gone(stage, number, dead=()):
    """Nothing of any show is left, and nothing says that there is one."""
    labels = [name for name in stage.tent_labels(number) if name != FREEZE]
    expect(not labels, f"#{number} should have no labels of ours:", labels)
    expect(not stage.processes_of(number), f"processes of #{number}:", stage.processes_of(number))
    expect_equal(stage.folders_of(number), [], f"folders of #{number}")
    expect(said_state(stage, number) in (None, "stopped"), f"the comment of #{number} says", said_state(stage, number))
    expect_equal(deployments(stage, number), [], f"deployment records of #{number}")
    expect_no_living_claim(stage, number, dead)


def is_running(stage, number):
    return stage.running(number) is not None and STOP not in stage.labels(number) and START not in stage.labels(number)
