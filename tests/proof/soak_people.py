"""People at 200 pull requests, and what each of them may expect at the end."""

import threading
import time

import judge
from checking import BLOCKED, FREEZE, START, STOP, expect

# What people do, and how often.
HABITS = (("start", 30), ("push", 30), ("stop", 10), ("close", 8), ("reopen", 8), ("freeze", 4), ("chat", 8), ("sync", 8),
          ("stop_by_hand", 2), ("cleanup", 2))
PEOPLE = 3


class People:
    def __init__(self, stage, rng, count):
        self.stage, self.rng, self.done = stage, rng, 0
        made = stage.open_pull_requests([f"soak-{index}" for index in range(count)])
        self.branch = {number: branch for branch, (number, _) in made.items()}
        self.head = {number: sha for number, sha in made.values()}
        self.versions = {sha[:7]: sha for sha in self.head.values()}
        self.numbers = sorted(self.head)
        self.closed, self.wanted = set(), {}  # number -> whether a show was the last wish
        self.at_work = set()
        self.lock = threading.Lock()

    def act_until(self, end):
        troubles = []

        def act():
            try:
                while time.monotonic() < end and not troubles:
                    self.act_once()
            except Exception as trouble:  # told in the main thread
                troubles.append(trouble)

        people = [threading.Thread(target=act) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        if troubles:
            raise troubles[0]

    def act_once(self):
        with self.lock:
            habit = self.rng.choices([name for name, _ in HABITS], [often for _, often in HABITS])[0]
            number = self.rng.choice([number for number in self.numbers if number not in self.at_work])
            self.at_work.add(number)
        try:
            getattr(self, habit)(number)
            self.done += 1
        finally:
            with self.lock:
                self.at_work.discard(number)

    def start(self, number):
        # One who sees the stop still waiting does not ask for a start: which one wins is then the stop's to say.
        if number not in self.closed and STOP not in self.stage.labels(number):
            self.stage.add_labels(number, START)
            self.wanted[number] = True

    def stop(self, number):
        if number not in self.closed:
            self.stage.add_labels(number, STOP)
            self.wanted[number] = False

    def push(self, number):
        if number in self.closed:
            return
        sha = self.stage.new_version(self.branch[number], self.head[number])
        self.head[number], self.versions[sha[:7]] = sha, sha

    def close(self, number):
        self.stage.close(number)
        self.closed.add(number)
        self.wanted[number] = False

    def reopen(self, number):
        if number in self.closed:
            self.stage.rest("PATCH", f"/repos/ada/hello/pulls/{number}", {"state": "open"})
            self.closed.discard(number)
            self.wanted.pop(number)  # whether the end of its show came before the reopening, nobody knows

    def freeze(self, number):
        if FREEZE in self.stage.labels(number):
            self.stage.remove_label(number, FREEZE)
        else:
            self.stage.add_labels(number, FREEZE)

    def chat(self, number):
        self.stage.add_labels(number, "bug")
        self.stage.rest("POST", f"/repos/ada/hello/issues/{number}/comments", {"body": "Does it work?"})

    def sync(self, number):
        self.stage.finish(self.stage.start("sync", str(number)))

    def stop_by_hand(self, number):
        if number in self.closed:
            return
        done = self.stage.finish(self.stage.start("stop", str(number), "--yes"))
        if done.returncode == 0:
            self.wanted[number] = False
        else:
            self.wanted.pop(number, None)

    def cleanup(self, number):
        self.stage.finish(self.stage.start("cleanup", "--yes"))

    def close_all(self):
        for number in self.numbers:
            if number not in self.closed:
                self.close(number)

    def judge(self, number):
        """Right, by what was wished last; where that is not known, right by itself."""
        labels = self.stage.tent_labels(number)
        expect(START not in labels and STOP not in labels and BLOCKED not in labels, "a trigger waits:", labels)
        is_frozen = FREEZE in labels
        wanted = self.wanted.get(number)
        show = self.stage.running(number)
        if wanted is False or number in self.closed or (wanted is None and not show):
            judge.expect_gone(self.stage, number)
            return
        expect(show, f"#{number} should have a show:", labels)
        sha = self.versions[show[0]]
        expect(is_frozen or sha == self.head[number], f"#{number} runs {show[0]}, its head is {self.head[number][:7]}")
        judge.expect_running(self.stage, number, sha)
