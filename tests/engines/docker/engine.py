"""A Docker engine of the suite's own: its data, socket and network are nobody else's, and go with it."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PACKAGES = ("docker.io", "iptables", "iproute2", "busybox-static", "docker-registry", "openssl")
PROGRAMS = ("dockerd", "/usr/bin/docker", "iptables", "ip", "/bin/busybox", "docker-registry", "openssl")
START_SECONDS = 60
# Between a SIGTERM and the end of its containers.
STOP_SECONDS = 60


class CannotRun(Exception):
    """This machine has no Docker to test with; says why."""


def install() -> None:
    if os.geteuid() != 0:
        raise CannotRun("a Docker engine needs root")
    if all(shutil.which(program) for program in PROGRAMS):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update", "-qq"], env=environment, capture_output=True)
    done = subprocess.run([*apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], env=environment,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotRun(f"the packages {' '.join(PACKAGES)} cannot be installed: {last_line(done.stderr)}")


def enter_own_network() -> None:
    """Goes on in a network namespace of our own, so that no bridge, port or rule is shared with another engine."""
    if os.environ.get("RINGMASTER_ENGINES_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode != 0:
        raise CannotRun("this machine gives no network namespaces")
    os.environ["RINGMASTER_ENGINES_INSIDE"] = "1"
    # The packaged client comes first: another one on PATH may lack BuildKit.
    os.environ["PATH"] = "/usr/bin:" + os.environ["PATH"]
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing said"


class Engine:
    """One dockerd. `namespace`: a network namespace to run it in; None = ours."""

    def __init__(self, name: str = "one", namespace: str | None = None, arguments: tuple[str, ...] = ()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"ringmaster-docker-{name}-"))
        self.socket = self.folder / "docker.sock"
        self.host = f"unix://{self.socket}"
        self.log = self.folder / "log"
        self.namespace = namespace
        self.command = ["dockerd", "--storage-driver", "overlay2", "--data-root", f"{self.folder}/data", "--exec-root",
                        f"{self.folder}/exec", "--pidfile", f"{self.folder}/pid", "-H", self.host, *arguments]
        self.process = None

    def start(self) -> None:
        # `ip netns exec` would hide the control groups; the namespace alone is what is wanted.
        prefix = ["nsenter", f"--net=/run/netns/{self.namespace}"] if self.namespace else []
        with open(self.log, "a") as log:
            self.process = subprocess.Popen([*prefix, *self.command], stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while self.request("GET", "/_ping")[0] != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"dockerd does not start: {last_line(self.log.read_text())}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self.kill()
        subprocess.run(["sh", "-c", f"grep -o '{self.folder}[^ ]*' /proc/mounts | xargs -r umount -l"],
                       capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """As a machine that lost power: the engine and all that it runs, at once."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def processes(self) -> list[int]:
        """The engine, its containerd and the shims of its containers: all name its folder; and what shims run."""
        named, children = set(), {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError, IndexError):
                words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
                if str(self.folder).encode() in words and int(pid) != os.getpid():
                    named.add(int(pid))
                parent = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(pid))
        found, waiting = set(), list(named)
        while waiting:
            pid = waiting.pop()
            if pid not in found:
                found.add(pid)
                waiting += children.get(pid, [])
        return sorted(found)

    def request(self, method: str, path: str, body=None) -> tuple[int, object]:
        """Status and JSON of one call; (0, None) when nobody answers."""
        connection = http.client.HTTPConnection("docker", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(60)
        try:
            connection.sock.connect(str(self.socket))
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"} if body is not None else {})
            answer = connection.getresponse()
            text = answer.read()
        except OSError:
            return 0, None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode(errors="replace")

    def docker(self, *arguments: str, data: bytes | None = None, check: bool = True) -> str:
        done = subprocess.run(["/usr/bin/docker", "-H", self.host, *arguments], input=data, capture_output=True)
        if check and done.returncode != 0:
            raise AssertionError(f"docker {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="replace").strip()

    def shows(self) -> list[str]:
        """Names of all containers that carry a label of ours, whatever their state."""
        return self.docker("ps", "-a", "--filter", "label=ringmaster.repository", "--format", "{{.Names}}").split()

    def import_image(self, name: str, script: str, files: dict[str, str] | None = None) -> None:
        """An image of one static program under its many names, and a script to run."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for part in ("bin", "tmp", "www"):
                (root / part).mkdir()
            shutil.copy("/bin/busybox", root / "bin/busybox")
            for word in ("sh", "httpd", "sleep", "echo", "cat", "env", "test", "touch", "mkdir", "cp"):
                (root / "bin" / word).symlink_to("busybox")
            for path, text in (files or {}).items():
                (root / path).write_text(text)
            tar = subprocess.run(["tar", "-C", folder, "-cf", "-", "."], capture_output=True, check=True).stdout
        self.docker("import", "--change", f"CMD {json.dumps(['/bin/sh', '-c', script])}", "-", name, data=tar)
