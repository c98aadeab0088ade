"""From a row of cells to a goods line, its parties and its consignment; and from rows to shipments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import cast

from border_kit.shipment.countries import country_code, place_country
from border_kit.shipment.model import ROLES, Direction, Identifier, LicenceRef, Line, Party, Role, Shipment, Transport
from border_kit.shipment.readers.tabular.columns import Columns
from border_kit.shipment.readers.tabular.dates import readings
from border_kit.shipment.readers.tabular.numbers import Numeral, take_apart, value_of
from border_kit.shipment.readers.tabular.source import Cell, text_of
from border_kit.shipment.readers.tabular.survey import Survey, cell_at
from border_kit.shipment.readers.tabular.words import compact, is_blank, words
from border_kit.shipment.readers.values import MAX_AMOUNT, MAX_PLACES, hs_code
from border_kit.text import clean, clean_line, whole_number
from border_kit.units import find_unit

_LIST = re.compile(r"[;,|\n]+")
_CODES = re.compile(r"[;,|\s]+")
_ROUTE = re.compile(r"[;,|\n>→/]+|\s+-\s+|--?>")
_LICENCE_LINE = re.compile(r"(.+?)\s*#\s*(\d{1,6})")
_SCALARS = ("direction", "destination", "date")
_UNIT_WORD = 12


class RowError(Exception):
    """A row that cannot be used: the `field` and the `reason`."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RowContent:
    """What one row says. `line` has the number 0 until it is placed in its shipment."""

    consignment: str
    line_no: int | None
    line: Line
    parties: tuple[Party, ...]
    facts: dict[str, object]
    texts: dict[str, str]
    route: tuple[str, ...]
    lists: dict[str, tuple[str, ...]]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class RowReader:
    """Reads rows by what is known of their columns."""

    columns: Columns
    survey: Survey
    _cells: Sequence[Cell] = ()
    _tidy: dict[int, str] = field(default_factory=dict)
    _remarks: list[str] = field(default_factory=list)

    def read(self, cells: Sequence[Cell]) -> RowContent:
        """One row's content. Raises RowError."""
        self._cells, self._remarks, self._tidy = cells, [], {}
        line = self._line()
        facts: dict[str, object] = {
            "direction": self._direction(),
            "destination": self._country("destination"),
            "date": self._date(),
        }
        return RowContent(
            consignment=self.text("consignment"),
            line_no=self._whole("line"),
            line=line,
            parties=tuple(party for role in ROLES if (party := self._party(cast("Role", role)))),
            facts={name: value for name, value in facts.items() if value is not None},
            texts={name: text for name in ("office", "end_use", "vessel", "imo") if (text := self.text(name))},
            route=tuple(place_country(stop) or stop for stop in self._split("route", _ROUTE)),
            lists={name: self._split(name, _LIST) for name in ("container", "seal")} | {"certificate": self._scans()},
            remarks=tuple(self._remarks),
        )

    def consignment(self, cells: Sequence[Cell]) -> str:
        """The consignment a row names, whether or not the rest of it can be used."""
        self._cells, self._tidy = cells, {}
        return self.text("consignment")

    def text(self, name: str) -> str:
        """A field's text on one line; empty where the cell says nothing."""
        return next(iter(self._texts(name)), "")

    def _texts(self, name: str) -> list[str]:
        positions = self.columns.at.get(name)
        return [text for position in positions if (text := self._shown(position))] if positions else []

    def _shown(self, position: int) -> str:
        """A cell on one line, empty where it says nothing; each is tidied once a row."""
        if position not in self._tidy:
            text = clean_line(text_of(cell_at(self._cells, position)))
            self._tidy[position] = "" if is_blank(text) else text
        return self._tidy[position]

    def _split(self, name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
        if name not in self.columns.at:
            return ()
        raw = (clean(text_of(cell_at(self._cells, position))) for position in self.columns.at[name])
        parts = (clean_line(part) for text in raw if not is_blank(text) for part in pattern.split(text))
        return tuple(dict.fromkeys(part for part in parts if part))

    def _scans(self) -> tuple[str, ...]:
        cells = (text_of(cell_at(self._cells, position)) for position in self.columns.at.get("certificate", ()))
        return tuple(
            text if text.isascii() and text.isprintable() else clean(text) for text in cells if not is_blank(text)
        )

    def _line(self) -> Line:
        position = self.columns.first("description")
        description = clean(text_of(cell_at(self._cells, position)))
        if is_blank(description):
            raise RowError("description", "There is no description of the goods.")
        quantity, unit = self._quantity()
        value, currency = self._value()
        return Line(
            no=0,
            description=description,
            hs=self._hs(),
            quantity=quantity,
            unit=unit,
            value=value,
            currency=currency,
            origin=self._country("origin"),
            documents=tuple(code.upper() for code in self._split("documents", _CODES)),
            licences=self._licences(),
        )

    def _hs(self) -> str | None:
        text = self.text("hs")
        code = hs_code(text) if text else None
        if text and code is None:
            self._remarks.append(f"{text[:40]!r} is no commodity code; it is read as not stated.")
        position = self.columns.first("hs")
        if code and len(code) % 2 and isinstance(cell_at(self._cells, position), Decimal):
            self._remarks.append(f"The commodity code {code} lost its first zero in the spreadsheet; read as 0{code}.")
            return f"0{code}"
        return code

    def _number(self, name: str) -> tuple[Decimal, str] | None:
        """A number and the word beside it. Raises RowError for what is no number, or is negative."""
        cell = cell_at(self._cells, self.columns.first(name))
        if cell is None or is_blank(text_of(cell)):
            return None
        numeral = take_apart(cell) if isinstance(cell, str) else None
        number = (
            cell if isinstance(cell, Decimal) else value_of(numeral, self.survey.marks.get(name)) if numeral else None
        )
        if number is None:
            raise RowError(name, f"{clean_line(text_of(cell), 40)!r} is no number{self._mark_note(name, numeral)}.")
        if number < 0:
            raise RowError(name, f"{clean_line(text_of(cell), 40)!r} is negative.")
        if number > MAX_AMOUNT or -int(number.as_tuple().exponent) > MAX_PLACES:
            raise RowError(name, f"{clean_line(text_of(cell), 40)!r} is no amount of goods or money.")
        return number, numeral.word if numeral else ""

    def _mark_note(self, name: str, numeral: Numeral | None) -> str:
        mark = self.survey.marks.get(name)
        return f" with a decimal {'point' if mark == '.' else 'comma'}" if numeral and mark else ""

    def _quantity(self) -> tuple[Decimal | None, str | None]:
        found = self._number("quantity")
        unit = self.text("unit") or None
        if found is None:
            mass = self._number("net_mass")
            if mass is None:
                return None, None
            return mass[0], mass[1] or self.columns.units.get(self.columns.first("net_mass") or 0) or "kg"
        number, word = found
        if word and not (find_unit(word) or (word.isalpha() and len(word) <= _UNIT_WORD)):
            raise RowError("quantity", f"{word[:40]!r} beside the number is no unit.")
        if word and unit and not _same_unit(word, unit):
            raise RowError("quantity", f"The quantity is in {word[:40]!r}, the unit column says {unit[:40]!r}.")
        return number, unit or word or self.columns.units.get(self.columns.at["quantity"][0])

    def _value(self) -> tuple[Decimal | None, str | None]:
        found = self._number("value")
        stated = _currency(self.text("currency"))
        if found is None:
            return None, stated
        number, word = found
        beside = _currency(word)
        if word and beside is None and word not in "$¥":
            raise RowError("value", f"{word[:40]!r} beside the number is no currency.")
        if beside and stated and beside != stated:
            raise RowError("value", f"The value is in {beside}, the currency column says {stated}.")
        return number, stated or beside or self.columns.currencies.get(self.columns.at["value"][0])

    def _country(self, name: str) -> str | None:
        text = self.text(name)
        code = (place_country if name == "destination" else country_code)(text) if text else None
        if text and code is None:
            self._remarks.append(f"{name}: {text[:40]!r} is no country this kit knows; it is compared as it stands.")
        return code or text or None

    def _licences(self) -> tuple[LicenceRef, ...]:
        line = self._whole("licence_line")
        found: list[LicenceRef] = []
        for text in self._split("licence", _LIST):
            match = _LICENCE_LINE.fullmatch(text)
            found.append(LicenceRef(match[1], int(match[2])) if match else LicenceRef(text, line))
        return tuple(found)

    def _whole(self, name: str) -> int | None:
        text = self.text(name).rstrip(".")
        text = text.removesuffix(".0")
        return whole_number(text, 9) or None  # a line number counts from 1; a longer one is a serial number

    def _party(self, role: Role) -> Party | None:
        if not self.text(role):
            return None
        name, _, rest = clean(text_of(cell_at(self._cells, self.columns.first(role)))).partition("\n")
        address = self.text(f"{role}_address") or clean_line(rest)
        number = self.text(f"{role}_id")
        return Party(
            role=role,
            name=clean_line(name),
            country=self._country(f"{role}_country"),
            address=address or None,
            identifiers=(Identifier("tax", number),) if number else (),
        )

    def _direction(self) -> str | None:
        text = self.text("direction")
        found = words().directions.get(compact(text)) if text else None
        if text and found is None:
            self._remarks.append(f"direction: {text[:40]!r} is not understood.")
        return found

    def _date(self) -> date | None:
        cell = cell_at(self._cells, self.columns.first("date"))
        if cell is None or isinstance(cell, date):
            return cell
        if is_blank(text_of(cell)):
            return None
        found = readings(text_of(cell))
        day = found.get(self.survey.order) if self.survey.order else None
        if day is None:
            shape = f" in the order {self.survey.order}" if found else ""
            raise RowError("date", f"{clean_line(text_of(cell), 40)!r} is no date{shape}.")
        return day


def _same_unit(left: str, right: str) -> bool:
    one, other = find_unit(left), find_unit(right)
    return left.casefold() == right.casefold() or (
        one is not None and other is not None and (one.dimension, one.factor) == (other.dimension, other.factor)
    )


def _currency(text: str) -> str | None:
    """The ISO code that a word or sign means, where it means one."""
    for symbol, code in words().symbols.items():
        if symbol in text:
            return code
    letters = re.sub(r"[^A-Za-z]", "", text).upper()
    return letters if len(letters) == 3 else None  # ISO 4217 codes have three letters


@dataclass(slots=True)
class Gathering:
    """The rows of one consignment as they come together."""

    id: str
    lines: list[Line] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    highest: int = 0
    parties: dict[tuple[str, str], Party] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    texts: dict[str, dict[str, None]] = field(default_factory=dict)
    route: tuple[str, ...] = ()
    lists: dict[str, dict[str, None]] = field(default_factory=dict)
    contradicted: int = 0
    """Rows that were refused because they contradict earlier ones."""

    def add(self, row: RowContent) -> str | None:
        """Take a row in; gives a remark. Raises RowError when it contradicts the consignment's earlier rows."""
        for name in _SCALARS:
            known = self.facts.get(name)
            if name in row.facts and known is not None and row.facts[name] != known:
                self.contradicted += 1
                raise RowError(name, f"This row says {row.facts[name]}, the consignment's earlier rows say {known}.")
        self.facts |= row.facts
        for name, text in row.texts.items():
            self.texts.setdefault(name, {})[text] = None
        for name, values in row.lists.items():
            self.lists.setdefault(name, {}).update(dict.fromkeys(values))
        self.route = self.route or row.route
        for party in row.parties:
            self._party(party)
        return self._place(row)

    def _place(self, row: RowContent) -> str | None:
        number = row.line_no
        remark = None
        if number is None or number in self.used:
            fresh = self.highest + 1
            remark = (
                f"line number {number} is used twice in {self.id[:40]}; this line is numbered {fresh}"
                if number
                else None
            )
            number = fresh
        self.used.add(number)
        self.highest = max(self.highest, number)
        self.lines.append(replace(row.line, no=number))
        return remark

    def _party(self, party: Party) -> None:
        """A party named again adds what was not yet known of it; a contradiction makes another party."""
        for index in range(len(self.parties) + 1):
            place = (f"{party.role}:{index}", compact(party.name) or party.name)
            known = self.parties.get(place)
            merged = party if known is None else _merge(known, party)
            if merged:
                self.parties[place] = merged
                return

    def shipment(self) -> Shipment:
        """The shipment of the rows so far."""
        return Shipment(
            id=self.id,
            direction=cast("Direction | None", self.facts.get("direction")),
            office=self._joined("office"),
            date=cast("date | None", self.facts.get("date")),
            end_use=self._joined("end_use"),
            parties=tuple(self.parties.values()),
            route=self.route,
            destination=cast("str | None", self.facts.get("destination")),
            transport=Transport(
                self._joined("vessel"),
                tuple(self.lists.get("container", ())),
                tuple(self.lists.get("seal", ())),
                self._joined("imo"),
            ),
            lines=tuple(self.lines),
            certificates=tuple(self.lists.get("certificate", ())),
        )

    def _joined(self, name: str) -> str | None:
        return "; ".join(self.texts[name]) if name in self.texts else None


def _merge(known: Party, party: Party) -> Party | None:
    if known.country and party.country and known.country != party.country:
        return None
    if known.address and party.address and compact(known.address) != compact(party.address):
        return None
    identifiers = tuple(dict.fromkeys((*known.identifiers, *party.identifiers)))
    return replace(
        known, country=known.country or party.country, address=known.address or party.address, identifiers=identifiers
    )
