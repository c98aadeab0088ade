"""What stands in the triage queue: a file that was taken in, its shipments as items, and what an assessment makes of one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from border_kit.findings import Json

QUEUE, MARKED, DROPPED = "queue", "queue_marked", "queue_dropped"
"""The case id of what operators do to the queue, and its events."""
STATES = ("waiting", "open", "done")
"""Not assessed yet; assessed, and nobody has dealt with it; dealt with."""


@dataclass(frozen=True, slots=True)
class Run:
    """One file in the queue. `file` tells it from others, `basis` the catalog it is assessed by, at `moment`."""

    id: int
    name: str
    file: str
    begun_at: str
    moment: str
    basis: str
    catalog: dict[str, Any]
    shipments: int
    lines: int
    remarks: tuple[str, ...]
    finished_at: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One shipment in the queue; lane, advice and verdict are None while it waits."""

    no: int
    run: int
    shipment: str
    lines: int
    state: str
    lane: str | None
    advice: str | None
    verdict: str | None
    decided_by: str
    because: str
    assigned: str | None
    case_id: str | None
    marked_at: str | None
    marked_by: str | None

    def to_json(self) -> dict[str, Json]:
        """One element of `items`."""
        return {
            "item": self.no,
            "run": self.run,
            "shipment": self.shipment,
            "lines": self.lines,
            "state": self.state,
            "lane": self.lane,
            "advice": self.advice,
            "verdict": self.verdict,
            "decided_by": self.decided_by or None,
            "because": self.because or None,
            "assigned": self.assigned,
            "case": self.case_id,
            "marked_at": self.marked_at,
            "marked_by": self.marked_by,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are wanted; each field that is set narrows."""

    text: str = ""
    run: int | None = None
    lane: str | None = None
    state: str | None = None
    decided_by: str | None = None
    assigned: str | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the assessment of one item comes to; `answer` is the whole of it, packed."""

    no: int
    urgency: int
    lane: str
    advice: str
    verdict: str
    decided_by: str
    because: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """An item that could not be assessed, and why."""

    no: int
    reason: str


def packed(document: Mapping[str, Any]) -> bytes:
    """A document as it lies in the queue."""
    return zlib.compress(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 3
    )


def unpacked(content: bytes) -> dict[str, Any]:
    """A document of the queue."""
    found: dict[str, Any] = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return found
