"""What a face was told, where the office's files are by it, and what is to be said before any answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.clock import Clock, FixedClock
from border_kit.desk import places
from border_kit.desk.install import of_another_version
from border_kit.errors import CatalogError

if TYPE_CHECKING:
    from border_kit.policy.exemptions import Exemption
    from border_kit.policy.profile import Tolerance

_OLD_INDEX = (
    "The search index of {} was made by another version of this program or of other data, and is not read: what needs it is refused. "
    "Make it again with: border-kit catalog index (name its folder behind it if you named one), or with the next pull."
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something amiss with what every answer rests on: in two words for a corner, and in sentences."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a face was told: where the catalog, casebook and ledger are, the set clock, the day asked about, who sits at the desk."""

    catalog: Path | None = None
    casebook: Path | None = None
    ledger: Path | None = None
    now: datetime | None = None
    as_of: date | None = None
    operator: str | None = None
    exemptions: tuple[Exemption, ...] = ()
    """Fictional exemptions of a training scenario, beside those of the profile."""
    tolerance: Tolerance | None = None
    """A training scenario's own tolerance, in place of the profile's."""
    training: bool = False
    """Whether casebook and records are those of a training scenario, which are written under its set clock and then thrown away."""
    pin: Callable[[str], str] | None = field(default=None, repr=False)
    """Asks for the PIN of a badge; called only where operators are enrolled."""

    @property
    def keeps(self) -> bool:
        """Whether casebook and records are written: not under a clock that was set by hand, but for training's own."""
        return self.now is None or self.training

    def clock(self) -> Clock:
        """The office's clock, or the one that was set."""
        return FixedClock(self.now) if self.now else places.clock()

    def catalog_root(self) -> Path:
        """The catalog directory that applies. Raises CatalogError."""
        return self.catalog or places.default_catalog()

    def alarms(self) -> list[Alarm]:
        """What is to be said before any answer: an installed catalog that had to give way, an old index, a clock that is wrong."""
        found: list[Alarm] = []
        if self.catalog is None:
            with suppress(CatalogError):  # who asks the catalog will be told
                opened = places.installed()
                if opened is not None and opened.warning:
                    found.append(Alarm("OLDER CATALOG", opened.warning))
        with suppress(CatalogError):
            root = self.catalog_root()
            old = of_another_version(root)
            if old:
                found.append(Alarm("INDEX OLD", _OLD_INDEX.format(" and ".join(old))))
        clock = places.clock() if self.now is None else None
        if clock is not None and clock.warning:
            found.append(Alarm("CLOCK WRONG" if clock.is_wrong else "DATE STATED", clock.warning))
        return found

    def casebook_path(self) -> Path:
        """The casebook that applies."""
        return self.casebook or places.default_casebook()

    def ledger_path(self) -> Path:
        """The usage ledger that applies: beside the casebook, if none is named."""
        return self.ledger or self.casebook_path().with_name("ledger.sqlite")

    def triage_path(self) -> Path:
        """The triage queue: beside the casebook."""
        return self.casebook_path().with_name("triage.sqlite")

    def seen_path(self) -> Path:
        """The record of certificates that were shown: beside the casebook."""
        return self.casebook_path().with_name("certificates.sqlite")
