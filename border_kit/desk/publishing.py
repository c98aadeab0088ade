"""Statistics for the public: cases of a period counted by what is no secret of anybody, protected, and entered in the release ledger.

A case is counted in the period in which it was opened, by what stood when it was published. No names, no free text and no value go out:
every dimension has a closed set of words, and what does not fit one is `other`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border_kit.casework import releases
from border_kit.casework.extract import harmless
from border_kit.casework.outcomes import CONFIRMED, NOTHING, OTHER
from border_kit.casework.search import Wanted
from border_kit.desk import papers
from border_kit.errors import BorderKitError, UsageError
from border_kit.findings import Json
from border_kit.policy.profile import section
from border_kit.shipment.countries import country_code
from border_kit.shipment.model import DIRECTIONS
from border_kit.transparency.disclosure import Rule, Safe, protect
from border_kit.transparency.tables import count

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook
    from border_kit.casework.log import Event
    from border_kit.casework.summary import CaseRow
    from border_kit.desk.desk import Desk
    from border_kit.policy.publication import Publication

FORMAT = "border_kit statistics 1"
DIMENSIONS: Mapping[str, str] = {
    "lane": "assessment",
    "verdict": "assessment",
    "reason": "assessment",
    "list": "assessment",
    "decision": "decision",
    "destination": "destination",
    "direction": "direction",
    "outcome": "outcome",
    "month": "time",
    "quarter": "time",
}
"""What cases can be counted by, and the family of it. Of one family one can be told from another (a red lane from its reason), so no two
tables of the same cases are of one family; families say nothing exact of each other."""

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_PAGE = 1_000
_BANDS = ("likely", "possible")
NOTES = (
    "Cases that the office opened in the period, by what stood when this was published. Customs observed; not a licensing statistic.",
    "A hidden count is no zero. Nothing is hidden that is none.",
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be published: a period, tables (dimensions each), and the cases to keep to, by dimension."""

    period: releases.Period
    tables: tuple[tuple[str, ...], ...]
    only: Mapping[str, str]

    @property
    def about(self) -> frozenset[str]:
        """The families of dimensions that it tells of."""
        return frozenset(DIMENSIONS[name] for name in (*(name for table in self.tables for name in table), *self.only))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Statistics ready to go out: the document, and the protected tables with what stays here."""

    request: Request
    document: dict[str, Json]
    tables: tuple[Safe, ...]

    @property
    def content(self) -> bytes:
        """The document as the file that goes out."""
        return content_of(self.document)

    def kept_back(self) -> list[Json]:
        """For the office alone: every hidden cell with its count and bounds."""
        return [{"table": no, **row} for no, safe in enumerate(self.tables, 1) for row in safe.kept_back()]


def content_of(document: Mapping[str, Any]) -> bytes:
    """A document's bytes, the same ones whenever it is given out."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def request(period: str, tables: Sequence[str], only: Sequence[str]) -> Request:
    """A request as it is written: tables as `lane,destination`, cases to keep to as `direction=export`. Raises UsageError."""
    wanted = tuple(tuple(name.strip().lower() for name in table.split(",")) for table in tables)
    kept: dict[str, str] = {}
    for row in only:
        name, _, value = row.partition("=")
        if not value or name.strip() in kept or not _WORD.fullmatch(value.strip()):
            raise UsageError("only_unknown", f"{row[:60]!r} keeps to nothing.", "Write DIMENSION=VALUE, each once.")
        kept[name.strip().lower()] = value.strip()
    found = Request(releases.period(period), wanted, kept)
    _refuse_unknown(found)
    return found


def _refuse_unknown(found: Request) -> None:
    every = [*(name for table in found.tables for name in table), *found.only]
    unknown = next((name for name in every if name not in DIMENSIONS), None)
    if unknown is not None:
        raise UsageError(
            "dimension_unknown", f"Cases are not counted by {unknown[:40]!r}.", "By: " + ", ".join(DIMENSIONS) + "."
        )
    if not found.tables or len(set(every)) < len(every):
        raise UsageError(
            "tables_unclear", "Each table names dimensions, and each dimension once.", "As --by lane,destination."
        )
    seen: set[str] = set()
    for group in (*found.tables, tuple(found.only)):
        families = {DIMENSIONS[name] for name in group}
        if families & seen:
            shared = ", ".join(sorted(families & seen))
            raise UsageError(
                "tables_related",
                f"Two tables of the same cases tell of the same thing ({shared}): one could be held against the other.",
                "Put what belongs together into one table.",
            )
        seen |= families


