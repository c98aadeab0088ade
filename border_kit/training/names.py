"""Names of parties in what an author wrote: whatever may be somebody's name is screened against the lists that are loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from border_kit.catalog.sources import Key, Problem, Source, texts
from border_kit.desk.desk import Desk
from border_kit.screening.model import Query
from border_kit.training.model import Scenario

RealParty = Callable[[str], str | None]
"""Names the really listed party that a name resembles, or None."""

_NAMING = frozenset(
    {"name", "aliases", "holder", "consignee", "end_user", "exporter", "vessel", "carrier", "forwarder", "registration"}
)
"""Keys whose whole text is a name, in whatever script and with whatever letters it begins."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_BETWEEN = frozenset(
    {"of", "and", "for", "the", "de", "la", "al", "el", "bin", "ibn", "bint", "van", "von", "der", "e", "y"}
)
_MOST_WORDS = 10
_LEAST_LETTERS = 3
_ENDED = re.compile(r"(?:^|[.!?:;\"“«(\n])\s*$")
"""What stands before the first word of a sentence."""


def screened(desk: Desk) -> RealParty | None:
    """Screening against the lists that are loaded, where any are real: in a demo there is nobody to name by mistake."""
    if not desk.catalog.has("parties") or desk.catalog.info("parties").demo:
        return None

    @cache
    def listed(name: str) -> str | None:
        alerts = [hit for hit in desk.screen(Query(name)).hits if hit.alert]
        return f"{alerts[0].list} {alerts[0].source_ref}" if alerts else None

    return listed


def names_in(text: str) -> Iterator[str]:
    """What may be names in a running text: two words and more that begin with capitals, or are of a script without them.

    Where a run begins a sentence it is given without its first word too: that one may only be the sentence's.
    """
    for run, first in _runs(text):
        for words in (run, run[1:]) if first and " ".join(run) != text else (run,):
            if sum(_weighs(word) for word in words) > 1:
                yield " ".join(words)


def _runs(text: str) -> Iterator[tuple[list[str], bool]]:
    """Words with capitals one after the other, and whether they begin a sentence."""
    run: list[str] = []
    end, first = 0, True
    for match in _WORD.finditer(text):
        word = match.group().rstrip(".'’-")
        gap = text[end : match.start()]
        end = match.start() + len(word)
        joined = gap.isspace() or (gap == ", " and bool(run) and run[-1].isupper())
        if run and not (joined and len(run) < _MOST_WORDS):
            yield _trimmed(run), first
            run = []
        if _is_capital(word):
            first = first if run else _ENDED.search(text[: match.start()]) is not None
            run.append(word)
        elif run and word in _BETWEEN:
            run.append(word)
        elif run:
            yield _trimmed(run), first
            run = []
    yield _trimmed(run), first


def _trimmed(run: list[str]) -> list[str]:
    while run and run[-1] in _BETWEEN:
        run = run[:-1]
    return run


def _is_capital(word: str) -> bool:
    """Whether a word begins with a capital, or with a letter of a script that has none."""
    return not word[0].islower()


def _weighs(word: str) -> bool:
    """Whether a word can make a name: initials and the like do not."""
    return _is_capital(word) and (len(word) >= _LEAST_LETTERS or not word.isupper())


def real_names(scenario: Scenario, real_party: RealParty) -> Iterator[Problem]:
    """Every name in a scenario that resembles a listed party: of those who take part, and in whatever its papers and people say."""
    for path, name in [
        *_said(scenario.source.data),
        *((_place(scenario.source, name), name) for name in _taking_part(scenario)),
    ]:
        listed = real_party(name)
        if listed is not None:
            yield scenario.problem(path, f"the name {name!r} resembles a listed party ({listed}): invent another")


def _said(data: Any, path: Key = ()) -> Iterator[tuple[Key, str]]:
    """Every name in the texts of a document, with its place; sources may name whom they like."""
    if isinstance(data, str):
        keys = [part for part in path if isinstance(part, str)]
        if not (keys and keys[-1] in _NAMING):
            yield from ((path, name) for name in names_in(data))
        elif "{" not in data:
            yield path, data
    elif isinstance(data, list | dict):
        for key, value in enumerate(data) if isinstance(data, list) else data.items():
            if (*path, key) != ("citations",):
                yield from _said(value, (*path, key))


def _taking_part(scenario: Scenario) -> Iterator[str]:
    """Those of the declarations and lists as drawn: a variant may put a name together."""
    overlay = scenario.overlay
    yield from (party.name for item in overlay.declarations for party in item.shipment.parties)
    listed = [*overlay.parties, *(party for update in overlay.updates for party in update.parties)]
    yield from (name for party in listed for name in (party.name, *party.aliases))
    yield from (name for paper in overlay.certificates for name in (paper.exporter, paper.end_user) if name)


def _place(source: Source, name: str) -> Key:
    """Where a name stands in a file, the variants first; the overlay, where it was put together."""
    return next((path for path, text in texts(source.data) if text == name), ("overlay",))
