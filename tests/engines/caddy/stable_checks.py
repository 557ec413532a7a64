"""A show's stable address through the real binary, the local forge and a real Caddy."""
import pathlib
import time
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "e2e")]

import caddy  # noqa: E402
from harness import START, Stage, expect, expect_equal, wait_for  # noqa: E402
from visitor import Visitor, visit  # noqa: E402

CHECKS = []


def check(sentence):
    def mark(function):
        CHECKS.append((sentence, function))
        return function
    return mark


class RoutedStage(Stage):
    def __init__(self, binary, server, address, **settings):
        self.settings = {"RINGMASTER_SHOWS_ROUTER_ENGINE": "caddy", "RINGMASTER_SHOWS_ROUTER_ADMIN": server.admin,
                         "RINGMASTER_SHOWS_ROUTER_ADDRESS": address} | settings
        self.caddy = server
        server.clear()
        super().__init__(binary)

    def base_environment(self):
        return super().base_environment() | self.settings

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.caddy.clear()

    def running_show(self):
        """Number, version and stable address of a pull request with a show."""
        number, _ = self.open_pull_request()
        self.add_labels(number, START)
        self.run("sync", str(number))
        return number, self.version(), self.run("open", str(number), "--print").stdout.strip()

    def version(self):
        return "version " + self.git("show", "HEAD:version.txt").strip()


def by_path():
    return f"http://127.0.0.1:{caddy.free_port()}/{{repo}}/pr-{{pr}}"


def replace_under_load(stage, authority=None):
    number, first, url = stage.running_show()
    expect_equal(visit(url, authority), (200, first))
    visitor = Visitor(url, authority)
    try:
        wait_for(lambda: visitor.answered.get(first, 0) > 200, 30, "visits")
        stage.push()
        stage.run("sync", str(number))
        second = stage.version()
        wait_for(lambda: visitor.answered.get(second, 0) > 200, 30, "visits to the new version")
    finally:
        visitor.stop()
    expect_equal(visitor.failed, [], "failed requests")
    stage.run("stop", str(number), "--yes")
    expect_equal(stage.tent_labels(number), [], "labels")
    expect_equal(stage.caddy.routes(), [], "routes")
    if authority is None:  # with the last route, Caddy has no certificate of that name any more
        expect_equal(visit(url)[0], 404, "afterwards")
    return (f"{visitor.total()} requests at {url} while a version replaced another, {len(visitor.failed)} failed "
            f"({visitor.reconnected} times a kept connection was closed between two requests)")


@check("caddy: a show is replaced under load at its stable address with no failed request")
def replaced(binary, server):
    with RoutedStage(binary, server, by_path()) as stage:
        return replace_under_load(stage)


@check("caddy: the same over HTTPS, with certificates of Caddy's own authority")
def over_https(binary, server):
    address = f"https://{{repo}}-{{pr}}.shows.example.org:{caddy.free_port()}"
    with RoutedStage(binary, server, address, RINGMASTER_SHOWS_ROUTER_TLS="internal") as stage:
        return replace_under_load(stage, server.authority)


@check("caddy: fifty switches under load lose no request")
def many_switches(binary, server):
    with RoutedStage(binary, server, by_path()) as stage:
        number, first, url = stage.running_show()
        index, route = next((i, r) for i, r in enumerate(server.routes()) if r["@id"] == f"ringmaster:ada:hello:{number}")
        dial = route["handle"][-1]["upstreams"][0]["dial"]
        visitor = Visitor(url)
        try:
            for turn in range(50):
                route["handle"][-1]["upstreams"][0]["dial"] = dial if turn % 2 else dial.replace("127.0.0.1", "localhost")
                expect_equal(server.ask(f"/config/apps/http/servers/ringmaster/routes/{index}", "PATCH", route)[0], 200)
                time.sleep(0.05)
        finally:
            visitor.stop()
        expect_equal(visitor.failed, [], "failed requests")
        return f"{visitor.total()} requests, 0 failed"


