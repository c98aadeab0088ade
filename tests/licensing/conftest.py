"""A registry as an importer leaves it, and a good licence with a good shipment to change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit import store
from border_kit.catalog.drawing import fold_number
from border_kit.catalog.importers.licences import PLACES
from border_kit.catalog.volumes import Catalog, open_catalog, table_sql
from border_kit.licensing.registry import Registry

TODAY = date(2026, 3, 10)

MakeRegistry = Callable[..., Registry]


def _insert(connection: Any, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _volume(
    folder: Path, name: str, kind: str, rows: list[tuple[str, dict[str, Any]]], as_of: str, *, demo: bool
) -> dict[str, Any]:
    path = folder / f"{name}.sqlite"
    connection = store.create_volume(path)
    for sql in table_sql(kind).values():
        connection.execute(sql)
    for table, row in rows:
        _insert(connection, table, row)
    store.seal(connection, path)
    return {"file": path.name, "edition": as_of, "as_of": as_of, "demo": demo, "digest": name, "rows": {}}


def _licence_rows(authority: dict[str, Any], *, demo: bool) -> list[tuple[str, dict[str, Any]]]:
    head = {key: authority.get(key) for key in ("name", "phone", "run", "as_of")}
    rows: list[tuple[str, dict[str, Any]]] = [("authority", {"id": authority["authority"], **head, "demo": int(demo)})]
    run = {"id": "registry#1", "kind": "registry", "run": head["run"], "as_of": head["as_of"], "digest": "d"}
    rows.append(("registry_run", run | {"edition": "e"}))
    for code, countries in authority.get("groups", {}).items():
        rows.append(
            ("country_group", {"code": code, "countries": json.dumps(countries), "cite": "test", "edition": "e"})
        )
    for licence in authority["licences"]:
        number = licence["number"]
        plain = {
            key: licence.get(key)
            for key in ("type", "direction", "holder", "consignee", "end_user", "valid_from", "valid_to", "status")
        }
        lists = {key: json.dumps(licence.get(key, [])) for key in (*PLACES, "conditions")}
        version = {"id": number, "number": number, "folded": fold_number(number), "authority": authority["authority"]}
        rows.append(("licence", {**version, **plain, **lists, "content": "c", "edition": "e"}))
        for line in licence.get("lines", []):
            row = {"id": f"{number}/{line['no']}", "licence": number, **line, "edition": "e"}
            rows.append(("licence_line", row))
        for at, usage in enumerate(licence.get("usage", [])):
            rows.append(("licence_usage", {"id": f"{number}/u{at}", "number": number, **usage, "edition": "e"}))
        for at, change in enumerate(licence.get("history", [])):
            rows.append(("licence_status", {"id": f"{number}/s{at}", "number": number, **change, "edition": "e"}))
    return rows


def _entry(code: str) -> dict[str, Any]:
    return {
        "id": f"EU-DU/{code}", "list": "EU-DU", "code": code, "root": code, "title": code, "regimes": "[]", "criteria": "{}",
        "releases": "[]", "cite": "test", "edition": "e",
    }  # fmt: skip


@pytest.fixture
def make_registry(tmp_path: Path) -> Iterator[MakeRegistry]:
    opened: list[Catalog] = []

    def build(
        *authorities: dict[str, Any],
        demo: bool = False,
        entries: tuple[str, ...] = ("6A003", "9A012"),
        today: date = TODAY,
    ) -> Registry:
        folder = tmp_path / f"catalog{len(opened)}"
        folder.mkdir()
        volumes = {
            "controls": _volume(
                folder, "controls", "controls", [("entry", _entry(code)) for code in entries], "2026-01-01", demo=False
            )
        }
        for authority in authorities:
            name = "licences-" + authority["authority"].lower().replace("/", "-")
            volumes[name] = _volume(
                folder, name, "licences", _licence_rows(authority, demo=demo), authority["as_of"], demo=demo
            )
        (folder / "manifest.json").write_text(json.dumps({"format": 1, "volumes": volumes}))
        opened.append(open_catalog(folder, today))
        return Registry(opened[-1])

    yield build
    for catalog in opened:
        catalog.close()


@pytest.fixture
def licence() -> dict[str, Any]:
    return {
        "number": "IND-22-0071",
        "type": "individual",
        "holder": "Norvik Optics AS",
        "consignee": "Harbour Survey Trading LLC",
        "end_user": "Lagoon Port Authority",
        "destinations": ["YY"],
        "valid_from": "2026-01-01",
        "valid_to": "2026-03-02",
        "status": "issued",
        "conditions": [],
        "lines": [
            {
                "no": 1, "control_code": "6A003.b.4.b", "hs": "852589", "description": "Uncooled thermal imaging camera",
                "quantity": "20", "unit": "pcs", "value": "50000", "currency": "EUR",
            }
        ],
        "usage": [{"line": 1, "quantity": "8", "value": "20000", "currency": "EUR", "declaration": "EX-0", "date": "2026-02-01", "type": "O"}],
    }  # fmt: skip


@pytest.fixture
def shipment() -> dict[str, Any]:
    return {
        "id": "EX-1",
        "direction": "export",
        "date": "2026-03-02",
        "parties": [
            {"role": "exporter", "name": "Norvik Optics AS", "country": "XA"},
            {"role": "consignee", "name": "Harbour Survey Trading LLC", "country": "YY"},
            {"role": "end_user", "name": "Lagoon Port Authority", "country": "YY"},
        ],
        "route": ["XA", "XB", "YY"],
        "destination": "YY",
        "lines": [
            {
                "no": 1, "description": "Thermal imaging camera, uncooled, 640x480", "hs": "852589", "quantity": "12", "unit": "pcs",
                "value": "30000", "currency": "EUR", "documents": ["X060"], "licences": [{"number": "IND-22-0071", "line": 1}],
            }
        ],
    }  # fmt: skip


@pytest.fixture
def authority() -> dict[str, Any]:
    return {
        "authority": "XA/LA-01",
        "name": "Licensing Office of XA",
        "phone": "+00 555 0100",
        "run": 42,
        "as_of": "2026-03-01",
    }
