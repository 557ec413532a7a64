"""A show's whole life on Docker through the real binary and the local forge; what breaks on the way."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess

from holding_proxy import AFTER, BEFORE, HoldingProxy
from stage import START, DockerStage, Visitor, expect, expect_equal, wait_for

CHECKS = []


def check(sentence):
    def mark(function):
        CHECKS.append((sentence, function))
        return function
    return mark


@check("docker: a show is created, replaced under load with no failed request, and stopped")
def lifecycle(binary, engine):
    with staged(DockerStage(binary, engine)) as stage:
        number, first, address = stage.running_show()
        expect_equal(stage.visit(address), f"version {first[:7]}\n")
        expect("running" in stage.run("status", str(number)).stdout, "status")
        visitor = Visitor(stage, number)
        try:
            wait_for(lambda: sum(visitor.answered.values()) > 50, 20, "visits")
            second = stage.push()
            stage.ci_builds(second, second[:7])
            stage.run("sync", str(number))
            wait_for(lambda: visitor.answered.get(f"version {second[:7]}", 0) > 50, 20, "visits to the new version")
        finally:
            visitor.stop()
        expect_equal(visitor.failed, [], "failed requests")
        expect_equal(len(engine.shows()), 1, "containers after the replacement")
        stage.run("stop", str(number), "--yes")
        stage.expect_nothing_left(number)
        return f"{sum(visitor.answered.values())} requests, 0 failed"


@check("docker: logs of a show, followed until it ends")
def logs(binary, engine):
    with staged(DockerStage(binary, engine)) as stage:
        number, sha = stage.open_pull_request()
        stage.ci_builds(sha, "1", "echo hello from $RINGMASTER_PR; exec httpd -f -p $PORT -h /www")
        stage.add_labels(number, START)
        stage.run("sync", str(number))
        expect(f"hello from {number}" in stage.run("logs", str(number)).stdout, "the line is missing")
        follower = stage.start("logs", str(number), "--follow")
        wait_for(lambda: follower.stdout.readline().startswith("hello"), 10, "the first line")
        stage.run("stop", str(number), "--yes")
        follower.communicate(timeout=20)


@check("docker: an image that is not there fails the show in one sentence, and leaves nothing running")
def no_image(binary, engine):
    with staged(DockerStage(binary, engine, RINGMASTER_SHOWS_BUILD_IMAGE="127.0.0.1:1/nowhere:{sha}")) as stage:
        number, _ = stage.open_pull_request()
        stage.add_labels(number, START)
        done = stage.run("sync", str(number), expect_exit=1)
        expect("registry" in done.stderr and "127.0.0.1:1" in done.stderr, done.stderr)
        expect(any("registry" in body for body in stage.comments(number)), stage.comments(number))
        expect_equal(engine.shows(), [], "containers")


@check("docker: an app that ends at once fails the show with its exit code and last lines")
def crashing(binary, engine):
    with staged(DockerStage(binary, engine)) as stage:
        number, sha = stage.open_pull_request()
        stage.ci_builds(sha, "1", "echo cannot find the frobnicator; exit 3")
        stage.add_labels(number, START)
        done = stage.run("sync", str(number), expect_exit=1)
        expect("exit 3" in done.stderr, done.stderr)
        expect_equal(engine.shows(), [], "containers")


@check("docker: without an engine the show fails and says where none answers")
def no_engine(binary, engine):
    with staged(DockerStage(binary, engine, "unix:///nonexistent/docker.sock",
                            RINGMASTER_SHOWS_BUILD_IMAGE_WAIT=None)) as stage:
        number, _ = stage.open_pull_request()
        stage.add_labels(number, START)
        done = stage.run("sync", str(number), expect_exit=None)
        expect(done.returncode in (1, 75), done.returncode)
        expect("there is no Docker engine at unix:///nonexistent/docker.sock" in done.stderr, done.stderr)
        expect("systemctl start docker" in done.stderr, done.stderr)


@check("docker: who may not use the socket is told how to get the right")
def no_right(binary, engine):
    with staged(DockerStage(binary, engine)) as stage:
        number, sha, _ = stage.running_show()
        os.chmod(stage.folder, 0o755)
        script = f"cd {stage.checkout} && exec {binary} logs {number}"
        environment = stage.environment() | {"HOME": "/nonexistent", "RINGMASTER_PROJECT_STATE": "/tmp/nobody-state"}
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "sh", "-c", script], env=environment,
                              capture_output=True, text=True)
        expect("may not use the Docker engine's socket" in done.stderr, done.stderr)
        expect("group docker" in done.stderr, done.stderr)
        stage.run("stop", str(number), "--yes")


@check("docker: a version is built from its Dockerfile at exactly its commit, runs, and leaves no image behind")
def built_here(binary, engine):
    engine.import_image("ringmaster-test/base:1", "true")
    settings = {"RINGMASTER_SHOWS_BUILD_TOOL": "docker", "RINGMASTER_SHOWS_BUILD_IMAGE": "ringmaster-test/built"}
    with staged(DockerStage(binary, engine, build="docker", **settings)) as stage:
        dockerfile = ("FROM ringmaster-test/base:1\nCOPY version.txt /www/index.html\n"
                      "CMD [\"/bin/sh\", \"-c\", \"exec httpd -f -p $PORT -h /www\"]\n")
        number, sha = stage.open_pull_request(Dockerfile=dockerfile)
        stage.write("version.txt", "not committed")  # what lies about here is not what is asked for
        stage.add_labels(number, START)
        stage.run("sync", str(number), timeout=180)
        page = stage.git("show", f"{sha}:version.txt")
        expect_equal(stage.visit(stage.running(number)[1]).strip(), page)
        stage.git("checkout", "--quiet", "version.txt")
        stage.push(Dockerfile="FROM ringmaster-test/base:1\nRUN echo cannot find the frobnicator; exit 3\n")
        done = stage.run("sync", str(number), expect_exit=1, timeout=180)
        expect("Docker build failed with exit code" in done.stderr, done.stderr)
        expect(any("frobnicator" in body for body in stage.comments(number)), stage.comments(number))
        expect_equal(stage.visit(stage.running_pointer(number)).strip(), page, "the old version serves on")
        stage.run("stop", str(number), "--yes")
        stage.expect_nothing_left(number)
        expect_equal(engine.docker("image", "ls", "-q", "ringmaster-test/built"), "", "images")


# showtime.md §5.5, in its order.
ORIGINAL = ["buildx", "build", "--push", "--platform", "linux/amd64", "--target", "showtime",
            "--build-arg", "INCLUDE_CHROMIUM=false", "--build-arg", "LOAD_EXAMPLES_DUCKDB=true",
            "-t", "apache/superset:pr-{number}-{sha}-ci",
            "--cache-from", "type=registry,ref=apache/superset-cache:showtime"]
# Notes how it is called to build, and where; a build is all that counts.
FAKE_DOCKER = """#!/bin/sh
test $1 = buildx || exit 0
for word in "$@"; do echo "$word"; done > {folder}/words
git rev-parse HEAD > {folder}/head
exit 7
"""
IN_CI = ["--cache-to", "type=registry,mode=max,ref=apache/superset-cache:showtime"]


@check("docker: under preset superset the docker program is called word by word as superset-showtime did")
def as_the_original(binary, engine):
    for extra, tail in (({}, ["."]), ({"CI": "true", "DOCKER_LOAD": "true"}, [*IN_CI, "--load", "."])):
        settings = {"RINGMASTER_SHOWS_PRESET": "superset", "RINGMASTER_SHOWS_REQUIRED_COMMIT": "",
                    "RINGMASTER_SHOWS_BUILD_IMAGE": None, "RINGMASTER_SHOWS_BUILD_IMAGE_WAIT": None} | extra
        with staged(DockerStage(binary, engine, build="docker", **settings)) as stage:
            fake = pathlib.Path(stage.folder) / "bin"
            fake.mkdir()
            (fake / "docker").write_text(FAKE_DOCKER.format(folder=fake))
            (fake / "docker").chmod(0o755)
            stage.settings["PATH"] = f"{fake}:{os.environ['PATH']}"
            number, sha = stage.open_pull_request(Dockerfile="FROM scratch\n")
            stage.add_labels(number, START)
            done = stage.run("sync", str(number), expect_exit=1)
            expect("Docker build failed with exit code: 7" in done.stderr, done.stderr)
            wanted = [word.format(number=number, sha=sha[:7]) for word in ORIGINAL] + tail
            expect_equal((fake / "words").read_text().splitlines(), wanted, "the docker program's arguments")
            expect_equal((fake / "head").read_text().strip(), sha, "the commit that is checked out there")


@check("docker: an image that CI pushes later is waited for, pulled from its registry, and removed with the show")
def waited_for(binary, engine):
    with registry(engine) as address:
        pattern = f"{address}/hello:{{sha}}-{{branch}}"
        with staged(DockerStage(binary, engine, RINGMASTER_SHOWS_BUILD_IMAGE=pattern,
                                RINGMASTER_SHOWS_BUILD_IMAGE_WAIT="60s")) as stage:
            number, sha = stage.open_pull_request("my/feature")
            stage.add_labels(number, START)
            worker = stage.start("sync", str(number))
            wait_for(lambda: any("🚦 building" in name for name in stage.labels(number)), 20, "the wait's begin")
            image = f"{address}/hello:{sha[:7]}-my-feature"
            engine.import_image(image, "exec httpd -f -p $PORT -h /www", {"www/index.html": "pushed by CI"})
            engine.docker("push", image)
            engine.docker("image", "rm", image)
            worker.communicate(timeout=60)
            show = stage.running(number)
            expect(show, "no show:", stage.tent_labels(number))
            expect_equal(stage.visit(show[1]), "pushed by CI")
            stage.run("stop", str(number), "--yes")
            stage.expect_nothing_left(number)
            expect_equal(engine.docker("image", "ls", "-q", f"{address}/hello"), "", "pulled images")


@contextlib.contextmanager
def registry(engine):
    """A registry on this machine; its address."""
    port = 5001
    folder = pathlib.Path(engine.folder) / "registry"
    config = pathlib.Path(engine.folder) / "registry.yml"
    config.write_text(f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}}}}}\n"
                      f"http: {{addr: 127.0.0.1:{port}}}\nlog: {{level: error}}\n")
    server = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), 20, "the registry")
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def killed_at(binary, engine, place, moment):
    """Kills a `sync` at its call number `place` to the engine; one sweep must leave nothing. False: it made fewer."""
    proxy_path = pathlib.Path(engine.folder) / f"proxy-{place}-{moment}.sock"
    proxy = HoldingProxy(proxy_path, engine.socket, place, moment)
    try:
        with staged(DockerStage(binary, engine, proxy.host)) as stage:
            number, sha = stage.open_pull_request()
            stage.ci_builds(sha, "1")
            stage.add_labels(number, START)
            worker = stage.start("sync", str(number))
            wait_for(lambda: proxy.held.is_set() or worker.poll() is not None, 60, f"call {place}")
            was_held = proxy.held.is_set()
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            if not was_held:
                return None
            proxy.stop()
            stage.settings["RINGMASTER_SHOWS_DOCKER_HOST"] = engine.host
            stage.run("release", str(number), expect_exit=None)
            stage.close(number)
            stage.run("cleanup", "--yes", expect_exit=None)
            expect_equal(engine.shows(), [], f"containers after a kill {moment} {proxy.requests[-1]}")
            expect_equal(stage.tent_labels(number), [], f"labels after a kill {moment} {proxy.requests[-1]}")
            return proxy.requests[-1]
    finally:
        proxy.stop()


def sweep_of_crashes(moment):
    def run(binary, engine):
        places = []
        while place := killed_at(binary, engine, len(places) + 1, moment):
            places.append(place)
            # Health is looked at again and again; all calls after that are the same.
            if len(places) > 30:
                break
        expect(any("create" in place for place in places), places)
        expect(any("start" in place for place in places), places)
        return f"{len(places)} places"
    return run


check("docker: killed before any of its calls to the engine, one sweep leaves nothing")(sweep_of_crashes(BEFORE))
check("docker: killed after any of its calls to the engine, one sweep leaves nothing")(sweep_of_crashes(AFTER))


class staged:
    def __init__(self, stage):
        self.stage = stage

    def __enter__(self):
        return self.stage

    def __exit__(self, *_):
        self.stage.end()
        for name in self.stage.engine.shows():
            self.stage.engine.docker("rm", "-f", name, check=False)
