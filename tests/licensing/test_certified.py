"""A paper's claims become the same kind of licence as a registry's row, and are checked by the same rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from border_kit.certificates.claims import Claims, LicenceLine
from border_kit.licensing.certified import licence_of
from border_kit.licensing.check import check_licence
from border_kit.licensing.model import Authority, Licence, Usage
from border_kit.licensing.terms import Terms
from border_kit.screening.score import compare
from border_kit.shipment.readers import shipment_from_json

CLAIMS = Claims(
    issuer="XA/LA-01", number="IND-22-0071", document="EL", cti="00" * 16, issued_at=datetime(2026, 1, 1, tzinfo=UTC),
    not_before=datetime(2026, 1, 1, tzinfo=UTC), expires=datetime(2026, 3, 3, tzinfo=UTC), exporter="Norvik Optics AS",
    end_user="Lagoon Port Authority", destination="YY",
    lines=(LicenceLine(1, "6A003.b.4.b", "852589", "Thermal imaging camera", Decimal(20), "pcs", Decimal(50000), "EUR"),),
)  # fmt: skip
KNOWN = Licence(
    "IND-22-0071", "global", "revoked", Authority("XA/LA-01", "Licensing Office of XA", "+00 555 0100", 42, date(2026, 3, 1)),
    consignee="Harbour Survey", lines=(LicenceLine(1, description="Thermal imaging camera", quantity=Decimal(20), unit="pcs"),),
    usage=(Usage(1, Decimal(8)),), goods_hash="AB" * 32,
)  # fmt: skip


def verdict(claims: Claims, known: Licence | None = None, **line: Any) -> tuple[str, tuple[str, ...]]:
    licence = licence_of(claims, known=known)
    assert licence is not None
    goods = {
        "no": 1,
        "description": "thermal imaging camera",
        "hs": "852589",
        "quantity": "12",
        "unit": "pcs",
        "value": "1",
        "currency": "EUR",
    }
    parties = [{"role": "exporter", "name": "Norvik Optics"}, {"role": "consignee", "name": "Harbour Survey"}, {"role": "end_user", "name": "Lagoon Port Authority"}]  # fmt: skip
    shipment = shipment_from_json(
        {"id": "E", "date": "2026-03-02", "destination": "YY", "parties": parties, "lines": [goods | line]}, position=1
    )
    answer = check_licence(shipment, licence, [(one, 1) for one in shipment.lines], Terms(date(2026, 3, 2), compare))
    return answer.verdict, answer.reasons


def test_what_the_paper_states_is_the_licence() -> None:
    licence = licence_of(CLAIMS)
    assert licence is not None
    assert (licence.type, licence.status, licence.source) == ("individual", "issued", "certificate")
    assert (licence.valid_from, licence.valid_to) == (date(2026, 1, 1), date(2026, 3, 2))
    assert (licence.authority.id, licence.authority.phone) == ("XA/LA-01", None)
    assert verdict(CLAIMS) == ("pass", ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"expires": datetime(2026, 3, 2, tzinfo=UTC)}, "expired"),
        ({"not_before": datetime(2026, 3, 3, tzinfo=UTC)}, "not_yet_valid"),
        ({"exporter": "Norvik Marine AS"}, "exporter_differs"),
        ({"end_user": "Lagoon Fishing Authority"}, "end_user_differs"),
        ({"destination": "ZZ"}, "destination_differs"),
    ],
)
def test_a_shipment_is_held_against_the_paper(change: dict[str, Any], reason: str) -> None:
    assert verdict(replace(CLAIMS, **change)) == ("fail", (reason,))


def test_the_last_moment_of_a_day_makes_it_the_last_good_day() -> None:
    licence = licence_of(replace(CLAIMS, expires=datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)))
    assert licence is not None
    assert licence.valid_to == date(2026, 3, 2)


def test_the_registry_adds_its_status_its_usage_and_its_phone() -> None:
    assert verdict(CLAIMS, KNOWN) == ("fail", ("revoked",))
    assert verdict(CLAIMS, replace(KNOWN, status="issued"), quantity="12.001") == ("fail", ("quantity_exceeded",))
    licence = licence_of(CLAIMS, known=KNOWN)
    assert licence is not None
    assert licence.authority.phone == "+00 555 0100"


def test_goods_too_long_for_the_paper_are_the_registrys_if_their_hash_is() -> None:
    short = replace(CLAIMS, lines=(), goods_hash="ab" * 32)
    assert verdict(short, replace(KNOWN, status="issued")) == ("pass", ())
    assert verdict(replace(short, goods_hash="cd" * 32), replace(KNOWN, status="issued"))[0] == "fail"
    assert licence_of(short) == replace(licence_of(short), lines=())  # type: ignore[type-var]  # an export licence is one


@pytest.mark.parametrize("document", ["EUC", "DVC"])
def test_other_papers_are_no_licence(document: Any) -> None:
    assert licence_of(replace(CLAIMS, document=document)) is None
