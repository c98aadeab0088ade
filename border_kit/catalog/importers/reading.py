"""The best reading of an outline that lost its indentation.

A marker such as `c.` may go on with any list that is open, or with the list of a note. Every reading of an entry is scored by
what its author will have meant, and a beam keeps the best ones: markers follow in sequence, a list begins after a colon and is
complete after "and" or "or", codes that the list cites elsewhere exist, a deeper list is finished before a higher one goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import NamedTuple

from border_kit.catalog.importers.outline import LETTERS, NOTE, NUMBERS, Piece, number_of, opens_list
from border_kit.errors import InputError

_BEAM = 24
_MAX_DEPTH = 8
_MAX_MARKERS = 2_000
"""Paragraphs of one entry; the longest published one has some 270."""
_KEPT = 500
"""Characters of a text that are looked at: its end says what follows."""
_ENDS_BEFORE_LAST = re.compile(r"\b(?:and|or)$")
_GOES_ON = re.compile(r"(?:[;:,]|\b(?:and|or))$")

# What speaks for and against a reading. Only their order matters: a broken sequence is worse than an uncited code.
_CITED = 1.5
_LEFT_LIST = -0.1
_NUMBERS_FIRST = -1.0
_SAID_TO_HAVE_ENDED = -2.0
_UNOPENED = -1.0
_IGNORED_COLON = -1.5
_UNFINISHED = -2.0
_PAST_THE_LAST = -1.0
_LEFT_NOTE = -2.5
_GAP = -4.0
_NO_PLACE = -8.0


class Token(NamedTuple):
    """A line of an entry: `marker` is empty for plain text; a note is a text that begins as one."""

    marker: str
    text: str
    row: int


class _Place(NamedTuple):
    marker: str
    kind: str
    before_last: bool
    """What stood before it ended with "and" or "or": this one should be the last."""


@dataclass(frozen=True, slots=True)
class _State:
    """A reading so far. `path` are the open levels, `note` those of the open note's own list (None: no note is open)."""

    score: float
    path: tuple[_Place, ...]
    note: tuple[_Place, ...] | None
    opened: frozenset[str]
    said: str
    said_note: str
    ended: int | None
    """Depth of a paragraph above the open one that a note is about: the lists below it are at their end."""
    steps: tuple[object, ...] | None
    """Where each marker went, as a linked list: (step, the steps before)."""


_KindAt = Callable[[int, str], str]


class _Step(NamedTuple):
    where: str
    """`item`, `note` or `text`."""
    code: str
    depth: int


def read_entry(root: str, tokens: Sequence[Token], cited: frozenset[str]) -> list[Piece]:
    """The paragraphs of one entry, in order. `cited` are the codes that the whole list refers to. Raises InputError."""
    if sum(bool(token.marker) for token in tokens) > _MAX_MARKERS:
        raise InputError(
            "entry_too_long", f"{root} has more than {_MAX_MARKERS:,} paragraphs.", "Is it a control list?"
        )
    states = [_State(0.0, (), None, frozenset((root,)), "", "", None, None)]
    for token in tokens:
        following = [each for state in states for each in _after(root, state, token, cited)]
        best: dict[tuple[object, ...], _State] = {}
        for state in following:
            key = (state.path, state.note)
            if key not in best or best[key].score < state.score:
                best[key] = state
        states = nlargest(_BEAM, best.values(), key=lambda state: state.score)
    return _written(root, tokens, max(states, key=lambda state: state.score))


def _after(root: str, state: _State, token: Token, cited: frozenset[str]) -> Iterator[_State]:
    if not token.marker:
        yield _with_text(root, state, token.text)
        return
    yield from _as_item(root, state, token, cited)
    if state.note is not None:
        yield from _as_note(state, token)
    step = (_Step("text", "", 0), state.steps)
    yield replace(state, score=state.score + _NO_PLACE, steps=step)


def _with_text(root: str, state: _State, text: str) -> _State:
    if NOTE.match(text):
        return replace(state, note=(), said_note=text, ended=_ended(root, state.path, text) or state.ended)
    if state.note is not None:
        return replace(state, said_note=f"{state.said_note} {text}"[-_KEPT:])
    return replace(state, said=f"{state.said} {text}"[-_KEPT:])


def _ended(root: str, path: tuple[_Place, ...], note: str) -> int | None:
    """The depth of the paragraph that a note names, where it stands above the open one."""
    named = re.search(rf"\b{re.escape(root)}((?:\.[a-z0-9]{{1,3}})+)", note)
    markers = named.group(1).split(".")[1:] if named else []
    above = [place.marker for place in path[:-1]]
    return len(markers) - 1 if markers and above[: len(markers)] == markers else None


