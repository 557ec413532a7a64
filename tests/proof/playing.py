"""Plays many cases at once. A case may wait (for a lease to run out) without keeping others from going on: it is a
generator that yields the seconds it wants to sleep."""

import heapq
import itertools
import threading
import time
import traceback

from checking import Failure


class Play:
    """`name` says what it is, `replay` is the command that plays it alone, play() is a generator and raises Failure."""
    name = replay = ""

    def play(self):
        raise NotImplementedError


class _Schedule:
    """Whose turn it is: those whose sleep is over first, then the next new one."""

    def __init__(self, plays, deadline):
        self.new, self.deadline = iter(plays), deadline
        self.sleeping, self.order = [], itertools.count()
        self.in_work = 0
        self.changed = threading.Condition()

    def take(self):
        """(play, generator) or None: all is over."""
        with self.changed:
            while True:
                now = time.monotonic()
                if self.sleeping and self.sleeping[0][0] <= now:
                    _, _, play, steps = heapq.heappop(self.sleeping)
                    self.in_work += 1
                    return play, steps
                play = next(self.new, None) if not self.deadline or now < self.deadline else None
                if play:
                    self.in_work += 1
                    return play, play.play()
                if not self.sleeping and not self.in_work:
                    self.changed.notify_all()
                    return None
                self.changed.wait(min(self.sleeping[0][0] - now, 1) if self.sleeping else 1)

    def put_back(self, play, steps, seconds):
        with self.changed:
            if seconds is not None:
                heapq.heappush(self.sleeping, (time.monotonic() + seconds, next(self.order), play, steps))
            self.in_work -= 1
            self.changed.notify_all()


def play_all(plays, jobs, deadline=None, conclude=lambda: None):
    """Prints failures with their replay commands, and the totals; the exit code."""
    schedule, lock = _Schedule(plays, deadline), threading.Lock()
    counts = {"passed": 0, "failed": 0}

    def count(name, replay, trouble):
        with lock:
            counts["failed" if trouble else "passed"] += 1
            if trouble:
                print(f"FAIL {name}\n  play it alone: {replay}\n  " + trouble.replace("\n", "\n  "), flush=True)

    def work():
        while taken := schedule.take():
            play, steps = taken
            seconds = None
            try:
                seconds = next(steps, None)
                if seconds is None:
                    count(play.name, play.replay, "")
            except Failure as failure:
                count(play.name, play.replay, str(failure))
            except Exception:  # a defect of the case itself is a failure too, with its place
                count(play.name, play.replay, traceback.format_exc())
            schedule.put_back(play, steps, seconds)

    threads = [threading.Thread(target=work) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        conclude()
        count("what is left after all", "", "")
    except Failure as failure:
        count("what is left after all", "all of them", str(failure))
    print(f"{counts['passed']} passed, {counts['failed']} failed, 0 skipped")
    return 1 if counts["failed"] else 0
