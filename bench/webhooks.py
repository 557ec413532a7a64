#!/usr/bin/env python3
"""Signed webhooks a second that the service takes, and the slowest waits, over loopback."""
import os
import pathlib
import subprocess

BUILD = pathlib.Path(os.environ["RINGMASTER"]).parent
SECRET, REPOSITORY, SECONDS = "measured", "acme/shop", "5"
# What load prints → what we call it, and what we promise on two idle cores.
PROMISED = {"webhooks_per_second": ("signed webhooks", "at least 5000"),
            "webhook_p99": ("the slowest of a hundred webhooks", "at most 10")}

subprocess.run(["cmake", "--build", str(BUILD), "--target", "webhook_load", "webhook_server"], check=True,
               stdout=subprocess.DEVNULL)
server = subprocess.Popen([str(BUILD / "bench/webhook_server"), SECRET, REPOSITORY], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True)
try:
    port = server.stdout.readline().strip()
    load = subprocess.run([str(BUILD / "bench/webhook_load"), port, SECRET, REPOSITORY, SECONDS], check=True,
                          stdout=subprocess.PIPE, text=True)
    print(load.stdout)
    for line in load.stdout.splitlines():
        name, value, unit = line.split(maxsplit=2)
        if name in PROMISED:
            title, bound = PROMISED[name]
            print(f"FIGURE {title}: {value} {unit} ({bound})")
finally:
    server.stdin.close()
    server.wait(timeout=10)
