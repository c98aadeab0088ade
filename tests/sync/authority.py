"""An authority of our own invention for the tests of sync: signers, catalogs that change, publications, and an office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface

from border_kit import disk, signing
from border_kit.catalog import volumes, writer
from border_kit.catalog.volumes import VolumeInfo
from border_kit.sync import ceremony, layout, patch, roles
from border_kit.sync.keys import KeySigner, Public, public_half
from border_kit.sync.proposal import Proposal
from border_kit.sync.publish import Prepared, finish, prepare
from border_kit.sync.roles import Role, Sheet
from border_kit.sync.updater import CatalogUpdater, Mark, Publication, Rules

START = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
"""A Monday."""


def signer(name: str) -> KeySigner:
    """A signer whose key is told by the name, so that tests repeat."""
    key = signing.Key(signing._derived(b"test", name.encode()))
    return KeySigner(key, public_half(name, key.public))


def small_sheet() -> Sheet:
    """The standard powers with fewer signers."""
    standard = roles.standard()
    few = {"root": (2, 3), "controls": (2, 2)}
    found = {
        name: Role(name, *few.get(name, (1, 1)), role.days, role.paths, role.terminating)
        for name, role in standard.roles.items()
    }
    return Sheet(found, standard.limits, standard.daily, standard.weekly)


PEOPLE: dict[str, tuple[str, ...]] = {
    "root": ("Ruhe", "Adeyo", "Sorn"),
    "targets": ("Ruhe",),
    "snapshot": ("Machine",),
    "timestamp": ("Machine",),
    "parties": ("Lists",),
    "trust": ("Trust",),
    "revocations": ("Trust",),
    "licences-xa-la-01": ("Licences XA",),
    "licences-xb-la-07": ("Licences XB",),
}


def party_rows(names: Mapping[int, str], edition: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of a parties volume: a party, its listing and its name by number."""
    return {
        "edition": [
            {
                "id": f"L@{edition}", "list": "L", "name": "List", "edition": edition, "as_of": edition, "kind": "parties-csv",
                "demo": 0, "assumed": 0, "current": 1,
            }
        ],
        "party": [{"id": f"L:{n:06}", "kind": "organisation", "caption": name} for n, name in names.items()],
        "listing": [
            {
                "id": f"L:{n:06}@1", "party": f"L:{n:06}", "list": "L", "source_ref": str(n), "kind": "organisation",
                "caption": name, "edition": f"L@{edition}",
            }
            for n, name in names.items()
        ],
        "party_name": [
            {
                "id": f"L:{n:06}@1:1", "party": f"L:{n:06}", "listing": f"L:{n:06}@1", "name": name, "quality": "primary",
                "edition": f"L@{edition}",
            }
            for n, name in names.items()
        ],
    }  # fmt: skip


def write_catalog(root: Path, rows: Mapping[str, Mapping[str, list[dict[str, Any]]]], edition: str) -> Path:
    """A catalog directory with these volumes, all of one edition."""
    root.mkdir(parents=True, exist_ok=True)
    found: dict[str, VolumeInfo] = {}
    for name, tables in rows.items():
        path = root / f"{name}.sqlite"
        path.unlink(missing_ok=True)
        kind = "licences" if name.startswith("licences-") else name
        connection = writer.create(path, kind)
        writer.append(connection, kind, tables)
        meta = {"edition": edition, "as_of": edition, "demo": "0", "name": "test"}
        found[name] = writer.finish(connection, path, name, meta)
    disk.replace_file(root / volumes.MANIFEST, writer.manifest_bytes(found))
    return root


def names(count: int = 400) -> dict[int, str]:
    """Invented firms."""
    return {n: f"{'ABCDEFGH'[n % 8]}orvald {n * 7919 % 10007} Trading House {n:05} of Teskarin" for n in range(count)}


@dataclass
class Authority:
    """A repository with its signers; `now` moves on by the caller."""

    folder: Path
    sheet: Sheet = field(default_factory=small_sheet)
    now: datetime = START
    people: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(PEOPLE))

    def publics(self) -> dict[str, list[Public]]:
        """The public keys of every role."""
        return {role: [signer(name).public for name in who] for role, who in self.people.items()}

    def found(self) -> None:
        """Found the repository."""
        self.finish(ceremony.found(self.sheet, self.publics(), self.now))

    def finish(self, proposal: Proposal, *who: str) -> None:
        """Have a proposal signed, by all who may where nobody is named, and make it the repository's state."""
        everybody = who or tuple(dict.fromkeys(name for people in self.people.values() for name in people))
        for name in everybody:
            if proposal.may_sign(signer(name).public):
                proposal.sign(signer(name))
        finish(self.folder, proposal, self.now)

    def publish(self, catalog: Path, **options: Any) -> Prepared:
        """Publish what changed in a catalog directory."""
        opened = volumes.open_catalog(catalog, self.now.date())
        try:
            prepared = prepare(self.sheet, self.folder, opened, self.now, **options)
        finally:
            opened.close()
        if prepared.proposal is not None:
            self.finish(prepared.proposal)
        return prepared

    def parties(self, found: Mapping[int, str], edition: str | None = None) -> Prepared:
        """Publish a parties volume with these names."""
        edition = edition or self.now.date().isoformat()
        return self.publish(
            write_catalog(self.folder.parent / "source", {"parties": party_rows(found, edition)}, edition)
        )

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    @property
    def root(self) -> bytes:
        """The first root, as offices are given it."""
        return (self.folder / layout.METADATA / "1.root.json").read_bytes()


class Files(FetcherInterface):
    """Fetches `https://here/` from a folder and counts bytes; what it lacks is a 404."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fetched: dict[str, int] = {}

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.removeprefix("https://here/")
        path = self.folder / name
        if not path.is_file():
            raise DownloadHTTPError(f"no {name}", 404)
        content = path.read_bytes()
        self.fetched[name] = self.fetched.get(name, 0) + len(content)
        yield content


@dataclass
class Office:
    """An office that follows: its state of TUF, its marks, and the volumes it unpacked."""

    home: Path
    root: bytes
    marks: dict[str, Mark] = field(default_factory=dict)

    def updater(self, source: Path, now: datetime) -> CatalogUpdater:
        """A client over a repository's folder."""
        (self.home / "tuf").mkdir(parents=True, exist_ok=True)
        known = (self.home / "tuf" / "root.json").exists()
        rules = Rules(now, self.marks)
        return CatalogUpdater(
            self.home / "tuf", "https://here/", Files(source), rules, root=None if known else self.root
        )

    def look(self, source: Path, now: datetime) -> Publication:
        """Refresh, keep the marks, and see what is offered."""
        updater = self.updater(source, now)
        updater.refresh()
        found = updater.publication()
        self.marks = updater.marks()
        return found

    def pull(self, source: Path, now: datetime, name: str = "parties") -> int:
        """Bring one volume up to date as an office would; the bytes that its files took."""
        updater = self.updater(source, now)
        updater.refresh()
        volume = updater.publication().volumes[name]
        current = self.home / f"{name}.sqlite"
        installed = patch.sha256(current) if current.exists() else None
        taken = 0
        for step in volume.way(installed):
            packed, out = self.home / "packed", self.home / "out"
            updater.bring(step, packed)
            patch.apply(packed, out, length=step.size, sha256=step.digest, base=current if step.base else None)
            out.replace(current)
            taken += step.length
        self.marks = updater.marks()
        assert patch.sha256(current) == volume.content.sha256
        return taken
