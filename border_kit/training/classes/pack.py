"""What goes out and what comes back: a pack (scenarios, seeds, settings) for one learner, and that learner's results."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from border_kit import signing
from border_kit.clock import parse_moment
from border_kit.errors import InputError
from border_kit.signing import Key
from border_kit.text import clean_line, fold
from border_kit.training import result as results
from border_kit.training import scenario as scenarios
from border_kit.training import variants
from border_kit.training.classes import envelope
from border_kit.training.model import Scenario
from border_kit.training.result import MODES, Mode, Result
from border_kit.training.run import MAX_LEARNER

FORMAT = 1
PACK, RESULTS = "training pack", "training results"
MAX_ITEMS = 400
_UNSAFE = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A name as files bear it; what has no letters of the Latin alphabet becomes a digest."""
    safe = _UNSAFE.sub("-", fold(text)).strip("-")[:40]
    return safe or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Item:
    """One shipment of a class: a scenario drawn with a seed, as warm-up or exam."""

    scenario: str
    seed: int
    mode: Mode

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {"scenario": self.scenario, "seed": self.seed, "mode": self.mode}


@dataclass(frozen=True, slots=True)
class Session:
    """One holding of a class: what it is called, its seed, when it was made, the shipments in order, the scenarios' files as text."""

    name: str
    seed: int
    made: str
    items: tuple[Item, ...]
    files: Mapping[str, str]

    @property
    def id(self) -> str:
        """The digest by which packs and results name the session."""
        text = "\n".join([self.name, str(self.seed), self.made, *(f"{item}" for item in self.items), *self._digests()])
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]

    def _digests(self) -> list[str]:
        return [f"{name} {hashlib.sha256(text.encode()).hexdigest()}" for name, text in sorted(self.files.items())]

    def scenario(self, item: Item) -> Scenario:
        """The scenario of an item, from the text in the pack. Raises SourceError where it is none."""
        source = scenarios.parse(self.files[item.scenario], f"{item.scenario}.yaml")
        return scenarios.build(source, variants.draw(scenarios.fields(source), item.seed))

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {
            "format": FORMAT,
            "name": self.name,
            "seed": self.seed,
            "made": self.made,
            "items": [item.to_json() for item in self.items],
            "files": dict(self.files),
        }

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Session:
        """Read a session. Raises KeyError, TypeError, ValueError for what is none."""
        items = row["items"]
        if row["format"] != FORMAT or not isinstance(items, list) or not 0 < len(items) <= MAX_ITEMS:
            raise ValueError("another format, or no shipments")
        files = {_text(name): _text(text, envelope.MAX_BYTES, lines=True) for name, text in row["files"].items()}
        made = _text(row["made"])
        parse_moment(made)
        found = tuple(
            Item(_text(item["scenario"]), _whole(item["seed"]), MODES[MODES.index(item["mode"])]) for item in items
        )
        if {item.scenario for item in found} != set(files):
            raise ValueError("shipments and scenarios do not belong together")
        return cls(_text(row["name"]), _whole(row["seed"]), made, found, files)


@dataclass(frozen=True, slots=True)
class Pack:
    """A session for one learner, with the key that signs this learner's results; `trainer` is the public key that signed it."""

    session: Session
    learner: str
    key: Key
    trainer: bytes

    @classmethod
    def load(cls, path: Path, signer: str | None = None) -> Pack:
        """Read a pack. Raises InputError, also where another key than the `signer` that is named signed it; StoreError."""
        body, trainer = envelope.unseal(envelope.read(path), PACK, path.name)
        if signer is not None and signer.casefold() != signing.key_id(trainer):
            raise InputError(
                "pack_other_key",
                f"The pack was signed by {signing.key_id(trainer)}, not by {clean_line(signer, 40)}.",
                "Ask the trainer.",
            )
        try:
            session, learner = Session.of_json(body["session"]), _text(body["learner"], MAX_LEARNER)
            return cls(session, learner, _key(body["secret"]), trainer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise envelope.invalid(path.name, "it is no pack of this version of the kit") from error

    def sealed(self, trainer: Key) -> bytes:
        """The file that goes to the learner."""
        body = {"session": self.session.to_json(), "learner": self.learner, "secret": signing.text(self.key.seed)}
        return envelope.seal(body, trainer, PACK)

    @property
    def file_stem(self) -> str:
        """What files of this learner in this class begin with."""
        return f"{slug(self.session.name)}-{slug(self.learner)}"


@dataclass(frozen=True, slots=True)
class Results:
    """What a learner did, a result an item (None: not begun), and the public key that signed it."""

    session: str
    learner: str
    results: tuple[Result | None, ...]
    key: bytes

    @property
    def decided(self) -> int:
        """How many shipments were decided."""
        return sum(item is not None and item.decision is not None for item in self.results)

    @classmethod
    def read(cls, content: bytes, name: str) -> Results:
        """Read a result file. Raises InputError."""
        body, key = envelope.unseal(content, RESULTS, name)
        try:
            found = tuple(None if row is None else results.parse(row) for row in _rows(body))
            return cls(_text(body["session"]), _text(body["learner"], MAX_LEARNER), found, key)
        except (KeyError, TypeError, ValueError) as error:
            raise envelope.invalid(name, "it holds no results of this version of the kit") from error


def seal_results(pack: Pack, found: Sequence[Result | None]) -> bytes:
    """The file that goes back to the trainer."""
    body = {
        "format": FORMAT,
        "session": pack.session.id,
        "learner": pack.learner,
        "results": [None if item is None else item.to_json() for item in found],
    }
    return envelope.seal(body, pack.key, RESULTS)


def _rows(body: Mapping[str, Any]) -> list[Any]:
    rows = body["results"]
    if body["format"] != FORMAT or not isinstance(rows, list) or len(rows) > MAX_ITEMS:
        raise ValueError("another format")
    return rows


def _key(value: object) -> Key:
    seed = signing.raw(value)
    if len(seed) != 32:  # an Ed25519 seed
        raise ValueError("no key")
    return Key(seed)


def _text(value: object, longest: int = 100, *, lines: bool = False) -> str:
    if not isinstance(value, str) or len(value) > longest or (not lines and clean_line(value, longest) != value):
        raise ValueError("a text is none, too long, or holds what no text holds")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError("a number is none, or out of range")
    return value


def people(written: str) -> tuple[str, ...]:
    """Learners as they were written, by commas or lines, or in a file that is named. Raises InputError."""
    if "," in written or "\n" in written or len(written) > 255:
        return names(written)
    try:
        path = Path(written)
        return names(path.read_text(encoding="utf-8-sig")[:100_000] if path.is_file() else written)
    except (OSError, ValueError) as error:
        raise InputError(
            "learners_unreadable", f"The names cannot be read ({error}).", "Write one a line, in UTF-8."
        ) from error


def names(text: str) -> tuple[str, ...]:
    """Learners named in one text, by commas or lines; each once. Raises InputError where two would have the same files."""
    found = tuple(dict.fromkeys(name for part in re.split(r"[,;\n]", text) if (name := clean_line(part, MAX_LEARNER))))
    if not found:
        raise InputError("learners_missing", "Nobody is named who learns.", "Name them: --learners ana,ben,cem")
    files = [slug(name) for name in found]
    twice = next((name for name, file in zip(found, files, strict=True) if files.count(file) > 1), None)
    if twice is not None:
        raise InputError(
            "learners_alike", f"{twice!r} and another name give the same file name.", "Add a second name or a number."
        )
    return found
