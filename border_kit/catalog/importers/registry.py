"""The kinds of files that can be imported, and what reads each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from border_kit.catalog.importers import ccl_csv, licences, ofac_csv, parties_csv, un_xml
from border_kit.catalog.importers.base import Order, Reader, Skipped
from border_kit.catalog.importers.licences import Registry
from border_kit.catalog.importers.texts_volume import Paragraph
from border_kit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Parties:
    """Listed parties: the reader's rows go into the parties volume."""

    read: Reader


@dataclass(frozen=True, slots=True)
class Texts:
    """The text of control lists: paragraphs go into the controls volume."""

    read: Callable[[Order], Iterable[Paragraph | Skipped]]


@dataclass(frozen=True, slots=True)
class Licences:
    """A registry: it becomes its authority's volume."""

    read: Callable[[Order], Registry]


Importer = Parties | Texts | Licences

KINDS: dict[str, Importer] = {
    "un-xml": Parties(un_xml.read),
    "ofac-csv": Parties(ofac_csv.read),
    "parties-csv": Parties(parties_csv.read),
    "ccl-csv": Texts(ccl_csv.read),
    "licences-csv": Licences(licences.read_csv),
    "licences-json": Licences(licences.read_json),
}


def find(kind: str) -> Importer:
    """What imports a kind. Raises UsageError for an unknown one."""
    if kind not in KINDS:
        raise UsageError("unknown_kind", f"There is no import kind {kind!r}.", f"Kinds: {', '.join(KINDS)}.")
    return KINDS[kind]
