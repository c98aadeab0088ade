"""One party on several lists: when listings are joined, why, and when they are parted again."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.catalog import volumes, writer
from border_kit.catalog.importers import import_into, parties_volume
from border_kit.catalog.importers.base import Listing, Name
from border_kit.catalog.importers.parties_volume import Edition
from tests.catalog import layouts

TODAY = date(2026, 11, 23)
HEAD = "id,kind,name,aliases,countries,born,identifiers,list\n"


def take(into: Path, rows: str, day: str = "2026-01-01") -> None:
    path = into.parent / "parties.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    import_into("parties-csv", path, into, edition=day, today=TODAY)


def parties(into: Path) -> list[set[str]]:
    """The listings of every party, by `list:id`."""
    catalog = volumes.open_catalog(into, TODAY)
    try:
        found: dict[str, set[str]] = {}
        for row in catalog.rows("parties", "SELECT party, list, source_ref FROM listing WHERE valid_to IS NULL"):
            found.setdefault(row["party"], set()).add(f"{row['list']}:{row['source_ref']}")
        assert all(party == min(group) for party, group in found.items())
        return sorted(found.values(), key=min)
    finally:
        catalog.close()


def reasons(into: Path) -> list[tuple[str, str]]:
    catalog = volumes.open_catalog(into, TODAY)
    try:
        return [tuple(row) for row in catalog.rows("parties", "SELECT rule, evidence FROM link ORDER BY one, other")]
    finally:
        catalog.close()


def joined(tmp_path: Path, one: str, other: str) -> bool:
    into = tmp_path / "catalog"
    take(into, f"1,{one},A\n")
    take(into, f"1,{other},B\n")
    return len(parties(into)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vessel,Zumurrud Star,,,,imo:9074729", "vessel,Renamed Pearl,,,,imo:IMO 9074729"),
        ("organisation,Invented Works,,,,lei:529900T8BM49AURSDO55", "organisation,IW Group,,,,lei:529900T8BM49AURSDO55"),
        ("person,Orvald Teskarin,,,1967-04-19,", 'person,"TESKARIN, Orvald",,,1967-04-19,'),
        ("person,Orvald Teskarin,O. Teskarin;Орвальд Тескарин,,1967-04-19,", "person,Орвальд Тескарин,,,1967-04-19,"),
        ("person,Orvald Teskarin,,IR,,passport:A1234567", "person,Orwald Teskaryn,,IR,,passport:A 1234567"),
        ("person,Orvald Teskarin,,,1967-04-19,passport:A1234567", "person,Orwald Teskaryn,,,1967-04-19,passport:A1234567"),
        ("unknown,Zumurrud Star,,,,imo:9074729", "vessel,Zumurrud Star,,,,imo:9074729"),
    ],
)  # fmt: skip
def test_these_are_one_party(tmp_path: Path, one: str, other: str) -> None:
    assert joined(tmp_path, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("person,Orvald Teskarin,,IR,1967,", "person,Orvald Teskarin,,IR,1967,"),  # a name and a year
        ("person,Orvald Teskarin,,IR,1967-01-01,", "person,Orvald Teskarin,,IR,1967-01-01,"),  # a first of January
        ("person,Orvald Teskarin,,IR,1967-04-19,", "person,Orvald Teskarin,,IR,1967-04-20,"),
        ("person,Orvald,,IR,1967-04-19,", "person,Orvald,,IR,1967-04-19,"),  # one word
        ("organisation,Invented Works,,RU,,", "organisation,Invented Works,,RU,,"),  # a name alone
        (
            "person,Orvald Teskarin,,IR,,passport:A1234567",
            "person,Other Name,,FR,,passport:A1234567",
        ),  # nothing beside it
        ("person,Orvald Teskarin,,IR,,passport:A123", "person,Other Name,,IR,,passport:A123"),  # too short
        ("vessel,Zumurrud Star,,,,imo:9074720", "vessel,Zumurrud Star,,,,imo:9074720"),  # no IMO number
        ("vessel,Zumurrud Star,,,,imo:9074729", "organisation,Zumurrud Star,,,,imo:9074729"),  # another kind
        (
            "vessel,Zumurrud Star,,,2001-04-19,imo:9074729",
            "vessel,Zumurrud Star,,,2001-04-19,imo:9319466",
        ),  # another ship
    ],
)
def test_these_are_two_parties(tmp_path: Path, one: str, other: str) -> None:
    assert not joined(tmp_path, one, other)


def test_two_entries_of_one_list_are_never_joined(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    rows = "1,vessel,Zumurrud Star,,,,imo:9074729,A\n2,vessel,Zumurrud Star,,,,imo:9074729,A\n"
    take(into, rows)
    assert parties(into) == [{"A:1"}, {"A:2"}]
    take(into, "9,vessel,Zumurrud Star,,,,imo:9074729,B\n")
    assert parties(into) == [{"A:1", "B:9"}, {"A:2"}]


def test_the_reason_is_kept(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "1,vessel,Zumurrud Star,,,,imo:9074729,A\n2,person,Orvald Teskarin,,,1967-04-19,,A\n")
    take(into, "7,vessel,Pearl,,,,imo:9074729,B\n8,person,Teskarin Orvald,,,1967-04-19,,B\n")
    assert reasons(into) == [
        ("number", "imo 9074729"), ("name_and_date", "the name orvald teskarin and 1967-04-19"),
    ]  # fmt: skip


def test_a_list_that_names_the_other_lists_entry(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    un = tmp_path / "un.xml"
    un.write_text(
        '<CONSOLIDATED_LIST dateGenerated="2025-02-27"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>Another</FIRST_NAME><SECOND_NAME>Spelling</SECOND_NAME>'
        "<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    files = {
        "eu-xml": layouts.EU_XML,
        "uk-csv": layouts.OFSI,
        "ofac-xml": layouts.OFAC_XML,
        "csl-csv": layouts.CSL,
        "ftm-jsonl": layouts.FTM,
    }
    import_into("un-xml", un, into, today=TODAY)
    for kind, text in files.items():
        path = tmp_path / f"{kind}.txt"
        path.write_text(text, encoding="utf-8")
        import_into(kind, path, into, edition="2025-06-01", today=TODAY)
    person = next(group for group in parties(into) if "UN-SC:XXi.001" in group)
    assert person == {
        "UN-SC:XXi.001",
        "EU:EU.27.28",
        "UK-OFSI:9053",
        "OFAC-SDN:40",
        "CSL-SDN:40",
        "eu_fsf:NK-1",
        "us_ofac_sdn:NK-1",
    }
    assert ("reference", "EU names un:XXi.001") in reasons(into)


def test_a_list_that_changes_parts_what_it_had_joined(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "1,vessel,Zumurrud Star,,,,imo:9074729,A\n")
    take(into, "7,vessel,Pearl,,,,imo:9074729,B\n")
    assert parties(into) == [{"A:1", "B:7"}]
    take(into, "7,vessel,Pearl,,,,imo:9319466,B\n", "2026-02-01")
    assert parties(into) == [{"A:1"}, {"B:7"}]
    catalog = volumes.open_catalog(into, TODAY)
    assert [tuple(row) for row in catalog.rows("parties", "SELECT id, caption FROM party ORDER BY id")] == [
        ("A:1", "Zumurrud Star"), ("B:7", "Pearl"),
    ]  # fmt: skip
    parts = "SELECT party FROM party_name UNION ALL SELECT party FROM identifier"
    assert {row[0] for row in catalog.rows("parties", parts)} == {"A:1", "B:7"}
    catalog.close()


def test_a_chain_joins_three_lists_under_the_least_id(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "5,person,Orvald Teskarin,,,1967-04-19,,C\n")
    take(into, "1,person,Orvald Teskarin,,IR,1967-04-19,passport:A1234567,B\n")
    take(into, "3,person,Orwald Teskaryn,,IR,,passport:A1234567,A\n")
    assert parties(into) == [{"A:3", "B:1", "C:5"}]


_WORDS = st.sampled_from(["orvald", "teskarin", "brumo", "zumurrud"])
_LISTING = st.builds(
    lambda name, born, imo, kind: Listing(
        list="", ref="", kind=kind, caption=" ".join(name), names=(Name(" ".join(name), "primary"),),
        facts=(("born", born),) if born else (), identifiers=(("imo", imo),) if imo else (),
    ),
    st.lists(_WORDS, min_size=1, max_size=2, unique=True),
    st.sampled_from([None, "1967-04-19", "1967-01-01", "1971-02-03"]),
    st.sampled_from([None, "9074729", "9319466"]),
    st.sampled_from(["person", "vessel", "unknown"]),
)  # fmt: skip
_LISTS = st.dictionaries(
    st.sampled_from("ABC"), st.dictionaries(st.sampled_from("123"), _LISTING, min_size=1), min_size=2, max_size=3
)


def _digest(folder: Path, lists: dict[str, dict[str, Listing]], order: tuple[str, ...]) -> str:

    path = folder / "v.sqlite"
    path.unlink(missing_ok=True)
    connection = writer.create(path, "parties")
    try:
        for name in order:
            rows = [replace(listing, ref=ref) for ref, listing in lists[name].items()]
            edition = Edition(name, "2026-01-01", "parties-csv", "test", assumed=False)
            parties_volume.merge(connection, rows, lambda _, edition=edition: edition)  # type: ignore[misc]  # bound at once
        return writer.digest(connection, "parties")
    finally:
        connection.close()


@settings(max_examples=25)
@given(lists=_LISTS)
def test_the_order_of_imports_never_shows(
    tmp_path_factory: pytest.TempPathFactory, lists: dict[str, dict[str, Listing]]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    digests = {_digest(folder, lists, order) for order in itertools.permutations(lists)}
    assert len(digests) == 1


def test_a_list_imported_again_with_other_content_and_back_is_joined_as_before(tmp_path: Path) -> None:
    into = tmp_path / "catalog"
    take(into, "1,vessel,Zumurrud Star,,,,imo:9074729,A\n")
    for number, day in (("9074729", "2026-01-01"), ("9319466", "2026-02-01"), ("9074729", "2026-03-01")):
        take(into, f"7,vessel,Pearl,,,,imo:{number},B\n", day)
    assert parties(into) == [{"A:1", "B:7"}]
