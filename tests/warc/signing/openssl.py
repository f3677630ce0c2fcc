"""A local time authority: `openssl ts` with certificates made for tests."""

import subprocess
from pathlib import Path

from pipeline.warc.signing.trust import Trust, Use
from tests.warc.signing.certificates import STAMPS, Wish, issue

CONFIG = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha384, sha512
ess_cert_id_alg = {essence}
"""


class Authority:
    """Answers requests, and checks answers, as OpenSSL does."""

    def __init__(self, openssl: Path, folder: Path, key: str = "p256") -> None:
        self.openssl, self._folder = openssl, folder
        self.root = issue(Wish(name="Root", authority=True))
        tsa = issue(Wish(name="Clock", purposes=[STAMPS], key=key), self.root)
        self.trust = Trust(roots=(self.root.root(Use.TIME),))
        essence = "sha1" if key == "rsa" else "sha256"
        (folder / "conf").write_text(CONFIG.format(folder=folder, essence=essence))
        (folder / "serial").write_text("01\n")
        (folder / "tsa.pem").write_text(tsa.pem)
        (folder / "tsa.key").write_bytes(tsa.key_pem)
        (folder / "root.pem").write_text(self.root.pem)

    def answer(self, query: bytes) -> bytes:
        """Answer a request."""
        (self._folder / "q.tsq").write_bytes(query)
        files = {"-config": "conf", "-queryfile": "q.tsq", "-inkey": "tsa.key"}
        files |= {"-signer": "tsa.pem", "-chain": "root.pem", "-out": "a.tsr"}
        self._run("-reply", *self._named(files), code=None)
        return (self._folder / "a.tsr").read_bytes()

    def read_request(self, query: bytes) -> str:
        """Print what is asked for."""
        (self._folder / "q.tsq").write_bytes(query)
        return self._run("-query", *self._named({"-in": "q.tsq"}), "-text").stdout

    def accepts(self, data: bytes, response: bytes) -> bool:
        """Check an answer over data."""
        (self._folder / "data").write_bytes(data)
        (self._folder / "v.tsr").write_bytes(response)
        files = self._named({"-data": "data", "-in": "v.tsr", "-CAfile": "root.pem"})
        return self._run("-verify", *files, code=None).returncode == 0

    def _named(self, files: dict[str, str]) -> list[str]:
        return [word for pair in files.items() for word in (pair[0], str(self._folder / pair[1]))]

    def _run(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = [str(self.openssl), "ts", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert code is None or done.returncode == code, done.stderr
        return done
