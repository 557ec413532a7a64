"""The simulator: the seeds that once failed, a fixed set, the same everywhere, and new ones each time. A failing seed prints
its replay command."""
from __future__ import annotations

import os
import random
import re

from suites import gtest, process
from suites.report import Report

FIXED_SEEDS = 40
REF_SEEDS = 12
HOOK_SEEDS = 12
# Seconds after which no further new history is begun.
NEW_SEEDS_SECONDS = 20
TIMEOUT_SECONDS = 10 * 60
REGRESSIONS = process.ROOT / "tests/regressions/simulator-seeds.txt"


def run() -> Report:
    report = gtest.build("dev", ["ringmaster-sim"])
    if report.failed:
        return report
    first = random.randrange(1_000, 1 << 31)
    seconds = os.environ.get("SIM_SECONDS", str(NEW_SEEDS_SECONDS))
    for number, line in enumerate(regressions(), start=1):
        report.add(_replay(f"sim-regression-{number}", line))
    report.add(_play("sim-fixed", ["--seeds", str(FIXED_SEEDS)]))
    report.add(_play("sim-refs", ["--seeds", str(REF_SEEDS), "--claims", "refs"]))
    report.add(_play("sim-hooks", ["--seeds", str(HOOK_SEEDS), "--hooks"]))
    report.add(_play("sim-new", ["--from", str(first), "--seeds", "1000000", "--seconds", seconds]))
    return report


def regressions() -> list[str]:
    """The arguments of each history that is kept."""
    lines = (line.partition("#")[0].strip() for line in REGRESSIONS.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _replay(name: str, arguments: str) -> Report:
    report = Report()
    done = process.run(["build/dev/ringmaster-sim", *arguments.split()], name, TIMEOUT_SECONDS)
    if done.succeeded:
        report.passed = 1
    else:
        last = (done.output.splitlines() or ["no output"])[-1]
        report.fail(f"build/dev/ringmaster-sim {arguments}: {last}")
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
    for line in (line for line in done.output.splitlines() if ": invariant " in line):
        report.fail(f"{line}\n    tell it with: build/dev/ringmaster-sim --replay SEED --shrink")
    return report
