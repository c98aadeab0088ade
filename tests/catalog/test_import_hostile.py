"""Foreign lists that are broken or mean harm: each is refused with its reason, or costs its row alone; nothing is ever lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog import volumes
from border_kit.catalog.importers import ImportReport, import_into, json_stream, tables, xml_stream
from border_kit.errors import InputError
from tests.catalog import layouts

TODAY = date(2026, 11, 23)

SOUND = {
    "ofac-xml": layouts.OFAC_XML,
    "eu-xml": layouts.EU_XML,
    "eu-csv": layouts.EU_CSV_11,
    "uk-csv": layouts.OFSI,
    "csl-csv": layouts.CSL,
    "dpl-tsv": layouts.DPL,
    "ftm-jsonl": layouts.FTM,
    "senzing-jsonl": layouts.SENZING,
}
XML = ("ofac-xml", "eu-xml")
TABLES = ("eu-csv", "uk-csv", "csl-csv", "dpl-tsv")
LINES = ("ftm-jsonl", "senzing-jsonl")

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd">'


def take(folder: Path, kind: str, content: str | bytes) -> ImportReport:
    path = folder / "list.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_into(kind, path, folder / "catalog", edition="2025-12-01", today=TODAY)


def captions(folder: Path) -> set[str]:
    catalog = volumes.open_catalog(folder / "catalog", TODAY)
    try:
        return {row[0] for row in catalog.rows("parties", f"SELECT caption FROM listing WHERE {catalog.in_force}")}
    finally:
        catalog.close()


def refused(folder: Path, kind: str, content: str | bytes, words: str) -> None:
    """A file is refused with these words, and a list that was imported before is as it was, byte for byte."""
    take(folder, kind, SOUND[kind])
    before = {path.name: path.read_bytes() for path in (folder / "catalog").iterdir()}
    with pytest.raises(InputError, match=words):
        take(folder, kind, content)
    assert {path.name: path.read_bytes() for path in (folder / "catalog").iterdir()} == before


@pytest.mark.parametrize("kind", XML)
@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE])
def test_declarations_in_xml_are_refused(tmp_path: Path, kind: str, head: str) -> None:
    refused(tmp_path, kind, head + SOUND[kind].split("?>", 1)[1], "no XML that can be read")


@pytest.mark.parametrize("kind", XML)
def test_xml_that_is_cut_off_is_refused_whole(tmp_path: Path, kind: str) -> None:
    refused(tmp_path, kind, SOUND[kind][: len(SOUND[kind]) * 2 // 3], "no XML that can be read")


def test_an_advanced_file_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    refused(
        tmp_path, "ofac-xml", layouts.OFAC_ADVANCED[: len(layouts.OFAC_ADVANCED) * 2 // 3], "no XML that can be read"
    )


@pytest.mark.parametrize("kind", XML)
def test_one_entry_cannot_fill_the_memory(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ENTRY", 200_000)
    monkeypatch.setattr(xml_stream.entries, "__defaults__", (200_000,))
    refused(
        tmp_path,
        kind,
        SOUND[kind].replace("INVENTED LINES", "x" * 400_000).replace("A remark", "x" * 400_000),
        "an entry has more than",
    )


@pytest.mark.parametrize("kind", [*TABLES, *LINES])
def test_a_line_without_end_is_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_OBJECT", 1_000_000)
    refused(tmp_path, kind, SOUND[kind].encode() + b'"' + b"x" * 1_200_000, "a line of more than")


@pytest.mark.parametrize("kind", [*TABLES, *XML])
def test_utf_16_is_read(tmp_path: Path, kind: str) -> None:
    sound = SOUND[kind].replace("\ufeff", "").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    report = take(tmp_path, kind, sound.encode("utf-16"))
    assert report.taken > 0
    assert any("eskarin" in caption.casefold() for caption in captions(tmp_path))


@pytest.mark.parametrize("kind", TABLES)
def test_windows_1252_of_an_office_is_read_as_such(tmp_path: Path, kind: str) -> None:
    sound = SOUND[kind].replace("\ufeff", "").encode("ascii", "ignore").decode()
    take(tmp_path, kind, sound.replace("TESKARIN", "TE\u0160KARIN\u00c9").encode("cp1252"))
    assert any("Š" in caption and "É" in caption for caption in captions(tmp_path))


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_in_no_encoding_is_refused(tmp_path: Path, kind: str) -> None:
    refused(
        tmp_path,
        kind,
        SOUND[kind].replace("Nowhere", "\x00\x00").encode()[:-2] + b"\x81\x8d\x8f\xff",
        "no text that can be read|cannot be read",
    )


@pytest.mark.parametrize("kind", LINES)
def test_json_that_is_no_utf_8_is_refused(tmp_path: Path, kind: str) -> None:
    refused(tmp_path, kind, SOUND[kind].encode() + b'{"id":"\xff\xfe"}\n', "is not UTF-8")


@pytest.mark.parametrize("kind", SOUND)
def test_null_bytes_and_controls_never_reach_a_name(tmp_path: Path, kind: str) -> None:
    if kind in XML:
        refused(tmp_path, kind, SOUND[kind].replace("Orvald", "Or\x00vald"), "no XML that can be read")
        return
    dirty = "Or\\u0000\\u202e\\u001bvald" if kind in LINES else "Or\x00\u202e\x1bvald"
    take(tmp_path, kind, SOUND[kind].replace("Orvald", dirty).replace("ORVALD", dirty))
    assert not any(char in caption for caption in captions(tmp_path) for char in "\x00\u202e\x1b")


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize(
    "content", [b"", b"\n\n\n", b"\x00" * 5_000, b"PK\x03\x04 no zip", b"<html><body>Portal</body></html>"]
)
def test_what_is_no_list_at_all_is_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    with pytest.raises(InputError):
        take(tmp_path, kind, content)
    assert not (tmp_path / "catalog" / "manifest.json").exists()


def test_json_nested_too_deeply_costs_its_line_alone(tmp_path: Path) -> None:
    report = take(tmp_path, "ftm-jsonl", layouts.FTM + "[" * 200_000 + "\n")
    assert (
        report.taken,
        "nested too deeply" in report.skipped[-1].reason or "no JSON" in report.skipped[-1].reason,
    ) == (4, True)


@pytest.mark.parametrize("ending", ['{"id":', "[[[[", "}{"])
def test_an_array_that_is_cut_off_is_refused(tmp_path: Path, ending: str) -> None:
    rows = json.dumps([json.loads(line) for line in layouts.SENZING.splitlines()])
    refused(tmp_path, "senzing-jsonl", rows[:-1] + "," + ending, "cannot be read after object|nested too deeply")


_ODD: list[object] = [None, 7, True, [], {}, [None, 5, {"a": 1}], {"name": "x"}, "x" * 100_000]


@pytest.mark.parametrize("value", _ODD)
@pytest.mark.parametrize("key", ["id", "schema", "properties", "datasets", "referents", "caption"])
def test_any_value_anywhere_in_an_entity_gets_an_ordinary_answer(tmp_path: Path, key: str, value: object) -> None:
    odd = {"id": "NK-9", "schema": "Person", "properties": {"name": ["Odd One"]}, "datasets": ["eu_fsf"], key: value}
    report = take(tmp_path, "ftm-jsonl", layouts.FTM + json.dumps(odd) + "\n")
    assert report.taken >= 4


def test_a_party_with_endless_names_keeps_the_first_thousands(tmp_path: Path) -> None:
    many = {
        "id": "NK-9",
        "schema": "Person",
        "properties": {"name": [f"Name {at}" for at in range(20_000)]},
        "datasets": ["d"],
    }
    take(tmp_path, "ftm-jsonl", json.dumps(many))
    catalog = volumes.open_catalog(tmp_path / "catalog", TODAY)
    assert catalog.rows("parties", "SELECT count(*) AS n FROM party_name")[0]["n"] == 5_000
    catalog.close()


def _stop_at(step: int) -> Callable[[str, int, int], None]:
    seen = iter(range(1_000_000))

    def progress(*_: object) -> None:
        if next(seen) == step:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("step", range(4))
def test_an_import_that_is_interrupted_leaves_the_old_list_whole(tmp_path: Path, step: int) -> None:
    take(tmp_path, "ftm-jsonl", layouts.FTM)
    before = captions(tmp_path)
    digests = {name: info.digest for name, info in volumes.read_manifest(tmp_path / "catalog").items()}
    many = "".join(
        json.dumps({"id": f"N{at}", "schema": "Person", "properties": {"name": [f"Name {at}"]}, "datasets": ["eu_fsf"]})
        + "\n"
        for at in range(3_000)
    )
    path = tmp_path / "list.txt"
    path.write_text(many, encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        import_into("ftm-jsonl", path, tmp_path / "catalog", edition="2025-12-02", today=TODAY, progress=_stop_at(step))
    assert captions(tmp_path) == before
    assert {name: info.digest for name, info in volumes.read_manifest(tmp_path / "catalog").items()} == digests
    assert import_into("ftm-jsonl", path, tmp_path / "catalog", edition="2025-12-02", today=TODAY).taken == 3_000


HEAD = "id,kind,name,aliases,countries,born,identifiers,list\n"


def test_a_quote_that_is_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    rows = "".join(f"{number},person,Orvo Quentil {number},,,,,\n" for number in range(3, 6000))
    report = take(tmp_path, "parties-csv", f'{HEAD}1,person,Orvo Quentil,,,,,\n2,person,"Marisk,,,,,\n{rows}')
    assert [row.row for row in report.skipped] == [3]
    assert report.taken == 5998


def test_a_quote_that_is_never_closed_before_the_end_is_told(tmp_path: Path) -> None:
    report = take(
        tmp_path,
        "parties-csv",
        f'{HEAD}1,person,"Orvo\nQuentil",,,,,\n2,person,"Marisk,,,,,\n3,person,Dalvar Tesk,,,,,\n',
    )
    assert [(row.row, row.reason) for row in report.skipped] == [(3, "a quote is opened and never closed")]
    assert captions(tmp_path) == {"Orvo Quentil", "Dalvar Tesk"}


def test_a_list_that_lost_much_is_told_of_and_made_good_by_the_whole_file(tmp_path: Path) -> None:
    whole = HEAD + "".join(f"{number},person,Orvo Quentil {number},,,,,\n" for number in range(40))
    take(tmp_path, "parties-csv", whole)
    (remark,) = take(tmp_path, "parties-csv", whole[:500]).remarks
    assert "of 40 entries ended" in remark
    assert take(tmp_path, "parties-csv", whole).remarks == ()
    assert len(captions(tmp_path)) == 40


def test_a_list_id_that_is_not_used_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + "1,person,Orvo Quentil,,,,,L1\n", encoding="utf-8")
    report = import_into("parties-csv", path, tmp_path / "catalog", list_id="L2", edition="2025-12-01", today=TODAY)
    assert report.remarks == ("The file names its lists itself: L2 was not used.",)


def test_rows_that_are_read_again_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('a,"b\n' * 3000, encoding="utf-8")
    assert len(list(tables.rows(path, "utf-8"))) < 3000
