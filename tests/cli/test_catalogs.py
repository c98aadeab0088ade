"""Catalogs that lack, or that something happened to; building, importing, checking them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import MOMENT, ROOT, Answer, call, follows

SHIRTS = ROOT / "examples/green-release-shirts.json"
LISTED = ROOT / "examples/red-detain-listed-party.json"
LICENSED = ROOT / "examples/blue-release-licensed-camera.json"

PARTIES = """\
id,kind,name,aliases,countries,born,identifiers,list
F-1,organisation,Skarnholt Maritime Works,Skarnholt MW,XB,,,TEST-1
F-2,person,Quillon Adresk,Quilon Adresque;Кильон Адреск,XB,1971-03-02,,TEST-1
F-3,person,,,,,,TEST-1
"""


def _names(answer: Answer, *words: str) -> bool:
    return all(word in answer.err for word in words)


def test_classify_without_controls_exits_5_and_names_the_volume(only_parties: Path) -> None:
    answer = call("classify", "drone", "--catalog", only_parties)
    assert (answer.code, answer.out) == (5, "")
    assert _names(answer, "controls")
    assert call("classify", "--batch", "-", "--catalog", only_parties, stdin=b'{"id":1,"text":"x"}\n').code == 5


def test_screen_without_parties_exits_5_and_names_the_volume(only_controls: Path) -> None:
    answer = call("screen", "Orvald Brumovich", "--catalog", only_controls)
    assert (answer.code, answer.out) == (5, "")
    assert _names(answer, "parties")
    assert call("screen", "--batch", "-", "--catalog", only_controls, stdin=b'{"id":1,"name":"x"}\n').code == 5


def test_check_without_parties_cannot_tell(only_controls: Path) -> None:
    answer = call("check", SHIRTS, "--catalog", only_controls, "--now", MOMENT, "--json")
    assert follows("check", answer.json)
    (row,) = answer.json["assessments"]
    assert (answer.code, row["verdict"], row["decided_by"]) == (3, "cannot_tell", "parties_missing_volume")
    assert {party["screening"] for party in row["parties"]} == {None}


def test_check_without_controls_cannot_tell_what_the_goods_are(only_parties: Path) -> None:
    answer = call("check", SHIRTS, "--catalog", only_parties, "--now", MOMENT, "--json")
    assert follows("check", answer.json)
    (row,) = answer.json["assessments"]
    assert (answer.code, row["verdict"]) == (3, "cannot_tell")
    assert "controls_missing_volume" in {finding["code"] for finding in row["findings"]}


def test_check_without_controls_still_stops_a_listed_party(only_parties: Path) -> None:
    answer = call("check", LISTED, "--catalog", only_parties, "--now", MOMENT, "--json")
    (row,) = answer.json["assessments"]
    assert (answer.code, row["verdict"], row["decided_by"]) == (1, "stop", "listed_party")


def test_check_of_a_licence_without_a_registry_cannot_tell(only_controls: Path) -> None:
    answer = call("check", LICENSED, "--catalog", only_controls, "--now", MOMENT, "--json")
    (row,) = answer.json["assessments"]
    assert row["licences"][0]["reasons"] == ["registry_missing"]
    assert answer.code == 3


def test_an_empty_catalog_answers_compare_alone(shipped: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    manifest = json.loads((shipped / "manifest.json").read_text(encoding="utf-8"))
    (empty / "manifest.json").write_text(json.dumps(manifest | {"volumes": {}}), encoding="utf-8")
    assert call("compare", "a", "b", "--catalog", empty).code == 0
    assert call("check", SHIRTS, "--catalog", empty).code == 3
    assert call("catalog", "info", "--catalog", empty).out.strip()
    assert call("classify", "drone", "--catalog", empty).code == 5


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    half = min(len(content) // 2, 4096)
    content[half:] = b"\xa5" * (len(content) - half)
    path.write_bytes(content)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _lost(path: Path) -> None:
    path.unlink()


def _foreign(path: Path) -> None:
    path.write_text("{}", encoding="utf-8")


@pytest.mark.parametrize("harm", [_cut, _garbled, _emptied, _lost, _foreign])
@pytest.mark.parametrize("file", ["manifest.json", "controls.sqlite", "controls.index.sqlite"])
def test_what_happened_to_a_catalog_is_told_in_words_and_exits_5(
    only_controls: Path, tmp_path: Path, file: str, harm: Callable[[Path], None]
) -> None:
    harmed = tmp_path / "harmed"
    shutil.copytree(only_controls, harmed)
    harm(harmed / file)
    for words in (["classify", "drone with camera"], ["check", str(SHIRTS)]):
        answer = call(*words, "--catalog", harmed)
        assert answer.code == 5
        assert answer.out == ""
        assert answer.err.startswith("Error: The ") or "no catalog" in answer.err
    verified = call("catalog", "verify", harmed)
    assert verified.code == (0 if (file, harm) == ("controls.index.sqlite", _lost) else 5)


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "null", '{"format": 99, "volumes": {}}', '{"format": 1, "volumes": [1]}', '{"format": 1, "volumes": {"x": 1}}',
     '{"format": 1, "volumes": {"controls": {"file": "../../etc/passwd"}}}', "[" * 50_000, '{"format": 1}', "\0" * 10],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_exits_5(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    for words in (["catalog", "info"], ["check", str(SHIRTS)], ["catalog", "verify"], ["screen", "x"]):
        answer = call(*words, "--catalog", tmp_path)
        assert (answer.code, answer.out) == (5, "")
        assert "manifest" in answer.err


def test_a_damaged_installation_is_never_silently_replaced(office: Path) -> None:
    office.mkdir(parents=True)
    (office / "current").write_text("7", encoding="utf-8")
    answer = call("classify", "drone")
    assert answer.code == 5
    assert "generation 7" in answer.err


def test_an_index_that_is_lost_is_rebuilt_by_catalog_index(only_controls: Path, tmp_path: Path) -> None:
    harmed = tmp_path / "harmed"
    shutil.copytree(only_controls, harmed)
    (harmed / "controls.index.sqlite").unlink()
    answer = call("classify", "drone", "--catalog", harmed)
    assert answer.code == 5
    assert "catalog index" in answer.err
    assert call("catalog", "index", harmed, "--json").json == {"indexed": ["controls"]}
    assert call("classify", "military drone", "--catalog", harmed).code in {0, 1}
    assert call("catalog", "verify", harmed, "--json").json["intact"] is True


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Answer]:
    """A file of fictional parties, the new catalog it was imported into, and the report."""
    folder = tmp_path_factory.mktemp("import")
    file = folder / "parties.csv"
    file.write_text(PARTIES, encoding="utf-8")
    into = folder / "catalog"
    return (
        file,
        into,
        call("catalog", "import", "parties-csv", file, "--into", into, "--edition", "2026-11-01", "--json"),
    )


def test_an_import_reports_what_it_took_and_what_it_left(imported: tuple[Path, Path, Answer]) -> None:
    _, _, report = imported
    assert report.code == 0
    assert follows("import_report", report.json)
    assert (report.json["list"], report.json["edition"], report.json["taken"]) == ("TEST-1", "2026-11-01", 2)
    (skipped,) = report.json["skipped"]
    assert "name" in skipped["reason"]


def test_an_import_into_a_new_catalog_answers_at_once_and_is_no_demo(imported: tuple[Path, Path, Answer]) -> None:
    _, into, _ = imported
    answer = call("screen", "Кильон Адреск", "--catalog", into, "--json")
    assert (answer.code, answer.json["hits"][0]["source_ref"], answer.json["demo"]) == (1, "F-2", False)
    assert call("screen", "Orvald Brumovich", "--catalog", into, "--json").json["hits"] == []
    assert call("classify", "thermal camera core", "--catalog", into).code == 1
    assert call("catalog", "verify", into).code == 0


def test_importing_the_same_again_changes_nothing(imported: tuple[Path, Path, Answer]) -> None:
    file, into, _ = imported
    before = call("catalog", "info", "--catalog", into, "--now", MOMENT, "--json").json
    again = call("catalog", "import", "parties-csv", file, "--into", into, "--edition", "2026-11-01", "--json")
    assert [again.json[name] for name in ("added", "changed", "ended")] == [0, 0, 0]
    assert call("catalog", "info", "--catalog", into, "--now", MOMENT, "--json").json == before


def test_a_file_of_which_nothing_can_be_taken_exits_4_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "parties.csv"
    file.write_text("id,kind,name\n", encoding="utf-8")
    answer = call("catalog", "import", "parties-csv", file, "--into", tmp_path / "new")
    assert answer.code == 4
    assert not (tmp_path / "new" / "manifest.json").exists()
    assert call("catalog", "import", "no-such-kind", file, "--into", tmp_path / "new").code == 2


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Sources of one entry."""
    root = tmp_path / "sources"
    (root / "controls").mkdir(parents=True)
    (root / "catalog.yaml").write_text("name: test\nedition: 2026-11-01\nas_of: 2026-10-30\n", encoding="utf-8")
    (root / "controls" / "one.yaml").write_text(
        "lists:\n  - {id: EU-DU, name: a list, law_as_of: 2022-10-24, cite: Regulation Example}\n"
        "entries:\n  - {code: 6A003, title: Cameras, cite: 6A003}\n"
        "concepts:\n  - {id: camera, name: camera, terms: {en: [night viewer]}, entries: [6A003]}\n",
        encoding="utf-8",
    )
    return root


def test_catalog_build_makes_a_catalog_that_verifies(sources: Path, tmp_path: Path) -> None:
    into = tmp_path / "built"
    answer = call("catalog", "build", "--sources", sources, "--into", into)
    assert answer.code == 0
    assert "controls" in answer.out
    assert call("catalog", "verify", into).code == 0
    assert call("catalog", "show", "6A003", "--catalog", into).code == 0


def test_catalog_lint_names_file_and_line(sources: Path) -> None:
    assert call("catalog", "lint", sources).out == "The sources are clean.\n"
    (sources / "controls" / "one.yaml").write_text("entries:\n  - {code: 6A003, nonsense: 1}\n", encoding="utf-8")
    answer = call("catalog", "lint", sources, "--json")
    assert (answer.code, answer.json["clean"]) == (1, False)
    assert "one.yaml:2" in answer.json["problems"][0]
    assert call("catalog", "build", "--sources", sources, "--into", sources / "out").code == 4
