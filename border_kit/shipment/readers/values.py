"""Reading one JSON object strictly: every value has its type, every error its path, everything unknown a remark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from border_kit.clock import parse_date
from border_kit.errors import InputError
from border_kit.shipment.countries import country_code
from border_kit.text import MAX_FIELD, clean, clean_line

DECIMAL_TEXT = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
"""A decimal as text: digits with a point, an exponent of at most two digits, no sign (nothing here is negative)."""

MAX_AMOUNT = Decimal(10) ** 30
MAX_PLACES = 30
MAX_COUNT = 1_000_000_000

_HS = re.compile(r"[0-9]{2,12}")
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    dict: "an object",
}


def wrong(path: str, expected: str, value: object) -> InputError:
    """The error for a value of the wrong type or form at a path."""
    found = "null" if value is None else _KINDS.get(type(value), "something else")
    shown = f" ({clean_line(value, 40)!r})" if isinstance(value, str) else ""
    where = f"`{path}`" if path else "The document"
    return InputError(
        "wrong_type",
        f"{where} must be {expected}; here it is {found}{shown}.",
        "Correct it in the file.",
        field=path or None,
    )


def amount(value: object, path: str) -> Decimal:
    """A quantity or value as an exact decimal: a decimal string or a JSON number, not negative, at most 10^30.

    Raises InputError for anything else: NaN, infinity, a sign, more than 30 places.
    """
    number = _number(value)
    if number is None:
        raise wrong(path, 'a decimal string like "12.5", a number, or null', value)
    if number.is_signed() and number != 0:
        raise InputError("negative", f"`{path}` is negative.", "Quantities and values are zero or more.", field=path)
    if number > MAX_AMOUNT or -int(number.as_tuple().exponent) > MAX_PLACES:
        raise InputError("out_of_range", f"`{path}` is no amount of goods or money.", "Check the digits.", field=path)
    return number.copy_abs()


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str) and DECIMAL_TEXT.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def hs_code(text: str) -> str | None:
    """The digits of a commodity code written with or without dots and spaces; None where it is no code."""
    digits = re.sub(r"[\s.\-/]", "", clean_line(text, 60))
    return digits if digits.isascii() and _HS.fullmatch(digits) else None


@dataclass(slots=True)
class Reader:
    """One JSON object being read. `path` is where it stands (`lines[2]`), `remarks` what the officer should know."""

    data: dict[str, Any]
    path: str
    remarks: list[str]
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, data: object, path: str, remarks: list[str]) -> Reader:
        """Start reading an object. Raises InputError when it is none."""
        if not isinstance(data, dict):
            raise wrong(path, "an object", data)
        return cls(data, path, remarks)

    def at(self, name: str) -> str:
        """The path of a field of this object."""
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, *, required: bool = False) -> Any:
        """A field's value, None where it is null or absent. Raises InputError where it is required."""
        self._seen.add(name)
        value = self.data.get(name)
        if required and value is None:
            raise InputError(
                "missing_field", f"`{self.at(name)}` is missing.", "Add it to the file.", field=self.at(name)
            )
        return value

    def text(self, name: str, *, required: bool = False, line: bool = True) -> str | None:
        """A text, made safe; empty is *not stated* unless required. `line` puts it on one line."""
        value = self.take(name, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            raise wrong(self.at(name), "text", value)
        safe = clean_line(value) if line else clean(value)
        return safe if safe or required else None

    def needed(self, name: str, *, line: bool = True) -> str:
        """A text that must be there (it may be empty)."""
        return self.text(name, required=True, line=line) or ""

    def country(self, name: str) -> str | None:
        """A country as alpha-2; what is no country stays as it was written, with a remark."""
        text = self.text(name)
        return None if text is None else self._country(text, self.at(name))

    def _country(self, text: str, path: str) -> str:
        code = country_code(text)
        if code is None:
            self.remarks.append(f"`{path}`: {text[:40]!r} is no country code; it is compared as it stands.")
        return code or text

    def amount(self, name: str) -> Decimal | None:
        """An exact decimal, or None where it is not stated."""
        value = self.take(name)
        return None if value is None else amount(value, self.at(name))

    def count(self, name: str) -> int | None:
        """A whole number from 1, or None where it is not stated."""
        value = self.take(name)
        number = None if isinstance(value, str) else _number(value)
        if value is None:
            return None
        if number is None or number != number.to_integral_value() or not 1 <= number <= MAX_COUNT:
            raise wrong(self.at(name), "a whole number from 1", value)
        return int(number)

    def date(self, name: str) -> date | None:
        """A calendar date as YYYY-MM-DD, or None."""
        value = self.take(name)
        if value is None or value == "":
            return None
        try:
            return parse_date(value.strip()) if isinstance(value, str) else _no_date()
        except ValueError as error:
            raise wrong(self.at(name), "a date as YYYY-MM-DD", value) from error

    def word(self, name: str, allowed: tuple[str, ...], *, required: bool = False) -> str | None:
        """One word of a fixed set, or None."""
        value = self.take(name, required=required)
        if value is None:
            return None
        if value not in allowed or not isinstance(value, str):
            raise wrong(self.at(name), f"one of {', '.join(allowed)}", value)
        return value

    def items(self, name: str, *, required: bool = False, limit: int) -> Iterator[tuple[str, Any]]:
        """The elements of a list with their paths; an absent list is empty."""
        value = self.take(name, required=required)
        if value is None:
            return
        if not isinstance(value, list):
            raise wrong(self.at(name), "a list", value)
        if len(value) > limit:
            raise InputError(
                "too_many",
                f"`{self.at(name)}` has {len(value)} elements; {limit} are read.",
                "Split the file.",
                field=self.at(name),
            )
        for index, item in enumerate(value):
            yield f"{self.at(name)}[{index}]", item

    def texts(self, name: str, *, limit: int = 10_000) -> tuple[str, ...]:
        """A list of texts on one line each; empty ones are left out."""
        found: list[str] = []
        for path, item in self.items(name, limit=limit):
            if not isinstance(item, str):
                raise wrong(path, "text", item)
            found.append(clean_line(item))
        return tuple(text for text in found if text)

    def scans(self, name: str) -> tuple[str, ...]:
        """A list of scanned texts: spaces count in them (RFC 9285 has the space in its alphabet), so they are not trimmed."""
        found: list[str] = []
        for path, item in self.items(name, limit=1_000):
            if not isinstance(item, str):
                raise wrong(path, "text", item)
            found.append(item[:MAX_FIELD] if item.isascii() and item.isprintable() else clean(item))
        return tuple(text for text in found if text.strip())

    def countries(self, name: str) -> tuple[str, ...]:
        """A list of countries, each as `country()` reads it."""
        return tuple(self._country(text, self.at(name)) for text in self.texts(name))

    def finish(self) -> None:
        """Remark on every field that nobody asked for."""
        for name in self.data:
            if name not in self._seen:
                self.remarks.append(f"Unknown field `{self.at(clean_line(str(name), 60))}` was not used.")


def _no_date() -> date:
    raise ValueError
