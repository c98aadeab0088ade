"""The licence registries of a catalog: one volume an authority, read licence by licence."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from border_kit.catalog.volumes import Catalog
from border_kit.errors import CatalogError
from border_kit.licensing.codes import code_root
from border_kit.licensing.model import Authority, Licence, LicenceLine, Obligation, StatusChange, Usage
from border_kit.text import clean_line

_LOOSE = re.compile(r"[\s\-‐‑–—_.]+")
_SQL_LOOSE = "replace(replace(replace(replace(upper(number), ' ', ''), '-', ''), '_', ''), '.', '')"
_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A licence that a number means. `exact` is false where case, spaces or dashes differ; `others` counts namesakes."""

    licence: Licence
    exact: bool = True
    others: int = 0


@dataclass(slots=True)
class Registry:
    """The licences of a catalog. Belongs to the thread of its catalog; what was read is kept, the volumes being immutable."""

    catalog: Catalog
    _found: dict[str, Found | None] = field(default_factory=dict)
    _authorities: tuple[Authority, ...] | None = None

    @property
    def volumes(self) -> list[str]:
        """The names of the registries."""
        return self.catalog.named("licences")

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """Who keeps them, with run and date. Raises CatalogError on a damaged volume."""
        if self._authorities is None:
            self._authorities = tuple(
                self._authority(volume, row)
                for volume in self.volumes
                for row in self.catalog.rows(volume, "SELECT * FROM authority ORDER BY id")
            )
        return self._authorities

    @property
    def as_of(self) -> date | None:
        """The day of the oldest registry, None where there is none."""
        days = [authority.as_of for authority in self.authorities if authority.as_of]
        return min(days, default=None)

    @property
    def demo(self) -> bool:
        """Whether any registry is a demo."""
        return any(self.catalog.info(volume).demo for volume in self.volumes)

    def authority_phone(self, number: str) -> str | None:
        """The phone of the authority that issued a licence, from the registry and never from the paper."""
        found = self.find(number)
        return found.authority.phone if found else None

    def find(self, number: str) -> Licence | None:
        """The licence of a number, None where no registry has it. Raises CatalogError on a damaged volume."""
        found = self.look_up(number)
        return found.licence if found else None

    def look_up(self, number: str) -> Found | None:
        """As `find()`, and how well the number fits: as printed, or but for case, spaces and dashes."""
        asked = clean_line(number, 200)
        if asked not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[asked] = self._look_up(asked)
        return self._found[asked]

    def knows_code(self, code: str) -> bool:
        """Whether the catalog's controls hold an entry of a control code's root: else nobody here can say what it means."""
        root = code_root(code)
        if not root or not self.catalog.has("controls"):
            return False
        query = f"SELECT 1 FROM entry WHERE root = :root COLLATE NOCASE AND {self.catalog.in_force} LIMIT 1"
        return bool(self.catalog.rows("controls", query, root=root))

    def _look_up(self, asked: str) -> Found | None:
        if not asked:
            return None
        exact = self._rows("number = :number", asked)
        rows = exact or self._rows(f"{_SQL_LOOSE} = :number", _LOOSE.sub("", asked).upper())
        if not rows:
            return None
        volume, row = rows[0]
        return Found(self._licence(volume, row), exact=bool(exact), others=len(rows) - 1)

    def _rows(self, condition: str, number: str) -> list[tuple[str, sqlite3.Row]]:
        query = f"SELECT * FROM licence WHERE {condition} ORDER BY number LIMIT 5"
        return [(volume, row) for volume in self.volumes for row in self.catalog.rows(volume, query, number=number)]

    def _licence(self, volume: str, row: sqlite3.Row) -> Licence:
        number = row["number"]
        authority = next(
            (one for one in self.authorities if one.id == row["authority"]),
            Authority(row["authority"], row["authority"]),
        )
        try:
            return Licence(
                number=number,
                type=row["type"],
                status=row["status"],
                authority=authority,
                holder=row["holder"],
                consignee=row["consignee"],
                end_user=row["end_user"],
                destinations=tuple(str(code).upper() for code in _list(row["destinations"])),
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                conditions=tuple(str(text) for text in _list(row["conditions"])),
                lines=tuple(_line(part) for part in self._parts(volume, "licence_line", number, "no")),
                usage=tuple(_usage(part) for part in self._parts(volume, "licence_usage", number, "id")),
                obligations=tuple(
                    Obligation(part["kind"], part["due"], part["condition"])
                    for part in self._parts(volume, "obligation", number, "id")
                ),
                history=tuple(
                    StatusChange(part["status"], date.fromisoformat(part["from_date"]))
                    for part in self._parts(volume, "licence_status", number, "from_date")
                ),
                cti=row["cti"],
                status_index=row["status_index"],
                goods_hash=row["goods_hash"],
            )
        except (ValueError, TypeError, InvalidOperation) as error:
            raise CatalogError(
                "volume_damaged",
                f"Licence {clean_line(number, 60)} in {volume} cannot be read ({clean_line(str(error), 100)}).",
                "Fetch or import the registry again.",
            ) from error

    def _parts(self, volume: str, table: str, number: str, order: str) -> list[sqlite3.Row]:
        return self.catalog.rows(
            volume, f"SELECT * FROM {table} WHERE licence = :number ORDER BY {order}", number=number
        )

    def _authority(self, volume: str, row: sqlite3.Row) -> Authority:
        info = self.catalog.info(volume)
        return Authority(
            row["id"],
            row["name"],
            row["phone"],
            row["run"],
            _day(row["as_of"]) or info.as_of,
            bool(row["demo"]) or info.demo,
        )


def _list(cell: str) -> list[object]:
    found = json.loads(cell)
    if not isinstance(found, list):
        raise TypeError("a list was expected")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is no amount")
    return number


def _line(row: sqlite3.Row) -> LicenceLine:
    return LicenceLine(
        row["no"], row["control_code"], row["hs"], row["description"], _number(row["quantity"]), row["unit"],
        _number(row["value"]), row["currency"],
    )  # fmt: skip


def _usage(row: sqlite3.Row) -> Usage:
    return Usage(
        row["line"],
        _number(row["quantity"]),
        _number(row["value"]),
        row["currency"],
        row["declaration"],
        row["date"],
        row["type"],
    )
