"""A repository of The Update Framework in memory behind a real HTTP server, of any shape: for the conformance command."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    SuccinctRoles,
    TargetFile,
    Targets,
    Timestamp,
)  # fmt: skip
from tuf.api.serialization.json import JSONSerializer

from tests.command import Answer, call

GOOD = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
PAST = GOOD - timedelta(days=60)
TOP = ("root", "timestamp", "snapshot", "targets")


@cache
def key(name: str, kind: str = "ed25519") -> CryptoSigner:
    """A signer of a kind, one a name."""
    assert name
    made: CryptoSigner = getattr(CryptoSigner, f"generate_{kind}")()
    return made


@dataclass
class Tuf:
    """Metadata by role, who signs it, and what is served: `files` by URL path, `asked` in order."""

    consistent: bool = True
    hashed: bool = False
    signed: dict[str, Any] = field(default_factory=dict)
    signers: dict[str, list[CryptoSigner]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.signed = {
            "root": Root(expires=GOOD, consistent_snapshot=self.consistent),
            "timestamp": Timestamp(expires=GOOD),
            "snapshot": Snapshot(expires=GOOD),
            "targets": Targets(expires=GOOD),
        }
        for role in TOP:
            self.grant(role, key(role))
        for role in reversed(TOP):
            self.publish(role, bump=False)

    @property
    def root(self) -> bytes:
        """The first root."""
        return self.files["/metadata/1.root.json"]

    def grant(self, role: str, signer: CryptoSigner) -> None:
        """Let a key sign for a role at the top."""
        self.signed["root"].add_key(signer.public_key, role)
        self.signers.setdefault(role, []).append(signer)

    def rotate(self, role: str, *signers: CryptoSigner) -> None:
        """Replace a role's keys; root is still to be published."""
        for old in self.signers[role]:
            self.signed["root"].revoke_key(old.public_key.keyid, role)
        self.signers[role] = []
        for signer in signers:
            self.grant(role, signer)

    def delegate(self, delegator: str, name: str, signer: CryptoSigner | None = None, **options: Any) -> None:
        """Delegate to a role, which is published with the delegator."""
        signer = signer or key(name)
        parent = self.signed[delegator]
        parent.delegations = parent.delegations or Delegations({}, {})
        options = {"threshold": 1, "terminating": False, "paths": ["*"], **options}
        parent.delegations.roles[name] = DelegatedRole(name, [], **options)
        parent.add_key(signer.public_key, name)
        self.signed.setdefault(name, Targets(expires=GOOD))
        self.signers.setdefault(name, [signer])

    def bins(self, bits: int, prefix: str) -> list[str]:
        """Delegate to succinct hash bins that one key signs."""
        succinct = SuccinctRoles([], 1, bits, prefix)
        self.signed["targets"].delegations = Delegations({}, None, succinct)
        self.signed["targets"].add_key(key(prefix).public_key)
        found = list(succinct.get_roles())
        for name in found:
            self.signed[name], self.signers[name] = Targets(expires=GOOD), [key(prefix)]
        return found

    def add(self, role: str, path: str, content: bytes, served: bytes | None = None) -> None:
        """A target, and what is served in its place."""
        target = TargetFile.from_data(path, content, ["sha256"])
        self.signed[role].targets[path] = target
        head, slash, name = path.rpartition("/")
        prefix = f"{target.hashes['sha256']}." if self.consistent else ""
        self.files[f"/targets/{head}{slash}{prefix}{name}"] = content if served is None else served

    def publish(self, *roles: str, bump: bool = True) -> None:
        """Sign roles and serve them; what names them is still to be published."""
        for role in roles:
            signed = self.signed[role]
            signed.version += bump
            metadata = Metadata(signed)
            for signer in self.signers[role]:
                metadata.sign(signer, append=True)
            self.serve(role, metadata.to_bytes(JSONSerializer()), signed.version)

    def serve(self, role: str, content: bytes, version: int) -> None:
        """Serve a role's metadata, and name it in snapshot or timestamp."""
        prefix = f"{version}." if role == "root" or (self.consistent and role != "timestamp") else ""
        self.files[f"/metadata/{prefix}{role}.json"] = content
        about = (len(content), {"sha256": hashlib.sha256(content).hexdigest()}) if self.hashed else (None, None)
        if role == "snapshot":
            self.signed["timestamp"].snapshot_meta = MetaFile(version, *about)
        elif role not in TOP or role == "targets":
            self.signed["snapshot"].meta[f"{role}.json"] = MetaFile(version, *about)

    def update(self, *roles: str) -> None:
        """Publish roles and all that names them."""
        self.publish(*roles, "snapshot", "timestamp")


@dataclass
class Client:
    """The conformance command over one repository."""

    tuf: Tuf
    url: str
    home: Path

    def init(self, root: bytes | None = None) -> Answer:
        """Trust the first root."""
        (self.home / "given.json").write_bytes(self.tuf.root if root is None else root)
        return self._call("init", self.home / "given.json")

    def refresh(self) -> int:
        """Refresh, from nothing asked yet; the exit code."""
        self.tuf.asked.clear()
        return self._call("--metadata-url", f"{self.url}/metadata", "refresh").code

    def download(self, name: str) -> int:
        """Download a target; the exit code."""
        self.tuf.asked.clear()
        places = ("--target-base-url", f"{self.url}/targets", "--target-dir", self.home / "targets")
        return self._call(
            "--metadata-url", f"{self.url}/metadata", "--target-name", name, *places, "download"
        ).code  # fmt: skip

    def _call(self, *words: str | Path) -> Answer:
        (self.home / "targets").mkdir(exist_ok=True)
        answer = call("sync", "conformance", "--metadata-dir", self.home / "metadata", *words)
        assert answer.code in {0, 1}, answer
        return answer

    def version(self, role: str) -> int | None:
        """The trusted version of a role."""
        path = self.home / "metadata" / f"{role}.json"
        return int(Metadata.from_file(str(path)).signed.version) if path.exists() else None

    def versions(self) -> list[int | None]:
        """The trusted versions of the four at the top."""
        return [self.version(role) for role in TOP]

    def contents(self) -> list[bytes]:
        """What was downloaded."""
        return [path.read_bytes() for path in (self.home / "targets").rglob("*") if path.is_file()]

    def visited(self) -> list[str]:
        """The delegated roles that were asked for, in order."""
        names = [
            name.removeprefix("/metadata/").removesuffix(".json") for name in self.tuf.asked if "/metadata/" in name
        ]
        return [name.partition(".")[2] for name in names if name.partition(".")[2] not in {"", *TOP}]


@contextmanager
def serving(tuf: Tuf, home: Path) -> Iterator[Client]:
    """Serve a repository on loopback while a client follows it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = unquote(self.path)
            tuf.asked.append(name)
            content = tuf.files.get(name)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Client(tuf, f"http://127.0.0.1:{server.server_port}", home)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
