"""UK licence data: the record lines as customs and the licensing service exchange them, in files of our own making."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog import volumes, writer
from border_kit.catalog.importers import ImportReport, import_into
from border_kit.errors import InputError
from border_kit.licensing.registry import Registry
from border_kit.licensing.usage import balances
from tests.conftest import shared

TODAY = date(2026, 11, 25)
LICENCE = (
    "licence\\T1\\insert\\GBSIEL/2026/0000007/P\\SIE\\E\\20260102\\20271231",
    "trader\\\\GB000000000001\\20260102\\20271231\\Aldermoor Instruments Ltd\\1 Quay Road\\Harbour\\\\\\\\AA1 1AA",
    "country\\YY\\\\D",
    "foreignTrader\\Norrhaven Survey Office\\2 Sea Road\\\\\\\\\\\\YY",
    "restrictions\\Provisos may apply||Serial numbers on the invoice",
    "line\\1\\85258900\\\\\\\\Thermal imaging camera\\Q\\\\030\\\\20\\\\\\\\\\\\",
    "line\\2\\\\\\\\\\Lens\\B\\GBP\\023\\1500.50\\0.5\\\\\\\\\\\\",
)


def record(*lines: str) -> list[str]:
    """A record closed by its end."""
    return [*lines, f"end\\{lines[0].partition(chr(92))[0]}\\{len(lines) + 1}"]


def changed(number: str, action: str = "insert", **cells: str) -> list[str]:
    """The good licence under another number, action or quantity."""
    text = "\n".join(LICENCE).replace("\\insert\\GBSIEL/2026/0000007/P", f"\\{action}\\{number}")
    for old, new in cells.items():
        text = text.replace({"quantity": "\\20\\", "last": "20271231"}[old], new)
    return record(*text.split("\n"))


def used(number: str, *drawings: str, total: str, status: str = "O\\", reference: str = "LU1/1") -> list[str]:
    lines = [f"line\\1\\{total}\\0\\GBP", *drawings]
    return record(f"licenceUsage\\{reference}\\insert\\{number}\\{status}", *lines, f"end\\line\\{len(lines) + 1}")


def drawing(quantity: str, declaration: str = "9GB1-1", kind: str = "O", day: str = "20260301") -> str:
    return f"usage\\{kind}\\{declaration}\\A\\{day}\\{quantity}\\0\\GBP\\0001\\\\\\\\"


def whole(
    records: Sequence[Sequence[str]],
    *,
    run: int = 5,
    holds: str = "licenceData",
    day: str = "20260301",
    reset: str = "N",
) -> str:
    ends = ("SPIRE", "CHIEF") if holds.startswith("licence") else ("CHIEF", "SPIRE")
    lines = [f"fileHeader\\{ends[0]}\\{ends[1]}\\{holds}\\{day}1413\\{run}\\{reset}"]
    lines += [line for one in records for line in one]
    lines.append(f"fileTrailer\\{len(records)}")
    return "".join(f"{number}\\{line}\n" for number, line in enumerate(lines, start=1))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of one small volume, so that no import has to begin one with the shipped controls."""
    folder = tmp_path_factory.mktemp("begun")
    path = folder / "registry.json"
    other = {"number": "Z-1", "type": "global", "status": "issued", "holder": "Z", "destinations": ["ZZ"]}
    path.write_text(json.dumps({"authority": "ZZ/1", "as_of": "2026-01-01", "licences": [other]}))
    import_into("licences-json", path, folder / "catalog", today=TODAY)
    known = volumes.read_manifest(folder / "catalog")
    manifest = writer.manifest_bytes({name: info for name, info in known.items() if name != "controls"})
    (folder / "catalog" / volumes.MANIFEST).write_bytes(manifest)
    for file in (folder / "catalog").glob("controls*"):
        file.unlink()
    return folder / "catalog"


@pytest.fixture
def take(tmp_path: Path, begun: Path) -> Any:
    shutil.copytree(begun, tmp_path / "catalog")

    def run(text: str | bytes, **options: Any) -> ImportReport:
        path = tmp_path / "file.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_into("uk-licence-data", path, tmp_path / "catalog", today=TODAY, **options)

    return run


def registry(tmp_path: Path, as_of: date | None = None) -> Registry:
    return Registry(volumes.open_catalog(tmp_path / "catalog", TODAY, as_of))


