"""Writing a stick: the part of a signed repository that the offices it goes to lack, as plain files; nothing is signed anew.

    <stick>/stick.json                    that this folder is a stick: only then old files are removed from it
    <stick>/metadata/, targets/           a repository as `layout` has it, thinned out
    <stick>/offices/<office>/state.json   what an office has, left there by it

The timestamp is written last, and each file beside its place, forced, and renamed: pulled out at any point, the stick holds the
publication it held before or the new one. Without any state the full files of every volume are written.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import Metadata, Targets
from tuf.api.serialization import DeserializationError

from border_kit import disk
from border_kit.errors import BorderKitError, StoreError
from border_kit.sync import layout, patch, published
from border_kit.sync.folders import FolderFetcher
from border_kit.sync.follow import address, known_lists, way_from
from border_kit.sync.generations import STATE, Generations
from border_kit.sync.memory import Memory
from border_kit.sync.names import expect_plain, why_unsafe
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import Fetcher, Part, Progress, no_progress
from border_kit.sync.updater import CatalogUpdater, File, Publication, Rules

MARK = "stick.json"
OFFICES = "offices"
STATE_FILE = "state.json"
FORMAT = "border-kit stick 1"
MOST_OFFICES = 500
_OURS = (MARK, f"{MARK}.partial", "metadata", "targets", OFFICES)
_MAX_STATE = 200_000
_MAX_METADATA = 4_000_000
_METADATA = re.compile(r"(?:([1-9][0-9]{0,8})\.)?([a-z0-9-]{1,80})\.json")


@dataclass(frozen=True, slots=True)
class Have:
    """What an office has installed: by volume what is recorded of it, as a generation records it."""

    volumes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def needs(self, publication: Publication) -> list[File]:
        """The files that it has to fetch to be where a publication is."""
        found = [
            file
            for name, volume in sorted(publication.volumes.items())
            for file in way_from(volume, self.volumes.get(name, {}))
        ]
        known = known_lists(self.volumes)
        lists = [one.file for one in publication.status_lists]
        anew = any(file.target.path.startswith("trust/") for file in found)
        if anew or any(file.target.hashes["sha256"] not in known for file in lists):
            found += lists
        return found


@dataclass(slots=True)
class Written:
    """What was written of a publication; `newer` where the stick holds a later one, which was left as it is."""

    publication: int
    signed: datetime
    files: int = 0
    bytes: int = 0
    full: bool = False
    newer: bool = False


class OfficeFetcher(Fetcher):
    """An office as a source: the metadata that it took, the files that it fetched, and its volumes packed again.

    A volume that came as a patch is packed anew, and counts only where that gives the very file that was signed.
    """

    base = "office:///"

    def __init__(self, home: Path, progress: Progress = no_progress) -> None:
        """Hand on from an office's folder. Raises LineError where nothing was installed."""
        super().__init__(progress)
        self._generations, self._downloads = Generations(home), Memory(home).downloads
        found = self._generations.usable()
        if found is None or not (found.root / STATE).is_dir():
            raise LineError(
                "nothing_installed",
                "This office has pulled no catalog that it could hand on.",
                "Pull one first, or name a repository with --from.",
            )
        self._opened = found

    def _into(self, url: str, part: Part, most: int, *, exact: bool) -> None:
        name = url.removeprefix(self.base)
        content = self._metadata(name) if name.startswith(layout.METADATA) else self._target(name)
        if content is None:
            raise DownloadHTTPError(f"no file {name}", 404)
        if len(content) > most or (exact and len(content) != most):
            raise Refusal("length_differs", f"{name!r} has {len(content)} bytes here, not {most}.", "Pull again first.")
        part.drop()
        part.write(content)
        self.received += len(content)

    def _metadata(self, name: str) -> bytes | None:
        """A version of a role, from the generation that has it."""
        parts = _METADATA.fullmatch(name.removeprefix(layout.METADATA))
        if parts is None:
            return None
        version, role = parts.groups()
        if role == "root":
            return _content(self._opened.root / STATE / "root_history" / f"{version}.root.json")
        if version is None:
            return _content(self._opened.root / STATE / f"{role}.json")
        for number in (self._opened.number, *self._generations.numbers()):
            content = _content(self._generations.read(number).root / STATE / f"{role}.json")
            with suppress(ValueError, KeyError, TypeError):
                if content is not None and json.loads(content)["signed"]["version"] == int(version):
                    return content
        return None

    def _target(self, name: str) -> bytes | None:
        """A file as it was fetched, or a volume packed again: of the metadata's path without the hash."""
        *_, folder, last = name.split("/")
        sha256, _, kind = last.partition(".")
        kept = self._downloads / sha256
        if why_unsafe(sha256) is None and kept.is_file():
            return kept.read_bytes()
        volume = f"licences-{folder}" if name.startswith(f"{layout.TARGETS}licences/") else folder
        if kind != layout.FULL or why_unsafe(volume) is not None:
            return None
        self.progress(f"packing {volume}", 0, 0)
        with tempfile.TemporaryDirectory(prefix="border-kit-") as scratch, suppress(Refusal):
            published.restore(self._opened.root, volume, self._opened.volumes.get(volume, {}), Path(scratch, volume))
            return patch.pack(Path(scratch, volume).read_bytes())
        return None


