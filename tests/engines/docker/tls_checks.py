"""Docker at DOCKER_HOST=tcp://… with TLS: a show's life through the real binary, and who is turned away."""
import contextlib
import shutil

from engine_certificates import Authority
from stage import START, DockerStage, expect, expect_equal

CHECKS = []


def check(sentence):
    def mark(function):
        CHECKS.append((sentence, function))
        return function
    return mark


@contextlib.contextmanager
def staged(binary, engine, **variables):
    """Only the variables say where the engine is. It may be another machine, where loopback is of no use to visitors."""
    settings = {"RINGMASTER_SHOWS_DOCKER_HOST": None, "RINGMASTER_SHOWS_RUN_ADDRESS": "0.0.0.0"}
    stage = DockerStage(binary, engine, **(settings | engine.authority.variables() | variables))
    try:
        yield stage
    finally:
        stage.end()
        for name in engine.shows():
            engine.docker("rm", "-f", name, check=False)


@contextlib.contextmanager
def stranger():
    """An authority that the engine has never heard of."""
    authority = Authority()
    try:
        yield authority
    finally:
        authority.remove()


@check("docker over TLS: a show is created, heard, replaced and stopped")
def lifecycle(binary, engine):
    with staged(binary, engine) as stage:
        number, first, address = stage.running_show()
        expect_equal(stage.visit(address), f"version {first[:7]}\n")
        second = stage.push()
        stage.ci_builds(second, second[:7], "echo hello from $RINGMASTER_PR; exec httpd -f -p $PORT -h /www")
        stage.run("sync", str(number))
        expect_equal(stage.visit(stage.running(number)[1]), f"version {second[:7]}\n")
        expect(f"hello from {number}" in stage.run("logs", str(number)).stdout, "the line is missing")
        expect_equal(len(engine.shows()), 1, "containers after the replacement")
        stage.run("stop", str(number), "--yes")
        stage.expect_nothing_left(number)


def refused(binary, engine, words, **variables):
    """Starts a show where it cannot be; the error is one line that holds `words`."""
    with staged(binary, engine, **variables) as stage:
        number, sha = stage.open_pull_request()
        stage.ci_builds(sha, "1")
        stage.add_labels(number, START)
        said = stage.run("sync", str(number), expect_exit=None)
        expect(said.returncode != 0, "it has to fail:", said.stdout)
        errors = [line for line in said.stderr.splitlines() if line.startswith("error:")]
        expect_equal(len(errors), 1, f"errors in {said.stderr}")
        expect(words in errors[0], errors[0])
        expect_equal(engine.shows(), [], "containers")
        return errors[0]


@check("docker over TLS: a certificate of another authority is refused in one sentence")
def wrong_client(binary, engine):
    with stranger() as other:
        shutil.copy(engine.authority.client / "ca.pem", other.client)  # the engine is trusted, but does not trust
        return refused(binary, engine, "may not accept our certificate", DOCKER_CERT_PATH=str(other.client))


@check("docker over TLS: an engine that another authority vouches for is not trusted")
def wrong_engine(binary, engine):
    with stranger() as other:
        return refused(binary, engine, "is not to be trusted", DOCKER_CERT_PATH=str(other.client))


@check("docker over TLS: an engine with another name than its certificate's is not trusted")
def wrong_name(binary, engine):
    return refused(binary, engine, "is not to be trusted", DOCKER_HOST="tcp://localhost:2376")


@check("docker over TLS: without DOCKER_TLS_VERIFY the engine's own words say what is missing")
def no_tls(binary, engine):
    return refused(binary, engine, "HTTPS", DOCKER_TLS_VERIFY=None)
