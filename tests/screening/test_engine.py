from __future__ import annotations

import random
from datetime import date

import pytest

from border_kit.errors import CatalogError, InputError
from border_kit.screening.engine import Screener
from border_kit.screening.model import Query
from border_kit.shipment.model import Identifier
from tests.screening.conftest import MakeCatalog, Party

ORVO: Party = {
    "id": "DEMO:orvo",
    "names": [
        ("QUENTILOV, Orvo Tamirovich", "primary"),
        ("Abu Marisk", "alias"),
        ("Zander", "weak"),
        ("Квентилов Орво", "original"),
    ],
    "facts": [("born", "1971-05-03"), ("country", "XA")],
}
SHIP: Party = {
    "id": "DEMO:ship",
    "kind": "vessel",
    "names": [("MARISKO STAR", "primary")],
    "identifiers": [("imo", "9074729")],
}
FIRM: Party = {
    "id": "DEMO:firm",
    "kind": "organisation",
    "names": [("DALVAR OPTIK OOO", "primary"), ("شركة دلفار للتجارة", "original")],
}


def found(catalog: object, name: str, **more: object) -> list[tuple[str, bool]]:
    screener = Screener(catalog)  # type: ignore[arg-type]  # the fixture's catalog
    return [(hit.party, hit.alert) for hit in screener.screen(Query(name, **more)).hits]  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("QUENTILOV, Orvo Tamirovich", "DEMO:orvo"),
        ("Orvo Quentilov", "DEMO:orvo"),
        ("Orvo Tamirovich Quentilow", "DEMO:orvo"),
        ("Orvo Tamirovich Qeuntilov", "DEMO:orvo"),
        ("Квентилов Орво", "DEMO:orvo"),
        ("Abu Marisk", "DEMO:orvo"),
        ("Marisko Star", "DEMO:ship"),
        ("M/V MARISKO STAR", "DEMO:ship"),
        ("Dalvar Optik", "DEMO:firm"),
        ("DALVAROPTIK LLC", "DEMO:firm"),
        ("شركة دلفار للتجارة", "DEMO:firm"),
    ],
)
def test_a_listed_party_is_found_as_an_alert(make_catalog: MakeCatalog, name: str, party: str) -> None:
    assert found(make_catalog([ORVO, SHIP, FIRM]), name)[:1] == [(party, True)]


@pytest.mark.parametrize(
    "name", ["", "LLC", "Company", "Anna Schmidt", "Blue River Foods GmbH", "\ud800", "x" * 100_000, "%_'\"; DROP"]
)
def test_other_names_are_quiet(make_catalog: MakeCatalog, name: str) -> None:
    assert not any(alert for _, alert in found(make_catalog([ORVO, SHIP, FIRM]), name))


