"""A Prefect server and a worker of the suite's own: their home, database and port are nobody else's, and go with them."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

# Prefect declares less than it needs: newer fastapi breaks it outright or refuses `"limit": null`, and with sqlalchemy 2.1
# its scheduler fails without end.
PACKAGES = ("prefect==3.8.8", "fastapi>=0.139,<0.150", "sqlalchemy>=2.0,<2.1")
START_SECONDS = 120
PASSWORD = "check:it's a password"
POOLS = {"proc-pool": "process", "ecs-pool": "ecs"}

FLOW = """import os
import time

from prefect import flow, get_run_logger


@flow
def hello(n: int = 1):
    get_run_logger().info(f"{{os.environ['GREETING']}} {{n}} from the {word} commit")
    while n > 1000:
        time.sleep(0.1)
"""


class CannotRun(Exception):
    """This machine has no Prefect to test with; says why."""


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def install(folder: pathlib.Path) -> pathlib.Path:
    """The folder of Prefect's programs, in an environment of the suite's own."""
    stamp = folder / "packages"
    if stamp.exists() and stamp.read_text() == " ".join(PACKAGES):
        return folder / "bin"
    shutil.rmtree(folder, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", str(folder)], [str(folder / "bin/pip"), "install", "-q", *PACKAGES]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise CannotRun(f"{PACKAGES[0]} cannot be installed: {last_line(done.stderr)}")
    stamp.write_text(" ".join(PACKAGES))
    return folder / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prefect:
    def __init__(self, programs: pathlib.Path):
        self.prefect = str(programs / "prefect")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ringmaster-prefect-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/api"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = ours | {
            "PREFECT_HOME": str(self.folder / "home"), "PREFECT_API_URL": self.url, "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_API_AUTH_STRING": PASSWORD, "PREFECT_API_AUTH_STRING": PASSWORD,
            "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true", "PREFECT_WORKER_QUERY_SECONDS": "1"}
        self.processes = []

    def start(self) -> None:
        server = self._launch("server", "start", "--no-ui")
        end = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if server.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"the server does not start: {last_line(self.log('server'))}")
            time.sleep(0.1)
        for pool, kind in POOLS.items():
            done = subprocess.run([self.prefect, "work-pool", "create", pool, "--type", kind], env=self.environment,
                                  capture_output=True, text=True)
            if done.returncode != 0:
                raise CannotRun(f"the server makes no work pool: {last_line(done.stdout + done.stderr)}")

    def access(self) -> dict[str, str]:
        return {name: self.environment[name] for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING")}

    def start_worker(self) -> None:
        """It carries out what is started in proc-pool; what is started before it is there waits."""
        self._launch("worker", "start", "--pool", "proc-pool", "--type", "process")

    def repository(self) -> dict[str, str]:
        """A git repository whose two commits say which one they are, as the C++ program is told of it."""
        folder = self.folder / "repository"
        git = ["git", "-C", str(folder), "-c", "user.name=check", "-c", "user.email=check@example.org"]
        subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
        (folder / "flows").mkdir()
        commits = []
        for word in ("first", "second"):
            (folder / "flows/hello.py").write_text(FLOW.format(word=word))
            subprocess.run([*git, "add", "."], check=True)
            subprocess.run([*git, "commit", "-q", "-m", word], check=True)
            commits.append(subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True,
                                          text=True).stdout.strip())
        return {"RINGMASTER_TEST_PREFECT_REPOSITORY": folder.as_uri(), "RINGMASTER_TEST_PREFECT_COMMITS": " ".join(commits)}

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def _launch(self, *command: str) -> subprocess.Popen:
        with open(self.folder / f"{command[0]}.log", "w") as log:
            process = subprocess.Popen([self.prefect, *command], env=self.environment, cwd=self.folder, stdout=log,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append(process)
        return process

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """The worker before the server; their children with them."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    pass
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