def left(tmp_path: Path, number: str = "GBSIEL/2026/0000007/P", line: int = 1) -> str:
    found = registry(tmp_path).find(number)
    assert found is not None
    return str(balances(found)[line].left)


def test_a_licence_is_read_field_by_field(take: Any, tmp_path: Path) -> None:
    report = take(whole([record(*LICENCE)]))
    assert (report.volume, report.taken, report.to_json()["edition"]) == ("licences-gb-spire", 1, "2026-03-01")
    found = registry(tmp_path).find("gbsiel 2026 0000007 p")
    assert found is not None
    assert (found.number, found.type, found.direction, found.status) == (
        "GBSIEL/2026/0000007/P", "individual", "export", "issued",
    )  # fmt: skip
    assert (found.holder, found.end_user) == ("Aldermoor Instruments Ltd", "Norrhaven Survey Office")
    assert (found.destinations, str(found.valid_from), str(found.valid_to)) == (("YY",), "2026-01-02", "2027-12-31")
    assert found.conditions == ("Provisos may apply", "Serial numbers on the invoice")
    cells = [(line.no, line.hs, line.description, str(line.quantity), line.unit) for line in found.lines]
    assert cells == [(1, "85258900", "Thermal imaging camera", "20", "pcs"), (2, None, "Lens", "0.5", "kg")]
    assert [(str(line.value), line.currency) for line in found.lines] == [("None", None), ("1500.50", "GBP")]
    assert (found.authority.id, found.authority.run) == ("GB/SPIRE", 5)


def test_line_ends_of_windows_say_the_same(take: Any, tmp_path: Path) -> None:
    take(whole([record(*LICENCE)]).replace("\n", "\r\n"))
    assert left(tmp_path) == "20"


@pytest.mark.parametrize(
    ("letter", "places"),
    [("D", "destinations"), ("E", "prohibited_destinations"), ("O", "origins"), ("P", "prohibited_origins"), ("R", "route"), ("S", "prohibited_route")],
)  # fmt: skip
def test_every_use_of_a_country_has_its_place(take: Any, tmp_path: Path, letter: str, places: str) -> None:
    lines = [line.replace("country\\YY\\\\D", f"country\\\\G012\\{letter}") for line in LICENCE]
    take(whole([record(*lines)]))
    found = registry(tmp_path).find("GBSIEL/2026/0000007/P")
    assert getattr(found, places) == ("G012",)


FRAMES = [
    (lambda text: text.replace("1\\fileHeader", "1\\fileheader"), 1, "does not begin with a fileHeader"),
    (lambda text: text.replace("202603011413", "2026-03-01"), 1, "is no date"),
    (lambda text: text.replace("1413\\5\\", "1413\\five\\"), 1, "is no run number"),
    (lambda text: text.replace("\\N\n", "\\X\n"), 1, "neither Y nor N"),
    (lambda text: text.replace("4\\country", "5\\country"), 4, "should begin with its own number 4"),
    (lambda text: text.replace("4\\country", "country"), 4, "should begin with its own number 4"),
    (lambda text: text.replace("6\\restrictions", "\n6\\restrictions"), 6, "should begin with its own number 6"),
    (lambda text: text.replace("end\\licence\\8", "end\\licence\\7"), 9, "it counts '7' lines, and there are 8"),
    (lambda text: text.replace("end\\licence", "end\\line"), 9, "it ends 'line', but 'licence' of line 2 is open"),
    (lambda text: text.replace("fileTrailer\\1", "fileTrailer\\2"), 10, "the trailer counts '2' records, and there are 1"),
    (lambda text: text.replace("10\\fileTrailer\\1\n", ""), 10, "the fileTrailer is missing"),
    (lambda text: text[: text.index("8\\line")], 8, "the fileTrailer is missing"),
    (lambda text: text.replace("2\\licence", "2\\license"), 2, "a record 'licence' was expected"),
    (lambda text: text.replace("5\\foreignTrader", "5\\licence"), 5, "came before the end of the record"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "line", "reason"), FRAMES)
def test_a_file_whose_frame_does_not_hold_is_refused_whole_with_line_and_reason(
    take: Any, tmp_path: Path, damage: Any, line: int, reason: str
) -> None:
    with pytest.raises(InputError, match=r"file\.txt, line") as refused:
        take(damage(whole([record(*LICENCE)])))
    assert (refused.value.row, reason in refused.value.message) == (line, True), refused.value.message
    assert list(volumes.read_manifest(tmp_path / "catalog")) == ["licences-zz-1"]


