"""A learner's pack: one shipment after the other; the results stand beside the pack after each."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from border_kit.clock import Clock
from border_kit.signing import key_id
from border_kit.training.classes.pack import Pack
from border_kit.training.classes.taking import Taking
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen

_PARTS = {"warm_up": "warm-up", "exam": "exam", "practice": "practice"}


class PackScreen(DeskScreen):
    """The shipments of a pack; what was decided stays decided, what was left goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "next", "Next")]
    heading = "pack"

    def __init__(self, pack: Pack, folder: Path) -> None:
        """Take a pack; results go to `folder`."""
        super().__init__()
        self._pack = pack
        self._folder = folder
        self._ended: list[bool] = []

    def body(self) -> ComposeResult:
        """Whose class it is, who signed it, and the shipments."""
        yield Text(id="note", classes="notes")
        yield Choices()

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.title_is(f"class: {self._pack.session.name}, {self._pack.learner}")
        self.query_one(Choices).focus()

    def on_screen_resume(self) -> None:
        """A shipment may have been decided meanwhile: the results are written anew."""
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        pack, folder, clock = self._pack, self._folder, self.desk_app.settings.clock()
        found = await self.ask(lambda _desk: _stand(pack, folder, clock))
        if found is None:
            return
        self._ended, path = found
        done = sum(self._ended)
        told = f"Signed by {key_id(pack.trainer)}. {done} of {len(self._ended)} decided. Results: {path.name}"
        self.query_one("#note", Text).show(told)
        self.query_one(Choices).fill(
            choice(
                line(
                    (pad(f"{number + 1:3}", 5), "strong"),
                    pad(_PARTS[item.mode], 10),
                    ("decided", "green") if ended else ("", ""),
                ),
                str(number),
            )
            for number, (item, ended) in enumerate(zip(pack.session.items, self._ended, strict=True))
        )
        self.query_one(Choices).highlighted = self._next()

    def _next(self) -> int | None:
        return next((number for number, ended in enumerate(self._ended) if not ended), None)

    def on_option_list_option_selected(self) -> None:
        """Enter goes on with the next one: shipments come in their order."""
        self.action_next()

    @work(exclusive=True, group="play")
    async def action_next(self) -> None:
        """Play the next shipment, or go on with the one that was left."""
        number, pack, clock = self._next(), self._pack, self.desk_app.settings.clock()
        if number is None:
            return
        run = await self.ask(lambda _desk: Taking(pack, clock).open(number))
        if run is not None:
            self.desk_app.play(run)


def _stand(pack: Pack, folder: Path, clock: Clock) -> tuple[list[bool], Path]:
    """Which shipments were decided, and where the results stand now."""
    taking = Taking(pack, clock)
    return [taking.ended(number) for number in range(len(taking.items))], taking.write(folder)
