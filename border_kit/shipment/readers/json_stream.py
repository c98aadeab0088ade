"""JSON text read as it is needed: elements of a large array and lines of a file, in constant memory."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from border_kit.errors import InputError
from border_kit.text import clean

_SPACE = " \t\r\n"
_CHUNK = 1 << 18
_INT_DIGITS = 18
_LONGEST_WORD = 16
"""Characters of the longest piece (a number's sign, a word, an escape) that the end of a chunk may cut without an open string."""


class JsonText:
    """A window on the text of a file. What was taken is forgotten; errors name line and column of the file."""

    def __init__(self, stream: BinaryIO) -> None:
        """Begin at the top."""
        self._stream = stream
        head = stream.read(_CHUNK)
        self._encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._json = decoder()
        self._fed = 0
        self._lines = 0
        self._column = 0
        self._ended = False
        self.text = ""
        self.at = 0
        self._take(head)

    def peek(self) -> str:
        """The next character that is no blank; empty at the end of the file."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text) or self._ended:
                return self.text[self.at : self.at + 1]
            self._more()

    def element(self) -> object:
        """The next value. Raises InputError."""
        while True:
            try:
                value, end = cast("tuple[object, int]", self._json.raw_decode(self.text, self.at))
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    self.fail(error.pos, error.msg)
            except (RecursionError, ValueError) as error:
                raise unusable(error) from error
            else:
                if end < len(self.text) or self._ended:  # a number at the very end may go on
                    self.at = end
                    return value
            self._more()

    def lines(self) -> Iterator[str]:
        """The lines from here on, without their ends."""
        while True:
            end = self.text.find("\n", self.at)
            if end >= 0:
                line, self.at = self.text[self.at : end], end + 1
                yield line
            elif self._ended:
                yield self.text[self.at :]
                self.at = len(self.text)
                return
            else:
                self._more()

    def first_lines(self, count: int) -> list[str]:
        """The first lines of what was not taken yet, nothing taken by it."""
        while not self._ended and self.text.count("\n", self.at) < count:
            self._more()
        return self.text[self.at :].splitlines()[:count]

    def fail(self, at: int, what: str) -> NoReturn:
        """Say what is wrong at a place of the window."""
        line = self._lines + self.text.count("\n", 0, at) + 1
        start = self.text.rfind("\n", 0, at)
        column = at - start if start >= 0 else self._column + at + 1
        raise InputError(
            "not_json", f"This is no JSON: {what} at line {line}, column {column}.", "Correct the file.", row=line
        )

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether an error may come from the end of what was read so far, and not from the file."""
        return error.msg.startswith("Unterminated string") or error.pos >= len(self.text) - _LONGEST_WORD

    def _more(self) -> None:
        """Forget what was taken, and read on: as much again as stands here, so that a large value costs no more than its size."""
        gone = self.text[: self.at]
        breaks = gone.count("\n")
        self._lines += breaks
        self._column = len(gone) - gone.rfind("\n") - 1 if breaks else self._column + len(gone)
        self.text, self.at = self.text[self.at :], 0
        self._take(self._stream.read(max(_CHUNK, len(self.text))))

    def _take(self, raw: bytes) -> None:
        self._ended = not raw
        self._fed += len(raw)
        try:
            self.text += self._decoder.decode(raw, self._ended)
        except UnicodeDecodeError as error:
            place = self._fed - len(error.object) + error.start
            row = self._lines + self.text.count("\n") + error.object.count(b"\n", 0, error.start) + 1
            raise InputError(
                "wrong_encoding", f"The file is not {self._encoding}: byte {place} is none of its characters.",
                "Save it as UTF-8.", row=row,
            ) from error  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[JsonText]:
    """A file as JSON text. Raises InputError."""
    with path.open("rb") as stream:
        yield JsonText(stream)


def decoder() -> json.JSONDecoder:
    """Reads numbers exactly, and no constant that JSON lacks."""
    return json.JSONDecoder(parse_float=Decimal, parse_int=_integer, parse_constant=_constant)


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _INT_DIGITS else Decimal(digits)


def _constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def unusable(error: Exception) -> InputError:
    """What the decoder could not take, in words."""
    if isinstance(error, RecursionError):
        return InputError("too_deep", "The JSON is nested too deeply.", "A shipment needs four levels.")
    return InputError("not_json", f"This is no JSON: {clean(str(error), 200)}.", "Correct the file.")
