"""The suite `fuzz`: each libFuzzer target for a while, beginning with its seeds in fuzz/corpus."""
from __future__ import annotations

import concurrent.futures
import os
import pathlib
import shutil

from suites import gtest, process
from suites.report import Report

# Long enough to run the seeds and millions of small changes of them; FUZZ_SECONDS overrides.
SECONDS = 20
MOST_BYTES = 4096
# One input takes microseconds; this is a hang.
INPUT_TIMEOUT_SECONDS = 10


def run() -> Report:
    """Each target is one test. New inputs that it found interesting stay in build/fuzz-corpus for the next run."""
    report = gtest.build("asan", ["fuzz_targets"])
    if report.failed:
        return report
    targets = sorted((process.ROOT / "build/asan/fuzz").glob("fuzz_*"))
    targets = [target for target in targets if target.is_file() and os.access(target, os.X_OK)]
    if not targets:
        report.fail("there are no fuzz targets in build/asan/fuzz")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for part in pool.map(_run_target, targets):
            report.add(part)
    return report


def _run_target(target: pathlib.Path) -> Report:
    report = Report()
    name = target.name.removeprefix("fuzz_")
    seconds = int(os.environ.get("FUZZ_SECONDS", SECONDS))
    found = process.ROOT / "build/fuzz-corpus" / name
    crashes = process.ROOT / "build/fuzz-crashes" / name
    seeds = process.ROOT / "fuzz/corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(crashes, ignore_errors=True)
    crashes.mkdir(parents=True)
    done = process.run(
        ["setarch", "-R", str(target), f"-max_total_time={seconds}", "-use_value_profile=1", f"-max_len={MOST_BYTES}",
         f"-timeout={INPUT_TIMEOUT_SECONDS}", f"-artifact_prefix={crashes}/", "-print_final_stats=1", str(found),
         *([str(seeds)] if seeds.is_dir() else [])],
        f"fuzz-{name}", seconds + 120)
    if done.succeeded:
        report.passed += 1
        return report
    relative = target.relative_to(process.ROOT)
    saved = sorted(crashes.iterdir())
    replay = f"setarch -R {relative} {saved[0].relative_to(process.ROOT)}" if saved else f"see {done.log.relative_to(process.ROOT)}"
    report.fail(f"fuzz {name} found an input that breaks it; to see it again: {replay}\n{done.tail()}")
    return report
