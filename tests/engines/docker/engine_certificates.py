"""An authority that is thrown away with its suite, and what it signs for an engine's TLS port and for who may use it:
the three files that DOCKER_CERT_PATH stands for (https://docs.docker.com/engine/security/protect-access/)."""
import pathlib
import shutil
import subprocess
import tempfile

HOST = "127.0.0.1"
PORT = 2376


class Authority:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ringmaster-docker-tls-"))
        self._certificate(self.folder, "ca", "/CN=throw-away authority")
        self.engine = self._holder("engine", "-addext", f"subjectAltName=IP:{HOST}")
        self.client = self._holder("client", "-addext", "extendedKeyUsage=clientAuth")

    def _holder(self, name: str, *wanted: str) -> pathlib.Path:
        """A folder with ca.pem, cert.pem and key.pem."""
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(self.folder / "ca.pem", folder)
        self._certificate(folder, "cert", f"/CN={name}", "-CA", str(self.folder / "ca.pem"), "-CAkey",
                          str(self.folder / "ca-key.pem"), *wanted)
        (folder / "cert-key.pem").rename(folder / "key.pem")
        return folder

    @staticmethod
    def _certificate(folder: pathlib.Path, name: str, subject: str, *wanted: str) -> None:
        done = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                               "-days", "2", "-subj", subject, "-keyout", f"{folder}/{name}-key.pem", "-out",
                               f"{folder}/{name}.pem", *wanted], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"openssl makes no certificate: {done.stderr}")

    def engine_arguments(self) -> tuple[str, ...]:
        """For a dockerd that also listens on a TLS port, to holders of this authority's certificates only."""
        return ("-H", f"tcp://{HOST}:{PORT}", "--tlsverify", "--tlscacert", f"{self.engine}/ca.pem", "--tlscert",
                f"{self.engine}/cert.pem", "--tlskey", f"{self.engine}/key.pem")

    def variables(self) -> dict[str, str]:
        """What a person who may use the engine sets."""
        return {"DOCKER_HOST": f"tcp://{HOST}:{PORT}", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(self.client)}

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
