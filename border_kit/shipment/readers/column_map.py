"""The text of `--columns MAP`: pairs, a JSON object, or a file of either JSON or YAML (docs/manifests.md)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from border_kit.errors import UsageError
from border_kit.shipment.readers.options import ColumnMap, DecimalMark
from border_kit.shipment.readers.tabular.words import words
from border_kit.text import clean_line

_SETTINGS = ("decimal", "encoding", "header", "sheet")
_DECIMAL: dict[str, DecimalMark] = {"comma": ",", ",": ",", "point": ".", "dot": ".", ".": "."}
_MAX_TEXT = 100_000


def parse_column_map(text: str) -> ColumnMap:
    """Read a column map. Raises UsageError when it means nothing.

    `description=Goods,quantity=Qty` (quote a pair that has a comma in it), `{"description": "Goods"}`, or the path of a
    .json, .yaml or .yml file with such an object, with or without an @ before it.
    """
    stripped = text.strip()
    if stripped.startswith("{"):
        return column_map(_json(stripped))
    path = Path(stripped.removeprefix("@"))
    if stripped.startswith("@") or path.suffix.lower() in {".json", ".yaml", ".yml"}:
        return column_map(_file(path))
    return column_map(_pairs(stripped))


def column_map(data: object) -> ColumnMap:
    """A column map from an object: fields to headers, and the settings decimal, encoding, header and sheet."""
    if not isinstance(data, Mapping):
        raise _meaningless("it is no list of pairs")
    if any(not isinstance(value, str | int | None) for pair in data.items() for value in pair):
        raise _meaningless("a field or its header is no plain text")
    pairs = {str(name).strip(): "" if value is None else str(value).strip() for name, value in data.items()}
    fields = {_field(name): target for name, target in pairs.items() if name not in _SETTINGS}
    header = pairs.get("header")
    if header and not (header.isascii() and header.isdecimal()):
        raise _meaningless("header is the number of the header's row, 0 for none")
    decimal = pairs.get("decimal")
    if decimal and decimal not in _DECIMAL:
        raise _meaningless("decimal is comma or point")
    return ColumnMap(
        fields=fields,
        decimal=_DECIMAL[decimal] if decimal else None,
        encoding=pairs.get("encoding") or None,
        header_row=int(header) if header else None,
        sheet=pairs.get("sheet") or None,
    )


def column_map_json(chosen: ColumnMap) -> dict[str, str]:
    """A column map as an object that `column_map()` reads: what a desk stores under a header's fingerprint."""
    settings = {
        "decimal": {",": "comma", ".": "point"}.get(chosen.decimal or ""),
        "encoding": chosen.encoding,
        "header": None if chosen.header_row is None else str(chosen.header_row),
        "sheet": chosen.sheet,
    }
    return {**chosen.fields, **{name: value for name, value in settings.items() if value}}


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        cells = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error as error:
        raise _meaningless(f"it is no list of pairs ({error})") from error
    for cell in cells:
        name, mark, target = cell.partition("=")
        if not mark:
            raise _meaningless(f"{clean_line(cell, 40)!r} is no FIELD=HEADER")
        found[name] = target
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _meaningless("it is no JSON") from error


def _file(path: Path) -> object:
    try:
        if not path.is_file():
            raise _meaningless(f"{path.name[:60]!r} is no file")
        with path.open(encoding="utf-8-sig") as stream:
            text = stream.read(_MAX_TEXT)
    except (OSError, UnicodeError, ValueError) as error:
        raise _meaningless(f"the file {path.name[:60]!r} cannot be read") from error
    if path.suffix.lower() == ".json":
        return _json(text)
    import yaml  # noqa: PLC0415 - 15 ms that only a YAML map costs

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise _meaningless("the file is no YAML") from error


def _field(name: str) -> str:
    folded = name.strip().lower().replace(" ", "_").replace("-", "_")
    if folded not in words().names:
        raise UsageError(
            "unknown_field", f"--columns names the field {clean_line(name, 40)!r}, which there is not.",
            f"Fields: {', '.join(sorted(words().names))}; settings: {', '.join(_SETTINGS)}.",
        )  # fmt: skip
    return folded


def _meaningless(why: str) -> UsageError:
    return UsageError(
        "bad_columns", f"--columns cannot be read: {why}.", "For example: --columns description=Goods,quantity=Qty"
    )
