"""Control lists, nomenclature, correlations and chemicals: official layouts, invented entries."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.catalog import volumes
from border_kit.catalog.importers import ImportReport, import_into
from border_kit.catalog.importers.outline import Outline
from border_kit.catalog.importers.reading import Token, read_entry
from border_kit.errors import InputError

TODAY = date(2026, 11, 23)


def take(kind: str, tmp_path: Path, content: str | bytes, name: str = "list.txt", **given: str) -> ImportReport:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_into(
        kind, path, tmp_path / "catalog", edition=given.get("edition", "2026-02-01"), list_id=given.get("list_id"),
        today=TODAY,
    )  # fmt: skip


def rows(tmp_path: Path, sql: str) -> list[tuple[Any, ...]]:
    catalog = volumes.open_catalog(tmp_path / "catalog", TODAY)
    try:
        return [tuple(row) for row in catalog.rows("controls", sql)]
    finally:
        catalog.close()


def texts(tmp_path: Path) -> dict[str, str]:
    return dict(rows(tmp_path, "SELECT code, text FROM list_text ORDER BY position"))


# Annex I as text

ANNEX = """\
CATEGORY 6 - SENSORS AND LASERS
6A      Systems, Equipment and Components
6A001   Weather balloons, as follows, and specially designed
        ropes therefor:
        N.B.   SEE ALSO 6A101.
        a.     Balloons having all of the following:
               1.     A volume exceeding 2 x 10 m3; and
                                               4
               2.     A lifting force of 5 x 10 N or more; and
               3.     Any of the following:
                      a.     A gondola; or
                      b.     A kite tail;
        Technical Note:
        For the purposes of 6A001.a.:
                                   1.     'Gondola' is a basket.
                                   2.     'Kite tail' is any of the following:
                                          a.     A ribbon; or
                                          b.     A string.


                                                                                                    127
        CATEGORY 6 - SENSORS AND LASERS

6A001   continued
        Note 1: 6A001.a. does not control balloons for:
                                   a.     Fairs; or
                                   b.     Weddings.
         b.    Ropes for balloons specified in 6A001.a.1.;
         c.    Not used.
6A101   a.     Balloons, other than those specified in 6A001, that
               reach the moon;
        b.     Moon ropes.
