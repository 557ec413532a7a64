"""What is interrupted: how each operation's state comes about, the command, and what must be true once it is over."""

import json
import os
import re
import time

import judge
from checking import START, STOP, Failure, expect, expect_equal
from tiny_stage import TinyStage


class OnePullRequest:
    """An operation on one pull request of a stage that many cases share."""

    def __init__(self, stage, number, branch, sha):
        self.stage, self.number, self.branch, self.sha = stage, number, branch, sha
        self.dead = ()

    def command(self):
        return ["sync", str(self.number)]

    def plain(self, *arguments):
        done = self.stage.finish(self.stage.start(*arguments))
        expect(done.returncode == 0, f"ringmaster {' '.join(arguments)}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def cure(self):
        self.plain("sync", str(self.number))

    def note_the_dead(self):
        self.dead = set(self.stage.claims_of(self.number).values())

    def show_it(self):
        self.stage.add_labels(self.number, START)
        self.plain("sync", str(self.number))

    def tidy(self):
        """Closed and torn down, so that a thousand cases do not run at once."""
        self.stage.close(self.number)
        self.plain("sync", str(self.number))
        judge.expect_gone(self.stage, self.number, self.dead)


class Create(OnePullRequest):
    def arrange(self):
        self.stage.add_labels(self.number, START)

    def judge(self):
        judge.expect_running(self.stage, self.number, self.sha, self.dead)


class Replace(OnePullRequest):
    def arrange(self):
        self.show_it()
        self.old, self.sha = self.sha, self.stage.new_version(self.branch, self.sha)

    def judge(self):
        judge.expect_running(self.stage, self.number, self.sha, self.dead)


class Stop(OnePullRequest):
    """A stop by label: it is on the pull request, so whoever comes next knows of it."""

    def arrange(self):
        self.show_it()
        self.stage.add_labels(self.number, STOP)

    def judge(self):
        judge.expect_gone(self.stage, self.number, self.dead)


class StopCommand(OnePullRequest):
    """A stop by command: killed before it said so anywhere, it was never asked for; later it goes on."""

    def arrange(self):
        self.show_it()

    def command(self):
        return ["stop", str(self.number), "--yes"]

    def judge(self):
        if judge.is_running(self.stage, self.number):
            judge.expect_running(self.stage, self.number, self.sha, self.dead)
        else:
            judge.expect_gone(self.stage, self.number, self.dead)

    def judge_at_once(self):
        judge.expect_gone(self.stage, self.number, self.dead)


class Close(OnePullRequest):
    def arrange(self):
        self.show_it()
        self.stage.close(self.number)

    def judge(self):
        judge.expect_gone(self.stage, self.number, self.dead)


class Cleanup:
    """Everything that a cleanup finds, in a stage of its own: an expired show, one of a closed pull request, a service
    that no label explains, labels of shows that are gone, a token that ran out long ago."""

    def __init__(self, binary):
        self.stage = TinyStage(binary)
        self.dead = ()

    def command(self):
        return ["cleanup", "--yes"]

    def arrange(self):
        stage = self.stage
        made = stage.open_pull_requests(["expired", "closed", "orphan", "kept"])
        for child in [stage.start("start", str(number)) for number, _ in made.values()]:
            done = stage.finish(child)
            expect(done.returncode == 0, done.stderr)
        self.expired, self.closed, self.orphan, self.kept = (made[name] for name in ("expired", "closed", "orphan", "kept"))
        age_show(stage, *self.expired)
        stage.close(self.closed[0])
        for name in stage.tent_labels(self.orphan[0]):
            stage.remove_label(self.orphan[0], name)
        age_service(stage, *self.orphan)
        hours_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3 * 3600))
        stage.rest("POST", "/repos/ada/hello/labels", {"name": "🎪 🔑 99.1", "color": "d4c5f9",
                                                      "description": f"held by {'0' * 32} until {hours_ago}"})
        stage.rest("POST", "/repos/ada/hello/labels", {"name": "🎪 abcdef0 🚦 running", "color": "d4c5f9"})

    def note_the_dead(self):
        self.dead = {text for label in self.stage.all_definitions() if (text := label["description"] or "")
                     and label["name"].startswith("🎪 🔑 ")}

    def cure(self):
        done = self.stage.finish(self.stage.start("cleanup", "--yes"))
        expect(done.returncode == 0, f"cleanup: exit {done.returncode}: {done.stdout}{done.stderr}")

    def judge(self):
        stage = self.stage
        for number, _ in (self.expired, self.closed):
            judge.expect_gone(stage, number, self.dead)
        expect(not stage.processes_of(self.orphan[0]), "the orphan runs")
        expect_equal(stage.folders_of(self.orphan[0]), [], "folders of the orphan")
        judge.expect_running(stage, *self.kept)
        names = [label["name"] for label in stage.all_definitions()]
        expect("🎪 🔑 99.1" not in names and "🎪 abcdef0 🚦 running" not in names, "labels are left:", names)
        expect_equal(len(stage.supervisors()), 1, "supervisors")

    def tidy(self):
        self.stage.end()


def age_show(stage, number, sha):
    """As if the show had been made two weeks ago."""
    mark = f"🎪 {sha[:7]} 📅 "
    for name in stage.tent_labels(number):
        if name.startswith(mark):
            stage.remove_label(number, name)
    stage.add_labels(number, mark + time.strftime("%Y-%m-%dT%H-%M", time.gmtime(time.time() - 14 * 86400)))


def age_service(stage, number, sha, seconds=86400):
    """As if the engine had started it a day ago: older than the time in which labels may be on their way."""
    path = os.path.join(stage.state, "shows/ada/hello", f"pr-{number}-{sha[:7]}-service", "identity.json")
    with open(path) as file:
        record = json.load(file)
    record["created_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds))
    with open(path, "w") as file:
        json.dump(record, file)


def age_claims(stage):
    """As if every claim that is left had run out two hours ago: then a cleanup takes it away."""
    long_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 2 * 3600))
    for label in stage.all_definitions():
        if not label["name"].startswith("🎪 🔑 "):
            continue
        aged = re.sub(r"until \S+", f"until {long_ago}", label["description"])
        if aged == label["description"]:
            raise Failure(f"the token {label['name']} does not say until when: {label['description']}")
        stage.rest("PATCH", "/repos/ada/hello/labels/" + quote(label["name"]), {"description": aged})


def quote(text):
    import urllib.parse
    return urllib.parse.quote(text, safe="")


OPERATIONS = {"create": Create, "replace": Replace, "stop": Stop, "stop-command": StopCommand, "close": Close,
              "cleanup": Cleanup}
