#!/usr/bin/env python3
"""The service and the demo in the release build: signed webhooks a second, the demo's length, memory of a sync, how soon a
healthy version is announced; and what the program asks of a forge, counted on the wire."""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import checks_budgets  # noqa: E402
import harness  # noqa: E402

BINARY = os.environ["RINGMASTER"]
BUILD = pathlib.Path(BINARY).parent
SECRET, REPOSITORY = "s3cret", "ada/hello"


def webhooks():
    subprocess.run(["cmake", "--build", str(BUILD), "--target", "webhook_load", "webhook_server"], check=True,
                   stdout=subprocess.DEVNULL)
    server = subprocess.Popen([BUILD / "bench/webhook_server", SECRET, REPOSITORY], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    port = server.stdout.readline().strip()
    load = subprocess.run([BUILD / "bench/webhook_load", port, SECRET, REPOSITORY], capture_output=True, text=True,
                          check=True).stdout
    server.stdin.close()
    server.wait()
    figures = dict(re.findall(r"^(\w+) ([0-9.]+)", load, re.MULTILINE))
    print(f"FIGURE signed webhooks of 20 KB: {figures['webhooks_per_second']} a second (at least 5000)")
    print(f"FIGURE one of them in a hundred takes longer than: {figures['webhook_p99']} ms (at most 10)")


def demo():
    began = time.monotonic()
    done = subprocess.run([BINARY, "demo", "--fast"], capture_output=True, text=True)
    print(f"FIGURE demo --fast: {time.monotonic() - began:.1f} s (at most 20)")
    failed = re.search(r"(\d+) failed", done.stdout)
    print(f"FIGURE demo, visits that failed: {failed.group(1) if failed else 999} visits (at most 0)")


def peak_megabytes(stage, *arguments):
    """Peak resident memory of one run of the command line, by the kernel's account of ended children."""
    child = os.fork()
    if child == 0:
        os.chdir(stage.checkout)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.execve(stage.binary, [stage.binary, *arguments], stage.environment())
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(arguments)} failed with status {status}")
    return usage.ru_maxrss / 1024


def on_a_stage(measure):
    stage = harness.Stage(BINARY)
    try:
        measure(stage)
    finally:
        stage.end()


def memory(stage):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, harness.START)
    print(f"FIGURE peak memory of a sync that creates: {peak_megabytes(stage, 'sync', str(number)):.1f} MB (at most 20)")


# Says when it began to serve, by the machine's clock since it was started, and serves from then on.
SLOW_APP = 'sleep 2; cut -d" " -f1 /proc/uptime > since; exec python3 -m http.server --bind $HOST $PORT'


def until_running(stage):
    """From an app's first moment to the labels that send people to it; its start, some 100 ms, included."""
    taken = []
    for turn in range(5):
        number, _ = stage.open_pull_request(f"feature-{turn}")
        stage.add_labels(number, harness.START)
        sync = stage.start("sync", str(number), RINGMASTER_SHOWS_RUN_COMMAND=SLOW_APP,
                           RINGMASTER_SHOWS_RUN_HEALTH_INTERVAL="1s")
        _, address = harness.wait_for(lambda: stage.running(number), 30, "the running show")
        with open("/proc/uptime") as clock:
            now = float(clock.read().split()[0])
        with urllib.request.urlopen(f"http://{address}/since") as answer:
            taken.append(now - float(answer.read()))
        sync.communicate(timeout=30)
    print(f"FIGURE an app that serves to the label running, median of {len(taken)}: {statistics.median(taken):.2f} s (at most 2)")


def requests(stage):
    bounds = {"check-only": 2, "create": 20, "replacement": 22}
    for part in checks_budgets.create_and_replace(stage).split("; "):
        what, count, writes = re.match(r"(.+): (\d+) requests, (\d+) writes", part).groups()
        bound = f" (at most {bounds[what]})" if what in bounds else ""
        print(f"FIGURE requests of a {what}: {count} requests{bound}")
        print(f"FIGURE of these, writes: {writes} requests")


def counted(check, name, bound):
    def measure(stage):
        count = re.search(r"(\d+) requests", check(stage)).group(1)
        print(f"FIGURE requests of {name}: {count} requests (at most {bound})")
    return measure


webhooks()
demo()
on_a_stage(memory)
on_a_stage(until_running)
on_a_stage(requests)
on_a_stage(counted(checks_budgets.list_500, "a list of 500", 8))
on_a_stage(counted(checks_budgets.sweep_100, "a sweep of 100", 600))