def _as_item(root: str, state: _State, token: Token, cited: frozenset[str]) -> Iterator[_State]:
    left = _left_note(state)
    for depth, score, before_last in _fits(state.path, token.marker, state.said, _kinds(state.path)):
        kind = _kinds(state.path)(depth, token.marker)
        path = (*state.path[:depth], _Place(token.marker, kind, before_last))
        code = ".".join((root, *(place.marker for place in path)))
        total = state.score + score + left + _LEFT_LIST * max(0, len(state.path) - 1 - depth)
        total += _NUMBERS_FIRST if depth == 0 and kind == NUMBERS else 0.0
        total += _SAID_TO_HAVE_ENDED if state.ended is not None and depth > state.ended else 0.0
        total += _GAP if code in state.opened else _CITED if code in cited else 0.0
        step = (_Step("item", code, depth), state.steps)
        yield _State(total, path, None, state.opened | {code}, token.text, "", None, step)


def _as_note(state: _State, token: Token) -> Iterator[_State]:
    note = state.note or ()
    for depth, score, before_last in _fits(note, token.marker, state.said_note, _any_kind):
        place = _Place(token.marker, _any_kind(depth, token.marker), before_last)
        step = (_Step("note", "", depth), state.steps)
        yield replace(state, score=state.score + score, note=(*note[:depth], place), said_note=token.text, steps=step)


def _left_note(state: _State) -> float:
    """What it costs to leave the open note: its list should be complete."""
    if state.note is None:
        return 0.0
    if opens_list(state.said_note):
        return _LEFT_NOTE
    return _LEFT_NOTE if state.note and _GOES_ON.search(state.said_note.rstrip()) else 0.0


def _fits(path: tuple[_Place, ...], marker: str, said: str, kind_at: _KindAt) -> Iterator[tuple[int, float, bool]]:
    """Depths at which a marker may stand, what speaks for each, and whether it should be the last of its list."""
    text = said.rstrip()
    opens, unfinished = opens_list(text), _ENDS_BEFORE_LAST.search(text) is not None
    deeper = len(path)
    if deeper < _MAX_DEPTH and number_of(marker, kind_at(deeper, marker)) == 1:
        yield deeper, 0.0 if opens else _UNOPENED, False
    for depth, place in enumerate(path):
        now, before = number_of(marker, place.kind), number_of(place.marker, place.kind)
        if now is None or before is None or now <= before:
            continue
        score = 0.0 if now == before + 1 else _GAP
        score += _IGNORED_COLON if opens else 0.0
        score += _PAST_THE_LAST if place.before_last else 0.0
        score += _UNFINISHED if unfinished and depth < _expecting(path) else 0.0
        yield depth, score, unfinished


def _expecting(path: tuple[_Place, ...]) -> int:
    """The deepest list that may still go on: an "and" at the end of a last paragraph belongs to the list above it."""
    depth = len(path) - 1
    while depth > 0 and path[depth].before_last:
        depth -= 1
    return depth


def _kinds(path: tuple[_Place, ...]) -> _KindAt:
    """The kind of marker at a depth of an entry: letters and numbers in turn, from what the entry begins with."""

    def kind_at(depth: int, marker: str) -> str:
        first = path[0].kind if path else NUMBERS if marker.isdigit() else LETTERS
        other = NUMBERS if first == LETTERS else LETTERS
        return first if depth % 2 == 0 else other

    return kind_at


def _any_kind(_depth: int, marker: str) -> str:
    """A note's list begins with whatever it likes."""
    return NUMBERS if marker.isdigit() else LETTERS


def _written(root: str, tokens: Iterable[Token], best: _State) -> list[Piece]:
    steps: list[_Step] = []
    linked = best.steps
    while linked is not None:
        steps.append(linked[0])  # type: ignore[arg-type]  # a linked list of steps, written as pairs
        linked = linked[1]  # type: ignore[assignment]  # the same
    steps.reverse()
    pieces = [Piece(root, None, 0)]
    in_note = False
    places = iter(steps)
    for token in tokens:
        if token.marker:
            step = next(places)
            in_note = _write_marker(pieces, step, token, in_note=in_note)
        elif NOTE.match(token.text):
            pieces[-1].notes.append(token.text)
            in_note = True
        elif in_note:
            pieces[-1].notes[-1] += f" {token.text}"
        else:
            pieces[-1].text.append(token.text)
    return pieces


def _write_marker(pieces: list[Piece], step: _Step, token: Token, *, in_note: bool) -> bool:
    """Write a marker's line where the reading has it; gives whether a note is open afterwards."""
    line = f"{token.marker}. {token.text}"
    if step.where == "item":
        pieces.append(Piece(step.code, step.code.rpartition(".")[0], token.row, [token.text]))
        return False
    if in_note and step.where == "note":
        pieces[-1].notes.append("  " * (step.depth + 1) + line)
    elif in_note:
        pieces[-1].notes[-1] += f" {line}"
    else:
        pieces[-1].text.append(line)
    return in_note
