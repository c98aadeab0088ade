from __future__ import annotations

import pytest

from border_kit.screening.engine import Screener
from border_kit.screening.findings import findings_for
from border_kit.screening.model import Query, Screening
from border_kit.shipment.model import Identifier, Party
from tests.screening.conftest import MakeCatalog

LISTED = {"id": "DEMO:1", "names": [("QUENTILOV, Orvo", "primary")], "facts": [("country", "XA"), ("born", "1971")]}
QUIET = Screening((), demo=False, as_of="2026-11-01")


def test_an_alert_stops_and_says_that_the_list_is_a_demo(make_catalog: MakeCatalog) -> None:
    screening = Screener(make_catalog([LISTED])).screen(Query("Orvo Quentilov"))
    (finding,) = findings_for(Party("consignee", "Orvo Quentilov"), screening)
    assert (finding.code, finding.severity.value, finding.subject.ref) == (
        "listed_party",
        "stop",
        "consignee: Orvo Quentilov",
    )
    assert "demo" in finding.message
    assert finding.as_of == "2026-11-01"
    assert finding.evidence[0].row == "party:DEMO:1"
    assert "quentilov = quentilov (exact)" in finding.evidence[0].why


def test_a_family_name_alone_is_no_finding_unless_something_else_agrees(make_catalog: MakeCatalog) -> None:
    screener = Screener(make_catalog([LISTED]))
    alone = screener.screen(Query("Quentilov"))
    assert len(alone.hits) == 1
    assert findings_for(Party("consignee", "Quentilov"), alone) == ()
    here = screener.screen(Query("Quentilov", country="XA", born="1971"))
    (finding,) = findings_for(Party("consignee", "Quentilov", "XA"), here)
    assert finding.code in {"possible_listed_party", "listed_party"}


def test_look_alike_letters_are_told() -> None:
    (finding,) = findings_for(Party("end_user", "Quеntil Optics"), QUIET)  # the e is Cyrillic
    assert (finding.code, finding.severity.value) == ("mixed_scripts", "attention")


def test_two_scripts_in_two_words_are_no_trick() -> None:
    assert findings_for(Party("end_user", "ООО Quentil"), QUIET) == ()


def test_a_party_without_name_is_asked_for() -> None:
    (finding,) = findings_for(Party("consignee", " - "), QUIET)
    assert (finding.code, finding.severity.value) == ("party_unnamed", "ask")


def test_an_ordinary_party_gives_no_finding() -> None:
    assert findings_for(Party("consignee", "Blue River Foods GmbH"), QUIET) == ()


LEI = "00" * 9  # ISO 17442: eighteen signs and two check digits


@pytest.mark.parametrize(
    ("kind", "value"),
    [("imo", "9074728"), ("IMO", "IMO 907472"), ("imo", "90747290"), ("imo", "n/a"), ("lei", LEI + "96")],
)
def test_a_number_that_its_check_digits_refute_is_asked_for_again(kind: str, value: str) -> None:
    party = Party("vessel", "MV Skerry", identifiers=(Identifier(kind, value),))
    (finding,) = findings_for(party, QUIET)
    assert (finding.code, finding.severity.value, finding.subject.ref) == ("number_wrong", "ask", "vessel: MV Skerry")
    assert value in finding.message
    assert finding.ask


@pytest.mark.parametrize(
    ("kind", "value"),
    [("imo", "9074729"), ("imo", "IMO 9074-729"), ("lei", LEI + "98"), ("passport", "9074728"), ("tax", "1")],
)
def test_a_number_that_checks_or_has_no_check_digit_is_not_asked_for(kind: str, value: str) -> None:
    assert findings_for(Party("carrier", "Skerry Lines", identifiers=(Identifier(kind, value),)), QUIET) == ()


def test_an_unseen_joiner_in_a_latin_word_is_told_and_in_persian_is_none() -> None:
    (finding,) = findings_for(Party("end_user", "Quen\u200dtil Optics"), QUIET)
    assert finding.code == "mixed_scripts"
    assert findings_for(Party("end_user", "علی\u200cرضا"), QUIET) == ()