def prepare(desk: Desk, wanted: Request, step: Callable[[], None] = lambda: None) -> Prepared:
    """Count, protect, and hold against every earlier release; nothing is recorded. Raises UsageError, StoreError, CatalogError."""
    profile = desk.assessor.profile
    rule = section(
        profile.publication if profile else None,
        "publication",
        "publishing: nothing is published",
        "no_publication_rule",
    )
    _refuse_wide(wanted, rule)
    known = releases.releases(desk.cases)
    releases.refuse_difference(known, wanted.period, wanted.only, wanted.about)
    facts, demo = _facts(desk.cases, wanted, step)
    if len(facts) < rule.smallest_release:
        raise UsageError(
            "release_small",
            f"{wanted.period.label} has fewer than {rule.smallest_release} such cases: a table of so few tells of each.",
            "Choose a longer period, or keep to fewer conditions.",
        )
    releases.refuse_difference(known, wanted.period, wanted.only, wanted.about, len(facts))
    safe = tuple(_safe(dimensions, facts, rule) for dimensions in wanted.tables)
    profile = desk.assessor.profile
    office = desk.cases.office
    figures: dict[str, Json] = {
        "threshold": rule.threshold,
        "protection": rule.protection,
        "smallest_release": rule.smallest_release,
        "citation": rule.cite,
        "profile": f"{profile.id} {profile.version}: {profile.title}" if profile else "",
    }
    document: dict[str, Json] = {
        "format": FORMAT,
        "office": office.id if office else "",
        "published": desk.moment,
        "period": {
            "label": wanted.period.label,
            "first": wanted.period.first.isoformat(),
            "last": wanted.period.last.isoformat(),
            "over": _over(desk, wanted),
        },
        "only": dict(wanted.only),
        "cases": len(facts),
        "demo": demo,
        "rule": figures,
        "tables": [table.to_json() for table in safe],
        "notes": list(NOTES),
    }
    return Prepared(wanted, document, safe)


def publish(
    desk: Desk,
    wanted: Request,
    folder: Path,
    step: Callable[[], None] = lambda: None,
    *,
    unfinished: bool = False,
) -> tuple[Event, Prepared, list[Path]]:
    """Release statistics: the ledger's event first, then the files in a new folder. Raises UsageError, StoreError, CatalogError.

    A period that is not over is released where that is asked for (`unfinished`); its later cases are then never counted.
    """
    book = desk.casebook
    _refuse_folder(folder)
    if not (unfinished or _over(desk, wanted)):
        raise UsageError(
            "period_open",
            f"{wanted.period.label} is not over: cases of it would still come.",
            "Publish it when it has ended; --unfinished publishes it now, and what comes later is never counted.",
        )
    made = prepare(desk, wanted, step)
    digest = hashlib.sha256(made.content).hexdigest()
    _make(folder)  # before the ledger says so: what cannot be written is not released
    try:
        event = releases.record(book, made.document, wanted.about, digest, at=desk.clock.now())
    except BorderKitError:
        folder.rmdir()
        raise
    return event, made, _written(made.document, folder)


def again(desk: Desk, number: int, folder: Path) -> list[Path]:
    """Give a release out again, byte for byte. Raises InputError, UsageError, StoreError."""
    _refuse_folder(folder)
    document = releases.release(desk.cases, number).document
    _make(folder)
    return _written(document, folder)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            "folder_not_made", f"{folder.name} cannot be made ({error.strerror}).", "Name another."
        ) from error


def _written(document: Mapping[str, Any], folder: Path) -> list[Path]:
    """The files of a release: the document, and each table as CSV. Raises StoreError."""
    label = document["period"]["label"]
    made = [folder / f"statistics-{label}.json"]
    papers.save_as(made[0], content_of(document))
    for table in document["tables"]:
        path = folder / f"statistics-{label}-{'-'.join(table['dimensions'])}.csv"
        papers.save_as(path, _csv(document, table))
        made.append(path)
    return made


