"""Many shipments of one file: a row each, the heaviest lane first; Enter opens one."""

from __future__ import annotations

from textual.app import ComposeResult

from border_kit.desk import render
from border_kit.desk.answers import Assessment
from border_kit.desk.render import VERDICT_WORDS
from border_kit.shipment.model import Manifest
from border_kit.tui.plain import Choices, Text, choice, line, pad
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.result import ResultScreen

_STYLE = {"red": "red", "yellow": "amber", "blue": "", "green": "green"}

MAX_ROWS = 2_000
"""Rows of one list; a longer manifest is read on the command line."""


class TriageScreen(DeskScreen):
    """A manifest's shipments by lane."""

    def __init__(self, name: str, manifest: Manifest, assessments: list[Assessment]) -> None:
        """Show what a file gave."""
        super().__init__()
        self.heading = f"triage {name}"
        self._manifest = manifest
        pairs = zip(manifest.shipments, assessments, strict=True)
        self._pairs = sorted(pairs, key=lambda pair: -pair[1].lane.rank)

    def body(self) -> ComposeResult:
        """Counts, refused rows, and the list."""
        counts = ", ".join(
            f"{sum(row.lane.value == lane for _, row in self._pairs)} {lane}"
            for lane in ("red", "yellow", "blue", "green")
        )
        yield Text(
            line(
                f"{len(self._pairs)} shipments: {counts}", (f"   {len(self._manifest.rejected)} rows refused", "amber")
            )
        )
        for remark in self._manifest.remarks[:3]:
            yield Text(remark, classes="notes")
        for row in self._manifest.rejected[:3]:
            yield Text(f"row {row.row}, {row.field or 'whole row'}: {row.reason}", classes="notes")
        rows = []
        for number, (_, answer) in enumerate(self._pairs[:MAX_ROWS]):
            rows.append(
                choice(
                    line(
                        (pad(answer.lane.value, 8), _STYLE[answer.lane.value]),
                        pad(VERDICT_WORDS[answer.verdict.value], 15),
                        pad(answer.id, 22),
                        answer.decided_by,
                    ),
                    str(number),
                )
            )
        yield Choices(*rows)

    def on_mount(self) -> None:
        """Arrows move at once."""
        self.query_one(Choices).focus()

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        """Open one shipment."""
        shipment, answer = self._pairs[int(event.option.id or 0)]
        self.app.push_screen(ResultScreen(shipment, answer.to_json()))

    def page_text(self) -> str:
        """The whole list."""
        document = {
            "catalog": {},
            "assessments": [answer.to_json() for _, answer in self._pairs],
            "rejected": [row.to_json() for row in self._manifest.rejected],
        }
        return render.triage(document)
