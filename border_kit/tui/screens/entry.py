"""The page of an entry or of goods: what is known of it, its text by edition, and the ways on from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from border_kit.catalog import browse, tree
from border_kit.desk import render_catalog
from border_kit.tui.plain import Choices, Text, choice, fit, line, pad
from border_kit.tui.screens.base import DeskScreen

_LINKS = 60


class EntryScreen(DeskScreen):
    """One page of the catalog; the rows below it lead to what belongs to it, both ways."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "page", "Page"),
        Binding("f3", "links", "Ways on"),
    ]

    def __init__(self, what: str, day: date | None = None) -> None:
        """Show `what` as it stood on `day` (None: now)."""
        super().__init__()
        self.heading = what
        self._day = day
        self._text = ""

    def body(self) -> ComposeResult:
        """The page, and the rows that lead on."""
        with VerticalScroll(id="page"):
            yield Text(id="text")
        yield Text("F3 or Tab goes to the ways on, F2 back to the page, Enter opens", classes="notes")
        yield Choices(classes="third")

    def on_mount(self) -> None:
        """Keys scroll the page at once."""
        self.action_page()
        self._load()

    def action_page(self) -> None:
        """The page takes the keys."""
        self.query_one("#page", VerticalScroll).focus()

    def action_links(self) -> None:
        """The rows take the keys."""
        self.query_one(Choices).focus()

    @work(exclusive=True)
    async def _load(self) -> None:
        what, day = self.heading, self._day

        def look(desk: Any) -> tuple[dict[str, Any], str]:
            catalog = desk.catalog.on(day)
            page = browse.show(catalog, what)
            above = tree.above(catalog, str(page["id"])) if page["kind"] == "entry" else ""
            return page, above

        answer = await self.ask(look)
        if answer is None:
            return
        page, above = answer
        self._text = render_catalog.page(page)
        self.query_one("#text", Text).show(self._text)
        rows = dict(_links(page, above))
        width = self.size.width - 16
        self.query_one(Choices).fill(
            choice(line((pad(kind, 12), "dim"), fit(text, width)), name)
            for name, (kind, text) in list(rows.items())[:_LINKS]
        )

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open what a row leads to."""
        if event.option.id:
            self.app.push_screen(EntryScreen(event.option.id, self._day))

    def page_text(self) -> str:
        """The whole page, not only what fits."""
        return f"{self.heading}\n\n{self._text}"


def _links(page: dict[str, Any], above: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Where a page leads: id, kind of way and text; in the order in which an officer looks."""
    if (
        "/" in above and not above.rpartition("/")[2].isdigit() and len(above.rpartition("/")[2]) > 2
    ):  # a category has no page
        yield above, ("above", above)
    for name in page.get("also_on", ()):
        yield f"{name}/{page['code']}", ("also on", f"{name}/{page['code']}")
    for row in page.get("below", ()):
        yield _first(row, page), ("below", str(row))
    for row in page.get("equivalents", ()):
        yield str(row).partition(" ")[0], ("equivalent", str(row))
    for row in page.get("equivalent_of", ()):
        yield str(row), ("equivalent", str(row))
    for row in page.get("goods", ()):
        yield row["hs"], ("HS", f"{row['hs']} {row['text'] or ''}")
    for row in page.get("entries", ()):
        yield row["id"], ("entry", f"{row['id']} {row['title'] or ''}")


def _first(row: object, page: dict[str, Any]) -> str:
    """The id that a row of text begins with; the lines below goods begin with their code."""
    word = str(row).partition(" ")[0]
    return word if "/" in word or page["kind"] == "hs" else f"{page['list']}/{word}"
