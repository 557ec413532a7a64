#!/usr/bin/env python3
"""A clean dev build without ccache in a folder of its own, its slowest files, and the time from one edited .cc file to a
tested binary."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLOWEST = 10


def run(*command, **environment):
    start = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
    return time.monotonic() - start


def slowest_files(log):
    """(seconds, output) of each compilation in .ninja_log, slowest first."""
    rows = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return sorted(((int(row[1]) - int(row[0])) / 1000, row[3]) for row in rows if row[3].endswith(".o"))[::-1]


folder = pathlib.Path(tempfile.mkdtemp(prefix="rm-build-"))
try:
    run("cmake", "--preset", "dev", "-B", str(folder), "-DCCACHE=")
    print(f"FIGURE clean build: {run('cmake', '--build', str(folder)):.0f} s (at most 240)")
    for seconds, name in slowest_files(folder / ".ninja_log")[:SLOWEST]:
        print(f"FIGURE {name.rpartition('.dir/')[2].removesuffix('.o')}: {seconds:.1f} s")
    edited = ROOT / "src/shows/decide.cc"
    before = edited.read_bytes()
    try:
        edited.write_bytes(before + b"// measured\n")
        seconds = run("cmake", "--build", str(folder), "--target", "ringmaster", "rm_shows_test")
        seconds += run(str(folder / "rm_shows_test"))
    finally:
        edited.write_bytes(before)
    print(f"FIGURE one edited file to a tested binary: {seconds:.1f} s (at most 15)")
finally:
    shutil.rmtree(folder, ignore_errors=True)