@check("caddy: people are told the stable address, and the show's own beside it")
def told(binary, server):
    with RoutedStage(binary, server, by_path()) as stage:
        number, _, url = stage.running_show()
        show = stage.json("status", str(number), "--json")[0]
        expect_equal(show["stable_url"], url)
        expect(show["url"] != url and show["url"].startswith("http://127.0.0.1:"), show)
        expect(url in stage.run("status", str(number)).stdout, "status")
        comment = stage.comments(number)[-1]
        expect(f"({url})" in comment and show["url"] in comment, comment)
        deployments = stage.rest("GET", "/repos/ada/hello/deployments")
        statuses = stage.rest("GET", f"/repos/ada/hello/deployments/{deployments[0]['id']}/statuses")
        expect_equal(statuses[0]["environment_url"], url, "View deployment")
        said = stage.run("doctor", expect_exit=None).stdout
        expect("caddy at" in said and "tcp_migrate_req" not in said, said)


@check("caddy: without it a new version fails in one sentence, the old one serves on, and the next sync goes on")
def down(binary, server):
    with RoutedStage(binary, server, by_path()) as stage:
        number, first, url = stage.running_show()
        stage.push()
        server.stop()
        done = stage.run("sync", str(number), expect_exit=None)
        expect(done.returncode not in (0, 2), done.returncode)
        expect(f"Caddy's admin API at {server.admin} does not answer" in done.stderr, done.stderr)
        expect("[shows.router] admin" in done.stderr, done.stderr)
        expect(any("still serves" in body for body in stage.comments(number)), stage.comments(number))
        server.start("--resume")
        expect_equal(visit(url), (200, first), "the old version")
        stage.run("sync", str(number))
        expect_equal(visit(url), (200, stage.version()), "the new version")


@check("caddy: one that lost its configuration has it back with the next sync")
def forgotten(binary, server):
    with RoutedStage(binary, server, by_path()) as stage:
        number, first, url = stage.running_show()
        server.clear()
        expect_equal(server.routes(), [])
        stage.run("sync", str(number))
        expect_equal(visit(url), (200, first))


@check("caddy: what others have in the same server stays as it is, and a sweep takes only what is ours")
def shared(binary, server):
    port = caddy.free_port()
    with RoutedStage(binary, server, f"http://127.0.0.1:{port}/{{repo}}/pr-{{pr}}",
                     RINGMASTER_SHOWS_ROUTER_SERVER="srv0") as stage:
        theirs = {"listen": [f"127.0.0.1:{port}"], "automatic_https": {"disable": True}, "routes": [
            {"handle": [{"handler": "static_response", "body": "theirs"}]},
            {"@id": "ringmaster:ada:hello2:7", "match": [{"path": ["/hello2"]}]}]}
        server.ask("/config/apps/http/servers/srv0", "PUT", theirs)
        number, first, url = stage.running_show()
        expect_equal(visit(url), (200, first))
        expect_equal(visit(f"http://127.0.0.1:{port}/other"), (200, "theirs"))
        server.ask("/config/apps/http/servers/srv0/routes", "POST", {"@id": "ringmaster:ada:hello:999"})
        stage.run("cleanup", "--yes", expect_exit=None)
        stage.run("stop", str(number), "--yes")
        left = [route for route in server.routes("srv0") if route.get("@id") != "ringmaster:ada:hello:999"]
        expect_equal(left, theirs["routes"], "what others have")


@check("caddy: a server that listens elsewhere, or a port that is taken, is named in one sentence")
def refused(binary, server):
    port = caddy.free_port()
    with RoutedStage(binary, server, f"http://127.0.0.1:{port}/pr-{{pr}}") as stage:
        server.ask("/config/apps/http/servers/ringmaster", "PUT", {"listen": ["127.0.0.1:1024"], "routes": []})
        number, _ = stage.open_pull_request()
        stage.add_labels(number, START)
        done = stage.run("sync", str(number), expect_exit=None)
        expect("server ringmaster listens on 127.0.0.1:1024" in done.stderr, done.stderr)
        expect_equal(stage.running(number), None, "a show that nobody gets to")
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with RoutedStage(binary, server, f"http://127.0.0.1:{port}/pr-{{pr}}") as stage:
            number, _ = stage.open_pull_request()
            stage.add_labels(number, START)
            done = stage.run("sync", str(number), expect_exit=None)
            expect("address already in use" in done.stderr and "[shows.router] listen" in done.stderr, done.stderr)


