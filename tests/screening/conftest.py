"""A small catalog of fictional parties, filled by plain SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from border_kit import store
from border_kit.catalog.volumes import Catalog, VolumeInfo, index_file, index_key, table_sql
from border_kit.screening.index.build import build

TODAY = date(2026, 11, 23)
DIGEST = "0" * 64

Party = dict[str, Any]
MakeCatalog = Callable[..., Catalog]


@pytest.fixture
def make_catalog(tmp_path: Path) -> MakeCatalog:
    def make(parties: Sequence[Party], as_of: date | None = None) -> Catalog:
        path = tmp_path / "parties.sqlite"
        volume = store.create_volume(path)
        for sql in table_sql("parties").values():
            volume.execute(sql)
        for number, party in enumerate(parties):
            _insert(volume, number, party)
        store.seal(volume, path)
        source = store.open_volume(path)
        index = store.create_volume(tmp_path / index_file("parties"))
        build(source, index, index_key(DIGEST))
        store.seal(index, tmp_path / index_file("parties"))
        source.close()
        info = VolumeInfo(
            "parties", "parties.sqlite", "2026-11-01", date(2026, 11, 1), demo=True, digest=DIGEST, rows={}
        )
        return Catalog(tmp_path, {"parties": info}, TODAY, as_of)

    return make


def _insert(volume: Any, number: int, party: Party) -> None:
    key = party.get("id", f"DEMO:{number}")
    kind = party.get("kind", "person")
    names: list[tuple[str, str]] = party["names"]
    ended = party.get("ended")
    began = party.get("began")
    volume.execute("INSERT OR IGNORE INTO party VALUES (?,?,?)", (key, kind, names[0][0]))
    listing = f"{number:04}"
    values = (
        listing,
        key,
        party.get("list", "DEMO-A"),
        f"R{number}",
        kind,
        names[0][0],
        None,
        None,
        None,
        None,
        "e",
        began,
        ended,
    )
    volume.execute(f"INSERT INTO listing VALUES ({','.join('?' * 13)})", values)
    for at, (name, quality) in enumerate(names):
        volume.execute(
            f"INSERT INTO party_name VALUES ({','.join('?' * 9)})",
            (f"{listing}/{at}", key, listing, name, quality, None, "e", began, ended),
        )
    for at, (kind_of, value) in enumerate(party.get("facts", ())):
        volume.execute(
            f"INSERT INTO party_fact VALUES ({','.join('?' * 8)})",
            (f"{listing}/f{at}", key, listing, kind_of, value, "e", began, ended),
        )
    for at, (kind_of, value) in enumerate(party.get("identifiers", ())):
        volume.execute(
            f"INSERT INTO identifier VALUES ({','.join('?' * 9)})",
            (f"{listing}/i{at}", key, listing, kind_of, value, value.lower(), "e", began, ended),
        )
