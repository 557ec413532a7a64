"""A show's whole life on ECS through the real binary and the local forge; what breaks on the way."""
import contextlib
import http.server
import json
import pathlib
import sys
import threading

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "docker"),
                str(pathlib.Path(__file__).resolve().parents[2] / "e2e")]

import clouds  # noqa: E402
from harness import START, Stage, expect, expect_equal, wait_for  # noqa: E402
from stage import Visitor  # noqa: E402

CHECKS = []
# Of a create, beside waiting for the task to run.
MOST_CALLS = 9
WAITING = ("DescribeServices", "ListTasks", "DescribeTasks")


def check(sentence):
    def mark(function):
        CHECKS.append((sentence, function))
        return function
    return mark


class EcsStage(Stage):
    """Shows are services of a cluster of the stage's own."""

    def __init__(self, binary, cloud, cluster=None, **settings):
        self.cloud = cloud
        self.cluster = cluster or cloud.cluster()
        self.aws = clouds.Proxy(cloud.url)
        self.settings = {
            "AWS_ENDPOINT_URL": cloud.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "RINGMASTER_SHOWS_BUILD_ENGINE": "none", "RINGMASTER_SHOWS_BUILD_IMAGE": f"{clouds.IMAGE}:1",
            "RINGMASTER_SHOWS_BUILD_IMAGE_WAIT": "0s", "RINGMASTER_SHOWS_BUILD_COMMAND": "",
            "RINGMASTER_SHOWS_RUN_ENGINE": "ecs", "RINGMASTER_SHOWS_RUN_COMMAND": "",
            "RINGMASTER_SHOWS_ECS_REGION": clouds.REGION, "RINGMASTER_SHOWS_ECS_CLUSTER": self.cluster,
            "RINGMASTER_SHOWS_ECS_SUBNETS": "subnet-1", "RINGMASTER_SHOWS_ECS_ADDRESS": "private",
            "RINGMASTER_SHOWS_ECS_FAMILY": self.cluster + "-{show}",
            "RINGMASTER_SHOWS_ECS_LOG_GROUP": "/ecs/" + self.cluster,
            "RINGMASTER_SHOWS_RUN_ENV": "MODE=serve",
        } | settings
        super().__init__(binary)

    def base_environment(self):
        return super().base_environment() | {name: value for name, value in self.settings.items() if value is not None}

    def environment(self, **extra):
        """Of the command line, which alone is counted and stopped: the forge's own service sweeps once as it starts."""
        return super().environment(**{"AWS_ENDPOINT_URL": self.aws.url} | extra)

    def started(self, branch="feature"):
        """The number of a new pull request that asks for a show."""
        number, sha = self.open_pull_request(branch)
        self.add_labels(number, START)
        return number, sha

    def expect_nothing_left(self, *numbers):
        for number in numbers:
            expect_equal(self.tent_labels(number), [], f"labels of #{number}")
        expect_equal(self.cloud.services(self.cluster), [], "services")
        mine = [name for name in self.cloud.revisions() if name.startswith(self.cluster)]
        expect_equal(mine, [], "task definitions")
        if hasattr(self.cloud, "containers"):
            wait_for(lambda: not self.cloud.containers(self.cluster), 15, "the containers' end")
        expect_equal(self.lease_tokens(), [], "lease tokens")

    def end(self):
        super().end()
        self.aws.stop()


@contextlib.contextmanager
def staged(stage):
    try:
        yield stage
    finally:
        stage.end()


@check("ecs: a show is created, replaced under load with no failed request, and stopped")
def lifecycle(binary, cloud, tools):
    with staged(EcsStage(binary, cloud)) as stage:
        number, first = stage.started()
        stage.run("sync", str(number))
        sha, address = stage.running(number)
        expect_equal(sha, first[:7], "the version that runs")
        wait_for(lambda: stage.visit(address) is not None, 5, "an answer")
        expect(address in stage.run("status", str(number)).stdout, "the address in status")
        visitor = Visitor(stage, number)
        try:
            wait_for(lambda: sum(visitor.answered.values()) > 50, 20, "visits")
            second = stage.push()
            stage.run("sync", str(number))
            expect_equal(stage.running(number)[0], second[:7], "the version after the push")
            before = sum(visitor.answered.values())
            wait_for(lambda: sum(visitor.answered.values()) > before + 50, 20, "visits to the new version")
        finally:
            visitor.stop()
        expect_equal(visitor.failed, [], "failed requests")
        expect_equal(len(cloud.services(stage.cluster)), 1, "services after the replacement")
        stage.run("stop", str(number), "--yes")
        stage.expect_nothing_left(number)
        return f"{sum(visitor.answered.values())} requests, 0 failed"


