"""What a check is, how it waits, and how it fails."""

import os
import time

CHECKS = []

START = "🎪 ⚡ showtime-trigger-start"
STOP = "🎪 🛑 showtime-trigger-stop"
FREEZE = "🎪 🧊 showtime-freeze"
BLOCKED = "🎪 🔒 showtime-blocked"

# The shortest lease the configuration takes: what a killed worker leaves is free again after it.
LEASE_SECONDS = 20


class Skip(Exception):
    """This machine cannot run the check; says why."""


class Failure(Exception):
    pass


def check(sentence, **options):
    def mark(function):
        CHECKS.append((sentence, function, options))
        return function

    return mark


def expect(condition, *what):
    if not condition:
        raise Failure(" ".join(str(part) for part in what) or "an expectation did not hold")


def expect_equal(seen, wanted, what=""):
    if seen != wanted:
        raise Failure(f"{what}\n  wanted: {wanted!r}\n  seen:   {seen!r}")


def wait_for(holds, seconds, what, seen=lambda: ""):
    """Looks until `holds()` is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        result = holds()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {seconds} s; {seen()}")
        time.sleep(0.03)


def processes_below(folder):
    """Processes whose working directory is in that folder: shows and builds run in checkouts there."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/cwd").startswith(str(folder) + "/"):
                found.append(int(pid))
        except OSError:
            pass
    return found
