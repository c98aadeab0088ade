"""Reading authored YAML: safe, bounded, checked against a JSON Schema, with file and line in every complaint.

Used for the catalog's sources and for training scenarios alike: `load(path, schema)` gives the data and says on which line
each part of it stands. Plain scalars are read as JSON reads them (`true`, `false`, `null`, numbers); everything else, dates
and the words yes, no, on and off among it, is text (YAML 1.2 core schema, section 10.3, without its octal, hexadecimal and
exponent forms). Anchors, aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from border_kit.errors import InputError

MAX_BYTES = 8_000_000
MAX_NODES = 1_000_000
MAX_DEPTH = 40

Key = tuple[str | int, ...]
"""Where a value stands in a document: keys and indexes from the root."""


Severity = Literal["error", "warning"]
"""An error stops a build; a warning does not."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a source: `file` and 1-based `line`, `path` inside the document, and what to do."""

    file: str
    line: int
    path: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"{self.file}:{self.line}:{where} {self.message}".replace(": at", " at", 1)

    def to_json(self) -> dict[str, str | int]:
        """As `catalog lint --json` prints it."""
        return {
            "file": self.file,
            "line": self.line,
            "path": self.path,
            "message": self.message,
            "severity": self.severity,
        }


class SourceError(InputError):
    """A source cannot be used; `problems` holds everything that was found wrong, in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        more = len(self.problems) - 1
        super().__init__(
            "source_invalid",
            f"{self.problems[0]}" + (f" (and {more} more)" if more else ""),
            "Correct the file at that line; border-kit catalog lint lists every problem.",
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was read: its `data` and the line of each of its parts."""

    file: str
    data: Any
    lines: Mapping[Key, int]

    def line(self, path: Key) -> int:
        """The 1-based line on which a part begins; that of the nearest part around it where it is not there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Key, message: str, severity: Severity = "error") -> Problem:
        """A problem at a part of this document."""
        return Problem(self.file, self.line(path), show_path(path), message, severity)


def show_path(path: Key) -> str:
    """A path as one reads it: `entries[3].criteria.all[0]`."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else str(part)
    return shown


