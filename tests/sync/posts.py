"""Offices as a desk has them, with a key, a ledger and a record of certificates, that exchange sticks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from border_kit.casework.operators import Enrolment
from border_kit.desk import sticks
from border_kit.desk.desk import Desk
from border_kit.desk.seen import Shown
from border_kit.desk.settings import Settings
from border_kit.licensing.entry import Entry
from border_kit.sync.transfer import no_progress

PIN = "428 913"
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Post:
    """An office by its folder. `signing` says whether an operator is signed in."""

    home: Path
    signing: bool = True

    @classmethod
    def enrolled(cls, home: Path, name: str) -> Post:
        """A new office with a supervisor."""
        post = cls(home)
        with post.desk(sign_in=False) as desk:
            desk.casebook.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", PIN), office=name, at=NOW)
            _ = desk.ledger  # which is given its mark
        return post

    def copied(self, home: Path) -> Post:
        """The same office in another folder, for one test."""
        shutil.copytree(self.home, home)
        return Post(home, self.signing)

    @contextmanager
    def desk(self, *, sign_in: bool | None = None) -> Iterator[Desk]:
        """Its desk, opened anew as each command does."""
        signed = self.signing if sign_in is None else sign_in
        with mock.patch.dict(os.environ, {"BORDER_KIT_HOME": str(self.home)}):
            self.home.mkdir(parents=True, exist_ok=True)
            desk = Desk(Settings(operator="B-01", pin=lambda _badge: PIN) if signed else Settings())
            try:
                yield desk
            finally:
                desk.close()

    def draw(self, declaration: str, quantity: str = "2") -> None:
        """Draw on a licence."""
        with self.desk(sign_in=False) as desk:
            entry = Entry("L-1", 1, "2026-03-02", quantity=quantity, unit="pcs", declaration=declaration)
            desk.ledger.record([entry], at=NOW, operator="B-01")

    def show(self, number: str) -> None:
        """Have a certificate shown."""
        with self.desk(sign_in=False) as desk:
            desk.seen.add([Shown("XA", number, number, f"EX-{number}", "Teskarin", "2026-03-02T10:15:00Z")])

    def export(self, stick: Path, source: object = None, since: int | None = None) -> dict[str, Any]:
        """Write a stick."""
        with self.desk() as desk:
            return sticks.export(desk, stick, str(source) if source else None, since, no_progress)

    def bring(self, stick: Path, *know: str, root: bytes | None = None) -> dict[str, Any]:
        """Take a stick in."""
        with self.desk() as desk:
            return sticks.bring_in(desk, stick, root, know, no_progress)

    @property
    def key(self) -> str:
        """The fingerprint that is told by telephone."""
        with self.desk(sign_in=False) as desk:
            office = desk.cases.office
            assert office is not None
            return str(office.to_json()["key"])

    def data(self) -> tuple[set[str], set[str], set[str]]:
        """Everything it knows: entries of usage, certificates shown, parcels."""
        with self.desk(sign_in=False) as desk:
            entries = {entry.id for entry in desk.drawings.entries(limit=10**6)}
            shown = {row.id for row in desk.seen.rows()}
        parcels = {path.name for path in (self.home / "sync" / "parcels").rglob("*.parcel")}
        return entries, shown, parcels