"""


def test_annex_text_gives_each_paragraph_its_code_and_its_notes(tmp_path: Path) -> None:
    report = take("eu-annex-text", tmp_path, ANNEX)
    assert texts(tmp_path) == {
        "6A001": "Weather balloons, as follows, and specially designed ropes therefor:",
        "6A001.a": "Balloons having all of the following:",
        "6A001.a.1": "A volume exceeding 2 x 10 m3; and",
        "6A001.a.2": "A lifting force of 5 x 10^4 N or more; and",
        "6A001.a.3": "Any of the following:",
        "6A001.a.3.a": "A gondola; or",
        "6A001.a.3.b": "A kite tail;",
        "6A001.b": "Ropes for balloons specified in 6A001.a.1.;",
        "6A001.c": "Not used.",
        "6A101": "[no text of its own: see the paragraphs below]",
        "6A101.a": "Balloons, other than those specified in 6A001, that reach the moon;",
        "6A101.b": "Moon ropes.",
    }
    assert rows(tmp_path, "SELECT parent FROM list_text WHERE code IN ('6A001.a.3.b', '6A001') ORDER BY code") == [
        (None,), ("6A001.a.3",),
    ]  # fmt: skip
    notes = rows(tmp_path, "SELECT notes FROM list_text WHERE code = '6A001.a.3.b'")[0][0]
    assert notes.splitlines() == [
        "Technical Note: For the purposes of 6A001.a.:",
        "  1. 'Gondola' is a basket.",
        "  2. 'Kite tail' is any of the following:",
        "    a. A ribbon; or",
        "    b. A string.",
        "Note 1: 6A001.a. does not control balloons for:",
        "  a. Fairs; or",
        "  b. Weddings.",
    ]
    assert [row.reason.partition(" is")[0] for row in report.skipped] == [
        "CATEGORY 6 - SENSORS AND LASERS", "6A      Systems, Equipment and Components", "CATEGORY 6 - SENSORS AND LASERS",
    ]  # fmt: skip
    assert (report.lists[0].list, report.taken) == ("EU-DU", 12)


# The eCFR's XML

ECFR = """<?xml version="1.0" encoding="UTF-8"?>
<DLPSTEXTCLASS><HEADER><AMDDATE>Jan. 5, 2026</AMDDATE></HEADER><ECFRBRWS>
<DIV5 N="774" TYPE="PART"><HEAD>PART 774—THE LIST</HEAD>
<DIV8 N="§ 774.1" TYPE="SECTION"><HEAD>§ 774.1 Introduction.</HEAD><P>a. Not an entry.</P></DIV8>
<DIV9 N="Supplement No. 1 to Part 774" TYPE="APPENDIX">
<HEAD>Supplement No. 1 to Part 774—The List</HEAD>
<HD1>Category 3—Toys</HD1><HD1>A. “End Items”</HD1>
<FP-2><B>3A090 Robots as follows (see List of Items Controlled).</B></FP-2>
<FP-1><E T="04">License Requirements</E></FP-1>
<FP-1><I>Reason for Control:</I> RS, AT</FP-1>
<DIV class="table"><TABLE><THEAD><TR><TH>Control(s)</TH><TH>Country chart</TH></TR></THEAD>
<TBODY><TR><TD>RS applies to 3A090.a</TD><TD>RS Column 1</TD></TR><TR><TD>AT applies to entire entry</TD><TD/></TR></TBODY></TABLE></DIV>
<HD1>List Based License Exceptions (See Part 740)</HD1><FP-1><I>LVS:</I> N/A</FP-1>
<HD1>List of Items Controlled</HD1>
<FP-1><I>Related Controls:</I> See ECCN 3D001.</FP-1>
<FP><I>Items:</I> a. Robots that walk, having any of the following:</FP>
<P>a.1. A speed of 10<SU>2</SU> m/s; <I>or</I></P>
<P>a.1.a. Wings;</P>
<NOTE><HED>Note to 3A090.a:</HED><P>Does not apply to dolls.</P></NOTE>
<P>a.2 A tail, see 3A991;</P>
<P>Walking means going on foot.</P>
<P>b. [Reserved]</P>
<P><B>3A991</B> Puppets. They have strings.</P>
<HD1>Category 8—Marine</HD1>
<FP-1><B>8D001 Software for boats</B>.</FP-1>
<FP><I>Items:</I> The list of items controlled is in the heading.</FP>
</DIV9>
<DIV9 N="Supplement No. 2 to Part 774" TYPE="APPENDIX"><HEAD>Supplement No. 2 to Part 774—Notes</HEAD><P>a. Nothing.</P></DIV9>
</DIV5></ECFRBRWS></DLPSTEXTCLASS>
"""

USML = """<?xml version="1.0"?><DIV5 N="121" TYPE="PART"><HEAD>PART 121—THE MUNITIONS LIST</HEAD>
<DIV8 N="§ 121.1" TYPE="SECTION"><HEAD>§ 121.1 The List.</HEAD><P>(a) Introduction.</P>
<HD1>Category IX—Invented Balloons and Kites</HD1>
<P>* (a) Balloons, as follows:</P><P>(1) Round ones; or</P><P>* (2) Square ones:</P>
<P>(i) With a basket;</P><P>(ii) With two, such as:</P><P>(A) Wicker; or</P><P>(B) Silk.</P>
<P>Note to paragraph (a)(2): Round baskets are square.</P>
<P>(b)-(g) [Reserved]</P><P>(h) Kites:</P><P>(1) Long; or</P><P>(i) Technical data (see § 120.33).</P>
<NOTE><HED>Note to Category IX:</HED><P>(a) No paragraph.</P></NOTE>
<HD1>Category X—Ribbons</HD1><P>(a) (1) Red ribbons;</P><P>(2) Blue ribbons.</P>
</DIV8><DIV8 N="§ 121.2"><HEAD>§ 121.2 Other.</HEAD><P>(z) no</P></DIV8></DIV5>
"""


def test_the_commerce_list_is_read_from_the_ecfr_with_reasons_and_levels(tmp_path: Path) -> None:
    report = take("ecfr-xml", tmp_path, ECFR, "title-15.xml")
    assert texts(tmp_path) == {
        "3A090": "Robots as follows (see List of Items Controlled).",
        "3A090.a": "Robots that walk, having any of the following:",
        "3A090.a.1": "A speed of 10^2 m/s; or",
        "3A090.a.1.a": "Wings;",
        "3A090.a.2": "A tail, see 3A991;",
        "3A090.b": "[Reserved]",
        "3A991": "Puppets. They have strings.",
        "8D001": "Software for boats.",
    }
    notes = dict(rows(tmp_path, "SELECT code, notes FROM list_text"))
    assert notes["3A090"].splitlines() == [
        "Reason for Control: RS, AT",
        "Control(s): Country chart",
        "RS applies to 3A090.a: RS Column 1",
        "AT applies to entire entry",
        "LVS: N/A",
        "Related Controls: See ECCN 3D001.",
    ]
    assert notes["3A090.a.1.a"] == "Note to 3A090.a: Does not apply to dolls."
    assert notes["3A090.a.2"] == "Walking means going on foot."
    assert (report.lists[0].list, report.lists[0].edition) == ("US-CCL", "2026-01-05")


def test_the_munitions_list_is_read_from_the_ecfr_in_the_levels_of_the_code(tmp_path: Path) -> None:
    report = take("ecfr-xml", tmp_path, USML, "title-22.xml")
    assert texts(tmp_path) == {
        "IX": "Invented Balloons and Kites", "IX(a)": "Balloons, as follows:", "IX(a)(1)": "Round ones; or",
        "IX(a)(2)": "Square ones:", "IX(a)(2)(i)": "With a basket;", "IX(a)(2)(ii)": "With two, such as:",
        "IX(a)(2)(ii)(A)": "Wicker; or", "IX(a)(2)(ii)(B)": "Silk.", "IX(b)": "[Reserved]", "IX(h)": "Kites:",
        "IX(h)(1)": "Long; or", "IX(i)": "Technical data (see § 120.33).",
        "X": "Ribbons", "X(a)": "[no text of its own: see the paragraphs below]", "X(a)(1)": "Red ribbons;",
        "X(a)(2)": "Blue ribbons.",
    }  # fmt: skip
    assert dict(rows(tmp_path, "SELECT code, root FROM list_text WHERE code = 'IX(a)(2)(ii)(A)'")) == {
        "IX(a)(2)(ii)(A)": "IX"
    }
    assert rows(tmp_path, "SELECT notes FROM list_text WHERE code = 'IX(i)'") == [
        ("Note to Category IX: (a) No paragraph.",)
    ]
    assert report.lists[0].list == "USML"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<DIV5><HEAD>PART 7</HEAD><P>a.</P></DIV5>", "holds neither Supplement"),
        (ECFR[:900], "no XML that can be read"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><DIV5>&x;</DIV5>', "no XML that can be read"),
        (ECFR.replace("Wings", "w" * 9_000_000), "more than"),
    ],
)
def test_hostile_xml_is_refused_and_nothing_is_begun(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take("ecfr-xml", tmp_path, content, "x.xml")
    assert not (tmp_path / "catalog" / "manifest.json").exists()


# EUR-Lex


def cell(label: str, text: str, below: str = "") -> str:
    return (
        f"<table><tbody><tr><td><p class='normal'>{label}</p></td><td><p class='normal'>{text}</p>{below}</td></tr>"
        "</tbody></table>"
    )


HTML = (
    "<html><head><title>x</title><script>1A999 evil</script></head><body>"
    "<p>02021R0821 — EN — 16.12.2023 — 004.001</p><p>1. Article text.</p><p>ANNEX I</p>"
    "<p>CATEGORY 9</p><p class='modref'>▼M3</p>"
    + cell(
        "9A001",
        "Kites, as follows:",
        cell("a.", "Kites having all of the following:", cell("1.", "A tail; and") + cell("2.", "A face;"))
        + cell("Note:", "9A001.a. does not control:", cell("a.", "Paper kites.") + cell("b.", "Silk kites."))
        + cell("b.", "Kite&nbsp;strings ►M4 <b>of</b> 10&sup2; m. ◄"),
    )
    + "<p>9A002 Stilts.</p>"
    + "<div class='grid-container grid-list'><div class='list grid-list-column-1'><span>a. </span></div>"
    + "<div class='grid-list-column-2'><p>Long stilts;</p></div></div>"
    + "<p>ANNEX II</p>"
    + cell("9A003", "of another annex")
    + "</body></html>"
)


def test_a_page_of_eur_lex_is_read_by_how_deep_its_tables_are_nested(tmp_path: Path) -> None:
    report = take("eur-lex-html", tmp_path, HTML, "page.html")
    assert texts(tmp_path) == {
        "9A001": "Kites, as follows:", "9A001.a": "Kites having all of the following:", "9A001.a.1": "A tail; and",
        "9A001.a.2": "A face;", "9A001.b": "Kite strings of 10² m.", "9A002": "Stilts.", "9A002.a": "Long stilts;",
    }  # fmt: skip
    assert rows(tmp_path, "SELECT notes FROM list_text WHERE code = '9A001.a.2'") == [
        ("Note: 9A001.a. does not control:\n  a. Paper kites.\n  b. Silk kites.",)
    ]
    assert (report.lists[0].list, report.lists[0].edition) == ("EU-DU", "2023-12-16")


def test_a_page_that_nests_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nests more than"):
        take("eur-lex-html", tmp_path, "<table><tr><td>" * 5_000, "page.html")


# The Common Military List

MILITARY = """\
Contents
ML1 Invented catapults .............................. 3
ML2 Invented kites .................................. 4
A list by nobody                                      1
ML1 Catapults, as follows, and accessories
therefor:
Note ML1. does not apply to:
a. Toy catapults;
b. Catapults for cakes.
a. Catapults of wood;
Note ML1.a. does not apply to the following:
a. Spoons;
b. Forks of any of the following:
1. Silver; or
A list by nobody                                      2
2. Gold.
b. Other catapults as follows:
1. Catapults of steel;
2. Other than those specified in ML1.b.1. as follows:
a. Large ones;
b. Small ones;
Note ML1.b. does not apply to slings.
c. Catapults of glass specified in ML1.c. or ML1.d.;
d. Accessories, as follows:
1. Ropes;
2. Wheels.
A list by nobody                                      3
ML2 Kites.
A list by nobody                                      4
DEFINITIONS OF TERMS
a. Term.
A list by nobody                                      5
"""


def test_a_military_list_without_indentation_is_read_as_its_author_meant_it(tmp_path: Path) -> None:
    report = take("military-list", tmp_path, MILITARY)
    assert texts(tmp_path) == {
        "ML1": "Catapults, as follows, and accessories therefor:", "ML1.a": "Catapults of wood;",
        "ML1.b": "Other catapults as follows:", "ML1.b.1": "Catapults of steel;",
        "ML1.b.2": "Other than those specified in ML1.b.1. as follows:", "ML1.b.2.a": "Large ones;",
        "ML1.b.2.b": "Small ones;", "ML1.c": "Catapults of glass specified in ML1.c. or ML1.d.;",
        "ML1.d": "Accessories, as follows:", "ML1.d.1": "Ropes;", "ML1.d.2": "Wheels.", "ML2": "Kites.",
    }  # fmt: skip
    assert rows(tmp_path, "SELECT notes FROM list_text WHERE code = 'ML1.a'")[0][0].splitlines()[-3:] == [
        "  b. Forks of any of the following:", "    1. Silver; or", "    2. Gold.",
    ]  # fmt: skip
    assert report.lists[0].list == "EU-ML"


def test_a_military_list_with_indentation_is_read_by_its_columns(tmp_path: Path) -> None:
    lines = ["ML1      Catapults, as follows:", "         a.     Wood:", "                1.     Oak;", "                2.     Elm;",
             "         b.     Steel."]  # fmt: skip
    take("military-list", tmp_path, "\n".join(lines))
    assert list(texts(tmp_path)) == ["ML1", "ML1.a", "ML1.a.1", "ML1.a.2", "ML1.b"]


# Goods and chemicals


def sheet(tmp_path: Path, table: list[list[str]], name: str = "t.xlsx") -> bytes:
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in row)
        + "</row>"
        for row in table
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path.read_bytes()


CORRELATION = [
    ["Correlation of goods and entries, CN 2026"],
    ["Dual-use code", "CN code", "TARIC code", "Goods"],
    ["6A003.b.4.b", "8525 89 00", "", "cameras"],
    ["6A003b4a; 6A002.A", "ex 9013 80", "9013801050", "things"],
    ["ML15.C", "8525 89 00", "", "cameras"],
    ["6A003.b.4.b", "85258900", "", "again"],
    ["nonsense", "8525", "", ""],
    ["6A003", "", "", "no goods"],
]


@pytest.mark.parametrize("layout", ["xlsx", "csv"])
def test_a_correlation_table_becomes_links_between_goods_and_entries(tmp_path: Path, layout: str) -> None:
    if layout == "xlsx":
        content: str | bytes = sheet(tmp_path, CORRELATION)
    else:
        content = "\n".join(";".join(f'"{each}"' for each in row) for row in CORRELATION)
    report = take("eu-correlation", tmp_path, content, f"correlation.{layout}")
    links = rows(
        tmp_path, "SELECT owner, hs, hs_edition, ex, strength FROM hs_link WHERE edition LIKE 'EU-CORR%' ORDER BY id"
    )
    assert links == [
        ("EU-DU/6A003.b.4.b", "852589", "CN2026", 1, "weak"),
        ("EU-ML/ML15.c", "852589", "CN2026", 1, "weak"),
        ("EU-DU/6A002.a", "9013801050", "CN2026", 1, "weak"),
        ("EU-DU/6A003.b.4.a", "9013801050", "CN2026", 1, "weak"),
    ]
    assert [(row.row, row.reason) for row in report.skipped] == [
        (7, "'nonsense' is no code of a control list"), (8, "it has no code of goods"),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM hs_link WHERE edition LIKE 'authored%'") == [(3,)]


def headings(tmp_path: Path, name: str) -> list[tuple[Any, ...]]:
    return rows(
        tmp_path, f"SELECT code, suffix, parent, text FROM nomenclature WHERE list = '{name}' ORDER BY position"
    )


def test_the_harmonized_system_keeps_its_tree(tmp_path: Path) -> None:
    report = take(
        "nomenclature", tmp_path,
        'section,hscode,description,parent,level\nI,01,Dragons; live,TOTAL,2\nI,0101,"Dragons, green",01,4\nI,010121,Small,0101,6\n'
        "TOTAL,TOTAL,Total,TOTAL,5\n",
        "hs2022_en.csv",
    )  # fmt: skip
    assert headings(tmp_path, "HS-EN") == [
        ("01", "", None, "Dragons; live"), ("0101", "", "01", "Dragons, green"), ("010121", "", "0101", "Small"),
    ]  # fmt: skip
    assert [row.reason for row in report.skipped] == ["'TOTAL' is no code of goods"]


EXPORT = [
    ["Goods code", "Start date", "End date", "Language", "Hier. Pos.", "Indent", "Description"],
    ["0100000000 80", "31-12-1971", "", "DE", "2.0", "", "DRACHEN"],
    ["0101000000 80", "01-01-1972", "", "DE", "4.0", "", "Drachen, lebend"],
    ["0101210000 10", "01-01-2012", "", "DE", "6.0", "- ", "gruene"],
    ["0101210000 80", "01-01-2012", "", "DE", "6.0", "- - ", "kleine"],
    ["0101290000 80", "01-01-2012", "", "DE", "6.0", "- - ", "andere"],
    ["0101300000 80", "01-01-2012", "", "DE", "6.0", "- ", "rote|Drachen"],
    ["0101900000 80", "01-01-2012", "31-12-2020", "DE", "6.0", "- ", "beendet"],
]
TREE = [
    ("01", None),
    ("0101", "01"),
    ("010121-10", "0101"),
    ("010121", "010121-10"),
    ("010129", "010121-10"),
    ("010130", "0101"),
]


def keys(tmp_path: Path, name: str) -> list[tuple[Any, ...]]:
    return [(f"{code}-{suffix}" if suffix else code, parent) for code, suffix, parent, _ in headings(tmp_path, name)]


def test_the_commissions_export_and_its_csv_without_suffix_give_the_same_tree(tmp_path: Path) -> None:
    report = take("nomenclature", tmp_path, sheet(tmp_path, EXPORT), "cn.xlsx")
    table = ["goods_code,hier_pos,language,description"]
    table += [f"{row[0][:10]},{row[4][0]},FR,{row[6]}" for row in EXPORT[1:7]]
    take("nomenclature", tmp_path, "\n".join(table), "cn_fr.csv")
    assert keys(tmp_path, "CN-DE") == TREE
    assert keys(tmp_path, "CN-FR") == TREE
    assert headings(tmp_path, "CN-DE")[-1][3] == "rote Drachen"
    assert [row.reason for row in report.skipped] == ["0101900000 ended on 2020-12-31"]


CHEMICALS = """\
Name;CAS number;Schedule;Entry;Synonyms;Concentration
Inventium;7732-18-5;2B;1C350, 1C450.a;Inventol; 30 %
"Nihilium";50-00-0;;ML7.b;"Nil;Zero acid";
Wrongium;50-00-1;1A;;;
Freeium;;;;;
Pureium;;3;;;250
"""


def test_chemicals_are_taken_with_checked_numbers_and_synonyms(tmp_path: Path) -> None:
    table = CHEMICALS.replace("1C350, 1C450.a", '"1C350; 1C450.a"')
    report = take("chemicals", tmp_path, table, "chemicals.csv", list_id="CWC")
    assert rows(tmp_path, "SELECT name, cas, schedule, entries, concentration FROM chemical ORDER BY name") == [
        ("Inventium", "7732-18-5", "2B", '["EU-DU/1C350", "EU-DU/1C450.a"]', "30"),
        ("Nihilium", "50-00-0", None, '["EU-ML/ML7.b"]', None),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT language, name FROM chemical_name ORDER BY name") == [
        ("en", "Inventol"), ("en", "Nil"), ("en", "Zero acid"),
    ]  # fmt: skip
    assert [row.reason for row in report.skipped] == [
        "50-00-1 is no CAS number: its check digit does not fit",
        "Freeium stands under no schedule and no entry",
        "the concentration '250' is no per cent from 0 to 100",
    ]


def test_a_new_edition_of_chemicals_renews_names_and_ends_what_left(tmp_path: Path) -> None:
    table = CHEMICALS.replace("1C350, 1C450.a", '"1C350; 1C450.a"')
    take("chemicals", tmp_path, table, "chemicals.csv")
    changed = table.replace("Inventol", "Inventine").replace('"Nihilium"', '"Otherium"').replace("50-00-0", "64-17-5")
    report = take("chemicals", tmp_path, changed, "chemicals.csv", edition="2026-08-01").to_json()
    assert (report["added"], report["changed"], report["ended"]) == (1, 1, 1)
    assert set(rows(tmp_path, "SELECT name, valid_from, valid_to FROM chemical")) == {
        ("Inventium", "2026-02-01", "2026-08-01"), ("Inventium", "2026-08-01", None),
        ("Nihilium", "2026-02-01", "2026-08-01"), ("Otherium", "2026-08-01", None),
    }  # fmt: skip
    again = take("chemicals", tmp_path, changed, "chemicals.csv", edition="2026-08-01").to_json()
    assert (again["added"], again["changed"], again["ended"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("chemicals", "a,b\n1,2\n", "no header with these columns"),
        ("nomenclature", "", "no header with these columns"),
        ("eu-correlation", b"PK\x03\x04 not a workbook", "workbook"),
        ("eu-annex-text", "nothing here", "No row of list.txt could be taken"),
        ("military-list", b"\x00\xff" * 50, "No row of list.txt could be taken"),
        ("eur-lex-html", "<p>hello", "No row of list.txt could be taken"),
        ("nomenclature", "hscode,description\n" + "9" * 2_000_000, "line of more than"),
    ],
)
def test_files_of_another_kind_are_refused_with_what_to_do(tmp_path: Path, kind: str, content: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        take(kind, tmp_path, content)
    assert caught.value.hint
    assert not (tmp_path / "catalog" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("military-list", "ML1 Things:\n" + "a. thing;\nb. thing;\n" * 2_000, "more than 2,000 paragraphs"),
        (
            "ecfr-xml",
            f"<D><HEAD>§ 121.1</HEAD><HD1>Category I—X</HD1><P>{'<I>' * 900}{'</I>' * 900}</P></D>",
            "nests more than",
        ),
        (
            "eu-correlation",
            "CN,Dual use\n"
            + "\n".join(
                f'"{";".join(f"{row:02}{at:02}10" for at in range(99))}","{";".join(f"1A{n:03}" for n in range(99))}"'
                for row in range(10, 40)
            ),
            "more than 200,000 links",
        ),
    ],
    ids=["paragraphs", "nesting", "links"],
)
def test_files_that_would_take_for_ever_are_refused(tmp_path: Path, kind: str, content: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take(kind, tmp_path, content)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("eu-annex-text", "1A001  Things:\n        Note: x\n" + "        more of it and more\n" * 60_000),
        ("military-list", "ML1 Things\n" + "more of it and more\n" * 60_000 + "ML2 Other things\n"),
        ("nomenclature", "goods_code,description\n" + "0101210000,again\n" * 20_000),
    ],
    ids=["note", "text", "heading"],
)
def test_long_files_are_read_in_time_that_grows_with_them(tmp_path: Path, kind: str, content: str) -> None:
    start = time.process_time()
    assert take(kind, tmp_path, content).taken > 0
    assert time.process_time() - start < 10


# The law of every reader of outlines: what is written out is read back


TREES: st.SearchStrategy[list[Any]] = st.recursive(
    st.just([]), lambda below: st.lists(below, min_size=1, max_size=4), max_leaves=25
)


def written(trees: list[Any], codes: list[str], above: str = "1A001", depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Depth, marker and text of every paragraph; a list is announced by a colon and ends with a full stop."""
    for place, tree in enumerate(trees):
        marker = chr(ord("a") + place) if depth % 2 == 0 else str(place + 1)
        codes.append(f"{above}.{marker}")
        yield (
            depth,
            marker,
            f"Thing {len(codes)}" + (", as follows:" if tree else "." if place == len(trees) - 1 else ";"),
        )
        yield from written(tree, codes, f"{above}.{marker}", depth + 1)


