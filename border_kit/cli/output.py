"""stdout is data and nothing else, and never empty. Rows stream; a bad row answers in its place."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from border_kit.cli.common import Common
from border_kit.cli.diagnostics import ReaderGoneError
from border_kit.clock import stamp
from border_kit.desk.render_queue import bar
from border_kit.errors import BorderKitError, CatalogError, InputError, StoreError
from border_kit.findings import Json
from border_kit.text import clean, visible

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk

MAX_ROW = 16_000_000
"""Bytes of one JSON row; a longer one is refused in its place."""
MAX_SKIPPED = 64 * MAX_ROW
"""Bytes of one row that are passed over; what goes on without a line break beyond them is no JSON lines."""
_PIECES = 10_000
"""Pieces of JSON, a name or a value each, that are written at a time."""

_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNSEEN = re.compile(
    r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|[\U000e0000-\U000e007f]"
)
"""What JSON may hold raw and a terminal would obey or hide: controls beyond ASCII, direction overrides, tags."""


def reply(document: dict[str, Json], text: Callable[[], str]) -> None:
    """Answer as the call wants it: the document as JSON, or the text, which is made only then."""
    options = _options()
    if options and options.json:
        print_json(document)
    else:
        write(text())


def print_json(document: dict[str, Json], *, indent: int | None = 2) -> None:
    """Print one JSON document, with `now` where the clock was set.

    Lone surrogates become U+FFFD; what a terminal would obey is written as an escape, so that the value stays what it was.
    """
    options = _options()
    if options and options.settings.now and "now" not in document:
        document = {**document, "now": stamp(options.settings.now)}
    encoder = json.JSONEncoder(ensure_ascii=False, indent=indent, allow_nan=False)
    if indent is None:  # in one piece it is several times as fast
        put(_UNSEEN.sub(_escape, encoder.encode(document)))
        return
    pieces = encoder.iterencode(document)  # an answer of 100,000 lines is 370 MB of text
    _put(_UNSEEN.sub(_escape, text) for text in iter(lambda: "".join(islice(pieces, _PIECES)), ""))


def print_body(row_id: Json, body: str) -> None:
    """Print the answer of one row whose `body` is JSON already, behind its id."""
    options = _options()
    now = f', "now": {json.dumps(stamp(options.settings.now))}' if options and options.settings.now else ""
    put(_UNSEEN.sub(_escape, f'{{"id": {json.dumps(row_id, ensure_ascii=False)}, {body[1:-1]}{now}}}'))


def write(text: str) -> None:
    """Print an answer as text; a clock that was set is said first, once."""
    options = _options()
    if options and options.settings.now and not options.clock_told:
        options.clock_told = True
        put(f"Clock set by hand: {stamp(options.settings.now)}")
    put(visible(text))


def put(text: str) -> None:
    """Print text and a line break as UTF-8, whatever the terminal's own encoding is."""
    _put((text,))


def _put(pieces: Iterable[str]) -> None:
    """Print a text that comes in pieces."""
    options = _options()
    if options:
        options.answered = True
    if sys.stdout is None:  # closed by whoever started us: nobody listens
        return
    buffer: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    safe = (_SURROGATE.sub("\ufffd", piece) for piece in chain(pieces, ("\n",)))
    try:
        if buffer is None:
            sys.stdout.writelines(safe)
            return
        sys.stdout.flush()
        for piece in safe:
            buffer.write(piece.encode())
        buffer.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error  # click would make an exit code of its own out of a broken pipe


def _options() -> Common | None:
    """The options of the running call."""
    context = click.get_current_context(silent=True)
    options = context.find_root().obj if context else None
    return options if isinstance(options, Common) else None


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