def test_a_weak_alias_of_one_word_is_shown_without_alert_until_a_birth_agrees(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog([ORVO])
    assert found(catalog, "Zander") == [("DEMO:orvo", False)]
    assert found(catalog, "Zander", born="1971") == [("DEMO:orvo", True)]


def test_an_ended_listing_is_found_only_as_of_a_day_on_which_it_stood(make_catalog: MakeCatalog) -> None:
    ended = {**ORVO, "began": "2020-01-01", "ended": "2024-06-01"}
    assert found(make_catalog([ended]), "Orvo Tamirovich Quentilov") == []


@pytest.mark.parametrize(
    ("day", "hits"), [(date(2019, 12, 31), 0), (date(2020, 1, 1), 1), (date(2024, 5, 31), 1), (date(2024, 6, 1), 0)]
)
def test_the_day_of_the_question_decides(make_catalog: MakeCatalog, day: date, hits: int) -> None:
    ended = {**ORVO, "began": "2020-01-01", "ended": "2024-06-01"}
    assert len(found(make_catalog([ended], as_of=day), "Orvo Tamirovich Quentilov")) == hits


def test_a_birth_a_generation_off_takes_the_alert_away(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog([ORVO])
    assert found(catalog, "Orvo Quentilov", born="1971-05-03") == [("DEMO:orvo", True)]
    assert not any(alert for _, alert in found(catalog, "Orvo Quentilov", born="2001"))


@pytest.mark.parametrize(("kind", "value"), [("imo", "9074729"), ("IMO", "IMO 9074729"), ("imo", "imo9074729")])
def test_a_number_finds_the_party_whatever_the_name(make_catalog: MakeCatalog, kind: str, value: str) -> None:
    hits = Screener(make_catalog([ORVO, SHIP])).screen(Query("Sunny Day", identifiers=(Identifier(kind, value),))).hits
    assert [(hit.party, hit.alert) for hit in hits] == [("DEMO:ship", True)]
    assert [item.part for item in hits[0].explanation if item.how == "agree"] == ["identifier"]


def test_a_number_with_a_wrong_check_digit_finds_nothing(make_catalog: MakeCatalog) -> None:
    assert found(make_catalog([SHIP]), "Sunny Day", identifiers=(Identifier("imo", "9074728"),)) == []


def test_another_ship_of_the_same_name_is_no_alert(make_catalog: MakeCatalog) -> None:
    assert found(make_catalog([SHIP]), "Marisko Star", identifiers=(Identifier("imo", "9319466"),)) == [
        ("DEMO:ship", False)
    ]


def test_one_party_on_two_lists_is_one_hit_with_both_references(make_catalog: MakeCatalog) -> None:
    hits = Screener(make_catalog([ORVO, {**ORVO, "list": "DEMO-B"}])).screen(Query("Orvo Quentilov")).hits
    assert [hit.refs for hit in hits] == [(("DEMO-A", "R0"), ("DEMO-B", "R1"))]


def test_a_hit_has_the_fields_of_the_contract(make_catalog: MakeCatalog) -> None:
    answer = Screener(make_catalog([ORVO])).screen(Query("Abu Marisk"))
    document = answer.to_json()
    assert (document["demo"], document["as_of"]) == (True, "2026-11-01")
    hits = document["hits"]
    assert isinstance(hits, list)
    hit = hits[0]
    assert isinstance(hit, dict)
    assert {"party", "source_ref", "list", "refs", "name", "caption", "kind", "score", "alert", "explanation"} <= set(
        hit
    )
    assert (hit["name"], hit["caption"], hit["source_ref"], hit["score"]) == (
        "Abu Marisk",
        "QUENTILOV, Orvo Tamirovich",
        "R0",
        1.0,
    )


def test_at_most_twenty_parties_are_shown_best_first(make_catalog: MakeCatalog) -> None:
    many = [{"names": [(f"Orvo Quentilov {chr(97 + number)}astor", "primary")]} for number in range(26)]
    hits = Screener(make_catalog([*many, ORVO])).screen(Query("Orvo Quentilov")).hits
    assert len(hits) == 20
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.party for hit in hits}) == 20


def test_an_exact_name_comes_first_among_many_of_the_same_words(make_catalog: MakeCatalog) -> None:
    draw = random.Random(5)
    words = ["orvo", "tamil", "radu", "marisk", "dalvar", "senko"]
    crowd = [
        {"names": [(" ".join(draw.sample(words, 4)) + f" {draw.choice('abcdefgh')}{number}son", "primary")]}
        for number in range(1500)
    ]
    hits = (
        Screener(make_catalog([*crowd, {"id": "DEMO:right", "names": [("Orvo Tamil", "primary")]}]))
        .screen(Query("Tamil Orvo"))
        .hits
    )
    assert hits[0].party == "DEMO:right"


def test_an_index_of_other_data_is_refused(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog([ORVO])
    other = catalog.volumes["parties"]
    catalog.volumes["parties"] = type(other)(
        other.name, other.file, other.edition, other.as_of, other.demo, "1" * 64, other.rows
    )
    with pytest.raises(CatalogError, match="other data"):
        Screener(catalog)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="kind"):
        Query("Orvo", kind="robot")


def test_letters_set_apart_are_an_acronym_before_they_are_initials(make_catalog: MakeCatalog) -> None:
    firm: Party = {"id": "DEMO:qvx", "kind": "organisation", "names": [("Q V X S.A.", "primary")]}
    persons: list[Party] = [
        {"id": f"DEMO:{number}", "names": [(f"Q. V. X. S. A. {word}", "primary")]}
        for number, word in enumerate(["Quendaro", "Vastelin", "Xenoviar", "Sarnodel", "Arlomane"])
    ]
    assert ("DEMO:qvx", True) in found(make_catalog([firm, *persons]), "Q V X S.A.")


@pytest.mark.parametrize("name", ["9074729", "IMO 9074729", "imo:9074729", "Some Other Ship (IMO No. 9074729)"])
def test_a_number_in_the_place_of_a_name_or_beside_it_finds_its_party(make_catalog: MakeCatalog, name: str) -> None:
    assert found(make_catalog([SHIP, ORVO]), name) == [("DEMO:ship", True)]


@pytest.mark.parametrize("name", ["9074728", "Berth 9074729", "Lei 9074729"])
def test_a_number_that_names_no_ship_finds_none(make_catalog: MakeCatalog, name: str) -> None:
    assert found(make_catalog([SHIP, ORVO]), name) == []


def test_another_ship_of_the_same_name_is_told_by_the_number_beside_it(make_catalog: MakeCatalog) -> None:
    assert found(make_catalog([SHIP]), "Marisko Star IMO 9176187") == [("DEMO:ship", False)]
