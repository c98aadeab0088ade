"""Official layouts, with invented entries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog import volumes
from border_kit.catalog.importers import import_into
from border_kit.catalog.importers.dates import born
from border_kit.catalog.importers.ofac_remarks import parse_remarks
from border_kit.errors import InputError
from border_kit.shipment import countries
from border_kit.shipment.countries import country_code

TODAY = date(2026, 11, 23)

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">
 <INDIVIDUALS>
  <INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ORVALD</FIRST_NAME><SECOND_NAME> TESKARIN </SECOND_NAME><THIRD_NAME/>
   <UN_LIST_TYPE>Exampland</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
   <GENDER>Male</GENDER><NAME_ORIGINAL_SCRIPT>اورفالد</NAME_ORIGINAL_SCRIPT>
   <NATIONALITY><VALUE>Iran (Islamic Republic of)</VALUE><VALUE>Nowhereland</VALUE></NATIONALITY>
   <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>“The Owl”; Orvaldo</ALIAS_NAME></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Orv</ALIAS_NAME></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Old Name</ALIAS_NAME><NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1971-05-06</DATE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1974</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><YEAR>1980</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A 123-4</NUMBER></INDIVIDUAL_DOCUMENT>
   <INDIVIDUAL_DOCUMENT/>
  </INDIVIDUAL>
  <INDIVIDUAL><FIRST_NAME>NAMED</FIRST_NAME></INDIVIDUAL>
 </INDIVIDUALS>
 <ENTITIES>
  <ENTITY><FIRST_NAME>INVENTED WORKS</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>
   <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Former Works</ALIAS_NAME></ENTITY_ALIAS>
   <ENTITY_ADDRESS><CITY>Nowhere</CITY><COUNTRY>France</COUNTRY></ENTITY_ADDRESS></ENTITY>
 </ENTITIES>
</CONSOLIDATED_LIST>
"""


def rows(into: Path, sql: str, volume: str = "parties") -> list[tuple[object, ...]]:
    catalog = volumes.open_catalog(into, TODAY)
    try:
        return [tuple(row) for row in catalog.rows(volume, sql)]
    finally:
        catalog.close()


def test_the_un_list_is_read_with_all_it_says(tmp_path: Path) -> None:
    path, into = tmp_path / "un.xml", tmp_path / "catalog"
    path.write_text(UN, encoding="utf-8")
    report = import_into("un-xml", path, into, edition="2020-01-01", today=TODAY)
    assert (report.taken, report.to_json()["list"], report.to_json()["edition"]) == (2, "UN-SC", "2026-02-27")
    assert [(row.row, row.reason) for row in report.skipped] == [(2, "the REFERENCE_NUMBER is empty")]
    assert set(rows(into, "SELECT name, quality FROM party_name")) == {
        ("ORVALD TESKARIN", "primary"), ("اورفالد", "original"), ("The Owl", "alias"), ("Orvaldo", "alias"),
        ("Orv", "weak"), ("Old Name", "former"), ("INVENTED WORKS", "primary"), ("Former Works", "former"),
    }  # fmt: skip
    assert set(rows(into, "SELECT type, value FROM party_fact WHERE party = 'UN-SC:XXi.001'")) == {
        ("country", "IR"), ("country_text", "Nowhereland"), ("gender", "male"), ("born", "1971-05-06"),
        ("born", "1973/1975"), ("born", "1958/1963"), ("born", "1980"),
    }  # fmt: skip
    assert rows(into, "SELECT type, folded FROM identifier") == [("passport", "a1234")]
    assert rows(into, "SELECT valid_from, listed_on FROM listing ORDER BY source_ref") == [
        ("2026-02-27", None), ("2012-12-31", "2012-12-31"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<SOMETHING/>", "its root is 'SOMETHING'"),
        (UN[:900], "no XML that can be read"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + UN[39:], "no XML that can be read"),
        ("{}", "no XML that can be read"),
        (UN.replace("Nowhereland", "x" * 9_000_000), "an entry has more than"),
        ("<CONSOLIDATED_LIST/>", "No row of un.xml could be taken"),
    ],
)
def test_xml_that_is_hostile_or_broken_is_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path, into = tmp_path / "un.xml", tmp_path / "catalog"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        import_into("un-xml", path, into, today=TODAY)
    assert not (into / "manifest.json").exists()