def calls_of_a_create(stage, branch):
    """Beside waiting: from the creation to the last listing it waits, for the task, then for the app."""
    number, _ = stage.started(branch)
    stage.aws.calls.clear()
    stage.run("sync", str(number))
    calls = stage.aws.calls
    created = calls.index("CreateService")
    listed_at_end = len(calls) - 1 - calls[::-1].index("ListServices")
    counted = [*calls[:created + 1], *(name for name in calls[created + 1:listed_at_end] if name not in WAITING),
               *calls[listed_at_end:]]
    expect(len(counted) <= MOST_CALLS, f"{len(counted)} calls: {counted}")
    return number, f"{len(counted)} calls, {len(calls)} with waiting"


@check("ecs: a create asks ECS at most 9 times beside waiting, with or without other shows")
def budget(binary, cloud, tools):
    with staged(EcsStage(binary, cloud)) as stage:
        first, alone = calls_of_a_create(stage, "one")
        second, _ = calls_of_a_create(stage, "two")
        third, among = calls_of_a_create(stage, "three")
        for number in (first, second, third):
            stage.run("stop", str(number), "--yes")
        stage.expect_nothing_left(first, second, third)
        return f"{alone}; among others {among}"


@check("ecs: logs of a show")
def logs(binary, cloud, tools):
    with staged(EcsStage(binary, cloud, RINGMASTER_SHOWS_RUN_ENV="MODE=serve,GREETING=hello")) as stage:
        number, _ = stage.started()
        stage.run("sync", str(number))
        wait_for(lambda: "hello" in stage.run("logs", str(number)).stdout, 10, "the greeting in the log")
        stage.run("stop", str(number), "--yes")


@check("ecs: an image that is not there fails the show in one sentence, and leaves nothing")
def no_image(binary, cloud, tools):
    with staged(EcsStage(binary, cloud, RINGMASTER_SHOWS_BUILD_IMAGE="127.0.0.1:1/nowhere:1")) as stage:
        number, _ = stage.started()
        done = stage.run("sync", str(number), expect_exit=1)
        expect("ECS cannot start" in done.stderr and "127.0.0.1:1" in done.stderr, done.stderr)
        expect(any("ECS cannot start" in body for body in stage.comments(number)), stage.comments(number))
        expect_equal(cloud.services(stage.cluster), [], "services")


@check("ecs: an app that ends at once fails the show with its exit code")
def crashing(binary, cloud, tools):
    with staged(EcsStage(binary, cloud, RINGMASTER_SHOWS_RUN_ENV="MODE=crash")) as stage:
        number, _ = stage.started()
        done = stage.run("sync", str(number), expect_exit=1)
        expect("exit 3" in done.stderr, done.stderr)
        expect_equal(cloud.services(stage.cluster), [], "services")


def says(stage, *words):
    number, _ = stage.started()
    done = stage.run("sync", str(number), expect_exit=None)
    expect(done.returncode in (1, 2, 4, 75), done.returncode)
    for word in words:
        expect(word in done.stderr, f"{word!r} is missing in: {done.stderr}")
        expect_equal("ECS" in done.stderr or "AWS" in done.stderr, True)


