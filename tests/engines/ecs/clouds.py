"""What stands for AWS here: ministack (ECS whose tasks are real containers), moto (public addresses), and a proxy in
front of them that counts, and stops the world at a call."""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import random
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import engine as docker_engine

# ministack's ECS and moto's addresses are what the checks were written against.
PACKAGES = ("moto[server]==5.2.5", "ministack==1.5.33", "docker==7.2.0", "botocore==1.43.106")
START_SECONDS = 60
REGION = "us-west-2"
IMAGE = "ringmaster-ecs-test"
HERE = pathlib.Path(__file__).resolve().parent
BEFORE, AFTER = "before", "after"


class Tools:
    """Python programs in an environment of the suite's own."""

    def __init__(self, folder: pathlib.Path):
        self.bin = folder / "bin"

    @classmethod
    def install(cls, folder: pathlib.Path) -> "Tools":
        tools = cls(folder)
        stamp = folder / "packages"
        if stamp.exists() and stamp.read_text() == " ".join(PACKAGES):
            return tools
        shutil.rmtree(folder, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", str(folder)], [str(tools.bin / "pip"), "install", "-q", *PACKAGES]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise docker_engine.CannotRun(f"{PACKAGES[0]} and the like cannot be installed: "
                                              f"{docker_engine.last_line(done.stderr)}")
        stamp.write_text(" ".join(PACKAGES))
        return tools

    @contextlib.contextmanager
    def random_requests(self, count: int):
        """A file of requests and what botocore's signatures of them are."""
        seed = random.randrange(1 << 32)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            done = subprocess.run([str(self.bin / "python"), str(HERE / "botocore_signatures.py"), str(count), str(seed)],
                                  capture_output=True, text=True, check=True)
            file.write(done.stdout)
            file.flush()
            yield file.name


class Service:
    """One of the servers, on a port of its own."""

    def __init__(self, name: str):
        self.log_path = pathlib.Path(tempfile.mkstemp(prefix=f"ringmaster-{name}-")[1])
        self.process = None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def launch(self, command: list[str], environment: dict[str, str], ready: str) -> None:
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while not self._answers(ready):
            if self.process.poll() is not None or time.monotonic() > end:
                raise docker_engine.CannotRun(f"{command[0]} does not start: "
                                              f"{docker_engine.last_line(self.log_path.read_text())}")
            time.sleep(0.05)

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log_path.unlink(missing_ok=True)

    # -- as AWS's own tools ask it ---------------------------------------------------------------------------------

    def ecs(self, action: str, **body) -> dict:
        return json_call(self.url, "ecs", f"AmazonEC2ContainerServiceV20141113.{action}", body)

    def services(self, cluster: str) -> list[str]:
        """Names of the services that are not gone."""
        arns = self.ecs("ListServices", cluster=cluster)["serviceArns"]
        return sorted(arn.rsplit("/", 1)[1] for arn in arns)

    def revisions(self) -> list[str]:
        return sorted(arn.rsplit("/", 1)[1] for arn in self.ecs("ListTaskDefinitions", status="ACTIVE")["taskDefinitionArns"])


class Ministack(Service):
    def __init__(self, tools: Tools, engine: docker_engine.Engine):
        super().__init__("ministack")
        self.tools, self.engine = tools, engine

    def start(self) -> None:
        shutil.copy("/bin/busybox", HERE / "image/busybox")
        try:
            for tag in "12":
                self.engine.docker("build", "--quiet", "--tag", f"{IMAGE}:{tag}", str(HERE / "image"))
        finally:
            (HERE / "image/busybox").unlink()
        self.launch([str(self.tools.bin / "ministack")], {"GATEWAY_PORT": str(self.port), "DOCKER_HOST": self.engine.host},
                    "/_localstack/health")

    def for_contract(self) -> dict[str, str]:
        return {"RINGMASTER_TEST_ECS": self.url, "RINGMASTER_TEST_ECS_IMAGE": IMAGE, "DOCKER_HOST": self.engine.host}

    def cluster(self) -> str:
        name = f"shows-{random.randrange(1 << 32):08x}"
        self.ecs("CreateCluster", clusterName=name)
        return name

    def containers(self, cluster: str) -> list[str]:
        """What runs for tasks of this cluster, asked of Docker."""
        listed = self.engine.docker("ps", "--format", '{{.Label "com.amazonaws.ecs.task-arn"}}').split()
        return [arn for arn in listed if f"/{cluster}/" in arn]

    def give_image(self, name: str) -> None:
        self.engine.docker("tag", f"{IMAGE}:1", name)