RECORDS = [
    ("\\SIE\\", "\\XYZ\\", 2, "the type 'XYZ' is not known"),
    ("\\insert\\", "\\upsert\\", 2, "the action 'upsert' is not known"),
    ("\\20260102\\20271231\n", "\\20260230\\20271231\n", 2, "'20260230' is no date"),
    ("\\Q\\\\030\\", "\\Q\\\\999\\", 7, "the unit '999' is not known"),
    ("\\Q\\\\030\\\\20\\", "\\Q\\\\030\\\\20.0001\\", 7, "the quantity '20.0001' is no number of this layout"),
    ("\\Q\\\\030\\\\20\\", "\\Q\\\\030\\\\1,000\\", 7, "is no number of this layout"),
    ("\\Q\\\\030\\\\20\\", "\\Q\\\\030\\\\\\", 7, "the quantity '' is no number"),
    ("\\Q\\\\030", "\\Z\\\\030", 7, "controlled by 'Z'"),
    ("line\\1\\", "line\\one\\", 7, "'one' is no line number"),
    ("restrictions\\", "restriction\\", 6, "'restriction' does not belong in a licence"),
    ("country\\YY\\\\D", "country\\\\\\D", 4, "neither a code nor a group"),
    ("country\\YY\\\\D", "country\\YY\\\\Q", 4, "the use 'Q' is not known"),
    ("20271231\n", "20251231\n", 2, "valid_to lies before valid_from"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), RECORDS)
def test_a_bad_record_is_left_out_with_its_line_and_reason_and_the_good_ones_are_taken(
    take: Any, old: str, new: str, line: int, reason: str
) -> None:
    bad = "\n".join(LICENCE).replace(old, new, 1) if old in "\n".join(LICENCE) else None
    assert bad is not None
    report = take(whole([record(*bad.split("\n")), changed("GBSIEL/2026/0000008/P")]))
    assert report.taken == 1
    assert [(row.row, reason in row.reason) for row in report.skipped] == [(line, True)], report.skipped


@pytest.mark.parametrize("holds", ["licenceReply", "usageReply"])
def test_an_answer_from_customs_is_no_registry(take: Any, holds: str) -> None:
    with pytest.raises(InputError, match=f"is a {holds}"):
        take(f"1\\fileHeader\\CHIEF\\SPIRE\\{holds}\\201902080025\\49543\n2\\accepted\\1\n3\\fileTrailer\\1\\0\\0\n")


def test_replacing_and_cancelling_keep_the_past(take: Any, tmp_path: Path) -> None:
    take(whole([record(*LICENCE)]))
    number = "GBSIEL/2026/0000007/P"
    report = take(whole([changed(number, "replace", quantity="\\30\\")], run=6, day="20260401"))
    assert (report.lists[0].changed, left(tmp_path)) == (1, "30")
    take(whole([changed(number, "cancel", quantity="\\30\\")], run=7, day="20260501"))
    now = registry(tmp_path).find(number)
    assert (now and now.status, now and str(now.lines[0].quantity)) == ("cancelled", "30")
    then = registry(tmp_path, date(2026, 4, 15)).find(number)
    assert (then and then.status, then and str(then.lines[0].quantity)) == ("issued", "30")
    first = registry(tmp_path, date(2026, 3, 15)).find(number)
    assert first is not None
    assert (str(first.lines[0].quantity), first.authority.run) == ("20", 5)
    assert registry(tmp_path, date(2026, 1, 1)).find(number) is None


def test_changes_lead_to_the_same_licences_in_whatever_order_their_runs_come(tmp_path: Path, begun: Path) -> None:
    number = "GBSIEL/2026/0000007/P"
    runs = [
        whole([record(*LICENCE)], run=1, day="20260301"),
        whole([changed(number, "replace", quantity="\\30\\")], run=2, day="20260401"),
        whole([changed(number, "replace", quantity="\\40\\")], run=3, day="20260501"),
    ]
    for order in permutations(range(3)):
        folder = tmp_path / "".join(map(str, order))
        shutil.copytree(begun, folder / "catalog")
        for position in order:
            path = tmp_path / "run.txt"
            path.write_text(runs[position])
            with suppress(InputError):  # nothing to take: all that it says was overtaken by a later run
                import_into("uk-licence-data", path, folder / "catalog", today=TODAY)
        assert left(folder) == "40", order