def _content(path: Path) -> bytes | None:
    try:
        return disk.read_small(path, _MAX_METADATA)
    except (OSError, ValueError):
        return None


@dataclass(slots=True)
class Source:
    """A repository that was looked at: what it offers, and its metadata as plain files in `state`."""

    fetcher: Fetcher
    publication: Publication
    versions: dict[str, int]
    state: Path


@contextmanager
def looked_at(fetcher: Fetcher, root: bytes | None, now: datetime) -> Iterator[Source]:
    """Look at a repository from its beginning, without an office's memory.

    Args:
        fetcher: where it lies.
        root: who is trusted; the repository's own first root where nobody is (whoever reads the stick trusts for themselves).
        now: the moment that expiry is judged at.

    Raises:
        Refusal, LineError: it cannot be trusted or reached.
    """
    with tempfile.TemporaryDirectory(prefix="border-kit-") as folder:
        state = Path(folder)
        updater = CatalogUpdater(state, fetcher.base, fetcher, Rules(now), root=root or _first_root(fetcher))
        updater.refresh()
        publication = updater.publication()
        yield Source(fetcher, publication, {name: mark.version for name, mark in updater.marks().items()}, state)


def _first_root(fetcher: Fetcher) -> bytes:
    return _fetched(fetcher, "1.root.json") or b""


def _fetched(fetcher: Fetcher, name: str) -> bytes | None:
    """A file of the metadata; None where it is not there."""
    try:
        with fetcher.download_file(f"{fetcher.base}{layout.METADATA}{name}", _MAX_METADATA) as stream:
            return bytes(stream.read())
    except DownloadHTTPError:
        return None


