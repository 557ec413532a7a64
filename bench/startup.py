#!/usr/bin/env python3
"""How long `ringmaster version` takes, from fork to exit, in the release build and in the static one if it is built."""
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
RUNS = 30


def median_milliseconds(binary):
    lengths = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([binary, "version"], stdout=subprocess.DEVNULL, check=True)
        lengths.append((time.perf_counter() - start) * 1000)
    return statistics.median(lengths)


print(f"FIGURE ringmaster version, median of {RUNS}: {median_milliseconds(os.environ['RINGMASTER']):.1f} ms (at most 15)")
static = ROOT / "build/static/ringmaster"
if static.exists():
    print(f"FIGURE the same, static: {median_milliseconds(str(static)):.1f} ms (at most 3)")
else:
    print("SKIP ringmaster version, static: build/static/ringmaster is not built (scripts/build static)")