def test_an_insert_never_overwrites_another_licence(take: Any, tmp_path: Path) -> None:
    take(whole([record(*LICENCE)]))
    report = take(whole([changed("GBSIEL/2026/0000007/P", quantity="\\99\\"), changed("GBSIEL/2026/0000008/P")], run=6))
    assert report.taken == 1
    assert "is here already with another content" in report.skipped[0].reason
    assert left(tmp_path) == "20"


def test_a_missing_run_is_noticed_until_it_comes(take: Any) -> None:
    take(whole([changed("A")], run=5))
    report = take(whole([changed("B")], run=8))
    assert report.remarks == (
        "Runs 6 to 7 (licences) never came here; until they come, what is known here may be incomplete.",
    )
    take(whole([changed("C")], run=6))
    assert "Run 7 (licences)" in take(whole([changed("D")], run=9)).remarks[0]
    assert take(whole([changed("E")], run=7)).remarks == ()


def test_the_same_run_again_changes_nothing_and_another_under_its_number_is_refused(take: Any, tmp_path: Path) -> None:
    text = whole([record(*LICENCE)])
    take(text)
    again = take(text)
    assert (again.taken, again.lists[0].added, again.lists[0].changed) == (1, 0, 0)
    with pytest.raises(InputError, match="is here already with another content"):
        take(whole([changed("B")]))
    take(whole([changed("B")], reset="Y"))
    assert registry(tmp_path).find("B") is not None


def test_single_drawings_and_the_running_total_come_to_the_same_balance(take: Any, tmp_path: Path) -> None:
    take(whole([record(*LICENCE)]))
    number = "GBSIEL/2026/0000007/P"
    report = take(whole([used(number, drawing("2"), drawing("3", "9GB1-2"), total="5")], run=1, holds="usageData"))
    assert (report.taken, report.remarks, left(tmp_path)) == (1, (), "15")
    shown = registry(tmp_path).usage(number)
    assert [(row.declaration, row.part, str(row.quantity), row.type) for row in shown] == [
        ("9GB1-2", "A", "3", "O"), ("9GB1-1", "A", "2", "O"),
    ]  # fmt: skip


def test_what_the_running_total_has_beyond_the_drawings_counts_until_the_missing_run_explains_it(
    take: Any, tmp_path: Path
) -> None:
    take(whole([record(*LICENCE)]))
    number = "GBSIEL/2026/0000007/P"
    take(whole([used(number, drawing("2"), total="2")], run=1, holds="usageData"))
    report = take(
        whole(
            [used(number, drawing("3", "9GB1-3"), total="9", reference="LU3/1")],
            run=3,
            holds="usageData",
            day="20260403",
        )
    )
    assert report.remarks == ("Run 2 (usage) never came here; until they come, what is known here may be incomplete.",)
    assert left(tmp_path) == "11"
    found = registry(tmp_path).find(number)
    assert found is not None
    assert found.authority.missing == (2,)
    take(
        whole(
            [used(number, drawing("4", "9GB1-2"), total="6", reference="LU2/1")],
            run=2,
            holds="usageData",
            day="20260402",
        )
    )
    assert left(tmp_path) == "11"
    assert registry(tmp_path).authorities[0].missing == ()
    assert "running total" not in [row.part for row in registry(tmp_path).usage(number)]


def test_drawings_beyond_the_running_total_count_and_are_remarked(take: Any, tmp_path: Path) -> None:
    take(whole([record(*LICENCE)]))
    report = take(whole([used("GBSIEL/2026/0000007/P", drawing("7"), total="5")], run=1, holds="usageData"))
    assert "the running total is 5, but drawings of 7 are known" in report.remarks[0]
    assert left(tmp_path) == "13"


@pytest.mark.parametrize(("letter", "status"), [("E", "exhausted"), ("D", "expired"), ("C", "cancelled"), ("S", "surrendered"), ("O", "issued")])  # fmt: skip
def test_usage_tells_that_a_licence_is_done(take: Any, tmp_path: Path, letter: str, status: str) -> None:
    take(whole([record(*LICENCE)]))
    number = "GBSIEL/2026/0000007/P"
    take(
        whole(
            [used(number, drawing("1"), total="1", status=f"{letter}\\20260320")],
            run=1,
            holds="usageData",
            day="20260401",
        )
    )
    found = registry(tmp_path).find(number)
    assert found is not None
    assert found.status == status