@given(trees=st.lists(TREES, min_size=1, max_size=4), shift=st.integers(0, 3))
@settings(max_examples=60)
def test_an_outline_that_is_written_with_columns_is_read_back(trees: list[Any], shift: int) -> None:
    codes: list[str] = []
    outline = Outline("1A001", 1, indent=8)
    outline.text("Things, as follows:")
    for row, (depth, marker, text) in enumerate(written(trees, codes), start=2):
        assert outline.marker(marker, text, row, 8 + 7 * depth + (shift if row > 6 else 0))
    assert [piece.code for piece in outline.pieces] == ["1A001", *codes]


@given(trees=st.lists(TREES, min_size=1, max_size=4))
@settings(max_examples=60)
def test_an_outline_that_cites_itself_is_read_back_without_columns(trees: list[Any]) -> None:
    codes: list[str] = []
    tokens = [Token("", "Things, as follows:", 1)]
    tokens += [Token(marker, text, row) for row, (_, marker, text) in enumerate(written(trees, codes), start=2)]
    pieces = read_entry("1A001", tokens, frozenset(codes))
    assert [piece.code for piece in pieces] == ["1A001", *codes]


# Real files, where they are


@pytest.fixture
def annex(tmp_path: Path, shared: Path) -> Path:
    into = tmp_path / "catalog"
    import_into("eu-annex-text", shared / "controls/eu/eu_dual_use_en.txt", into, edition="2022-10-01", today=TODAY)
    return tmp_path