def _csv(document: Mapping[str, Any], table: Mapping[str, Any]) -> bytes:
    """A table as CSV in which no cell is a formula; a hidden count is empty, with the reason beside it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["period", *table["dimensions"], "cases", "hidden"])
    for cell in table["cells"]:
        values = [cell[name] for name in table["dimensions"]]
        shown = "" if cell["cases"] is None else str(cell["cases"])
        writer.writerow(harmless(text) for text in (document["period"]["label"], *values, shown, cell["hidden"] or ""))
    return stream.getvalue().encode()


def _refuse_folder(folder: Path) -> None:
    if folder.exists():
        raise UsageError(
            "folder_exists", f"{folder.name} is there already: nothing is written over.", "Name a new folder."
        )


def _over(desk: Desk, wanted: Request) -> bool:
    return wanted.period.last < desk.clock.now().date()


def _refuse_wide(wanted: Request, rule: Publication) -> None:
    if len(max(wanted.tables, key=len)) > rule.most_dimensions:
        raise UsageError(
            "dimensions_many",
            f"A table has up to {rule.most_dimensions} dimensions.",
            "Make two tables, or choose fewer.",
        )


def _safe(dimensions: tuple[str, ...], facts: Sequence[Mapping[str, str]], rule: Publication) -> Safe:
    table = count(dimensions, facts)
    if len(table.cells) > rule.most_cells:
        raise UsageError(
            "table_large",
            f"{' by '.join(dimensions)} has {len(table.cells):,} cells; up to {rule.most_cells:,} are protected.",
            "Choose fewer dimensions.",
        )
    return protect(table, Rule(rule.threshold, rule.protection))


# What a case is counted by


def _facts(book: Casebook, wanted: Request, step: Callable[[], None]) -> tuple[list[dict[str, str]], bool]:
    """The wanted cases by every dimension, and whether fictional data took part in one."""
    found, demo = [], False
    for row in _rows(book, wanted.period):
        fact, fictional = _fact(book, row)
        if all(fact[name] == value for name, value in wanted.only.items()):
            found.append(fact)
            demo = demo or fictional
        step()
    return found, demo


def _rows(book: Casebook, period: releases.Period) -> Iterator[CaseRow]:
    kept, offset = Wanted(opened_from=period.first, opened_to=period.last), 0
    while page := book.rows(kept, limit=_PAGE, offset=offset):
        yield from page
        offset += len(page)


def _fact(book: Casebook, row: CaseRow) -> tuple[dict[str, str], bool]:
    shipment, assessment, outcome = _told(book, row.case_id)
    month = row.opened_at[:7]
    destination = shipment.get("destination")
    fact = {
        "lane": _word(row.lane),
        "verdict": _word(row.verdict),
        "reason": _word(row.decided_by),
        "list": "deleted" if row.forgotten else _list(assessment),
        "decision": _word(row.decision or "undecided"),
        "destination": "deleted" if row.forgotten else _country(destination),
        "direction": "deleted" if row.forgotten else _direction(shipment.get("direction")),
        "outcome": "deleted" if row.forgotten else outcome,
        "month": month,
        "quarter": f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}",
    }
    return fact, any(volume.get("demo") for volume in (assessment.get("catalog") or {}).values())


def _told(book: Casebook, case_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    """The shipment of a case as declared, its newest assessment, and what came of it."""
    shipment: Mapping[str, Any] = {}
    assessment: Mapping[str, Any] = {}
    outcome = "not_known"
    for event in book.events(case_id):
        if event.kind == "opened":
            shipment = event.data.get("shipment", {})
        if event.kind in ("opened", "assessed"):
            assessment = event.data.get("assessment", {})
        elif event.kind == "outcome":
            result = str(event.data.get("result"))
            outcome = result if result in (CONFIRMED, OTHER, NOTHING) else "other"
    return shipment, assessment, outcome


def _list(assessment: Mapping[str, Any]) -> str:
    """The control list that the goods point at most: that of the best candidate of any line, likely before possible."""
    found = [
        (_BANDS.index(item["band"]), -float(item["score"]), str(item["list"]))
        for line in assessment.get("lines", ())
        for item in (line.get("classification") or {}).get("candidates", ())
        if item["band"] in _BANDS
    ]
    return _word(min(found)[2]) if found else "none"


def _country(written: object) -> str:
    if not written:
        return "not_stated"
    return country_code(str(written)) or "other"


def _direction(written: object) -> str:
    return str(written) if written in DIRECTIONS else "not_stated"


def _word(text: str) -> str:
    """A word of a closed set; anything else is `other`, so that no free text goes out."""
    return text if _WORD.fullmatch(text) and text != "all" else "other"
