"""A forge, a checkout and the real binary (tests/e2e), with shows as containers of an engine."""
import pathlib
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))

from harness import START, Stage, expect, expect_equal, wait_for  # noqa: E402

# Serves the version that its image was made of.
SCRIPT = "exec httpd -f -p $PORT -h /www"
BASE = "ringmaster-test/base:1"


class DockerStage(Stage):
    def __init__(self, binary: str, engine, host: str | None = None, build: str = "none", run: str = "docker",
                 serving: bool = False, **settings: str | None):
        self.engine = engine
        self.settings = {
            "RINGMASTER_SHOWS_BUILD_ENGINE": build,
            "RINGMASTER_SHOWS_BUILD_IMAGE": "ringmaster-test/hello:{sha}",
            "RINGMASTER_SHOWS_BUILD_IMAGE_WAIT": "0s",
            "RINGMASTER_SHOWS_RUN_ENGINE": run,
            "RINGMASTER_SHOWS_RUN_COMMAND": "",
            "RINGMASTER_SHOWS_RUN_STOP_GRACE": "1s",
            "RINGMASTER_SHOWS_DOCKER_HOST": host or engine.host,
        } | settings
        self.settings = {name: value for name, value in self.settings.items() if value is not None}
        super().__init__(binary, serving)

    def base_environment(self):
        return super().base_environment() | self.settings

    def ci_builds(self, sha: str, version: str, script: str = SCRIPT) -> None:
        """What a CI system did before: the image of that commit is there."""
        self.engine.import_image(f"ringmaster-test/hello:{sha[:7]}", script, {"www/index.html": f"version {version}\n"})

    def running_show(self, branch: str = "feature"):
        """A pull request with a show: its number, commit and address."""
        number, sha = self.open_pull_request(branch)
        self.ci_builds(sha, sha[:7])
        self.add_labels(number, START)
        self.run("sync", str(number))
        show = self.running(number)
        expect(show, f"no running show of #{number}:", self.tent_labels(number))
        return number, sha, show[1]

    def expect_nothing_left(self, number: int) -> None:
        expect_equal(self.tent_labels(number), [], "labels")
        expect_equal(self.engine.shows(), [], "containers")
        expect_equal(self.lease_tokens(), [], "lease tokens")


class Visitor:
    """Follows the pull request's pointer without a pause, and counts what did not answer."""

    def __init__(self, stage: DockerStage, number: int):
        self.stage, self.number = stage, number
        self.answered, self.failed = {}, []
        self.address = stage.running_pointer(number)
        self.is_done = threading.Event()
        self.threads = [threading.Thread(target=self._visit), threading.Thread(target=self._follow)]
        for thread in self.threads:
            thread.start()

    def _follow(self) -> None:
        while not self.is_done.wait(0.1):
            self.address = self.stage.running_pointer(self.number) or self.address

    def _visit(self) -> None:
        while not self.is_done.is_set():
            address = self.address
            try:
                with urllib.request.urlopen(f"http://{address}/", timeout=5) as answer:
                    page = answer.read().decode().strip()
                self.answered[page] = self.answered.get(page, 0) + 1
            except (OSError, urllib.error.URLError) as error:
                self.failed.append(f"{time.monotonic():.2f} {address}: {error}")
            time.sleep(0.002)

    def stop(self) -> None:
        self.is_done.set()
        for thread in self.threads:
            thread.join()


__all__ = ["BASE", "DockerStage", "SCRIPT", "START", "Visitor", "expect", "expect_equal", "wait_for"]