def test_the_published_annex_has_every_entry_and_every_code_it_cites(annex: Path, shared: Path) -> None:
    fixture = json.loads((shared / "controls/eu/regulations.json").read_text(encoding="utf-8"))
    entries = {row["fields"]["code"] for row in fixture if row["model"] == "regulations.regulation"}
    found = rows(annex, "SELECT code, parent, text, notes FROM list_text")
    assert {row[0] for row in found if row[1] is None} == entries
    assert len(entries) == 366
    codes = {row[0] for row in found}
    text = " ".join(f"{row[2]} {row[3] or ''}" for row in found)
    cited = {match.rstrip(".") for match in re.findall(r"\b\d[A-E]\d{3}(?:\.[a-z0-9]{1,2})+", text)}
    assert len(cited) > 450
    assert cited <= codes
    paragraphs = {row["fields"]["path"]: row["fields"] for row in fixture if row["model"] == "regulations.paragraph"}
    assert len(codes & set(_codes(paragraphs))) >= 2_950


def _codes(paragraphs: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The codes of the fixture's own tree (notes and what is below them left out)."""
    for path in paragraphs:
        above = [paragraphs[path[:size]] for size in range(4, len(path) + 1, 4)]
        if all(each["note_type"] == "base" for each in above):
            yield ".".join(each["code"].strip().strip(".") for each in above)


def test_the_published_military_list_has_every_code_it_cites(tmp_path: Path, shared: Path) -> None:
    path = shared / "controls/eu/eu_common_military_list_2020.txt"
    import_into("military-list", path, tmp_path / "catalog", edition="2020-02-17", today=TODAY)
    found = rows(tmp_path, "SELECT code, parent, text, notes FROM list_text")
    assert {row[0] for row in found if row[1] is None} == {f"ML{number}" for number in range(1, 23)}
    text = " ".join(f"{row[2]} {row[3] or ''}" for row in found)
    cited = {match.rstrip(".") for match in re.findall(r"\bML\d{1,2}(?:\.[a-z0-9]{1,2})+", text)}
    assert len(cited) > 90
    assert cited <= {row[0] for row in found}


def test_item_texts_of_the_ecfr_come_back_from_its_layout(tmp_path: Path, shared: Path) -> None:
    entries = json.loads((shared / "controls/us/ccl.json").read_text(encoding="utf-8"))["entries"]
    into = tmp_path / "ccl.xml"
    into.write_text(_as_ecfr(entries), encoding="utf-8")
    import_into("ecfr-xml", into, tmp_path / "catalog", edition="2026-07-23", today=TODAY)
    found = texts(tmp_path)
    assert {code for code in found if "." not in code} == {entry["eccn"] for entry in entries}
    items: dict[str, str] = {}
    for entry in entries:
        for item in entry.get("items", ()):
            if item["kind"] == "item":
                items.setdefault(f"{entry['eccn']}.{item['paragraph']}", item["text"])
    assert len(items) > 2_000
    assert sum(found.get(code) == " ".join(text.split()) for code, text in items.items()) >= 0.99 * len(items)


def _as_ecfr(entries: list[dict[str, Any]]) -> str:

    parts = ["<DIV9 N='x'><HEAD>Supplement No. 1 to Part 774—The List</HEAD>"]
    for entry in entries:
        parts.append(f"<FP-2><B>{entry['eccn']} {escape(entry['heading'])}</B></FP-2>")
        parts.append("<FP-1><E T='04'>List of Items Controlled</E></FP-1><FP><I>Items:</I></FP>")
        for item in entry.get("items", ()):
            mark = f"{item['paragraph']}. " if item["paragraph"] else ""
            parts.append(f"<P>{mark}{escape(item['text'])}</P>")
    return "\n".join([*parts, "</DIV9>"])


def test_the_published_nomenclatures_are_taken_whole(tmp_path: Path, shared: Path) -> None:
    into = tmp_path / "catalog"
    system = import_into("nomenclature", shared / "goods/hs2022_en.csv", into, edition="2022-01-01", today=TODAY)
    german = import_into("nomenclature", shared / "goods/cn_de.xlsx", into, edition="2026-01-01", today=TODAY)
    assert (system.taken, len(system.skipped), german.taken) == (6939, 1, 25702)
    counts = rows(tmp_path, "SELECT length(code), count(*) FROM nomenclature WHERE list = 'HS-EN' GROUP BY 1")
    assert counts == [(2, 97), (4, 1229), (6, 5613)]
    orphans = rows(tmp_path, "SELECT count(*) FROM nomenclature WHERE parent IS NULL AND length(code) > 2")
    assert orphans == [(0,)]
