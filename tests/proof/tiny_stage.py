"""A stage for hundreds of cases: an app that starts in milliseconds, versions made without a working tree (so that
several can be made at once), every build counted, and a proxy of its own for every process."""

import collections
import os
import re
import subprocess
import threading

from harness import LEASE_SECONDS, Stage, expect, wait_for
from recording_proxy import Proxy

APP = '''\
use strict;
use Socket;
socket(my $door, PF_INET, SOCK_STREAM, 0) or die $!;
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
bind($door, pack_sockaddr_in($ENV{PORT}, INADDR_LOOPBACK)) or die $!;
listen($door, 50);
while (accept(my $visitor, $door)) {
    sysread($visitor, my $request, 4096);
    syswrite($visitor, "HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\n$ENV{RINGMASTER_SHA}\\n");
    close($visitor);
}
'''

BUILD = '''\
echo "$RINGMASTER_PR $RINGMASTER_SHA" >> "$BUILDS"
if [ -f slow ]; then sleep "$(cat slow)"; fi
'''

# A lease is another worker's after its margin of a quarter.
LEASE_OVER_SECONDS = LEASE_SECONDS * 1.25 + 1


class TinyStage(Stage):
    FILES = {"app.pl": APP, "build.sh": BUILD}

    def __init__(self, binary, **options):
        self.git_lock, self.trees = threading.Lock(), {}
        super().__init__(binary, **options)
        self.main = self.git("rev-parse", "main")

    @property
    def builds_file(self):
        return os.path.join(self.folder, "builds")

    def config_text(self):
        return f'''\
[project]
repository = "ada/hello"

[shows]
limit = 0
lease = "{LEASE_SECONDS}s"
lease_settle = "0s"
retire_after = "10ms"
watch_interval = "1s"

[shows.build]
engine = "command"
command = ["sh", "build.sh"]
env = {{ BUILDS = "{self.builds_file}" }}

[shows.run]
engine = "process"
command = ["perl", "app.pl"]
health = ["/"]
health_interval = "50ms"
health_timeout = "20s"
stop_grace = "1s"
'''

    # -- versions and pull requests ------------------------------------------------------------------------

    def commit(self, message, parent=None, **files):
        """A commit on `parent` (default: main) with these files added; not pushed."""
        key = tuple(sorted(files.items()))
        if key not in self.trees:
            tree = self.git("ls-tree", self.main)
            for name, text in key:
                blob = self.git_input("hash-object", text, "-w", "--stdin")
                tree += f"\n100644 blob {blob}\t{name}"
            self.trees[key] = self.git_input("mktree", tree + "\n")
        return self.git("commit-tree", self.trees[key], "-p", parent or self.main, "-m", message)

    def push_commits(self, commits):
        """`commits`: branch -> commit, in one push."""
        with self.git_lock:
            self.git("push", "--quiet", "--force", "origin",
                     *(f"{sha}:refs/heads/{branch}" for branch, sha in commits.items()))

    def open_pull_requests(self, branches, **files):
        """Branch -> (number, commit) of a new pull request each, by one push."""
        if not branches:
            return {}
        commits = {branch: self.commit(f"Change {branch}", **files) for branch in branches}
        self.push_commits(commits)
        numbers = wait_for(lambda: self.numbers_of(commits), 30, "the pull requests of the pushed branches")
        return {branch: (numbers[branch], sha) for branch, sha in commits.items()}

    def numbers_of(self, branches):
        found, page = {}, 1
        while True:
            pulls = self.rest("GET", f"/repos/ada/hello/pulls?state=open&per_page=100&page={page}")
            found |= {pull["head"]["ref"]: pull["number"] for pull in pulls}
            if len(pulls) < 100:
                return found if all(branch in found for branch in branches) else None
            page += 1

    def new_version(self, branch, parent, **files):
        """Pushes a further commit to the branch; its sha."""
        sha = self.commit(f"Change {branch} again", parent, **files)
        self.push_commits({branch: sha})
        return sha

    # -- processes -----------------------------------------------------------------------------------------

    def new_proxy(self):
        return Proxy(self.forge)

    def start_through(self, proxy, *arguments, **extra):
        return self.start(*arguments, GITHUB_API_URL=proxy.url + "/api/v3",
                          GITHUB_GRAPHQL_URL=proxy.url + "/api/graphql", **extra)

    def finish(self, child, timeout=120):
        """Exit code and output of a started command."""
        out, err = child.communicate(timeout=timeout)
        self.children.remove(child)
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)

    def processes_of(self, number):
        """(pid, sha7) of everything that runs in a checkout of this pull request."""
        place = re.compile(re.escape(self.state) + rf"/builds/ada/hello/pr-{number}-([0-9a-f]{{7}})/")
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                at = place.match(os.readlink(f"/proc/{pid}/cwd"))
            except OSError:
                continue
            if at:
                found.append((int(pid), at.group(1)))
        return found

    def supervisors(self):
        """Supervisors of shows of this stage; they keep their show's folder open."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/comm") as comm:
                    if comm.read().strip() != "ringmaster-show":
                        continue
                files = [os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]
            except OSError:
                continue
            if any(path.startswith(self.state + "/") for path in files):
                found.append(int(pid))
        return found

    def folders_of(self, number):
        """Folders that the engines keep for this pull request."""
        found = []
        for part in ("builds", "shows"):
            below = os.path.join(self.state, part, "ada/hello")
            if os.path.isdir(below):
                found += [f"{part}/{name}" for name in os.listdir(below) if name.startswith(f"pr-{number}-")]
        return sorted(found)

    def builds(self):
        """How often each (number, commit) was built."""
        if not os.path.exists(self.builds_file):
            return collections.Counter()
        with open(self.builds_file) as lines:
            return collections.Counter((int(number), sha) for number, sha in map(str.split, lines))

    def builds_of(self, number):
        return {sha: count for (of, sha), count in self.builds().items() if of == number}

    # -- claims --------------------------------------------------------------------------------------------

    def all_definitions(self):
        found, page = [], 1
        while True:
            labels = self.rest("GET", f"/repos/ada/hello/labels?per_page=100&page={page}")
            found += labels
            if len(labels) < 100:
                return found
            page += 1

    def claims_of(self, number):
        """Name and description of the lease tokens of a pull request, run out or not."""
        return {label["name"]: label["description"] for label in self.all_definitions()
                if re.fullmatch(rf"🎪 🔑 {number}\.\d+", label["name"])}

    def expect_no_remains(self):
        expect(not self.supervisors(), "supervisors are left:", self.supervisors())
        left = self.processes_of_state()
        expect(not left, "processes are left:", [self.command_line(pid) for pid in left])
