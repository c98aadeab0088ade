"""Cleared decisions: remembered for that edition of the party, shown, and back when the listing changes."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from border_kit.casework import clearings
from border_kit.catalog.importers import import_into
from border_kit.desk.desk import Desk
from border_kit.desk.install import install
from border_kit.desk.settings import Settings
from border_kit.errors import InputError, UsageError
from border_kit.screening.model import Query
from border_kit.shipment.model import Identifier
from border_kit.shipment.readers import shipment_from_json
from tests.command import call, follows

HEAD = "id,kind,name,aliases,countries,born,identifiers,list\n"
LISTED = "1,person,Orvald Teskarin,Orvo Teskarin,XA,1967-04-19,passport:A1234567,A\n"
TODAY = date(2026, 11, 23)
WHY = "born 1990, the listed man in 1967"


def take(root: Path, rows: str, day: str = "2026-01-01") -> None:
    path = root / "parties.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    import_into("parties-csv", path, root / "catalog", edition=day, today=TODAY, install=install)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with one list, made once: a new one indexes the controls, which takes seconds."""
    root = tmp_path_factory.mktemp("begun")
    take(root, LISTED)
    return root


@pytest.fixture
def root(tmp_path: Path, begun: Path) -> Path:
    shutil.copytree(begun / "catalog", tmp_path / "catalog")
    return tmp_path


def at(root: Path, **options: object) -> Desk:
    return Desk(Settings(catalog=root / "catalog", casebook=root / "book.sqlite", operator="A12", **options))  # type: ignore[arg-type]  # as given


def cleared(desk: Desk, query: Query) -> tuple[bool, bool | None, str | None]:
    """Whether the answer alerts, and whether a clearing of its first hit holds, or why not."""
    found = desk.screen(query)
    mark = found.hits[0].cleared
    return found.alert, mark.holds if mark else None, mark.why_not if mark else None


def test_a_cleared_hit_stays_in_sight_and_decides_nothing(root: Path) -> None:
    desk = at(root)
    before = desk.screen(Query("Orvald Teskarin"))
    after = desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    assert (before.alert, after.alert) == (True, False)
    (hit,) = after.hits
    assert (hit.alert, hit.decides, hit.score) == (True, False, before.hits[0].score)
    assert hit.cleared is not None
    assert (hit.cleared.because, hit.cleared.operator, hit.cleared.holds) == (WHY, "A12", True)
    desk.close()