SDN = (
    '36,"INVENTED CARIBBEAN LINES",-0- ,"EXA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '40,"TESKARIN, Orvald","individual","EXA] [EXB","Director",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    "\"DOB 10 Dec 1948; alt. DOB circa 1951; POB Nowhere; nationality Korea, North; Gender Male; Passport A12 (Egypt); a.k.a. 'OWL'; Some rem\"\r\n"
    '50,"ZUMURRUD STAR","vessel","EXA",-0- ,"ABCD","Tug","100","200","Panama","Owner Co","Vessel Registration Identification IMO 9074729; MMSI 572469210."\r\n'
    '60,"XC-FUL","aircraft","EXA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Aircraft Tail Number XC-FUL"\r\n'
    '70,"broken row"\r\n\x1a'
)


@pytest.fixture
def ofac(tmp_path: Path) -> Path:
    folder = tmp_path / "ofac"
    folder.mkdir()
    (folder / "SDN.CSV").write_bytes(SDN.encode())
    (folder / "alt.csv").write_bytes(b'40,12,"aka","TESKARIN, O.",-0- \r\n36,13,"fka","OLD LINES",-0- \r\n\x1a')
    (folder / "add.csv").write_bytes(
        b'36,25,-0- ,"Havana","Cuba",-0- \r\n40,26,"Stra\xdfe 1","Zurich","Switzerland",-0- \r\n\x1a'
    )
    (folder / "sdn_comments.csv").write_bytes(b"40,\"ark continued; a.k.a. 'HAWK'.\"\r\n")
    return folder


def test_the_ofac_folder_is_joined_from_its_files(tmp_path: Path, ofac: Path) -> None:
    into = tmp_path / "catalog"
    report = import_into("ofac-csv", ofac, into, edition="2026-01-01", today=TODAY)
    assert (report.taken, report.lists[0].list) == (4, "OFAC-SDN")
    assert [row.reason for row in report.skipped] == ["SDN.CSV: 2 columns, expected 12"]
    assert rows(into, "SELECT source_ref, kind, programme FROM listing ORDER BY id") == [
        ("36", "organisation", "EXA"), ("40", "person", "EXA; EXB"), ("50", "vessel", "EXA"), ("60", "aircraft", "EXA"),
    ]  # fmt: skip
    assert set(rows(into, "SELECT name, quality FROM party_name")) == {
        ("INVENTED CARIBBEAN LINES", "primary"), ("OLD LINES", "former"), ("TESKARIN, Orvald", "primary"),
        ("TESKARIN, O.", "alias"), ("OWL", "weak"), ("HAWK", "weak"), ("ZUMURRUD STAR", "primary"), ("XC-FUL", "primary"),
    }  # fmt: skip
    assert set(rows(into, "SELECT type, value FROM party_fact WHERE party = 'OFAC-SDN:40'")) == {
        ("born", "1948-12-10"), ("born", "1950/1952"), ("place_of_birth", "Nowhere"), ("country", "KP"), ("gender", "male"),
        ("country", "CH"), ("address", "Straße 1, Zurich, Switzerland"), ("title", "Director"),
    }  # fmt: skip
    assert set(rows(into, "SELECT type, value FROM identifier")) == {
        ("passport", "A12"), ("imo", "9074729"), ("mmsi", "572469210"), ("call_sign", "ABCD"), ("tail_number", "XC-FUL"),
    }  # fmt: skip
    assert rows(into, "SELECT note FROM listing WHERE source_ref = '40'") == [("Some remark continued",)]