def texts(data: Any, path: Key = ()) -> Iterator[tuple[Key, str]]:
    """Every text of a document with its place."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, list | dict):
        for key, value in enumerate(data) if isinstance(data, list) else data.items():
            yield from texts(value, (*path, key))


def load(path: Path, schema: Mapping[str, Any] | None = None, *, root: Path | None = None) -> Source:
    """Read a YAML file and check it against a JSON Schema.

    Args:
        path: the file.
        schema: a JSON Schema (2020-12) as `schema_named` gives it; None only reads.
        root: a folder that is cut from the file's name in messages; without it the bare name is shown.

    Raises:
        SourceError: the file cannot be read, is no safe YAML or breaks the schema; every problem is listed.
    """
    name = _name(path, root)
    source = parse(_read(path, name), name)
    problems = list(check(source, schema)) if schema is not None else []
    if problems:
        raise SourceError(problems)
    return source


def _name(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def _read(path: Path, name: str) -> str:
    try:
        if not path.is_file():
            raise SourceError([Problem(name, 1, "", "there is no such file")])
        if path.stat().st_size > MAX_BYTES:
            raise SourceError([Problem(name, 1, "", f"the file is larger than {MAX_BYTES:,} bytes: split it")])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError([Problem(name, 1, "", f"the file is not UTF-8 (at byte {error.start})")]) from error
    except OSError as error:
        raise SourceError([Problem(name, 1, "", f"the file cannot be read ({error.strerror})")]) from error


def parse(text: str, name: str) -> Source:
    """Read YAML text. Raises SourceError naming the line."""
    import yaml  # noqa: PLC0415 - some milliseconds that only authors pay

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SourceError([Problem(name, line, "", f"this is no YAML: {error.problem or error.context}")]) from error
    except yaml.YAMLError as error:
        raise SourceError([Problem(name, 1, "", f"this is no YAML: {error}")]) from error
    return Source(name, builder.root, builder.lines)


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,30})?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _plain(value: str) -> Any:
    if value in _WORDS:
        return _WORDS[value]
    number = _NUMBER.fullmatch(value)
    if number is None:
        return value
    return float(value) if number.group(1) else int(value)


class _Builder:
    """Builds the document from parser events, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.lines: dict[Key, int] = {}
        self._open: list[tuple[Any, Key, list[Any]]] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take the next parser event. Raises SourceError."""
        kind = type(event).__name__
        line = event.start_mark.line + 1
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            self._fail(line, "anchors and aliases (& and *) are not used here: write the value out, or quote the text")
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self._fail(line, "one document a file: remove the line of dashes")
        elif kind == "ScalarEvent":
            self._tag(event, line)
            value = _plain(event.value) if event.implicit[0] else event.value
            self._place(value, line, keep=False)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._tag(event, line)
            self._place({} if kind == "MappingStartEvent" else [], line, keep=True)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._open.pop()

    def _tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            self._fail(line, f"tags are not used here ({event.tag}): remove it, or quote the text")

    def _place(self, value: Any, line: int, *, keep: bool) -> None:
        path: Key = ()
        if not self._open:
            self.root = value
        else:
            container, base, pending = self._open[-1]
            if isinstance(container, list):
                path = (*base, len(container))
                container.append(value)
            elif not pending:
                pending.append(self._key(value, container, line, keep=keep))
                self.lines[(*base, pending[0])] = line
                return
            else:
                path = (*base, pending.pop())
                container[path[-1]] = value
        self.lines.setdefault(path, line)
        if len(self.lines) > MAX_NODES:
            self._fail(line, f"the document has more than {MAX_NODES:,} parts: split the file")
        if keep:
            if len(self._open) >= MAX_DEPTH:
                self._fail(line, f"the document is nested deeper than {MAX_DEPTH} levels")
            self._open.append((value, path, []))

    def _key(self, value: Any, container: dict[str, Any], line: int, *, keep: bool) -> str:
        if keep:
            self._fail(line, "a key is a word, not a list or a mapping: put braces in quotes")
        key = value if isinstance(value, str) else json.dumps(value)
        if key in container:
            self._fail(line, f"the key {key!r} stands twice in the same mapping")
        return key

    def _fail(self, line: int, message: str) -> None:
        path = self._open[-1][1] if self._open else ()
        raise SourceError([Problem(self.name, line, show_path(path), message)])


def schema_named(name: str) -> dict[str, Any]:
    """A schema of this package by its name: `controls`, `policy`, `trust`, `catalog`."""
    path = Path(__file__).with_name("schemas") / f"{name}.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def check(source: Source, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything in which a document breaks a JSON Schema, with line and a word on how to put it right."""
    validator = _validator(json.dumps(schema, sort_keys=True))
    for error in validator.iter_errors(source.data):
        path = tuple(error.instance_path)
        if _kind(error) == "AdditionalProperties":
            known = sorted(_at(schema, tuple(error.schema_path)[:-1], {}).get("properties", {}))
            for key in error.kind.unexpected:
                yield source.problem((*path, key), _unknown_key(key, known, _at(source.data, (*path, key), "")))
        else:
            yield source.problem(path, _explain(error, source.data, path, schema))


def _kind(error: Any) -> str:
    return type(error.kind).__name__.rpartition("_")[2]


@lru_cache(maxsize=8)
def _validator(schema: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - a compiled library that only authors need

    return jsonschema_rs.validator_for(json.loads(schema))


def _explain(error: Any, data: Any, path: Key, schema: Mapping[str, Any]) -> str:
    kind, value = _kind(error), _at(data, path)
    if kind == "Required":
        return f"the key {error.kind.property!r} is missing"
    if kind == "Type" and isinstance(value, int | float) and '"string"' in error.message:
        return f"put {json.dumps(value)} in quotes: this is a text, not a number"
    if kind in {"Pattern", "FalseSchema"}:
        described = _at(schema, tuple(error.schema_path)[:-1], {})
        meaning = described.get("description") if isinstance(described, dict) else None
        return f"{_short(value)} is not {meaning}" if meaning else _tame(error.message)
    return _tame(error.message)


def _unknown_key(key: str, known: list[str], value: Any) -> str:
    import difflib  # noqa: PLC0415 - only when there is something to complain of

    close = difflib.get_close_matches(key, known, n=1)
    if value is None and not close:
        return f"{key!r} stands alone: a text with a comma goes in quotes inside braces or brackets"
    hint = (
        f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}" if known else "none is known here"
    )
    return f"the key {key!r} is not known here ({hint})"


def _at(data: Any, path: Key, default: Any = None) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return default
    return data


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"  # what fits in a line of a message


def _tame(message: str) -> str:
    return message if len(message) <= 300 else message[:297] + "…"  # a message is some lines at most
