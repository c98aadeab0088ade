"""Name screening: results as one types, and why each matched."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input

from border_kit.desk import render
from border_kit.screening.model import Query
from border_kit.tui.plain import Choices, Field, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen


class NamesScreen(DeskScreen):
    """Whom does a name resemble?"""

    heading = "name screening"

    def __init__(self, name: str = "") -> None:
        """Begin with a name, if one is in hand."""
        super().__init__()
        self._name_in_hand = name
        self._hits: list[dict[str, Any]] = []

    def body(self) -> ComposeResult:
        """The name, the hits, and the explanation of the one under the cursor."""
        yield Field(self._name_in_hand, hint="a name, in any script", id="name", longest=500)
        yield Text(id="verdict", classes="notes")
        yield Choices(classes="half")
        with VerticalScroll(classes="half"):
            yield Text(id="why")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#name", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        self._search(event.value)

    def on_input_submitted(self) -> None:
        """Enter goes to the hits."""
        self.query_one(Choices).focus()

    @work(exclusive=True)
    async def _search(self, name: str) -> None:
        found = await self.ask(lambda desk: desk.screen(Query(name)).to_json()) if name.strip() else None
        self._hits = list(found["hits"]) if found else []  # type: ignore[arg-type]  # the contract's JSON
        self.query_one(Choices).fill(choice(_row(hit), str(number)) for number, hit in enumerate(self._hits))
        self.query_one("#why", Text).show("")
        self.query_one("#verdict", Text).show(render.screening(name, found).split("\n", 1)[0] if found else "")
        if self._hits:
            self.query_one(Choices).highlighted = 0

    def on_option_list_option_highlighted(self, event: Choices.OptionHighlighted) -> None:
        """Explain the hit under the cursor."""
        number = int(event.option.id or 0)
        if number < len(self._hits):
            hit = self._hits[number]
            told = [render.hit_line(hit), *(f"  {render.explanation(row)}" for row in hit["explanation"])]
            self.query_one("#why", Text).show("\n".join(told))

    def page_text(self) -> str:
        """The name, every hit, every explanation."""
        name = self.query_one("#name", Input).value
        rows = [f"NAME {name}"]
        for hit in self._hits:
            rows += [render.hit_line(hit), *(f"  {render.explanation(row)}" for row in hit["explanation"])]
        return "\n".join(rows)


def _row(hit: dict[str, Any]) -> Content:
    style = "red" if hit["alert"] else "amber"
    return line(
        (pad(f"{hit['score'] * 100:.0f}", 4), style), pad(f"{hit['list']} {hit['source_ref']}", 22), hit["name"]
    )