@check("ecs: without a region, a cluster, subnets or credentials the show fails and says what to set")
def not_configured(binary, cloud, tools):
    cases = (({"RINGMASTER_SHOWS_ECS_REGION": None}, ("no AWS region is set", "[shows.ecs] region")),
             ({"RINGMASTER_SHOWS_ECS_SUBNETS": None}, ("subnets", "describe-subnets")),
             ({"AWS_ACCESS_KEY_ID": None, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"},
              ("no AWS credentials were found", "AWS_PROFILE")))
    for settings, words in cases:
        with staged(EcsStage(binary, cloud, **settings)) as stage:
            says(stage, *words)
    with staged(EcsStage(binary, cloud, cluster="nobody-made-it")) as stage:
        says(stage, "there is no such cluster in us-west-2", "create-cluster")


@check("ecs: doctor says where shows would run, and what is missing")
def doctor(binary, cloud, tools):
    with staged(EcsStage(binary, cloud)) as stage:
        said = stage.run("doctor", expect_exit=None).stdout
        expect(f"cluster {stage.cluster} in us-west-2" in said and "credentials of the environment" in said, said)
    with staged(EcsStage(binary, cloud, RINGMASTER_SHOWS_ECS_REGION=None)) as stage:
        said = stage.run("doctor", expect_exit=None).stdout
        expect("no AWS region is set" in said, said)


def killed_at(binary, cloud, place, moment):
    """Kills a `sync` at its call number `place` to AWS; one sweep must leave nothing. None: it made fewer."""
    with staged(EcsStage(binary, cloud)) as stage:
        stage.aws.hold_at, stage.aws.moment = place, moment
        number, _ = stage.started()
        worker = stage.start("sync", str(number))
        wait_for(lambda: stage.aws.held.is_set() or worker.poll() is not None, 60, f"call {place}")
        was_held = stage.aws.held.is_set()
        worker.kill()
        worker.communicate()
        if not was_held:
            return None
        call = stage.aws.calls[place - 1]
        stage.run("release", str(number), expect_exit=None)
        stage.close(number)
        stage.run("cleanup", "--yes", expect_exit=None)
        try:
            stage.expect_nothing_left(number)
        except Exception as failure:
            raise AssertionError(f"killed {moment} call {place}, {call}: {failure}") from failure
        return call


def sweep_of_crashes(moment):
    def run(binary, cloud, tools):
        places = []
        while place := killed_at(binary, cloud, len(places) + 1, moment):
            places.append(place)
            if len(places) > 30:  # from then on it asks for the same again and again
                break
        for call in ("RegisterTaskDefinition", "CreateService", "DescribeTasks"):
            expect(call in places, f"{call} is not among {places}")
        return f"{len(places)} places"
    return run


check("ecs: killed before any of its calls to AWS, one sweep leaves nothing")(sweep_of_crashes(clouds.BEFORE))
check("ecs: killed after any of its calls to AWS, one sweep leaves nothing")(sweep_of_crashes(clouds.AFTER))


class PublicApp:
    """Answers at a public address that moto made up; it makes up addresses of this machine."""

    def __init__(self, address):
        self.address = address

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"public\n")

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 8080), Page)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


# moto wants the memory said for the container, too.
TEMPLATE = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
            "containerDefinitions": [{"name": "web", "image": "filled-in", "essential": True, "memory": 1024,
                                      "portMappings": [{"containerPort": 8080, "protocol": "tcp"}]}]}


@check("ecs: a show of a task definition of one's own is found at its task's public address (moto)")
def public_address(binary, cloud, tools):
    moto = clouds.Moto(tools)
    apps = []
    try:
        moto.start()
        moto.ecs("CreateCluster", clusterName="public")
        settings = {"RINGMASTER_SHOWS_ECS_ADDRESS": "public", "RINGMASTER_SHOWS_ECS_SUBNETS": moto.subnet(),
                    "RINGMASTER_SHOWS_ECS_TASK_DEFINITION": "task.json"}
        with staged(EcsStage(binary, moto, cluster="public", **settings)) as stage:
            stage.write("task.json", json.dumps(TEMPLATE))
            number, sha = stage.started()
            worker = stage.start("sync", str(number))

            def settled():
                moto.run_tasks("public")
                for address in moto.public_addresses():
                    if address not in {app.address for app in apps}:
                        apps.append(PublicApp(address))
                return worker.poll() is not None

            wait_for(settled, 120, "the end of sync")
            expect_equal(worker.returncode, 0, worker.communicate()[1])
            expect_equal(stage.running(number), (sha[:7], f"{apps[0].address}:8080"), "the show")
            return f"at {apps[0].address}"
    finally:
        for app in apps:
            app.stop()
        moto.stop()
