"""Every office's layout, read with all it says: the entries are invented, the layouts are the offices' own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.catalog.importers import embedded, nations
from border_kit.catalog.importers.base import Gone, Listing, Order, Skipped
from border_kit.catalog.importers.dates import births
from border_kit.catalog.importers.entry import numbers
from border_kit.catalog.importers.registry import Parties, find
from border_kit.catalog.writer import no_progress
from border_kit.errors import InputError
from tests.catalog import layouts

TODAY = date(2026, 11, 23)


class Taken:
    """What a reader made of a text."""

    def __init__(
        self, folder: Path, kind: str, text: str | bytes, name: str = "list.txt", list_id: str | None = None
    ) -> None:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        importer = find(kind)
        assert isinstance(importer, Parties)
        self.batch = importer.read(Order(path, list_id, None, TODAY, no_progress))
        rows = list(self.batch.rows)
        self.listings = [row for row in rows if isinstance(row, Listing)]
        self.skipped = [(row.row, row.reason) for row in rows if isinstance(row, Skipped)]
        self.gone = [row for row in rows if isinstance(row, Gone)]

    def __getitem__(self, ref: str) -> Listing:
        (found,) = [row for row in self.listings if row.ref == ref]
        return found


def names(listing: Listing) -> list[tuple[str, str]]:
    return [(name.text, name.quality) for name in listing.names]


def facts(listing: Listing, kind: str) -> list[str]:
    return [value for name, value in listing.facts if name == kind]


def test_ofac_xml_in_the_classic_schema(tmp_path: Path) -> None:
    found = Taken(tmp_path, "ofac-xml", layouts.OFAC_XML)
    assert (found.batch.stated, found.batch.default_list) == ("2025-04-22", "OFAC-SDN")
    assert found.skipped == [(3, "the name is empty")]
    person = found["40"]
    assert (person.kind, person.caption, person.programme) == ("person", "TESKARIN, Orvald", "EXA; EXB")
    assert names(person) == [
        ("TESKARIN, Orvald", "primary"), ("TESKARINOV, O.", "alias"), ("OWL", "weak"), ("OLD NAME", "former"),
    ]  # fmt: skip
    assert facts(person, "born") == ["1950-06-05", "1950/1952"]
    assert facts(person, "country") == ["IR", "KP"]
    assert facts(person, "linked_to") == ["INVENTED LINES"]
    assert facts(person, "gender") == ["male"]
    assert person.identifiers == (("passport", "A1234567"),)
    assert person.note == "Secondary sanctions risk: section 1(b)"
    assert found["50"].identifiers == (("imo", "9074729"), ("mmsi", "572469210"), ("call_sign", "ABCD"))
    assert (found["50"].kind, facts(found["50"], "flag"), facts(found["50"], "country")) == (
        "vessel",
        ["Panama"],
        ["PA"],
    )


def test_ofac_xml_in_the_advanced_schema(tmp_path: Path) -> None:
    found = Taken(tmp_path, "ofac-xml", layouts.OFAC_ADVANCED)
    assert found.batch.stated == "2025-04-22"
    assert found.skipped == [(4, "the profile '70' has no sanctions entry")]
    person = found["40"]
    assert (person.list, person.kind, person.programme, person.listed_on) == ("OFAC-SDN", "person", "EXA", "2001-12-04")
    assert names(person) == [
        ("TESKARIN, Orvald", "primary"), ("ТЕСКАРИН, Орвальд", "original"), ("OWL", "weak"), ("OLD, Name", "former"),
    ]  # fmt: skip
    assert facts(person, "born") == ["1950-06-05", "1950/1952", "1958/1963"]
    assert facts(person, "country") == ["IR", "KP"]
    assert facts(person, "address") == ["1 Quay, Nowhere, Korea, North"]
    assert (facts(person, "place_of_birth"), facts(person, "title"), facts(person, "gender")) == (
        ["Nowhere, Exampland"], ["Director"], ["male"],
    )  # fmt: skip
    assert set(person.identifiers) == {("passport", "A1234567"), ("digital_currency", "1Inv3nt3d")}
    assert person.note == "Additional Sanctions Information Subject to something; A remark"
    vessel = found["50"]
    assert (vessel.kind, facts(vessel, "vessel_type"), facts(vessel, "country")) == ("vessel", ["Tug"], ["PA"])
    assert set(vessel.identifiers) == {("imo", "9074729"), ("call_sign", "ABCD")}


def test_an_advanced_profile_on_two_lists_stands_on_both(tmp_path: Path) -> None:
    found = Taken(tmp_path, "ofac-xml", layouts.OFAC_ADVANCED)
    bank = [(row.list, row.programme) for row in found.listings if row.ref == "60"]
    assert sorted(bank) == [("OFAC-CONS", "Non-SDN Invented List"), ("OFAC-SDN", "EXB")]
    assert facts(next(row for row in found.listings if row.ref == "60"), "established") == ["1994-03-02"]


def test_both_ofac_schemas_write_the_same_name(tmp_path: Path) -> None:
    classic, advanced = (Taken(tmp_path, "ofac-xml", text) for text in (layouts.OFAC_XML, layouts.OFAC_ADVANCED))
    assert classic["40"].caption == advanced["40"].caption


def test_the_eu_xml(tmp_path: Path) -> None:
    found = Taken(tmp_path, "eu-xml", layouts.EU_XML)
    assert (found.batch.stated, found.batch.default_list) == ("2025-04-15", "EU")
    assert found.skipped == [(3, "the name is empty")]
    person = found["EU.27.28"]
    assert names(person) == [("Orvald TESKARIN", "primary"), ("Орвальд Тескарин", "alias"), ("Orv OWL", "weak")]
    assert [name.language for name in person.names] == ["en", "ru", None]
    assert facts(person, "born") == ["1950-06-05", "1950/1952", "1958/1963", "1970-04"]
    assert facts(person, "born_text") == ["1390 (islamic calendar)"]
    assert facts(person, "country") == ["IR", "FR"]
    assert facts(person, "see") == ["un:XXi.001"]
    assert facts(person, "false_document") == ["passport F000000"]
    assert facts(person, "address") == ["1 Quay, 99, Nowhere, FRANCE"]
    assert person.identifiers == (("passport", "A1234567"),)
    assert facts(person, "passport_text") == ["A1234567 (issued in Nowhere)"]
    assert (person.kind, person.programme, person.listed_on, person.note) == (
        "person", "EXA", "2008-07-03", "A remark on the entry",
    )  # fmt: skip
    assert found["EU.28.1"].kind == "organisation"


@pytest.mark.parametrize("text", [layouts.EU_CSV_11, layouts.EU_CSV_10])
def test_the_eu_csv_in_both_its_formats(tmp_path: Path, text: str) -> None:
    found = Taken(tmp_path, "eu-csv", text)
    assert (found.batch.stated, found.batch.partial) == ("2025-04-15", False)
    person = found["EU.27.28"]
    assert (person.kind, person.caption, person.programme, person.note) == (
        "person",
        "Orvald TESKARIN",
        "EXA",
        "A remark",
    )
    assert facts(person, "born")[0] == "1950-06-05"
    assert set(facts(person, "country")) == {"FR", "IR"}
    assert facts(person, "gender") == ["male"]
    assert person.identifiers[0][1] == "A1234567"


def test_rows_of_one_eu_entity_are_joined_wherever_they_stand(tmp_path: Path) -> None:
    found = Taken(tmp_path, "eu-csv", layouts.EU_CSV_11)
    assert [row.ref for row in found.listings] == ["EU.27.28", "EU.28.1"]
    assert names(found["EU.27.28"]) == [("Orvald TESKARIN", "primary"), ("Орвальд Тескарин", "alias")]
    assert facts(found["EU.27.28"], "see") == ["un:XXi.001"]


def test_the_journal_is_recognised_by_its_header(tmp_path: Path) -> None:
    found = Taken(tmp_path, "eu-csv", layouts.JOURNAL)
    assert {row.list for row in found.listings} == {"EU-39999R0001"}
    person = found["39999R0001/I.PERSONS/1"]
    assert names(person) == [
        ("Orvald TESKARIN", "primary"), ("Орвальд ТЕСКАРИН", "alias"), ("Owl; the", "alias"), ("Orv", "weak"),
    ]  # fmt: skip
    assert facts(person, "born") == ["1950-06-05", "1951"]
    assert (facts(person, "country"), facts(person, "country_text")) == (["IR"], ["Nowhereish"])
    assert person.identifiers == (("passport", "series 12 No 345678"),)
    assert (person.listed_on, person.note) == ("2014-03-17", "A reason, in words")
    works = found["39999R0001/I.ENTITIES/2"]
    assert works.identifiers == (("registration", "1027700000001"), ("tax", "7700000001"))
    assert (facts(works, "established"), facts(works, "country")) == (["2015-09-04"], ["RU"])
    ship = found["39999R0001/V/7"]
    assert (ship.kind, facts(ship, "flag"), ship.identifiers) == (
        "vessel", ["Cameroon"], (("imo", "9074729"), ("mmsi", "572469210")),
    )  # fmt: skip


def test_entries_that_an_annex_does_not_number_are_all_kept(tmp_path: Path) -> None:
    found = Taken(tmp_path, "eu-csv", layouts.JOURNAL)
    assert [row.ref for row in found.listings if "/IV/" in row.ref] == [
        "39999R0001/IV/no number works", "39999R0001/IV/no number works (2)",
    ]  # fmt: skip


def test_the_journal_takes_the_list_that_the_caller_names(tmp_path: Path) -> None:
    assert {row.list for row in Taken(tmp_path, "eu-csv", layouts.JOURNAL, list_id="EU-X").listings} == {""}


def test_an_amending_act_says_that_it_is_one(tmp_path: Path) -> None:
    found = Taken(tmp_path, "eu-csv", layouts.AMENDMENT)
    assert found.batch.partial
    assert [(row.list, row.ref) for row in found.listings] == [
        ("EU-39999R0001", "39999R0001/I.ENTITIES/2"), ("EU-39999R0001", "39999R0001/I.PERSONS/8"),
    ]  # fmt: skip


def test_ofsi_rows_are_joined_by_group(tmp_path: Path) -> None:
    found = Taken(tmp_path, "uk-csv", layouts.OFSI)
    assert (found.batch.stated, found.batch.default_list, len(found.listings)) == ("2025-04-27", "UK-OFSI", 2)
    person = found["9053"]
    assert names(person) == [
        ("Orvald TESKARIN", "primary"), ("تسكارين", "original"), ("OWL", "weak"), ("Orvaldo TESKARIN", "former"),
    ]  # fmt: skip
    assert facts(person, "born") == ["1950-06-05", "1951-07", "1952"]
    assert set(facts(person, "country")) == {"IR", "FR"}
    assert person.identifiers == (("passport", "A1234567"), ("passport", "B7654321"))
    assert (facts(person, "see"), facts(person, "gender"), person.listed_on) == (["un:XXi.001"], ["male"], "2008-03-28")
    assert (found["9054"].kind, found["9054"].identifiers) == ("organisation", (("imo", "9074729"),))


def test_a_cell_of_ofsi_that_numbers_its_values_holds_several(tmp_path: Path) -> None:
    numbered = {
        ",A1234567,": ",(1) A1234567 (2) B-765 432. (3) C99,",
        ",Nowhere,Iran,Iran,": ",(1) Nowhere (2) Elsewhere,(1) Iran (2) France,(1) Iran (2) Iraq,",
        ",Director,": ",(1) Director (2) Chair (since 2019),",
        "05/06/1950": "(1) 05/06/1950. (2) 00/00/1953",
        "Passport no: B7654321": "",
    }
    text = layouts.OFSI
    for old, new in numbered.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    person = Taken(tmp_path, "uk-csv", text)["9053"]
    assert person.identifiers == (("passport", "A1234567"), ("passport", "B-765 432"), ("passport", "C99"))
    assert facts(person, "place_of_birth") == ["Nowhere, Iran", "Elsewhere, France"]
    assert facts(person, "designation") == ["Director", "Chair (since 2019)"]
    assert facts(person, "born") == ["1950-06-05", "1953", "1951-07", "1952"]
    assert set(facts(person, "country")) == {"IR", "IQ", "FR"}


def test_the_uk_sanctions_list(tmp_path: Path) -> None:
    found = Taken(tmp_path, "uk-csv", layouts.UK_SANCTIONS_LIST)
    assert (found.batch.stated, found.batch.default_list) == ("2025-10-14", "UK-SL")
    person = found["EXA0001"]
    assert names(person) == [("Orvald TESKARIN", "primary"), ("OWL", "weak")]
    assert facts(person, "born") == ["1951", "1950-06-05"]
    assert facts(person, "see") == ["un:XXi.001", "uk:9053"]
    assert person.identifiers == (("passport", "A1234567"),)
    ship = found["EXA0002"]
    assert (ship.kind, ship.identifiers, facts(ship, "flag"), facts(ship, "country")) == (
        "vessel", (("imo", "9074729"),), ["Panama"], ["PA"],
    )  # fmt: skip


@pytest.mark.parametrize("text", [layouts.CSL, layouts.CSL_NEW])
def test_the_consolidated_screening_list_in_both_layouts(tmp_path: Path, text: str) -> None:
    found = Taken(tmp_path, "csl-csv", text)
    assert [row.list for row in found.listings] == ["CSL-SDN", "CSL-DPL", "CSL-EL", "CSL-SDN"]
    assert found.skipped == [(6, "the source is empty")]
    person = found["40"]
    assert names(person) == [("TESKARIN, Orvald", "primary"), ("OWL", "alias"), ("Old Owl", "alias")]
    assert (facts(person, "born"), facts(person, "country"), facts(person, "see")) == (
        ["1950-06-05"], ["IR", "KP"], ["ofac:40"],
    )  # fmt: skip
    assert (person.identifiers, facts(person, "gender")) == ((("passport", "A1234567"),), ["male"])
    denied = found.listings[1]
    assert (denied.caption, denied.listed_on, denied.ends) == ("INVENTED LINES", "2016-10-13", "2020-10-13")
    assert set(found["50"].identifiers) == {("imo", "9074729"), ("call_sign", "ABCD"), ("passport", "A765")}


def test_both_layouts_of_the_screening_list_give_the_same_entries(tmp_path: Path) -> None:
    old, new = (Taken(tmp_path, "csl-csv", text).listings for text in (layouts.CSL, layouts.CSL_NEW))
    assert old == new


def test_the_denied_persons_list(tmp_path: Path) -> None:
    found = Taken(tmp_path, "dpl-tsv", layouts.DPL)
    assert (found.batch.stated, found.batch.default_list) == ("2022-08-29", "BIS-DPL")
    first, ended, endless = found.listings
    assert (first.caption, first.listed_on, first.ends) == ("ORVALD TESKARIN", "2003-06-19", "2056-06-29")
    assert facts(first, "country") == ["US"]
    assert (ended.ends, endless.ends) == ("2020-10-13", None)
    assert len({row.ref for row in found.listings}) == 3


def test_followthemoney_entities_stand_on_the_lists_of_their_datasets(tmp_path: Path) -> None:
    found = Taken(tmp_path, "ftm-jsonl", layouts.FTM)
    assert (found.batch.stated, found.batch.partial) == ("2025-06-01", False)
    assert [(row.list, row.ref) for row in found.listings] == [
        ("eu_fsf", "NK-1"), ("us_ofac_sdn", "NK-1"), ("eu_fsf", "NK-2"), ("eu_fsf", "NK-4"),
    ]  # fmt: skip
    assert found.skipped == [(4, "it has no schema or no properties"), (5, found.skipped[1][1])]
    assert "no JSON" in found.skipped[1][1]
    person = found.listings[0]
    assert names(person) == [
        ("Orvald TESKARIN", "primary"), ("Орвальд Тескарин", "alias"), ("O. Teskarin", "alias"), ("Old Name", "former"), ("Owl", "weak"),
    ]  # fmt: skip
    assert facts(person, "see") == ["ofac:40", "eu:EU.27.28", "uk:9053"]
    assert (facts(person, "country"), person.programme) == (["IR"], "EXA")
    ship = found["NK-2"]
    assert (ship.caption, ship.identifiers) == (
        "Zumurrud Star", (("imo", "IMO9074729"), ("mmsi", "572469210"), ("call_sign", "ABCD")),
    )  # fmt: skip
    assert found["NK-4"].caption == "Ana Invented"


def test_followthemoney_as_one_array_is_the_same(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in layouts.FTM.splitlines() if line.startswith("{")]
    array = Taken(tmp_path, "ftm-jsonl", json.dumps(lines, indent=2))
    assert [row.ref for row in array.listings] == [
        row.ref for row in Taken(tmp_path, "ftm-jsonl", layouts.FTM).listings
    ]


def test_a_delta_names_what_changes_and_what_goes(tmp_path: Path) -> None:
    found = Taken(tmp_path, "ftm-jsonl", layouts.FTM_DELTA, name="20250602134729-abc.entities.delta.json")
    assert (found.batch.stated, found.batch.partial) == ("2025-06-02", True)
    assert [(row.ref, set(row.kept)) for row in found.gone] == [
        ("NK-5", {"eu_fsf"}), ("NK-1", {"eu_fsf"}), ("NK-2", set()), ("NK-99", set()),
    ]  # fmt: skip
    assert [row.ref for row in found.listings] == ["NK-5", "NK-1"]
    assert found.skipped == [(5, "the operation 'BOOM' is none of ADD, MOD, DEL with an entity")]


def test_senzing_records_flat_and_as_features(tmp_path: Path) -> None:
    found = Taken(tmp_path, "senzing-jsonl", layouts.SENZING)
    assert [(row.list, row.ref, row.kind) for row in found.listings] == [
        ("CUSTOMERS", "1001", "person"), ("CUSTOMERS", "1002", "organisation"), ("OTHER", "1003", "unknown"),
    ]  # fmt: skip
    assert found.skipped == [(4, "the id is empty")]
    person = found["1001"]
    assert (person.caption, facts(person, "born")) == ("Orvald J. Teskarin", ["1950-06-05"])
    assert set(person.identifiers) == {("passport", "A1234567"), ("national_id", "123-45-6789")}
    assert names(found["1002"]) == [("Invented Works", "primary"), ("IW", "alias")]
    assert facts(found["1002"], "established") == ["2015-09-04"]
    assert names(found["1003"]) == [("Full Name", "primary"), ("Owl", "weak")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("28.2.2011", ["2011-02-28"]),
        ("Nov. 1973", ["1973-11"]),
        ("9 Oct.1979", ["1979-10-09"]),
        ("September 15, 1972", ["1972-09-15"]),
        ("(a) 1.2.1970, (b) 10.10.1975", ["1970-02-01", "1975-10-10"]),
        ("(a) 5 Dec. 1965 (b) 1970", ["1965-12-05", "1970"]),
        ("5.5.1975 or 15.5.1975", ["1975-05-05", "1975-05-15"]),
        ("1970, 1971 or 1972", ["1970", "1971", "1972"]),
        ("Between 1960 and 1965", ["1960/1965"]),
        ("Between 1960 and 1965 (Approximately)", ["1959/1966"]),
        ("circa-1951", ["1950/1952"]),
        ("March/April 1975", ["1975"]),
        ("13.2.1970 (1.3.1971 for the alias X Y)", ["1970-02-13"]),
        ("dd/mm/1951", ["1951"]),
        ("12.1.1390 (Hijri Calendar)", []),
        ("31.2.1970", []),
        ("Nowhere, Exampland", []),
        ("before 1964", []),
    ],
)
def test_dates_of_birth_in_the_forms_that_lists_print(text: str, read: list[str]) -> None:
    assert births(text) == read


def test_slashes_are_read_as_the_office_writes_them() -> None:
    assert (births("03/04/1970", "dmy"), births("03/04/1970", "mdy")) == (["1970-04-03"], ["1970-03-04"])
    assert (births("00/09/1962", "dmy"), births("10/00/1983", "dmy")) == (["1962-09"], ["1983"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("03/04/1970", []),
        ("23/04/1970", ["1970-04-23"]),
        ("04/23/1970", ["1970-04-23"]),
        ("04/04/1970", ["1970-04-04"]),
    ],
)
def test_where_nobody_says_the_order_nothing_is_guessed(text: str, read: list[str]) -> None:
    assert births(text) == read


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Russian", ["RU"]),
        ("Iran (Islamic Republic of)", ["IR"]),
        ("(a) German, (b) Moroccan", ["DE", "MA"]),
        ("Ukrainian, Russian", ["UA", "RU"]),
        ("Italian since 1990", ["IT"]),
        ("Korea, North", ["KP"]),
        ("Trinidad and Tobago", ["TT"]),
        ("Nowhereish", [None]),
    ],
)
def test_countries_in_the_forms_that_lists_print(text: str, codes: list[str | None]) -> None:
    assert [code for code, _ in nations.countries(text)] == codes


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("26722 (Trade Register Number), 7881047729 (TIN)", ["26722", "7881047729"]),
        ("6102 632261, issued on 16.10.2002", ["6102 632261"]),
        ("Passport No. A1234567 (issued 1 Jan 2000)", ["A1234567"]),
        ("A 123-4", ["A 123-4"]),
        ("(unknown)", ["(unknown)"]),
        ("--", []),
    ],
)
def test_numbers_without_the_words_beside_them(text: str, read: list[str]) -> None:
    assert numbers(text) == read


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("ofac-xml", layouts.EU_XML, "no OFAC list: its root is 'export'"),
        ("eu-xml", layouts.OFAC_XML, "no EU financial sanctions file"),
        ("eu-csv", layouts.OFSI, "no EU list"),
        ("uk-csv", layouts.CSL, "no UK list"),
        ("csl-csv", layouts.OFSI, "has no column source, name"),
        ("dpl-tsv", layouts.CSL, "has no column"),
    ],
)
def test_a_list_of_another_office_is_told(tmp_path: Path, kind: str, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Taken(tmp_path, kind, text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Orvald TESKARIN", [("Orvald TESKARIN", "primary")]),
        ("Major Orvald (a.k.a. Orvalt, Orwald) TESKARIN", [
            ("Major Orvald TESKARIN", "primary"), ("Major Orvalt TESKARIN", "alias"), ("Major Orwald TESKARIN", "alias"),
        ]),
        ("Orvald TESKARIN (a.k.a. Olaf the Owl)", [("Orvald TESKARIN", "primary"), ("Olaf the Owl", "alias")]),
        ("Орвальд ТЕСКАРИН / Oрвальд ТЕСКАРIН", [("Орвальд ТЕСКАРИН", "primary"), ("Oрвальд ТЕСКАРIН", "alias")]),
        ("OTV/OTV Mir", [("OTV/OTV Mir", "primary")]),
        ("Works of Orvald (formerly “Old Works” or “Older Works”)", [
            ("Works of Orvald", "primary"), ("Old Works", "former"), ("Older Works", "former"),
        ]),
        ("Tesk (original script: Теск)", [("Tesk", "primary"), ("Теск", "original")]),
        ("Orvald al-Tesk (as previously listed, in Arabic: تسك)", [("Orvald al-Tesk", "primary"), ("تسك", "original")]),
        ("Orvald Tesk (born on 14.1.1968 in Nowhere)", [("Orvald Tesk", "primary")]),
        ("Invented Works; and any successor, sub-unit, or subsidiary thereof", [("Invented Works", "primary")]),
        ("Орвальд Тескарин Belarusian: Орвальд Тэскарын", [("Орвальд Тескарин", "primary"), ("Орвальд Тэскарын", "alias")]),
        ("Orvald TESKARIN Орвальд ТЕСКАРИН", [("Orvald TESKARIN", "primary"), ("Орвальд ТЕСКАРИН", "alias")]),
        ("Works TB Орвальд", [("Works TB Орвальд", "primary")]),
        ("the Owl (Russian: Сова)", [("the Owl", "primary"), ("Сова", "original")]),
        ("Orvalda TESKARINA (born BRUMO)", [("Orvalda TESKARINA (born BRUMO)", "primary")]),
        ("Invented Group (IG) Company Limited", [("Invented Group (IG) Company Limited", "primary")]),
    ],
)  # fmt: skip
def test_names_that_are_printed_inside_one_cell_stand_alone(text: str, read: list[tuple[str, str]]) -> None:
    assert [(" ".join(name.split()), quality) for name, quality in embedded.names(text, "primary")] == read


@pytest.mark.parametrize(
    "text", ["f.k.a.: Old Works", "Old Works (previously listed as)", "Old Works (formerly listed as)"]
)
def test_a_name_that_is_said_to_be_former_is(text: str) -> None:
    assert [(name.strip(), quality) for name, quality in embedded.names(text, "alias")] == [("Old Works", "former")]


@given(st.text(max_size=60), st.sampled_from(["primary", "alias", "weak"]))
def test_any_text_gives_names_and_never_an_error(text: str, quality: str) -> None:
    assert {kind for _, kind in embedded.names(text, quality)} <= {quality, "alias", "former", "original"}
