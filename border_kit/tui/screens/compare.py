"""A name and a listed party side by side: what was asked on the left, what the lists say on the right, each word marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from border_kit.desk import render_names
from border_kit.screening.model import Query
from border_kit.tui.dialogs.ask import ReasonDialog
from border_kit.tui.plain import Text, line, lines, pad, plain, tell
from border_kit.tui.screens.base import DeskScreen

_STYLES = {"=": "green", "~": "amber", "!": "red", "+": "strong", "-": "strong"}
_LABELS = {
    "born": "born", "born_text": "born", "established": "founded", "country": "country", "gender": "gender", "place_of_birth": "born in",
    "address": "address", "designation": "position", "title": "title", "flag": "flag", "vessel_type": "ship", "owner": "owner",
    "linked_to": "linked to",
}  # fmt: skip
"""The facts that help to tell two parties apart, in the order in which an officer compares them."""
_MOST = 12
"""Values of one kind that are shown; the page of the party (catalog) has them all."""
LABEL = 18


class CompareScreen(DeskScreen):
    """Are they the same?"""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "clear", "Not the same")]

    heading = "side by side"

    def __init__(self, query: Query, hit: dict[str, Any], dossier: dict[str, Any]) -> None:
        """Set a query beside one of its hits and all that the lists say of that party."""
        super().__init__()
        self._query, self._hit, self._dossier = query, hit, dossier

    def body(self) -> ComposeResult:
        """One page to scroll."""
        with VerticalScroll(id="page"):
            yield Text(id="compared")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#page").focus()

    def on_resize(self, event: Any) -> None:
        """Two columns as wide as the terminal allows."""
        super().on_resize(event)
        half = max(20, (event.size.width - LABEL - 6) // 2)
        self.query_one("#compared", Text).show(lines(self._rows(half)))

    def _rows(self, half: int) -> Iterator[Content]:
        yield plain(render_names.hit_line(self._hit))
        for row in (render_names.refs_line(self._hit), render_names.cleared_line(self._hit)):
            if row:
                yield plain(row)
        yield plain("")
        yield line((pad("", LABEL + 2), ""), (pad("ASKED", half), "strong"), ("  LISTED", "strong"))
        for explained in self._hit["explanation"]:
            yield _explained(explained, half)
        yield plain("")
        yield from self._beside(half)
        for listing in self._dossier["listings"]:
            yield from _listing(listing)
        for reason in self._dossier["one_party_because"]:
            yield plain(f"one party: {reason}")

    def _beside(self, half: int) -> Iterator[Content]:
        """What was asked beside the name against what the lists say."""
        asked = {"born": self._query.born, "country": self._query.country}
        for label, values in _facts(self._dossier).items():
            shown = values[:_MOST] + ([f"and {len(values) - _MOST} more"] if len(values) > _MOST else [])
            for at, value in enumerate(shown):
                left = asked.get(label) or "" if at == 0 else ""
                yield line((pad(label if at == 0 else "", LABEL + 2), "dim"), pad(left, half), "  ", pad(value, half))

    @work
    async def action_clear(self) -> None:
        """Record that they are not the same, and why; then back to the hits."""
        if await cleared(self, self._query, self._hit):
            self.action_leave()

    def page_text(self) -> str:
        """The whole page, not only what is in sight."""
        return "\n".join(row.plain.rstrip() for row in self._rows(44))


async def cleared(screen: DeskScreen, query: Query, hit: dict[str, Any]) -> bool:
    """Ask why a hit is not the party asked for, and record it; False where nothing was said or recorded."""
    question = f"{render_names.hit_line(hit)}\n\nThis is not the same party, because:"
    because = await screen.app.push_screen_wait(ReasonDialog(question))
    party = str(hit["party"])
    done = await screen.ask(lambda desk: desk.clear(query, party, because)) if because else None
    if done is not None:
        tell(screen.app, "Cleared: the hit stays in sight and decides nothing while the listing is unchanged.")
    return done is not None


def _explained(row: dict[str, Any], half: int) -> Content:
    """One word against another: the mark and the word for how before the colour."""
    mark = render_names.mark(row)
    asked, listed = render_names.sides(row)
    style = _STYLES.get(mark, "")
    return line(
        (f"{mark} ", style),
        (pad(str(row["how"]), LABEL), style),
        (pad(asked, half), style),
        "  ",
        (pad(listed, half), style),
    )


def _facts(dossier: dict[str, Any]) -> dict[str, list[str]]:
    """What all listings say, by label, each value once."""
    found: dict[str, dict[str, None]] = {label: {} for label in (*_LABELS.values(), "number")}
    for listing in dossier["listings"]:
        for kind, value in listing["facts"]:
            if kind in _LABELS:
                found[_LABELS[kind]][value] = None
        for kind, value in listing["identifiers"]:
            found["number"][f"{kind.replace('_', ' ')} {value}"] = None
    return {label: list(values) for label, values in found.items() if values}


def _listing(listing: dict[str, Any]) -> Iterator[Content]:
    """One listing: the list, since when and why, every name."""
    since = f", listed {listing['listed_on']}" if listing["listed_on"] else ""
    until = f", until {listing['ends']}" if listing["ends"] else ""
    programme = f": {listing['programme']}" if listing["programme"] else ""
    yield line((f"{listing['list']} {listing['source_ref']}", "strong"), f"{since}{until}{programme}")
    for name, quality in listing["names"]:
        yield plain(f"  {render_names.in_latin(name)} ({quality})")
    if listing["note"]:
        yield plain(f"  {listing['note'][:600]}")
    yield plain("")
