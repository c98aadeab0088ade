"""Official lists as entities with all their names, for measuring: UN, OFAC, EU journal, BIS, and others beside them.

The files stand outside the repository (`../shared/data` beside it, or the folder that BORDER_KIT_SHARED names).
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import defusedxml.ElementTree

KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}


@dataclass(frozen=True, slots=True)
class Entity:
    """One listing: `names` are (name, quality), the main one first; quality primary, alias, weak, former or original."""

    id: str
    list: str
    kind: str
    names: tuple[tuple[str, str], ...]
    born: str | None = None


def shared_data() -> Path | None:
    """The folder of the lists, if it is there."""
    root = os.environ.get("BORDER_KIT_SHARED")
    folder = Path(root) if root else Path(__file__).resolve().parents[2] / "../shared/data"
    return folder if (folder / "parties").is_dir() else None


def un(folder: Path) -> Iterator[Entity]:
    """The Security Council's list (XML)."""
    root: Any = defusedxml.ElementTree.parse(folder / "parties/un_sc/UN_consolidated.xml").getroot()
    for tag, kind in (("INDIVIDUAL", "person"), ("ENTITY", "organisation")):
        for node in root.iter(tag):
            yield _un_entity(node, kind)


def _un_entity(node: Any, kind: str) -> Entity:
    parts = [node.findtext(f"{place}_NAME") or "" for place in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    names = [(" ".join(" ".join(parts).split()), "primary")]
    names += [(text.strip(), "original") for text in [node.findtext("NAME_ORIGINAL_SCRIPT") or ""] if text.strip()]
    for alias in node.iter(f"{node.tag}_ALIAS"):
        text = " ".join((alias.findtext("ALIAS_NAME") or "").split())
        if text:
            names.append((text, "weak" if alias.findtext("QUALITY") == "Low" else "alias"))
    born = next(
        (item.findtext("YEAR") for item in node.iter("INDIVIDUAL_DATE_OF_BIRTH") if item.findtext("YEAR")), None
    )
    return Entity(node.findtext("REFERENCE_NUMBER") or "", "UN", kind, tuple(names), born)


def ofac(folder: Path) -> Iterator[Entity]:
    """The SDN list and the consolidated list (legacy CSV)."""
    for path, main, alias in (("ofac_sdn_2021", "sdn", "alt"), ("ofac_consolidated", "cons_prim", "cons_alt")):
        aliases: dict[str, list[tuple[str, str]]] = {}
        for row in _rows(folder / "parties" / path / f"{alias}.csv", 5):
            aliases.setdefault(row[0], []).append((row[3], "alias"))
        for row in _rows(folder / "parties" / path / f"{main}.csv", 12):
            weak = [(text, "weak") for text in re.findall(r"a\.k\.a\. '([^']+)'", row[11])]
            born = re.search(r"DOB (?:\d+ \w+ )?(\d{4})", row[11])
            yield Entity(
                row[0],
                "OFAC",
                KINDS.get(row[2].strip(), "organisation"),
                ((row[1], "primary"), *aliases.get(row[0], []), *weak),
                born.group(1) if born else None,
            )


def _rows(path: Path, width: int) -> Iterator[list[str]]:
    with path.open(encoding="latin-1", newline="") as stream:
        yield from (row for row in csv.reader(stream) if len(row) == width)


def eu(folder: Path) -> Iterator[Entity]:
    """The designations of the EU journal, as transcribed by OpenSanctions."""
    for path in sorted((folder / "parties/eu_journal/consolidated").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                kind = {"Person": "person", "Vessel": "vessel"}.get(row["schema"], "organisation")
                names = [(row["name"], "primary")]
                for column, quality in (("alias", "alias"), ("weakAlias", "weak"), ("previousName", "former")):
                    cells = next(csv.reader([row[column] or ""], delimiter=";", skipinitialspace=True), [])
                    names += [(text.strip(), quality) for text in cells if text.strip()]
                yield Entity(
                    f"{row['celex']}/{row['annex']}/{row['recordId']}",
                    "EU",
                    kind,
                    tuple(names),
                    _year(row["birthDate"]),
                )


def _year(text: str) -> str | None:
    match = re.search(r"(?:19|20)\d\d", text or "")
    return match.group() if match else None


def bis(folder: Path) -> Iterator[Entity]:
    """The Denied Persons List (tab-separated); it does not say who is a person."""
    with (folder / "parties/us_bis_dpl/dpl.txt").open(encoding="latin-1", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream, delimiter="\t")):
            yield Entity(f"dpl-{number}", "BIS", "unknown", (((row.get("Name") or "").strip(), "primary"),))


def mofcom(folder: Path) -> Iterator[Entity]:
    """China's counter-measure and export-control lists (CSV): English and Chinese names."""
    with (folder / "parties/cn_mofcom/sanctions.csv").open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            names = [(row["Name"].strip(), "primary"), (row["Chinese name"].strip(), "original")]
            names += [(text.strip(), "alias") for text in row["Alias"].split(";")]
            kind = "person" if row["Type"] == "Person" else "organisation"
            yield Entity(f"cn-{number}", "MOFCOM", kind, tuple(item for item in names if item[0]))


def csl(folder: Path) -> Iterator[Entity]:
    """The US consolidated screening list of 2019 (CSV), entries that say their type."""
    kinds = {"Individual": "person", "Entity": "organisation", "Vessel": "vessel"}
    with (folder / "parties/us_csl/csl.csv").open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            names = [(row["name"].strip(), "primary")]
            names += [(text.strip(), "alias") for text in row["alt_names"].split(";") if text.strip()]
            if row["type"] in kinds:
                yield Entity(f"csl-{number}", "CSL", kinds[row["type"]], tuple(names))


def follow_the_money(folder: Path) -> Iterator[Entity]:
    """Entities of OpenSanctions with names in many scripts and languages (JSON lines)."""
    kinds = {"Person": "person", "Company": "organisation", "Organization": "organisation", "Vessel": "vessel"}
    for path in sorted((folder / "parties/ftm").glob("*_entities.ftm.json")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found = row["properties"]
            names = dict.fromkeys([*found.get("name", []), *found.get("alias", [])])
            if row["schema"] in kinds and names:
                yield Entity(row["id"], "FTM", kinds[row["schema"]], tuple((name, "alias") for name in names))


def everything(folder: Path) -> list[Entity]:
    """The lists that weights and model are made from, entities without a name left out."""
    found = [*un(folder), *ofac(folder), *eu(folder), *bis(folder)]
    return [entity for entity in found if entity.names and entity.names[0][0].strip()]


def elsewhere(folder: Path) -> list[Entity]:
    """Lists that nothing is made from: a second check."""
    return [entity for entity in (*mofcom(folder), *csl(folder), *follow_the_money(folder)) if entity.names]
