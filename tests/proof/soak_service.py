"""`ringmaster serve` as a process of its own, with a proxy between it and the forge that sends it webhooks."""

import os
import re
import signal
import subprocess

from checking import expect, expect_equal, wait_for

SECRET = "soak-secret"
QUIET_LOOKS = 3


class Service:
    def __init__(self, stage, *arguments):
        self.stage, self.proxy = stage, stage.new_proxy()
        self.log = os.path.join(stage.folder, "service.log")
        environment = stage.environment(
            GITHUB_API_URL=self.proxy.url + "/api/v3", GITHUB_GRAPHQL_URL=self.proxy.url + "/api/graphql",
            GITHUB_WEBHOOK_SECRET=SECRET, RINGMASTER_SERVER_SWEEP_INTERVAL="5s")
        self.process = subprocess.Popen(
            [stage.binary, "serve", "--listen", "127.0.0.1:0", *arguments], cwd=stage.checkout, env=environment,
            stdin=subprocess.DEVNULL, stdout=open(self.log, "w"), stderr=subprocess.STDOUT, start_new_session=True)
        stage.children.append(self.process)
        self.url = wait_for(self.announced_url, 15, "the service's announcement", self.said)
        stage.rest("POST", "/repos/ada/hello/hooks", {
            "name": "web", "active": True, "events": ["pull_request", "issue_comment"],
            "config": {"url": self.url + "/webhooks", "content_type": "json", "secret": SECRET}})

    def announced_url(self):
        expect(self.process.poll() is None, "the service ended:", self.said())
        found = re.search(r"^ +service +(\S+)", self.said(), re.MULTILINE)
        return found and found.group(1)

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def metrics(self):
        text = self.stage.request("GET", self.url + "/metrics")[2]
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                if line and not line.startswith("#")}

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def children(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid:
                found.append(int(pid))
        return found

    def wait_until_idle(self):
        quiet = 0

        def is_idle():
            nonlocal quiet
            busy = any(value for name, value in self.metrics().items() if name.startswith("ringmaster_queue_keys"))
            quiet = 0 if busy or self.children() else quiet + 1
            return quiet >= QUIET_LOOKS

        wait_for(is_idle, 120, "an idle service", self.metrics)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        expect_equal(self.process.wait(timeout=20), 0, self.said()[-2000:])

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.proxy.stop()
