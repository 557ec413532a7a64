"""What the program asks of the forge, counted on the wire: the figures that bench/ reports are bounds here."""

from harness import START, check, expect, expect_equal


def within(stage, what, most_requests, most_writes, act):
    stage.proxy.asked.clear()
    act()
    requests, writes = len(stage.proxy.asked), stage.proxy.writes()
    expect(requests <= most_requests and writes <= most_writes,
           f"{what}: {requests} requests, {writes} of them writes; at most {most_requests} and {most_writes} are due\n",
           "\n".join(str(asked) for asked in stage.proxy.asked))
    return f"{what}: {requests} requests, {writes} writes"


def create_and_replace(stage, **environment):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    said = [within(stage, "check-only", 2, 0, lambda: stage.run("sync", str(number), "--check-only", **environment)),
            within(stage, "create", 20, 14, lambda: stage.run("sync", str(number), **environment))]
    expect_equal(len(stage.comments(number)), 1, "comments")
    expect_equal(len(stage.rest("GET", "/repos/ada/hello/deployments")), 1, "deployment records")
    stage.push()
    said.append(within(stage, "replacement", 22, 16, lambda: stage.run("sync", str(number), **environment)))
    expect(stage.running(number), stage.tent_labels(number))
    said.append(within(stage, "stop", 22, 16, lambda: stage.run("stop", str(number), "--yes", **environment)))
    return "; ".join(said)


@check("budget: a create asks at most 20 times (14 writes), a replacement 22 (16), a check 2")
def with_labels(stage):
    return create_and_replace(stage)


@check("budget: the same with leases made of refs, of which nothing is left")
def with_refs(stage):
    said = create_and_replace(stage, RINGMASTER_SHOWS_CLAIMS="refs")
    refs = stage.git("ls-remote", "origin", "refs/ringmaster/*")
    expect_equal(refs, "", "claims' refs")
    return said


def many_pull_requests(stage, count):
    """Open pull requests from as many branches, by one push."""
    blob = stage.git("rev-parse", "HEAD:app.py")
    stage.git("checkout", "--quiet", "main")
    commits = []
    for index in range(count):
        tree = stage.git_input("mktree", f"100644 blob {blob}\tfile-{index}\n")
        commits.append(stage.git("commit-tree", tree, "-p", "main", "-m", f"Change {index}"))
    stage.git("push", "--quiet", "origin", *[f"{commit}:refs/heads/b{index}" for index, commit in enumerate(commits)])
    numbers = {}
    for page in range(1, count // 100 + 2):
        for pull in stage.rest("GET", f"/repos/ada/hello/pulls?per_page=100&page={page}"):
            numbers[pull["head"]["sha"]] = pull["number"]
    expect_equal(len(numbers), count, "pull requests")
    return numbers


def label_as_running(stage, numbers, date):
    for sha, number in numbers.items():
        sha7 = sha[:7]
        stage.add_labels(number, f"🎪 {sha7} 🚦 running", f"🎪 🎯 {sha7}", f"🎪 {sha7} 📅 {date}", "🎪 ⌛ 48h")


@check("budget: a list of 500 pull requests with shows asks at most 8 times")
def list_500(stage):
    numbers = many_pull_requests(stage, 500)
    label_as_running(stage, numbers, "2026-11-20T10-00")
    listed = []
    said = within(stage, "list of 500", 8, 0, lambda: listed.extend(stage.json("list", "--json")))
    expect_equal(len({show["pull_request"] for show in listed}), 500, "shows in the list")
    return said


@check("budget: a sweep of 100 expired shows asks at most 600 times")
def sweep_100(stage):
    numbers = many_pull_requests(stage, 100)
    label_as_running(stage, numbers, "2020-01-01T00-00")

    def sweep():
        # A run ends at most 50 shows, so that a mistake cannot cost more than that.
        for _ in range(2):
            stage.run("cleanup", "--older-than", "48h", "--force", timeout=300)

    said = within(stage, "sweep of 100", 600, 600, sweep)
    left = [number for number in numbers.values() if any(" 🚦 " in name for name in stage.tent_labels(number))]
    expect_equal(left, [], "pull requests that still have a show")
    return said
