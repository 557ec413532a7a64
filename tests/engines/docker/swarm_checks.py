"""A show's whole life in a swarm of three nodes, one of which is lost on the way."""
import time

from stage import DockerStage, Visitor, expect, expect_equal, wait_for
from swarm_world import Swarm

CHECKS = []
SETTINGS = {
    "RINGMASTER_SHOWS_SWARM_PORT_MODE": "host",  # no IPVS on a machine like CI's
    "RINGMASTER_SHOWS_SWARM_ENDPOINT_MODE": "dnsrr",
    # The manager must not be the node that is lost: a swarm with one manager cannot do without it.
    "RINGMASTER_SHOWS_SWARM_CONSTRAINTS": "node.role==worker",
}
# The swarm notices a silent node after its heartbeats are missed (5 s each), and then starts the task elsewhere.
MOVE_SECONDS = 90


def check(sentence):
    def mark(function):
        CHECKS.append((sentence, function))
        return function
    return mark


class SwarmStage(DockerStage):
    """Images go to every node."""

    def __init__(self, binary, swarm):
        self.swarm = swarm
        super().__init__(binary, swarm.manager, run="swarm", **SETTINGS)

    def ci_builds(self, sha, version, script="exec httpd -f -p $PORT -h /www"):
        self.swarm.import_image(f"ringmaster-test/hello:{sha[:7]}", script, {"www/index.html": f"version {version}\n"})


@check("swarm: on three nodes a show is created, replaced under load with no failed request, survives the loss of its "
       "node, and is stopped")
def lifecycle(binary, _):
    swarm = Swarm()
    stage = None
    try:
        stage = SwarmStage(binary, swarm)
        number, first, address = stage.running_show()
        expect_equal(stage.visit(address), f"version {first[:7]}\n")
        requests = replace_under_load(stage, number)
        lost_seconds = lose_node(stage, swarm, number)
        stage.run("stop", str(number), "--yes")
        expect_equal(stage.tent_labels(number), [], "labels")
        expect_equal(swarm.services(), [], "services")
        return f"{requests} requests, 0 failed; served from another node {lost_seconds:.0f} s after the loss"
    finally:
        if stage:
            stage.end()
        swarm.stop()


def replace_under_load(stage, number):
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
    expect_equal(len(stage.swarm.services()), 1, "services after the replacement")
    return sum(visitor.answered.values())


def lose_node(stage, swarm, number):
    address = stage.running(number)[1]
    page = stage.visit(address)
    swarm.node_at(address.split(":")[0]).kill()
    began = time.monotonic()

    def moved():
        stage.run("sync", str(number), expect_exit=None)
        show = stage.running(number)
        return show and show[1].split(":")[0] != address.split(":")[0] and stage.visit(show[1]) == page
    wait_for(moved, MOVE_SECONDS, "the show on another node, and its new address on the pull request",
             lambda: stage.tent_labels(number))
    return time.monotonic() - began