class RowError(Exception):
    """A row of a batch that means nothing: `code` and `message` go into its answer."""

    def __init__(self, code: str, message: str, row_id: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.row_id = row_id


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a batch: its line number, its id and its fields."""

    line: int
    id: Json
    fields: dict[str, Any]

    def text(self, name: str) -> str:
        """A field that must be there and a string. Raises RowError."""
        if name not in self.fields:
            raise RowError("field_missing", f"the field {name!r} is missing", self.id)
        value = self.fields[name]
        if not isinstance(value, str):
            raise RowError("field_type", f"the field {name!r} is not a string", self.id)
        return value

    def optional(self, name: str) -> str | None:
        """A field that may be absent or null, else a string. Raises RowError."""
        return None if self.fields.get(name) is None else self.text(name)

    def fail(self, code: str, message: str) -> NoReturn:
        """Refuse this row."""
        raise RowError(code, message, self.id)


Ask = tuple[Any, ...]
"""What a row asks: plain, hashable values, its text first."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a batch does with each row; both are functions of a module, so that other processes find them.

    `read` takes a row to what it asks (RowError where it means nothing), `answer` that to the row's fields. From the row
    `worth_it` on other processes are started: starting them costs as much as answering about so many rows.
    """

    read: Callable[[Row], Ask]
    answer: Callable[[Desk, Ask], dict[str, Json]]
    worth_it: int


def batch(source: str, answer: Callable[[Row], dict[str, Json]], *, needs_id: bool = True) -> int:
    """Answer every row of a JSON-lines file (`-` is stdin), in order, one line each; memory stays constant.

    Returns 0: results and errors stand in the rows. Raises InputError where the file cannot be read at all, and
    CatalogError or StoreError, which no other row would survive.
    """
    with rows(source) as lines:
        progress = Progress("rows", how_many(source))
        for number, raw in enumerate(lines, 1):
            try:
                result = answer(row(number, raw, needs_id=needs_id))
            except RowError as error:
                result = refused(error.row_id, number, error.code, error.message)
            except (CatalogError, StoreError):
                raise
            except BorderKitError as error:
                result = refused(_quiet_id(raw), number, error.code, error.message)
            print_json(result, indent=None)
            progress.step()
        progress.done()
    return 0


def refused(row_id: Json, line: int, code: str, message: str) -> dict[str, Json]:
    """The answer in the place of a row that means nothing."""
    return {"id": row_id, "line": line, "error": {"code": code, "message": clean(message, 500)}}


def row(number: int, raw: bytes, *, needs_id: bool) -> Row:
    """One row of a batch. Raises RowError."""
    if len(raw) > MAX_ROW:
        raise RowError("row_too_long", f"the row is longer than {MAX_ROW} bytes")
    fields = _parse(raw)
    if not isinstance(fields, dict):
        raise RowError("not_an_object", "the row is not a JSON object")
    row_id = fields.get("id")
    if isinstance(row_id, bool) or not isinstance(row_id, str | int | None):
        raise RowError("field_type", "the field 'id' is neither a string nor a whole number")
    if row_id is None and needs_id:
        raise RowError("field_missing", "the field 'id' is missing")
    return Row(number, row_id, fields)


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8", "surrogateescape"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RowError("not_json", f"the row is not JSON ({clean(str(error), 120) or 'nested too deeply'})") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _quiet_id(raw: bytes) -> Json:
    try:
        return row(0, raw, needs_id=False).id
    except RowError:
        return None


class rows:  # noqa: N801 - a context manager used like a function
    """The lines of a batch file, bounded: a line longer than MAX_ROW is cut and its rest skipped."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Iterator[bytes]:
        if self._source == "-":
            self._stream = sys.stdin.buffer
        else:
            try:
                self._stream = _open(self._source)
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                raise InputError(
                    "file_unreadable", f"The batch file cannot be read ({why}).", "Check the path."
                ) from error
        return self._lines(self._stream)

    def __exit__(self, *_: object) -> None:
        if self._stream is not None and self._source != "-":
            self._stream.close()

    @staticmethod
    def _lines(stream: BinaryIO) -> Iterator[bytes]:
        first = True
        while raw := stream.readline(MAX_ROW + 1):
            line, passed = raw.removeprefix(_BOM) if first else raw, 0
            while raw and not raw.endswith(b"\n") and len(raw) > MAX_ROW:
                passed += len(raw)
                if passed > MAX_SKIPPED:
                    raise InputError(
                        "not_json_lines",
                        "The batch goes on without a line break: it is no JSON lines.",
                        "Write one object a line.",
                    )
                raw = stream.readline(MAX_ROW + 1)
            first = False
            yield line.removesuffix(b"\n").removesuffix(b"\r")


def _open(source: str) -> BinaryIO:
    """Open a file or a pipe. Raises OSError, and ValueError for a device that would never end."""
    stream = open(source, "rb")  # noqa: SIM115, PTH123 - the caller closes it; a name such as /dev/fd/63 is no path of ours
    mode = os.fstat(stream.fileno()).st_mode
    endless = stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and not stream.isatty() and source != os.devnull)
    if endless:
        stream.close()
        raise ValueError("it is a device")
    return stream


def how_many(source: str) -> int | None:
    """The lines of a batch file, for its bar; None where nobody looks, and for what is no file (a pipe can be read only once)."""
    if source == "-" or not (sys.stderr is not None and sys.stderr.isatty()) or not Path(source).is_file():
        return None
    count, last = 0, b"\n"
    try:
        with Path(source).open("rb") as stream:
            while block := stream.read(1_000_000):
                count, last = count + block.count(b"\n"), block[-1:]
    except OSError:
        return None  # whoever reads the rows says why
    return count + (last != b"\n")


class Progress:
    """How far long work has come, on stderr, only at a terminal, a few times a second: a bar where the total is known."""

    def __init__(self, what: str, total: int | None = None, done: int = 0) -> None:
        """Count `what`; `done` of them were there before."""
        self._what = what
        self._total = total
        self._count = self._before = done
        self._began = time.monotonic()
        self._shown = 0.0
        self._at_terminal = sys.stderr is not None and sys.stderr.isatty()

    def step(self) -> None:
        """One more is done."""
        self.at(self._count + 1)

    def at(self, count: int) -> None:
        """So many are done."""
        self._count = count
        if self._at_terminal and time.monotonic() - self._shown > 0.2:  # five times a second
            self._shown = time.monotonic()
            told = bar(count, self._total, self._what, self._rate()) if self._total else f"{count:,} {self._what}"
            sys.stderr.write(f"\r\x1b[K{told}")
            sys.stderr.flush()

    def _rate(self) -> float:
        return (self._count - self._before) / max(time.monotonic() - self._began, 0.001)

    def done(self) -> None:
        """Clear the line."""
        if self._at_terminal and self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class Steps:
    """Progress of long work: what is being done, and how far."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        """So much is done of what is being done now."""
        if what != self._what or self._progress is None:
            if self._progress:
                self._progress.done()
            self._what, self._progress = what, Progress(what, total or None)
        self._progress.at(done)
