"""The licence registries of a catalog: one volume an authority, read licence by licence."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from border_kit.catalog import schema
from border_kit.catalog.drawing import fold_number
from border_kit.catalog.volumes import Catalog
from border_kit.certificates.claims import LicenceLine
from border_kit.errors import CatalogError
from border_kit.licensing.codes import code_root
from border_kit.licensing.model import Authority, Licence, Obligation, StatusChange, Usage
from border_kit.licensing.usage import summed
from border_kit.text import clean_line

_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A licence that a number means. `exact` is false where case, spaces or marks differ; `others` counts namesakes."""

    licence: Licence
    volume: str
    exact: bool = True
    others: int = 0


@dataclass(slots=True)
class Registry:
    """The licences of a catalog. Belongs to the thread of its catalog; what was read is kept, the volumes being immutable."""

    catalog: Catalog
    _found: dict[str, Found | None] = field(default_factory=dict)
    _authorities: tuple[Authority, ...] | None = None
    _roots: frozenset[str] | None = None

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

    def find(self, number: str) -> Licence | None:
        """The licence of a number, None where no registry has it. Raises CatalogError on a damaged volume."""
        found = self.look_up(number)
        return found.licence if found else None

    def look_up(self, number: str) -> Found | None:
        """As `find()`, and how well the number fits: as printed, or but for case, spaces and marks."""
        asked = clean_line(number, 200)
        if asked not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[asked] = self._look_up(asked)
        return self._found[asked]

    def knows_code(self, code: str) -> bool:
        """Whether the catalog's controls hold an entry of a control code's root: else nobody here can say what it means."""
        root = code_root(code).casefold()
        if not root or not self.catalog.has("controls"):
            return False
        if self._roots is None:
            query = f"SELECT DISTINCT root FROM entry WHERE {self.catalog.in_force}"
            self._roots = frozenset(row["root"].casefold() for row in self.catalog.rows("controls", query))
        return root in self._roots

    def _look_up(self, asked: str) -> Found | None:
        if not asked:
            return None
        exact = self._rows("number = :number", asked)
        folded = fold_number(asked)
        rows = exact or (self._rows("folded = :number", folded) if folded else [])
        if not rows:
            return None
        volume, row = rows[0]
        return Found(self._licence(volume, row), volume, exact=bool(exact), others=len(rows) - 1)

    def _rows(self, condition: str, number: str) -> list[tuple[str, sqlite3.Row]]:
        query = f"SELECT * FROM licence WHERE {condition} AND {self._held} ORDER BY number, since DESC LIMIT 5"
        return [(volume, row) for volume in self.volumes for row in self.catalog.rows(volume, query, number=number)]

    @property
    def _held(self) -> str:
        return schema.HELD if self.catalog.as_of is None else schema.HELD_AS_OF

    def usage(self, number: str, *, limit: int = 50, offset: int = 0) -> list[Usage]:
        """The single drawings that the registry reports on a licence, newest first, a page at a time."""
        found = self.look_up(number)
        if found is None:
            return []
        query = (
            f"{_USAGE} WHERE number = :number AND {self._used} ORDER BY date DESC, id DESC LIMIT :limit OFFSET :offset"
        )
        rows = self.catalog.rows(found.volume, query, number=found.licence.number, limit=limit, offset=offset)
        return [_usage(row) for row in rows]

    def reported(self, number: str, declarations: Iterable[str]) -> list[Usage]:
        """What the registry reports on a licence under certain declarations."""
        found = self.look_up(number)
        if found is None:
            return []
        query = (
            f"{_USAGE} WHERE number = :number AND upper(replace(declaration, ' ', '')) = :declaration AND {self._used}"
        )
        number = found.licence.number
        return [
            _usage(row)
            for declaration in declarations
            for row in self.catalog.rows(found.volume, query, number=number, declaration=declaration)
        ]

    def due(self, by: date) -> Iterator[tuple[str, Obligation]]:
        """Obligations of licences held now that fall due by a day, with the licence's number; without a day they are always due."""
        query = (
            "SELECT obligation.* FROM obligation WHERE (due IS NULL OR due <= :by) AND EXISTS (SELECT 1 FROM licence "
            f"WHERE licence.number = obligation.number AND {self._held}) ORDER BY due IS NULL, due, number, id"
        )
        for volume in self.volumes:
            for row in self.catalog.rows(volume, query, by=by.isoformat()):
                yield row["number"], _obligation(row)

    @property
    def _used(self) -> str:
        return "1" if self.catalog.as_of is None else "(date IS NULL OR date <= :day)"

    def _licence(self, volume: str, row: sqlite3.Row) -> Licence:
        number = row["number"]
        authority = next(
            (one for one in self.authorities if one.id == row["authority"]),
            Authority(row["authority"], row["authority"]),
        )
        try:
            history = tuple(
                StatusChange(part["status"], date.fromisoformat(part["from_date"]))
                for part in self._parts(volume, "licence_status", number, "from_date, id")
            )
            return Licence(
                number=number,
                type=row["type"],
                status=self._status(row["status"], history),
                authority=authority,
                direction=row["direction"],
                holder=row["holder"],
                consignee=row["consignee"],
                end_user=row["end_user"],
                destinations=self._places(volume, row["destinations"]),
                prohibited_destinations=self._places(volume, row["prohibited_destinations"]),
                origins=self._places(volume, row["origins"]),
                prohibited_origins=self._places(volume, row["prohibited_origins"]),
                route=self._places(volume, row["route"]),
                prohibited_route=self._places(volume, row["prohibited_route"]),
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                conditions=tuple(str(text) for text in _list(row["conditions"])),
                lines=tuple(_line(part) for part in self._lines(volume, row["id"])),
                usage=self._summed(volume, number),
                obligations=tuple(_obligation(part) for part in self._parts(volume, "obligation", number, "id")),
                history=history,
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

    def _status(self, stated: str, history: tuple[StatusChange, ...]) -> str:
        """The status that stands; of a past day that was asked for, the one that the history gives for it."""
        if self.catalog.as_of is None or not history:
            return stated
        known = [change for change in history if change.from_date <= self.catalog.as_of]
        return known[-1].status if known else history[0].status

    def _places(self, volume: str, cell: str) -> tuple[str, ...]:
        """Countries, with groups of countries written out where their members are known."""
        found: dict[str, None] = {}
        for code in (str(part).upper() for part in _list(cell)):
            members = () if len(code) == _ALPHA_2 else self._group(volume, code)
            found |= dict.fromkeys(members or (code,))
        return tuple(found)

    def _group(self, volume: str, code: str) -> tuple[str, ...]:
        rows = self.catalog.rows(volume, "SELECT countries FROM country_group WHERE code = :code", code=code)
        return tuple(str(one) for one in _list(rows[0]["countries"])) if rows else ()

    def _lines(self, volume: str, version: str) -> list[sqlite3.Row]:
        return self.catalog.rows(
            volume, "SELECT * FROM licence_line WHERE licence = :version ORDER BY no", version=version
        )

    def _summed(self, volume: str, number: str) -> tuple[Usage, ...]:
        query = f"{_USAGE} WHERE number = :number AND {self._used}"
        return summed(_usage(row) for row in self.catalog.rows(volume, query, number=number))

    def _parts(self, volume: str, table: str, number: str, order: str) -> list[sqlite3.Row]:
        return self.catalog.rows(
            volume, f"SELECT * FROM {table} WHERE number = :number ORDER BY {order}", number=number
        )

    def _authority(self, volume: str, row: sqlite3.Row) -> Authority:
        info = self.catalog.info(volume)
        runs = self.catalog.rows(
            volume, "SELECT kind, run, as_of FROM registry_run WHERE :all OR as_of <= :day ORDER BY as_of, run",
            all=self.catalog.as_of is None,
        )  # fmt: skip
        known = runs[-1] if runs else row
        used = sorted(one["run"] for one in runs if one["kind"] == "usage" and one["run"] is not None)
        missing = sorted(set(range(used[0], used[-1])) - set(used)) if used and used[-1] - used[0] < _MOST_RUNS else []
        return Authority(
            row["id"],
            row["name"],
            row["phone"],
            known["run"],
            _day(known["as_of"]) or info.as_of,
            bool(row["demo"]) or info.demo,
            tuple(missing),
        )


_USAGE = "SELECT line, quantity, value, currency, declaration, date, type, part FROM licence_usage"
_ALPHA_2 = 2
_MOST_RUNS = 100_000


def _obligation(row: sqlite3.Row) -> Obligation:
    return Obligation(row["kind"], row["due"], row["condition"], row["id"])


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
    line, quantity, value, currency, declaration, day, kind, part = row
    return Usage(line, _number(quantity), _number(value), currency, declaration, day, kind, part)
