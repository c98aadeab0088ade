"""Name screening: results as one types, filters, why each matched, and "not the same, because …"."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from border_kit.desk import render_names
from border_kit.desk.desk import Desk
from border_kit.screening.model import Query
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.plain import Choices, Field, Text, choice, fit, line, lines, pad, plain
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.compare import CompareScreen, cleared
from border_kit.tui.screens.page import PageScreen

PAUSE = 0.12
"""Seconds without a key before the desk is asked: a fast typist's keys come closer together."""
_BORN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z")
_ALL = "all"
MARKS = {"=": "green", "~": "amber", "!": "red", "+": "dim", "-": "dim"}
"""The colour of a mark; the word beside it says the same."""


class NamesScreen(DeskScreen):
    """Whom does a name resemble?"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "compare", "Compare"),
        Binding("f3", "clear", "Not the same"),
        Binding("f4", "filter", "Filter"),
        Binding("f8", "cleared", "Cleared"),
    ]

    heading = "name screening"

    def __init__(self, name: str = "") -> None:
        """Begin with a name, if one is in hand."""
        super().__init__()
        self._name_in_hand = name
        self._found: dict[str, Any] | None = None
        self._hits: list[dict[str, Any]] = []
        self._countries: dict[str, tuple[str, ...]] = {}
        self._filters = {"list": _ALL, "kind": _ALL, "country": _ALL}
        self._typing = False

    def body(self) -> ComposeResult:
        """The name with what is known beside it, the hits, and the explanation of the one under the cursor."""
        with Horizontal(classes="field"):
            yield Field(self._name_in_hand, hint="a name, in any script", id="name", longest=500)
            yield Field(hint="born 1967-04-19", id="born", longest=10, classes="narrow-born")
            yield Field(hint="CC", id="country", longest=2, classes="narrow-country")
        yield Text(id="verdict", classes="notes")
        yield Choices(classes="half")
        with VerticalScroll(classes="half"):
            yield Text(id="why")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#name", Input).focus()

    def on_input_changed(self) -> None:
        """Search as one types."""
        self._search()

    def on_key(self, event: events.Key) -> None:
        """What is typed or scanned while the hits have the focus is the next name; what stood beside the last one goes with it.

        The focus stays: were it moved, the keys of a burst that are on their way would come out of order.
        """
        if isinstance(self.focused, Input):
            return
        name = self.query_one("#name", Input)
        if event.is_printable and event.character:
            event.stop()
            if not self._typing:
                for field in self.query(Input):
                    field.value = ""
            self._typing = True
            name.value += event.character
        elif self._typing and event.key in {"backspace", "enter"}:
            event.stop()
            self._typing = event.key == "backspace"
            name.value = name.value[:-1] if self._typing else name.value
        else:
            self._typing = False

    def on_input_submitted(self) -> None:
        """Enter goes to the hits."""
        self.query_one(Choices).focus()

    @property
    def _typed(self) -> str:
        return self.query_one("#name", Input).value

    def _query(self) -> Query:
        born, country = (self.query_one(f"#{name}", Input).value.strip() for name in ("born", "country"))
        chosen = self._filters["list"]
        return Query(
            self._typed,
            born=born if _BORN.match(born) else None,
            country=country.upper() if _COUNTRY.match(country) else None,
            lists=() if chosen == _ALL else (chosen,),
        )

    @work(exclusive=True, group="search")
    async def _search(self) -> None:
        """Ask when the fingers rest; another key starts anew."""
        await asyncio.sleep(PAUSE)
        query = self._query()
        answer = await self.ask(lambda desk: _answer(desk, query)) if query.name.strip() else None
        self._found, self._countries = answer or (None, {})
        self._show()

    def _show(self) -> None:
        """Show the hits that the filters let through."""
        every = list(self._found["hits"]) if self._found else []
        self._hits = [hit for hit in every if self._let_through(hit)]
        room = max(20, self.size.width - 42)
        self.query_one(Choices).fill(choice(_row(hit, room), str(number)) for number, hit in enumerate(self._hits))
        self.query_one("#why", Text).show("")
        self.query_one("#verdict", Text).show(self._verdict(len(every)))
        if self._hits:
            self.query_one(Choices).highlighted = 0

    def _let_through(self, hit: dict[str, Any]) -> bool:
        kind, country = self._filters["kind"], self._filters["country"]
        return kind in {_ALL, hit["kind"]} and (country == _ALL or country in self._countries.get(hit["party"], ()))

    def _verdict(self, every: int) -> str:
        if self._found is None:
            return ""
        head = render_names.screening_head(self._typed, self._found)
        chosen = ", ".join(f"{name} {value}" for name, value in self._filters.items() if value != _ALL)
        hidden = every - len(self._hits)
        told = f"\nfiltered: {chosen}" + (f" ({hidden} of {every} hits not shown)" if hidden else "") if chosen else ""
        return head + told

    def on_option_list_option_highlighted(self, event: Choices.OptionHighlighted) -> None:
        """Explain the hit under the cursor."""
        number = int(event.option.id or 0)
        if number < len(self._hits):
            self.query_one("#why", Text).show(explained(self._hits[number]))

    def on_option_list_option_selected(self) -> None:
        """Enter on a hit sets it side by side with the name."""
        self.action_compare()

    def _chosen(self) -> dict[str, Any] | None:
        number = self.query_one(Choices).highlighted
        if number is None or number >= len(self._hits):
            self.query_one("#verdict", Text).show("Type a name and choose a hit first.")
            return None
        return self._hits[number]

    @work(exclusive=True, group="compare")
    async def action_compare(self) -> None:
        """The name and the listing side by side."""
        hit = self._chosen()
        if hit is None:
            return
        party = str(hit["party"])
        dossier = await self.ask(lambda desk: desk.dossier(party).to_json())
        if dossier is not None:
            self.app.push_screen(CompareScreen(self._query(), hit, dossier))

    @work
    async def action_clear(self) -> None:
        """Record that the hit under the cursor is not the party asked for, and why."""
        hit = self._chosen()
        if hit is not None and await cleared(self, self._query(), hit):
            self._search()

    def on_screen_resume(self) -> None:
        """What was decided on another screen shows here."""
        if self._found is not None:
            self._search()

    @work
    async def action_filter(self) -> None:
        """Keep to one list, one kind or one country."""
        rows = [(name, f"{name}: {value}") for name, value in self._filters.items()]
        name = await self.app.push_screen_wait(ChoiceDialog("Keep to one", rows))
        if name is None:
            return
        values = [(_ALL, _ALL), *((value, value) for value in await self._values(name))]
        chosen = await self.app.push_screen_wait(ChoiceDialog(f"Which {name}?", values))
        if chosen is not None:
            self._filters[name] = chosen
            if name == "list":
                self._search()
            else:
                self._show()

    async def _values(self, name: str) -> Sequence[str]:
        if name == "list":
            return await self.ask(lambda desk: desk.party_lists()) or ()
        hits = self._found["hits"] if self._found else ()
        if name == "kind":
            return sorted({str(hit["kind"]) for hit in hits})
        return sorted({code for hit in hits for code in self._countries.get(hit["party"], ())})

    @work(exclusive=True, group="cleared")
    async def action_cleared(self) -> None:
        """What the office has cleared."""
        found = await self.ask(lambda desk: [one.to_json() for one in desk.cleared()])
        if found is not None:
            self.app.push_screen(PageScreen("cleared names", render_names.clearings(found)))

    def page_text(self) -> str:
        """The name, every hit, every explanation."""
        return render_names.screening(self._typed, self._found) if self._found else f"NAME {self._typed}"


def _answer(desk: Desk, query: Query) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """The answer, and the countries of each party in it."""
    found = desk.screen(query)
    return found.to_json(), {hit.party: desk.dossier(hit.party).values("country") for hit in found.hits}


def explained(hit: dict[str, Any]) -> Content:
    """A hit with its references, what was cleared, and its explanation with every word marked."""
    table = render_names.explanation_table(hit["explanation"])
    beside = [plain(row) for row in (render_names.refs_line(hit), render_names.cleared_line(hit)) if row]
    marked = [line((row, MARKS.get(row[:1], "") if at else "dim")) for at, row in enumerate(table)]
    return lines([plain(render_names.hit_line(hit)), *beside, *marked])


def _row(hit: dict[str, Any], room: int) -> Content:
    word = render_names.word_for(hit)
    style = {"ALERT": "red", "CLEARED": "green"}.get(word, "amber")
    more = f"+{len(hit['refs']) - 1}" if len(hit["refs"]) > 1 else ""
    return line(
        (pad(f"{hit['score'] * 100:.0f} {word}", 12), style),
        pad(f"{hit['list']} {hit['source_ref']}", 22),
        pad(more, 4),
        fit(render_names.in_latin(hit["name"]), room),
    )
