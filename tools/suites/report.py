"""What became of a suite, and the one line it is counted by."""
from __future__ import annotations

import dataclasses
import re

TOTALS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")
SKIP = re.compile(r"^SKIP (.+?): (.+)$")


@dataclasses.dataclass
class Report:
    """Counts of one suite, with a line for each failure and each skip."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)
    skips: list[str] = dataclasses.field(default_factory=list)  # "name: reason"
    notes: list[str] = dataclasses.field(default_factory=list)

    def fail(self, what: str) -> None:
        self.failed += 1
        self.failures.append(what)

    def skip(self, name: str, reason: str) -> None:
        self.skipped += 1
        self.skips.append(f"{name}: {reason}")

    def add(self, other: "Report") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures
        self.skips += other.skips
        self.notes += other.notes

    def totals(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read_totals(output: str) -> Report | None:
    """The counts a program printed as its last line, with the "SKIP name: reason" and "FAIL …" lines before it; None:
    its last line is something else."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    found = TOTALS.match(lines[-1]) if lines else None
    if not found:
        return None
    report = Report(*(int(number) for number in found.groups()))
    report.skips = [f"{match.group(1)}: {match.group(2)}" for line in lines if (match := SKIP.match(line))]
    report.failures = [line.removeprefix("FAIL ") for line in lines if line.startswith("FAIL ")]
    return report