class Moto(Service):
    """Knows networks with public addresses, but starts no tasks and gives theirs none: run_tasks() does, as ECS's
    scheduler would."""

    def __init__(self, tools: Tools):
        super().__init__("moto")
        self.tools = tools
        self.started = {}

    def start(self) -> None:
        self.launch([str(self.tools.bin / "moto_server"), "-H", "127.0.0.1", "-p", str(self.port)], {}, "/")

    def ec2(self, action: str, wanted: str) -> list[str]:
        """The texts of all elements of that name in the answer."""
        body = f"Action={action}&Version=2016-11-15".encode()
        with urllib.request.urlopen(signed_request(self.url, "ec2", body), timeout=10) as answer:
            return [part.split("<", 1)[0] for part in answer.read().decode().split(f"<{wanted}>")[1:]]

    def subnet(self) -> str:
        return self.ec2("DescribeSubnets", "subnetId")[0]

    def run_tasks(self, cluster: str) -> None:
        """A task for each service that has none."""
        arns = self.ecs("ListServices", cluster=cluster)["serviceArns"]
        if not arns:
            return
        for service in self.ecs("DescribeServices", cluster=cluster, services=arns)["services"]:
            revision = service["taskDefinition"]
            if service["status"] != "ACTIVE" or self.started.get(service["serviceName"]) == revision:
                continue
            self.ecs("RunTask", cluster=cluster, taskDefinition=revision, launchType="FARGATE",
                     group=f"service:{service['serviceName']}", networkConfiguration=service["networkConfiguration"])
            self.started[service["serviceName"]] = revision
            interface = self.ec2("DescribeNetworkInterfaces", "networkInterfaceId")[-1]
            address = self.ec2("AllocateAddress&Domain=vpc", "allocationId")[0]
            self.ec2(f"AssociateAddress&AllocationId={address}&NetworkInterfaceId={interface}", "associationId")

    def public_addresses(self) -> list[str]:
        return sorted(set(self.ec2("DescribeNetworkInterfaces", "publicIp")))


class Proxy:
    """Between the program and the cloud. Counts calls; `hold(k, moment)`: at call k nothing goes on any more, before the
    cloud hears of it or after it has done it."""

    def __init__(self, target: str):
        self.calls: list[str] = []
        self.held = threading.Event()
        self.hold_at, self.moment = 0, BEFORE
        self.lock = threading.Lock()
        proxy, host = self, target.split("://")[1]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                holds = proxy.count(self.headers, body)
                if holds and proxy.moment == BEFORE:
                    return proxy.stop_the_world()
                connection = http.client.HTTPConnection(host, timeout=60)
                connection.request("POST", self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                text = answer.read()
                connection.close()
                if holds:
                    return proxy.stop_the_world()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                return None

            def log_message(self, *arguments):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a client that was killed in the middle

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def count(self, headers, body: bytes) -> bool:
        target = headers.get("X-Amz-Target", "")
        action = target.rsplit(".", 1)[1] if target else body.decode().split("Action=", 1)[-1].split("&", 1)[0]
        with self.lock:
            self.calls.append(action)
            return len(self.calls) == self.hold_at

    def stop_the_world(self) -> None:
        self.held.set()
        threading.Event().wait(60)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def free_port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), None) as probe:
        return probe.server_address[1]


def signed_request(url: str, service: str, body: bytes, headers: dict[str, str] | None = None) -> urllib.request.Request:
    """Neither server checks signatures; both read service and region from where they stand."""
    scope = f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    return urllib.request.Request(url + "/", data=body, method="POST",
                                  headers={"Authorization": scope, **(headers or {})})


def json_call(url: str, service: str, target: str, body: dict) -> dict:
    request = signed_request(url, service, json.dumps(body).encode(),
                             {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())