def test_it_is_remembered_by_the_office_and_stands_in_its_log(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    assert desk.casebook.verify().intact
    desk.close()
    later = at(root)
    assert cleared(later, Query("  orvald   TESKARIN ")) == (False, True, None)
    (one,) = later.cleared()
    assert (one.name, one.refs, one.because, one.operator) == ("Orvald Teskarin", (("A", "1"),), WHY, "A12")
    later.close()


def test_another_spelling_is_another_question(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    assert cleared(desk, Query("Orvo Teskarin")) == (True, None, None)
    desk.close()


@pytest.mark.parametrize("change", [",Orvo Teskarin,XA,1968-04-19,", ",Orvo Teskarin;New Alias,XA,1967-04-19,"])
def test_it_returns_when_the_listing_changes(root: Path, change: str) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    desk.close()
    take(root, f"1,person,Orvald Teskarin{change}passport:A1234567,A\n", "2026-02-01")
    later = at(root)
    assert cleared(later, Query("Orvald Teskarin")) == (True, False, "the listing has changed since")
    later.close()


def test_it_holds_in_another_edition_that_says_the_same(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    desk.close()
    take(root, LISTED + "2,person,Someone Else,,,,,A\n", "2026-02-01")
    later = at(root)
    assert cleared(later, Query("Orvald Teskarin")) == (False, True, None)
    later.close()


def test_it_returns_when_another_list_names_the_same_party(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    desk.close()
    take(root, "9,person,Orvald Teskarin,,XA,1967-04-19,,B\n")
    later = at(root)
    assert len(later.screen(Query("Orvald Teskarin")).hits[0].refs) == 2
    assert cleared(later, Query("Orvald Teskarin")) == (True, False, "the listing has changed since")
    later.close()


def test_details_that_were_weighed_must_be_the_same(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin", born="1968"), "A:1", WHY)
    assert cleared(desk, Query("Orvald Teskarin", born="1968"))[1] is True
    assert cleared(desk, Query("Orvald Teskarin"))[1] is None
    assert cleared(desk, Query("Orvald Teskarin", born="1967"))[1] is None
    assert cleared(desk, Query("Orvald Teskarin", born="1968", country="XB"))[1] is True
    desk.close()


@pytest.mark.parametrize(
    "query",
    [
        Query("Orvald Teskarin", born="1967-04-19"),
        Query("Orvald Teskarin", identifiers=(Identifier("passport", "A 1234567"),)),
    ],
)
def test_a_detail_that_speaks_for_the_party_ends_it(root: Path, query: Query) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    assert cleared(desk, query) == (True, False, "a detail now speaks for the party")
    desk.close()


def test_it_can_be_withdrawn_and_the_log_keeps_both(root: Path) -> None:
    desk = at(root)
    desk.clear(Query("Orvald Teskarin"), "A 1", WHY)
    (one,) = desk.cleared()
    desk.withdraw_clearing(one.no, "the birth date was misread")
    assert (desk.cleared(), cleared(desk, Query("Orvald Teskarin"))) == ([], (True, None, None))
    kinds = [event.kind for event in desk.casebook.events(clearings.CASE)]
    assert kinds == ["party_cleared", "clearing_withdrawn"]
    with pytest.raises(InputError, match="no clearing 99"):
        desk.withdraw_clearing(99, "x")
    desk.close()


def test_wrong_uses_are_told(root: Path) -> None:
    desk = at(root)
    with pytest.raises(InputError, match="is no hit for this name"):
        desk.clear(Query("Orvald Teskarin"), "A:77", WHY)
    with pytest.raises(UsageError, match="needs a reason"):
        desk.clear(Query("Orvald Teskarin"), "A:1", " \u202e ")
    assert desk.cleared() == []
    desk.close()


def test_an_unreadable_casebook_leaves_every_alert(root: Path) -> None:
    (root / "book.sqlite").write_bytes(b"no database at all" * 100)
    desk = at(root)
    assert cleared(desk, Query("Orvald Teskarin")) == (True, None, None)
    desk.close()


def test_screening_makes_no_casebook(root: Path) -> None:
    desk = at(root)
    desk.screen(Query("Orvald Teskarin"))
    desk.close()
    assert not (root / "book.sqlite").exists()


def test_a_check_tells_it_and_is_not_stopped_by_it(root: Path) -> None:
    desk = at(root)
    shipment = shipment_from_json(
        {
            "id": "S",
            "parties": [{"role": "consignee", "name": "Orvald Teskarin"}],
            "lines": [{"no": 1, "description": "Cotton shirts"}],
        },
        position=1,
    )
    stopped = desk.assess(shipment)
    assert (stopped.decided_by, stopped.lane.value) == ("listed_party", "red")
    desk.clear(Query("Orvald Teskarin"), "A:1", WHY)
    again = desk.assess(shipment)
    assert again.decided_by != "listed_party"
    told = next(finding for finding in again.findings if finding.code == "listed_party_cleared")
    assert WHY in told.message
    assert again.parties[0].screening is not None
    assert again.parties[0].screening.hits[0].alert
    desk.close()


def test_the_command_clears_lists_and_withdraws(root: Path) -> None:
    options = ("--catalog", root / "catalog", "--casebook", root / "book.sqlite", "--json")
    found = call("screen", "Orvald Teskarin", "--clear", "A:1", "--because", WHY, "--operator", "A12", *options)
    assert (found.code, found.json["hits"][0]["cleared"]["because"]) == (0, WHY)
    assert follows("screen", found.json)
    assert call("screen", "Orvald Teskarin", *options).code == 0
    text = call("screen", "Orvald Teskarin", *options[:-1]).out
    assert "CLEARED BEFORE" in text
    assert f"by A12: {WHY}" in text
    (one,) = call("screen", "--cleared", *options).json["cleared"]
    assert (one["name"], one["refs"]) == ("Orvald Teskarin", [{"list": "A", "source_ref": "1"}])
    assert call("screen", "--withdraw", str(one["no"]), "--because", "misread", *options).json["cleared"] == []
    assert call("screen", "Orvald Teskarin", *options).code == 1


def test_the_mark_stands_in_batches_and_checks_too(root: Path) -> None:
    options = ("--catalog", root / "catalog", "--casebook", root / "book.sqlite")
    call("screen", "Orvald Teskarin", "--clear", "A:1", "--because", WHY, *options)
    rows = root / "rows.jsonl"
    rows.write_text('{"id": 1, "name": "Orvald Teskarin"}\n', encoding="utf-8")
    row = json.loads(call("screen", "--batch", rows, *options).out)
    assert row["hits"][0]["cleared"]["holds"] is True
    file = root / "s.json"
    file.write_text(
        json.dumps({"id": "S", "parties": [{"role": "consignee", "name": "Orvald Teskarin"}], "lines": []}),
        encoding="utf-8",
    )
    answer = call("check", file, *options, "--json").json["assessments"][0]
    assert answer["parties"][0]["screening"]["hits"][0]["cleared"]["because"] == WHY


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--clear", "A:1"), "Give a NAME"),
        (("Name", "--cleared"), "Give a NAME"),
        (("Name", "--list", "NOWHERE"), "no list 'NOWHERE'"),
        (("Orvald Teskarin", "--clear", "A:1"), "needs a reason"),
    ],
)
def test_wrong_options_are_told(root: Path, arguments: tuple[str, ...], words: str) -> None:
    found = call("screen", *arguments, "--catalog", root / "catalog", "--casebook", root / "book.sqlite")
    assert found.code == 2
    assert words in found.err


def test_one_list_can_be_asked_alone(root: Path) -> None:
    take(root, "9,person,Orvald Teskarin,,XB,1950-02-02,,B\n")
    options = ("--catalog", root / "catalog", "--json")
    assert {hit["list"] for hit in call("screen", "Orvald Teskarin", *options).json["hits"]} == {"A", "B"}
    alone = call("screen", "Orvald Teskarin", "--list", "B", *options).json["hits"]
    assert [(hit["list"], hit["source_ref"]) for hit in alone] == [("B", "9")]
