#!/usr/bin/env python3
"""The local forge and its listener: 10,000 open pull requests listed by REST and by GraphQL, small requests a second."""
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "clients"))
import harness  # noqa: E402  (the path above comes first)

PULL_REQUESTS = 10_000
QUERY = """query($after: String) { repository(owner: "demo", name: "app") {
  pullRequests(first: 100, after: $after, states: [OPEN]) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { number title headRefOid isDraft labels(first: 100) { nodes { id name } } headRef { target { oid } } } } } }"""
HEADERS = {"Authorization": "Bearer alice-token"}


def open_pull_requests(forge):
    """A branch with a commit of its own each, in one push."""
    base = forge.git("rev-parse", "main").stdout.strip()
    commits = "".join(f"commit refs/heads/b{i}\ncommitter A <a@example.org> {1_700_000_000 + i} +0000\ndata 6\nBranch\n"
                      f"from {base}\nM 100644 inline f{i}\ndata 1\nx\n\n" for i in range(PULL_REQUESTS - 1))
    subprocess.run(["git", "-C", str(forge.clone), "fast-import", "--quiet"], input=commits.encode(), check=True)
    start = time.perf_counter()
    harness.COMMAND_TIMEOUT_SECONDS = 600
    forge.git("push", "-q", forge.remote(), "refs/heads/b*:refs/heads/b*")
    print(f"FIGURE a push that opens {PULL_REQUESTS} pull requests: {time.perf_counter() - start:.1f} s")


def list_by_rest(connection):
    path, numbers = "/repos/demo/app/pulls?per_page=100", set()
    while path:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
        numbers.update(re.findall(rb'"issue_url":"[^"]*/issues/(\d+)"', body))
        following = re.search(r'<http://[^/]*([^>]*)>; rel="next"', answer.headers.get("Link") or "")
        path = following and following.group(1)
    return len(numbers)


def list_by_graphql(connection):
    after, count = None, 0
    while True:
        connection.request("POST", "/graphql", json.dumps({"query": QUERY, "variables": {"after": after}}), HEADERS)
        page = json.loads(connection.getresponse().read())["data"]["repository"]["pullRequests"]
        count += len(page["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            return count
        after = page["pageInfo"]["endCursor"]


def measure_listing():
    with harness.running_forge() as forge:
        open_pull_requests(forge)
        for name, function in (("REST", list_by_rest), ("GraphQL", list_by_graphql)):
            connection = http.client.HTTPConnection("127.0.0.1", int(forge.port))
            start = time.perf_counter()
            harness.equal(function(connection), PULL_REQUESTS)
            print(f"FIGURE {PULL_REQUESTS} open pull requests by {name}: {time.perf_counter() - start:.2f} s (at most 1)")


def measure_listener():
    if not shutil.which("wrk"):
        print("SKIP small requests: wrk is not installed")
        return
    with subprocess.Popen([ROOT / "build/release/listener_bench"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        report = subprocess.run(["wrk", "-t1", "-c50", "-d5s", "--latency", url], capture_output=True, text=True, check=True).stdout
        server.stdin.close()
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", report).group(1))
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", report).groups()
    milliseconds = float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    print(f"FIGURE small requests: {rate:.0f} a second (at least 20000)")
    print(f"FIGURE small requests, 99th percentile: {milliseconds:.2f} ms (at most 10)")


subprocess.run(["cmake", "--build", str(ROOT / "build/release"), "--target", "forge_main", "listener_bench"], check=True,
               stdout=subprocess.DEVNULL)
harness.FORGE_PROGRAM = ROOT / "build/release/forge_main"
measure_listener()
measure_listing()
