#!/usr/bin/env python3
"""How long `ringmaster version` takes, from fork to exit: the binary in RINGMASTER and the static one, if it is built.

The processor time beside it tells a busy machine from a slow program: of a release build's, seven tenths are spent
loading and relocating libcurl and the thirty libraries it needs.
"""
import os
import pathlib
import statistics
import time

RUNS = 20
STATIC = pathlib.Path(__file__).parent.parent / "build/static/ringmaster"


def one_run(binary):
    """(milliseconds from fork to exit, milliseconds of processor time)"""
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    child = os.posix_spawn(binary, [binary, "version"], os.environ, file_actions=silence)
    _, status, usage = os.wait4(child, 0)
    length = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{binary} version ended with status {os.waitstatus_to_exitcode(status)}")
    return length * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def measure(name, binary, bound):
    one_run(binary)  # the first brings the files into memory
    lengths, processor = zip(*(one_run(binary) for _ in range(RUNS)))
    print(f"FIGURE {name}, median of {RUNS}: {statistics.median(lengths):.1f} ms (at most {bound})")
    print(f"FIGURE {name}, processor time: {statistics.median(processor):.1f} ms")


measure("ringmaster version", os.environ["RINGMASTER"], 15)
if STATIC.exists():
    measure("static ringmaster version", str(STATIC), 3)
else:
    print("SKIP static startup: there is no static build; `scripts/build static` makes one")