def test_usage_of_a_licence_that_has_not_come_yet_waits_for_it(take: Any, tmp_path: Path) -> None:
    number = "GBSIEL/2026/0000007/P"
    report = take(whole([used(number, drawing("4"), total="4")], run=1, holds="usageData", day="20260301"))
    assert "had never come here" in report.remarks[0]
    take(whole([record(*LICENCE)], run=1, day="20260302"))
    assert left(tmp_path) == "16"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("usage\\O\\", "usage\\Z\\", "the type of usage 'Z' is not known"),
        ("\\2\\0\\GBP", "\\two\\0\\GBP", "the quantity 'two' is no number"),
        ("\\20260301\\", "\\20261301\\", "is no date"),
        ("\\O\\\n", "\\X\\\n", "the status 'X' is not known"),
    ],
)
def test_a_bad_usage_is_left_out_with_its_line(take: Any, old: str, new: str, reason: str) -> None:
    bad = "\n".join(used("A", drawing("2"), total="2"))
    assert old in bad
    report = take(whole([bad.replace(old, new).split("\n"), used("B", drawing("1"), total="1")], holds="usageData"))
    assert report.taken == 1
    assert reason in report.skipped[0].reason


def test_the_licensing_systems_own_json_is_read(take: Any, tmp_path: Path) -> None:
    document = {
        "licence": {
            "reference": "GBSIEL/2026/0000009/P", "type": "siel", "action": "insert", "start_date": "2026-01-02",
            "end_date": "2027-01-02", "organisation": {"name": "Aldermoor Instruments Ltd"},
            "end_user": {"name": "Norrhaven Survey Office", "address": {"country": {"id": "YY"}}},
            "goods": [{"name": "Camera", "description": "thermal", "unit": "NAR", "quantity": 10.5}],
        }
    }  # fmt: skip
    assert take(json.dumps(document)).volume == "licences-gb-lite"
    found = registry(tmp_path).find("GBSIEL/2026/0000009/P")
    assert found is not None
    assert (found.destinations, found.end_user) == (("YY",), "Norrhaven Survey Office")
    assert [(line.description, str(line.quantity), line.unit) for line in found.lines] == [
        ("Camera thermal", "10.5", "pcs")
    ]


@pytest.mark.parametrize("text", ["{}", "[]", "[1]", '{"licence": []}', '{"licence": {"reference": 1}}', "[" * 50_000, "", "\0", "\n\n", "1"])  # fmt: skip
def test_what_is_no_licence_data_is_refused_in_words(take: Any, text: str) -> None:
    with pytest.raises(InputError) as refused:
        take(text)
    assert refused.value.hint


@pytest.mark.skipif(shared() is None, reason="the official files are not here")
def test_official_files_are_taken_or_refused_as_they_are(tmp_path: Path, begun: Path) -> None:
    root = shared()
    assert root is not None
    found = {}
    for path in sorted((root / "declarations" / "e_licences_uk").iterdir()):
        try:
            shutil.copytree(begun, tmp_path / path.stem)
            report = import_into("uk-licence-data", path, tmp_path / path.stem, today=TODAY)
            found[path.name] = (report.taken, report.skipped_count)
        except InputError as refused:
            found[path.name] = (refused.row or 0, -1)
    assert found == {
        "chief_licenceData_batch.txt": (20, 0), "chief_licenceData_end_to_end.txt": (1, 0), "chief_licenceData_invalid.txt": (2, -1),
        "chief_licenceData_unitKGM.txt": (1, 0), "chief_licenceData_unitNAR.txt": (2, 0), "chief_licenceReply.txt": (0, -1),
        "chief_usageData_49543.txt": (7, 0), "chief_usageData_crlf.txt": (7, 0), "chief_usageReply.txt": (0, -1),
        "icms_firearms_oil_replace.txt": (1, 0), "icms_firearms_sil_insert.txt": (1, 0), "icms_sanctions_insert.txt": (1, 0),
        "lite_oiel_payload.json": (1, 0), "lite_siel_payload.json": (1, 0), "lite_siel_payload_special_characters.json": (1, 0),
    }  # fmt: skip
