"""git itself: clone, push, force-push, deletion, forks, refused pushes."""
from harness import Forge, contains, equal


def clones(forge: Forge) -> None:
    """clones a public repository without credentials"""
    forge.git("clone", "-q", f"http://127.0.0.1:{forge.port}/demo/app.git", str(forge.folder / "fresh"))
    equal((forge.folder / "fresh" / "README").read_text(encoding="utf-8"), "First\n")


def opened_a_pull_request(forge: Forge) -> None:
    """the push of a branch opened a pull request named after its last commit"""
    pull = forge.api("GET", "/repos/demo/app/pulls/1")
    equal((pull["title"], pull["head"]["ref"], pull["state"], pull["mergeable"]), ("Add a feature", "feature", "open", True))


def updates(forge: Forge) -> None:
    """another push updates it"""
    sha = forge.commit("More")
    forge.git("push", "-q", forge.remote(), "feature")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["head"]["sha"], sha)


def force_pushes(forge: Forge) -> None:
    """a force-push updates it"""
    forge.git("commit", "-q", "--amend", "-m", "Rewritten")
    refused = forge.git("push", forge.remote(), "feature", expect=1)
    contains(refused.stderr, "non-fast-forward")
    forge.git("push", "-q", "--force", forge.remote(), "feature")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["head"]["sha"], forge.git("rev-parse", "HEAD").stdout.strip())


def pushes_a_lot(forge: Forge) -> None:
    """a push over a mebibyte travels in chunks"""
    (forge.clone / "large").write_bytes(bytes(i * i % 251 for i in range(3 << 20)))
    forge.commit("Large")
    forge.git("-c", "http.postBuffer=65536", "push", "-q", forge.remote(), "feature")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["title"], "Add a feature")


def fetches_the_merge(forge: Forge) -> None:
    """refs/pull/1/head and /merge can be fetched, a bare sha and a partial clone too"""
    forge.api("GET", "/repos/demo/app/pulls/1")
    forge.git("fetch", "-q", forge.remote(), "refs/pull/1/head", "refs/pull/1/merge")
    sha = forge.git("rev-parse", "HEAD").stdout.strip()
    fresh = str(forge.folder / "sparse")
    forge.git("init", "-q", fresh)
    forge.git("-C", fresh, "fetch", "-q", "--depth=1", "--filter=blob:none", forge.remote(), sha)


def refuses_hidden_refs(forge: Forge) -> None:
    """a push to refs/pull is refused"""
    contains(forge.git("push", forge.remote(), "HEAD:refs/pull/1/head", expect=1).stderr, "hidden ref")


def refuses_readers(forge: Forge) -> None:
    """who may only read cannot push, and who gives no token is asked for one"""
    contains(forge.git("push", forge.remote("carol-token"), "feature", expect=128).stderr, "403")
    contains(forge.git("push", f"http://127.0.0.1:{forge.port}/demo/app", "feature", expect=128).stderr, "could not read Username")


def hides_private_repositories(forge: Forge) -> None:
    """a private repository is not found by strangers"""
    contains(forge.git("ls-remote", forge.remote("carol-token", "demo/secret"), expect=128).stderr, "not found")
    forge.git("ls-remote", forge.remote("alice-token", "demo/secret"))


def opens_from_a_fork(forge: Forge) -> None:
    """a pull request from a fork follows the fork's branch"""
    forge.api("POST", "/repos/demo/app/forks", {}, "carol-token")
    forge.git("push", "-q", forge.remote("carol-token", "carol/app"), "feature:outside")
    wanted = {"title": "From outside", "head": "carol:outside", "base": "main"}
    pull = forge.api("POST", "/repos/demo/app/pulls", wanted, "carol-token")
    equal((pull["head"]["label"], pull["head"]["repo"]["full_name"]), ("carol:outside", "carol/app"))
    sha = forge.commit("More from outside")
    forge.git("push", "-q", forge.remote("carol-token", "carol/app"), "HEAD:outside")
    equal(forge.api("GET", f"/repos/demo/app/pulls/{pull['number']}")["head"]["sha"], sha)


def deletes(forge: Forge) -> None:
    """deleting the branch closes its pull request"""
    forge.git("push", "-q", forge.remote(), "--delete", "feature")
    pull = forge.api("GET", "/repos/demo/app/pulls/1")
    equal((pull["state"], pull["merged"]), ("closed", False))


CHECKS = (clones, opened_a_pull_request, updates, force_pushes, pushes_a_lot, fetches_the_merge, refuses_hidden_refs,
          refuses_readers, hides_private_repositories, opens_from_a_fork, deletes)
