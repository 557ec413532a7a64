"""A Caddy of the suite's own: its configuration, certificates and ports are nobody else's, and go with it."""
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

START_SECONDS = 30
PACKAGES = ("caddy", "iproute2")
MIGRATION = pathlib.Path("/proc/sys/net/ipv4/tcp_migrate_req")


class CannotRun(Exception):
    """This machine has no Caddy to test with; says why."""


def install() -> None:
    if shutil.which("caddy") and shutil.which("ip"):
        return
    if os.geteuid() != 0:
        raise CannotRun("there is no caddy, and only root can install it")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update", "-qq"], env=environment, capture_output=True)
    done = subprocess.run([*apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], env=environment,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotRun(f"the package caddy cannot be installed: {done.stderr.strip().splitlines()[-1:]}")


def enter_own_network() -> None:
    """Goes on in a network namespace of our own, set as docs/engines/address.md says."""
    if os.environ.get("RINGMASTER_ENGINES_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        try:
            MIGRATION.write_text("1")
        except OSError as error:
            raise CannotRun(f"{MIGRATION} cannot be set: {error}") from error
        return
    if not MIGRATION.exists():
        raise CannotRun("this kernel is older than 5.14: it loses connections that are opened during a switch")
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode != 0:
        raise CannotRun("this machine gives no network namespaces")
    os.environ["RINGMASTER_ENGINES_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Caddy:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ringmaster-caddy-"))
        self.admin = f"http://127.0.0.1:{free_port()}"
        self.process = None
        # Its own authority must not become one of this machine's.
        self.config = {"admin": {"listen": self.admin.removeprefix("http://")},
                       "apps": {"pki": {"certificate_authorities": {"local": {"install_trust": False}}}}}
        (self.folder / "caddy.json").write_text(json.dumps(self.config))

    @property
    def authority(self) -> pathlib.Path:
        return self.folder / "data/caddy/pki/authorities/local/root.crt"

    def start(self, *arguments: str) -> None:
        """With --resume: as it was when it stopped."""
        environment = os.environ | {"XDG_DATA_HOME": f"{self.folder}/data", "XDG_CONFIG_HOME": f"{self.folder}/config"}
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(["caddy", "run", "--config", f"{self.folder}/caddy.json", *arguments],
                                            env=environment, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + START_SECONDS
        while self.ask("/config/")[0] != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"caddy does not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, path: str, method: str = "GET", body=None):
        """Status and JSON of one call to the admin API; (0, None) when nobody answers."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.admin + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, None
        except (OSError, http.client.HTTPException):
            return 0, None

    def routes(self, server: str = "ringmaster") -> list:
        """All but the last word of a server that we made: that there is no such show."""
        status, found = self.ask(f"/config/apps/http/servers/{server}/routes")
        found = found or [] if status == 200 else []
        return [route for route in found if route.get("@id") != "ringmaster:none"]

    def clear(self) -> None:
        self.ask("/load", "POST", self.config)
