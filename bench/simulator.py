#!/usr/bin/env python3
"""How many port calls of production code the simulator plays in a second on one core, in histories of three servers and
twenty pull requests. Processor time: what else runs on the machine does not count."""
import os
import pathlib
import re
import subprocess

BUILD = pathlib.Path(os.environ["RINGMASTER"]).parent
HISTORIES = ["--seeds", "40", "--workers", "3", "--pull-requests", "20"]

subprocess.run(["cmake", "--build", str(BUILD), "--target", "ringmaster-sim"], check=True, stdout=subprocess.DEVNULL)
done = subprocess.run([str(BUILD / "ringmaster-sim"), *HISTORIES], stdout=subprocess.PIPE, text=True)
print(done.stdout)
found = re.search(r"(\d+) port calls .*?(\d+) a second of processor time", done.stdout)
if not found or done.returncode != 0:
    raise SystemExit("the simulator did not end well")
print(f"FIGURE simulated port calls: {found[2]} a second (at least 200000)")
