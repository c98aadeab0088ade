"""Control lists as outlines: `a.`, `1.`, `a.` … under an entry, notes in between, and the full code of every paragraph.

What a marker belongs to is told by the kind of marker that stands at each depth, by its place in the sequence (`c.` follows
`b.`), by the column where the text keeps its indentation, and by a colon, after which a list begins. Notes have lists of their
own, which are no paragraphs of the entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from border_kit.catalog.importers.base import MAX_CELL
from border_kit.text import clean_line, whole_number

LETTERS, NUMBERS, ROMANS, CAPITALS = "letters", "numbers", "romans", "capitals"

ALTERNATING = (LETTERS, NUMBERS)
"""Annex I, the Common Military List and the Commerce Control List: a.1.a.1.a …"""
FEDERAL = (LETTERS, NUMBERS, ROMANS, CAPITALS)
"""Paragraphs of the Code of Federal Regulations: (a)(1)(i)(A) (1 CFR 21.11)."""

NOTE = re.compile(
    r"(?:Technical\s+Notes?|Notes?\s+to\s+[^.:]{1,60}|Notes?|N\.\s?B\.?|Nota\s+bene)\s*(?:[0-9]{1,2}(?:\.[a-z])?)?\s*[.:]?(?=\s|$)",
)
"""How a note begins. Not in other cases: "notes" inside a sentence is no note."""

_MAX_DEPTH = 12
_MAX_TEXT = MAX_CELL
_OPENS = re.compile(r"(?::|—|–|\bfollowing|\bas follows)[\s)\]]*$")
_LAST_NEXT = re.compile(r"\b(?:and|or)$")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
          "xviii", "xix", "xx")  # fmt: skip


def number_of(marker: str, kind: str) -> int | None:
    """The place of a marker in its sequence (a is 1, z 26, aa 27), or None where it is no marker of that kind."""
    if kind == NUMBERS:
        return whole_number(marker, 3)  # no list has a thousand
    if kind == ROMANS:
        return _ROMAN.index(marker) + 1 if marker in _ROMAN else None
    if not marker.isascii() or not marker.isalpha() or marker.islower() is (kind == CAPITALS):
        return None
    if len(set(marker)) != 1:
        return None
    return (len(marker) - 1) * 26 + ord(marker[0].lower()) - ord("a") + 1


def opens_list(said: str) -> bool:
    """Whether a list is to follow: a colon, "as follows", or nothing but the heading of a note."""
    return _OPENS.search(said.rstrip()) is not None or NOTE.fullmatch(said.strip()) is not None


class _Level(NamedTuple):
    marker: str
    kind: str
    column: int | None
    is_last: bool = False
    """The paragraph before it ended with "and" or "or": it should be the last of its list."""


@dataclass(slots=True)
class Piece:
    """One paragraph as it is put together: its code, the levels to it, its text and its notes."""

    code: str
    parent: str | None
    row: int
    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def full_text(self) -> str:
        """The text in one line."""
        return clean_line(" ".join(self.text), _MAX_TEXT)

    def shown_text(self) -> str:
        """The text, or a word of ours where the list has only paragraphs below."""
        return self.full_text() or "[no text of its own: see the paragraphs below]"

    def full_notes(self) -> str | None:
        """The notes, one a line."""
        shown = "\n".join(
            note[: len(note) - len(note.lstrip(" "))] + line
            for note in self.notes
            if (line := clean_line(note, _MAX_TEXT))
        )
        return shown[:_MAX_TEXT] or None


@dataclass(slots=True)
class Outline:
    """One entry and its paragraphs, fed line by line.

    `kinds` are the markers of each depth, the last of them repeated in turn; `joint` joins a code and a marker
    (`.{}` or `({})`).
    """

    root: str
    row: int
    kinds: Sequence[str] = ALTERNATING
    joint: str = ".{}"
    pieces: list[Piece] = field(default_factory=list)
    _levels: list[_Level] = field(default_factory=list)
    _by_code: dict[str, Piece] = field(default_factory=dict)
    indent: int = 0
    """Column where the text of the entry begins, and its first paragraphs."""
    _note: int | None = None
    """Column of the open note (-1 without columns), None where no note is open."""
    _note_levels: list[_Level] = field(default_factory=list)
    _anchor: int | None = None
    _here: Piece = field(init=False)

    def __post_init__(self) -> None:
        self._here = self._add(self.root, None, self.row)

    def text(self, text: str) -> None:
        """More of what is open: a note or a paragraph."""
        if self._note is not None:
            said = self._here.notes[-1]
            if len(said) <= _MAX_TEXT:  # beyond that nothing is kept, and growing it on would take for ever
                self._here.notes[-1] = f"{said} {text}" if said else text
        else:
            self._here.text.append(text)

    def note(self, text: str, column: int | None = None) -> None:
        """A note of the paragraph that is open."""
        nested = self._note is not None and column is not None and column > self._note + 2
        if not nested:
            self._note = -1 if column is None else column
            self._note_levels = []
        self._here.notes.append(text)

    def close_note(self) -> None:
        """What follows is no longer the note's (formats without columns mark the end of a note)."""
        self._note = None

    def marker(self, marker: str, text: str, row: int, column: int | None = None) -> bool:
        """A line that begins with a marker: a new paragraph, or a line of the open note.

        Returns:
            False where the marker fits nowhere; its text then belongs to what was open.
        """
        if self._note is not None and column is not None and self._is_of_note(marker, column):
            self._note_levels = self._with_note_level(marker, column)
            self._here.notes.append(f"{'  ' * len(self._note_levels)}{marker}. {text}")
            return True
        depth = self._depth(marker, column)
        if depth is None:
            self.text(f"{marker}. {text}")
            return False
        self._note = None
        kind = self._levels[depth].kind if depth < len(self._levels) else self._kind(depth, marker)
        is_last = depth < len(self._levels) and _LAST_NEXT.search(self._here.full_text()) is not None
        self._levels = [*self._moved(depth, column), _Level(marker, kind, column, is_last)]
        self._anchor = None
        self._open(row).text.append(text)
        return True

    def resume(self, code: str) -> None:
        """A page's heading says where the text goes on (`9D004.b. continued`): the next marker is likely of that depth."""
        markers = [part for part in code.removeprefix(self.root).split(".") if part]
        if [level.marker for level in self._levels[: len(markers)]] == markers:
            self._anchor = len(markers)

    def path(self, markers: Sequence[str], text: str, row: int) -> bool:
        """A paragraph with its whole designator (`a.4.b.`).

        Returns:
            False where that is no designator of this list, or a paragraph that has stood here before (lists of notes use
            the same letters).
        """
        kinds = [NUMBERS if marker.isdigit() else LETTERS for marker in markers]
        if len(markers) > _MAX_DEPTH or any(
            number_of(marker, kind) is None for marker, kind in zip(markers, kinds, strict=True)
        ):
            return False
        if self.root + "".join(self.joint.format(marker) for marker in markers) in self._by_code:
            return False
        self._note = None
        self._levels = [_Level(marker, kind, None) for marker, kind in zip(markers, kinds, strict=True)]
        self._open(row).text.append(text)
        return True

    def _open(self, row: int) -> Piece:
        code = self.root + "".join(self.joint.format(level.marker) for level in self._levels)
        parent = self.root + "".join(self.joint.format(level.marker) for level in self._levels[:-1])
        self._here = self._by_code.get(code) or self._add(code, self._nearest(parent), row)
        return self._here

    def _nearest(self, code: str) -> str:
        """The paragraph above, or the nearest that the text has."""
        while code not in self._by_code and code != self.root:
            code = code.rpartition("(" if code.endswith(")") else ".")[0]
        return code

    def _add(self, code: str, parent: str | None, row: int) -> Piece:
        piece = Piece(code, parent, row)
        self.pieces.append(piece)
        self._by_code[code] = piece
        return piece

    def _kind(self, depth: int, marker: str) -> str:
        """The kind of marker at a depth; a list may begin with numbers at once, and then alternates from there."""
        first = self._levels[0].kind if self._levels and depth else self.kinds[0]
        if depth == 0 and self.kinds == ALTERNATING and not self._levels and marker.isdigit():
            return NUMBERS
        shift = self.kinds.index(first)
        return self.kinds[(depth + shift) % len(self.kinds)]

    def _is_of_note(self, marker: str, column: int) -> bool:
        """Whether a marker goes on with the list of the open note rather than with the entry."""
        note = self._note_distance(self._note_depth(marker, column), column)
        if self._begins(marker) and not self._note_levels:
            note_opens, entry_opens = opens_list(self._here.notes[-1]), opens_list(self._here.full_text())
            if note_opens is not entry_opens:
                return note_opens and column > (self._note or 0) + 2
        item = self._distance(marker, column)
        if item is None:
            return note is not None or column > (self._note or 0) + 2
        return note is not None and note < item

    def _note_depth(self, marker: str, column: int) -> int | None:
        """The depth in the note's own list at which a marker goes on, or one deeper where it begins a list."""
        follows = [depth for depth, level in enumerate(self._note_levels) if self._follows(marker, level, 1)]
        if follows:
            return min(follows, key=lambda depth: (abs((self._note_levels[depth].column or 0) - column), -depth))
        begins = any(number_of(marker, kind) == 1 for kind in self.kinds)
        return len(self._note_levels) if begins and len(self._note_levels) < _MAX_DEPTH else None

    def _note_distance(self, depth: int | None, column: int) -> int | None:
        """Columns between a marker and the place where the note's list has it."""
        if depth is None or self._note is None:
            return None
        if depth < len(self._note_levels):
            return abs((self._note_levels[depth].column or 0) - column)
        above = self._note_levels[-1].column if self._note_levels else self._note
        return _NEW_LIST if column > (above or 0) + 2 else None

    def _with_note_level(self, marker: str, column: int) -> list[_Level]:
        depth = self._note_depth(marker, column)
        kind = next((kind for kind in self.kinds if number_of(marker, kind) is not None), self.kinds[0])
        return [*self._note_levels[: len(self._note_levels) if depth is None else depth], _Level(marker, kind, column)][
            :_MAX_DEPTH
        ]

    def _depth(self, marker: str, column: int | None) -> int | None:
        """At which depth a marker stands, or None where it fits nowhere."""
        follows, jumps = self._siblings(marker)
        if self._resumes_at(follows):
            return self._anchor
        if column is not None:
            expected = self._expected(marker, follows or jumps)
            return min(expected, key=lambda depth: (abs(expected[depth] - column), -depth), default=None)
        if self._begins(marker) and (opens_list(self._here.full_text()) or not follows):
            return len(self._levels)
        open_lists = [depth for depth in follows if not self._levels[depth].is_last]
        fitting = open_lists or follows or jumps
        return fitting[-1] if fitting else None

    def _resumes_at(self, follows: list[int]) -> bool:
        """Whether the page's heading decides: the lists below the depth that it names are at their end."""
        return self._anchor in follows and all(
            self._levels[depth].is_last for depth in follows if depth > (self._anchor or 0)
        )

    def _moved(self, depth: int, column: int | None) -> list[_Level]:
        """The levels above a depth, their columns moved with the page: its levels stay the same distance apart."""
        above = self._levels[:depth]
        if column is None:
            return above
        before = self._levels[depth].column if depth < len(self._levels) else above[-1].column if above else None
        if before is None:
            return above
        shift = column - before - (0 if depth < len(self._levels) else _STEP)
        return [level._replace(column=max(0, (level.column or 0) + shift)) for level in above]

    def _begins(self, marker: str) -> bool:
        """Whether a marker is the first of a list below the paragraph that is open."""
        deeper = len(self._levels)
        return deeper < _MAX_DEPTH and number_of(marker, self._kind(deeper, marker)) == 1

    def _siblings(self, marker: str) -> tuple[list[int], list[int]]:
        """The depths at which a marker is the next of its list, and those at which it is a later one."""
        levels = list(enumerate(self._levels))
        return (
            [depth for depth, level in levels if self._follows(marker, level, 1)],
            [depth for depth, level in levels if self._follows(marker, level, None)],
        )

    def _expected(self, marker: str, depths: list[int]) -> dict[int, int]:
        """The columns where a marker would stand at each fitting depth; a page may shift its columns by a few characters."""
        expected = {depth: self._levels[depth].column or 0 for depth in depths}
        if self._begins(marker):
            last = self._levels[-1].column if self._levels else None
            expected[len(self._levels)] = self.indent if last is None else last + _STEP
        return expected

    def _distance(self, marker: str, column: int) -> int | None:
        """Columns between a marker and the nearest place where the entry could have it."""
        follows, jumps = self._siblings(marker)
        if self._resumes_at(follows):
            return _SHIFT
        distances = (abs(place - column) for place in self._expected(marker, follows or jumps).values())
        return min((distance for distance in distances if distance <= _SHIFT), default=None)

    def _follows(self, marker: str, level: _Level, step: int | None) -> bool:
        place, before = number_of(marker, level.kind), number_of(level.marker, level.kind)
        return place is not None and before is not None and (place - before == step if step else place > before)


_STEP = 7
"""Columns by which the published text indents a deeper level."""

_SHIFT = 6
"""Columns by which a page may stand off: what is farther away, while a note is open, belongs to the note."""

_NEW_LIST = 5
"""How far a first marker counts as being from a note: an entry's own list is preferred where the column is nearer to it."""
