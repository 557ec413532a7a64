"""The simulator: a fixed set of seeds, the same everywhere, and new ones each time. A failing seed prints its replay command."""
from __future__ import annotations

import os
import random
import re

from suites import gtest, process
from suites.report import Report

FIXED_SEEDS = 40
# Seconds after which no further new history is begun.
NEW_SEEDS_SECONDS = 20
TIMEOUT_SECONDS = 10 * 60


def run() -> Report:
    report = gtest.build("dev", ["ringmaster-sim"])
    if report.failed:
        return report
    first = random.randrange(1_000, 1 << 31)
    seconds = os.environ.get("SIM_SECONDS", str(NEW_SEEDS_SECONDS))
    report.add(_play("sim-fixed", ["--seeds", str(FIXED_SEEDS)]))
    report.add(_play("sim-new", ["--from", str(first), "--seeds", "1000000", "--seconds", seconds]))
    return report


def _play(name: str, options: list[str]) -> Report:
    """Each history is one test."""
    report = Report()
    done = process.run(["build/dev/ringmaster-sim", *options, "--keep-going"], name, TIMEOUT_SECONDS)
    counted = re.search(r"^(\d+) histories .*?, (\d+) with a broken invariant", done.output, re.M)
    if not counted:
        report.fail(f"{name} ended (exit code {done.exit_code}) without its totals\n{done.tail()}")
        return report
    broken = int(counted[2])
    report.passed = int(counted[1]) - broken
    for line in done.output.splitlines()[:broken]:
        report.fail(f"{line}\n    tell it with: build/dev/ringmaster-sim --replay SEED --shrink")
    return report
