"""The suites `format` and `tidy`: clang-format and clang-tidy over our sources."""
from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import time

from suites import process, sources
from suites.report import Report

FORMAT = "clang-format-19"
TIDY = "clang-tidy-19"
# A file that includes Boost.Beast takes 35 s alone; with two running and other work, three times that.
TIDY_FILE_TIMEOUT_SECONDS = 180
# When all files are asked for (CI), begin no file after this; what is left counts as skipped. TIDY_SECONDS overrides.
TIDY_BUDGET_SECONDS = 480
TIDY_CACHE = process.ROOT / "build" / "tidy-cache"
# The compile commands as clang-tidy gets them. It looks at everything it is given: the whole of the precompiled headers
# would cost it three times as long as what a file includes.
TIDY_COMMANDS = process.ROOT / "build" / "tidy"
_PRECOMPILED = re.compile(r" -Xclang -include(?:-pch)? -Xclang \S+")


def run_format() -> Report:
    """Each file is one test: would clang-format change it?"""
    report = Report()
    files = sources.all_sources()
    done = subprocess.run([FORMAT, "--dry-run", *map(str, files)], cwd=process.ROOT, capture_output=True, text=True, check=False)
    wrong = {line.split(":", 1)[0] for line in done.stderr.splitlines() if "[-Wclang-format-violations]" in line}
    for file in files:
        if str(file) in wrong:
            report.fail(f"{file.relative_to(process.ROOT)} is not formatted: {FORMAT} -i {file.relative_to(process.ROOT)}")
        else:
            report.passed += 1
    if done.returncode != 0:
        report.fail(f"{FORMAT} failed: {done.stderr.strip()}")
    return report


def run_tidy() -> Report:
    """Each .cc file of the product is one test (tests compile with warnings, which finds what matters there, and are the
    slowest to check). Changed files only, unless TIDY_FILES=all; what passed before with the same content, headers and
    settings is not run again."""
    report = Report()
    commands = _compile_commands()
    if not commands:
        report.fail("build/dev/compile_commands.json is missing: run scripts/build first")
        return report
    changed = sources.changed_since_main()
    everything = os.environ.get("TIDY_FILES") == "all"
    salt = _salt()
    todo: list[tuple[pathlib.Path, pathlib.Path]] = []
    for file in sources.all_sources():
        is_product = file.is_relative_to(process.ROOT / "src") and not file.name.endswith("_test.cc")
        if not is_product or file not in commands or not (everything or sources.closure(file) & changed):
            continue
        mark = TIDY_CACHE / sources.fingerprint(file, salt + commands[file])
        if mark.exists():
            report.passed += 1
        else:
            todo.append((file, mark))
    # Changed files first: they matter most when the time is over.
    todo.sort(key=lambda item: (item[0] not in changed, item[0]))
    report.add(_check(todo))
    return report


def _check(todo: list[tuple[pathlib.Path, pathlib.Path]]) -> Report:
    report = Report()
    end = time.monotonic() + float(os.environ.get("TIDY_SECONDS", TIDY_BUDGET_SECONDS))
    TIDY_CACHE.mkdir(parents=True, exist_ok=True)

    def check_one(item: tuple[pathlib.Path, pathlib.Path]) -> Report:
        file, mark = item
        name = str(file.relative_to(process.ROOT))
        one = Report()
        if time.monotonic() > end:
            one.skip(f"tidy {name}", "the time for clang-tidy is over (TIDY_SECONDS)")
            return one
        done = process.run([TIDY, "--quiet", "-p", str(TIDY_COMMANDS), name], "tidy-" + name.replace("/", "-"),
                           TIDY_FILE_TIMEOUT_SECONDS)
        if done.succeeded:
            mark.touch()
            one.passed += 1
        elif done.exit_code is None:
            one.fail(f"{name}: {TIDY} did not end within {TIDY_FILE_TIMEOUT_SECONDS} s")
        else:
            one.fail(f"{name}\n{done.tail()}")
        return one

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for part in pool.map(check_one, todo):
            report.add(part)
    return report


def _compile_commands() -> dict[pathlib.Path, str]:
    """Each file's command; written for clang-tidy as well."""
    path = process.ROOT / "build/dev/compile_commands.json"
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    for entry in entries:
        entry["command"] = _PRECOMPILED.sub("", entry["command"])
    TIDY_COMMANDS.mkdir(parents=True, exist_ok=True)
    (TIDY_COMMANDS / path.name).write_text(json.dumps(entries), encoding="utf-8")
    return {pathlib.Path(entry["file"]): entry["command"] for entry in entries}


def _salt() -> str:
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=False).stdout
    return version + (process.ROOT / ".clang-tidy").read_text(encoding="utf-8")
