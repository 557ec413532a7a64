"""A swarm of several nodes on one machine: each a dockerd in a network namespace of its own, on one bridge."""
import subprocess

from engine import CannotRun, Engine

BRIDGE = "rmswarm"
NETWORK = "10.87.0"


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Swarm:
    def __init__(self, nodes: int = 3):
        self.nodes: list[Engine] = []
        self.namespaces: list[str] = []
        try:
            ip("link", "add", BRIDGE, "type", "bridge")
            ip("addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
            ip("link", "set", BRIDGE, "up")
            for number in range(nodes):
                self.add_node(number)
            for node in self.nodes:
                node.start()
            self.join()
        except (CannotRun, subprocess.CalledProcessError, AssertionError) as error:
            self.stop()
            raise CannotRun(f"this machine cannot hold a swarm of {nodes} nodes: {error}") from error

    @property
    def manager(self) -> Engine:
        return self.nodes[0]

    def address(self, number: int) -> str:
        return f"{NETWORK}.{10 + number}"

    def add_node(self, number: int) -> None:
        name = f"rmnode{number}"
        ip("netns", "add", name)
        self.namespaces.append(name)
        ip("link", "add", f"{name}h", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("link", "set", f"{name}h", "master", BRIDGE, "up")
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        # Answers to visitors on the bridge leave by it; Docker's own networks are not the machine's to know.
        ip("-n", name, "route", "add", "default", "via", f"{NETWORK}.1")
        self.nodes.append(Engine(f"node{number}", name))

    def join(self) -> None:
        self.manager.docker("swarm", "init", "--advertise-addr", self.address(0))
        token = self.manager.docker("swarm", "join-token", "-q", "worker")
        for number, node in enumerate(self.nodes[1:], 1):
            node.docker("swarm", "join", "--advertise-addr", self.address(number), "--token", token,
                        f"{self.address(0)}:2377")

    def node_at(self, address: str) -> Engine:
        """The node that has this address."""
        return self.nodes[[self.address(number) for number in range(len(self.nodes))].index(address)]

    def import_image(self, *arguments) -> None:
        """There is no registry between them: every node gets it."""
        for node in self.nodes:
            node.import_image(*arguments)

    def services(self) -> list[str]:
        return self.manager.docker("service", "ls", "--filter", "label=ringmaster.repository", "--format",
                                   "{{.Name}}").split()

    def stop(self) -> None:
        for node in reversed(self.nodes):
            node.stop()
        for name in self.namespaces:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)