def test_the_consolidated_files_are_a_list_of_their_own(tmp_path: Path, ofac: Path) -> None:
    (ofac / "cons_prim.csv").write_bytes(SDN.splitlines(keepends=True)[0].encode())
    report = import_into("ofac-csv", ofac, tmp_path / "catalog", edition="2026-01-01", today=TODAY)
    assert [(tally.list, tally.taken) for tally in report.lists] == [("OFAC-CONS", 1), ("OFAC-SDN", 4)]
    assert [remark.split(" ")[1] for remark in report.remarks] == ["cons_alt.csv", "cons_add.csv"]


@pytest.mark.parametrize(
    ("remark", "identifiers"),
    [
        ("Passport X99 (Egypt) issued 01 Jan 2000 expires 01 Jan 2005", [("passport", "X99")]),
        ("NIT # 800-1 (Colombia)", [("tax", "800-1")]),
        ("Company Number IMO 5055293", [("imo", "5055293")]),
        ("Legal Entity Number 253400WSS48YWMBUA688", [("lei", "253400WSS48YWMBUA688")]),
        ("SWIFT/BIC ABCDXXYY", [("swift", "ABCDXXYY")]),
        ("Passport unknown", []),
    ],
)
def test_numbers_in_remarks_are_found_and_what_is_not_one_is_kept_as_text(
    remark: str, identifiers: list[tuple[str, str]]
) -> None:
    found = parse_remarks(remark)
    assert found.identifiers == identifiers
    assert bool(found.rest) is not bool(identifiers)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10 Dec 1948", "1948-12-10"), ("December 1948", "1948-12"), ("1948", "1948"), ("1948-12-10", "1948-12-10"),
        ("circa 1951", "1950/1952"), ("1950 to 1955", "1950/1955"), ("01 Jan 1950 to 31 Dec 1951", "1950/1951"),
        ("1955 to 1950", "1950/1955"), ("31 Feb 1950", None), ("1948-13", None), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_dates_of_birth_are_read_in_the_forms_that_lists_print(text: str, iso: str | None) -> None:
    assert born(text) == iso


