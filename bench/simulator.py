#!/usr/bin/env python3
"""How many port calls of production code the simulator plays in a second on one core, with three servers. Processor time:
what else runs on the machine does not count. With more pull requests a listing, which is one call, has more to read."""
import os
import pathlib
import re
import subprocess

BUILD = pathlib.Path(os.environ["RINGMASTER"]).parent


def measure(pull_requests: int, histories: int) -> str:
    sizes = ["--seeds", str(histories), "--workers", "3", "--pull-requests", str(pull_requests)]
    done = subprocess.run([str(BUILD / "ringmaster-sim"), *sizes], stdout=subprocess.PIPE, text=True)
    print(done.stdout)
    found = re.search(r"(\d+) a second of processor time", done.stdout)
    if not found or done.returncode != 0:
        raise SystemExit("the simulator did not end well")
    return found[1]


subprocess.run(["cmake", "--build", str(BUILD), "--target", "ringmaster-sim"], check=True, stdout=subprocess.DEVNULL)
print(f"FIGURE simulated port calls: {measure(4, 400)} a second (at least 200000)")
print(f"FIGURE simulated port calls, 20 pull requests: {measure(20, 40)} a second")
