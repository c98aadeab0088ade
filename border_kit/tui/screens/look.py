"""The catalog browser: a tree of lists, categories and entries; search as one types; any day; what an edition changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from border_kit.catalog import browse, editions, tree
from border_kit.desk import render_catalog
from border_kit.tui.dialogs.ask import MessageDialog, ReasonDialog
from border_kit.tui.plain import Choices, Field, Text, choice, fit, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.entry import EntryScreen
from border_kit.tui.screens.page import PageScreen

FOUND = 100
"""Entries that a search shows."""


class LookScreen(DeskScreen):
    """What does the catalog know?"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "tree", "Tree"),
        Binding("f3", "up", "Up"),
        Binding("f4", "as_of", "As of"),
        Binding("f5", "changes", "Changes"),
        Binding("right", "into", show=False),
        Binding("left", "up", show=False),
        Binding("down", "rows", show=False),
    ]
    heading = "catalog"

    def __init__(self, words: str = "") -> None:
        """Begin with words, if there are any, else at the top of the tree."""
        super().__init__()
        self._words = words
        self._node = ""
        self._day: date | None = None
        self._rows: dict[str, dict[str, Any]] = {}

    def body(self) -> ComposeResult:
        """Words, where one is, and what is there."""
        yield Field(self._words, hint="a code (6A003, ML10.c), an HS code, or words", id="words", longest=200)
        yield Text(id="count", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Type at once; without words the tree stands below."""
        self._day = self.desk_app.settings.as_of
        self.query_one("#words", Input).focus()
        if not self._words:
            self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types; without words the tree is back."""
        self._words = event.value
        self._show()

    def on_input_submitted(self) -> None:
        """Enter goes to the rows."""
        self.action_rows()

    def action_rows(self) -> None:
        """The rows take the keys."""
        self.query_one(Choices).focus()

    @work(exclusive=True, group="rows")
    async def _show(self, highlight: str = "") -> None:
        words, node, day = self._words.strip(), self._node, self._day
        if words:
            found = await self.ask(lambda desk: browse.search(desk.catalog.on(day), words, FOUND)) or []
            self._fill(found, f"{len(found)} found" + (", the first ones" if len(found) == FOUND else ""), highlight)
        else:
            nodes = await self.ask(lambda desk: tree.children(desk.catalog.on(day), node)) or []
            self._fill(nodes, " › ".join(["catalog", *node.split("/")] if node else ["catalog"]), highlight)

    def _fill(self, rows: Sequence[dict[str, Any]], where: str, highlight: str) -> None:
        self._rows = {str(row["id"]): row for row in rows}
        choices = self.query_one(Choices)
        choices.fill(choice(_row(row, self.size.width - 3), str(row["id"])) for row in self._rows.values())
        if highlight in self._rows:
            choices.highlighted = list(self._rows).index(highlight)
        as_of = f"as of {self._day.isoformat()} · " if self._day else ""
        self.query_one("#count", Text).show(f"{as_of}{where} · Enter opens · ← → up and down · * ours, t list text")

    def _row_here(self) -> dict[str, Any] | None:
        option = self.query_one(Choices).highlighted_option
        return self._rows.get(option.id or "") if option else None

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open the page of an entry or of goods; go into a list or a category."""
        row = self._rows.get(event.option.id or "", {})
        if row.get("kind") in ("list", "category", "group"):
            self._go(str(row["id"]))
        elif row:
            self.app.push_screen(EntryScreen(str(row["id"]), self._day))

    def action_into(self) -> None:
        """Go down into the node under the cursor."""
        row = self._row_here()
        if row and row.get("below"):
            self._go(str(row["id"]))

    @work(exclusive=True, group="go")
    async def action_up(self) -> None:
        """Go up, with the cursor where one was."""
        node, day = self._node, self._day
        if self._words.strip() or not node:
            return
        above = await self.ask(lambda desk: tree.above(desk.catalog.on(day), node))
        if above is not None:
            self._node = above
            self._show(node)

    def action_tree(self) -> None:
        """Back to the top of the tree."""
        self._go("")

    def _go(self, node: str) -> None:
        self._node, self._words = node, ""
        field = self.query_one("#words", Input)
        with self.prevent(Input.Changed):
            field.value = ""
        self.action_rows()
        self._show()

    @work(exclusive=True, group="day")
    async def action_as_of(self) -> None:
        """Ask about another day."""
        said = await self.app.push_screen_wait(ReasonDialog("As of which day? Write it as 2025-06-30, or today."))
        if said is None:
            return
        try:
            self._day = None if said.strip().lower() == "today" else date.fromisoformat(said.strip())
        except ValueError:
            self.app.push_screen(MessageDialog("That is no day", "Write it as 2025-06-30, or today."))
            return
        self._node = ""
        self._show()

    @work(exclusive=True, group="changes")
    async def action_changes(self) -> None:
        """What the newest edition of the list changed against the one before."""
        row = self._row_here()
        name = self._node.partition("/")[0] or (str(row["list"]) if row else "")
        document = await self.ask(lambda desk: editions.changes(desk.catalog, name)) if name else None
        if document:
            self.app.push_screen(PageScreen(f"changes of {name}", render_catalog.changes(document)))

    def page_text(self) -> str:
        """All rows, not only those that fit."""
        return "\n".join(["CATALOG " + (self._words or self._node), *(_plain(row) for row in self._rows.values())])


def _row(row: dict[str, Any], width: int) -> Content:
    """One row of the list, cut to the screen."""
    mark = "+" if row.get("below") else " "
    known = render_catalog.MARK.get(tuple(row.get("known", ())), "")
    return line(
        (f"{mark} ", "dim"), pad(row["code"], 17), (pad(known or row["list"], 9), "dim"), fit(row["title"], width - 28)
    )


def _plain(row: dict[str, Any]) -> str:
    return f"{row['id']}  {row['title']}"