@pytest.mark.parametrize(
    ("name", "code"),
    [("Korea, North", "KP"), ("the Gambia", "GM"), ("Congo, Republic of the", "CG"), ("St. Kitts & Nevis", "KN"), ("XA", "XA"), ("Atlantis", None)],
)  # fmt: skip
def test_country_names_are_read_in_any_order(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_no_country_name_means_two_countries() -> None:
    rows = Path(countries.__file__).with_name("countries.txt").read_text(encoding="utf-8").splitlines()
    for row in rows:
        code, *names = row.split("|")
        if not row.startswith("#"):
            assert {country_code(name) for name in names if name} <= {code}, row


CCL = """derived_ecn_no,ecn_number,parent_ecn,description_en,notes,child_count,children_list
101,CATEGORY 0,,NUCLEAR,[],0,[]
709,0E,101,TECHNOLOGY,[],0,[]
710,0.00E+00,709,lost for good,[],0,[]
714,0.00E+00,709,told by its children,[],0,[]
715,0E501.A,714,first part,[],0,[]
2383,1E,101,TECHNOLOGY,[],0,[]
2430,1.00E+203,2383,a number once,[],0,[]
205,0A506,101,rifles,[],0,[]
215,OA506.B,205,letter for a zero,"[{'description': 'Note: x', 'child_list': [{'description': 'a. y', 'child_list': []}]}]",0,[]
805,EAR99,709,everything else,[],0,[]
900,VIII(A)(5),101,uncrewed aircraft,not a list,0,[]
901,VIII(A)(5),101,twice,[],0,[]
902,??,101,nonsense,[],0,[]
"""


def test_a_list_that_went_through_a_spreadsheet_is_put_right_where_that_is_certain(tmp_path: Path) -> None:
    path, into = tmp_path / "eccn.csv", tmp_path / "catalog"
    path.write_text(CCL, encoding="utf-8")
    report = import_into("ccl-csv", path, into, edition="2026-02-01", today=TODAY)
    assert rows(into, "SELECT list, code, root, parent FROM list_text ORDER BY position", "controls") == [
        ("US-CCL", "0E501", "0E501", None), ("US-CCL", "0E501.a", "0E501", "0E501"), ("US-CCL", "1E203", "1E203", None),
        ("US-CCL", "0A506", "0A506", None), ("US-CCL", "0A506.b", "0A506", "0A506"), ("USML", "VIII(a)(5)", "VIII", None),
    ]  # fmt: skip
    assert rows(into, "SELECT notes FROM list_text WHERE code = '0A506.b'", "controls") == [("Note: x\n  a. y",)]
    assert [(row.row, row.reason.partition(",")[0]) for row in report.skipped] == [
        (2, "CATEGORY 0 is a heading"), (3, "0E is a heading"), (4, "a spreadsheet turned the code into 0.00E+00"),
        (7, "1E is a heading"), (11, "EAR99 is no entry of a list"), (13, "the code VIII(a)(5) stands twice in USML"),
        (14, "?? is no code of this list"),
    ]  # fmt: skip
    assert [(tally.list, tally.taken) for tally in report.lists] == [("US-CCL", 5), ("USML", 1)]
    controls = volumes.read_manifest(into)["controls"]
    assert (controls.edition, controls.as_of) == ("2026-11-01", date(2026, 10, 30))


def test_the_text_of_a_list_keeps_its_past(tmp_path: Path) -> None:
    path, into = tmp_path / "eccn.csv", tmp_path / "catalog"
    path.write_text(CCL, encoding="utf-8")
    import_into("ccl-csv", path, into, edition="2026-02-01", today=TODAY)
    path.write_text(
        CCL.replace("first part", "first part, amended").replace("205,0A506,101,rifles,[],0,[]\n", ""), encoding="utf-8"
    )
    report = import_into("ccl-csv", path, into, edition="2026-08-01", today=TODAY).to_json()
    assert (report["added"], report["changed"], report["ended"]) == (0, 2, 1)
    catalog = volumes.open_catalog(into, TODAY, date(2026, 7, 31))
    before = catalog.rows(
        "controls", f"SELECT text FROM list_text WHERE root IN ('0E501', '0A506') AND {catalog.in_force} ORDER BY code"
    )
    assert [row["text"] for row in before] == ["rifles", "letter for a zero", "told by its children", "first part"]
    catalog.close()


def test_the_official_lists_are_taken_whole(tmp_path: Path, shared: Path) -> None:
    into = tmp_path / "catalog"
    un = import_into("un-xml", shared / "parties/un_sc/UN_consolidated.xml", into, today=TODAY)
    sdn = import_into("ofac-csv", shared / "parties/ofac_sdn_2021", into, edition="2021-07-20", today=TODAY)
    cons = import_into("ofac-csv", shared / "parties/ofac_consolidated", into, edition="2025-12-01", today=TODAY)
    assert (un.taken, sdn.taken, cons.taken) == (527, 8976, 442)
    assert not un.skipped
    assert not sdn.skipped
    assert not cons.skipped
    ccl = import_into("ccl-csv", shared / "controls/us/eccn.csv", into, edition="2026-02-01", today=TODAY)
    assert ccl.taken > 6_000
    unrepaired = [row for row in ccl.skipped if "spreadsheet" in row.reason]
    assert len(unrepaired) == 8


def test_an_import_that_fails_half_way_leaves_the_catalog_as_it_was(tmp_path: Path) -> None:
    path, into = tmp_path / "un.xml", tmp_path / "catalog"
    path.write_text(UN, encoding="utf-8")
    import_into("un-xml", path, into, today=TODAY)
    before = {file.name: file.read_bytes() for file in into.iterdir()}
    path.write_text(UN.replace("2026-02-27", "2026-03-27").replace("</CONSOLIDATED_LIST>", ""), encoding="utf-8")
    with pytest.raises(InputError):
        import_into("un-xml", path, into, today=TODAY)
    assert {file.name: file.read_bytes() for file in into.iterdir()} == before
