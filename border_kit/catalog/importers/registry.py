"""The kinds of files that can be imported, and what reads each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from border_kit.catalog.importers import (
    ccl_csv,
    chemicals,
    correlation,
    csl_csv,
    dpl_tsv,
    ecfr_xml,
    eu_annex,
    eu_csv,
    eu_xml,
    eurlex_html,
    ftm,
    licences,
    military,
    nomenclature,
    ofac_csv,
    ofac_xml,
    parties_csv,
    senzing,
    trust,
    uk_csv,
    uk_licences,
    un_xml,
)
from border_kit.catalog.importers.base import Order, Reader
from border_kit.catalog.importers.controls_volume import Sheaf
from border_kit.catalog.importers.licences import Registry
from border_kit.catalog.writer import Row
from border_kit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Parties:
    """Listed parties: the reader's rows go into the parties volume."""

    read: Reader


@dataclass(frozen=True, slots=True)
class Controls:
    """What stands beside the authored knowledge (list text, nomenclature, HS links, chemicals), in the controls volume."""

    read: Callable[[Order], Sheaf]


@dataclass(frozen=True, slots=True)
class Licences:
    """A registry: it becomes its authority's volume."""

    read: Callable[[Order], Registry]


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust list: it becomes the trust volume."""

    read: Callable[[Order], trust.TrustFile]


@dataclass(frozen=True, slots=True)
class StatusLists:
    """A status list of an authority: it goes into the trust volume beside those that are there."""

    read: Callable[[Order], Row]


Importer = Parties | Controls | Licences | Trust | StatusLists

KINDS: dict[str, Importer] = {
    "un-xml": Parties(un_xml.read),
    "ofac-csv": Parties(ofac_csv.read),
    "ofac-xml": Parties(ofac_xml.read),
    "eu-xml": Parties(eu_xml.read),
    "eu-csv": Parties(eu_csv.read),
    "uk-csv": Parties(uk_csv.read),
    "csl-csv": Parties(csl_csv.read),
    "dpl-tsv": Parties(dpl_tsv.read),
    "ftm-jsonl": Parties(ftm.read),
    "senzing-jsonl": Parties(senzing.read),
    "parties-csv": Parties(parties_csv.read),
    "ccl-csv": Controls(ccl_csv.read),
    "ecfr-xml": Controls(ecfr_xml.read),
    "eu-annex-text": Controls(eu_annex.read),
    "eur-lex-html": Controls(eurlex_html.read),
    "eu-correlation": Controls(correlation.read),
    "military-list": Controls(military.read),
    "nomenclature": Controls(nomenclature.read),
    "chemicals": Controls(chemicals.read),
    "licences-csv": Licences(licences.read_csv),
    "licences-json": Licences(licences.read_json),
    "uk-licence-data": Licences(uk_licences.read),
    "trust-yaml": Trust(trust.read),
    "status-list": StatusLists(trust.read_status_list),
}


def find(kind: str) -> Importer:
    """What imports a kind. Raises UsageError for an unknown one."""
    if kind not in KINDS:
        raise UsageError("unknown_kind", f"There is no import kind {kind!r}.", f"Kinds: {', '.join(KINDS)}.")
    return KINDS[kind]
