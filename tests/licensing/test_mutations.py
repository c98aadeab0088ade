"""Change any one field of a good licence or shipment, at its boundary: the right verdict and the right reason, and no other.

The cases are generated: for each field the values that must still pass, that must fail, and that cannot be told, so that a
rule which forgets a boundary, a status, a unit or a type is found by the case that stands for it.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.certificates.claims import LicenceLine
from border_kit.classification.model import Candidate, Classification
from border_kit.licensing.check import check, check_licence
from border_kit.licensing.model import BAD_STATUSES, GOOD_STATUSES, TYPES, Authority, Licence, LicenceAnswer
from border_kit.licensing.names import compare_parties
from border_kit.licensing.registry import Registry
from border_kit.licensing.terms import Terms
from border_kit.licensing.tolerance import Percent, percent_of
from border_kit.screening.score import compare
from border_kit.shipment.readers import shipment_from_json
from border_kit.units import ratio, trade_codes

Json = dict[str, Any]
MakeRegistry = Callable[..., Registry]
TODAY = date(2026, 3, 10)
CODES = {
    "X060": ("individual", "open_individual"), "X061": ("open_general",), "X070": ("global",), "X071": ("open_general",),
    "X072": ("transit",), "Y901": (),
}  # fmt: skip
CODE_OF = {"individual": "X060", "open_individual": "X060", "global": "X070", "open_general": "X071", "transit": "X072"}

Case = tuple[str, object, str, str | None]
"""Where, what, the verdict, the reason."""


def passes(path: str, *values: object) -> Iterator[Case]:
    return ((path, value, "pass", None) for value in values)


def fails(path: str, reason: str, *values: object) -> Iterator[Case]:
    return ((path, value, "fail", reason) for value in values)


def open_(path: str, reason: str, *values: object) -> Iterator[Case]:
    return ((path, value, "cannot_tell", reason) for value in values)


PIECES, DOZENS, PAIRS = (
    sorted(code for code, (factor, unit) in trade_codes().items() if unit == "pcs" and int(factor) == pieces)
    for pieces in (1, 12, 2)
)
MEASURES = sorted(
    code for code, (_, unit) in trade_codes().items() if unit in ("kg", "g", "mg", "t", "l", "ml", "m", "m2", "m3")
)

LINE, FIRST = "shipment.lines.0", "licence.lines.0"
CASES: list[Case] = [
    # The licence: its kind and status
    *passes("licence.status", *GOOD_STATUSES),
    *(case for word in BAD_STATUSES for case in fails("licence.status", word, word)),
    *open_("licence.status", "not_stated", "lost", "ISSUED "),
    *passes("licence.type", "individual", "open_individual"),
    *fails("licence.type", "document_code_mismatch", "global", "open_general", "transit"),
    # Days: the last good day, the first, and those beside them
    *passes("shipment.date", "2026-01-01", "2026-03-02"),
    *fails("shipment.date", "not_yet_valid", "2025-12-31"),
    *fails("shipment.date", "expired", "2026-03-03", "2027-03-02"),
    *passes("licence.valid_to", "2026-03-02", "2026-12-31", None),
    *fails("licence.valid_to", "expired", "2026-03-01", "2025-03-02"),
    *passes("licence.valid_from", "2026-03-02", "2025-01-01", None),
    *fails("licence.valid_from", "not_yet_valid", "2026-03-03", "2027-01-01"),
    # Parties
    *passes("licence.holder", "NORVIK OPTICS", "Norvik Optics Aksjeselskap", "AS Norvik Optics", "Norvik Optisc AS", "Brightwater Ltd; Norvik Optics AS"),
    *fails("licence.holder", "exporter_differs", "Brightwater Machine Works GmbH", "Norvik Marine AS", "Norvik Optics Trading AS", "Optics AS"),
    *open_("licence.holder", "not_stated", None),
    *passes("licence.consignee", None, "Trading Harbour Survey", "HARBOUR SURVEY TRADING L.L.C."),
    *fails("licence.consignee", "consignee_differs", "Harbour Survey Shipping LLC", "Delta Agricultural Imports"),
    *passes("licence.end_user", None, "Port Authority of Lagoon", "LAGOON PORT AUTHORTY"),
    *fails("licence.end_user", "end_user_differs", "Lagoon Fishing Authority", "Ministry of Inland Fisheries"),
    *fails("shipment.parties.0.name", "exporter_differs", "Norvik Marine AS", "Aldermoor Instruments Ltd"),
    *fails("shipment.parties.1.name", "consignee_differs", "Harbour Survey Shipping LLC"),
    *fails("shipment.parties.2.name", "end_user_differs", "Lagoon Fishing Authority"),
    *open_("shipment.parties.0.role", "not_stated", "declarant"),
    *open_("shipment.parties.1.role", "not_stated", "notify"),
    *open_("shipment.parties.2.role", "not_stated", "notify"),
    # Places
    *passes("licence.destinations", ["YY"], ["ZZ", "YY"]),
    *fails("licence.destinations", "destination_differs", ["ZZ"], ["XA", "XB"]),
    *open_("licence.destinations", "not_stated", [], ["G012"], ["ZZ", "G012"]),
    *passes("licence.prohibited_destinations", ["ZZ"], []),
    *fails("licence.prohibited_destinations", "destination_differs", ["YY"], ["ZZ", "YY"]),
    *open_("licence.prohibited_destinations", "not_stated", ["G012"]),
    *passes("licence.route", ["XB"], ["XB", "XC"], []),
    *fails("licence.route", "destination_differs", ["XC"]),
    *fails("licence.prohibited_route", "destination_differs", ["XB"]),
    *passes("licence.prohibited_route", ["XC"]),
    *passes("licence.direction", "export", None),
    *fails("licence.direction", "destination_differs", "import"),
    *fails("shipment.destination", "destination_differs", "ZZ", "XA"),
    *open_("shipment.destination", "not_stated", None),
    *passes("shipment.route", [], ["XA", "YY"], ["XA", "XB", "XC", "YY"]),
    *fails("shipment.route", "destination_differs", ["XA", "XB", "ZZ"], ["XA", "YY", "XA"]),
    *fails("shipment.parties.2.country", "destination_differs", "ZZ"),
    *passes("shipment.parties.2.country", None, "YY", "yy"),
    # Document codes
    *passes(f"{LINE}.documents", [], ["X060"], ["x060"], ["Y901"], ["X060", "Y901"], ["N380"]),
    *fails(f"{LINE}.documents", "document_code_mismatch", ["X061"], ["X070"], ["X071"], ["X072"]),
    # Goods
    *fails(f"{LINE}.licences.0.number", "unknown_licence", "IND-22-0072", "IND-22-007"),
    *passes(f"{LINE}.licences.0.number", "ind-22-0071", "IND 22 0071", "IND/22/0071"),
    *passes(f"{LINE}.licences.0.line", 1, None),
    *fails(f"{LINE}.licences.0.line", "goods_differ", 2, 99),
    *passes(f"{LINE}.hs", "8525.89.00", "85258900", "8525", None),
    *fails(f"{LINE}.hs", "goods_differ", "852581", "8526", "903089"),
    *passes(f"{FIRST}.hs", "8525890000", "8525", None),
    *fails(f"{FIRST}.hs", "goods_differ", "852581", "90"),
    *passes(f"{FIRST}.control_code", "6A003", "6A003.b.4.b", "6A003.b", "US-CCL/6A003.b.4", None),
    *fails(f"{FIRST}.control_code", "goods_differ", "9A012"),
    *passes(f"{FIRST}.description", "Wärmebildkamera", "Тепловизор", None),
    *passes(f"{LINE}.description", "Wärmebildkamera", "caméra thermique", "红外热像仪"),
    # Amounts: the last piece, one thousandth too many, a dozen against twelve
    *passes(f"{LINE}.quantity", "12", "12.000", "0.001", "0"),
    *fails(f"{LINE}.quantity", "quantity_exceeded", "12.001", "13", "20", "12.000000000000000000000000000001"),
    *open_(f"{LINE}.quantity", "not_stated", None),
    *passes(f"{FIRST}.quantity", "20", "20.000", "1000000", None),
    *fails(f"{FIRST}.quantity", "quantity_exceeded", "19.999", "8", "0"),
    *passes("licence.usage.0.quantity", "8", "7.999", "0", None),
    *fails("licence.usage.0.quantity", "quantity_exceeded", "8.001", "20", "21"),
    *passes(f"{LINE}.value", "30000", "30000.00", "0"),
    *fails(f"{LINE}.value", "value_exceeded", "30000.001", "50000"),
    *open_(f"{LINE}.value", "not_stated", None),
    *passes(f"{FIRST}.value", "50000", None),
    *fails(f"{FIRST}.value", "value_exceeded", "49999.999"),
    *fails("licence.usage.0.value", "value_exceeded", "20000.001"),
    *passes("licence.usage.0.type", "O", "L", "M", "A", "C"),
    *passes(f"{LINE}.unit", "pcs", "PCS", *PIECES),
    *fails(f"{LINE}.unit", "quantity_exceeded", *DOZENS, *PAIRS, "gross", "CEN"),
    *open_(f"{LINE}.unit", "unit_incomparable", *MEASURES, "set", "ROLLS"),
    *open_(f"{LINE}.unit", "not_stated", None),
    *passes(f"{FIRST}.unit", *DOZENS[:3], *PIECES[:3]),
    *open_(f"{FIRST}.unit", "unit_incomparable", "kg", "ROLLS", None),
    *open_(f"{LINE}.currency", "currency_incomparable", "USD", "GBP"),
    *passes(f"{LINE}.currency", "eur"),
    *open_(f"{LINE}.currency", "not_stated", None),
    *open_(f"{FIRST}.currency", "currency_incomparable", "USD"),
    *open_("licence.usage.0.currency", "currency_incomparable", "USD"),
]  # fmt: skip


def put(documents: Mapping[str, Any], path: str, value: object) -> None:
    document, *steps, last = path.split(".")
    place: Any = documents[document]
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value


def camera(code: str = "6A003.b.4.b") -> Classification:
    found = Candidate(code, code.split(".", maxsplit=1)[0], "EU-DU", "likely", 0.9, equivalents=("US-CCL/6A003.b.4.b",))
    return Classification("likely", (found,))


@pytest.fixture
def judge(make_registry: MakeRegistry, authority: Json, licence: Json, shipment: Json) -> Callable[..., LicenceAnswer]:
    def run(*changes: tuple[str, object], **more: Any) -> LicenceAnswer:
        documents = {"licence": copy.deepcopy(licence), "shipment": copy.deepcopy(shipment)}
        for path, value in changes:
            put(documents, path, value)
        declared = shipment_from_json(documents["shipment"], position=1)
        registry = make_registry(authority | {"licences": [documents["licence"]]})
        lines = {line.no: camera() for line in declared.lines}
        (answer,) = check(
            declared, registry, today=TODAY, same_name=compare, classified=lines, code_types=CODES, **more
        )
        return answer

    return run


@pytest.mark.parametrize(("path", "value", "verdict", "reason"), CASES, ids=lambda part: str(part)[:40])
def test_one_changed_field(
    judge: Callable[..., LicenceAnswer], path: str, value: object, verdict: str, reason: str | None
) -> None:
    answer = judge((path, value))
    assert (answer.verdict, answer.reasons) == (verdict, (reason,) if reason else ())
    wrong = [finding for finding in answer.findings if finding.severity == ("stop" if verdict == "fail" else "ask")]
    assert bool(wrong) == (verdict != "pass")


@pytest.mark.parametrize(("kind", "code"), sorted(itertools.product(TYPES, CODES)))
def test_every_type_of_licence_answers_to_its_own_document_codes(
    judge: Callable[..., LicenceAnswer], kind: str, code: str
) -> None:
    answer = judge(("licence.type", kind), (f"{LINE}.documents", [code]))
    fits = not CODES[code] or kind in CODES[code]
    assert answer.reasons == (() if fits else ("document_code_mismatch",))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", [*GOOD_STATUSES, *BAD_STATUSES])
def test_every_status_counts_for_every_type(judge: Callable[..., LicenceAnswer], kind: str, status: str) -> None:
    answer = judge(("licence.type", kind), ("licence.status", status), (f"{LINE}.documents", [CODE_OF[kind]]))
    assert answer.reasons == (() if status in GOOD_STATUSES else (status,))


def test_an_open_general_licence_asks_whether_the_exporter_is_registered(judge: Callable[..., LicenceAnswer]) -> None:
    changes = (("licence.type", "open_general"), ("licence.holder", None), (f"{LINE}.documents", ["X071"]))
    assert judge(*changes).verdict == "pass"
    assert [finding.ask for finding in judge(*changes).findings if finding.severity == "ask"] == [
        "Is the exporter registered to use this general licence?"
    ]
    assert judge(*changes, answers={("IND-22-0071", 0): False}).reasons == ("exporter_differs",)
    assert judge(*changes, answers={("IND-22-0071", 0): True}).findings == ()


def test_a_group_of_countries_that_the_registry_writes_out_is_as_good_as_its_members(
    judge: Callable[..., LicenceAnswer], authority: Json
) -> None:
    authority["groups"] = {"G012": ["YY", "YZ"]}
    assert judge(("licence.destinations", ["G012"])).verdict == "pass"
    assert judge(("licence.prohibited_destinations", ["G012"])).reasons == ("destination_differs",)
    authority["groups"] = {"G012": ["YZ"]}
    assert judge(("licence.destinations", ["G012"])).reasons == ("destination_differs",)


def test_an_import_licence_is_judged_on_where_the_goods_come_from(judge: Callable[..., LicenceAnswer]) -> None:
    changes: tuple[tuple[str, object], ...] = (
        ("licence.direction", "import"), ("licence.destinations", []), ("licence.origins", ["XA"]), ("shipment.direction", "import"),
    )  # fmt: skip
    assert judge(*changes, (f"{LINE}.origin", "XA")).verdict == "pass"
    assert judge(*changes, (f"{LINE}.origin", "XB")).reasons == ("destination_differs",)
    assert judge(*changes).reasons == ("not_stated",)
    assert judge(*changes, (f"{LINE}.origin", "XA"), ("licence.prohibited_origins", ["XA"])).verdict == "fail"


# Laws

NAMES = [
    "norvik",
    "aldermoor",
    "harbour",
    "lagoon",
    "delta",
    "kestrel",
    "brightwater",
    "vessenfeld",
    "ellisande",
    "haverbrook",
]
TRADES = ["optics", "instruments", "survey", "marine", "avionics", "logistics", "machine works", "electronics"]
FORMS = ["Ltd", "GmbH", "AS", "LLC", "S.A.", "SARL", "Co., Ltd.", "OOO", "Inc.", ""]


@settings(max_examples=80)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(TRADES),
    st.sampled_from(FORMS),
    st.sampled_from(FORMS),
    st.booleans(),
    st.data(),
)
def test_forms_order_case_and_one_slip_make_no_other_company(
    name: str, trade: str, form: str, other_form: str, upper: bool, data: st.DataObject
) -> None:
    licensed = f"{name.title()} {trade.title()} {form}".strip()
    slip = data.draw(st.integers(1, len(name) - 3))
    written = name[:slip] + name[slip + 1] + name[slip] + name[slip + 2 :]
    declared = f"{written} {trade} {other_form}".strip()
    found = compare_parties(declared.upper() if upper else declared, licensed, compare)
    assert found.same, (declared, licensed, found)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True), st.lists(st.sampled_from(TRADES), min_size=2, max_size=2, unique=True), st.sampled_from(FORMS))  # fmt: skip
def test_another_name_or_another_trade_is_another_company(names: list[str], trades: list[str], form: str) -> None:
    licensed = f"{names[0]} {trades[0]} {form}".title()
    assert not compare_parties(f"{names[1]} {trades[0]} {form}", licensed, compare).same
    assert not compare_parties(f"{names[0]} {trades[1]} {form}", licensed, compare).same


AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=3)
UNITS = st.sampled_from(["pcs", "doz", "prs", "NAR", "DZN", "030", "gross", "Stück"])


@settings(max_examples=100)
@given(st.lists(st.tuples(AMOUNTS, UNITS), min_size=1, max_size=5), UNITS)
def test_lines_in_any_units_draw_together_to_the_last_piece(parts: list[tuple[Any, str]], unit: str) -> None:
    total = sum((Fraction(amount) * _pieces(one) for amount, one in parts), Fraction(0))
    asked = [
        {"no": no, "description": "camera", "quantity": str(amount), "unit": one, "licences": [{"number": "L", "line": 1}]}
        for no, (amount, one) in enumerate(parts, start=1)
    ]  # fmt: skip
    shipment = shipment_from_json({"id": "E", "destination": "YY", "lines": asked}, position=1)
    for beyond, exceeded in ((0, False), (-1, total > 0)):
        licensed = (total + beyond * Fraction(1, 1000)) / _pieces(unit)
        if licensed < 0:
            continue
        line = LicenceLine(1, description="camera", quantity=licensed, unit=unit)  # type: ignore[arg-type]  # exact where no decimal is
        held = Licence(
            "L", "individual", "issued", Authority("XA", "XA"), holder="N", destinations=("YY",), lines=(line,)
        )
        drawn = [(one, 1) for one in shipment.lines]
        answer = check_licence(shipment, held, drawn, Terms(TODAY, compare))
        assert ("quantity_exceeded" in answer.reasons) is exceeded


def _pieces(unit: str) -> Fraction:
    found = ratio(unit, "pcs")
    assert found is not None
    return found


@pytest.mark.parametrize(("unit", "percent"), [("pcs", 1), ("doz", 1), ("030", 1), ("kg", 10), ("KGM", 10), ("g", 10), ("m2", 10), ("ROLLS", 1), (None, 1)])  # fmt: skip
def test_a_tolerance_tells_what_is_counted_from_what_is_measured(unit: str | None, percent: int) -> None:
    tolerance = Percent(quantity_percent=1, measure_percent=10)  # type: ignore[arg-type]  # whole per cents
    assert percent_of(tolerance, unit) == percent