def since(fetcher: Fetcher, publication: int) -> Have:
    """What an office has that took a publication by its number (the version of its snapshot); 0: nothing. Raises Refusal."""
    if publication == 0:
        return Have()
    try:
        snapshot = Metadata[Any].from_bytes(_fetched(fetcher, f"{publication}.snapshot.json") or b"")
        found: dict[str, dict[str, Any]] = {}
        for file, meta in snapshot.signed.meta.items():
            role = file.removesuffix(".json")
            content = _fetched(fetcher, f"{meta.version}.{file}") if role != Targets.type else None
            if content is not None:
                found[role] = _recorded(Metadata[Targets].from_bytes(content).signed)
    except (DeserializationError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refusal(
            "since_unknown",
            f"The source no longer knows publication {publication}.",
            "Leave --since out: then every volume is written whole.",
        ) from error
    lists = found.pop(layout.REVOCATIONS, {}).get("lists", [])
    if "trust" in found:
        found["trust"]["lists"] = lists
    return Have(found)


def _recorded(targets: Targets) -> dict[str, Any]:
    """What an office that took these targets has recorded."""
    found: dict[str, Any] = {"lists": [str(target.hashes["sha256"]) for target in targets.targets.values()]}
    for path, target in targets.targets.items():
        if path.endswith(f"/{layout.FULL}"):
            return {"published": str(target.custom["sha256"]), "length": int(target.custom["length"])}
    return found


def write(source: Source, into: Path, haves: Iterable[Have], root: bytes | None, now: datetime) -> Written:
    """Write what offices lack of a publication into a stick's folder.

    Args:
        source: the repository.
        into: the stick's folder; made where it is not there.
        haves: what the offices have that will read it; nothing known: the full files.
        root: who is trusted, to tell a newer publication on the stick from rubbish.
        now: the moment.

    Raises:
        Refusal: the folder is no stick, or a file cannot be handed on from this source; what the stick held stays.
        LineError: the source or the stick was gone.
        StoreError: the stick is full or may not be written.
    """
    haves = list(haves) or [Have()]
    files = {address(source.fetcher, file)[1]: file for have in haves for file in have.needs(source.publication)}
    done = Written(source.versions["snapshot"], source.publication.signed, full=not all(one.volumes for one in haves))
    with stick_written():
        begin(into)
        if _is_newer(into, source, root, now):
            done.newer = True
            return done
        kept = [_bring(source, file, into, done) for file in files.values()]
        kept += _metadata(source, into)
        disk.replace_file(into / layout.METADATA / "timestamp.json", (source.state / "timestamp.json").read_bytes())
        _prune(into, {*kept, into / layout.METADATA / "timestamp.json"})
    return done


@contextmanager
def stick_written() -> Iterator[None]:
    """What a stick refuses, told as such."""
    try:
        yield
    except (OSError, StoreError) as error:
        why = (error.strerror or str(error)) if isinstance(error, OSError) else error.message
        raise StoreError(
            "stick_not_written",
            f"The stick could not be written to its end ({why}).",
            "Leave it in, free some space on it or take another, then repeat. What it held before can still be read.",
        ) from error


def begin(into: Path) -> None:
    """Make a folder a stick.

    Raises:
        Refusal: it holds a repository of its own, whose history is not ours to thin out, or links that lead elsewhere.
    """
    into.mkdir(parents=True, exist_ok=True)
    expect_plain(into, _OURS)
    if (into / MARK).is_file():
        return
    if (into / layout.METADATA).exists() or (into / layout.TARGETS).exists():
        raise Refusal(
            "not_a_stick",
            f"{into} holds a repository that was not written as a stick.",
            "Name another folder, one that is empty or was written by sync bundle export.",
        )
    disk.replace_file(into / MARK, json.dumps({"format": FORMAT}).encode() + b"\n")


def _is_newer(into: Path, source: Source, root: bytes | None, now: datetime) -> bool:
    """Whether the stick holds a later publication of the same authority."""
    trusted = root or _first_root(source.fetcher)
    try:
        with looked_at(FolderFetcher(into), trusted, now) as there:
            return there.versions["timestamp"] > source.versions["timestamp"]
    except BorderKitError:
        return False  # empty, damaged or another's: to be written


def _bring(source: Source, file: File, into: Path, done: Written) -> Path:
    """Put one file onto the stick, proven on its way; one that is there already is proven and kept."""
    url, sha256 = address(source.fetcher, file)
    place = into / url.removeprefix(source.fetcher.base)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.fetcher.obtain(url, place, length=file.length, sha256=sha256)
    except (DownloadHTTPError, Refusal) as error:
        raise Refusal(
            "not_to_hand_on",
            f"{file.target.path} cannot be handed on from here: it came as a patch, or is damaged.",
            "Name a source that has it: --from URL or folder. What the stick held is as it was.",
        ) from error
    done.files += 1
    done.bytes += file.length
    return place


def _metadata(source: Source, into: Path) -> Iterator[Path]:
    """Put every role's metadata and the whole chain of roots onto the stick, but for the timestamp."""
    folder = into / layout.METADATA
    folder.mkdir(parents=True, exist_ok=True)
    found = {f"{number}.root.json": content for number, content in _roots(source)}
    for role, version in source.versions.items():
        path = source.state / f"{role}.json"
        if role not in ("root", "timestamp") and path.is_file():
            found[f"{version}.{role}.json"] = path.read_bytes()
    for name, content in found.items():
        if _content(folder / name) != content:
            disk.replace_file(folder / name, content)
        yield folder / name


def _roots(source: Source) -> Iterator[tuple[int, bytes]]:
    for number in range(1, source.versions["root"] + 1):
        content = _fetched(source.fetcher, f"{number}.root.json")
        if content is not None:
            yield number, content


def _prune(into: Path, kept: set[Path]) -> None:
    """Remove what no longer belongs to the publication; links are removed, never followed."""
    for name in (layout.METADATA, layout.TARGETS):
        for folder, _, files in os.walk(into / name, topdown=False):
            for path in (Path(folder) / file for file in files):
                if path not in kept:
                    path.unlink(missing_ok=True)
            with suppress(OSError):
                Path(folder).rmdir()


def leave_state(into: Path, office: str, slug: str, home: Path) -> None:
    """Leave what this office has on the stick, so that the next one brings no more than it lacks. Raises OSError, Refusal."""
    opened = Generations(home).usable()
    if opened is None:
        return
    expect_plain(into, (OFFICES,))
    document = {"format": FORMAT, "office": office, "volumes": opened.volumes}
    folder = into / OFFICES / slug
    folder.mkdir(parents=True, exist_ok=True)
    disk.replace_file(folder / STATE_FILE, json.dumps(document, sort_keys=True, ensure_ascii=False).encode() + b"\n")


def states(into: Path, own: str) -> Iterator[Have]:
    """What the offices (but for `own`) left of their states on a stick; what cannot be read is as if it were not there."""
    try:
        folders = sorted(entry.name for entry in os.scandir(into / OFFICES))[:MOST_OFFICES]
    except OSError:
        return
    for name in folders:
        if name == own or why_unsafe(name) is not None:
            continue
        with suppress(
            BorderKitError, DownloadHTTPError, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ):
            fetcher = FolderFetcher(into)
            with fetcher.download_file(f"{fetcher.base}{OFFICES}/{name}/{STATE_FILE}", _MAX_STATE) as stream:
                document = json.loads(stream.read())
            yield Have({str(key): dict(row) for key, row in document["volumes"].items()})


def is_bare(into: Path) -> bool:
    """Whether a stick brings no catalog at all, only what offices send each other."""
    try:
        with os.scandir(into) as entries:
            return layout.METADATA.rstrip("/") not in {entry.name.casefold() for entry in entries}
    except OSError:
        return False  # whoever reads it next is told
